// SPDX-License-Identifier: GPL-2.0
/*
 * Functions other than system calls, observed by fprobe: when called, they do
 * what the test asks, whether or not that conforms to their specs.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/mman.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "functions.h"

/* === Functions with specs ================================================== */

enum deed {
	WELL_DONE,
	UNDECLARED,		/* returns an error that is not in the spec */
	NO_REASON,		/* fails for no reason */
	LEFT_HELD,
	SIGNALLED,
	SWITCHED,		/* the validator is off and on again meanwhile */
};

static DEFINE_MUTEX(kapi_test_inner);

observed_function int kapi_test_does(int deed, unsigned int size)
{
	mutex_lock(&kapi_test_inner);
	if (deed != LEFT_HELD)
		mutex_unlock(&kapi_test_inner);
	if (deed == SIGNALLED)
		send_sig(SIGUSR1, current, 1);
	if (deed == SWITCHED) {
		kapi_validate(false);
		kapi_validate(true);
	}
	if (deed == UNDECLARED)
		return -EIO;
	return deed == NO_REASON || size > 10 ? -EINVAL : 0;
}

KAPI_CONDITION(too_large, (int, deed, unsigned int, size), size > 10);

DEFINE_KERNEL_API_SPEC(kapi_test_does)
	KAPI_DESCRIPTION("Do something well, or not")
	KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_SLEEPABLE)
	KAPI_ARG(int, deed, "what to do")
	KAPI_ARG(unsigned int, size, "at most 10")
	KAPI_RETURNS(int, KAPI_RETURN_EXACT, "done", .success_value = 0)
	KAPI_FAILS(-EINVAL, "size is too large", KAPI_ONLY)
	KAPI_FAILS_IF(-EINVAL, too_large)
	KAPI_TAKES(inner, KAPI_LOCK_MUTEX, "kapi_test_inner")
KAPI_END_SPEC;

/* Sets the whole register; a bool is only its lowest byte. */
observed_function unsigned long kapi_test_answers(unsigned long answer)
{
	barrier();	/* not without a call */
	return answer;
}

KAPI_CONDITION(is_odd, (unsigned long, answer), answer & 1);

DEFINE_KERNEL_API_SPEC(kapi_test_answers)
	KAPI_DESCRIPTION("Answer a question")
	KAPI_CONTEXT(KAPI_CTX_PROCESS)
	KAPI_ARG(unsigned long, answer, "the answer")
	KAPI_RETURNS(bool, KAPI_RETURN_BOOL, "true if it is odd")
	KAPI_ENSURES(is_odd)
KAPI_END_SPEC;

static DEFINE_SPINLOCK(kapi_test_kept);

observed_function void kapi_test_takes(void)
{
	spin_lock(&kapi_test_kept);
}

DEFINE_KERNEL_API_SPEC(kapi_test_takes)
	KAPI_DESCRIPTION("Take a lock and keep it")
	KAPI_CONTEXT(KAPI_CTX_PROCESS)
	KAPI_RETURNS(void, KAPI_RETURN_VOID, "nothing")
	KAPI_LOCKS_ON_SUCCESS(kept, KAPI_LOCK_SPINLOCK, "kapi_test_kept")
KAPI_END_SPEC;

/* As deep as it is asked to. */
observed_function int kapi_test_nests(unsigned int depth, int deed)
{
	int ret = depth ? kapi_test_nests(depth - 1, deed) : kapi_test_does(deed, 0);

	barrier();	/* no jump in place of the call */
	return ret;
}

DEFINE_KERNEL_API_SPEC(kapi_test_nests)
	KAPI_DESCRIPTION("Call itself, and at last another function")
	KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_SLEEPABLE)
	KAPI_ARG(unsigned int, depth, "how often")
	KAPI_ARG(int, deed, "what to do")
	KAPI_RETURNS(int, KAPI_RETURN_EXACT, "done", .success_value = 0)
KAPI_END_SPEC;

/* === Tests ================================================================ */

#define EXPECT_COUNTS(watch, label, held, violated) do {			\
	KUNIT_EXPECT_EQ(test, count_of(watch, label, KAPI_HELD), held);		\
	KUNIT_EXPECT_EQ(test, count_of(watch, label, KAPI_VIOLATED), violated);	\
} while (0)

struct deed_case {
	const char *desc;
	enum deed deed;
	unsigned int size;
	const char *label;	/* of the only clause that is violated */
	bool needs_lockdep;
};

static const struct deed_case deed_cases[] = {
	{ "well done", WELL_DONE, 0 },
	{ "too large", WELL_DONE, 11 },
	{ "an undeclared error", UNDECLARED, 0, "returns" },
	{ "an error without reason", NO_REASON, 0, "errors[EINVAL]" },
	{ "a lock left held", LEFT_HELD, 0, "locks[inner]", true },
	{ "a signal", SIGNALLED, 0, "signals" },
};

KUNIT_ARRAY_PARAM_DESC(deed, deed_cases, desc);

static void functions_deed(struct kunit *test)
{
	const struct kapi_watch *watch = watch_of(test, "kapi_test_does");
	const struct deed_case *c = test->param_value;
	unsigned int n;
	u64 violated = 0;
	int ret;

	if (c->needs_lockdep)
		skip_without_lockdep(test);
	ret = kapi_test_does(c->deed, c->size);
	if (c->deed == LEFT_HELD)
		mutex_unlock(&kapi_test_inner);
	for (n = 0; n < watch->clauses; n++)
		violated += kapi_count_of(watch, n, KAPI_VIOLATED);
	KUNIT_EXPECT_EQ(test, violated, !!c->label);
	if (c->label)
		KUNIT_EXPECT_EQ(test, count_of(watch, c->label, KAPI_VIOLATED), 1);
	else
		EXPECT_COUNTS(watch, "constraints[too_large]", !!ret, 0);
	KUNIT_EXPECT_EQ(test, count_of(watch, "context", KAPI_HELD), 1);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
}

/* A kprobe may return in place of a function, which is then not to blame. */
static void functions_with_kprobe(struct kunit *test)
{
	const struct kapi_watch *watch = watch_of(test, "kapi_test_does");
	struct kprobe probe = { .addr = (kprobe_opcode_t *)kapi_test_does };

	if (!IS_ENABLED(CONFIG_KPROBES))
		kunit_skip(test, "needs CONFIG_KPROBES");
	KUNIT_ASSERT_EQ(test, register_kprobe(&probe), 0);
	kapi_test_does(UNDECLARED, 0);
	unregister_kprobe(&probe);
	EXPECT_COUNTS(watch, "returns", 0, 0);
	KUNIT_EXPECT_EQ(test, count_of(watch, "returns", KAPI_UNDECIDED), 1);
	kapi_test_does(UNDECLARED, 0);
	EXPECT_COUNTS(watch, "returns", 0, 1);
}

/* Of what it returns, only what the type has is looked at. */
static void functions_bool(struct kunit *test)
{
	const struct kapi_watch *watch = watch_of(test, "kapi_test_answers");

	kapi_test_answers(1);
	EXPECT_COUNTS(watch, "ensures[is_odd]", 1, 0);
	kapi_test_answers(0x100);
	EXPECT_COUNTS(watch, "ensures[is_odd]", 1, 0);
	kapi_test_answers(0x102);
	EXPECT_COUNTS(watch, "ensures[is_odd]", 1, 1);
}

static void functions_lock_kept(struct kunit *test)
{
	const struct kapi_watch *watch = watch_of(test, "kapi_test_takes");

	skip_without_lockdep(test);
	kapi_test_takes();
	spin_unlock(&kapi_test_kept);
	EXPECT_COUNTS(watch, "locks[kept]", 1, 0);
	EXPECT_COUNTS(watch, "locks", IS_ENABLED(CONFIG_PREEMPT_RT) ? 0 : 1, 0);
	EXPECT_COUNTS(watch, "context", 0, 0);
}

/* What a nested function does counts for its caller, too. */
static void functions_nested(struct kunit *test)
{
	const struct kapi_watch *outer = watch_of(test, "kapi_test_nests");
	const struct kapi_watch *inner = watch_of(test, "kapi_test_does");

	kapi_test_nests(0, SIGNALLED);
	EXPECT_COUNTS(inner, "signals", 0, 1);
	EXPECT_COUNTS(outer, "signals", 0, 1);
	kapi_test_nests(1, WELL_DONE);
	EXPECT_COUNTS(inner, "signals", 1, 1);
	EXPECT_COUNTS(outer, "signals", 2, 1);
	KUNIT_EXPECT_EQ(test, kapi_missed_calls(), 0);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
}

/* The innermost ones are counted as missed. */
static void functions_nested_too_deep(struct kunit *test)
{
	const struct kapi_watch *outer = watch_of(test, "kapi_test_nests");
	const struct kapi_watch *inner = watch_of(test, "kapi_test_does");

	kapi_test_nests(KAPI_MAX_DEPTH, SIGNALLED);
	EXPECT_COUNTS(outer, "signals", 0, KAPI_MAX_DEPTH);
	EXPECT_COUNTS(inner, "signals", 0, 0);
	KUNIT_EXPECT_EQ(test, kapi_missed_calls(), 2);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
}

/* Neither that call nor its caller is checked, but the next call is. */
static void functions_switched_meanwhile(struct kunit *test)
{
	const struct kapi_watch *outer = watch_of(test, "kapi_test_nests");
	const struct kapi_watch *inner = watch_of(test, "kapi_test_does");

	kapi_test_nests(0, SWITCHED);
	EXPECT_COUNTS(outer, "returns", 0, 0);
	EXPECT_COUNTS(inner, "returns", 0, 0);
	kapi_test_nests(0, WELL_DONE);
	EXPECT_COUNTS(outer, "returns", 1, 0);
	EXPECT_COUNTS(inner, "returns", 1, 0);
}

/* Of a module that is gone, while this task is in a function of it. */
static struct kapi_call *begin_disowned(struct kunit *test, struct kapi_watch *watch)
{
	struct kapi_watch_set set = { .count = 1, .watch = &watch };
	struct kapi_call *call;

	KUNIT_ASSERT_NOT_NULL(test, watch);
	KUNIT_ASSERT_EQ(test, kapi_counts_create(watch), 0);
	call = kapi_prepare_call(watch);
	KUNIT_ASSERT_NOT_NULL(test, call);
	kapi_begin_call(call);
	/* That waits for RCU, in functions that are observed, and they would leave the call. */
	current->kapi_call = NULL;
	scoped_guard(mutex, &kapi_watch_lock)
		kapi_disown_records(&set);
	current->kapi_call = call;
	KUNIT_EXPECT_TRUE(test, kapi_is_disowned(call));
	return call;
}

/* One that never returns. */
static void functions_disowned(struct kunit *test)
{
	struct kapi_watch *watch = kapi_watch_create(watch_of(test, "kapi_test_does")->spec);
	struct kapi_call *call = begin_disowned(test, watch);

	kapi_watch_free(watch);
	KUNIT_EXPECT_PTR_EQ(test, current->kapi_call, call);
	/* The next call leaves it, and is checked. */
	KUNIT_EXPECT_EQ(test, kapi_test_does(SIGNALLED, 0), 0);
	EXPECT_COUNTS(watch_of(test, "kapi_test_does"), "signals", 0, 1);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
}

static void functions_disowned_ends(struct kunit *test)
{
	struct kapi_watch *watch = kapi_watch_create(watch_of(test, "kapi_test_does")->spec);
	struct kapi_call *call = begin_disowned(test, watch);

	kapi_end_call(call, -EIO);
	EXPECT_COUNTS(watch, "returns", 0, 0);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
	kapi_watch_free(watch);
}

/* === Those of the kernel =================================================== */

static void functions_wait_with_timeout(struct kunit *test)
{
	const struct kapi_watch *watch = watch_of(test, "wait_for_completion_timeout");
	DECLARE_COMPLETION_ONSTACK(done);

	complete(&done);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&done, 3), 3);
	EXPECT_COUNTS(watch, "ensures[within_timeout]", 1, 0);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&done, 1), 0);
	EXPECT_COUNTS(watch, "returns", 2, 0);
	complete(&done);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&done, 0), 1);
	EXPECT_COUNTS(watch, "ensures[within_timeout]", 2, 0);
	KUNIT_EXPECT_EQ(test, count_of(watch, "context", KAPI_VIOLATED), 0);
}

/* More than schedule_timeout() takes; there is nothing to wait for. */
static void functions_timeout_too_long(struct kunit *test)
{
	const struct kapi_watch *watch = watch_of(test, "wait_for_completion_timeout");
	DECLARE_COMPLETION_ONSTACK(done);

	complete(&done);
	wait_for_completion_timeout(&done, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, count_of(watch, "constraints[timeout_fits]", KAPI_MISUSED), 1);
	EXPECT_COUNTS(watch, "returns", 0, 0);
}

/* A restart code is an error like others if user space is not the caller. */
static void functions_wait_until_killed(struct kunit *test)
{
	const struct kapi_watch *watch = watch_of(test, "wait_for_completion_killable");
	DECLARE_COMPLETION_ONSTACK(done);

	set_pending(SIGKILL, true);
	KUNIT_EXPECT_EQ(test, wait_for_completion_killable(&done), -ERESTARTSYS);
	set_pending(SIGKILL, false);
	EXPECT_COUNTS(watch, "returns", 1, 0);
	EXPECT_COUNTS(watch, "signals[any_fatal]", 1, 0);
	KUNIT_EXPECT_EQ(test, count_of(watch, "errors[ERESTARTSYS]", KAPI_HELD), 1);
	complete(&done);
	KUNIT_EXPECT_EQ(test, wait_for_completion_killable(&done), 0);
	EXPECT_COUNTS(watch, "returns", 2, 0);
}

static int complete_later(void *done)
{
	msleep(20);
	complete(done);
	return 0;
}

/* A signal that does not kill ends neither wait. */
static void functions_wait_with_signal(struct kunit *test)
{
	const struct kapi_watch *killable = watch_of(test, "wait_for_completion_killable");
	const struct kapi_watch *timeout = watch_of(test, "wait_for_completion_timeout");
	DECLARE_COMPLETION_ONSTACK(done);
	struct task_struct *task = kthread_create(complete_later, &done, "kapi_later");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	kapi_report_reset();	/* kthread_create() waits, too */
	set_pending(SIGUSR1, true);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&done, 1), 0);
	wake_up_process(task);
	KUNIT_EXPECT_EQ(test, wait_for_completion_killable(&done), 0);
	set_pending(SIGUSR1, false);
	EXPECT_COUNTS(timeout, "returns", 1, 0);
	EXPECT_COUNTS(killable, "returns", 1, 0);
}

#ifdef CONFIG_DEBUG_LOCK_ALLOC
#define LOCK_INTERRUPTIBLE	"mutex_lock_interruptible_nested"
#define TRYLOCK			"_mutex_trylock_nest_lock"
#else
#define LOCK_INTERRUPTIBLE	"mutex_lock_interruptible"
#define TRYLOCK			"mutex_trylock"
#endif

static void skip_with_rt(struct kunit *test)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		kunit_skip(test, "another function has the name, without a spec");
}

static int hold_lock(void *held)
{
	mutex_lock(&kapi_test_inner);
	complete(held);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	mutex_unlock(&kapi_test_inner);
	return 0;
}

/* Another has the mutex, until it is stopped. */
static struct task_struct *run_holder(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(held);
	struct task_struct *holder = kthread_run(hold_lock, &held, "kapi_holder");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, holder);
	wait_for_completion(&held);
	return holder;
}

/* With the signal that comes while another has it. */
static void functions_lock_interrupted(struct kunit *test)
{
	const struct kapi_watch *watch;
	struct task_struct *holder;

	skip_with_rt(test);
	watch = watch_of(test, LOCK_INTERRUPTIBLE);
	KUNIT_ASSERT_EQ(test, mutex_lock_interruptible(&kapi_test_inner), 0);
	mutex_unlock(&kapi_test_inner);
	KUNIT_EXPECT_EQ(test, count_of(watch, "side_effects[is_mine]", KAPI_HELD), 1);
	holder = run_holder(test);
	set_pending(SIGKILL, true);
	KUNIT_EXPECT_EQ(test, mutex_lock_interruptible(&kapi_test_inner), -EINTR);
	set_pending(SIGKILL, false);
	kthread_stop(holder);
	EXPECT_COUNTS(watch, "signals[any]", 1, 0);
	EXPECT_COUNTS(watch, "failure", 1, 0);
	EXPECT_COUNTS(watch, "returns", 2, 0);
	KUNIT_EXPECT_EQ(test, count_of(watch, "locks", KAPI_VIOLATED), 0);
}

/* It fails on a mutex that another task has, and on one's own. */
static void functions_trylock(struct kunit *test)
{
	const struct kapi_watch *watch;
	struct task_struct *holder;

	skip_with_rt(test);
	watch = watch_of(test, TRYLOCK);
	KUNIT_ASSERT_EQ(test, mutex_trylock(&kapi_test_inner), 1);
	KUNIT_EXPECT_EQ(test, mutex_trylock(&kapi_test_inner), 0);
	mutex_unlock(&kapi_test_inner);
	KUNIT_EXPECT_GE(test, count_of(watch, "side_effects[is_mine]", KAPI_HELD), 1);
	holder = run_holder(test);
	KUNIT_EXPECT_EQ(test, mutex_trylock(&kapi_test_inner), 0);
	kthread_stop(holder);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
	KUNIT_EXPECT_EQ(test, kapi_missed_calls(), 0);
	KUNIT_EXPECT_GE(test, count_of(watch, "errors[FALSE]", KAPI_HELD), 2);
	KUNIT_EXPECT_EQ(test, count_of(watch, "side_effects[is_mine]", KAPI_VIOLATED), 0);
	KUNIT_EXPECT_EQ(test, count_of(watch, "locks", KAPI_VIOLATED), 0);
}

/* Too large for any allocation, of which nothing is said in the log. */
#define TOO_LARGE	(SIZE_MAX / 4)

static void functions_copies(struct kunit *test)
{
	const struct kapi_watch *string = watch_of(test, "kstrdup");
	const struct kapi_watch *memory = watch_of(test, "kmemdup_noprof");
	void *copy;

	KUNIT_EXPECT_NULL(test, kstrdup(NULL, GFP_KERNEL));
	EXPECT_COUNTS(string, "errors[NULL]", 1, 0);
	EXPECT_COUNTS(string, "constraints[no_string]", 1, 0);
	kfree(kstrdup("", GFP_KERNEL));
	KUNIT_EXPECT_GE(test, count_of(string, "ensures[is_not_s]", KAPI_HELD), 1);
	preempt_disable();
	kfree(kstrdup("", GFP_NOWAIT));
	kstrdup(NULL, GFP_KERNEL);
	kmemdup("", 0, GFP_KERNEL);
	preempt_enable();
	KUNIT_EXPECT_EQ(test, count_of(string, "called_from", KAPI_MISUSED), 0);
	KUNIT_EXPECT_EQ(test, count_of(memory, "called_from", KAPI_MISUSED), 0);
	kfree(kmemdup("x", 1, GFP_KERNEL));
	KUNIT_EXPECT_GE(test, count_of(memory, "ensures[is_not_src]", KAPI_HELD), 1);
	KUNIT_EXPECT_PTR_EQ(test, kmemdup(ZERO_SIZE_PTR, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	KUNIT_EXPECT_EQ(test, count_of(memory, "ensures[is_not_src]", KAPI_VIOLATED), 0);
	copy = kmemdup(&copy, TOO_LARGE, GFP_KERNEL | __GFP_NOWARN);
	KUNIT_EXPECT_NULL(test, copy);
	KUNIT_EXPECT_EQ(test, count_of(memory, "errors[NULL]", KAPI_VIOLATED), 0);
	KUNIT_EXPECT_EQ(test, count_of(memory, "errors[NULL]", KAPI_HELD), 1);
}

static void functions_copy_of_user(struct kunit *test)
{
	const struct kapi_watch *watch = watch_of(test, "memdup_user");
	unsigned long start;

	KUNIT_ASSERT_EQ(test, kunit_attach_mm(), 0);
	start = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ, MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NE(test, start, 0);
	kfree(memdup_user((void __user *)start, PAGE_SIZE));
	EXPECT_COUNTS(watch, "returns", 1, 0);
	KUNIT_EXPECT_PTR_EQ(test, memdup_user((void __user *)start, TOO_LARGE),
			    ERR_PTR(-ENOMEM));
	KUNIT_EXPECT_EQ(test, count_of(watch, "errors[ENOMEM]", KAPI_VIOLATED), 0);
	KUNIT_EXPECT_PTR_EQ(test, memdup_user((void __user *)-PAGE_SIZE, 1), ERR_PTR(-EFAULT));
	EXPECT_COUNTS(watch, "constraints[not_of_user]", 1, 0);
	KUNIT_EXPECT_EQ(test, count_of(watch, "errors[EFAULT]", KAPI_HELD), 1);
	KUNIT_EXPECT_PTR_EQ(test, memdup_user((void __user *)-PAGE_SIZE, 0), ZERO_SIZE_PTR);
	EXPECT_COUNTS(watch, "constraints[not_of_user]", 1, 0);
	EXPECT_COUNTS(watch, "ensures[is_memory]", 2, 0);
}

static void functions_vmalloc(struct kunit *test)
{
	const struct kapi_watch *watch = watch_of(test, "vmalloc_noprof");

	vfree(vmalloc(1));
	vfree(vmalloc(PAGE_SIZE + 1));
	EXPECT_COUNTS(watch, "ensures[is_mapped_whole]", 2, 0);
	EXPECT_COUNTS(watch, "constraints[some_is_asked_for]", 2, 0);
}

static struct kunit_case functions_cases[] = {
	KUNIT_CASE_PARAM(functions_deed, deed_gen_params),
	KUNIT_CASE(functions_with_kprobe),
	KUNIT_CASE(functions_bool),
	KUNIT_CASE(functions_lock_kept),
	KUNIT_CASE(functions_nested),
	KUNIT_CASE(functions_nested_too_deep),
	KUNIT_CASE(functions_switched_meanwhile),
	KUNIT_CASE(functions_disowned),
	KUNIT_CASE(functions_disowned_ends),
	KUNIT_CASE(functions_wait_with_timeout),
	KUNIT_CASE(functions_timeout_too_long),
	KUNIT_CASE(functions_wait_until_killed),
	KUNIT_CASE(functions_wait_with_signal),
	KUNIT_CASE(functions_lock_interrupted),
	KUNIT_CASE(functions_trylock),
	KUNIT_CASE(functions_copies),
	KUNIT_CASE(functions_copy_of_user),
	KUNIT_CASE(functions_vmalloc),
	{}
};

static struct kunit_suite functions_suite = {
	.name = "kapi_functions",
	.suite_init = functions_suite_init,
	.suite_exit = functions_suite_exit,
	.init = functions_init,
	.test_cases = functions_cases,
};

kunit_test_suite(functions_suite);
