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
 * kapi_mark - note whose state a condition read
 * @call: the running call
 * @owners: KAPI_OF_*
 */
void kapi_mark(struct kapi_call *call, u8 owners)
{
	call->of |= owners;
}

/*
 * Threads, even exiting ones; processes made by clone(CLONE_VM); a vfork() parent and its
 * threads, which may still run after it was killed. A reader of /proc/PID looks the same.
 */
static bool is_mm_shared(void)
{
	return current->mm && atomic_read(&current->mm->mm_users) > 1;
}

static bool are_files_shared(void)
{
	return current->files && atomic_read(&current->files->count) > 1;
}

/* Owners whose state others can change if they run. The helpers mark a file if it is shared. */
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

/* === What processes do that share nothing ================================= */

/*
 * Another process may change the caller's limits by prlimit(), or take a file out of its
 * table by pidfd_getfd(), and undo that before the caller returns. Each such operation is
 * counted when it begins and when it ends; a process that is killed in between leaves doubt
 * until the validator is switched on again. The end of one that began before that does not
 * count.
 */
static struct {
	atomic_t begun;
	atomic_t done;
} remote[KAPI_REMOTES];

static unsigned int remote_session;

/* Returns what to pass to kapi_remote_end(); never 0. */
unsigned int kapi_remote_begin(enum kapi_remote which)
{
	atomic_inc_return(&remote[which].begun);	/* ordered before the change */
	return remote_session;
}

/* A change by the task itself puts none of its own running calls in doubt. */
void kapi_remote_own(enum kapi_remote which)
{
	struct kapi_call *call;

	for (call = current->kapi_call; call; call = call->outer)
		call->remote_done[which]++;
}

void kapi_remote_end(enum kapi_remote which, unsigned int session)
{
	if (session == remote_session)
		atomic_inc_return(&remote[which].done);	/* ordered after the change */
}

unsigned int kapi_remote_done(enum kapi_remote which)
{
	unsigned int done = atomic_read(&remote[which].done);

	smp_rmb();	/* before anything is read; pairs with atomic_inc_return() */
	return done;
}

/* False if nothing began since, and all was over when the call began. */
bool kapi_remote_changed(enum kapi_remote which, unsigned int done_at_entry)
{
	smp_rmb();	/* after all was read; pairs with atomic_inc_return() */
	return kapi_misses_remote(which) || atomic_read(&remote[which].begun) != done_at_entry;
}

/* Whether anything is under way. */
bool kapi_remote_any(void)
{
	unsigned int i;

	for (i = 0; i < KAPI_REMOTES; i++)
		if (kapi_remote_changed(i, kapi_remote_done(i)))
			return true;
	return false;
}

/* Called while no probe runs. */
void kapi_remote_reset(void)
{
	unsigned int i;

	for (i = 0; i < KAPI_REMOTES; i++) {
		atomic_set(&remote[i].begun, 0);
		atomic_set(&remote[i].done, 0);
	}
	remote_session = remote_session + 1 ?: 1;
}

/* === Limits =============================================================== */

/* Limits that the tick raises when they are reached. */
static bool is_of_time(unsigned int which)
{
	return which == RLIMIT_CPU || which == RLIMIT_RTTIME;
}

/* A soft limit of the caller; unknown if there is no such limit, or the tick may raise it. */
unsigned long kapi_rlimit(struct kapi_call *call, unsigned int which)
{
	kapi_mark(call, KAPI_OF_LIMITS);
	if (which >= RLIM_NLIMITS || is_of_time(which))
		return kapi_unknown(call);
	return rlimit(array_index_nospec(which, RLIM_NLIMITS));
}

/* === Security ============================================================= */

#ifdef CONFIG_SECURITY
/* Whether another security module has a hook; @hook is its offset in static_calls_table. */
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
 * @hook: its offset in static_calls_table
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
 * still refuse it. It cannot be asked here: it may allocate, and may answer differently next
 * time.
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

#ifdef CONFIG_MEMCG
static bool in_memcg(void)
{
	guard(rcu)();
	return !mem_cgroup_is_root(mem_cgroup_from_task(current));
}
#else
static bool in_memcg(void)
{
	return false;
}
#endif

/* No tracepoint shows failed charges to a memory cgroup, or what a kprobe makes fail. */
bool kapi_fails_unseen(void)
{
	return IS_ENABLED(CONFIG_FAIL_FUNCTION) || IS_ENABLED(CONFIG_BPF_KPROBE_OVERRIDE) ||
	       in_memcg();
}

/*
 * Whether an allocation of the call has failed so far. The call need not fail for that. The
 * task may have been moved to another cgroup since the entry.
 */
bool kapi_alloc_failed(struct kapi_call *call)
{
	if (call->failed_allocs)
		return true;
	return call->fails_unseen || kapi_fails_unseen() ? kapi_unknown(call) : false;
}

/* Likewise, a kmalloc() or kvmalloc(), whose failures are always seen. */
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
