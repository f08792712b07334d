// SPDX-License-Identifier: GPL-2.0
/*
 * The locks of a spec other than mmap_lock, by lockdep's tracepoints.
 *
 * These report an acquisition before the lock is taken, and a release if that fails; a
 * trylock only once it has succeeded. They report pretended acquisitions such as
 * might_lock(), too. They keep firing after lockdep has found a bug and switched itself
 * off, which it does before the buggy call ends; lockdep's own data, above all
 * lockdep_depth(), is useless then.
 *
 * The probes run before lockdep guards itself against recursion: they must not take
 * locks.
 */
#include <linux/debug_locks.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/lockdep.h>
#include <linux/mm_types.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <trace/events/lock.h>

#include "../kapi.h"
#include "validate.h"

/* Locks that the tracepoint of an exit holds; fprobe holds none. */
#define TRACEPOINT_LOCKS	(IS_ENABLED(CONFIG_UML) ? 1 : 0)

static bool is_own_mmap_lock(const struct kapi_call *call, const struct lockdep_map *map)
{
	return call->watch->mmap_lock >= 0 && call->mm && map == &call->mm->mmap_lock.dep_map;
}

static struct kapi_lock_seen *find_by_name(struct kapi_call *call, const char *name)
{
	const struct kapi_watch *watch = call->watch;
	int i;

	for (i = 0; i < (int)watch->lock_count; i++)
		if (i != watch->mmap_lock && !strcmp(watch->locks[i]->class_name, name))
			return &call->lock[i];
	return NULL;
}

/*
 * The lock of the spec that has this class; NULL for all others. A call takes the same few
 * classes over and over: their names are compared once. Preemption may take locks at any
 * point here: an entry of the cache is never replaced, and used only when complete.
 */
static struct kapi_lock_seen *find_lock(struct kapi_call *call, const struct lockdep_map *map)
{
	unsigned int slot = hash_ptr(map->name, ilog2(KAPI_LOCK_NAMES));
	struct kapi_lock_seen *seen;

	if (!map->name)
		return NULL;
	if (READ_ONCE(call->name[slot]) == map->name && READ_ONCE(call->is_found[slot]))
		return call->found[slot];
	seen = find_by_name(call, map->name);
	if (!cmpxchg_local(&call->name[slot], NULL, map->name)) {
		call->found[slot] = seen;
		barrier();	/* preemption in between must not see half of it */
		WRITE_ONCE(call->is_found[slot], true);
	}
	return seen;
}

/**
 * kapi_other_lock - the last taken of the held locks that are not in the spec
 * @call: the running call
 *
 * Context: the end of the call.
 * Return: its name; NULL if there is none, or if lockdep is off.
 */
const char *kapi_other_lock(struct kapi_call *call)
{
	int i;

	for (i = lockdep_depth(current) - 1 - TRACEPOINT_LOCKS; i >= 0; i--) {
		const struct lockdep_map *map = current->held_locks[i].instance;

		if (!is_own_mmap_lock(call, map) && !find_lock(call, map))
			return map->name;
	}
	return NULL;
}

static bool is_held_for(const struct kapi_lock_spec *lock, const struct held_lock *held)
{
	return lock->mode != KAPI_LOCK_MODE_WRITE || !held->read;
}

static bool caller_holds(const struct kapi_lock_spec *lock)
{
	int i;

	for (i = 0; i < lockdep_depth(current); i++) {
		const struct held_lock *held = &current->held_locks[i];
		const char *name = held->instance->name;

		if (name && !strcmp(name, lock->class_name) && is_held_for(lock, held))
			return true;
	}
	return false;
}

/**
 * kapi_see_held_locks - which of the spec's locks does the caller hold?
 * @call: a call that begins
 *
 * Context: any. Any lock of the class will do.
 */
void kapi_see_held_locks(struct kapi_call *call)
{
	unsigned int i;

	/* Lockdep records no lock while it is off, for all or for this task. */
	call->sees_held = debug_locks && !current->lockdep_recursion;
	for (i = 0; i < call->watch->lock_count; i++)
		if (call->watch->locks[i]->held_on_entry && caller_holds(call->watch->locks[i]))
			call->held_at_entry |= BIT(i);
}

/*
 * Locks taken on the call's behalf, as by reclaim, are balanced: each is released again. So
 * is the tracepoint's own: the entry's release and the exit's acquisition.
 */
static struct kapi_lock_seen *see_lock(struct kapi_call *call, const struct lockdep_map *map,
				       int change)
{
	struct kapi_lock_seen *seen;

	if (!in_task() || !call->watch || kapi_is_disowned(call) || is_own_mmap_lock(call, map))
		return NULL;
	seen = find_lock(call, map);
	if (!seen)
		WRITE_ONCE(call->others_held, READ_ONCE(call->others_held) + change);
	return seen && kapi_running_call() ? seen : NULL;
}

/* Read sections of RCU, SRCU or a seqcount: not locks that anybody waits for. */
static bool is_only_entered(const struct lockdep_map *map, int read)
{
	return map->wait_type_outer == LD_WAIT_FREE ||
	       (read == 2 && map->wait_type_inner == LD_WAIT_INV);
}

/* might_fault() pretends to take mmap_lock, which has tracepoints of its own. */
static bool is_learned(const struct kapi_call *call, const struct lockdep_map *map)
{
	return call->watch && !kapi_is_disowned(call) && READ_ONCE(call->watch->learned) &&
	       map->name && !(call->mm && map == &call->mm->mmap_lock.dep_map);
}

static void learn_lock(struct kapi_call *call, const struct lockdep_map *map, int read)
{
	const bool spins = map->wait_type_inner == LD_WAIT_SPIN ||
			   map->wait_type_inner == LD_WAIT_CONFIG;

	if (is_learned(call, map) && !is_only_entered(map, read) && kapi_running_call())
		kapi_learn_lock(call, (read ? KAPI_SEEN_READ : KAPI_SEEN_WRITE) +
				(spins ? KAPI_SEEN_SPINS : 0), map->name);
}

static void probe_lock_acquire(void *data, struct lockdep_map *map, unsigned int subclass,
			       int trylock, int read, int check,
			       struct lockdep_map *next, unsigned long ip)
{
	struct kapi_call *call = READ_ONCE(current->kapi_call);
	struct kapi_lock_seen *seen;

	for (; call; call = call->outer) {
		seen = see_lock(call, map, 1);
		if (seen)
			kapi_count_up(read ? &seen->read : &seen->write);
		learn_lock(call, map, read);
	}
}

static void probe_lock_release(void *data, struct lockdep_map *map, unsigned long ip)
{
	struct kapi_call *call = READ_ONCE(current->kapi_call);
	struct kapi_lock_seen *seen;

	for (; call; call = call->outer) {
		seen = see_lock(call, map, -1);
		if (seen)
			kapi_count_up(&seen->released);
	}
}

DEFINE_KAPI_PROBE(lock_acquire);
DEFINE_KAPI_PROBE(lock_release);
