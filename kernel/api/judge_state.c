// SPDX-License-Identifier: GPL-2.0
/* The state that a call changed, as its spec's snapshot shows it. */
#include <linux/bits.h>
#include <linux/kernel.h>

#include "kapi.h"
#include "judge.h"
#include "validate.h"

static bool is_among(u64 values, u8 value)
{
	return values & BIT_ULL(value - 1);
}

/* What took the lock may have been no part of the call; then nobody knows when the call did. */
static bool is_passed_over(const struct kapi_evidence *e)
{
	u8 lock = e->spec->snapshot_lock;

	return lock && e->call->lock[lock - 1].passed_over;
}

/* What lies between two snapshots is one hold of the lock for write, at most. */
static bool is_held_throughout(const struct kapi_evidence *e)
{
	const struct kapi_call *call = e->call;

	if (!call->locked || !e->spec->snapshot_lock)
		return false;
	return call->lock[e->spec->snapshot_lock - 1].write <= 1;
}

/**
 * kapi_others_interfere - could another task have changed a value in between?
 * @e: the evidence
 * @value: of the snapshot, counted from 1; 0 is none
 *
 * Return: false if one and the same hold of the lock lies between the two snapshots,
 * and the value speaks neither of what came later nor of limits, which no lock guards.
 */
bool kapi_others_interfere(const struct kapi_evidence *e, u8 value)
{
	const struct kapi_snapshot *snapshot = e->spec->snapshot;
	bool late;

	if (!value)
		return false;
	if (is_among(snapshot->limits, value) && e->end->limits_changed)
		return true;
	late = is_among(snapshot->late, value);
	if (late && is_passed_over(e))
		return true;
	return (late || !is_held_throughout(e)) && (e->call->shared || e->end->shared);
}

/**
 * kapi_changed_value - a value that the spec's lock guards and the call changed
 * @e: the evidence
 *
 * Return: the name of the first such value; NULL if none changed, or not certainly by
 * this call.
 */
const char *kapi_changed_value(const struct kapi_evidence *e)
{
	const struct kapi_snapshot *snapshot = e->spec->snapshot;
	unsigned int i;

	for (i = snapshot->reasons; i < snapshot->guarded; i++) {
		u64 before = e->call->before[i], after = e->call->after[i];

		if (before == KAPI_NO_VALUE || after == KAPI_NO_VALUE || before == after)
			continue;
		if (!kapi_others_interfere(e, i + 1))
			return snapshot->names[i];
	}
	return NULL;
}

static bool relation_holds(enum kapi_relation relation, u64 before, u64 after)
{
	switch (relation) {
	case KAPI_IS_CLEARED:
		return !after;
	case KAPI_STAYS:
		return after == before;
	case KAPI_FALLS:
		return after < before;
	case KAPI_RISES:
		return after > before;
	case KAPI_NEVER_RISES:
		return after <= before;
	default:
		return true;
	}
}

/* That a value did not change proves little where it was to be cleared or to fall. */
static bool is_telling(enum kapi_relation relation, u64 before, u64 after)
{
	if (relation == KAPI_IS_CLEARED || relation == KAPI_NEVER_RISES)
		return after != before;
	return true;
}

static const char *const relation_text[] = {
	[KAPI_NO_RELATION] = "",
	[KAPI_IS_CLEARED] = "0",
	[KAPI_STAYS] = "as before",
	[KAPI_FALLS] = "less than before",
	[KAPI_RISES] = "more than before",
	[KAPI_NEVER_RISES] = "no more than before",
};

static_assert(ARRAY_SIZE(relation_text) == KAPI_RELATION_COUNT);

/* Whether the call changed a value as it should, had it succeeded. */
static enum kapi_verdict judge_change(const struct kapi_evidence *e, u8 value,
				      enum kapi_relation relation, struct kapi_finding *why)
{
	u64 before, after;

	before = e->call->before[value - 1];
	after = e->call->after[value - 1];
	if (before == KAPI_NO_VALUE)
		return KAPI_NOT_SEEN;
	if (after == KAPI_NO_VALUE)
		return KAPI_UNDECIDED;
	if (relation_holds(relation, before, after))
		return is_telling(relation, before, after) ? KAPI_KEPT : KAPI_NOT_SEEN;
	if (kapi_others_interfere(e, value))
		return KAPI_UNDECIDED;
	return kapi_broken(why, relation_text[relation], "%s was %lld, is %lld",
			   e->spec->snapshot->names[value - 1], before, after);
}

enum kapi_verdict kapi_judge_value(const struct kapi_evidence *e, u8 value,
				   enum kapi_relation relation, struct kapi_finding *why)
{
	if (!value || !kapi_is_success(e))
		return KAPI_NOT_SEEN;
	return judge_change(e, value, relation, why);
}

KAPI_JUDGE(effect)
{
	const struct kapi_side_effect_spec *effect = check->clause;

	return kapi_judge_value(e, effect->value, effect->relation, why);
}

KAPI_JUDGE(trans)
{
	const struct kapi_state_trans_spec *trans = check->clause;

	return kapi_judge_value(e, trans->value, trans->relation, why);
}

/* === After a failure ====================================================== */

/* What all of the state but the counters comes to, taking the worst. */
static enum kapi_verdict judge_nothing_changed(const struct kapi_evidence *e,
					       struct kapi_finding *why)
{
	const struct kapi_snapshot *snapshot = e->spec->snapshot;
	enum kapi_verdict verdict = KAPI_NOT_SEEN;
	unsigned int i;

	for (i = snapshot->reasons; i < snapshot->count - snapshot->counters; i++) {
		u64 before = e->call->before[i], after = e->call->after[i];

		if (before == KAPI_NO_VALUE || after == KAPI_NO_VALUE)
			continue;
		if (before == after)
			verdict = KAPI_KEPT;
		else if (kapi_others_interfere(e, i + 1))
			return KAPI_UNDECIDED;
		else
			return kapi_broken(why, "nothing changed", "%s was %lld, is %lld",
					   snapshot->names[i], before, after);
	}
	return verdict;
}

/* What stays on success must stay all the more. */
static enum kapi_verdict judge_what_stays(const struct kapi_evidence *e,
					  struct kapi_finding *why)
{
	const struct kapi_side_effect_spec *effect;
	const struct kapi_state_trans_spec *trans;
	enum kapi_verdict verdict = KAPI_NOT_SEEN;
	unsigned int i;

	for (i = 0; i < KAPI_MAX_SIDE_EFFECTS && (effect = e->spec->side_effects[i]); i++)
		if (effect->relation == KAPI_STAYS && verdict != KAPI_BROKEN)
			verdict = judge_change(e, effect->value, KAPI_STAYS, why);
	for (i = 0; i < KAPI_MAX_STATE_TRANS && (trans = e->spec->state_trans[i]); i++)
		if (trans->relation == KAPI_STAYS && verdict != KAPI_BROKEN)
			verdict = judge_change(e, trans->value, KAPI_STAYS, why);
	return verdict;
}

/* That something was done all the same is what the clause is there to say. */
static enum kapi_verdict judge_partial_failure(const struct kapi_evidence *e,
					       struct kapi_finding *why)
{
	if (judge_what_stays(e, why) == KAPI_BROKEN)
		return KAPI_BROKEN;
	return judge_nothing_changed(e, NULL) == KAPI_BROKEN ? KAPI_KEPT : KAPI_NOT_SEEN;
}

KAPI_JUDGE(failure)
{
	if (!e->spec->failure || kapi_is_success(e) || !kapi_is_error(e->end->ret))
		return KAPI_NOT_SEEN;
	if (e->spec->failure == KAPI_FAILURE_IS_ATOMIC || kapi_failed_early(e))
		return judge_nothing_changed(e, why);
	return judge_partial_failure(e, why);
}
