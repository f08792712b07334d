// SPDX-License-Identifier: GPL-2.0
/*
 * The rules for a function's callers. All of this is known when the call begins; a call that
 * breaks one is not checked any further.
 */
#include <linux/preempt.h>

#include "../kapi.h"
#include "check.h"

/* === Context ============================================================== */

static int caller_preempt_count(const struct kapi_call *call)
{
	return call->entry.preempt_count - call->own_preemption;
}

static u8 interrupt_level(const struct kapi_call *call)
{
	if (caller_preempt_count(call) & HARDIRQ_MASK)
		return KAPI_CTX_HARDIRQ;
	return caller_preempt_count(call) & SOFTIRQ_OFFSET ? KAPI_CTX_SOFTIRQ : 0;
}

static bool is_callable(const struct kernel_api_spec *spec, u8 level)
{
	return !level || !spec->context || spec->context & (level | KAPI_CTX_ATOMIC);
}

/* What might_sleep() would say; without CONFIG_PREEMPT_COUNT, less. */
static enum kapi_result check_sleep(const struct kapi_call *call, struct kapi_reason *why)
{
	const char *expected = "a caller that may sleep";

	if (call->entry.irqs_off)
		return kapi_misused(why, expected, "interrupts off");
	if (caller_preempt_count(call))
		return kapi_misused(why, expected, "preempt_count %#x", caller_preempt_count(call));
	if (call->entry.in_rcu)
		return kapi_misused(why, expected, "rcu_read_lock() held");
	return KAPI_HELD;
}

KAPI_CHECK(called_from)
{
	const u8 level = interrupt_level(call);

	if (!call->minds_context)
		return KAPI_NOT_EXERCISED;
	if (!is_callable(call->watch->spec, level))
		return kapi_misused(why, "a context of the spec", "a %s",
				    level == KAPI_CTX_HARDIRQ ? "hard interrupt" : "softirq");
	return call->may_sleep ? check_sleep(call, why) : KAPI_HELD;
}

/* === Locks ================================================================ */

KAPI_CHECK(caller_holds)
{
	if (!call->sees_held)
		return KAPI_UNDECIDED;
	if (call->held_at_entry & BIT(check->place))
		return KAPI_HELD;
	return kapi_misused(why, "held by the caller", "not held");
}

/* === Conditions =========================================================== */

/* In an interrupt, conditions are not evaluated. */
KAPI_CHECK(required)
{
	const struct kapi_reading *r = &call->before[check->cond - 1];

	if (!call->reading || kapi_is_other_case(call, check))
		return KAPI_NOT_EXERCISED;
	if (!r->known)
		return KAPI_UNDECIDED;
	return r->value ? KAPI_HELD : kapi_misused(why, "true at entry", "%s is false",
						   check->clause->name);
}
