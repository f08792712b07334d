// SPDX-License-Identifier: GPL-2.0
/*
 * The clauses of a spec by number: first the rules that every spec has, then its own
 * clauses, kind by kind. Counting, checking and listing all use these numbers.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "kapi.h"

/* The text and the label of each rule. */
static const struct {
	const char *label;
	const char *text;
} rules[] = {
	[KAPI_RULE_CONTEXT] = { "context", "the same at return as at entry" },
	[KAPI_RULE_CALLER] = { "called_from", "a context in which it may be called" },
	[KAPI_RULE_RETURN] = { "returns", "success or a declared error" },
	[KAPI_RULE_LOCKS] = { "locks", "no other lock is held on return" },
	[KAPI_RULE_SIGNALS] = { "signals", "no other signal is sent" },
	[KAPI_RULE_FAILURE] = { "failure", "what an error leaves of the state" },
	[KAPI_RULE_OTHER_ERRORS] = { "other_errors" },
};

static_assert(ARRAY_SIZE(rules) == KAPI_RULES);

/* The order in which kinds are numbered and shown. */
const enum kapi_kind kapi_kinds[] = {
	KAPI_PARAMS, KAPI_ERRORS, KAPI_CONSTRAINTS, KAPI_CAPABILITIES, KAPI_SIGNALS,
	KAPI_LOCKS, KAPI_SIDE_EFFECTS, KAPI_STATE_TRANS, KAPI_POSTCONDITIONS,
};

static_assert(ARRAY_SIZE(kapi_kinds) == KAPI_KINDS);

/* === The walk ============================================================= */

/* The next slot in use, starting after @first and wrapping around to it. */
static const struct kapi_clause *next_slot(const void *const *clause, u8 first,
					   unsigned int *slot)
{
	const struct kapi_clause *c;

	while (*slot < KAPI_MAX_CLAUSES) {
		c = clause[(first + ++*slot) % KAPI_MAX_CLAUSES];
		if (c)
			return c;
	}
	return NULL;
}

static const struct kapi_clause *next_plain_lock(struct kapi_walk *w)
{
	while (w->plain < KAPI_MAX_PLAIN_LOCKS) {
		const struct kapi_lock_spec *lock = &w->spec->locks[w->plain++];

		if (lock->name)
			return (const struct kapi_clause *)lock;
	}
	return NULL;
}

/**
 * kapi_next_clause - the next clause of a spec
 * @w: the walk
 *
 * Return: the clause, of any kind; an included block's clauses come in its place. NULL
 * after the last.
 */
const struct kapi_clause *kapi_next_clause(struct kapi_walk *w)
{
	const struct kapi_clause *c;

	for (;;) {
		c = w->block ? next_slot(w->block->clause, w->block->first, &w->inner) : NULL;
		if (c)
			return c;
		w->block = NULL;
		c = next_slot(w->spec->clause, w->spec->first, &w->slot);
		if (!c)
			return next_plain_lock(w);
		if (c->kind != KAPI_INCLUDED)
			return c;
		w->block = (const struct kapi_clauses *)c;
		w->inner = 0;
	}
}
EXPORT_SYMBOL_IF_KUNIT(kapi_next_clause);

/* The next clause of one kind, as a pointer to its struct. */
const void *kapi_next_of_kind(struct kapi_walk *w, enum kapi_kind kind)
{
	const struct kapi_clause *c;

	while ((c = kapi_next_clause(w)))
		if (c->kind == kind)
			return c;
	return NULL;
}

/* === By number ============================================================ */

unsigned int kapi_count_entries(const struct kernel_api_spec *spec, enum kapi_kind kind)
{
	const struct kapi_clause *c;
	unsigned int count = 0;

	kapi_for_each_clause(c, spec, kind)
		count++;
	return count;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_count_entries);

static const void *clause_at(const struct kernel_api_spec *spec, enum kapi_kind kind,
			     unsigned int i)
{
	const struct kapi_clause *c;

	kapi_for_each_clause(c, spec, kind)
		if (!i--)
			return c;
	return NULL;
}

/**
 * kapi_find_clause - a clause by its number
 * @spec: a spec
 * @n: the clause, KAPI_RULES or more
 * @ref: filled in
 *
 * Return: false if the spec has no such clause.
 */
bool kapi_find_clause(const struct kernel_api_spec *spec, unsigned int n,
		      struct kapi_clause_ref *ref)
{
	unsigned int k, entries[KAPI_KINDS] = {};
	struct kapi_walk walk = { .spec = spec };
	const struct kapi_clause *c;

	while ((c = kapi_next_clause(&walk)))
		if (c->kind < KAPI_KINDS)
			entries[c->kind]++;
	ref->i = n - KAPI_RULES;
	for (k = 0; k < ARRAY_SIZE(kapi_kinds); k++) {
		ref->kind = kapi_kinds[k];
		if (ref->i < entries[ref->kind]) {
			ref->clause = clause_at(spec, ref->kind, ref->i);
			return true;
		}
		ref->i -= entries[ref->kind];
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_find_clause);

/* One more than the highest number of a clause. */
unsigned int kapi_clause_end(const struct kernel_api_spec *spec)
{
	struct kapi_walk walk = { .spec = spec };
	unsigned int sum = KAPI_RULES;

	while (kapi_next_clause(&walk))
		sum++;
	return sum;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_clause_end);

/* There are no rules for callers in user space. */
static bool has_right_context(const struct kernel_api_spec *spec)
{
	const u8 interrupts = KAPI_CTX_SOFTIRQ | KAPI_CTX_HARDIRQ;

	if (kapi_is_syscall(spec))
		return false;
	return spec->may_sleep || !(spec->context & KAPI_CTX_ATOMIC ||
				    (spec->context & interrupts) == interrupts);
}

/* Some rules apply only to specs that ask for them. */
bool kapi_has_clause(const struct kernel_api_spec *spec, unsigned int n)
{
	if (n == KAPI_RULE_CALLER)
		return has_right_context(spec);
	if (n == KAPI_RULE_FAILURE)
		return spec->failure;
	if (n == KAPI_RULE_OTHER_ERRORS)
		return spec->other_errors;
	return n < kapi_clause_end(spec);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_has_clause);

/* === Arguments ============================================================ */

static const struct {
	const char *name;
	bool is_int;
	bool is_signed;
} arg_types[] = {
	{ "int", true, true },
	{ "pid_t", true, true },
	{ "clockid_t", true, true },
	{ "timer_t", true, true },
	{ "key_t", true, true },
	{ "unsigned int", true, false },
	{ "unsigned", true, false },
	{ "uid_t", true, false },
	{ "gid_t", true, false },
	{ "long", false, true },
	{ "off_t", false, true },
	{ "unsigned long", false, false },
	{ "size_t", false, false },
};

static int find_type(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(arg_types); i++)
		if (!strcmp(name, arg_types[i].name))
			return i;
	return -1;
}

static s64 convert(const char *type, unsigned long reg)
{
	int i = find_type(type);

	if (i >= 0 && arg_types[i].is_int)
		return arg_types[i].is_signed ? (s64)(int)reg : (s64)(unsigned int)reg;
	return i >= 0 && arg_types[i].is_signed ? (s64)(long)reg : (s64)reg;
}

/* Whether it is known how a parameter of this type lies in its register. */
bool kapi_knows_type(const struct kapi_param_spec *p)
{
	return find_type(p->type_name) >= 0;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_knows_type);

/**
 * kapi_argument - the value of a parameter
 * @p: one for which kapi_knows_type()
 * @arg: the register; its upper half means nothing for an int
 *
 * Return: the value that the call sees after the conversion by SYSCALL_DEFINEx().
 */
s64 kapi_argument(const struct kapi_param_spec *p, unsigned long arg)
{
	return convert(p->type_name, arg);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_argument);

/**
 * kapi_return_value - what a function returns
 * @spec: its spec
 * @reg: the register; only a part of it matters for an int or a bool
 *
 * Return: the value, by its C type.
 */
long kapi_return_value(const struct kernel_api_spec *spec, unsigned long reg)
{
	const char *type = spec->return_spec.type_name;

	if (spec->return_spec.check_type == KAPI_RETURN_VOID)
		return 0;
	return strcmp(type, "bool") ? convert(type, reg) : (u8)reg;
}

/* === What can be checked ================================================== */

/* The caller's own mmap_lock has tracepoints, and needs no lockdep to be seen. */
bool kapi_is_mmap_lock(const struct kapi_lock_spec *lock)
{
	return lock->class_name && !strcmp(lock->class_name, "&mm->mmap_lock");
}
EXPORT_SYMBOL_IF_KUNIT(kapi_is_mmap_lock);

/* The condition or value that a clause is checked by; NULL if there is none. */
const struct kapi_condition *kapi_clause_condition(const struct kapi_clause *clause)
{
	switch (clause->kind) {
	case KAPI_CONSTRAINTS:
	case KAPI_POSTCONDITIONS:
		return ((const struct kapi_constraint_spec *)clause)->cond;
	case KAPI_CAPABILITIES:
		return ((const struct kapi_capability_spec *)clause)->cond;
	case KAPI_SIDE_EFFECTS:
		return ((const struct kapi_side_effect_spec *)clause)->value;
	default:
		return NULL;
	}
}

/* The error for which a clause gives a reason; 0 if it gives none. */
s32 kapi_clause_error(const struct kapi_clause *clause)
{
	switch (clause->kind) {
	case KAPI_PARAMS:
		return ((const struct kapi_param_spec *)clause)->error;
	case KAPI_CONSTRAINTS:
		return ((const struct kapi_constraint_spec *)clause)->error;
	case KAPI_CAPABILITIES:
		return ((const struct kapi_capability_spec *)clause)->error;
	case KAPI_SIGNALS:
		return ((const struct kapi_signal_spec *)clause)->error;
	default:
		return 0;
	}
}

/* A clause that only allows something cannot be contradicted. */
static bool is_clause_checkable(const struct kapi_clause *clause)
{
	switch (clause->kind) {
	case KAPI_PARAMS:
		return kapi_clause_error(clause);
	case KAPI_ERRORS:
		return ((const struct kapi_error_spec *)clause)->closed;
	case KAPI_CONSTRAINTS:
		return kapi_clause_condition(clause) &&
		       !((const struct kapi_constraint_spec *)clause)->may;
	case KAPI_SIGNALS:
		return kapi_clause_error(clause) &&
		       ((const struct kapi_signal_spec *)clause)->signum == KAPI_SIGNAL_ANY_FATAL;
	case KAPI_LOCKS:
		return ((const struct kapi_lock_spec *)clause)->class_name;
	default:
		return kapi_clause_condition(clause);
	}
}

/* A signal that others choose: then none is undeclared. */
static bool sends_any(const struct kernel_api_spec *spec)
{
	const struct kapi_signal_spec *s;

	kapi_for_each_clause(s, spec, KAPI_SIGNALS)
		if (s->direction & KAPI_SIGNAL_SEND && s->signum == KAPI_SIGNAL_ANY)
			return true;
	return false;
}

/**
 * kapi_is_checkable - can a running kernel contradict this clause?
 * @spec: a spec
 * @n: the clause
 *
 * Return: false for prose, and for clauses that only allow something.
 */
bool kapi_is_checkable(const struct kernel_api_spec *spec, unsigned int n)
{
	struct kapi_clause_ref ref;

	if (n == KAPI_RULE_OTHER_ERRORS || (n == KAPI_RULE_SIGNALS && sends_any(spec)))
		return false;
	if (n < KAPI_RULES)
		return kapi_has_clause(spec, n);
	return kapi_find_clause(spec, n, &ref) && is_clause_checkable(ref.clause);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_is_checkable);

#define NO_LOCKDEP	(IS_ENABLED(CONFIG_LOCKDEP) ? NULL : "CONFIG_LOCKDEP")

static const char *not_available(const struct kapi_clause *clause)
{
	const struct kapi_lock_spec *lock = (const struct kapi_lock_spec *)clause;

	if (clause->needs)
		return clause->needs;
	if (clause->kind == KAPI_LOCKS && lock->class_name && !kapi_is_mmap_lock(lock))
		return NO_LOCKDEP;
	return NULL;
}

static s32 code_of(const struct kapi_clause *error)
{
	return ((const struct kapi_error_spec *)error)->code;
}

/* An error cannot happen if none of its reasons can. */
static const char *error_not_available(const struct kernel_api_spec *spec, s32 code)
{
	struct kapi_walk walk = { .spec = spec };
	const struct kapi_clause *clause;
	const char *missing = NULL;

	while ((clause = kapi_next_clause(&walk))) {
		if (kapi_clause_error(clause) != code)
			continue;
		missing = not_available(clause);
		if (!missing)
			return NULL;
	}
	return missing;
}

/**
 * kapi_not_here - why a clause cannot be checked in this kernel
 * @spec: the spec
 * @n: the clause
 *
 * Return: the option that is missing, or NULL if nothing is.
 */
const char *kapi_not_here(const struct kernel_api_spec *spec, unsigned int n)
{
	struct kapi_clause_ref ref;
	const char *missing;

	if (n == KAPI_RULE_LOCKS)
		return NO_LOCKDEP;
	if (n < KAPI_RULES || !kapi_find_clause(spec, n, &ref))
		return NULL;
	missing = not_available(ref.clause);
	if (!missing && ref.kind == KAPI_ERRORS)
		missing = error_not_available(spec, code_of(ref.clause));
	return missing;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_not_here);

/* Whether this kernel can contradict it, if it observes the function. */
bool kapi_is_decidable(const struct kernel_api_spec *spec, unsigned int n)
{
	return kapi_is_checkable(spec, n) && !kapi_not_here(spec, n);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_is_decidable);

typedef bool (*count_if_fn)(const struct kernel_api_spec *spec, unsigned int n);

static unsigned int count_if(const struct kernel_api_spec *spec, count_if_fn is_counted)
{
	unsigned int n, end = kapi_clause_end(spec), sum = 0;

	for (n = 0; n < end; n++)
		sum += is_counted(spec, n);
	return sum;
}

/**
 * kapi_count_clauses - count the clauses of a spec
 * @spec: a spec
 *
 * Return: the number of its clauses and of the rules that apply to it.
 */
unsigned int kapi_count_clauses(const struct kernel_api_spec *spec)
{
	return count_if(spec, kapi_has_clause);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_count_clauses);

/* How many of its clauses this kernel can contradict, if it observes the function. */
unsigned int kapi_count_decidable(const struct kernel_api_spec *spec)
{
	return count_if(spec, kapi_is_decidable);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_count_decidable);

/* === Names ================================================================ */

/* How many clauses of the same kind and name come before it. */
static unsigned int count_namesakes(const struct kernel_api_spec *spec,
				    const struct kapi_clause_ref *ref)
{
	const struct kapi_clause *c;
	unsigned int count = 0;

	kapi_for_each_clause(c, spec, ref->kind) {
		if (c == ref->clause)
			break;
		count += c->name && !strcmp(c->name, ref->clause->name);
	}
	return count;
}

/**
 * kapi_clause_label - the label of a clause: "returns", "locks[mmap_lock]"
 * @spec: a spec
 * @n: the clause
 * @buf: KAPI_LABEL_LEN bytes
 *
 * If several clauses have the same name, the second is "locks[lock.2]". White space in a
 * name becomes "_", so that a label is one word.
 *
 * Return: @buf.
 */
const char *kapi_clause_label(const struct kernel_api_spec *spec, unsigned int n, char *buf)
{
	struct kapi_clause_ref ref;
	unsigned int before;

	*buf = '\0';
	if (n < KAPI_RULES) {
		strscpy(buf, rules[n].label, KAPI_LABEL_LEN);
	} else if (kapi_find_clause(spec, n, &ref) && ref.clause->name) {
		before = count_namesakes(spec, &ref);
		if (before)
			scnprintf(buf, KAPI_LABEL_LEN, "%s[%.40s.%u]",
				  kapi_categories[ref.kind].key, ref.clause->name, before + 1);
		else
			scnprintf(buf, KAPI_LABEL_LEN, "%s[%.44s]",
				  kapi_categories[ref.kind].key, ref.clause->name);
	}
	for (char *c = buf; *c; c++)
		if (isspace(*c) || iscntrl(*c))
			*c = '_';
	return buf;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_clause_label);

/* The most telling short text of a clause of this kind. */
static const char *main_text(const struct kapi_clause_ref *ref)
{
	const struct kapi_condition *cond = kapi_clause_condition(ref->clause);

	switch (ref->kind) {
	case KAPI_PARAMS:
		return ((const struct kapi_param_spec *)ref->clause)->description;
	case KAPI_ERRORS:
		return ((const struct kapi_error_spec *)ref->clause)->condition;
	case KAPI_SIGNALS:
		return ((const struct kapi_signal_spec *)ref->clause)->condition;
	case KAPI_SIDE_EFFECTS:
		return ((const struct kapi_side_effect_spec *)ref->clause)->description;
	case KAPI_STATE_TRANS:
		return ((const struct kapi_state_trans_spec *)ref->clause)->description;
	default:
		return cond ? cond->text : NULL;
	}
}

/**
 * kapi_clause_text - a short text for a clause
 * @spec: a spec
 * @n: the clause
 *
 * Return: a rule's text; of a clause its description or condition, or else its name.
 */
const char *kapi_clause_text(const struct kernel_api_spec *spec, unsigned int n)
{
	struct kapi_clause_ref ref;

	if (n == KAPI_RULE_OTHER_ERRORS)
		return spec->other_errors ?: "";
	if (n < KAPI_RULES)
		return rules[n].text;
	if (!kapi_find_clause(spec, n, &ref))
		return "";
	return main_text(&ref) ?: ref.clause->name ?: "";
}
EXPORT_SYMBOL_IF_KUNIT(kapi_clause_text);
