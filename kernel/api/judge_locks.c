// SPDX-License-Identifier: GPL-2.0
/* The locks that a call took and gave back. */
#include <linux/kernel.h>
#include <linux/limits.h>

#include "kapi.h"
#include "judge.h"
#include "validate.h"

static bool count_overflowed(const struct kapi_lock_seen *seen)
{
	return seen->read == U16_MAX || seen->write == U16_MAX || seen->released == U16_MAX;
}

/* How many more times the call took the lock than it gave it back. */
static int lock_balance(const struct kapi_lock_seen *seen)
{
	return seen->read + seen->write - seen->released;
}

static int declared_balance(const struct kapi_lock_spec *lock)
{
	return lock->held_on_exit - lock->held_on_entry;
}

/* Whoever holds it for read keeps all others from changing what it guards. */
static bool is_changed_without(const struct kapi_evidence *e, const struct kapi_lock_seen *seen)
{
	if (e->call->changed_for_read)
		return true;
	return !seen->write && kapi_changed_value(e);
}

static enum kapi_verdict judge_lock_use(const struct kapi_evidence *e,
					const struct kapi_lock_spec *lock,
					const struct kapi_lock_seen *seen,
					struct kapi_finding *why)
{
	unsigned int taken = seen->read + seen->write;
	bool used = taken || seen->released;

	if (kapi_is_success(e) && lock->taken && !taken)
		return kapi_broken(why, "taken", "success without it");
	if (lock->mode == KAPI_LOCK_MODE_GUARD && is_changed_without(e, seen))
		return kapi_broken(why, "changes only while held for write",
				   "%s changed while held %s",
				   e->call->changed_for_read ? "state" : kapi_changed_value(e),
				   e->call->locked ? "for read" : "by nobody");
	if (lock->mode == KAPI_LOCK_MODE_WRITE && seen->read)
		return kapi_broken(why, "taken for write", "taken for read");
	if (lock->mode == KAPI_LOCK_MODE_READ && seen->write)
		return kapi_broken(why, "taken for read", "taken for write");
	if (lock->mode == KAPI_LOCK_MODE_WRITE && seen->downgraded)
		return kapi_broken(why, "held for write", "downgraded to read");
	if (lock->taken == KAPI_LOCK_TAKEN_ONCE && taken > 1)
		return kapi_broken(why, "taken once", "taken %u times", taken);
	if (used && lock_balance(seen) != declared_balance(lock))
		return kapi_broken(why, lock->held_on_exit ? "kept" : "given back",
				   "taken %u times, given back %u times", taken, seen->released);
	return used ? KAPI_KEPT : KAPI_NOT_SEEN;
}

KAPI_JUDGE(lock)
{
	const struct kapi_lock_seen *seen = &e->call->lock[check->i];
	enum kapi_verdict verdict;

	if (!kapi_has_class(check->clause))
		return KAPI_NOT_SEEN;
	if (count_overflowed(seen))
		return KAPI_UNDECIDED;
	if (!seen->passed_over)
		return judge_lock_use(e, check->clause, seen, why);
	verdict = judge_lock_use(e, check->clause, seen, NULL);
	return verdict == KAPI_BROKEN ? KAPI_UNDECIDED : verdict;
}

/* Of the spec's locks, those without a class are among the others, if they exist. */
static int declared_of_others(const struct kapi_evidence *e)
{
	const struct kapi_lock_spec *lock;
	int i, sum = 0;

	for (i = 0; i < KAPI_MAX_LOCKS && (lock = e->spec->locks[i]); i++)
		if (!lock->class_name)
			sum += declared_balance(lock);
	return sum;
}

KAPI_JUDGE(other_locks)
{
	int more = READ_ONCE(e->call->others_held) - declared_of_others(e);

	if (more > 0)
		return kapi_broken(why, "no other lock held", "%s held", e->end->held ?: "a lock");
	if (more < 0)
		return kapi_broken(why, "no lock of the caller given back", "%d given back", -more);
	return KAPI_KEPT;
}
