// SPDX-License-Identifier: GPL-2.0
/* The conditions of a spec, evaluated when a call begins, ends, or holds the guarding lock. */
#include <linux/bitops.h>
#include <linux/compiler.h>

#include "validate.h"

static __always_inline void evaluate(struct kapi_call *call, unsigned int i, struct kapi_reading *r)
{
	const struct kapi_condition *cond = call->watch->condition[i];

	call->of = 0;
	call->unknown = false;
	r->value = cond->eval(call, call->args, call->ret);
	r->of = call->of;
	r->known = !call->unknown;
	r->at_lock = call->moment == KAPI_AT_LOCK || call->moment == KAPI_AT_UNLOCK;
}

/* What needs the lock is read again under it, unless it depends on the result. */
static void read_at_entry(struct kapi_call *call)
{
	const struct kapi_watch *watch = call->watch;
	struct kapi_reading *before = call->before;
	unsigned int i;

	for (i = 0; i < watch->condition_count; i++, before++) {
		evaluate(call, i, before);
		if (!before->known || before->of & KAPI_OF_MM)
			call->under_lock |= BIT(i);
	}
	call->under_lock &= ~watch->of_result;
}

static void read_at_lock(struct kapi_call *call)
{
	unsigned int i;

	for_each_set_bit(i, &call->under_lock, KAPI_MAX_CONDITIONS)
		evaluate(call, i, &call->before[i]);
	call->done = 0;
}

static void read_at_unlock(struct kapi_call *call)
{
	unsigned int i;

	call->done = 0;
	for_each_set_bit(i, &call->under_lock, KAPI_MAX_CONDITIONS) {
		evaluate(call, i, &call->after[i]);
		call->done |= call->after[i].known ? BIT(i) : 0;
	}
}

/*
 * If the call never took the guarding lock, what that guards was the same all the time;
 * unless it depends on the result.
 */
static bool is_as_before(const struct kapi_call *call, unsigned int i)
{
	const struct kapi_reading *after = &call->after[i];

	return call->watch->guarded && !call->locked && !(call->watch->of_result & BIT(i)) &&
	       after->known && after->of & KAPI_OF_MM;
}

/* All that was not known when the lock was released. */
static void read_at_exit(struct kapi_call *call)
{
	unsigned int i;

	for (i = 0; i < call->watch->condition_count; i++) {
		if (call->done & BIT(i))
			continue;
		evaluate(call, i, &call->after[i]);
		if (!call->before[i].known && is_as_before(call, i))
			call->before[i] = call->after[i];
	}
}

static void (*const take_readings[])(struct kapi_call *call) = {
	[KAPI_AT_ENTRY] = read_at_entry,
	[KAPI_AT_LOCK] = read_at_lock,
	[KAPI_AT_UNLOCK] = read_at_unlock,
	[KAPI_AT_EXIT] = read_at_exit,
};

/**
 * kapi_take_readings - evaluate the conditions of a spec
 * @call: a running call of the current task
 * @moment: those that are due now
 *
 * Locks that a condition takes do not count as the call's.
 */
void kapi_take_readings(struct kapi_call *call, enum kapi_moment moment)
{
	const bool busy = call->busy;

	WRITE_ONCE(call->busy, true);
	barrier();	/* the flag is for probes that run in this task */
	call->moment = moment;
	/* At exit, the view of the mm stays that of when the lock was released. */
	if (moment != KAPI_AT_EXIT || !call->done)
		call->reading++;
	take_readings[moment](call);
	kapi_read_mm_end(call);
	barrier();
	WRITE_ONCE(call->busy, busy);
}
