/* SPDX-License-Identifier: GPL-2.0 */
/* Functions of a test that are observed, and the suites that call them. */
#ifndef _KERNEL_API_TESTS_FUNCTIONS_H
#define _KERNEL_API_TESTS_FUNCTIONS_H

#include "calls.h"

/* A function that fprobe can trace, even if nothing calls it. */
#define observed_function	static noinline __noclone __used

static inline const struct kapi_watch *find_watch(const char *name)
{
	const struct kapi_watch *watch;
	unsigned int i;

	guard(mutex)(&kapi_watch_lock);
	for (i = 0; (watch = kapi_watch_at(i)); i++)
		if (!strcmp(watch->spec->name, name))
			break;
	return watch;
}

static inline const struct kapi_watch *watch_of(struct kunit *test, const char *name)
{
	const struct kapi_watch *watch = find_watch(name);

	if (!watch)
		KUNIT_FAIL_AND_ABORT(test, "%s is not watched", name);
	return watch;
}

static struct validator_state validator_before;

static inline int functions_suite_init(struct kunit_suite *suite)
{
	validator_before = save_validator();
	return 0;
}

static inline void functions_suite_exit(struct kunit_suite *suite)
{
	put_back_validator(&validator_before);
}

/* Switches off and on, so that missed calls are counted from 0. */
static inline int functions_init(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_FPROBE))
		kunit_skip(test, "needs CONFIG_FPROBE");
	kapi_validate(false);
	KUNIT_ASSERT_EQ(test, kapi_validate(true), 0);
	kapi_report_reset();
	return 0;
}

#endif /* _KERNEL_API_TESTS_FUNCTIONS_H */
