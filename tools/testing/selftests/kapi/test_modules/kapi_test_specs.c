// SPDX-License-Identifier: GPL-2.0
/*
 * A module with specs, good and bad. The bad ones are of the kind that no
 * compiler can see; they must be left out without keeping the module out.
 */
#include <linux/kernel_api_spec.h>
#include <linux/module.h>

/* A function, and what every spec must say. */
#define KAPI_TEST_SPEC(_name)						\
	static void __used _name(void)					\
	{								\
	}								\
	DEFINE_KERNEL_API_SPEC(_name)					\
		KAPI_TEST_MINIMUM

#define KAPI_TEST_MINIMUM						\
	KAPI_DESCRIPTION("made up")					\
	KAPI_CONTEXT(KAPI_CTX_PROCESS)					\
	KAPI_RETURNS(int, KAPI_RETURN_EXACT, "0")

KAPI_TEST_SPEC(kapi_mod_good)
	.notes = "from a module",
KAPI_END_SPEC;

KAPI_TEST_SPEC(kapi_mod_strings)
	KAPI_LONG_DESC("quote \" backslash \\ newline\ntab\tbell\a delete\x7f")
	.examples = "escape \033[31m, C1 \xc2\x9b, UTF-8 \xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7",
	.notes = "no UTF-8: \xff \xc3( \xe2\x82 \xed\xa0\x80 \xf8",
KAPI_END_SPEC;

KAPI_TEST_SPEC(kapi_mod_twice)
	KAPI_FAILS(-EINTR, "never")
	KAPI_FAILS(-EINTR, "or at once")
KAPI_END_SPEC;

KAPI_TEST_SPEC(kapi_mod_count)
	.lock_count = 1,
KAPI_END_SPEC;

KAPI_TEST_SPEC(kapi_mod_leak)
	KAPI_LOCK(0, "lock", KAPI_LOCK_MUTEX)
		KAPI_LOCK_ACQUIRED
	KAPI_LOCK_END
KAPI_END_SPEC;

/* There is no such function. */
DEFINE_KERNEL_API_SPEC(kapi_mod_none)
	KAPI_TEST_MINIMUM
KAPI_END_SPEC;

/* A module must not speak for a syscall. */
DEFINE_KERNEL_API_SPEC(sys_munlockall)
	KAPI_TEST_MINIMUM
KAPI_END_SPEC;

static int __init kapi_test_init(void)
{
	return 0;
}
module_init(kapi_test_init);

static void __exit kapi_test_exit(void)
{
}
module_exit(kapi_test_exit);

MODULE_DESCRIPTION("API specifications for the kapi selftests");
MODULE_LICENSE("GPL");
