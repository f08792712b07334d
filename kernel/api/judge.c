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
#include <linux/stdarg.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "kapi.h"
#include "validate.h"

/* Formats what is expected; what was observed is the caller's to add. */
__printf(2, 3)
static void expected(struct kapi_finding *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(why->expected, sizeof(why->expected), fmt, args);
	va_end(args);
}

__printf(2, 3)
static enum kapi_verdict observed(struct kapi_finding *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(why->observed, sizeof(why->observed), fmt, args);
	va_end(args);
	return KAPI_BROKEN;
}

/*
 * Broken, and the reason where one is asked for: most often nobody does, and
 * nothing is formatted.
 */
#define broken(why, _expected, ...)					\
	((why) ? (expected(why, "%s", _expected), observed(why, __VA_ARGS__)) : KAPI_BROKEN)

/* === Return value ========================================================= */

/* Only these values are errors; others may be negative on success. */
static bool is_error(long ret)
{
	return ret < 0 && ret >= -MAX_ERRNO;
}

static bool is_restart(long ret)
{
	return ret == -ERESTARTSYS || ret == -ERESTARTNOINTR ||
	       ret == -ERESTARTNOHAND || ret == -ERESTART_RESTARTBLOCK;
}

static bool is_success(const struct kapi_evidence *e)
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
		return !is_error(ret);
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

static bool may_restart(const struct kernel_api_spec *spec)
{
	unsigned int i;

	for (i = 0; i < KAPI_MAX_SIGNALS && spec->signals[i]; i++)
		if (spec->signals[i]->restartable)
			return true;
	return false;
}

static enum kapi_verdict observed_return(struct kapi_finding *why, const char *what, long ret)
{
	if (is_restart(ret))
		return broken(why, what, "a restart code, %ld", ret);
	if (is_error(ret))
		return broken(why, what, "%pe", ERR_PTR(ret));
	return broken(why, what, "%ld", ret);
}

static enum kapi_verdict judge_return(const struct kapi_evidence *e,
				      const struct kapi_check *check, struct kapi_finding *why)
{
	long ret = e->end->ret;

	if (is_success(e) || is_declared_error(e->spec, ret))
		return KAPI_KEPT;
	if (is_restart(ret) && may_restart(e->spec))
		return KAPI_KEPT;
	return observed_return(why, "success or a declared error", ret);
}

static enum kapi_verdict judge_error(const struct kapi_evidence *e,
				     const struct kapi_check *check, struct kapi_finding *why)
{
	const struct kapi_error_spec *error = check->clause;

	return e->end->ret == error->code ? KAPI_KEPT : KAPI_NOT_SEEN;
}

/* === Context ============================================================== */

static enum kapi_verdict judge_context(const struct kapi_evidence *e,
				       const struct kapi_check *check, struct kapi_finding *why)
{
	const struct kapi_context *entry = &e->call->entry, *exit = &e->end->context;

	if (entry->irqs_off != exit->irqs_off)
		return broken(why, "interrupts as at entry", "interrupts %s",
			      exit->irqs_off ? "off" : "on");
	if (entry->preempt_count != exit->preempt_count)
		return broken(why, "preempt_count as at entry", "%#x, at entry %#x",
			      exit->preempt_count, entry->preempt_count);
	return KAPI_KEPT;
}

/* === Signals ============================================================== */

static bool is_pending(const struct kapi_end *end, int signum)
{
	if (signum == KAPI_SIGNAL_ANY_FATAL)
		return end->fatal;
	return sigismember((sigset_t *)&end->pending, signum);
}

/* The call may have returned what it did because of this signal. */
static bool may_be_reason(const struct kapi_evidence *e, const struct kapi_signal_spec *s)
{
	if (is_restart(e->end->ret))
		return s->restartable;
	return s->error && s->error == e->end->ret;
}

/*
 * A thread being killed is told so itself. Any other signal may have been taken by
 * another thread, or discarded by SIGCONT; and a wait ends for what is no signal, too:
 * the freezer, task work, livepatch.
 */
static bool may_be_gone(const struct kapi_signal_spec *s)
{
	return s->signum != KAPI_SIGNAL_ANY_FATAL;
}

/* One signal is reason enough, whichever of them it is. */
static enum kapi_verdict judge_interruption(const struct kapi_evidence *e,
					    const struct kapi_signal_spec *s,
					    struct kapi_finding *why)
{
	const struct kapi_signal_spec *other;
	bool gone = false;
	unsigned int i;

	if (is_pending(e->end, s->signum))
		return KAPI_KEPT;
	for (i = 0; i < KAPI_MAX_SIGNALS && (other = e->spec->signals[i]); i++) {
		if (!may_be_reason(e, other))
			continue;
		if (is_pending(e->end, other->signum))
			return KAPI_NOT_SEEN;
		gone |= may_be_gone(other);
	}
	if (gone)
		return KAPI_UNDECIDED;
	return broken(why, "the signal pending", "%pe without it", ERR_PTR(e->end->ret));
}

static enum kapi_verdict judge_signal(const struct kapi_evidence *e,
				      const struct kapi_check *check, struct kapi_finding *why)
{
	const struct kapi_signal_spec *s = check->clause;

	if (s->direction & KAPI_SIGNAL_SEND)
		return s->signum > 0 && sigismember((sigset_t *)&e->call->sent, s->signum) ?
			KAPI_KEPT : KAPI_NOT_SEEN;
	if (!s->error)
		return KAPI_NOT_SEEN;
	if (is_restart(e->end->ret) && !may_restart(e->spec))
		return observed_return(why, "no restart", e->end->ret);
	return may_be_reason(e, s) ? judge_interruption(e, s, why) : KAPI_NOT_SEEN;
}

static bool may_send(const struct kernel_api_spec *spec, int signum)
{
	unsigned int i;

	for (i = 0; i < KAPI_MAX_SIGNALS && spec->signals[i]; i++)
		if (spec->signals[i]->direction & KAPI_SIGNAL_SEND &&
		    spec->signals[i]->signum == signum)
			return true;
	return false;
}

static enum kapi_verdict judge_sent(const struct kapi_evidence *e,
				    const struct kapi_check *check, struct kapi_finding *why)
{
	sigset_t *sent = (sigset_t *)&e->call->sent;
	int signum;

	if (sigisemptyset(sent))
		return KAPI_KEPT;
	for (signum = 1; signum <= _NSIG; signum++)
		if (sigismember(sent, signum) && !may_send(e->spec, signum))
			return broken(why, "no other signal sent", "signal %d sent", signum);
	return KAPI_KEPT;
}

/* === Locks ================================================================ */

static bool count_overflowed(const struct kapi_lock_seen *seen)
{
	return seen->read == U16_MAX || seen->write == U16_MAX || seen->released == U16_MAX;
}

/* How many more times the call took the lock than it gave it back. */
static int lock_balance(const struct kapi_lock_seen *seen)
{
	return seen->read + seen->write - seen->released;
}

static int declared_balance(const struct kapi_lock_spec *lock)
{
	return lock->held_on_exit - lock->held_on_entry;
}

static enum kapi_verdict judge_lock_use(const struct kapi_evidence *e,
					const struct kapi_lock_spec *lock,
					const struct kapi_lock_seen *seen,
					struct kapi_finding *why)
{
	unsigned int taken = seen->read + seen->write;
	bool used = taken || seen->released;

	if (is_success(e) && lock->taken && !taken)
		return broken(why, "taken", "success without it");
	if (lock->mode == KAPI_LOCK_MODE_WRITE && seen->read)
		return broken(why, "taken for write", "taken for read");
	if (lock->mode == KAPI_LOCK_MODE_WRITE && seen->downgraded)
		return broken(why, "held for write", "downgraded to read");
	if (lock->mode == KAPI_LOCK_MODE_READ && seen->write)
		return broken(why, "taken for read", "taken for write");
	if (lock->taken == KAPI_LOCK_TAKEN_ONCE && taken > 1)
		return broken(why, "taken once", "taken %u times", taken);
	if (used && lock_balance(seen) != declared_balance(lock))
		return broken(why, lock->held_on_exit ? "kept" : "given back",
			      "taken %u times, given back %u times", taken, seen->released);
	return used ? KAPI_KEPT : KAPI_NOT_SEEN;
}

static enum kapi_verdict judge_lock(const struct kapi_evidence *e,
				    const struct kapi_check *check, struct kapi_finding *why)
{
	const struct kapi_lock_seen *seen = &e->call->lock[check->i];
	enum kapi_verdict verdict;

	if (!kapi_has_class(check->clause))
		return KAPI_NOT_SEEN;
	if (count_overflowed(seen))
		return KAPI_UNDECIDED;
	if (!seen->passed_over)
		return judge_lock_use(e, check->clause, seen, why);
	verdict = judge_lock_use(e, check->clause, seen, NULL);
	return verdict == KAPI_BROKEN ? KAPI_UNDECIDED : verdict;
}

/* Of the spec's locks, those without a class are among the others, if they exist. */
static int declared_of_others(const struct kapi_evidence *e)
{
	const struct kapi_lock_spec *lock;
	int i, sum = 0;

	for (i = 0; i < KAPI_MAX_LOCKS && (lock = e->spec->locks[i]); i++)
		if (!lock->class_name)
			sum += declared_balance(lock);
	return sum;
}

static enum kapi_verdict judge_other_locks(const struct kapi_evidence *e,
					   const struct kapi_check *check,
					   struct kapi_finding *why)
{
	int more = e->call->others_held - declared_of_others(e);

	if (more > 0)
		return broken(why, "no other lock held", "%s held", e->end->held ?: "a lock");
	if (more < 0)
		return broken(why, "no lock of the caller given back", "%d given back", -more);
	return KAPI_KEPT;
}

/* === State ================================================================ */

/* Could another task have changed the state between the two snapshots? */
static bool others_interfere(const struct kapi_evidence *e)
{
	const struct kapi_call *call = e->call;
	const struct kapi_lock_seen *seen;

	if (call->locked && e->spec->snapshot_lock) {
		seen = &call->lock[e->spec->snapshot_lock - 1];
		if (seen->read + seen->write == 1)
			return false;
	}
	return call->shared || e->end->shared;
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

static enum kapi_verdict judge_value(const struct kapi_evidence *e, u8 value,
				     enum kapi_relation relation, struct kapi_finding *why)
{
	u64 before, after;

	if (!value || !is_success(e))
		return KAPI_NOT_SEEN;
	before = e->call->before[value - 1];
	after = e->call->after[value - 1];
	if (before == KAPI_NO_VALUE)
		return KAPI_NOT_SEEN;
	if (after == KAPI_NO_VALUE)
		return KAPI_UNDECIDED;
	if (relation_holds(relation, before, after))
		return is_telling(relation, before, after) ? KAPI_KEPT : KAPI_NOT_SEEN;
	if (others_interfere(e))
		return KAPI_UNDECIDED;
	return broken(why, relation_text[relation], "%s was %llu, is %llu",
		      e->spec->snapshot->names[value - 1], before, after);
}

static enum kapi_verdict judge_effect(const struct kapi_evidence *e,
				      const struct kapi_check *check, struct kapi_finding *why)
{
	const struct kapi_side_effect_spec *effect = check->clause;

	return judge_value(e, effect->value, effect->relation, why);
}

static enum kapi_verdict judge_trans(const struct kapi_evidence *e,
				     const struct kapi_check *check, struct kapi_finding *why)
{
	const struct kapi_state_trans_spec *trans = check->clause;

	return judge_value(e, trans->value, trans->relation, why);
}

static enum kapi_verdict judge_failure(const struct kapi_evidence *e,
				       const struct kapi_check *check, struct kapi_finding *why)
{
	const struct kapi_snapshot *snapshot = e->spec->snapshot;
	enum kapi_verdict verdict = KAPI_NOT_SEEN;
	unsigned int i;

	if (!e->spec->failure_atomic || is_success(e) || !is_error(e->end->ret))
		return KAPI_NOT_SEEN;
	for (i = 0; i < snapshot->count - snapshot->counters; i++) {
		u64 before = e->call->before[i], after = e->call->after[i];

		if (before == KAPI_NO_VALUE || after == KAPI_NO_VALUE)
			continue;
		if (before == after)
			verdict = KAPI_KEPT;
		else if (others_interfere(e))
			return KAPI_UNDECIDED;
		else
			return broken(why, "nothing changed", "%s was %llu, is %llu",
				      snapshot->names[i], before, after);
	}
	return verdict;
}

/* === Any clause =========================================================== */

static const kapi_judge_fn judge_rule[KAPI_RULES] = {
	[KAPI_RULE_CONTEXT] = judge_context,
	[KAPI_RULE_RETURN] = judge_return,
	[KAPI_RULE_LOCKS] = judge_other_locks,
	[KAPI_RULE_SIGNALS] = judge_sent,
	[KAPI_RULE_FAILURE] = judge_failure,
};

static const kapi_judge_fn judge_entry[KAPI_CATEGORIES] = {
	[KAPI_ERRORS] = judge_error,
	[KAPI_SIGNALS] = judge_signal,
	[KAPI_LOCKS] = judge_lock,
	[KAPI_SIDE_EFFECTS] = judge_effect,
	[KAPI_STATE_TRANS] = judge_trans,
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
