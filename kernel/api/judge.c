// SPDX-License-Identifier: GPL-2.0
/*
 * A spec's clause and the record of a call, to a verdict.
 *
 * Nothing here reads anything but its arguments, or writes anything but its
 * result. A clause is called broken only when nothing but the call can be the
 * reason; what the record cannot prove either way is undecided.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/signal.h>
#include <linux/sizes.h>
#include <linux/stdarg.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "kapi.h"
#include "judge.h"
#include "validate.h"

/* Formats what is expected; what was observed is the caller's to add. */
void kapi_expected(struct kapi_finding *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(why->expected, sizeof(why->expected), fmt, args);
	va_end(args);
}

enum kapi_verdict kapi_observed(struct kapi_finding *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(why->observed, sizeof(why->observed), fmt, args);
	va_end(args);
	return KAPI_BROKEN;
}

/* === Return value ========================================================= */

/* Only these values are errors; others may be negative on success. */
bool kapi_is_error(long ret)
{
	return ret < 0 && ret >= -MAX_ERRNO;
}

bool kapi_is_success(const struct kapi_evidence *e)
{
	const struct kapi_return_spec *r = &e->spec->return_spec;
	long ret = e->end->ret;

	switch (r->check_type) {
	case KAPI_RETURN_EXACT:
		return ret == r->success_value;
	case KAPI_RETURN_RANGE:
		return ret >= r->success_min && ret <= r->success_max;
	case KAPI_RETURN_FD:
		return ret >= 0 && ret <= INT_MAX;
	case KAPI_RETURN_ERROR_CHECK:
		return !kapi_is_error(ret);
	case KAPI_RETURN_VOID:
		return true;
	default:
		return false;
	}
}

static bool is_declared_error(const struct kernel_api_spec *spec, long ret)
{
	unsigned int i;

	for (i = 0; i < KAPI_MAX_ERRORS && spec->errors[i]; i++)
		if (spec->errors[i]->code == ret)
			return true;
	return false;
}

bool kapi_may_restart(const struct kernel_api_spec *spec)
{
	unsigned int i;

	for (i = 0; i < KAPI_MAX_SIGNALS && spec->signals[i]; i++)
		if (spec->signals[i]->restartable)
			return true;
	return false;
}

/* A large value may be an address, and the log is no place for one. */
static bool may_be_address(long ret)
{
	return ret <= -SZ_16M || ret >= SZ_16M;
}

enum kapi_verdict kapi_broken_return(struct kapi_finding *why, const char *what, long ret)
{
	if (kapi_is_restart(ret))
		return kapi_broken(why, what, "a restart code, %ld", ret);
	if (kapi_is_error(ret))
		return kapi_broken(why, what, "%pe", ERR_PTR(ret));
	if (may_be_address(ret))
		return kapi_broken(why, what, "a value of 16M or more");
	return kapi_broken(why, what, "%ld", ret);
}

/**
 * kapi_is_returned - did the call return this error?
 * @e: the evidence
 * @code: the error
 *
 * Return: true also if it is EINTR and the call may be restarted instead: whether user
 * space sees the one or the other is decided when the signal is delivered.
 */
bool kapi_is_returned(const struct kapi_evidence *e, s32 code)
{
	long ret = e->end->ret;

	if (code == -EINTR && kapi_is_restart(ret) && ret != -ERESTARTNOINTR)
		return kapi_may_restart(e->spec);
	return ret == code;
}

static enum kapi_verdict judge_return(const struct kapi_evidence *e,
				      const struct kapi_check *check, struct kapi_finding *why)
{
	long ret = e->end->ret;

	if (kapi_is_success(e) || is_declared_error(e->spec, ret))
		return KAPI_KEPT;
	if (kapi_is_restart(ret) && kapi_may_restart(e->spec))
		return KAPI_KEPT;
	if (e->spec->other_errors && kapi_is_error(ret))
		return KAPI_UNDECIDED;
	return kapi_broken_return(why, "success or a declared error", ret);
}

/* === Context ============================================================== */

static enum kapi_verdict judge_context(const struct kapi_evidence *e,
				       const struct kapi_check *check, struct kapi_finding *why)
{
	const struct kapi_context *entry = &e->call->entry, *exit = &e->end->context;

	if (entry->irqs_off != exit->irqs_off)
		return kapi_broken(why, "interrupts as at entry", "interrupts %s",
				   exit->irqs_off ? "off" : "on");
	if (entry->preempt_count != exit->preempt_count)
		return kapi_broken(why, "preempt_count as at entry", "%#x, at entry %#x",
				   exit->preempt_count, entry->preempt_count);
	return KAPI_KEPT;
}

/* === Any clause =========================================================== */

static const kapi_judge_fn judge_rule[KAPI_RULES] = {
	[KAPI_RULE_CONTEXT] = judge_context,
	[KAPI_RULE_RETURN] = judge_return,
	[KAPI_RULE_LOCKS] = kapi_judge_other_locks,
	[KAPI_RULE_SIGNALS] = kapi_judge_sent,
	[KAPI_RULE_FAILURE] = kapi_judge_failure,
};

static const kapi_judge_fn judge_entry[KAPI_CATEGORIES] = {
	[KAPI_PARAMS] = kapi_judge_param,
	[KAPI_ERRORS] = kapi_judge_error,
	[KAPI_SIGNALS] = kapi_judge_signal,
	[KAPI_LOCKS] = kapi_judge_lock,
	[KAPI_SIDE_EFFECTS] = kapi_judge_effect,
	[KAPI_STATE_TRANS] = kapi_judge_trans,
	[KAPI_CONSTRAINTS] = kapi_judge_constraint,
	[KAPI_CAPABILITIES] = kapi_judge_capability,
};

/**
 * kapi_find_check - how calls are judged by a clause
 * @spec: a spec
 * @n: the clause, as for kapi_find_clause()
 * @check: filled in
 *
 * Return: false if there is no such clause, or nothing to judge by it.
 */
bool kapi_find_check(const struct kernel_api_spec *spec, unsigned int n,
		     struct kapi_check *check)
{
	struct kapi_clause_ref ref = {};

	check->n = n;
	if (n < KAPI_RULES)
		check->judge = judge_rule[n];
	else if (kapi_find_clause(spec, n, &ref))
		check->judge = judge_entry[ref.category];
	else
		return false;
	check->clause = ref.clause;
	check->i = ref.i;
	return check->judge;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_find_check);
