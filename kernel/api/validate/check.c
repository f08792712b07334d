// SPDX-License-Identifier: GPL-2.0
/*
 * Checks the record of a call against a clause of its spec.
 *
 * Nothing here reads anything but its arguments, or writes anything but its result. A
 * clause is violated only if nothing but the call can be the reason; if the record proves
 * neither, it is undecided.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/signal.h>
#include <linux/sizes.h>
#include <linux/stdarg.h>
#include <kunit/visibility.h>

#include "../kapi.h"
#include "check.h"

/* Formats what is expected; the caller adds what was observed. */
void kapi_expected(struct kapi_reason *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(why->expected, sizeof(why->expected), fmt, args);
	va_end(args);
}

enum kapi_result kapi_observed(struct kapi_reason *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(why->observed, sizeof(why->observed), fmt, args);
	va_end(args);
	return KAPI_VIOLATED;
}

/* === Return value ========================================================= */

/* Only these values are errors; others may be negative on success. */
bool kapi_is_error(long ret)
{
	return ret < 0 && ret >= -MAX_ERRNO;
}

bool kapi_is_success(const struct kapi_call *call)
{
	const struct kapi_return_spec *r = &call->watch->spec->return_spec;

	switch (r->check_type) {
	case KAPI_RETURN_EXACT:
		return call->ret == r->success_value;
	case KAPI_RETURN_RANGE:
		return call->ret >= r->success_min && call->ret <= r->success_max;
	case KAPI_RETURN_FD:
		return call->ret >= 0 && call->ret <= INT_MAX;
	case KAPI_RETURN_ERROR_CHECK:
		return !kapi_is_error(call->ret);
	case KAPI_RETURN_POINTER:
		return call->ret && !kapi_is_error(call->ret);
	case KAPI_RETURN_BOOL:
		return call->ret;
	case KAPI_RETURN_VOID:
		return true;
	default:
		return false;
	}
}

/* An error whose option this kernel lacks is not declared. */
bool kapi_is_declared_error(const struct kernel_api_spec *spec, long ret)
{
	const struct kapi_error_spec *error;

	kapi_for_each_clause(error, spec, KAPI_ERRORS)
		if (error->code == ret && !error->needs)
			return true;
	return false;
}

bool kapi_may_restart(const struct kernel_api_spec *spec)
{
	const struct kapi_signal_spec *s;

	kapi_for_each_clause(s, spec, KAPI_SIGNALS)
		if (s->restartable)
			return true;
	return false;
}

/* NULL or 0 is a failure that has no code. */
static bool is_plain_failure(const struct kapi_call *call)
{
	enum kapi_return_check check = call->watch->spec->return_spec.check_type;

	return !call->ret && (check == KAPI_RETURN_POINTER || check == KAPI_RETURN_BOOL);
}

/* A large value may be an address, and the log is no place for one. */
static bool may_be_address(long ret)
{
	return ret <= -SZ_16M || ret >= SZ_16M;
}

enum kapi_result kapi_violated_return(struct kapi_reason *why, const char *what, long ret)
{
	if (kapi_is_restart(ret))
		return kapi_violated(why, what, "a restart code, %ld", ret);
	if (kapi_is_error(ret))
		return kapi_violated(why, what, "%pe", ERR_PTR(ret));
	if (may_be_address(ret))
		return kapi_violated(why, what, "a value of 16M or more");
	return kapi_violated(why, what, "%ld", ret);
}

/* By an error, or by NULL or 0 where that is one. */
bool kapi_has_failed(const struct kapi_call *call)
{
	return !kapi_is_success(call) && (kapi_is_error(call->ret) || is_plain_failure(call));
}

/**
 * kapi_is_returned - did the call return this error?
 * @call: the record
 * @code: the error, or KAPI_NULL
 *
 * Return: true also if it is EINTR and the call may be restarted instead: whether user
 * space sees the one or the other is decided when the signal is delivered.
 */
bool kapi_is_returned(const struct kapi_call *call, s32 code)
{
	if (code == KAPI_NULL)
		return is_plain_failure(call);
	if (code == -EINTR && kapi_is_restart(call->ret) && call->ret != -ERESTARTNOINTR)
		return kapi_may_restart(call->watch->spec);
	return call->ret == code;
}

static enum kapi_result check_return(const struct kapi_call *call,
				     const struct kapi_check *check, struct kapi_reason *why)
{
	const struct kernel_api_spec *spec = call->watch->spec;

	if (kapi_is_success(call) || is_plain_failure(call) ||
	    kapi_is_declared_error(spec, call->ret))
		return KAPI_HELD;
	if (kapi_is_restart(call->ret) && kapi_may_restart(spec))
		return KAPI_HELD;
	if (spec->other_errors && kapi_is_error(call->ret))
		return KAPI_UNDECIDED;
	return kapi_violated_return(why, "success or a declared error", call->ret);
}

/* === Context ============================================================== */

/* A function that returns with a spinlock held, say, cannot leave it as it was. */
static enum kapi_result check_context(const struct kapi_call *call,
				      const struct kapi_check *check, struct kapi_reason *why)
{
	const struct kapi_context *entry = &call->entry, *exit = &call->exit;

	if (call->watch->keeps_spinlocks)
		return KAPI_NOT_EXERCISED;
	if (entry->irqs_off != exit->irqs_off)
		return kapi_violated(why, "interrupts as at entry", "interrupts %s",
				     exit->irqs_off ? "off" : "on");
	if (entry->preempt_count != exit->preempt_count)
		return kapi_violated(why, "preempt_count as at entry", "%#x, at entry %#x",
				     exit->preempt_count, entry->preempt_count);
	return KAPI_HELD;
}

/* === Any clause =========================================================== */

static const kapi_call_check_fn check_rule[KAPI_RULES] = {
	[KAPI_RULE_CONTEXT] = check_context,
	[KAPI_RULE_RETURN] = check_return,
	[KAPI_RULE_LOCKS] = kapi_check_other_locks,
	[KAPI_RULE_SIGNALS] = kapi_check_sent,
	[KAPI_RULE_FAILURE] = kapi_check_failure,
};

static const kapi_call_check_fn check_clause[KAPI_KINDS] = {
	[KAPI_PARAMS] = kapi_check_reason,
	[KAPI_ERRORS] = kapi_check_error,
	[KAPI_CONSTRAINTS] = kapi_check_reason,
	[KAPI_CAPABILITIES] = kapi_check_reason,
	[KAPI_SIGNALS] = kapi_check_signal,
	[KAPI_LOCKS] = kapi_check_lock,
	[KAPI_SIDE_EFFECTS] = kapi_check_effect,
	[KAPI_POSTCONDITIONS] = kapi_check_ensures,
};

/* A clause that is only prose, though others of its kind can be checked. */
static bool is_prose(const struct kapi_clause *clause)
{
	switch (clause->kind) {
	case KAPI_PARAMS:
		return !kapi_clause_error(clause);
	case KAPI_CONSTRAINTS:
	case KAPI_CAPABILITIES:
	case KAPI_SIDE_EFFECTS:
	case KAPI_POSTCONDITIONS:
		return !kapi_clause_condition(clause);
	case KAPI_LOCKS:
		return !((const struct kapi_lock_spec *)clause)->class_name;
	default:
		return false;
	}
}

static bool is_required(const struct kapi_clause *clause)
{
	return clause->kind == KAPI_CONSTRAINTS &&
	       ((const struct kapi_constraint_spec *)clause)->required;
}

static bool is_held_by_caller(const struct kapi_clause *clause)
{
	return clause->kind == KAPI_LOCKS &&
	       ((const struct kapi_lock_spec *)clause)->held_on_entry;
}

/**
 * kapi_find_check - how calls are checked by a clause
 * @spec: a spec
 * @n: the clause, as for kapi_find_clause()
 *
 * Return: NULL if there is no such clause, or nothing in it to see.
 */
kapi_call_check_fn kapi_find_check(const struct kernel_api_spec *spec, unsigned int n)
{
	struct kapi_clause_ref ref;

	if (n < KAPI_RULES)
		return kapi_has_clause(spec, n) ? check_rule[n] : NULL;
	if (!kapi_find_clause(spec, n, &ref) || is_prose(ref.clause) || is_required(ref.clause))
		return NULL;
	return check_clause[ref.kind];
}
EXPORT_SYMBOL_IF_KUNIT(kapi_find_check);

/**
 * kapi_find_caller_check - how a clause checks the caller, at entry
 * @spec: a spec
 * @n: the clause, as for kapi_find_clause()
 *
 * Return: NULL if the clause asks nothing of the caller.
 */
kapi_call_check_fn kapi_find_caller_check(const struct kernel_api_spec *spec, unsigned int n)
{
	struct kapi_clause_ref ref;

	if (n == KAPI_RULE_CALLER && kapi_has_clause(spec, n))
		return kapi_check_called_from;
	if (n < KAPI_RULES || !kapi_find_clause(spec, n, &ref) || is_prose(ref.clause))
		return NULL;
	if (is_required(ref.clause))
		return kapi_check_required;
	return is_held_by_caller(ref.clause) ? kapi_check_caller_holds : NULL;
}
