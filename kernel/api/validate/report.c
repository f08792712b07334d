// SPDX-License-Identifier: GPL-2.0
/*
 * Counts and reports results: a count for each clause; for a violation also an entry in
 * "violations", a trace event, a line in the log, and a warning or panic if asked for.
 */
#define pr_fmt(fmt) "kapi: " fmt

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "../kapi.h"
#include "check.h"
#include "report.h"
#include "validate.h"

#define CREATE_TRACE_POINTS
#include <trace/events/kapi.h>

/* === Counters ============================================================= */

/* A violated clause is logged once in this time. */
#define LOG_INTERVAL	(5 * HZ)

static int create_limits(struct kapi_watch *watch)
{
	unsigned int i;

	if (watch->limit)
		return 0;
	watch->limit = kcalloc(watch->clauses, sizeof(*watch->limit), GFP_KERNEL);
	for (i = 0; watch->limit && i < watch->clauses; i++) {
		ratelimit_state_init(&watch->limit[i], LOG_INTERVAL, 1);
		ratelimit_set_flags(&watch->limit[i], RATELIMIT_MSG_ON_RELEASE);
	}
	return watch->limit ? 0 : -ENOMEM;
}

/*
 * Called when the validator is first switched on; counts are never freed, even if only some
 * could be allocated. Returns 0 or -ENOMEM.
 */
int kapi_counts_create(struct kapi_watch *watch)
{
	if (watch->counts || !watch->clauses)
		return 0;
	if (!watch->calls)
		watch->calls = alloc_percpu(unsigned int);
	if (!watch->forgotten)
		watch->forgotten = kcalloc(watch->clauses, sizeof(*watch->forgotten), GFP_KERNEL);
	if (!watch->calls || !watch->forgotten || create_limits(watch))
		return -ENOMEM;
	watch->counts = __alloc_percpu(size_mul(watch->clauses, sizeof(struct kapi_counts)),
				       __alignof__(struct kapi_counts));
	return watch->counts ? 0 : -ENOMEM;
}

/* Guards @forgotten of all watches; the counts themselves only grow. */
static DEFINE_MUTEX(forgotten_lock);

static u64 sum_of(const struct kapi_watch *watch, unsigned int clause, unsigned int result)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		/* A CPU may count meanwhile: that is included or not. */
		sum += data_race(per_cpu_ptr(watch->counts, cpu)[clause].of[result]);
	}
	return sum;
}

/**
 * kapi_count_of - how often a clause came to a result
 * @watch: the spec
 * @clause: see kapi_find_clause()
 * @result: which; of enum kapi_doubt, KAPI_RESULTS more
 *
 * Context: may sleep; calls that end meanwhile may be counted or not.
 * Return: the number since the last reset.
 */
u64 kapi_count_of(const struct kapi_watch *watch, unsigned int clause,
		  unsigned int result)
{
	guard(mutex)(&forgotten_lock);
	if (!watch->counts)
		return 0;
	return sum_of(watch, clause, result) - watch->forgotten[clause].of[result];
}

/* Setting them to 0 would race with calls that count. */
static void forget_counts(struct kapi_watch *watch)
{
	unsigned int n, result;

	guard(mutex)(&forgotten_lock);
	for (n = 0; n < watch->clauses; n++)
		for (result = 0; result < KAPI_RESULTS + KAPI_DOUBTS; result++)
			watch->forgotten[n].of[result] = sum_of(watch, n, result);
}

/* === The last violations ================================================== */

/* Numbered from 0; those before first_violation are forgotten. */
static struct kapi_violation last[KAPI_VIOLATIONS];
static u64 violation_count, first_violation;
static DEFINE_RAW_SPINLOCK(last_lock);

static void remember(const struct kapi_violation *v)
{
	guard(raw_spinlock_irqsave)(&last_lock);
	last[violation_count++ % KAPI_VIOLATIONS] = *v;
}

/**
 * kapi_violation_from - the next of the last violations
 * @number: where to start; set to the number of the one found
 * @v: filled in
 *
 * Numbers are never reused: continuing from @number + 1 shows each violation once, except
 * those that newer ones have replaced.
 *
 * Context: any; hold kapi_watch_lock, so that no module takes its specs away meanwhile.
 * Return: false if there is none.
 */
bool kapi_violation_from(loff_t *number, struct kapi_violation *v)
{
	u64 oldest;

	guard(raw_spinlock_irqsave)(&last_lock);
	oldest = violation_count > KAPI_VIOLATIONS ? violation_count - KAPI_VIOLATIONS : 0;
	oldest = max(oldest, first_violation);
	*number = max_t(u64, *number, oldest);
	while (*number < violation_count && !last[*number % KAPI_VIOLATIONS].spec)
		++*number;
	if (*number >= violation_count)
		return false;
	*v = last[*number % KAPI_VIOLATIONS];
	return true;
}

static void forget_violations(void)
{
	guard(raw_spinlock_irqsave)(&last_lock);
	first_violation = violation_count;
}

/* Forgets those of a module that is being unloaded with its specs. */
void kapi_forget_violations_of(const struct module *mod)
{
	struct kapi_violation *v;

	guard(raw_spinlock_irqsave)(&last_lock);
	for (v = last; v < last + KAPI_VIOLATIONS; v++)
		if (within_module((unsigned long)v->spec, mod))
			v->spec = NULL;
}

/* Forgets all counts and violations, and resets the ratelimits of the log. */
void kapi_report_reset(void)
{
	struct kapi_watch *watch;
	unsigned int i, n;

	guard(mutex)(&kapi_watch_lock);
	for (i = 0; (watch = kapi_watch_at(i)); i++) {
		if (!watch->counts)
			continue;
		forget_counts(watch);
		for (n = 0; n < watch->clauses; n++)
			ratelimit_state_reset_interval(&watch->limit[n],
						       watch->limit[n].interval);
	}
	forget_violations();
}

/* === What else to do ====================================================== */

static const char *const reaction_names[] = {
	[KAPI_REACTION_LOG] = "log",
	[KAPI_REACTION_WARN] = "warn",
	[KAPI_REACTION_PANIC] = "panic",
};

static enum kapi_reaction reaction =
	IS_ENABLED(CONFIG_KAPI_VIOLATION_PANIC) ? KAPI_REACTION_PANIC :
	IS_ENABLED(CONFIG_KAPI_VIOLATION_WARN) ? KAPI_REACTION_WARN : KAPI_REACTION_LOG;

const char *kapi_reaction(void)
{
	return reaction_names[READ_ONCE(reaction)];
}

/**
 * kapi_set_reaction - what to do about a violation, beside reporting it
 * @name: log (nothing), warn or panic
 *
 * Return: 0 or -EINVAL.
 */
int kapi_set_reaction(const char *name)
{
	int i = sysfs_match_string(reaction_names, name);

	if (i < 0)
		return -EINVAL;
	WRITE_ONCE(reaction, i);
	return 0;
}

static int set_on_violation(const char *val, const struct kernel_param *kp)
{
	return kapi_set_reaction(val);
}

static const struct kernel_param_ops on_violation_ops = {
	.set = set_on_violation,
};

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "kapi."
module_param_cb(on_violation, &on_violation_ops, NULL, 0);

/* Panics at the first violation; warns only when a line is logged. */
static void react(const struct kapi_violation *v, const char *label, bool is_logged)
{
	switch (READ_ONCE(reaction)) {
	case KAPI_REACTION_PANIC:
		panic("kapi: %s %s: " KAPI_VIOLATION_FORMAT "\n", v->spec->name, label,
		      KAPI_VIOLATION_ARGS(v));
	case KAPI_REACTION_WARN:
		WARN(is_logged, "kapi: %s %s: " KAPI_VIOLATION_FORMAT "\n", v->spec->name, label,
		     KAPI_VIOLATION_ARGS(v));
		break;
	default:
		break;
	}
}

/* === A call =============================================================== */

static void name_caller(struct kapi_violation *v, unsigned long caller)
{
	if (caller)
		scnprintf(v->caller, sizeof(v->caller), ", called by %pS", (void *)caller);
}

#define LOG_LINE	KERN_WARNING pr_fmt("%s %s (%*pE): " KAPI_VIOLATION_FORMAT " (%*pE[%d])\n")

static void make_known(const struct kapi_watch *watch, const struct kapi_violation *v,
		       unsigned long caller)
{
	const char *text = kapi_clause_text(v->spec, v->clause);
	char label[KAPI_LABEL_LEN];
	bool is_logged = __ratelimit(&watch->limit[v->clause]);

	kapi_clause_label(v->spec, v->clause, label);
	trace_kapi_violation(v->spec->name, label, v->why.expected, v->why.observed, v->misused,
			     caller);
	/* A function may be called with a console's own locks held. */
	if (is_logged)
		printk_deferred(LOG_LINE, v->spec->name, label,
				(int)strlen(text), text, KAPI_VIOLATION_ARGS(v),
				(int)strlen(v->comm), v->comm, v->pid);
	react(v, label, is_logged);
}

static void report_violation(const struct kapi_call *call, const struct kapi_check *check,
			     enum kapi_result result)
{
	struct kapi_violation v = {
		.spec = call->watch->spec,
		.clause = check->n,
		.misused = result == KAPI_MISUSED,
	};

	v.when = ktime_get_real_seconds();
	v.pid = task_pid_nr(current);
	get_task_comm(v.comm, current);
	(v.misused ? check->caller : check->check)(call, check, &v.why);
	name_caller(&v, call->caller);
	remember(&v);
	make_known(call->watch, &v, call->caller);
}

/* A kprobe or a BPF program may have returned in place of the function. */
static bool may_be_replaced(const struct kapi_watch *watch)
{
	guard(preempt)();
	return get_kprobe((void *)watch->address) || get_kprobe((void *)watch->ip) ||
	       ftrace_find_rec_direct(watch->ip);
}

static void count_doubts(const struct kapi_call *call, const struct kapi_check *check)
{
	unsigned long doubts = kapi_doubts(call, check);
	unsigned int doubt;

	for_each_set_bit(doubt, &doubts, KAPI_DOUBTS)
		this_cpu_inc(call->watch->counts[check->n].of[KAPI_RESULTS + doubt]);
}

static void count_result(const struct kapi_call *call, const struct kapi_check *check,
			 enum kapi_result result)
{
	this_cpu_inc(call->watch->counts[check->n].of[result]);
	if (result == KAPI_UNDECIDED)
		count_doubts(call, check);
	if (result == KAPI_VIOLATED || result == KAPI_MISUSED)
		report_violation(call, check, result);
}

/**
 * kapi_report_caller - check the rules for the caller
 * @call: its record, at entry
 *
 * Context: any but NMI; takes no lock that sleeps.
 * Return: whether the caller broke any. Then the function owes nothing.
 */
bool kapi_report_caller(const struct kapi_call *call)
{
	const struct kapi_check *check;
	enum kapi_result result;
	bool misused = false;

	kapi_for_each_check(check, call) {
		if (!check->caller)
			continue;
		result = check->caller(call, check, NULL);
		/* A clause that is checked again at exit is counted then. */
		if (result != KAPI_NOT_EXERCISED && !(result == KAPI_HELD && check->check))
			count_result(call, check, result);
		misused |= result == KAPI_MISUSED;
	}
	return misused;
}

/**
 * kapi_report - check a call and report the results
 * @call: its record
 *
 * Context: the task that made the call, at its exit; takes no lock that sleeps, as the call
 * may have left the context wrong.
 */
void kapi_report(const struct kapi_call *call)
{
	const struct kapi_check *check;
	enum kapi_result result;

	kapi_for_each_check(check, call) {
		if (!check->check)
			continue;
		result = check->check(call, check, NULL);
		if (result == KAPI_VIOLATED && may_be_replaced(call->watch))
			result = KAPI_UNDECIDED;
		if (result != KAPI_NOT_EXERCISED)
			count_result(call, check, result);
	}
}
