// SPDX-License-Identifier: GPL-2.0
/*
 * What a system call does, recorded in its task while it runs.
 *
 * The probes see every task's doings. Most calls have no spec, and are over
 * after one load. For the others there is one record in struct task_struct,
 * which nobody else writes, so that none of it needs a lock.
 *
 * The way out of an interrupt, where the scheduler may run, passes for the task's own
 * doing: in_task() is true there. It may lie anywhere in the work of the probes: a
 * record that is being opened has no watch yet, and of the locks that are taken there
 * as many are given back.
 *
 * An exit without an entry is normal (a child's first return, the validator
 * switched on meanwhile), and so is an entry without an exit (exit(), a fatal
 * signal): an entry opens a record, overwriting whatever was there; only that
 * entry's exit is judged.
 */
#include <linux/audit.h>
#include <linux/compat.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/seccomp.h>
#include <linux/string.h>
#include <trace/events/mmap_lock.h>
#include <trace/events/signal.h>
#include <trace/events/syscalls.h>
#include <asm/syscall.h>

#include "kapi.h"
#include "validate.h"

/* === The record =========================================================== */

/*
 * The running call, if it is observed and this is its doing. Reclaim and
 * compaction work in the context of whoever asks for memory; the locks that they
 * take are not the call's.
 */
struct kapi_call *kapi_observed_call(void)
{
	struct kapi_call *call = &current->kapi_call;

	if (!in_task() || !READ_ONCE(call->watch) || call->self)
		return NULL;
	if (current->flags & PF_MEMALLOC || call->session != kapi_session())
		return NULL;
	return call;
}

/* Stays at its maximum, which then says "more than that". */
void kapi_count_up(u16 *count)
{
	if (*count < U16_MAX)
		(*count)++;
}

static void read_context(struct kapi_context *c)
{
	c->preempt_count = preempt_count();
	c->irqs_off = irqs_disabled();
}

/* What the snapshot itself locks is not the call's doing. */
static void take_snapshot(struct kapi_call *call, enum kapi_moment when)
{
	const struct kapi_snapshot *snapshot = call->watch->spec->snapshot;
	const bool is_first = when == KAPI_AT_ENTRY || when == KAPI_AT_LOCK;
	const bool self = call->self;

	if (!snapshot || !snapshot->read)
		return;
	call->self = true;
	barrier();	/* the flag is for probes that run in this task */
	snapshot->read(is_first ? call->before : call->after,
		       is_first ? NULL : call->before, call->args, when);
	barrier();
	call->self = self;
}

static void open_record(struct kapi_call *call, const struct kapi_watch *watch,
			struct pt_regs *regs)
{
	call->session = kapi_session();
	call->locked = false;
	call->others_held = 0;
	call->mm = current->mm;
	memset(call->lock, 0, sizeof(call->lock));
	sigemptyset(&call->sent);
	syscall_get_arguments(current, regs, call->args);
	read_context(&call->entry);
	call->shared = watch->spec->snapshot && !current_is_single_threaded();
	memset64(call->before, KAPI_NO_VALUE, KAPI_MAX_VALUES);
	memset64(call->after, KAPI_NO_VALUE, KAPI_MAX_VALUES);
	barrier();	/* now it may be found */
	WRITE_ONCE(call->watch, watch);
	take_snapshot(call, KAPI_AT_ENTRY);
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

/* The snapshot was read when the spec's lock was given back, if it has one. */
static void close_record(struct kapi_call *call, struct kapi_end *end, long ret)
{
	end->ret = ret;
	read_context(&end->context);
	end->held = kapi_other_lock(call);
	read_pending(&end->pending);
	/* One bit, of which it does not matter when it is looked at. */
	end->fatal = data_race(__fatal_signal_pending(current));
	end->shared = false;
	if (!call->watch->spec->snapshot)
		return;
	end->shared = !current_is_single_threaded();
	if (!call->locked)
		take_snapshot(call, KAPI_AT_EXIT);
}

/* === Entry and exit ======================================================= */

/*
 * User-mode Linux traces the entry before ptrace and seccomp have had their say;
 * everybody else, after. What they refuse is not the call's answer.
 */
static bool may_be_refused(void)
{
	return IS_ENABLED(CONFIG_UML) &&
	       (current->ptrace || seccomp_mode(&current->seccomp) != SECCOMP_MODE_DISABLED);
}

static void probe_sys_enter(void *data, struct pt_regs *regs, long nr)
{
	struct kapi_call *call = &current->kapi_call;
	const struct kapi_watch *watch = kapi_watch_by_nr(nr);

	WRITE_ONCE(call->watch, NULL);
	barrier();	/* before anything of it changes */
	if (likely(!watch) || in_compat_syscall() || may_be_refused())
		return;
	open_record(call, watch, regs);
}

static void probe_sys_exit(void *data, struct pt_regs *regs, long ret)
{
	struct kapi_call *call = &current->kapi_call;
	struct kapi_watch *watch = (struct kapi_watch *)call->watch;
	struct kapi_evidence e = { .call = call };
	struct kapi_end end;

	if (likely(!watch))
		return;
	/* Another thread may have brought in seccomp after the entry. */
	if (call->session == kapi_session() && !may_be_refused()) {
		call->self = true;
		close_record(call, &end, ret);
		e.spec = watch->spec;
		e.end = &end;
		kapi_report(watch, &e);
		call->self = false;
	}
	WRITE_ONCE(call->watch, NULL);
}

/* === The caller's mmap_lock =============================================== */

static struct kapi_lock_seen *mmap_lock_of(struct kapi_call *call, const struct mm_struct *mm)
{
	int i = call->watch->mmap_lock;

	return i >= 0 && mm == call->mm ? &call->lock[i] : NULL;
}

static bool is_snapshot_lock(const struct kapi_call *call)
{
	return call->watch->spec->snapshot_lock == call->watch->mmap_lock + 1;
}

static bool is_held(const struct kapi_lock_seen *seen)
{
	return seen->read + seen->write > seen->released;
}

/*
 * After the call and before its exit is traced audit reads the caller's command line,
 * for which it takes the lock; and rseq's debugging reads the caller's memory, and
 * may send it SIGSEGV.
 */
static bool may_be_for_exit(void)
{
	if (IS_ENABLED(CONFIG_AUDITSYSCALL) && !audit_dummy_context())
		return true;
	return kapi_rseq_debugged();
}

static bool pass_over(struct kapi_lock_seen *seen, bool write)
{
	if (write || is_held(seen) || !may_be_for_exit())
		return false;
	seen->passed_over = true;
	return true;
}

/* A downgrade looks like a second time, for read, while it is held for write. */
static void probe_mmap_lock_acquire_returned(void *data, struct mm_struct *mm,
					     bool write, bool success)
{
	struct kapi_call *call = kapi_observed_call();
	struct kapi_lock_seen *seen = call ? mmap_lock_of(call, mm) : NULL;

	if (!seen || !success || pass_over(seen, write))
		return;
	if (!write && is_held(seen)) {
		seen->downgraded = true;
		return;
	}
	kapi_count_up(write ? &seen->write : &seen->read);
	if (is_snapshot_lock(call) && !call->locked) {
		call->locked = true;
		take_snapshot(call, KAPI_AT_LOCK);
	}
}

/* Comes before the lock is really given back. */
static void probe_mmap_lock_released(void *data, struct mm_struct *mm, bool write)
{
	struct kapi_call *call = kapi_observed_call();
	struct kapi_lock_seen *seen = call ? mmap_lock_of(call, mm) : NULL;

	if (!seen || pass_over(seen, write))
		return;
	kapi_count_up(&seen->released);
	if (!is_snapshot_lock(call) || !call->locked)
		return;
	if (write && seen->released > 1)
		memset64(call->after, KAPI_NO_VALUE, KAPI_MAX_VALUES);
	take_snapshot(call, write || seen->released == 1 ? KAPI_AT_UNLOCK : KAPI_AT_LATER_UNLOCK);
}

/* === Signals ============================================================== */

/*
 * The OOM killer works in the context of whoever asks for memory: a SIGKILL that
 * the kernel sends of itself tells nothing of the call.
 */
static void probe_signal_generate(void *data, int sig, struct kernel_siginfo *info,
				  struct task_struct *task, int group, int result)
{
	struct kapi_call *call = kapi_observed_call();

	if (!call || !valid_signal(sig) || !sig)
		return;
	if (sig == SIGKILL && info == SEND_SIG_PRIV)
		return;
	if (sig == SIGSEGV && task == current && may_be_for_exit())
		return;
	sigaddset(&call->sent, sig);
}

/* Other probes of entry and exit have the call outside of what is observed. */
DEFINE_KAPI_PROBE(sys_enter, INT_MIN);
DEFINE_KAPI_PROBE(sys_exit, INT_MAX);
DEFINE_KAPI_PROBE(mmap_lock_acquire_returned, TRACEPOINT_DEFAULT_PRIO);
DEFINE_KAPI_PROBE(mmap_lock_released, TRACEPOINT_DEFAULT_PRIO);
DEFINE_KAPI_PROBE(signal_generate, TRACEPOINT_DEFAULT_PRIO);
