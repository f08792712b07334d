// SPDX-License-Identifier: GPL-2.0
/*
 * Records what a system call does, in the task that makes it.
 *
 * The probes fire for all tasks; those without a record leave at once. Preemption on
 * interrupt exit runs with in_task() true and is attributed to the task.
 */
#define pr_fmt(fmt) "kapi: " fmt

#include <linux/bitops.h>
#include <linux/compat.h>
#include <linux/mm_types.h>
#include <linux/objpool.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/seccomp.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <trace/events/sched.h>
#include <trace/events/signal.h>
#include <trace/events/syscalls.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#include "../kapi.h"
#include "validate.h"

/* === Records ============================================================== */

/*
 * Made when the validator is switched on, so that nothing is allocated on the way of a
 * call. If all are in use, a call is not checked.
 */
static struct objpool_head records;

static int init_record(void *obj, void *context)
{
	memset(obj, 0, sizeof(struct kapi_call));
	return 0;
}

int kapi_records_create(void)
{
	kapi_limits_reset();
	return objpool_init(&records, KAPI_RECORDS_PER_CPU * num_possible_cpus(),
			    sizeof(struct kapi_call), GFP_KERNEL | __GFP_NOWARN, NULL,
			    init_record, NULL);
}

static void give_back(struct task_struct *task)
{
	struct kapi_call *call = xchg(&task->kapi_call, NULL);

	if (call)
		objpool_push(call, &records);
}

/*
 * While no probe runs but that of a task's exit: of calls that are under way, the ends will
 * not be seen.
 */
void kapi_records_free(void)
{
	struct task_struct *process, *task;

	read_lock(&tasklist_lock);
	for_each_process_thread(process, task)
		give_back(task);
	read_unlock(&tasklist_lock);
	objpool_fini(&records);
}

static struct kapi_call *take_record(const struct kapi_watch *watch)
{
	struct kapi_call *call = objpool_pop(&records);

	if (!call)
		return NULL;
	memset(call, 0, offsetof(struct kapi_call, view.start));
	call->watch = watch;
	return call;
}

/*
 * The running call, if it is observed and this is its doing. Reclaim and compaction work
 * in the context of whoever asks for memory; the locks that they take are not the call's.
 */
struct kapi_call *kapi_running_call(void)
{
	struct kapi_call *call = READ_ONCE(current->kapi_call);

	if (!call || !in_task() || call->busy || !call->watch || current->flags & PF_MEMALLOC)
		return NULL;
	return call;
}

/* Stays at its maximum, which then says "more than that". */
void kapi_count_up(u16 *count)
{
	if (*count < U16_MAX)
		(*count)++;
}

/* === Readings ============================================================= */

static __always_inline void evaluate(struct kapi_call *call, unsigned int i, struct kapi_reading *r)
{
	const struct kapi_condition *cond = call->watch->condition[i];

	call->of = 0;
	call->unknown = cond->wide;
	r->value = cond->wide ? 0 : cond->eval(call, call->args, call->ret);
	r->of = call->of;
	r->known = !call->unknown;
	r->at_lock = call->moment == KAPI_AT_LOCK || call->moment == KAPI_AT_UNLOCK;
}

/* What needs the lock is read again under it, but for what the result has a part in. */
static void read_at_entry(struct kapi_call *call)
{
	const struct kapi_watch *watch = call->watch;
	struct kapi_reading *before = call->before;
	unsigned int i;

	for (i = 0; i < watch->condition_count; i++, before++) {
		evaluate(call, i, before);
		if (!before->known || before->of & KAPI_OF_MM)
			call->under_lock |= BIT(i);
	}
	call->under_lock &= ~watch->of_result;
}

static void read_at_lock(struct kapi_call *call)
{
	unsigned int i;

	for_each_set_bit(i, &call->under_lock, KAPI_MAX_CONDITIONS)
		evaluate(call, i, &call->before[i]);
	call->done = 0;
}

static void read_at_unlock(struct kapi_call *call)
{
	unsigned int i;

	call->done = 0;
	for_each_set_bit(i, &call->under_lock, KAPI_MAX_CONDITIONS) {
		evaluate(call, i, &call->after[i]);
		call->done |= call->after[i].known ? BIT(i) : 0;
	}
}

/*
 * What is read under the lock that guards it is so all the time if the call does not take
 * that; but for what the result has a part in.
 */
static bool is_as_before(const struct kapi_call *call, unsigned int i)
{
	const struct kapi_reading *after = &call->after[i];

	return call->watch->guarded && !call->locked && !(call->watch->of_result & BIT(i)) &&
	       after->known && after->of & KAPI_OF_MM;
}

/* All that was not told when the lock was given back. */
static void read_at_exit(struct kapi_call *call)
{
	unsigned int i;

	for (i = 0; i < call->watch->condition_count; i++) {
		if (call->done & BIT(i))
			continue;
		evaluate(call, i, &call->after[i]);
		if (!call->before[i].known && is_as_before(call, i))
			call->before[i] = call->after[i];
	}
}

static void (*const take_readings[])(struct kapi_call *call) = {
	[KAPI_AT_ENTRY] = read_at_entry,
	[KAPI_AT_LOCK] = read_at_lock,
	[KAPI_AT_UNLOCK] = read_at_unlock,
	[KAPI_AT_EXIT] = read_at_exit,
};

/**
 * kapi_take_readings - evaluate the conditions of a spec
 * @call: a running call of the current task
 * @moment: those that are due now
 *
 * What a condition locks meanwhile is not the call's doing.
 */
void kapi_take_readings(struct kapi_call *call, enum kapi_moment moment)
{
	const bool busy = call->busy;

	call->busy = true;
	barrier();	/* the flag is for probes that run in this task */
	call->moment = moment;
	/* At exit, what was read of the mm when the lock was given back stands. */
	if (moment != KAPI_AT_EXIT || !call->done)
		call->reading++;
	take_readings[moment](call);
	kapi_read_mm_end(call);
	barrier();
	call->busy = busy;
}

/* === Entry and exit ======================================================= */

static void read_context(struct kapi_context *c)
{
	c->preempt_count = preempt_count();
	c->irqs_off = irqs_disabled();
}

/*
 * User-mode Linux traces the entry before ptrace and seccomp can reject the call;
 * everybody else, after. What they refuse is not the call's answer.
 */
static bool may_be_refused(void)
{
	return IS_ENABLED(CONFIG_UML) &&
	       (current->ptrace || seccomp_mode(&current->seccomp) != SECCOMP_MODE_DISABLED);
}

/* The number of a compat call is one of another table, so it may be any call. */
static bool may_change_limits(int nr)
{
	return nr == __NR_prlimit64 || in_compat_syscall();
}

static bool is_due(const struct kapi_watch *watch)
{
	unsigned int every = READ_ONCE(kapi_every);

	return every == 1 || !(this_cpu_inc_return(*watch->calls) % every);
}

/* Before it may be found. */
static void begin_record(struct kapi_call *call, struct pt_regs *regs)
{
	call->limits_done = kapi_limits_done();
	call->switches = current->nvcsw + current->nivcsw;
	call->mm = current->mm;
	syscall_get_arguments(current, regs, call->args);
	read_context(&call->entry);
	call->shared = kapi_shared_owners();
	kapi_take_readings(call, KAPI_AT_ENTRY);
}

static void probe_sys_enter(void *data, struct pt_regs *regs, long unused)
{
	int nr = syscall_get_nr(current, regs);
	const struct kapi_watch *watch = kapi_watch_by_nr(nr);
	bool changes_limits = may_change_limits(nr);
	struct kapi_call *call;

	if (unlikely(current->kapi_call))
		give_back(current);
	if (watch && (in_compat_syscall() || may_be_refused() || !is_due(watch)))
		watch = NULL;
	if (likely(!watch && !changes_limits))
		return;
	if (changes_limits)
		kapi_limits_begin();
	call = take_record(watch);
	if (!call)
		return;
	call->changes_limits = changes_limits;
	if (watch)
		begin_record(call, regs);
	barrier();	/* for probes that run in this task */
	WRITE_ONCE(current->kapi_call, call);
}

/* Other threads may send signals meanwhile: each word is what it is when it is read. */
static void read_pending(sigset_t *set)
{
	const sigset_t *own = &current->pending.signal;
	const sigset_t *shared = &current->signal->shared_pending.signal;
	int i;

	for (i = 0; i < _NSIG_WORDS; i++)
		set->sig[i] = READ_ONCE(own->sig[i]) | READ_ONCE(shared->sig[i]);
}

static void close_record(struct kapi_call *call, long ret)
{
	call->busy = true;
	call->ret = ret;
	read_context(&call->exit);
	call->held = kapi_other_lock(call);
	read_pending(&call->pending);
	/* One bit, of which it does not matter when it is looked at. */
	call->fatal = data_race(__fatal_signal_pending(current));
	kapi_take_readings(call, KAPI_AT_EXIT);
	call->shared |= kapi_shared_owners();
	if (kapi_limits_changed(call->limits_done))
		call->shared |= KAPI_OF_LIMITS;
	if (IS_ENABLED(CONFIG_SMP) || current->nvcsw + current->nivcsw != call->switches)
		call->shared |= KAPI_OF_PAGES;
}

static void probe_sys_exit(void *data, struct pt_regs *regs, long unused)
{
	struct kapi_call *call = current->kapi_call;

	if (likely(!call))
		return;
	if (call->changes_limits)
		kapi_limits_end();
	/* Another thread may have brought in seccomp after the entry. */
	if (call->watch && !may_be_refused()) {
		close_record(call, syscall_get_return_value(current, regs));
		kapi_report(call);
	}
	give_back(current);
}

/* A task that is killed in a call does not come to its exit. */
static void probe_sched_process_exit(void *data, struct task_struct *task, bool group_dead)
{
	give_back(task);
}

/* === Signals ============================================================== */

/*
 * The OOM killer works in the context of whoever asks for memory: a SIGKILL sent by the
 * kernel (SEND_SIG_PRIV) tells nothing of the call.
 */
static void probe_signal_generate(void *data, int sig, struct kernel_siginfo *info,
				  struct task_struct *task, int group, int result)
{
	struct kapi_call *call = kapi_running_call();

	if (!call || !valid_signal(sig) || !sig)
		return;
	if (sig == SIGKILL && info == SEND_SIG_PRIV)
		return;
	if (sig == SIGSEGV && task == current && kapi_rseq_debugged())
		call->passed_over = true;
	else
		sigaddset(&call->sent, sig);
}

/* Other probes of entry and exit have the call outside of what is observed. */
DEFINE_KAPI_PROBE(sys_enter, INT_MIN);
DEFINE_KAPI_PROBE(sys_exit, INT_MAX);
DEFINE_KAPI_PROBE(sched_process_exit, TRACEPOINT_DEFAULT_PRIO);
DEFINE_KAPI_PROBE(signal_generate, TRACEPOINT_DEFAULT_PRIO);
