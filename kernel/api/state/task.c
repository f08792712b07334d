// SPDX-License-Identifier: GPL-2.0
/*
 * The calling task: its limits, capabilities and allocations; and who else may change
 * what a condition reads.
 */
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/fdtable.h>
#include <linux/lsm_hooks.h>
#include <linux/memcontrol.h>
#include <linux/nospec.h>
#include <linux/sched/coredump.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/user_namespace.h>

#include "../validate/validate.h"

long kapi_unknown(struct kapi_call *call)
{
	call->unknown = true;
	return 0;
}
EXPORT_SYMBOL_GPL(kapi_unknown);

/**
 * kapi_mark - whose state was read
 * @call: the running call
 * @owners: KAPI_OF_*
 */
void kapi_mark(struct kapi_call *call, u8 owners)
{
	call->of |= owners;
}

/*
 * Threads, processes made by clone(CLONE_VM), or the parent of a vfork(). Whoever only
 * looks at the mm, by /proc say, has a reference, too.
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

static bool are_files_shared(void)
{
	return current->files && atomic_read(&current->files->count) > 1;
}

/* Owners whose state others can change if they run; of a file, the helper knows. */
u8 kapi_shared_owners(void)
{
	return KAPI_OF_FILE | KAPI_OF_PAGES | KAPI_OF_ANYBODY | (is_mm_shared() ? KAPI_OF_MM : 0) |
	       (are_files_shared() ? KAPI_OF_FILES : 0);
}

long kapi_global(struct kapi_call *call, long value)
{
	kapi_mark(call, KAPI_OF_ANYBODY);
	return value;
}

/* === Limits =============================================================== */

/*
 * Another process changes the caller's limits by prlimit(), and may put them back before
 * the caller returns. Calls that may do so are counted, when they begin and when they are
 * over; a process killed in between leaves limits in doubt until the validator is
 * switched on again. One that began before that is not counted when it is over.
 */
static atomic_t limits_begun, limits_done;
static unsigned int limits_session;

/* Returns what to pass to kapi_limits_end(); never 0. */
unsigned int kapi_limits_begin(void)
{
	atomic_inc_return(&limits_begun);	/* ordered before the change */
	return limits_session;
}

/* What the task itself is about to change puts no running call of its own in doubt. */
void kapi_limits_own(void)
{
	struct kapi_call *call;

	for (call = current->kapi_call; call; call = call->outer)
		call->limits_done++;
}

void kapi_limits_end(unsigned int session)
{
	if (session == limits_session)
		atomic_inc_return(&limits_done);	/* ordered after the change */
}

unsigned int kapi_limits_done(void)
{
	unsigned int done = atomic_read(&limits_done);

	smp_rmb();	/* before any limit is read; pairs with atomic_inc_return() */
	return done;
}

/* Not if all changes that ever began were over when the call did. */
bool kapi_limits_changed(unsigned int done_at_entry)
{
	smp_rmb();	/* after any limit was read; pairs with atomic_inc_return() */
	return atomic_read(&limits_begun) != done_at_entry;
}

/* While no probe runs. */
void kapi_limits_reset(void)
{
	atomic_set(&limits_begun, 0);
	atomic_set(&limits_done, 0);
	limits_session = limits_session + 1 ?: 1;
}

/* These the tick raises when they are reached. */
static bool is_of_time(unsigned int which)
{
	return which == RLIMIT_CPU || which == RLIMIT_RTTIME;
}

/* A soft limit of the caller; unknown if there is no such limit, or it is one on time. */
unsigned long kapi_rlimit(struct kapi_call *call, unsigned int which)
{
	kapi_mark(call, KAPI_OF_LIMITS);
	if (which >= RLIM_NLIMITS || is_of_time(which))
		return kapi_unknown(call);
	return rlimit(array_index_nospec(which, RLIM_NLIMITS));
}

/* === Security ============================================================= */

#ifdef CONFIG_SECURITY
/* Whether any security module but this has a hook: where that lies in static_calls_table. */
static bool has_hook(size_t hook, u64 but)
{
	const struct lsm_static_call *calls = (void *)&static_calls_table + hook;
	unsigned int i;

	for (i = 0; i < MAX_LSM_COUNT; i++)
		if (calls[i].hl && calls[i].hl->lsmid->id != but)
			return true;
	return false;
}

/**
 * __kapi_may_be_refused - may a security module have refused the call?
 * @call: the running call
 * @hook: where the hook lies in static_calls_table
 *
 * Return: false; the condition is unknown if one has the hook.
 */
bool __kapi_may_be_refused(struct kapi_call *call, size_t hook)
{
	return has_hook(hook, LSM_ID_UNDEF) ? kapi_unknown(call) : false;
}

static bool modules_see_capabilities(void)
{
	return has_hook(offsetof(struct lsm_static_calls_table, capable), LSM_ID_CAPABILITY);
}
#else
static bool modules_see_capabilities(void)
{
	return false;
}
#endif

/*
 * Whether the caller has a capability in the initial user namespace. A security module may
 * refuse it all the same. It cannot be asked here, as it may allocate to answer, and what it
 * says may be another thing next time.
 */
bool kapi_capable(struct kapi_call *call, int cap)
{
	if (!IS_ENABLED(CONFIG_MULTIUSER))
		return true;
	if (cap_capable(current_cred(), &init_user_ns, cap, CAP_OPT_NOAUDIT))
		return false;
	return modules_see_capabilities() ? kapi_unknown(call) : true;
}

/* === Memory =============================================================== */

/* Charges to a memory cgroup are seen by no tracepoint, nor what a kprobe makes fail. */
static bool may_fail_unseen(void)
{
	if (IS_ENABLED(CONFIG_FAIL_FUNCTION) || IS_ENABLED(CONFIG_BPF_KPROBE_OVERRIDE))
		return true;
#ifdef CONFIG_MEMCG
	guard(rcu)();
	return !mem_cgroup_is_root(mem_cgroup_from_task(current));
#else
	return false;
#endif
}

/* Whether an allocation of the call has failed so far. That it did obliges to nothing. */
bool kapi_alloc_failed(struct kapi_call *call)
{
	if (call->failed_allocs)
		return true;
	return may_fail_unseen() ? kapi_unknown(call) : false;
}

/* Likewise a kmalloc() or kvmalloc(): none of those that fail goes unseen. */
bool kapi_kmalloc_failed(struct kapi_call *call)
{
	return call->failed_allocs;
}

/* Whether a page fault of the call has failed so far, one of get_user_pages() included. */
bool kapi_fault_failed(struct kapi_call *call)
{
	if (call->failed_faults)
		return true;
	return kapi_sees_faults() ? false : kapi_unknown(call);
}
