// SPDX-License-Identifier: GPL-2.0
/* The state that a call changed, by the values and conditions of its spec. */
#include <linux/kernel.h>

#include "../kapi.h"
#include "check.h"

/*
 * Whether another task could have changed what a condition read: somebody shares what it
 * read without a lock; or the lock under which it read was taken for write a second time.
 * Conditions are counted from 1; 0 is none.
 */
static bool others_interfere(const struct kapi_call *call, u8 cond)
{
	const struct kapi_reading *before, *after;
	u8 of;

	if (!cond)
		return false;
	before = &call->before[cond - 1];
	after = &call->after[cond - 1];
	of = before->of | after->of;
	if ((before->at_lock || after->at_lock) && call->lock[call->watch->mmap_lock].write > 1)
		of |= KAPI_OF_MM;
	return of & call->shared;
}

/* Likewise, for all that a clause depends on: its condition and KAPI_WHEN(). */
bool kapi_is_in_doubt(const struct kapi_call *call, const struct kapi_check *check)
{
	return others_interfere(call, check->cond) || others_interfere(call, check->when);
}

/* A call to which the clause does not apply, by KAPI_WHEN(). */
bool kapi_is_other_case(const struct kapi_call *call, const struct kapi_check *check)
{
	const struct kapi_reading *when = check->when ? &call->before[check->when - 1] : NULL;

	return when && (!when->known || !when->value);
}

/* Excused by KAPI_UNLESS(), certainly or perhaps. */
static bool is_excused(const struct kapi_call *call, const struct kapi_check *check)
{
	const struct kapi_reading *r = check->unless ? &call->after[check->unless - 1] : NULL;

	return r && (!r->known || r->value || others_interfere(call, check->unless));
}

static const struct kapi_side_effect_spec *effect_of(const struct kapi_check *check)
{
	return (const struct kapi_side_effect_spec *)check->clause;
}

static bool is_effect(const struct kapi_check *check)
{
	return check->clause && check->clause->kind == KAPI_SIDE_EFFECTS;
}

/* === Values =============================================================== */

static bool relation_holds(enum kapi_relation relation, s64 before, s64 after, long ret)
{
	switch (relation) {
	case KAPI_BECOMES_ZERO:
		return !after;
	case KAPI_UNCHANGED:
		return after == before;
	case KAPI_DECREASES:
		return after < before;
	case KAPI_INCREASES:
		return after > before;
	case KAPI_NOT_INCREASED:
		return after <= before;
	case KAPI_BY_RESULT:
		return after - before == ret;
	default:
		return true;
	}
}

/* An unchanged value proves little if it was to become 0 or to decrease. */
static bool is_telling(enum kapi_relation relation, s64 before, s64 after)
{
	if (relation == KAPI_BECOMES_ZERO || relation == KAPI_NOT_INCREASED)
		return after != before;
	return true;
}

static const char *const relation_text[] = {
	[KAPI_NO_RELATION] = "",
	[KAPI_BECOMES_ZERO] = "0",
	[KAPI_UNCHANGED] = "as before",
	[KAPI_DECREASES] = "less than before",
	[KAPI_INCREASES] = "more than before",
	[KAPI_NOT_INCREASED] = "no more than before",
	[KAPI_BY_RESULT] = "more by the result",
};

static_assert(ARRAY_SIZE(relation_text) == KAPI_RELATION_COUNT);

/* Whether the call changed a value as it should, had it succeeded. */
static enum kapi_result check_change(const struct kapi_call *call,
				     const struct kapi_check *check,
				     enum kapi_relation relation, struct kapi_reason *why)
{
	const struct kapi_reading *before = &call->before[check->cond - 1];
	const struct kapi_reading *after = &call->after[check->cond - 1];

	if (!before->known)
		return KAPI_NOT_EXERCISED;
	if (!after->known)
		return KAPI_UNDECIDED;
	if (relation_holds(relation, before->value, after->value, call->ret))
		return is_telling(relation, before->value, after->value) ?
			KAPI_HELD : KAPI_NOT_EXERCISED;
	if (is_excused(call, check) || kapi_is_in_doubt(call, check))
		return KAPI_UNDECIDED;
	return kapi_violated(why, relation_text[relation], "%s was %lld, is %lld",
			     check->clause->name, before->value, after->value);
}

KAPI_CHECK(effect)
{
	if (!kapi_is_success(call) || kapi_is_other_case(call, check))
		return KAPI_NOT_EXERCISED;
	return check_change(call, check, effect_of(check)->relation, why);
}

/*
 * Whether this call changed a value. After a failure, a value that was read once under the
 * lock and once at exit, as pages are, tells nothing.
 */
static enum kapi_result check_unchanged(const struct kapi_call *call,
					const struct kapi_check *check,
					struct kapi_reason *why)
{
	const struct kapi_reading *before = &call->before[check->cond - 1];
	const struct kapi_reading *after = &call->after[check->cond - 1];

	if (!before->known || !after->known || before->at_lock != after->at_lock)
		return KAPI_NOT_EXERCISED;
	if (before->value == after->value)
		return KAPI_HELD;
	if (others_interfere(call, check->cond))
		return KAPI_UNDECIDED;
	return kapi_violated(why, "nothing changed", "%s was %lld, is %lld",
			     check->clause->name, before->value, after->value);
}

/* Read under the guarding lock; or state that it guards, if it was never taken. */
static bool is_guarded(const struct kapi_call *call, const struct kapi_check *check)
{
	const struct kapi_reading *before = &call->before[check->cond - 1];
	const struct kapi_reading *after = &call->after[check->cond - 1];

	if (before->at_lock || after->at_lock)
		return before->at_lock && after->at_lock;
	return !call->locked && before->of & after->of & KAPI_OF_MM;
}

/**
 * kapi_changed_value - a value that changed and that the guarding lock guards
 * @call: the record
 *
 * Return: the name of the first such value; NULL if none changed, or not certainly by
 * this call.
 */
const char *kapi_changed_value(const struct kapi_call *call)
{
	const struct kapi_check *check;

	kapi_for_each_check(check, call)
		if (is_effect(check) && is_guarded(call, check) &&
		    check_unchanged(call, check, NULL) == KAPI_VIOLATED)
			return check->clause->name;
	return NULL;
}

/* === What success ensures ================================================= */

KAPI_CHECK(ensures)
{
	const struct kapi_reading *after = &call->after[check->cond - 1];

	if (!kapi_is_success(call) || kapi_is_other_case(call, check))
		return KAPI_NOT_EXERCISED;
	if (!after->known)
		return KAPI_UNDECIDED;
	if (after->value)
		return KAPI_HELD;
	if (kapi_is_in_doubt(call, check))
		return KAPI_UNDECIDED;
	return kapi_violated(why, "true on success", "%s is false", check->clause->name);
}

/* === After a failure ====================================================== */

/* The worst result of all values. */
static enum kapi_result check_all_unchanged(const struct kapi_call *call,
					    struct kapi_reason *why)
{
	enum kapi_result result = KAPI_NOT_EXERCISED, one;
	const struct kapi_check *check;

	kapi_for_each_check(check, call) {
		if (!is_effect(check) || kapi_is_other_case(call, check))
			continue;
		one = check_unchanged(call, check, why);
		if (one == KAPI_VIOLATED)
			return one;
		if (one == KAPI_UNDECIDED || result == KAPI_NOT_EXERCISED)
			result = one;
	}
	return result;
}

/* Whether a value that changed is now further from what success makes of it. */
static bool is_undone(const struct kapi_call *call, const struct kapi_check *check)
{
	const s64 before = call->before[check->cond - 1].value;
	const s64 after = call->after[check->cond - 1].value;

	switch (effect_of(check)->relation) {
	case KAPI_UNCHANGED:
		return true;
	case KAPI_BECOMES_ZERO:
	case KAPI_DECREASES:
		return after > before;
	case KAPI_INCREASES:
		return after < before;
	default:
		return false;
	}
}

/* A partial failure is one that did part of the work; it undoes nothing. */
static enum kapi_result check_partial_failure(const struct kapi_call *call,
					      struct kapi_reason *why)
{
	enum kapi_result result = KAPI_NOT_EXERCISED;
	const struct kapi_check *check;

	kapi_for_each_check(check, call) {
		if (!is_effect(check) || kapi_is_other_case(call, check) ||
		    check_unchanged(call, check, why) != KAPI_VIOLATED)
			continue;
		if (is_undone(call, check))
			return KAPI_VIOLATED;
		result = KAPI_HELD;
	}
	return result;
}

KAPI_CHECK(failure)
{
	if (!kapi_has_failed(call))
		return KAPI_NOT_EXERCISED;
	if (call->watch->spec->failure == KAPI_FAILURE_IS_ATOMIC || kapi_failed_early(call))
		return check_all_unchanged(call, why);
	return check_partial_failure(call, why);
}
