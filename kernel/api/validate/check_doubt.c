// SPDX-License-Identifier: GPL-2.0
/*
 * Why a result is undecided, if conditions are the reason: whose state they read, or that
 * they could not read it.
 */
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <kunit/visibility.h>

#include "../kapi.h"
#include "check.h"

static_assert(BIT(KAPI_DOUBT_UNKNOWN - 1) == KAPI_OF_ANYBODY);

/* Decided by its value at one end of the call, but others may come between. */
static unsigned long doubts_of(const struct kapi_call *call, u8 cond, bool at_entry)
{
	const struct kapi_reading *before, *after;
	bool is_known;

	if (!cond)
		return 0;
	before = &call->before[cond - 1];
	after = &call->after[cond - 1];
	is_known = at_entry ? before->known : after->known;
	return ((before->of | after->of) & call->shared) |
	       (is_known ? 0 : BIT(KAPI_DOUBT_UNKNOWN));
}

/* Whether the call must fail is known at entry. */
static bool is_of_entry(const struct kapi_check *check)
{
	return check->error && !kapi_is_may(check);
}

static unsigned long excuse_of(const struct kapi_call *call, u8 unless)
{
	const struct kapi_reading *r = unless ? &call->after[unless - 1] : NULL;

	return r && r->known && r->value ? BIT(KAPI_DOUBT_EXCUSED) : 0;
}

/* The doubts of an error are those of its reasons; of a rule on state, those of all state. */
static bool is_part_of(const struct kapi_check *part, const struct kapi_check *whole)
{
	const struct kapi_clause *clause = whole->clause;

	if (!clause)
		return whole->n == KAPI_RULE_FAILURE && part->clause &&
		       part->clause->kind == KAPI_SIDE_EFFECTS;
	if (clause->kind == KAPI_ERRORS)
		return part->error == ((const struct kapi_error_spec *)clause)->code;
	return part == whole;
}

/**
 * kapi_doubts - why a clause is undecided
 * @call: the record
 * @check: of a clause that came to KAPI_UNDECIDED
 *
 * Return: bits of enum kapi_doubt, at least one.
 */
unsigned long kapi_doubts(const struct kapi_call *call, const struct kapi_check *check)
{
	const bool is_error = check->clause && check->clause->kind == KAPI_ERRORS;
	unsigned long doubts = is_error && call->fatal ? BIT(KAPI_DOUBT_KILLED) : 0;
	const struct kapi_check *part;

	kapi_for_each_check(part, call) {
		if (!is_part_of(part, check))
			continue;
		doubts |= doubts_of(call, part->cond, is_of_entry(part)) |
			  doubts_of(call, part->unless, false) | excuse_of(call, part->unless) |
			  doubts_of(call, part->when, true);
	}
	return doubts ?: BIT(KAPI_DOUBT_OTHER);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_doubts);
