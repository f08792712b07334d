// SPDX-License-Identifier: GPL-2.0
/*
 * Records what a call does, in the task that makes it.
 *
 * The probes fire for all tasks; those without a record leave at once. Preemption on
 * interrupt exit runs with in_task() true and is attributed to the task.
 */
#define pr_fmt(fmt) "kapi: " fmt

#include <linux/bitops.h>
#include <linux/bpf.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/objpool.h>
#include <linux/oom.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched/coredump.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <trace/events/sched.h>
#include <trace/events/signal.h>

#include "../kapi.h"
#include "validate.h"

/* === Records ============================================================== */

/*
 * Made when the validator is switched on, so that nothing is allocated on the way of a
 * call. If all are in use, a call is not checked.
 */
static struct objpool_head records;

/* Calls that got none. */
static atomic_long_t missed;

/* Each of them, in use or not. */
static struct kapi_call *all_records;

static int init_record(void *obj, void *context)
{
	struct kapi_call *call = obj;

	memset(call, 0, sizeof(*call));
	call->next = all_records;
	all_records = call;
	return 0;
}

int kapi_records_create(void)
{
	kapi_limits_reset();
	atomic_long_set(&missed, 0);
	all_records = NULL;
	return objpool_init(&records, KAPI_RECORDS_PER_CPU * num_possible_cpus(),
			    sizeof(struct kapi_call), GFP_KERNEL | __GFP_NOWARN, NULL,
			    init_record, NULL);
}

/* Of a task: from the innermost on, until the one in which they were made. */
static void give_back(struct kapi_call *call, const struct kapi_call *until)
{
	struct kapi_call *outer;

	for (; call && call != until; call = outer) {
		outer = call->outer;
		objpool_push(call, &records);
	}
}

/**
 * kapi_drop_calls - forget the calls that a task is in
 * @task: the current one; one that is dying; or any, while no call is observed
 */
void kapi_drop_calls(struct task_struct *task)
{
	give_back(xchg(&task->kapi_call, NULL), NULL);
}

/*
 * While no probe runs but that of a task's exit: of calls that are under way, the ends will
 * not be seen. Returns whether there were any.
 */
bool kapi_drop_all_calls(void)
{
	struct task_struct *process, *task;
	bool any = kapi_limits_changed(kapi_limits_done());

	read_lock(&tasklist_lock);
	for_each_process_thread(process, task) {
		/* Nobody but a task that dies changes it now. */
		any |= !!data_race(task->kapi_call);
		kapi_drop_calls(task);
	}
	read_unlock(&tasklist_lock);
	return any;
}

static bool is_in_set(const struct kapi_watch *watch, const struct kapi_watch_set *set)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		if (set->watch[i] == watch)
			return true;
	return false;
}

/**
 * kapi_disown_records - let no call be one of a set any more
 * @set: one that is no longer observed
 *
 * A function that sleeps, or never returned, as kthread_exit() does not, may have left its
 * record in a task. Probes look at nothing of its spec from now on.
 *
 * Context: may sleep, with kapi_watch_lock held.
 */
void kapi_disown_records(const struct kapi_watch_set *set)
{
	const struct kapi_watch *watch;
	struct kapi_call *call;

	if (!kapi_validating())
		return;
	for (call = all_records; call; call = call->next) {
		watch = READ_ONCE(call->watch);
		/* If the record has become that of another call, this means nothing to it. */
		if (is_in_set(watch, set))
			WRITE_ONCE(call->disowned, watch);
	}
	/* For probes: those of functions run with preemption disabled. */
	synchronize_rcu();
	tracepoint_synchronize_unregister();
}

/* While no probe runs, and all calls are dropped. */
void kapi_records_free(void)
{
	objpool_fini(&records);
}

static void read_context(struct kapi_context *c)
{
	c->preempt_count = preempt_count();
	c->irqs_off = irqs_disabled();
	c->in_rcu = rcu_preempt_depth() > 0;
}

/* Nobody may see the end of such a call. */
static void leave_disowned(void)
{
	struct kapi_call *call;

	while (in_task() && (call = current->kapi_call) && kapi_is_disowned(call))
		kapi_leave_call(call);
}

/* What another task may look at meanwhile is not in it, see kapi_disown_records(). */
static void clear_record(struct kapi_call *call)
{
	const size_t from = offsetof(struct kapi_call, outer);

	WRITE_ONCE(call->disowned, NULL);
	memset((u8 *)call + from, 0, offsetof(struct kapi_call, view.start) - from);
}

/**
 * kapi_prepare_call - take a record
 * @watch: the spec to check the call by; NULL if it only changes limits
 *
 * Context: where the call is made. In an interrupt it does not begin, see
 * kapi_forget_call().
 * Return: the record, for the arguments to be filled in; NULL if none is left, or too many
 * calls are nested.
 */
struct kapi_call *kapi_prepare_call(const struct kapi_watch *watch)
{
	struct kapi_call *call;
	unsigned int depth;

	leave_disowned();
	depth = current->kapi_call ? current->kapi_call->depth + 1 : 0;
	call = depth < KAPI_MAX_DEPTH ? objpool_pop(&records) : NULL;
	if (!call) {
		atomic_long_inc(&missed);
		return NULL;
	}
	clear_record(call);
	WRITE_ONCE(call->watch, watch);
	call->depth = depth;
	read_context(&call->entry);
	return call;
}

/* One that was prepared and does not begin. */
void kapi_forget_call(struct kapi_call *call)
{
	objpool_push(call, &records);
}

/**
 * kapi_missed_calls - calls that got no record, see kapi_prepare_call()
 *
 * Return: their number since the validator was switched on, with those that fprobe had no
 * room for.
 */
unsigned long kapi_missed_calls(void)
{
	unsigned long sum = atomic_long_read(&missed);
	struct kapi_watch_set *set;

	guard(mutex)(&kapi_watch_lock);
	list_for_each_entry(set, &kapi_watch_sets, list) {
		/* It may go on counting. */
		sum += data_race(set->probe.nmissed);
	}
	return sum;
}

/**
 * kapi_running_call - the innermost of the running calls
 *
 * What happens now is the doing of all of them, see kapi_for_each_running(). Reclaim and
 * compaction work in the context of whoever asks for memory; the locks that they take are
 * not the call's. Nor are those of a BPF program.
 *
 * Context: any.
 * Return: NULL if none is observed, or what happens is the validator's own doing.
 */
struct kapi_call *kapi_running_call(void)
{
	struct kapi_call *first = READ_ONCE(current->kapi_call), *call;

	if (!first || !in_task() || !first->watch || current->flags & PF_MEMALLOC ||
	    has_current_bpf_ctx())
		return NULL;
	for (call = first; call; call = call->outer)
		if (READ_ONCE(call->busy))
			return NULL;
	return first;
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

	WRITE_ONCE(call->busy, true);
	barrier();	/* the flag is for probes that run in this task */
	call->moment = moment;
	/* At exit, what was read of the mm when the lock was given back stands. */
	if (moment != KAPI_AT_EXIT || !call->done)
		call->reading++;
	take_readings[moment](call);
	kapi_read_mm_end(call);
	barrier();
	WRITE_ONCE(call->busy, busy);
}

/* === Entry and exit ======================================================= */

/* Whether this call is the one in so many that is checked. */
bool kapi_is_due(const struct kapi_watch *watch)
{
	unsigned int every = READ_ONCE(kapi_every);

	return every == 1 || !(this_cpu_inc_return(*watch->calls) % every);
}

static bool call_may_sleep(struct kapi_call *call)
{
	const struct kernel_api_spec *spec = call->watch->spec;
	const struct kapi_condition *cond = spec->may_sleep;

	if (!cond)
		return spec->context & KAPI_CTX_SLEEPABLE;
	return cond->eval && !cond->wide && cond->eval(call, call->args, 0);
}

static enum kapi_seen_from seen_from(const struct kapi_call *call)
{
	const int count = call->entry.preempt_count - call->own_preemption;

	if (count & HARDIRQ_MASK)
		return KAPI_SEEN_HARDIRQ;
	if (count & SOFTIRQ_OFFSET)
		return KAPI_SEEN_SOFTIRQ;
	return count || call->entry.irqs_off ? KAPI_SEEN_ATOMIC : KAPI_SEEN_PROCESS;
}

/**
 * kapi_see_caller - note what a function's caller must see to
 * @call: a call that begins, with the arguments
 *
 * Context: any.
 */
void kapi_see_caller(struct kapi_call *call)
{
	/* As might_sleep() has it: a machine that goes down minds less. */
	call->minds_context = !oops_in_progress && system_state <= SYSTEM_RUNNING;
	call->may_sleep = call_may_sleep(call);
	kapi_see_held_locks(call);
	kapi_learn_caller(call, seen_from(call));
}

static void read_entry(struct kapi_call *call)
{
	call->limits_done = kapi_limits_done();
	call->switches = current->nvcsw + current->nivcsw;
	call->shared = kapi_shared_owners();
	kapi_take_readings(call, KAPI_AT_ENTRY);
}

/**
 * kapi_begin_call - observe a call from now on
 * @call: its record, with the arguments
 */
void kapi_begin_call(struct kapi_call *call)
{
	call->outer = current->kapi_call;
	call->mm = current->mm;
	call->busy = true;
	barrier();	/* for probes that run in this task; likewise below */
	WRITE_ONCE(current->kapi_call, call);
	if (call->watch)
		read_entry(call);
	barrier();
	WRITE_ONCE(call->busy, false);
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

/* On one processor nobody else runs unless the task is switched away. */
static bool was_alone(const struct kapi_call *call)
{
	return !IS_ENABLED(CONFIG_SMP) && current->nvcsw + current->nivcsw == call->switches;
}

/* Who may have changed what while the call ran. */
static u8 who_interferes(const struct kapi_call *call)
{
	u8 limits = kapi_limits_changed(call->limits_done) ? KAPI_OF_LIMITS : 0;

	return was_alone(call) ? 0 : call->shared | kapi_shared_owners() | limits;
}

/* Whoever shares a victim's mm is killed with it, but not marked. */
static bool may_be_oom_victim(void)
{
	return tsk_is_oom_victim(current) ||
	       (current->mm && mm_flags_test(MMF_MULTIPROCESS, current->mm));
}

static void read_exit(struct kapi_call *call, long ret)
{
	WRITE_ONCE(call->busy, true);
	call->ret = call->watch->is_syscall ? ret : kapi_return_value(call->watch->spec, ret);
	read_context(&call->exit);
	call->held = kapi_other_lock(call);
	read_pending(&call->pending);
	if (unlikely(sigismember(&call->sent, SIGKILL)) && may_be_oom_victim())
		sigdelset(&call->sent, SIGKILL);
	/* One bit, of which it does not matter when it is looked at. */
	call->fatal = data_race(__fatal_signal_pending(current));
	kapi_take_readings(call, KAPI_AT_EXIT);
	call->shared = who_interferes(call);
}

static bool is_running(const struct kapi_call *call)
{
	const struct kapi_call *c = current->kapi_call;

	while (c && c != call)
		c = c->outer;
	return c;
}

/* With all that are in it: a nested one that has not ended yet never will. */
void kapi_leave_call(struct kapi_call *call)
{
	struct kapi_call *outer = call->outer;

	give_back(xchg(&current->kapi_call, outer), outer);
}

/**
 * kapi_end_call - check a call
 * @call: its record; forgotten if the validator was switched off meanwhile
 * @ret: what it returns, as it lies in a register
 */
void kapi_end_call(struct kapi_call *call, long ret)
{
	if (!is_running(call))
		return;
	if (!kapi_is_disowned(call)) {
		read_exit(call, ret);
		kapi_report(call);
		kapi_learn_call(call);
	}
	kapi_leave_call(call);
}

/* A task that is killed in a call does not come to its end. */
static void probe_sched_process_exit(void *data, struct task_struct *task, bool group_dead)
{
	kapi_drop_calls(task);
}

/* === Signals ============================================================== */

/*
 * The OOM killer works in the context of whoever asks for memory: a SIGKILL that the kernel
 * sends to others (SEND_SIG_PRIV) tells nothing of the call.
 */
static void probe_signal_generate(void *data, int sig, struct kernel_siginfo *info,
				  struct task_struct *task, int group, int result)
{
	struct kapi_call *call;

	if (!valid_signal(sig) || !sig ||
	    (sig == SIGKILL && info == SEND_SIG_PRIV && !same_thread_group(task, current)))
		return;
	kapi_for_each_running(call)
		sigaddset(&call->sent, sig);
}

DEFINE_KAPI_PROBE(sched_process_exit);
DEFINE_KAPI_PROBE(signal_generate);
