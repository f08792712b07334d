// SPDX-License-Identifier: GPL-2.0
/*
 * When a call takes the caller's mmap_lock and releases it, by the lock's own tracepoints. If
 * it guards the values of the spec, they are read then: nobody else can change them during
 * one hold.
 */
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/irqflags.h>
#include <linux/mm_types.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <trace/events/mmap_lock.h>

#include "../kapi.h"
#include "../validate/validate.h"

static struct kapi_lock_seen *mmap_lock_of(struct kapi_call *call, const struct mm_struct *mm)
{
	int i = call->watch->mmap_lock;

	return i >= 0 && mm == call->mm ? &call->lock[i] : NULL;
}

/* === Who else takes it ==================================================== */

/*
 * Tasks that do not share the mm may change VMAs, too: by userfaultfd, or by growing a stack
 * through /proc/PID/mem. They take mmap_lock for write; mm_lock_seq counts each time twice,
 * and is odd while it is held.
 */
#ifdef CONFIG_PER_VMA_LOCK
/**
 * kapi_see_mm - note how often the mmap_lock was taken for write before a call
 * @call: a call that begins
 */
void kapi_see_mm(struct kapi_call *call)
{
	if (call->mm)
		call->mm_writes_before = READ_ONCE(call->mm->mm_lock_seq.sequence);
	smp_rmb();	/* before anything is read; pairs with do_raw_write_seqcount_begin() */
}

/**
 * kapi_mm_changed - may others have changed the mm since the call began?
 * @call: the running call
 *
 * Return: true if others took the lock for write, or held it so when the call began.
 */
bool kapi_mm_changed(const struct kapi_call *call)
{
	unsigned int since;

	smp_rmb();	/* after all was read; pairs with do_raw_write_seqcount_begin() */
	if (!call->mm || call->mm != current->mm)
		return true;
	since = READ_ONCE(call->mm->mm_lock_seq.sequence) - call->mm_writes_before;
	return call->mm_writes_before & 1 || since / 2 + since % 2 != call->mm_writes;
}

static inline void count_remote_write(const struct mm_struct *mm) { }
#else
/* Without mm_lock_seq: write locks of any mm, taken by a task with another mm. */
static atomic_t remote_writes;

static void count_remote_write(const struct mm_struct *mm)
{
	if (mm != current->mm)
		atomic_inc_return(&remote_writes);	/* ordered before the change */
}

/* Whoever holds it when the call begins may change the mm without taking it again. */
void kapi_see_mm(struct kapi_call *call)
{
	call->mm_writes_before = atomic_read(&remote_writes);
	smp_rmb();	/* before anything is read; pairs with atomic_inc_return() */
	if (current->mm && rwsem_is_locked(&current->mm->mmap_lock))
		call->mm_writes_before--;
}

bool kapi_mm_changed(const struct kapi_call *call)
{
	smp_rmb();	/* after all was read; pairs with atomic_inc_return() */
	return !call->mm || call->mm != current->mm ||
	       atomic_read(&remote_writes) != call->mm_writes_before;
}
#endif

/* === When the call takes it =============================================== */

static bool is_held(const struct kapi_lock_seen *seen)
{
	return seen->read + seen->write > seen->released;
}

/*
 * A value of the spec must not change after the downgrade. Values that others can change,
 * such as limits, and conditions that are not values do not count.
 */
static bool has_changed(const struct kapi_call *call, const struct kapi_reading *then)
{
	const struct kapi_watch *watch = call->watch;
	unsigned int i;

	for (i = 0; i < watch->check_count; i++) {
		const struct kapi_check *check = &watch->checks[i];
		const struct kapi_reading *a, *b;

		if (!check->clause || check->clause->kind != KAPI_SIDE_EFFECTS || !check->cond ||
		    !(call->under_lock & BIT(check->cond - 1)))
			continue;
		a = &then[check->cond - 1];
		b = &call->after[check->cond - 1];
		if (a->known && b->known && !(a->of | b->of) && a->value != b->value)
			return true;
	}
	return false;
}

static void read_after_downgrade(struct kapi_call *call)
{
	struct kapi_reading then[KAPI_MAX_CONDITIONS];

	memcpy(then, call->after, sizeof(then));
	kapi_take_readings(call, KAPI_AT_UNLOCK);
	call->changed_for_read |= has_changed(call, then);
	call->for_read = false;
}

static void see_downgrade(struct kapi_call *call, struct kapi_lock_seen *seen)
{
	seen->downgraded = true;
	if (!call->watch->guarded)
		return;
	call->for_read = true;
	kapi_take_readings(call, KAPI_AT_UNLOCK);
}

/* A downgrade looks like a second acquisition, for read, while it is held for write. */
static void see_taken(struct kapi_call *call, const struct mm_struct *mm, bool write)
{
	struct kapi_lock_seen *seen = mmap_lock_of(call, mm);

	if (mm == call->mm) {
		call->mm_writes += write;
		kapi_learn_lock(call, write ? KAPI_SEEN_WRITE : KAPI_SEEN_READ, "&mm->mmap_lock");
	}
	if (!seen)
		return;
	if (!write && is_held(seen)) {
		see_downgrade(call, seen);
		return;
	}
	kapi_count_up(write ? &seen->write : &seen->read);
	if (!call->watch->guarded || (call->locked && !(write && seen->write == 1)))
		return;
	call->locked = true;
	kapi_take_readings(call, KAPI_AT_LOCK);
}

/* With interrupts off it is perf that takes it, for BPF; an interrupt releases it. */
static void probe_mmap_lock_acquire_returned(void *data, struct mm_struct *mm,
					     bool write, bool success)
{
	struct kapi_call *call;

	if (!success || irqs_disabled())
		return;
	if (write)
		count_remote_write(mm);
	kapi_for_each_running(call)
		see_taken(call, mm, write);
}

/*
 * Called before the lock is really released. Once it was held for write, a later hold for
 * read cannot change what it guards.
 */
static void see_released(struct kapi_call *call, const struct mm_struct *mm, bool write)
{
	struct kapi_lock_seen *seen = mmap_lock_of(call, mm);

	if (!seen)
		return;
	kapi_count_up(&seen->released);
	if (!call->watch->guarded || !call->locked)
		return;
	if (call->for_read)
		read_after_downgrade(call);
	else if (write || !seen->write)
		kapi_take_readings(call, KAPI_AT_UNLOCK);
}

static void probe_mmap_lock_released(void *data, struct mm_struct *mm, bool write)
{
	struct kapi_call *call;

	kapi_for_each_running(call)
		see_released(call, mm, write);
}

DEFINE_KAPI_PROBE(mmap_lock_acquire_returned);
DEFINE_KAPI_PROBE(mmap_lock_released);
