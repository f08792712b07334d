// SPDX-License-Identifier: GPL-2.0
/*
 * The records of calls: taken from a pool when a call begins, attached to its task, and
 * returned when it ends or is known never to end.
 */
#include <linux/atomic.h>
#include <linux/bpf.h>
#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/irqflags.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/objpool.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "../kapi.h"
#include "validate.h"

/*
 * Allocated when the validator is switched on, so that a call allocates nothing. A call for
 * which none is left is not checked.
 */
static struct objpool_head records;

/* Calls that got none. */
static atomic_long_t missed;

/* All records, in use or not. */
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
	const int count = min(KAPI_RECORDS_PER_CPU * num_possible_cpus(), KAPI_MAX_RECORDS);

	kapi_remote_reset();
	atomic_long_set(&missed, 0);
	all_records = NULL;
	return objpool_init(&records, count, sizeof(struct kapi_call),
			    GFP_KERNEL | __GFP_NOWARN, NULL, init_record, NULL);
}

/* Returns a task's records to the pool: from the innermost one up to, but without, @until. */
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
 * Called while only the exit of tasks is observed: the ends of running calls will not be
 * seen. Returns whether there were any.
 */
bool kapi_drop_all_calls(void)
{
	struct task_struct *process, *task;
	bool any = kapi_remote_any();

	/* Under RCU alone, one that becomes its group's leader could be passed over. */
	read_lock(&tasklist_lock);
	for_each_process_thread(process, task) {
		/* Now only a dying task changes it. */
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
 * A function that sleeps, or one that never returns, such as kthread_exit(), may have left
 * its record in a task. From now on, probes do not look at its spec.
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
		/* If another call has the record by now, this does not affect it. */
		if (is_in_set(watch, set))
			WRITE_ONCE(call->disowned, watch);
	}
	/* For probes: those of functions run with preemption disabled. */
	synchronize_rcu();
	tracepoint_synchronize_unregister();
}

/* Called while no probe runs and all calls are dropped. */
void kapi_records_free(void)
{
	objpool_fini(&records);
}

/* The context in which a call begins or ends. */
void kapi_read_context(struct kapi_context *c)
{
	c->preempt_count = preempt_count();
	c->irqs_off = irqs_disabled();
	c->in_rcu = rcu_preempt_depth() > 0;
}

/* With all calls nested in it: one that has not ended by now never will. */
void kapi_leave_call(struct kapi_call *call)
{
	struct kapi_call *outer = call->outer;

	give_back(xchg(&current->kapi_call, outer), outer);
}

/* Its end may not be seen. A call that has others nested in it goes when they are over. */
static void leave_disowned(void)
{
	struct kapi_call *call;

	while (in_task() && (call = current->kapi_call) && kapi_is_disowned(call))
		kapi_leave_call(call);
}

/* Clears all but what other tasks may read, see kapi_disown_records(). */
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
 * Context: that of the call. In an interrupt it must not begin, see kapi_forget_call().
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
	kapi_read_context(&call->entry);
	return call;
}

/* For a call that was prepared, but does not begin. */
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
		/* Others may count meanwhile. */
		sum += data_race(set->probe.nmissed);
	}
	return sum;
}

/**
 * kapi_running_call - the innermost of the running calls
 *
 * What happens now counts for all of them, see kapi_for_each_running(). Reclaim and
 * compaction run in any task that allocates, but their locks are not the call's; nor are
 * those of a BPF program.
 *
 * Context: any.
 * Return: NULL if none is observed, or the validator itself is at work.
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
