// SPDX-License-Identifier: GPL-2.0
/*
 * A module with good and bad specs. The bad ones have mistakes that no compiler
 * can see; they must be rejected, but the module must load. It also has
 * functions to be called, correctly and incorrectly.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/kernel_api_spec.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>

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

/* === Functions that are called ============================================ */

static DEFINE_MUTEX(kapi_mod_lock);
static int sum;
static bool lies;

/* Neither inlined nor cloned, so that there is something to observe. */
static noinline __noclone int kapi_mod_add(int value)
{
	if (lies)
		return -ENOSPC;
	if (sum + value > 100)
		return -ENOSPC;
	sum += value;
	return sum;
}

KAPI_CONDITION(is_positive, (int, value), value > 0);
/* The caller holds the lock, so nobody else changes the sum meanwhile. */
KAPI_CONDITION(is_full, (int, value), sum + value > 100);

DEFINE_KERNEL_API_SPEC(kapi_mod_add)
	KAPI_DESCRIPTION("add to a sum")
	KAPI_CONTEXT(KAPI_CTX_PROCESS)
	KAPI_ARG(int, value, "what to add")
	KAPI_RETURNS(int, KAPI_RETURN_ERROR_CHECK, "the sum")
	KAPI_REQUIRES(is_positive)
	KAPI_CALLER_HOLDS(lock, KAPI_LOCK_MUTEX, "kapi_mod_lock")
	KAPI_FAILS(-ENOSPC, "the sum would be above 100", KAPI_ONLY)
	KAPI_FAILS_IF(-ENOSPC, is_full)
KAPI_END_SPEC;

static noinline __noclone void kapi_mod_sleep(unsigned int us)
{
	if (us)
		fsleep(us);
}

DEFINE_KERNEL_API_SPEC(kapi_mod_sleep)
	KAPI_DESCRIPTION("sleep")
	KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_SLEEPABLE)
	KAPI_ARG(unsigned int, us, "how long")
	KAPI_RETURNS(void, KAPI_RETURN_VOID, "nothing")
KAPI_END_SPEC;

/* === Those who call them ================================================== */

static void add_locked(int value)
{
	mutex_lock(&kapi_mod_lock);
	kapi_mod_add(value);
	mutex_unlock(&kapi_mod_lock);
}

static void add_one(void)
{
	add_locked(1);
}

static void add_too_much(void)
{
	add_locked(101);
}

static void add_nothing(void)
{
	add_locked(0);
}

static void add_unlocked(void)
{
	kapi_mod_add(1);
}

static void lie(void)
{
	lies = true;
	add_locked(1);
	lies = false;
}

static void sleep_atomically(void)
{
	local_irq_disable();
	kapi_mod_sleep(0);
	local_irq_enable();
}

static const struct {
	const char *name;
	void (*call)(void);
} deeds[] = {
	{ "add_one", add_one },
	{ "add_too_much", add_too_much },
	{ "add_nothing", add_nothing },
	{ "add_unlocked", add_unlocked },
	{ "lie", lie },
	{ "sleep_atomically", sleep_atomically },
};

static int set_deed(const char *name, const struct kernel_param *param)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(deeds); i++) {
		if (!sysfs_streq(name, deeds[i].name))
			continue;
		deeds[i].call();
		return 0;
	}
	return -EINVAL;
}

static const struct kernel_param_ops deed_ops = {
	.set = set_deed,
};

module_param_cb(deed, &deed_ops, NULL, 0200);

/* === Calls while the module comes and goes ================================ */

#define CALLERS	4

static struct task_struct *callers[CALLERS];
static DECLARE_COMPLETION(caller_gone);

static int call_until_stopped(void *unused)
{
	while (!kthread_should_stop()) {
		add_one();
		kapi_mod_sleep(10);
	}
	return 0;
}

/* It never returns, nor is its end seen. */
static noinline __noclone int kapi_mod_leave(void *unused)
{
	kthread_complete_and_exit(&caller_gone, 0);
}

DEFINE_KERNEL_API_SPEC(kapi_mod_leave)
	KAPI_DESCRIPTION("do not return")
	KAPI_CONTEXT(KAPI_CTX_PROCESS)
	KAPI_ARG(void *, unused, "nothing")
	KAPI_RETURNS(int, KAPI_RETURN_NO_RETURN, "nothing")
KAPI_END_SPEC;

static void stop_callers(void)
{
	int i;

	for (i = 0; i < CALLERS && !IS_ERR_OR_NULL(callers[i]); i++)
		kthread_stop(callers[i]);
}

static int start_callers(void)
{
	int i;

	for (i = 0; i < CALLERS; i++) {
		callers[i] = kthread_run(call_until_stopped, NULL, "kapi_caller/%d", i);
		if (IS_ERR(callers[i])) {
			stop_callers();
			return PTR_ERR(callers[i]);
		}
	}
	return 0;
}

static bool busy;
module_param(busy, bool, 0400);
MODULE_PARM_DESC(busy, "call the functions in threads as long as the module is there");

static int __init kapi_test_init(void)
{
	return busy ? start_callers() : 0;
}
module_init(kapi_test_init);

/* One that leaves may still be on its way when the module is gone. */
static void __exit kapi_test_exit(void)
{
	if (!busy)
		return;
	stop_callers();
	if (!IS_ERR(kthread_run(kapi_mod_leave, NULL, "kapi_leaver")))
		wait_for_completion(&caller_gone);
}
module_exit(kapi_test_exit);

MODULE_DESCRIPTION("API specifications for the kapi selftests");
MODULE_LICENSE("GPL");
