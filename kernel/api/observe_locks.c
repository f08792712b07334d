// SPDX-License-Identifier: GPL-2.0
/*
 * The locks of a spec other than the mmap_lock, as lockdep is told of them.
 *
 * Lockdep is told that a lock is acquired before it is, and told of its release
 * should that fail. It is told of pretended acquisitions, too: might_lock() is
 * one. It is told of everything even when it has found a mistake and switched itself
 * off, as it does before the call with the mistake is over: what it knows itself,
 * lockdep_depth() above all, is of no use then. Runs before lockdep guards itself: a
 * lock taken here would come back here.
 */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/string.h>
#include <trace/events/lock.h>

#include "kapi.h"
#include "validate.h"

static struct kapi_lock_seen *find_lock(struct kapi_call *call, const struct lockdep_map *map)
{
	const struct kernel_api_spec *spec = call->watch->spec;
	unsigned int i;

	for (i = 0; i < KAPI_MAX_LOCKS && spec->locks[i]; i++) {
		const struct kapi_lock_spec *lock = spec->locks[i];

		if (i == call->watch->mmap_lock || !lock->class_name || lock->absent)
			continue;
		if (!strcmp(lock->class_name, map->name))
			return &call->lock[i];
	}
	return NULL;
}

/*
 * Of locks that the call itself did not take, reclaim's say, as many are given back
 * as are taken. So is the tracepoint's own: at entry the one, at exit the other.
 */
static void count_held(int change)
{
	struct kapi_call *call = &current->kapi_call;

	if (call->watch && in_task())
		call->locks_held += change;
}

static void probe_lock_acquire(void *data, struct lockdep_map *map, unsigned int subclass,
			       int trylock, int read, int check,
			       struct lockdep_map *next, unsigned long ip)
{
	struct kapi_call *call = kapi_observed_call();
	struct kapi_lock_seen *seen = call && map->name ? find_lock(call, map) : NULL;

	count_held(1);
	if (seen)
		kapi_count_up(read ? &seen->read : &seen->write);
}

static void probe_lock_release(void *data, struct lockdep_map *map, unsigned long ip)
{
	struct kapi_call *call = kapi_observed_call();
	struct kapi_lock_seen *seen = call && map->name ? find_lock(call, map) : NULL;

	count_held(-1);
	if (seen)
		kapi_count_up(&seen->released);
}

DEFINE_KAPI_PROBE(lock_acquire, TRACEPOINT_DEFAULT_PRIO);
DEFINE_KAPI_PROBE(lock_release, TRACEPOINT_DEFAULT_PRIO);
