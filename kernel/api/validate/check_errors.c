// SPDX-License-Identifier: GPL-2.0
/*
 * Errors and the reasons for them: a parameter that is not valid, a constraint, a
 * capability that is not there. Callers may break any rule; only the kernel's response is
 * checked.
 */
#include <linux/err.h>
#include <linux/kernel.h>

#include "../kapi.h"
#include "check.h"

/* Whether there was a reason for an error. */
enum reason {
	NO_REASON,
	REASON,
	UNKNOWN_REASON,
};

/**
 * struct reasons - what the clauses that give reasons for an error say
 * @any: there are such clauses
 * @sure: one says that the call must fail
 * @unknown: one could not be evaluated, or others may have caused it
 * @may: how many say that it may fail
 */
struct reasons {
	bool any;
	bool sure;
	bool unknown;
	unsigned int may;
};

/* === Of a clause ========================================================== */

bool kapi_is_may(const struct kapi_check *check)
{
	return check->clause && check->clause->kind == KAPI_CONSTRAINTS &&
	       ((const struct kapi_constraint_spec *)check->clause)->may;
}

static bool is_valid(const struct kapi_param_spec *p, s64 value)
{
	if (p->constraint_type == KAPI_CONSTRAINT_MASK)
		return !(value & ~p->valid_mask);
	if (p->max_value < p->min_value)
		return (u64)value >= (u64)p->min_value && (u64)value <= (u64)p->max_value;
	return value >= p->min_value && value <= p->max_value;
}

static enum reason reason_of_param(const struct kapi_call *call, const struct kapi_check *check)
{
	const struct kapi_param_spec *p = (const void *)check->clause;

	if (check->place >= KAPI_MAX_ARGS)
		return UNKNOWN_REASON;
	return is_valid(p, kapi_argument(p, call->args[check->place])) ? NO_REASON : REASON;
}

/* A reason that may apply is best known at exit: it may arise during the call. */
static enum reason reason_of_later(const struct kapi_reading *before,
				   const struct kapi_reading *after)
{
	if (after->known)
		return after->value ? REASON : NO_REASON;
	return before->known && before->value ? REASON : UNKNOWN_REASON;
}

/* If it changed during the call, it may have done so before the call read it. */
static enum reason reason_of_condition(const struct kapi_call *call,
				       const struct kapi_check *check)
{
	const struct kapi_reading *before = &call->before[check->cond - 1];
	const struct kapi_reading *after = &call->after[check->cond - 1];

	if (kapi_is_may(check))
		return reason_of_later(before, after);
	if (!before->known || (after->known && !after->value != !before->value))
		return UNKNOWN_REASON;
	return before->value ? REASON : NO_REASON;
}

/* A reason that is for other calls is none for this one. */
static enum reason reason_of(const struct kapi_call *call, const struct kapi_check *check)
{
	const struct kapi_reading *when = check->when ? &call->before[check->when - 1] : NULL;
	enum reason reason = UNKNOWN_REASON;

	if (when && when->known && !when->value)
		return NO_REASON;
	if (check->clause->kind == KAPI_PARAMS)
		reason = reason_of_param(call, check);
	else if (check->cond)
		reason = reason_of_condition(call, check);
	if (when && !when->known && reason == REASON)
		return UNKNOWN_REASON;
	return reason;
}

/* A signal is a reason, too, but its own clause says whether there was one. */
static bool is_reason_for(const struct kapi_check *check, s32 error)
{
	return check->error == error && check->clause &&
	       (check->cond || check->clause->kind == KAPI_PARAMS);
}

/* === Of an error ========================================================== */

static void add_reason(struct reasons *r, const struct kapi_call *call,
		       const struct kapi_check *check)
{
	enum reason found = reason_of(call, check);

	r->any = true;
	r->unknown |= found == UNKNOWN_REASON || kapi_is_in_doubt(call, check);
	r->sure |= found == REASON && !kapi_is_may(check);
	r->may += found == REASON && kapi_is_may(check);
}

static struct reasons find_reasons(const struct kapi_call *call, s32 error)
{
	const struct kapi_check *check;
	struct reasons r = {};

	kapi_for_each_check(check, call)
		if (is_reason_for(check, error))
			add_reason(&r, call, check);
	return r;
}

static bool is_checked(const struct kapi_call *call, const struct kapi_clause *clause)
{
	const struct kapi_check *check;

	kapi_for_each_check(check, call)
		if (check->clause == clause)
			return true;
	return false;
}

/* Whether a clause gives a reason that is not checked here, such as a signal. */
static bool has_other_reason(const struct kapi_call *call, s32 error)
{
	struct kapi_walk walk = { .spec = call->watch->spec };
	const struct kapi_clause *clause;

	while ((clause = kapi_next_clause(&walk)))
		if (kapi_clause_error(clause) == error && !clause->needs &&
		    (clause->kind == KAPI_SIGNALS || !is_checked(call, clause)))
			return true;
	return false;
}

/*
 * A reason is enough for an error, but there may be others unless the spec closes it. A
 * task that is being killed may have lost memory already.
 */
KAPI_CHECK(error)
{
	const struct kapi_error_spec *error = (const void *)check->clause;
	struct reasons r;

	if (!kapi_is_returned(call, error->code))
		return KAPI_NOT_EXERCISED;
	r = find_reasons(call, error->code);
	if (r.sure || r.may || (!r.any && !error->closed))
		return KAPI_HELD;
	if (!error->closed || r.unknown || call->fatal || has_other_reason(call, error->code))
		return KAPI_UNDECIDED;
	if (error->is_null)
		return kapi_violated(why, "a reason for it", "NULL or 0 without any");
	return kapi_violated(why, "a reason for it", "%pe without any", ERR_PTR(error->code));
}

/* === Of a reason ========================================================== */

/* Whether only clauses after this one give reasons for the error that was returned. */
static bool is_only_behind(const struct kapi_call *call, const struct kapi_check *first)
{
	const struct kapi_check *check;
	bool closed = false;

	kapi_for_each_check(check, call) {
		if (!check->clause || !kapi_is_returned(call, check->clause->kind == KAPI_ERRORS ?
				((const struct kapi_error_spec *)check->clause)->code :
				check->error))
			continue;
		if (check->clause->kind == KAPI_ERRORS)
			closed = ((const struct kapi_error_spec *)check->clause)->closed;
		else if (check->clause->kind != first->clause->kind || check->n <= first->n)
			return false;
	}
	return closed;
}

/* Unless the spec gives an order, a call may check in any. */
static enum kapi_result check_order(const struct kapi_call *call,
				    const struct kapi_check *check, struct kapi_reason *why)
{
	if (!call->watch->spec->in_order || !kapi_has_failed(call) ||
	    !is_only_behind(call, check) || has_other_reason(call, call->ret))
		return KAPI_NOT_EXERCISED;
	if (kapi_is_in_doubt(call, check))
		return KAPI_UNDECIDED;
	return kapi_violated(why, "its error first", "%pe", ERR_PTR(call->ret));
}

/* A call that has this reason must not succeed. */
static enum kapi_result check_must(const struct kapi_call *call,
				   const struct kapi_check *check, struct kapi_reason *why)
{
	if (reason_of(call, check) != REASON)
		return KAPI_NOT_EXERCISED;
	if (kapi_is_returned(call, check->error))
		return KAPI_HELD;
	if (!kapi_is_success(call))
		return check_order(call, check, why);
	if (kapi_is_in_doubt(call, check))
		return KAPI_UNDECIDED;
	return kapi_violated(why, "its error", "success");
}

/* Counts as the reason only if there is no other. */
static enum kapi_result check_may(const struct kapi_call *call, const struct kapi_check *check)
{
	struct reasons r;

	if (reason_of(call, check) != REASON || !kapi_is_returned(call, check->error))
		return KAPI_NOT_EXERCISED;
	r = find_reasons(call, check->error);
	if (r.sure)
		return KAPI_NOT_EXERCISED;
	return r.may > 1 ? KAPI_UNDECIDED : KAPI_HELD;
}

/* A clause without an error is not checked here. */
KAPI_CHECK(reason)
{
	if (!check->error)
		return KAPI_NOT_EXERCISED;
	return kapi_is_may(check) ? check_may(call, check) : check_must(call, check, why);
}

/* === Before anything is changed =========================================== */

/* That a call may have failed early does not prove that it did. */
static bool is_early(const struct kapi_check *check)
{
	switch (check->clause->kind) {
	case KAPI_PARAMS:
	case KAPI_CAPABILITIES:
		return true;
	case KAPI_CONSTRAINTS:
		return !kapi_is_may(check) &&
		       ((const struct kapi_constraint_spec *)check->clause)->early;
	default:
		return false;
	}
}

/**
 * kapi_failed_early - did a call fail in a check that comes before any change?
 * @call: one that failed
 *
 * Return: true if it broke a rule that is checked before any change. False proves
 * nothing.
 */
bool kapi_failed_early(const struct kapi_call *call)
{
	const struct kapi_check *check;

	kapi_for_each_check(check, call)
		if (check->error && check->clause && is_early(check) &&
		    reason_of(call, check) == REASON && !kapi_is_in_doubt(call, check))
			return true;
	return false;
}
