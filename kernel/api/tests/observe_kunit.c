// SPDX-License-Identifier: GPL-2.0
/*
 * The whole path from a call to the counters: this thread pretends to be in
 * munlockall(). What it does during the call is real.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/ratelimit.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <trace/events/fault_injection.h>
#include <trace/events/kmem.h>
#include <trace/events/lock.h>
#include <trace/events/mmap_lock.h>
#include <trace/events/sched.h>
#include <trace/events/signal.h>
#include <trace/events/syscalls.h>

#include "../kapi.h"
#include "calls.h"

static struct kapi_watch *watch;

static u64 count(const char *label, enum kapi_result result)
{
	return count_of(watch, label, result);
}

static u64 count_all(enum kapi_result result)
{
	unsigned int n;
	u64 sum = 0;

	for (n = 0; n < watch->clauses; n++)
		sum += kapi_count_of(watch, n, result);
	return sum;
}

/* Of the last violations, counting from the oldest. */
static bool violation_at(unsigned int n, struct kapi_violation *v)
{
	loff_t number = 0;

	for (; kapi_violation_from(&number, v); number++)
		if (!n--)
			return true;
	return false;
}

/* === What a call may do =================================================== */

static DEFINE_MUTEX(left_held);

static void do_nothing(void)
{
}

static void take_for_write(void)
{
	mmap_write_lock(current->mm);
}

static void give_back(void)
{
	mmap_write_unlock(current->mm);
}

static void take_once(void)
{
	take_for_write();
	give_back();
}

static void take_twice(void)
{
	take_once();
	take_once();
}

static void take_for_read(void)
{
	mmap_read_lock(current->mm);
	mmap_read_unlock(current->mm);
}

static void downgrade(void)
{
	take_for_write();
	mmap_write_downgrade(current->mm);
	mmap_read_unlock(current->mm);
}

static void take_another(void)
{
	take_once();
	mmap_read_lock(&init_mm);
	mmap_read_unlock(&init_mm);
}

static void take_only_another(void)
{
	mmap_write_lock(&init_mm);
	mmap_write_unlock(&init_mm);
}

static void leave_mutex_held(void)
{
	take_once();
	mutex_lock(&left_held);
}

static void give_mutex_back(void)
{
	mutex_unlock(&left_held);
}

static void take_mutex(void)
{
	leave_mutex_held();
	give_mutex_back();
}

static void leave_preemption_off(void)
{
	take_once();
	preempt_disable();
}

static void switch_preemption_on(void)
{
	preempt_enable();
}

static void leave_interrupts_off(void)
{
	take_once();
	local_irq_disable();
}

static void switch_interrupts_on(void)
{
	local_irq_enable();
}

static void send_signal(void)
{
	take_once();
	send_sig(SIGUSR1, current, 1);
}

/* Signals for I/O, as sent to the F_SETOWN owner, without and with F_SETSIG. */
static void tell_of_io(void)
{
	struct kernel_siginfo info = { .si_signo = SIGUSR2, .si_code = POLL_IN };

	take_once();
	send_sig(SIGIO, current, 1);
	send_sig_info(SIGUSR2, &info, current);
}

/* A kernel thread survives it. */
static void be_killed(void)
{
	take_once();
	send_sig(SIGKILL, current, 1);
}

/* As the OOM killer does it: it marks its victim behind that. */
static void be_oom_killed(void)
{
	be_killed();
	current->signal->oom_mm = current->mm;
}

static void forget_oom(void)
{
	current->signal->oom_mm = NULL;
}

static void make_fatal_pending(void)
{
	set_pending(SIGKILL, true);
}

static void drop_fatal(void)
{
	set_pending(SIGKILL, false);
}

static void lock_future(void)
{
	vma_flags_set(&current->mm->def_vma_flags, VMA_LOCKED_BIT);
}

static void unlock_future(void)
{
	vma_flags_clear(&current->mm->def_vma_flags, VMA_LOCKED_BIT);
}

static void unlock_future_locked(void)
{
	take_for_write();
	unlock_future();
	give_back();
}

static void fail_but_lock_future(void)
{
	make_fatal_pending();
	lock_future();
}

static void fail_but_lock_future_locked(void)
{
	take_for_write();
	fail_but_lock_future();
	give_back();
}

static void undo_failure(void)
{
	drop_fatal();
	unlock_future();
}

/* For all that anybody can tell, others run while a call does. */
static bool others_run;

static void let_others_run(void)
{
	if (others_run)
		current->nivcsw++;
}

static void call(void (*body)(void), long ret)
{
	enter(__NR_munlockall);
	let_others_run();
	body();
	leave(ret);
}

/* === A clause violated ====================================================== */

/* Whether what a case needs is there is known only in the thread of the test. */
enum need {
	NEEDS_NOTHING,
	NEEDS_LOCKDEP,
	NEEDS_PREEMPT_COUNT,
};

struct observe_case {
	const char *desc;
	void (*body)(void);
	void (*undo)(void);
	long ret;
	const char *label;	/* of the only clause violated */
	const char *expected;
	const char *observed;	/* not compared if left out */
	enum need need;
};

static const struct observe_case observe_cases[] = {
	{ "good", take_once, do_nothing },
	{ "mmap_lock not taken", do_nothing, do_nothing },
	{ "mmap_lock taken twice", take_twice, do_nothing },
	{ "mmap_lock taken for read", take_for_read, do_nothing },
	{ "mmap_lock left held", take_for_write, give_back, 0,
	  "locks[mmap_lock]", "released", "acquired 1x, released 0x" },
	{ "mmap_lock downgraded", downgrade, do_nothing },
	{ "another mmap_lock", take_another, do_nothing },
	{ "only another mmap_lock", take_only_another, do_nothing },
	{ "mutex given back", take_mutex, do_nothing },
	{ "mutex left held", leave_mutex_held, give_mutex_back, 0,
	  "locks", "no other lock held", "left_held held", NEEDS_LOCKDEP },
	{ "preemption left off", leave_preemption_off, switch_preemption_on, 0,
	  "context", "preempt_count as at entry", NULL, NEEDS_PREEMPT_COUNT },
	{ "interrupts left off", leave_interrupts_off, switch_interrupts_on, 0,
	  "context", "interrupts as at entry", "interrupts off" },
	{ "signal sent", send_signal, do_nothing, 0,
	  "signals", "no other signal sent", "signal 10 sent" },
	{ "killed by the kernel", be_killed, do_nothing, 0,
	  "signals", "no other signal sent", "signal 9 sent" },
	{ "killed for its memory", be_oom_killed, forget_oom },
	{ "EINTR", make_fatal_pending, drop_fatal, -EINTR },
	{ "EINTR without a signal", do_nothing, do_nothing, -EINTR,
	  "signals[any_fatal]", "the signal pending", NULL },
	{ "undeclared error", take_once, do_nothing, -ENOMEM,
	  "returns", "success or a declared error", NULL },
	{ "positive", take_once, do_nothing, 1,
	  "returns", "success or a declared error", "1" },
	{ "failure changes the state", fail_but_lock_future_locked, undo_failure, -EINTR,
	  "failure", "nothing changed", NULL },
};

KUNIT_ARRAY_PARAM_DESC(observe, observe_cases, desc);

static void skip_without(struct kunit *test, enum need need)
{
	if (need == NEEDS_LOCKDEP)
		skip_without_lockdep(test);
	if (need == NEEDS_PREEMPT_COUNT && !IS_ENABLED(CONFIG_PREEMPT_COUNT))
		kunit_skip(test, "needs CONFIG_PREEMPT_COUNT");
}

static void expect_violation(struct kunit *test, const struct observe_case *c)
{
	struct kapi_violation v;
	char label[KAPI_LABEL_LEN];

	KUNIT_ASSERT_TRUE(test, violation_at(0, &v));
	KUNIT_EXPECT_PTR_EQ(test, v.spec, watch->spec);
	KUNIT_EXPECT_STREQ(test, kapi_clause_label(v.spec, v.clause, label), c->label);
	KUNIT_EXPECT_STREQ(test, v.why.expected, c->expected);
	if (c->observed)
		KUNIT_EXPECT_STREQ(test, v.why.observed, c->observed);
	KUNIT_EXPECT_EQ(test, v.pid, task_pid_nr(current));
	KUNIT_EXPECT_STREQ(test, v.comm, current->comm);
	KUNIT_EXPECT_EQ(test, count(c->label, KAPI_VIOLATED), 1);
}

/* Only the expected clause is violated; for a good call, none is undecided. */
static void observe_call(struct kunit *test)
{
	const struct observe_case *c = test->param_value;
	struct kapi_violation v;

	skip_without(test, c->need);
	call(c->body, c->ret);
	c->undo();
	if (c->label)
		expect_violation(test, c);
	KUNIT_EXPECT_FALSE(test, violation_at(!!c->label, &v));
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), !!c->label);
	if (!c->label)
		KUNIT_EXPECT_EQ(test, count_all(KAPI_UNDECIDED), 0);
	KUNIT_EXPECT_GT(test, count_all(KAPI_HELD), 0);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
}

/* === Clauses that hold ========================================================= */

static void observe_signal_of_io(struct kunit *test)
{
	call(tell_of_io, 0);
	KUNIT_EXPECT_EQ(test, count("signals", KAPI_UNDECIDED), 1);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
}

static void observe_good_call(struct kunit *test)
{
	lock_future();
	call(unlock_future_locked, 0);
	KUNIT_EXPECT_EQ(test, count("context", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("signals", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("locks[mmap_lock]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("side_effects[future_locked]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("errors[EINTR]", KAPI_HELD), 0);
	KUNIT_EXPECT_EQ(test, count("failure", KAPI_HELD), 0);
	skip_without(test, NEEDS_LOCKDEP);
	KUNIT_EXPECT_EQ(test, count("locks", KAPI_HELD), 1);
}

/* What an earlier call left in the record is not this one's. */
static void observe_lock_left_after_good_call(struct kunit *test)
{
	lock_future();
	call(unlock_future_locked, 0);
	lock_future();
	call(take_for_write, 0);
	unlock_future();
	give_back();
	KUNIT_EXPECT_EQ(test, count("side_effects[future_locked]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("side_effects[future_locked]", KAPI_VIOLATED), 1);
	KUNIT_EXPECT_EQ(test, count("locks[mmap_lock]", KAPI_VIOLATED), 1);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 2);
}

static void observe_good_failure(struct kunit *test)
{
	call(make_fatal_pending, -EINTR);
	drop_fatal();
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("errors[EINTR]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("signals[any_fatal]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("failure", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("locks[mmap_lock]", KAPI_HELD), 0);
}

/* Each call counts, and each record begins empty. */
static void observe_counts_calls(struct kunit *test)
{
	for (int i = 0; i < 100; i++)
		call(take_once, 0);
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_HELD), 100);
	KUNIT_EXPECT_EQ(test, count("locks[mmap_lock]", KAPI_HELD), 100);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
	call(do_nothing, 1);
	call(do_nothing, 2);
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_VIOLATED), 2);
	kapi_report_reset();
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_HELD), 0);
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_VIOLATED), 0);
}

/* Of the calls on one CPU, any ten that follow each other have one that is checked. */
static void observe_one_call_in_ten(struct kunit *test)
{
	unsigned int every = kapi_every;

	migrate_disable();
	WRITE_ONCE(kapi_every, 10);
	for (int i = 0; i < 50; i++)
		call(take_once, 0);
	WRITE_ONCE(kapi_every, every);
	migrate_enable();
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_HELD), 5);
	KUNIT_EXPECT_EQ(test, count("locks[mmap_lock]", KAPI_HELD), 5);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
}

/* More than there is room for: the oldest goes. */
static void observe_keeps_last_violations(struct kunit *test)
{
	struct kapi_violation v;

	for (int i = 1; i <= KAPI_VIOLATIONS + 2; i++)
		call(take_once, i);
	KUNIT_ASSERT_TRUE(test, violation_at(0, &v));
	KUNIT_EXPECT_STREQ(test, v.why.observed, "3");
	KUNIT_ASSERT_TRUE(test, violation_at(KAPI_VIOLATIONS - 1, &v));
	KUNIT_EXPECT_STREQ(test, v.why.observed, "66");
	KUNIT_EXPECT_FALSE(test, violation_at(KAPI_VIOLATIONS, &v));
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_VIOLATED), KAPI_VIOLATIONS + 2);
}

/* A reader finds every violation after its position, and none twice. */
static void observe_reader_misses_none(struct kunit *test)
{
	struct kapi_violation v;
	loff_t number = 0;

	for (int i = 1; i <= KAPI_VIOLATIONS; i++)
		call(take_once, i);
	KUNIT_ASSERT_TRUE(test, kapi_violation_from(&number, &v));
	KUNIT_EXPECT_STREQ(test, v.why.observed, "1");
	call(take_once, KAPI_VIOLATIONS + 1);
	number++;
	KUNIT_ASSERT_TRUE(test, kapi_violation_from(&number, &v));
	KUNIT_EXPECT_STREQ(test, v.why.observed, "2");
	kapi_report_reset();
	KUNIT_EXPECT_FALSE(test, kapi_violation_from(&number, &v));
	call(take_once, 1);
	KUNIT_ASSERT_TRUE(test, kapi_violation_from(&number, &v));
	KUNIT_EXPECT_STREQ(test, v.why.observed, "1");
}

/* A lock that the caller holds is none of the call's business, unless it goes. */
static void observe_callers_lock(struct kunit *test)
{
	skip_without(test, NEEDS_LOCKDEP);
	mutex_lock(&left_held);
	call(take_once, 0);
	KUNIT_EXPECT_EQ(test, count("locks", KAPI_HELD), 1);
	call(give_mutex_back, -ENOMEM);
	KUNIT_EXPECT_EQ(test, count("locks", KAPI_VIOLATED), 1);
}

/* === State ================================================================ */

static void observe_value_violated(struct kunit *test)
{
	struct kapi_violation v;

	lock_future();
	call(take_once, 0);
	KUNIT_EXPECT_EQ(test, count("side_effects[future_locked]", KAPI_VIOLATED), 1);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 1);
	KUNIT_ASSERT_TRUE(test, violation_at(0, &v));
	KUNIT_EXPECT_STREQ(test, v.why.expected, "0");
	KUNIT_EXPECT_TRUE(test, strstarts(v.why.observed, "future_locked was"));
}

/* The deed is done, but not under the lock held for write. */
static void unlock_future_for_read(void)
{
	mmap_read_lock(current->mm);
	unlock_future();
	mmap_read_unlock(current->mm);
}

static void unlock_future_after_downgrade(void)
{
	take_for_write();
	mmap_write_downgrade(current->mm);
	unlock_future();
	mmap_read_unlock(current->mm);
}

static void unlock_future_before_downgrade(void)
{
	take_for_write();
	unlock_future();
	mmap_write_downgrade(current->mm);
	mmap_read_unlock(current->mm);
}

static void look_then_unlock_future(void)
{
	take_for_read();
	unlock_future_locked();
}

struct guard_case {
	const char *desc;
	void (*body)(void);
	const char *observed;	/* NULL if it is as it should be */
};

static const struct guard_case guard_cases[] = {
	{ "for write", unlock_future_locked },
	{ "for write, after a look", look_then_unlock_future },
	{ "for write, then downgraded", unlock_future_before_downgrade },
	{ "for read", unlock_future_for_read, "future_locked changed while held for read" },
	{ "after a downgrade", unlock_future_after_downgrade,
	  "state changed while held for read" },
	{ "without it", unlock_future, "future_locked changed while held by nobody" },
};

KUNIT_ARRAY_PARAM_DESC(guard, guard_cases, desc);

static void observe_guard(struct kunit *test)
{
	const struct guard_case *c = test->param_value;
	struct completion *vfork_done = current->vfork_done;
	struct kapi_violation v;

	current->vfork_done = NULL;
	lock_future();
	call(c->body, 0);
	current->vfork_done = vfork_done;
	KUNIT_EXPECT_EQ(test, count("side_effects[future_locked]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("locks[mmap_lock]", KAPI_VIOLATED), !!c->observed);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), !!c->observed);
	if (c->observed && violation_at(0, &v))
		KUNIT_EXPECT_STREQ(test, v.why.observed, c->observed);
}

/* What happens before the lock is taken is not the call's doing, for all we know. */
static void observe_value_before_lock(struct kunit *test)
{
	enter(__NR_munlockall);
	lock_future();
	unlock_future_locked();
	lock_future();
	leave(0);
	KUNIT_EXPECT_EQ(test, count("side_effects[future_locked]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
}

static unsigned long locked_page;

static void set_page_locked(bool locked)
{
	struct vm_area_struct *vma = vma_lookup(current->mm, locked_page);

	if (locked)
		vm_flags_set(vma, VM_LOCKED);
	else
		vm_flags_clear(vma, VM_LOCKED);
	current->mm->locked_vm = locked;
}

static void map_locked_page(struct kunit *test)
{
	locked_page = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
				    MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL((void *)locked_page));
	KUNIT_ASSERT_EQ(test, 0, put_user(1, (char __user *)locked_page));
	take_for_write();
	set_page_locked(true);
	give_back();
}

static void unlock_page_locked(void)
{
	take_for_write();
	set_page_locked(false);
	give_back();
}

/* Locks that the validator takes to look at a page are not the call's. */
static void observe_page_unlocked(struct kunit *test)
{
	map_locked_page(test);
	call(unlock_page_locked, 0);
	KUNIT_EXPECT_EQ(test, count("side_effects[all_still_locked]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("side_effects[kept_flags]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("side_effects[kept_charge]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("locks[ptl]", KAPI_HELD), 0);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
}

static void observe_page_left_locked(struct kunit *test)
{
	map_locked_page(test);
	call(take_once, 0);
	unlock_page_locked();
	KUNIT_EXPECT_EQ(test, count("side_effects[alone_still_locked]", KAPI_VIOLATED), 1);
	KUNIT_EXPECT_EQ(test, count("side_effects[kept_charge]", KAPI_HELD), 1);
}

/* For all that anybody can tell, there is another thread, and it runs. */
static void begin_sharing(void)
{
	mmget(current->mm);
	atomic_inc(&current->signal->live);
	others_run = true;
	let_others_run();
}

static void end_sharing(void)
{
	others_run = false;
	atomic_dec(&current->signal->live);
	mmput(current->mm);
}

/* Where others can change the state, only the lock brings certainty. */
static void observe_value_shared(struct kunit *test)
{
	begin_sharing();
	lock_future();
	call(take_once, 0);
	KUNIT_EXPECT_EQ(test, count("side_effects[future_locked]", KAPI_VIOLATED), 1);
	call(take_twice, 0);
	KUNIT_EXPECT_EQ(test, count("side_effects[future_locked]", KAPI_VIOLATED), 1);
	KUNIT_EXPECT_EQ(test, count("side_effects[future_locked]", KAPI_UNDECIDED), 1);
	call(do_nothing, 0);
	KUNIT_EXPECT_EQ(test, count("side_effects[future_locked]", KAPI_UNDECIDED), 2);
	end_sharing();
}

static void fail_and_undo(void)
{
	call(fail_but_lock_future, -EINTR);
	undo_failure();
}

/*
 * An mm with one user is not shared, even if it is marked MMF_MULTIPROCESS.
 * With two, the other may be a parent in vfork(), of which there is no sign
 * once it has been killed.
 */
static void observe_sharing(struct kunit *test)
{
	others_run = true;
	mm_flags_set(MMF_MULTIPROCESS, current->mm);
	fail_and_undo();
	KUNIT_EXPECT_EQ(test, count("failure", KAPI_VIOLATED), 1);
	mm_flags_clear(MMF_MULTIPROCESS, current->mm);
	kapi_report_reset();
	mmget(current->mm);
	fail_and_undo();
	KUNIT_EXPECT_EQ(test, count("failure", KAPI_UNDECIDED), 1);
	others_run = false;
	mmput(current->mm);
}

/* A task that does not share the mm, such as a writer of /proc/PID/mem. */
struct other_locker {
	struct mm_struct *mm;
	struct completion done;
};

static int take_lock_of(void *data)
{
	struct other_locker *other = data;

	mmap_write_lock(other->mm);
	mmap_write_unlock(other->mm);
	complete(&other->done);
	return 0;
}

static void lock_future_beside_another(void)
{
	struct other_locker other = { .mm = current->mm };

	init_completion(&other.done);
	if (IS_ERR(kthread_run(take_lock_of, &other, "kapi_other")))
		return;
	wait_for_completion(&other.done);
	fail_but_lock_future();
}

static void observe_lock_of_another(struct kunit *test)
{
	others_run = true;
	call(lock_future_beside_another, -EINTR);
	undo_failure();
	others_run = false;
	KUNIT_EXPECT_EQ(test, count("failure", KAPI_UNDECIDED), 1);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
}

static void observe_failure_shared(struct kunit *test)
{
	begin_sharing();
	call(fail_but_lock_future, -EINTR);
	undo_failure();
	end_sharing();
	KUNIT_EXPECT_EQ(test, count("failure", KAPI_UNDECIDED), 1);
	KUNIT_EXPECT_EQ(test, count("failure", KAPI_VIOLATED), 0);
}

/* With another that shares the mm and is the OOM killer's victim: only that is marked. */
static void observe_killed_with_another(struct kunit *test)
{
	begin_sharing();
	call(be_killed, 0);
	end_sharing();
	mm_flags_set(MMF_MULTIPROCESS, current->mm);
	call(be_killed, 0);
	mm_flags_clear(MMF_MULTIPROCESS, current->mm);
	KUNIT_EXPECT_EQ(test, count("signals", KAPI_VIOLATED), 0);
	KUNIT_EXPECT_EQ(test, count("signals", KAPI_HELD), 2);
}

/* Others are there, and on one processor did not run; a tick may let them at times. */
static void observe_failure_alone(struct kunit *test)
{
	unsigned int tries;

	for (tries = 0; tries < 100 && !count("failure", KAPI_VIOLATED); tries++) {
		begin_sharing();
		others_run = false;
		fail_and_undo();
		end_sharing();
	}
	KUNIT_EXPECT_EQ(test, count("failure", KAPI_VIOLATED), !IS_ENABLED(CONFIG_SMP));
}

/* === A call with arguments, that takes the lock again ===================== */

/* Of mlock(), as if this thread had called it. */
static void enter_mlock(unsigned long start, unsigned long len)
{
	unsigned long args[KAPI_MAX_ARGS] = { start, len };

	watch = kapi_watch_by_nr(__NR_mlock);
	enter_with(__NR_mlock, args);
}

/* The page is mapped, and neither locked nor there. */
static unsigned long map_page(struct kunit *test)
{
	unsigned long p = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
					MAP_ANONYMOUS | MAP_PRIVATE, 0);

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL((void *)p));
	locked_page = p;
	return p;
}

static void lock_page_locked(void)
{
	take_for_write();
	set_page_locked(true);
	give_back();
}

/* Where the lock of its page table does not sleep. */
static unsigned long map_page_to_look_at(struct kunit *test)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		kunit_skip(test, "of pages nothing is known with CONFIG_PREEMPT_RT");
	return map_page(test);
}

/* What is done with the lock held is seen when that is given back. */
static void observe_arguments(struct kunit *test)
{
	enter_mlock(map_page_to_look_at(test), PAGE_SIZE);
	lock_page_locked();
	KUNIT_ASSERT_EQ(test, 0, put_user(1, (char __user *)locked_page));
	take_for_read();
	leave(0);
	unlock_page_locked();
	KUNIT_EXPECT_EQ(test, count("side_effects[not_locked]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("side_effects[otherwise_charged]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("side_effects[absent]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("side_effects[not_mlocked]", KAPI_VIOLATED), 0);
	KUNIT_EXPECT_EQ(test, count("locks[mmap_lock]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
}

/* It was given back for the last time while the page was absent still. */
static void observe_page_left_absent(struct kunit *test)
{
	enter_mlock(map_page_to_look_at(test), PAGE_SIZE);
	lock_page_locked();
	leave(0);
	unlock_page_locked();
	KUNIT_EXPECT_EQ(test, count("side_effects[not_locked]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("side_effects[absent]", KAPI_VIOLATED), 1);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 1);
}

/* Others may have taken it away once the lock was given back. */
static void observe_page_absent_but_shared(struct kunit *test)
{
	enter_mlock(map_page_to_look_at(test), PAGE_SIZE);
	lock_page_locked();
	begin_sharing();
	leave(0);
	end_sharing();
	unlock_page_locked();
	KUNIT_EXPECT_EQ(test, count("side_effects[absent]", KAPI_UNDECIDED), 1);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
}

/* An unmapped page is a reason to fail, and a call must not succeed. */
static void observe_reason(struct kunit *test)
{
	enter_mlock(0, PAGE_SIZE);
	take_once();
	leave(-ENOMEM);
	KUNIT_EXPECT_EQ(test, count("errors[ENOMEM]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("constraints[unmapped]", KAPI_HELD), 1);
	enter_mlock(0, PAGE_SIZE);
	take_once();
	leave(0);
	KUNIT_EXPECT_EQ(test, count("constraints[unmapped]", KAPI_VIOLATED), 1);
}

/* What is read at entry is still known once the lock has been taken. */
static void observe_reason_at_entry(struct kunit *test)
{
	enter_mlock(map_page(test), -2 * PAGE_SIZE);
	take_once();
	leave(-EINVAL);
	KUNIT_EXPECT_EQ(test, count("constraints[wraps]", KAPI_HELD), 1);
	enter_mlock(locked_page, -2 * PAGE_SIZE);
	leave(-EINVAL);
	KUNIT_EXPECT_EQ(test, count("constraints[wraps]", KAPI_HELD), 2);
	enter_mlock(locked_page, -2 * PAGE_SIZE);
	take_once();
	leave(0);
	KUNIT_EXPECT_EQ(test, count("constraints[wraps]", KAPI_VIOLATED), 1);
}

/* === Limits that another process changes =================================== */

struct other_process {
	struct completion is_in_call, may_leave, is_over;
};

/* In prlimit(), say, of this process's limits. */
static int change_limits(void *data)
{
	struct other_process *other = data;
	unsigned int entered = enter_prlimit();

	complete(&other->is_in_call);
	wait_for_completion(&other->may_leave);
	leave_prlimit(entered);
	complete(&other->is_over);
	return 0;
}

static void begin_change(struct kunit *test, struct other_process *other)
{
	init_completion(&other->is_in_call);
	init_completion(&other->may_leave);
	init_completion(&other->is_over);
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(change_limits, other, "kapi_limits")));
	wait_for_completion(&other->is_in_call);
}

static void end_change(struct other_process *other)
{
	complete(&other->may_leave);
	wait_for_completion(&other->is_over);
}

/* Returns EPERM, for which there is no reason now. */
static void fail_without_privilege(struct kunit *test, enum kapi_result wanted)
{
	u64 before = count("errors[EPERM]", wanted);

	leave(-EPERM);
	KUNIT_EXPECT_EQ(test, count("errors[EPERM]", wanted), before + 1);
}

static void observe_limits(struct kunit *test)
{
	struct other_process other;
	unsigned long p = map_page(test);

	begin_change(test, &other);
	end_change(&other);
	enter_mlock(p, PAGE_SIZE);
	fail_without_privilege(test, KAPI_VIOLATED);

	enter_mlock(p, PAGE_SIZE);
	begin_change(test, &other);
	end_change(&other);
	fail_without_privilege(test, KAPI_UNDECIDED);

	begin_change(test, &other);
	enter_mlock(p, PAGE_SIZE);
	end_change(&other);
	fail_without_privilege(test, KAPI_UNDECIDED);

	enter_mlock(p, PAGE_SIZE);
	begin_change(test, &other);
	fail_without_privilege(test, KAPI_UNDECIDED);
	end_change(&other);

	enter_mlock(p, PAGE_SIZE);
	fail_without_privilege(test, KAPI_VIOLATED);
}

/* One that was under way when the validator was switched off does not count as over. */
static void observe_limits_of_other_session(struct kunit *test)
{
	struct other_process first, second;
	unsigned long p = map_page(test);

	begin_change(test, &first);
	kapi_validate(false);
	kapi_validate(true);
	end_change(&first);
	begin_change(test, &second);
	enter_mlock(p, PAGE_SIZE);
	end_change(&second);
	fail_without_privilege(test, KAPI_UNDECIDED);
}

/* === What is not checked  =================================================== */

static void exit_alone(void)
{
	leave(1);
}

static void other_call(void)
{
	enter(__NR_getpid);
	leave(1);
}

static void other_call_between(void)
{
	enter(__NR_munlockall);
	enter(__NR_getpid);
	leave(1);
}

static void no_call_between(void)
{
	enter(__NR_munlockall);
	enter(-1);
	leave(1);
}

static void highest_number_between(void)
{
	enter(__NR_munlockall);
	enter(NR_syscalls);
	leave(1);
}

static void other_session(void)
{
	enter(__NR_munlockall);
	kapi_validate(false);
	kapi_validate(true);
	leave(1);
}

static void switched_off(void)
{
	kapi_validate(false);
	call(take_twice, 1);
	kapi_validate(true);
}

static void switched_off_between(void)
{
	enter(__NR_munlockall);
	kapi_validate(false);
	leave(1);
	kapi_validate(true);
}

static void switched_on_between(void)
{
	kapi_validate(false);
	enter(__NR_munlockall);
	kapi_validate(true);
	leave(1);
}

struct unchecked_case {
	const char *desc;
	void (*sequence)(void);
	bool needs_tracepoints;
};

/* A function that is called ends before its caller does; a system call need not be traced. */
static void skip_without_tracepoints(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_UML))
		kunit_skip(test, "calls are not observed by the tracepoints of system calls");
}

static const struct unchecked_case unchecked_cases[] = {
	{ "an exit without an entry", exit_alone },
	{ "another call", other_call },
	{ "another call's entry in between", other_call_between, true },
	{ "no call's entry in between", no_call_between, true },
	{ "a number too high in between", highest_number_between, true },
	{ "switched off and on in between", other_session },
	{ "switched off", switched_off },
	{ "switched off in between", switched_off_between },
	{ "switched on in between", switched_on_between },
};

KUNIT_ARRAY_PARAM_DESC(unchecked, unchecked_cases, desc);

static void observe_unchecked(struct kunit *test)
{
	const struct unchecked_case *c = test->param_value;

	if (c->needs_tracepoints)
		skip_without_tracepoints(test);
	c->sequence();
	KUNIT_EXPECT_EQ(test, count_all(KAPI_HELD), 0);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_UNDECIDED), 0);
	/* It is on again, and a call is checked. */
	call(take_once, 0);
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_HELD), 1);
}

/* A call that did not end leaves nothing to the next, and an exit ends it. */
static void observe_entry_without_exit(struct kunit *test)
{
	skip_without_tracepoints(test);
	enter(__NR_munlockall);
	take_twice();
	send_signal();
	call(take_once, 0);
	KUNIT_EXPECT_EQ(test, count("locks[mmap_lock]", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count("signals", KAPI_HELD), 1);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
	leave(1);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
}

/* === Records ============================================================== */

struct in_call {
	struct completion is_in_call, may_leave, is_over;
	bool has_record;
	bool dies;
};

static int stay_in_call(void *data)
{
	struct in_call *other = data;

	enter(__NR_munlockall);
	other->has_record = current->kapi_call;
	complete(&other->is_in_call);
	wait_for_completion(&other->may_leave);
	if (!other->dies)
		leave(0);
	complete(&other->is_over);
	return 0;
}

static void begin_call(struct kunit *test, struct in_call *other, struct task_struct **task)
{
	init_completion(&other->is_in_call);
	init_completion(&other->may_leave);
	init_completion(&other->is_over);
	*task = kthread_create(stay_in_call, other, "kapi_call");
	KUNIT_ASSERT_FALSE(test, IS_ERR(*task));
	get_task_struct(*task);
	wake_up_process(*task);
	wait_for_completion(&other->is_in_call);
}

/* Until the thread is gone: its record is given back on the way. */
static void end_call(struct in_call *other, struct task_struct *task)
{
	complete(&other->may_leave);
	wait_for_completion(&other->is_over);
	kthread_stop(task);
	put_task_struct(task);
}

#define RECORDS	(KAPI_RECORDS_PER_CPU * num_possible_cpus())

/* A task that dies in a call must give its record back. */
static void observe_tasks_that_die(struct kunit *test)
{
	struct in_call other = { .dies = true };
	struct task_struct *task;
	unsigned int i;

	for (i = 0; i < RECORDS + 1 && !i == !other.has_record; i++) {
		begin_call(test, &other, &task);
		KUNIT_EXPECT_TRUE(test, other.has_record);
		end_call(&other, task);
	}
	KUNIT_EXPECT_EQ(test, count_all(KAPI_HELD), 0);
	call(take_once, 0);
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_HELD), 1);
}

/* A call that finds all records in use is not checked; and the next one is. */
static void observe_no_record_left(struct kunit *test)
{
	const unsigned int most = RECORDS + 1;
	struct in_call *other;
	struct task_struct **task;
	unsigned int i;

	if (num_possible_cpus() > 4)
		kunit_skip(test, "takes too many threads");
	other = kunit_kcalloc(test, most, sizeof(*other), GFP_KERNEL);
	task = kunit_kcalloc(test, most, sizeof(*task), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_ASSERT_NOT_NULL(test, task);
	/* The call in which KUnit itself waits for this test has one, too. */
	for (i = 0; i < most && (!i || other[i - 1].has_record); i++)
		begin_call(test, &other[i], &task[i]);
	KUNIT_EXPECT_GE(test, i, RECORDS);
	KUNIT_EXPECT_FALSE(test, other[i - 1].has_record);
	call(take_twice, 1);
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_VIOLATED), 0);
	end_call(&other[0], task[0]);
	call(take_twice, 1);
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_VIOLATED), 1);
	while (--i)
		end_call(&other[i], task[i]);
}

/* Of this task and of others, also of those that never come back. */
static void observe_records_given_back(struct kunit *test)
{
	struct in_call other = {};
	struct task_struct *task;

	begin_call(test, &other, &task);
	enter(__NR_munlockall);
	KUNIT_EXPECT_NOT_NULL(test, current->kapi_call);
	kapi_validate(false);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
	KUNIT_EXPECT_NULL(test, task->kapi_call);
	kapi_validate(true);
	leave(1);
	end_call(&other, task);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_HELD), 0);
	KUNIT_EXPECT_EQ(test, count_all(KAPI_VIOLATED), 0);
}

/* === Allocations ========================================================== */

static unsigned int failed_allocs(void)
{
	return current->kapi_call ? current->kapi_call->failed_allocs : UINT_MAX;
}

/* One that fails is counted, by whatever tells of it; one that does not is not. */
static void observe_failed_allocation(struct kunit *test)
{
	size_t too_much = SIZE_MAX / 2;
	unsigned int failed;
	void *p;

	OPTIMIZER_HIDE_VAR(too_much);
	enter(__NR_munlockall);
	p = kmalloc(64, GFP_KERNEL);
	kfree(p);
	KUNIT_EXPECT_EQ(test, failed_allocs(), 0);
	p = kmalloc(too_much, GFP_KERNEL | __GFP_NOWARN);
	KUNIT_EXPECT_NULL(test, p);
	kfree(p);
	failed = failed_allocs();
	KUNIT_EXPECT_GT(test, failed, 0);
	trace_mm_page_alloc(NULL, 0, GFP_KERNEL, 0);
	KUNIT_EXPECT_EQ(test, failed_allocs(), failed + 1);
	if (IS_ENABLED(CONFIG_FAULT_INJECTION)) {
		trace_fault_injected(64);
		KUNIT_EXPECT_EQ(test, failed_allocs(), failed + 2);
	}
	take_once();
	leave(0);
	enter(__NR_munlockall);
	KUNIT_EXPECT_EQ(test, failed_allocs(), 0);
	take_once();
	leave(0);
}

/* === The log ============================================================== */

/* One line for each clause in five seconds, and again after a reset. */
static void observe_log_limit(struct kunit *test)
{
	struct ratelimit_state *limit = &watch->limit[KAPI_RULE_RETURN];

	ratelimit_state_reset_miss(limit);
	call(take_once, 1);
	KUNIT_EXPECT_EQ(test, ratelimit_state_get_miss(limit), 0);
	call(take_once, 1);
	call(take_once, 1);
	KUNIT_EXPECT_EQ(test, ratelimit_state_get_miss(limit), 2);
	KUNIT_EXPECT_EQ(test, count("returns", KAPI_VIOLATED), 3);
	kapi_report_reset();
	ratelimit_state_reset_miss(limit);
	call(take_once, 1);
	KUNIT_EXPECT_EQ(test, ratelimit_state_get_miss(limit), 0);
}

/* === The switch =========================================================== */

struct switch_case {
	const char *desc;
	bool (*is_enabled)(void);
};

static bool are_calls_observed(void)
{
	if (IS_ENABLED(CONFIG_UML))
		return trace_sys_enter_enabled() && trace_sys_exit_enabled();
	return fprobe_is_registered(&list_first_entry(&kapi_watch_sets, struct kapi_watch_set,
						      list)->probe);
}

static const struct switch_case switch_cases[] = {
	{ "calls", are_calls_observed },
	{ "sched_process_exit", trace_sched_process_exit_enabled },
	{ "kmalloc", trace_kmalloc_enabled },
	{ "kmem_cache_alloc", trace_kmem_cache_alloc_enabled },
	{ "mm_page_alloc", trace_mm_page_alloc_enabled },
	{ "signal_generate", trace_signal_generate_enabled },
	{ "mmap_lock_acquire_returned", trace_mmap_lock_acquire_returned_enabled },
	{ "mmap_lock_released", trace_mmap_lock_released_enabled },
#ifdef CONFIG_LOCKDEP
	{ "lock_acquire", trace_lock_acquire_enabled },
	{ "lock_release", trace_lock_release_enabled },
#endif
};

KUNIT_ARRAY_PARAM_DESC(switch, switch_cases, desc);

static void observe_switch(struct kunit *test)
{
	const struct switch_case *c = test->param_value;

	KUNIT_EXPECT_TRUE(test, c->is_enabled());
	KUNIT_EXPECT_EQ(test, kapi_validate(true), 0);
	KUNIT_EXPECT_TRUE(test, kapi_validating());
	KUNIT_EXPECT_EQ(test, kapi_validate(false), 0);
	KUNIT_EXPECT_FALSE(test, kapi_validating());
	KUNIT_EXPECT_FALSE(test, c->is_enabled());
	KUNIT_EXPECT_EQ(test, kapi_validate(true), 0);
	KUNIT_EXPECT_TRUE(test, c->is_enabled());
}

static void observe_watches(struct kunit *test)
{
	struct kapi_watch *w;
	unsigned int i;

	KUNIT_EXPECT_STREQ(test, watch->spec->name, "sys_munlockall");
	KUNIT_EXPECT_EQ(test, watch->clauses, kapi_clause_end(watch->spec));
	KUNIT_EXPECT_EQ(test, watch->mmap_lock, 0);
	scoped_guard(mutex, &kapi_watch_lock)
		for (i = 0; (w = kapi_watch_at(i)) && w != watch; i++)
			;
	KUNIT_EXPECT_PTR_EQ(test, w, watch);
	KUNIT_EXPECT_NULL(test, kapi_watch_by_nr(__NR_getpid));
	KUNIT_EXPECT_NULL(test, kapi_watch_by_nr(NR_syscalls));
	KUNIT_EXPECT_NULL(test, kapi_watch_by_nr(-1));
}

/* === As it was before ===================================================== */

static struct validator_state before;

static int observe_suite_init(struct kunit_suite *suite)
{
	before = save_validator();
	return kapi_validate(true);
}

static void observe_suite_exit(struct kunit_suite *suite)
{
	put_back_validator(&before);
}

static int observe_init(struct kunit *test)
{
	watch = kapi_watch_by_nr(__NR_munlockall);
	KUNIT_ASSERT_NOT_NULL(test, watch);
	KUNIT_ASSERT_EQ(test, 0, kunit_attach_mm());
	kapi_report_reset();
	return 0;
}

static struct kunit_case observe_kunit_cases[] = {
	KUNIT_CASE_PARAM(observe_call, observe_gen_params),
	KUNIT_CASE(observe_good_call),
	KUNIT_CASE(observe_lock_left_after_good_call),
	KUNIT_CASE(observe_good_failure),
	KUNIT_CASE(observe_counts_calls),
	KUNIT_CASE(observe_one_call_in_ten),
	KUNIT_CASE(observe_keeps_last_violations),
	KUNIT_CASE(observe_reader_misses_none),
	KUNIT_CASE(observe_callers_lock),
	KUNIT_CASE(observe_value_violated),
	KUNIT_CASE_PARAM(observe_guard, guard_gen_params),
	KUNIT_CASE(observe_value_before_lock),
	KUNIT_CASE(observe_page_unlocked),
	KUNIT_CASE(observe_page_left_locked),
	KUNIT_CASE(observe_value_shared),
	KUNIT_CASE(observe_sharing),
	KUNIT_CASE(observe_lock_of_another),
	KUNIT_CASE(observe_signal_of_io),
	KUNIT_CASE(observe_failure_shared),
	KUNIT_CASE(observe_failure_alone),
	KUNIT_CASE(observe_killed_with_another),
	KUNIT_CASE(observe_arguments),
	KUNIT_CASE(observe_page_left_absent),
	KUNIT_CASE(observe_page_absent_but_shared),
	KUNIT_CASE(observe_reason),
	KUNIT_CASE(observe_reason_at_entry),
	KUNIT_CASE(observe_limits),
	KUNIT_CASE(observe_limits_of_other_session),
	KUNIT_CASE_PARAM(observe_unchecked, unchecked_gen_params),
	KUNIT_CASE(observe_entry_without_exit),
	KUNIT_CASE(observe_tasks_that_die),
	KUNIT_CASE(observe_no_record_left),
	KUNIT_CASE(observe_records_given_back),
	KUNIT_CASE(observe_failed_allocation),
	KUNIT_CASE(observe_log_limit),
	KUNIT_CASE_PARAM(observe_switch, switch_gen_params),
	KUNIT_CASE(observe_watches),
	{}
};

static struct kunit_suite observe_suite = {
	.name = "kapi_observe",
	.suite_init = observe_suite_init,
	.suite_exit = observe_suite_exit,
	.init = observe_init,
	.test_cases = observe_kunit_cases,
};

kunit_test_suite(observe_suite);
