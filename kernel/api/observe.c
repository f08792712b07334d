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
#include <linux/atomic.h>
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
#include <asm/unistd.h>

#include "kapi.h"
#include "validate.h"

/* === Resource limits ====================================================== */

/*
 * Another process changes the caller's limits by prlimit(), and may put them back before
 * the caller returns. Calls that may do so are counted, when they begin and when they are
 * over; a process killed in between leaves limits in doubt until the validator is
 * switched on again.
 */
static atomic_t limits_begun, limits_done;

/* The number of a compat call is one of another table, so it may be any call. */
static bool may_change_limits(int nr)
{
	return nr == __NR_prlimit64 || in_compat_syscall();
}

static void begin_change_of_limits(struct kapi_call *call)
{
	call->session = kapi_session();
	call->changes_limits = true;
	atomic_inc_return(&limits_begun);	/* ordered before the change */
}

static void end_change_of_limits(struct kapi_call *call)
{
	call->changes_limits = false;
	if (call->session == kapi_session())
		atomic_inc_return(&limits_done);	/* ordered after the change */
}

static unsigned int read_limits_done(void)
{
	unsigned int done = atomic_read(&limits_done);

	smp_rmb();	/* before any limit is read; pairs with atomic_inc_return() */
	return done;
}

/* Not if all changes that ever began were over when the call did. */
static bool limits_may_have_changed(const struct kapi_call *call)
{
	smp_rmb();	/* after any limit was read; pairs with atomic_inc_return() */
	return atomic_read(&limits_begun) != call->limits_done;
}

/* Begins a session, while no probe runs. */
void kapi_observe_begin(void)
{
	atomic_set(&limits_begun, 0);
	atomic_set(&limits_done, 0);
}

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
static void read_snapshot(struct kapi_call *call, u64 *now, const u64 *before,
			  enum kapi_moment when)
{
	const struct kapi_snapshot *snapshot = call->watch->spec->snapshot;
	const bool self = call->self;

	if (!snapshot || !snapshot->read)
		return;
	call->self = true;
	barrier();	/* the flag is for probes that run in this task */
	snapshot->read(now, before, call->args, when);
	barrier();
	call->self = self;
}

static void take_snapshot(struct kapi_call *call, enum kapi_moment when)
{
	if (when == KAPI_AT_ENTRY || when == KAPI_AT_LOCK)
		read_snapshot(call, call->before, NULL, when);
	else
		read_snapshot(call, call->after, call->before, when);
}

static void forget_values(u64 *values)
{
	memset64(values, KAPI_NO_VALUE, KAPI_MAX_VALUES);
}

/*
 * Whether other tasks use the mm: threads, processes made by clone(CLONE_VM), or the
 * parent of a vfork(). Whoever only looks at it, by /proc say, has a reference, too.
 */
static bool is_mm_shared(void)
{
	struct mm_struct *mm = current->mm;

	if (!mm || atomic_read(&mm->mm_users) == 1)
		return false;
	/* The parent of a vfork() clears it if it is killed, and then does nothing more. */
	return atomic_read(&current->signal->live) > 1 || data_race(current->vfork_done) ||
	       mm_flags_test(MMF_MULTIPROCESS, mm);
}

static void open_record(struct kapi_call *call, const struct kapi_watch *watch,
			struct pt_regs *regs)
{
	call->session = kapi_session();
	call->locked = false;
	call->for_read = false;
	call->changed_for_read = false;
	call->passed_over = false;
	call->others_held = 0;
	call->limits_done = read_limits_done();
	call->mm = current->mm;
	memset(call->lock, 0, sizeof(call->lock));
	sigemptyset(&call->sent);
	syscall_get_arguments(current, regs, call->args);
	read_context(&call->entry);
	call->shared = is_mm_shared();
	forget_values(call->before);
	forget_values(call->after);
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
	if (!call->locked)
		take_snapshot(call, KAPI_AT_EXIT);
	end->shared = is_mm_shared();
	end->limits_changed = limits_may_have_changed(call);
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

static void probe_sys_enter(void *data, struct pt_regs *regs, long unused)
{
	struct kapi_call *call = &current->kapi_call;
	int nr = syscall_get_nr(current, regs);
	const struct kapi_watch *watch = kapi_watch_by_nr(nr);

	WRITE_ONCE(call->watch, NULL);
	call->changes_limits = false;
	barrier();	/* before anything of it changes */
	if (unlikely(may_change_limits(nr)))
		begin_change_of_limits(call);
	if (unlikely(watch) && !in_compat_syscall() && !may_be_refused())
		open_record(call, watch, regs);
}

static void probe_sys_exit(void *data, struct pt_regs *regs, long unused)
{
	struct kapi_call *call = &current->kapi_call;
	struct kapi_watch *watch = (struct kapi_watch *)call->watch;
	struct kapi_evidence e = { .call = call };
	struct kapi_end end;

	if (unlikely(call->changes_limits))
		end_change_of_limits(call);
	if (likely(!watch))
		return;
	/* Another thread may have brought in seccomp after the entry. */
	if (call->session == kapi_session() && !may_be_refused()) {
		call->self = true;
		close_record(call, &end, syscall_get_return_value(current, regs));
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

/* A look under the lock held for read tells nothing of what it is when held for write. */
static void read_at_lock(struct kapi_call *call)
{
	if (call->locked) {
		forget_values(call->before);
		forget_values(call->after);
		take_snapshot(call, KAPI_AT_ENTRY);
	}
	call->locked = true;
	take_snapshot(call, KAPI_AT_LOCK);
}

static void read_at_unlock(struct kapi_call *call)
{
	forget_values(call->after);
	take_snapshot(call, KAPI_AT_UNLOCK);
}

/* What the lock guards is to stay as it was when it was downgraded. */
static bool is_changed(const struct kapi_snapshot *snapshot, const u64 *before, const u64 *now)
{
	unsigned int i;

	for (i = snapshot->reasons; i < snapshot->guarded; i++)
		if (now[i] != before[i] && now[i] != KAPI_NO_VALUE && before[i] != KAPI_NO_VALUE)
			return true;
	return false;
}

static void read_after_downgrade(struct kapi_call *call)
{
	u64 at_downgrade[KAPI_MAX_VALUES];

	memcpy(at_downgrade, call->after, sizeof(at_downgrade));
	read_at_unlock(call);
	call->changed_for_read |= is_changed(call->watch->spec->snapshot, at_downgrade,
					     call->after);
	call->for_read = false;
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
		call->for_read = is_snapshot_lock(call);
		if (call->for_read)
			read_at_unlock(call);
		return;
	}
	kapi_count_up(write ? &seen->write : &seen->read);
	if (is_snapshot_lock(call) && (!call->locked || (write && seen->write == 1)))
		read_at_lock(call);
}

/*
 * Comes before the lock is really given back. What is as it should be then is so, whoever
 * held the lock.
 */
static void probe_mmap_lock_released(void *data, struct mm_struct *mm, bool write)
{
	struct kapi_call *call = kapi_observed_call();
	struct kapi_lock_seen *seen = call ? mmap_lock_of(call, mm) : NULL;
	bool later;

	if (!seen)
		return;
	later = pass_over(seen, write);
	if (!later) {
		kapi_count_up(&seen->released);
		later = call->for_read || (!write && seen->released > 1);
	}
	if (!is_snapshot_lock(call) || !call->locked)
		return;
	if (call->for_read)
		read_after_downgrade(call);
	if (later)
		take_snapshot(call, KAPI_AT_LATER_UNLOCK);
	else
		read_at_unlock(call);
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
	if (sig == SIGSEGV && task == current && kapi_rseq_debugged())
		call->passed_over = true;
	else
		sigaddset(&call->sent, sig);
}

/* Other probes of entry and exit have the call outside of what is observed. */
DEFINE_KAPI_PROBE(sys_enter, INT_MIN);
DEFINE_KAPI_PROBE(sys_exit, INT_MAX);
DEFINE_KAPI_PROBE(mmap_lock_acquire_returned, TRACEPOINT_DEFAULT_PRIO);
DEFINE_KAPI_PROBE(mmap_lock_released, TRACEPOINT_DEFAULT_PRIO);
DEFINE_KAPI_PROBE(signal_generate, TRACEPOINT_DEFAULT_PRIO);
