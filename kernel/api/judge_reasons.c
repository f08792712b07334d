// SPDX-License-Identifier: GPL-2.0
/*
 * Errors and the reasons for them: a parameter that is not valid, a constraint that
 * is broken, a capability that is not there. A caller may break any rule; what is
 * judged is the answer.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "kapi.h"
#include "judge.h"
#include "validate.h"

/* Whether there was a reason for an error. */
enum reason {
	NO_REASON,
	REASON,
	UNKNOWN_REASON,
};

/**
 * struct reasons - what the clauses that give reasons for an error come to
 * @any: there are such clauses
 * @sure: one says that the call must fail
 * @unknown: of one the snapshot cannot tell
 * @unsure: others may have brought about a reason, or taken it away
 * @may: so many say that it may fail
 */
struct reasons {
	bool any;
	bool sure;
	bool unknown;
	bool unsure;
	unsigned int may;
};

/* === Of a clause ========================================================== */

static bool is_valid(const struct kapi_param_spec *p, s64 value)
{
	if (p->constraint_type == KAPI_CONSTRAINT_MASK)
		return !(value & ~p->valid_mask);
	if (p->max_value < p->min_value)
		return (u64)value >= (u64)p->min_value && (u64)value <= (u64)p->max_value;
	return value >= p->min_value && value <= p->max_value;
}

static enum reason reason_of_param(const struct kapi_evidence *e, unsigned int i)
{
	const struct kapi_param_spec *p = e->spec->params[i];

	if (!p->error)
		return NO_REASON;
	if (!kapi_knows_register(e->spec, i, IS_ENABLED(CONFIG_64BIT)))
		return UNKNOWN_REASON;
	return is_valid(p, kapi_argument(p, e->call->args[i])) ? NO_REASON : REASON;
}

/* What may be a reason is known best when the lock is given back. */
static enum reason reason_of_later(u64 before, u64 after)
{
	u64 value = after == KAPI_NO_VALUE ? before : after;

	if (value == KAPI_NO_VALUE)
		return UNKNOWN_REASON;
	return value ? REASON : NO_REASON;
}

/* If it changed meanwhile, it may have done so before the call looked at it. */
static enum reason reason_of_value(const struct kapi_evidence *e, u8 value, bool may)
{
	u64 before, after;

	if (!value)
		return NO_REASON;
	before = e->call->before[value - 1];
	after = e->call->after[value - 1];
	if (may)
		return reason_of_later(before, after);
	if (before == KAPI_NO_VALUE || (after != KAPI_NO_VALUE && after != before))
		return UNKNOWN_REASON;
	return before ? REASON : NO_REASON;
}

/* === Of an error ========================================================== */

static void add_reason(struct reasons *r, enum reason found, bool may)
{
	r->any = true;
	r->unknown |= found == UNKNOWN_REASON;
	r->sure |= found == REASON && !may;
	r->may += found == REASON && may;
}

static void add_params(struct reasons *r, const struct kapi_evidence *e, s32 error)
{
	const struct kapi_param_spec *p;
	unsigned int i;

	for (i = 0; i < KAPI_MAX_PARAMS && (p = e->spec->params[i]); i++)
		if (p->error == error)
			add_reason(r, reason_of_param(e, i), false);
}

static void add_capabilities(struct reasons *r, const struct kapi_evidence *e, s32 error)
{
	const struct kapi_capability_spec *c;
	unsigned int i;

	for (i = 0; i < KAPI_MAX_CAPABILITIES && (c = e->spec->capabilities[i]); i++) {
		if (c->error != error)
			continue;
		add_reason(r, reason_of_value(e, c->value, false), false);
		r->unsure |= kapi_others_interfere(e, c->value);
	}
}

static void add_constraints(struct reasons *r, const struct kapi_evidence *e, s32 error)
{
	const struct kapi_constraint_spec *c;
	unsigned int i;

	for (i = 0; i < KAPI_MAX_CONSTRAINTS && (c = e->spec->constraints[i]); i++) {
		if (c->error != error)
			continue;
		add_reason(r, reason_of_value(e, c->value, c->may), c->may);
		r->unsure |= kapi_others_interfere(e, c->value);
	}
}

static struct reasons find_reasons(const struct kapi_evidence *e, s32 error)
{
	struct reasons r = {};

	add_params(&r, e, error);
	add_capabilities(&r, e, error);
	add_constraints(&r, e, error);
	return r;
}

/*
 * A reason is enough for an error, but others may be, too, unless the spec closes it. One
 * for which no clause gives a reason may come at any time. Of a task that is being
 * killed, memory may be gone already.
 */
KAPI_JUDGE(error)
{
	const struct kapi_error_spec *error = check->clause;
	struct reasons r;

	if (!kapi_is_returned(e, error->code))
		return KAPI_NOT_SEEN;
	r = find_reasons(e, error->code);
	if (!r.any || r.sure || r.may)
		return KAPI_KEPT;
	if (!error->closed || r.unknown || r.unsure || e->end->fatal)
		return KAPI_UNDECIDED;
	return kapi_broken(why, "a reason for it", "%pe without any", ERR_PTR(error->code));
}

/* === Of a reason ========================================================== */

/* Which of several checks comes first is the call's own affair. */
static enum kapi_verdict judge_must(const struct kapi_evidence *e, s32 error,
				    enum reason reason, bool unsure, struct kapi_finding *why)
{
	if (reason != REASON)
		return KAPI_NOT_SEEN;
	if (kapi_is_returned(e, error))
		return KAPI_KEPT;
	if (!kapi_is_success(e))
		return KAPI_NOT_SEEN;
	if (unsure)
		return KAPI_UNDECIDED;
	return kapi_broken(why, "its error", "success");
}

/* It is the reason only if there is no other. */
static enum kapi_verdict judge_may(const struct kapi_evidence *e, s32 error,
				   enum reason reason)
{
	struct reasons r;

	if (reason != REASON || !kapi_is_returned(e, error))
		return KAPI_NOT_SEEN;
	r = find_reasons(e, error);
	if (r.sure)
		return KAPI_NOT_SEEN;
	return r.may > 1 || r.unknown ? KAPI_UNDECIDED : KAPI_KEPT;
}

KAPI_JUDGE(param)
{
	const struct kapi_param_spec *p = check->clause;
	enum kapi_verdict verdict;

	verdict = judge_must(e, p->error, reason_of_param(e, check->i), false, why);
	if (verdict == KAPI_NOT_SEEN)
		return kapi_judge_value(e, p->value, p->relation, why);
	return verdict;
}

KAPI_JUDGE(capability)
{
	const struct kapi_capability_spec *c = check->clause;

	return judge_must(e, c->error, reason_of_value(e, c->value, false),
			  kapi_others_interfere(e, c->value), why);
}

KAPI_JUDGE(constraint)
{
	const struct kapi_constraint_spec *c = check->clause;
	enum reason reason = reason_of_value(e, c->value, c->may);

	if (c->may)
		return judge_may(e, c->error, reason);
	return judge_must(e, c->error, reason, kapi_others_interfere(e, c->value), why);
}

/* === Before anything is changed =========================================== */

/**
 * kapi_failed_early - did a call fail in a check that comes before any change?
 * @e: of a call that failed
 *
 * Return: true if a rule that is looked at so early was broken: then the call cannot
 * have come further. False proves nothing.
 */
bool kapi_failed_early(const struct kapi_evidence *e)
{
	const struct kernel_api_spec *spec = e->spec;
	unsigned int i;

	for (i = 0; i < KAPI_MAX_PARAMS && spec->params[i]; i++)
		if (reason_of_param(e, i) == REASON)
			return true;
	for (i = 0; i < KAPI_MAX_CAPABILITIES && spec->capabilities[i]; i++)
		if (reason_of_value(e, spec->capabilities[i]->value, false) == REASON)
			return true;
	for (i = 0; i < KAPI_MAX_CONSTRAINTS && spec->constraints[i]; i++)
		if (spec->constraints[i]->early &&
		    reason_of_value(e, spec->constraints[i]->value, false) == REASON)
			return true;
	return false;
}
