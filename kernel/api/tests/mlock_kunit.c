// SPDX-License-Identifier: GPL-2.0
/* The specs of mlock() and its family are there, whichever way one looks for them. */
#include <kunit/test.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#include "../kapi.h"

struct call_case {
	const char *desc;
	unsigned int nr;
};

static const struct call_case call_cases[] = {
	{ "sys_mlock", __NR_mlock },
	{ "sys_mlock2", __NR_mlock2 },
	{ "sys_munlock", __NR_munlock },
	{ "sys_mlockall", __NR_mlockall },
	{ "sys_munlockall", __NR_munlockall },
};

KUNIT_ARRAY_PARAM_DESC(call, call_cases, desc);

static void mlock_is_found(struct kunit *test)
{
	const struct call_case *c = test->param_value;
	const struct kernel_api_spec *spec = kapi_registry_find(&kapi_registry, c->desc);

	KUNIT_ASSERT_NOT_NULL(test, spec);
	KUNIT_EXPECT_STREQ(test, spec->name, c->desc);
}

static void mlock_is_found_by_nr(struct kunit *test)
{
	const struct call_case *c = test->param_value;

	KUNIT_ASSERT_NOT_NULL(test, kapi_spec_by_nr(c->nr));
	KUNIT_EXPECT_STREQ(test, kapi_spec_by_nr(c->nr)->name, c->desc);
}

static struct kunit_case mlock_cases[] = {
	KUNIT_CASE_PARAM(mlock_is_found, call_gen_params),
	KUNIT_CASE_PARAM(mlock_is_found_by_nr, call_gen_params),
	{}
};

static struct kunit_suite mlock_suite = {
	.name = "kapi_mlock",
	.test_cases = mlock_cases,
};

kunit_test_suite(mlock_suite);
