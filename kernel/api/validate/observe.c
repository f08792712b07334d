// SPDX-License-Identifier: GPL-2.0
/*
 * Records what a call does, in the task that makes it.
 *
 * The probes fire for all tasks and return at once if the task has no record. Preemption on
 * interrupt exit runs with in_task() true and is attributed to the task.
 */
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched/coredump.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <trace/events/sched.h>
#include <trace/events/signal.h>

#include "../kapi.h"
#include "validate.h"

/* === Entry and exit ======================================================= */

/* Whether this call is checked, by "every". */
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
	return cond->eval && cond->eval(call, call->args, 0);
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
 * kapi_see_caller - note what the rules for callers need
 * @call: a call that begins, with the arguments
 *
 * Context: any.
 */
void kapi_see_caller(struct kapi_call *call)
{
	/* Like might_sleep(): not checked in an oops or a shutdown. */
	call->minds_context = !oops_in_progress && system_state <= SYSTEM_RUNNING;
	call->may_sleep = call_may_sleep(call);
	kapi_see_held_locks(call);
	kapi_learn_caller(call, seen_from(call));
}

static void read_entry(struct kapi_call *call)
{
	unsigned int i;

	for (i = 0; i < KAPI_REMOTES; i++)
		call->remote_done[i] = kapi_remote_done(i);
	kapi_see_mm(call);
	call->fails_unseen = kapi_fails_unseen();
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

/* Other threads may send signals meanwhile: each word is read once. */
static void read_pending(sigset_t *set)
{
	const sigset_t *own = &current->pending.signal;
	const sigset_t *shared = &current->signal->shared_pending.signal;
	int i;

	for (i = 0; i < _NSIG_WORDS; i++)
		set->sig[i] = READ_ONCE(own->sig[i]) | READ_ONCE(shared->sig[i]);
}

/* On one processor nobody else runs unless the task is switched out. */
static bool was_alone(const struct kapi_call *call)
{
	return !IS_ENABLED(CONFIG_SMP) && current->nvcsw + current->nivcsw == call->switches;
}

/* Who may have changed what while the call ran. */
static u8 who_interferes(const struct kapi_call *call)
{
	u8 of = call->shared | kapi_shared_owners();

	if (was_alone(call))
		return 0;
	if (kapi_remote_changed(KAPI_REMOTE_LIMITS, call->remote_done[KAPI_REMOTE_LIMITS]))
		of |= KAPI_OF_LIMITS;
	return kapi_mm_changed(call) ? of | KAPI_OF_MM : of;
}

/*
 * Processes that share a victim's mm, and the child of a vfork(), are killed with it, but
 * not marked as victims.
 */
static bool may_be_oom_victim(const struct kapi_call *call)
{
	return tsk_is_oom_victim(current) || call->shared & KAPI_OF_MM ||
	       (current->mm && mm_flags_test(MMF_MULTIPROCESS, current->mm));
}

static void read_exit(struct kapi_call *call, long ret)
{
	WRITE_ONCE(call->busy, true);
	call->ret = call->watch->is_syscall ? ret : kapi_return_value(call->watch->spec, ret);
	kapi_read_context(&call->exit);
	call->held = kapi_other_lock(call);
	read_pending(&call->pending);
	if (unlikely(sigismember(&call->sent, SIGKILL)) && may_be_oom_victim(call))
		sigdelset(&call->sent, SIGKILL);
	/* One bit; it does not matter when it is read. */
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

/* A call whose task is killed never ends. */
static void probe_sched_process_exit(void *data, struct task_struct *task, bool group_dead)
{
	kapi_drop_calls(task);
}

/* Stays at its maximum, which means "that many or more". */
void kapi_count_up(u16 *count)
{
	if (*count < U16_MAX)
		(*count)++;
}

/* === Signals ============================================================== */

/*
 * A signal for I/O readiness: the file's owner chose it by F_SETSIG, and any task that makes
 * the file ready sends it, even in a page fault that FUSE serves.
 */
static bool is_of_io(int sig, const struct kernel_siginfo *info)
{
	if (info <= SEND_SIG_PRIV)
		return info == SEND_SIG_PRIV && (sig == SIGIO || sig == SIGURG);
	return siginfo_layout(sig, info->si_code) == SIL_POLL;
}

/*
 * The OOM killer runs in any task that allocates: a SIGKILL that the kernel sends to others
 * (SEND_SIG_PRIV) is not the call's.
 */
static void probe_signal_generate(void *data, int sig, struct kernel_siginfo *info,
				  struct task_struct *task, int group, int result)
{
	struct kapi_call *call;

	if (!valid_signal(sig) || !sig ||
	    (sig == SIGKILL && info == SEND_SIG_PRIV && !same_thread_group(task, current)))
		return;
	kapi_for_each_running(call)
		sigaddset(is_of_io(sig, info) ? &call->sent_of_io : &call->sent, sig);
}

DEFINE_KAPI_PROBE(sched_process_exit);
DEFINE_KAPI_PROBE(signal_generate);
