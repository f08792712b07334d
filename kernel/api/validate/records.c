// SPDX-License-Identifier: GPL-2.0
/*
 * The records of calls: taken from a pool when a call begins, attached to its task, given back
 * when it ends or never will.
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
	const int count = min(KAPI_RECORDS_PER_CPU * num_possible_cpus(), KAPI_MAX_RECORDS);

	kapi_remote_reset();
	atomic_long_set(&missed, 0);
	all_records = NULL;
	return objpool_init(&records, count, sizeof(struct kapi_call),
			    GFP_KERNEL | __GFP_NOWARN, NULL, init_record, NULL);
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
	bool any = kapi_remote_any();

	/* Under RCU alone, one that becomes its group's leader could be passed over. */
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

/* The context that a call begins or ends in. */
void kapi_read_context(struct kapi_context *c)
{
	c->preempt_count = preempt_count();
	c->irqs_off = irqs_disabled();
	c->in_rcu = rcu_preempt_depth() > 0;
}

/* With all that are in it: a nested one that has not ended yet never will. */
void kapi_leave_call(struct kapi_call *call)
{
	struct kapi_call *outer = call->outer;

	give_back(xchg(&current->kapi_call, outer), outer);
}

/* Nobody may see the end of such a call. One with others in it goes when they are over. */
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
	kapi_read_context(&call->entry);
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
