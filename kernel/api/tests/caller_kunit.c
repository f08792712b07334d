// SPDX-License-Identifier: GPL-2.0
/*
 * What functions ask of their callers: where they are called from, what is held and passed.
 * A caller that breaks it is reported, and not the function.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/timer.h>

#include "functions.h"

/* === Functions with specs ================================================== */

/* Each returns the wrong value: a call that is checked any further violates "returns". */
observed_function int kapi_test_sleeps(void)
{
	barrier();	/* not without a call */
	return 1;
}

DEFINE_KERNEL_API_SPEC(kapi_test_sleeps)
	KAPI_DESCRIPTION("Pretend to sleep")
	KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_SLEEPABLE)
	KAPI_RETURNS(int, KAPI_RETURN_EXACT, "done", .success_value = 0)
KAPI_END_SPEC;

observed_function int kapi_test_allocates(gfp_t flags)
{
	barrier();
	return 1;
}

KAPI_CONDITION(can_block, (gfp_t, flags), gfpflags_allow_blocking(flags));

DEFINE_KERNEL_API_SPEC(kapi_test_allocates)
	KAPI_DESCRIPTION("Pretend to allocate")
	KAPI_MAY_SLEEP_IF(can_block)
	KAPI_ARG(gfp_t, flags, "how")
	KAPI_RETURNS(int, KAPI_RETURN_EXACT, "done", .success_value = 0)
KAPI_END_SPEC;

observed_function int kapi_test_in_softirqs(void)
{
	barrier();
	return 1;
}

DEFINE_KERNEL_API_SPEC(kapi_test_in_softirqs)
	KAPI_DESCRIPTION("Be callable in softirqs, too")
	KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_SOFTIRQ)
	KAPI_RETURNS(int, KAPI_RETURN_EXACT, "done", .success_value = 0)
KAPI_END_SPEC;

static DECLARE_RWSEM(kapi_test_guard);

observed_function int kapi_test_guarded(int count)
{
	barrier();
	return 1;
}

KAPI_CONDITION(is_positive, (int, count), count > 0);

DEFINE_KERNEL_API_SPEC(kapi_test_guarded)
	KAPI_DESCRIPTION("Change what a lock guards")
	KAPI_CONTEXT(KAPI_CTX_ATOMIC)
	KAPI_ARG(int, count, "above 0")
	KAPI_RETURNS(int, KAPI_RETURN_EXACT, "done", .success_value = 0)
	KAPI_REQUIRES(is_positive)
	KAPI_CALLER_HOLDS(guard, KAPI_LOCK_RWSEM, "kapi_test_guard", KAPI_FOR_WRITE)
KAPI_END_SPEC;

/* === Callers =============================================================== */

static void call_plainly(void)
{
	kapi_test_sleeps();
	kapi_test_in_softirqs();
}

static void call_without_preemption(void)
{
	preempt_disable();
	kapi_test_sleeps();
	kapi_test_in_softirqs();
	preempt_enable();
}

static void call_without_softirqs(void)
{
	local_bh_disable();
	kapi_test_sleeps();
	kapi_test_in_softirqs();
	local_bh_enable();
}

static noinline void call_without_interrupts(void)
{
	local_irq_disable();
	kapi_test_sleeps();
	kapi_test_in_softirqs();
	local_irq_enable();
}

static void call_in_rcu(void)
{
	rcu_read_lock();
	kapi_test_sleeps();
	kapi_test_in_softirqs();
	rcu_read_unlock();
}

static DECLARE_COMPLETION(interrupt_over);

static void on_timer(struct timer_list *timer)
{
	call_plainly();
	complete(&interrupt_over);
}

static void call_in_softirq(void)
{
	struct timer_list timer;

	timer_setup_on_stack(&timer, on_timer, 0);
	mod_timer(&timer, jiffies);
	wait_for_completion(&interrupt_over);
	timer_delete_sync(&timer);
	timer_destroy_on_stack(&timer);
}

static enum hrtimer_restart on_hard_timer(struct hrtimer *timer)
{
	call_plainly();
	complete(&interrupt_over);
	return HRTIMER_NORESTART;
}

static void call_in_hardirq(void)
{
	struct hrtimer timer;

	hrtimer_setup_on_stack(&timer, on_hard_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	hrtimer_start(&timer, 0, HRTIMER_MODE_REL_HARD);
	wait_for_completion(&interrupt_over);
	hrtimer_cancel(&timer);
	destroy_hrtimer_on_stack(&timer);
}

/* === Tests ================================================================ */

#define EXPECT_MISUSED(name, label, misused) do {			\
	const struct kapi_watch *watch = watch_of(test, name);		\
									\
	KUNIT_EXPECT_EQ(test, count_of(watch, label, KAPI_MISUSED), misused); \
	KUNIT_EXPECT_EQ(test, count_of(watch, label, KAPI_HELD), !(misused)); \
	/* A call that is misused is not checked any further. */	\
	KUNIT_EXPECT_EQ(test, count_of(watch, "returns", KAPI_VIOLATED), !(misused)); \
} while (0)

struct place_case {
	const char *desc;
	void (*call)(void);
	bool is_sleep_misused;
	bool is_softirq_misused;
	bool is_interrupt;
};

static const struct place_case place_cases[] = {
	{ "a task", call_plainly },
	{ "preemption off", call_without_preemption, IS_ENABLED(CONFIG_PREEMPT_COUNT) },
	{ "softirqs off", call_without_softirqs, true },
	{ "interrupts off", call_without_interrupts, true },
	{ "rcu_read_lock", call_in_rcu,
	  IS_ENABLED(CONFIG_PREEMPT_RCU) || IS_ENABLED(CONFIG_PREEMPT_COUNT) },
	{ "a softirq", call_in_softirq, true, false, true },
	{ "a hard interrupt", call_in_hardirq, true, true, true },
};

KUNIT_ARRAY_PARAM_DESC(place, place_cases, desc);

static void caller_place(struct kunit *test)
{
	const struct place_case *c = test->param_value;
	const struct kapi_watch *sleeps = watch_of(test, "kapi_test_sleeps");
	const struct kapi_watch *softirqs = watch_of(test, "kapi_test_in_softirqs");

	c->call();
	KUNIT_EXPECT_EQ(test, count_of(sleeps, "called_from", KAPI_MISUSED), c->is_sleep_misused);
	KUNIT_EXPECT_EQ(test, count_of(sleeps, "called_from", KAPI_HELD), !c->is_sleep_misused);
	KUNIT_EXPECT_EQ(test, count_of(sleeps, "returns", KAPI_VIOLATED), !c->is_sleep_misused);
	KUNIT_EXPECT_EQ(test, count_of(softirqs, "called_from", KAPI_MISUSED),
			c->is_softirq_misused);
	/* In interrupts, nothing but the caller is checked. */
	KUNIT_EXPECT_EQ(test, count_of(softirqs, "returns", KAPI_VIOLATED), !c->is_interrupt);
	KUNIT_EXPECT_EQ(test, kapi_missed_calls(), 0);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
}

/* Whether it may sleep depends on an argument. */
static void caller_flags(struct kunit *test)
{
	preempt_disable();
	kapi_test_allocates(GFP_ATOMIC);
	preempt_enable();
	EXPECT_MISUSED("kapi_test_allocates", "called_from", 0);
	kapi_report_reset();
	local_irq_disable();
	kapi_test_allocates(GFP_KERNEL);
	local_irq_enable();
	EXPECT_MISUSED("kapi_test_allocates", "called_from", 1);
}

static void caller_condition(struct kunit *test)
{
	down_write(&kapi_test_guard);
	kapi_test_guarded(1);
	EXPECT_MISUSED("kapi_test_guarded", "constraints[is_positive]", 0);
	kapi_report_reset();
	kapi_test_guarded(0);
	EXPECT_MISUSED("kapi_test_guarded", "constraints[is_positive]", 1);
	up_write(&kapi_test_guard);
}

static void caller_holds_lock(struct kunit *test)
{
	skip_without_lockdep(test);
	down_write(&kapi_test_guard);
	kapi_test_guarded(1);
	up_write(&kapi_test_guard);
	EXPECT_MISUSED("kapi_test_guarded", "locks[guard]", 0);
	kapi_report_reset();
	kapi_test_guarded(1);
	EXPECT_MISUSED("kapi_test_guarded", "locks[guard]", 1);
	kapi_report_reset();
	down_read(&kapi_test_guard);
	kapi_test_guarded(1);
	up_read(&kapi_test_guard);
	EXPECT_MISUSED("kapi_test_guarded", "locks[guard]", 1);
}

/* The report names who called. */
static void caller_is_named(struct kunit *test)
{
	struct kapi_violation v;
	loff_t number = 0;

	call_without_interrupts();
	KUNIT_ASSERT_TRUE(test, kapi_violation_from(&number, &v));
	KUNIT_EXPECT_STREQ(test, v.spec->name, "kapi_test_sleeps");
	KUNIT_EXPECT_TRUE(test, v.misused);
	KUNIT_EXPECT_STREQ(test, v.why.expected, "a caller that may sleep");
	KUNIT_EXPECT_STREQ(test, v.why.observed, "interrupts off");
	KUNIT_EXPECT_TRUE(test, strstarts(v.caller, ", called by call_without_interrupts+"));
}

static struct kunit_case caller_cases[] = {
	KUNIT_CASE_PARAM(caller_place, place_gen_params),
	KUNIT_CASE(caller_flags),
	KUNIT_CASE(caller_condition),
	KUNIT_CASE(caller_holds_lock),
	KUNIT_CASE(caller_is_named),
	{}
};

static struct kunit_suite caller_suite = {
	.name = "kapi_caller",
	.suite_init = functions_suite_init,
	.suite_exit = functions_suite_exit,
	.init = functions_init,
	.test_cases = caller_cases,
};

kunit_test_suite(caller_suite);
