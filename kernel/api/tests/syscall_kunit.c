// SPDX-License-Identifier: GPL-2.0
/* A spec against what SYSCALL_DEFINEx() recorded of the call. */
#include <kunit/test.h>
#include <linux/cleanup.h>
#include <trace/syscall.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#include "synthetic.h"

static const struct syscall_metadata meta = {
	.name = "sys_f",
	.nb_args = 2,
	.types = (const char *[]){ "const char __attribute__((btf_type_tag(\"user\"))) *", "int" },
	.args = (const char *[]){ "path", "flags" },
};

struct param_case {
	const char *desc;
	const char *name[3];
	const char *type[3];
	const char *reason;
};

static const struct param_case param_cases[] = {
	{ "same", { "path", "flags" }, { "const char __user *", "int" } },
	{ "no __user", { "path", "flags" }, { "const char *", "int" } },
	{ "other blanks", { "path", "flags" }, { "const char  __user*", " int " } },
	{ "fewer", { "path" }, { "const char *" },
	  "params: the spec has 1, SYSCALL_DEFINE2 has 2" },
	{ "more", { "path", "flags", "mode" }, { "const char *", "int", "int" },
	  "params: the spec has 3, SYSCALL_DEFINE2 has 2" },
	{ "none", { }, { }, "params: the spec has 0, SYSCALL_DEFINE2 has 2" },
	{ "other name", { "path", "flag" }, { "const char *", "int" },
	  "params[flag]: in its place SYSCALL_DEFINE2 has flags" },
	{ "swapped", { "flags", "path" }, { "int", "const char *" },
	  "params[flags]: in its place SYSCALL_DEFINE2 has path\n"
	  "params[path]: in its place SYSCALL_DEFINE2 has flags" },
	{ "other type", { "path", "flags" }, { "const char *", "unsigned int" },
	  "params[flags]: of type unsigned int, but int in SYSCALL_DEFINE2" },
	{ "no pointer", { "path", "flags" }, { "const char", "int" },
	  "params[path]: of type const char, but " },
	{ "longer type", { "path", "flags" }, { "const char *", "int *" },
	  "params[flags]: of type int *, but int in SYSCALL_DEFINE2" },
};

KUNIT_ARRAY_PARAM_DESC(param, param_cases, desc);

static void syscall_params(struct kunit *test)
{
	const struct param_case *c = test->param_value;
	struct kernel_api_spec spec = synthetic_spec("sys_f");
	struct kapi_param_spec params[3] = {};
	char reason[KAPI_REASON_LEN] = "";
	int i, ret;

	for (i = 0; i < 3 && c->name[i]; i++) {
		params[i].name = c->name[i];
		params[i].type_name = c->type[i];
		params[i].kind = KAPI_PARAMS;
		synthetic_add(&spec, &params[i]);
	}
	ret = kapi_check_params(&spec, &meta, reason);
	KUNIT_EXPECT_EQ(test, ret, c->reason ? -EINVAL : 0);
	if (c->reason)
		KUNIT_EXPECT_TRUE_MSG(test, str_has_prefix(reason, c->reason),
				      "got \"%s\", not \"%s\"", reason, c->reason);
}

static void syscall_by_nr_without_spec(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, kapi_spec_by_nr(__NR_getpid));
	KUNIT_EXPECT_NULL(test, kapi_spec_by_nr(NR_syscalls));
	KUNIT_EXPECT_NULL(test, kapi_spec_by_nr(-1));
}

/* A syscall without sys_, two names of no function, a name of two functions. */
#define OF_NO_FUNCTION(_name)						\
	DEFINE_KERNEL_API_SPEC(_name)					\
		KAPI_DESCRIPTION("to be rejected")			\
		KAPI_CONTEXT(KAPI_CTX_PROCESS)				\
		KAPI_RETURNS_ZERO("0")					\
	KAPI_END_SPEC

OF_NO_FUNCTION(getppid);
OF_NO_FUNCTION(kapi_test_no_such_function);
OF_NO_FUNCTION(sys_kapi_test_no_such_call);
OF_NO_FUNCTION(kapi_test_namesake);

/* The other is in registry_kunit.c. */
static noinline __used void kapi_test_namesake(void)
{
	barrier();
}

static const char *reason_for_rejecting(const char *name)
{
	const struct kapi_reject *r;

	guard(mutex)(&kapi_registry.lock);
	list_for_each_entry(r, &kapi_registry.rejects, list)
		if (!strcmp(r->name, name))
			return r->reason;
	return "";
}

static void syscall_without_prefix(struct kunit *test)
{
	if (IS_MODULE(CONFIG_KAPI_KUNIT_TEST))
		kunit_skip(test, "a module has no spec of a syscall anyway");
	KUNIT_EXPECT_STREQ(test, reason_for_rejecting("getppid"),
			   "no function has this name, but a syscall: write DEFINE_KERNEL_API_SPEC(sys_getppid)");
}

static void syscall_unknown(struct kunit *test)
{
	const char *reason = reason_for_rejecting("sys_kapi_test_no_such_call");

	if (IS_MODULE(CONFIG_KAPI_KUNIT_TEST))
		kunit_skip(test, "a module has no spec of a syscall anyway");
	KUNIT_EXPECT_STREQ(test, reason, "no SYSCALL_DEFINE has this name: misspelt?");
}

static void syscall_unknown_to_kallsyms(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, reason_for_rejecting("kapi_test_no_such_function"),
			   "kallsyms has no function of this name: misspelt, inlined or not built?");
}

static void syscall_of_two_functions(struct kunit *test)
{
	if (IS_MODULE(CONFIG_KAPI_KUNIT_TEST))
		kunit_skip(test, "names of a module's functions are not compared");
	KUNIT_EXPECT_STREQ(test, reason_for_rejecting("kapi_test_namesake"),
			   "kallsyms has several symbols of this name: give the function one of its own");
}

static struct kunit_case syscall_cases[] = {
	KUNIT_CASE_PARAM(syscall_params, param_gen_params),
	KUNIT_CASE(syscall_without_prefix),
	KUNIT_CASE(syscall_unknown),
	KUNIT_CASE(syscall_unknown_to_kallsyms),
	KUNIT_CASE(syscall_of_two_functions),
	KUNIT_CASE(syscall_by_nr_without_spec),
	{}
};

static struct kunit_suite syscall_suite = {
	.name = "kapi_syscall",
	.test_cases = syscall_cases,
};

kunit_test_suite(syscall_suite);
