// SPDX-License-Identifier: GPL-2.0
/* The locks that a call took and gave back. */
#include <linux/kernel.h>
#include <linux/limits.h>

#include "../kapi.h"
#include "check.h"

static bool count_overflowed(const struct kapi_lock_seen *seen)
{
	return seen->read == U16_MAX || seen->write == U16_MAX || seen->released == U16_MAX;
}

/* How many more times the call took the lock than it gave it back. */
static int lock_balance(const struct kapi_lock_seen *seen)
{
	return seen->read + seen->write - seen->released;
}

/* A lock that is held on success is not held if the call fails. */
static int declared_balance(const struct kapi_call *call, const struct kapi_lock_spec *lock)
{
	if (lock->on_success && !kapi_is_success(call))
		return 0;
	return lock->held_on_exit - lock->held_on_entry;
}

/* Whoever holds it for read keeps all others from changing what it guards. */
static bool is_changed_without(const struct kapi_call *call, const struct kapi_lock_seen *seen)
{
	return call->changed_for_read || (!seen->write && kapi_changed_value(call));
}

static enum kapi_result check_mode(const struct kapi_call *call,
				   const struct kapi_lock_spec *lock,
				   const struct kapi_lock_seen *seen, struct kapi_reason *why)
{
	if (lock->mode == KAPI_LOCK_MODE_GUARD && is_changed_without(call, seen))
		return kapi_violated(why, "changes only while held for write",
				     "%s changed while held %s",
				     call->changed_for_read ? "state" : kapi_changed_value(call),
				     call->locked ? "for read" : "by nobody");
	if (lock->mode == KAPI_LOCK_MODE_WRITE && seen->read)
		return kapi_violated(why, "taken for write", "taken for read");
	if (lock->mode == KAPI_LOCK_MODE_READ && seen->write)
		return kapi_violated(why, "taken for read", "taken for write");
	if (lock->mode == KAPI_LOCK_MODE_WRITE && seen->downgraded)
		return kapi_violated(why, "held for write", "downgraded to read");
	return KAPI_HELD;
}

static enum kapi_result check_use(const struct kapi_call *call,
				  const struct kapi_lock_spec *lock,
				  const struct kapi_lock_seen *seen, struct kapi_reason *why)
{
	unsigned int taken = seen->read + seen->write;
	bool used = taken || seen->released;

	if (kapi_is_success(call) && lock->always && !taken)
		return kapi_violated(why, "taken", "success without it");
	if (check_mode(call, lock, seen, why) == KAPI_VIOLATED)
		return KAPI_VIOLATED;
	if (used && lock_balance(seen) != declared_balance(call, lock))
		return kapi_violated(why, declared_balance(call, lock) > 0 ? "held" : "released",
				     "acquired %ux, released %ux", taken, seen->released);
	return used || call->held_at_entry & BIT(seen - call->lock) ?
		KAPI_HELD : KAPI_NOT_EXERCISED;
}

KAPI_CHECK(lock)
{
	const struct kapi_lock_seen *seen = &call->lock[check->place];
	const struct kapi_lock_spec *lock = (const void *)check->clause;

	return count_overflowed(seen) ? KAPI_UNDECIDED : check_use(call, lock, seen, why);
}

/* Locks of the spec that have no class are counted among the others. */
static int declared_of_others(const struct kapi_call *call)
{
	const struct kapi_lock_spec *lock;
	int sum = 0;

	if (!call->watch->has_unseen_locks)
		return 0;
	kapi_for_each_clause(lock, call->watch->spec, KAPI_LOCKS)
		if (!lock->class_name)
			sum += declared_balance(call, lock);
	return sum;
}

/* With PREEMPT_RT, whoever holds a spinlock is in rcu_read_lock(), too. */
KAPI_CHECK(other_locks)
{
	int more = READ_ONCE(call->others_held) - declared_of_others(call);

	if (IS_ENABLED(CONFIG_PREEMPT_RT) && call->watch->keeps_spinlocks)
		return KAPI_NOT_EXERCISED;
	if (more > 0)
		return kapi_violated(why, "no other lock held", "%s held", call->held ?: "a lock");
	if (more < 0)
		return kapi_violated(why, "no lock of the caller released", "%d released", -more);
	return KAPI_HELD;
}
