// SPDX-License-Identifier: GPL-2.0
/*
 * All that a spec says, by number: first the rules that every spec has, then
 * its entries, category by category. What is counted, judged and listed goes
 * by these numbers.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "kapi.h"

/* What a rule says for every spec, and its label. */
static const struct {
	const char *label;
	const char *text;
} rules[] = {
	[KAPI_RULE_CONTEXT] = { "context", "the same at return as at entry" },
	[KAPI_RULE_RETURN] = { "returns", "success or a declared error" },
	[KAPI_RULE_LOCKS] = { "locks", "no other lock is held on return" },
	[KAPI_RULE_SIGNALS] = { "signals", "no other signal is sent" },
	[KAPI_RULE_FAILURE] = { "failure", "what an error leaves of the state" },
	[KAPI_RULE_OTHER_ERRORS] = { "other_errors" },
};

static_assert(ARRAY_SIZE(rules) == KAPI_RULES);

/**
 * kapi_find_clause - an entry by its number
 * @spec: a spec
 * @n: the clause, KAPI_RULES or more
 * @ref: filled in
 *
 * Return: false if the spec has no such clause.
 */
bool kapi_find_clause(const struct kernel_api_spec *spec, unsigned int n,
		      struct kapi_clause_ref *ref)
{
	unsigned int id, i = n - KAPI_RULES, entries;

	for (id = 0; id < KAPI_CATEGORIES; id++, i -= entries) {
		entries = kapi_count_entries(spec, &kapi_categories[id]);
		if (i >= entries)
			continue;
		ref->category = id;
		ref->i = i;
		ref->clause = kapi_clause(spec, &kapi_categories[id], i);
		return true;
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_find_clause);

/* The caller's own mmap_lock has tracepoints, and needs no lockdep to be seen. */
bool kapi_is_mmap_lock(const struct kapi_lock_spec *lock)
{
	return lock->class_name && !strcmp(lock->class_name, "&mm->mmap_lock");
}
EXPORT_SYMBOL_IF_KUNIT(kapi_is_mmap_lock);

/* Whether it has a class to be seen by; the name of one that is absent is no class. */
bool kapi_has_class(const struct kapi_lock_spec *lock)
{
	return lock->class_name && !lock->absent;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_has_class);

/* One more than the highest number of a clause. */
unsigned int kapi_clause_end(const struct kernel_api_spec *spec)
{
	unsigned int i, sum = KAPI_RULES;

	for (i = 0; i < KAPI_CATEGORIES; i++)
		sum += kapi_count_entries(spec, &kapi_categories[i]);
	return sum;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_clause_end);

/* Some rules hold only for specs that ask for them. */
bool kapi_has_clause(const struct kernel_api_spec *spec, unsigned int n)
{
	if (n == KAPI_RULE_FAILURE)
		return spec->failure;
	if (n == KAPI_RULE_OTHER_ERRORS)
		return spec->other_errors;
	return n < kapi_clause_end(spec);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_has_clause);

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

static int find_arg_type(const struct kapi_param_spec *p)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(arg_types); i++)
		if (!strcmp(p->type_name, arg_types[i].name))
			return i;
	return -1;
}

/* Whether it is known how a parameter of this type lies in its register. */
bool kapi_knows_type(const struct kapi_param_spec *p)
{
	return find_arg_type(p) >= 0;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_knows_type);

/* On 32-bit such a parameter takes two registers, and on some the next even one. */
static bool takes_64_bits(const struct kapi_param_spec *p)
{
	static const char *const types[] = {
		"loff_t", "u64", "__u64", "s64", "__s64", "long long", "unsigned long long",
	};

	return match_string(types, ARRAY_SIZE(types), p->type_name) >= 0;
}

/**
 * kapi_knows_register - is it known which register a parameter lies in?
 * @spec: a spec of a syscall
 * @i: the parameter
 * @is_64bit: whether the kernel is
 *
 * Return: true, unless it follows one that takes more than one register.
 */
bool kapi_knows_register(const struct kernel_api_spec *spec, unsigned int i, bool is_64bit)
{
	unsigned int before;

	for (before = 0; before < i && !is_64bit; before++)
		if (takes_64_bits(spec->params[before]))
			return false;
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_knows_register);

/**
 * kapi_argument - the value of a parameter
 * @p: one for which kapi_knows_type()
 * @arg: the register, of which the upper half is of no meaning for an int
 *
 * Return: the value, as the call has it after the conversion by SYSCALL_DEFINEx().
 */
s64 kapi_argument(const struct kapi_param_spec *p, unsigned long arg)
{
	int i = find_arg_type(p);

	if (i >= 0 && arg_types[i].is_int)
		return arg_types[i].is_signed ? (s64)(int)arg : (s64)(unsigned int)arg;
	return i >= 0 && arg_types[i].is_signed ? (s64)(long)arg : (s64)arg;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_argument);

#define NO_LOCKDEP	(IS_ENABLED(CONFIG_LOCKDEP) ? NULL : "CONFIG_LOCKDEP")

/* The value of the snapshot that shows it, counted from 1; 0 if none does. */
static u8 value_of(const struct kapi_clause_ref *ref)
{
	if (ref->category == KAPI_PARAMS)
		return ((const struct kapi_param_spec *)ref->clause)->value;
	if (ref->category == KAPI_SIDE_EFFECTS)
		return ((const struct kapi_side_effect_spec *)ref->clause)->value;
	if (ref->category == KAPI_STATE_TRANS)
		return ((const struct kapi_state_trans_spec *)ref->clause)->value;
	if (ref->category == KAPI_CONSTRAINTS)
		return ((const struct kapi_constraint_spec *)ref->clause)->value;
	if (ref->category == KAPI_CAPABILITIES)
		return ((const struct kapi_capability_spec *)ref->clause)->value;
	return 0;
}

/**
 * kapi_is_checkable - can a running kernel contradict this clause?
 * @spec: a spec
 * @n: the clause
 *
 * Return: false for prose.
 */
bool kapi_is_checkable(const struct kernel_api_spec *spec, unsigned int n)
{
	const struct kapi_signal_spec *s;
	struct kapi_clause_ref ref;

	if (n == KAPI_RULE_OTHER_ERRORS)
		return false;
	if (n < KAPI_RULES)
		return kapi_has_clause(spec, n);
	if (!kapi_find_clause(spec, n, &ref))
		return false;
	switch (ref.category) {
	case KAPI_PARAMS:
		return value_of(&ref) || ((const struct kapi_param_spec *)ref.clause)->error;
	case KAPI_ERRORS:
		return true;
	case KAPI_SIGNALS:
		s = ref.clause;
		return s->error || (s->direction & KAPI_SIGNAL_SEND && s->signum > 0);
	case KAPI_LOCKS:
		return ((const struct kapi_lock_spec *)ref.clause)->class_name;
	default:
		return value_of(&ref);
	}
}
EXPORT_SYMBOL_IF_KUNIT(kapi_is_checkable);

static const char *value_not_here(const struct kernel_api_spec *spec, u8 value)
{
	return value && spec->snapshot->needs ? spec->snapshot->needs[value - 1] : NULL;
}

/* An error does not happen where none of the reasons for it does. */
static const char *error_not_here(const struct kernel_api_spec *spec, s32 code)
{
	const struct kapi_constraint_spec *c;
	const char *missing = NULL;
	unsigned int i;

	for (i = 0; i < KAPI_MAX_PARAMS && spec->params[i]; i++)
		if (spec->params[i]->error == code)
			return NULL;
	for (i = 0; i < KAPI_MAX_CAPABILITIES && spec->capabilities[i]; i++)
		if (spec->capabilities[i]->error == code)
			return NULL;
	for (i = 0; i < KAPI_MAX_CONSTRAINTS && (c = spec->constraints[i]); i++) {
		if (c->error != code)
			continue;
		missing = value_not_here(spec, c->value);
		if (!missing)
			return NULL;
	}
	return missing;
}

static const char *param_not_here(const struct kernel_api_spec *spec,
				  const struct kapi_clause_ref *ref)
{
	const struct kapi_param_spec *p = ref->clause;

	if (p->error && !kapi_knows_register(spec, ref->i, IS_ENABLED(CONFIG_64BIT)))
		return "CONFIG_64BIT";
	return value_not_here(spec, p->value);
}

static const char *lock_not_here(const struct kapi_lock_spec *lock)
{
	if (lock->absent)
		return lock->class_name;
	return lock->class_name && !kapi_is_mmap_lock(lock) ? NO_LOCKDEP : NULL;
}

/**
 * kapi_not_here - why a clause that can be checked is not, in this kernel
 * @spec: the spec
 * @n: the clause
 *
 * Return: the option that is missing, or NULL if nothing is.
 */
const char *kapi_not_here(const struct kernel_api_spec *spec, unsigned int n)
{
	struct kapi_clause_ref ref;

	if (n == KAPI_RULE_LOCKS)
		return NO_LOCKDEP;
	if (n < KAPI_RULES || !kapi_find_clause(spec, n, &ref))
		return NULL;
	switch (ref.category) {
	case KAPI_PARAMS:
		return param_not_here(spec, &ref);
	case KAPI_ERRORS:
		return error_not_here(spec, ((const struct kapi_error_spec *)ref.clause)->code);
	case KAPI_LOCKS:
		return lock_not_here(ref.clause);
	default:
		return value_not_here(spec, value_of(&ref));
	}
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
 * kapi_count_clauses - how much a spec says
 * @spec: a spec
 *
 * Return: the number of its entries, and of the rules that go for it.
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

/**
 * kapi_clause_label - what a clause is called: "returns", "locks[0]"
 * @spec: a spec
 * @n: the clause
 * @buf: KAPI_LABEL_LEN bytes
 *
 * Return: @buf.
 */
const char *kapi_clause_label(const struct kernel_api_spec *spec, unsigned int n, char *buf)
{
	struct kapi_clause_ref ref;

	if (n < KAPI_RULES)
		scnprintf(buf, KAPI_LABEL_LEN, "%s", rules[n].label);
	else if (kapi_find_clause(spec, n, &ref))
		scnprintf(buf, KAPI_LABEL_LEN, "%s[%u]", kapi_categories[ref.category].key, ref.i);
	else
		*buf = '\0';
	return buf;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_clause_label);

/**
 * kapi_clause_text - what a clause is about, in a few words
 * @spec: a spec
 * @n: the clause
 *
 * Return: a rule's text, or the first text of an entry: its name or object.
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
	return kapi_field_text(kapi_categories[ref.category].fields->field, ref.clause);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_clause_text);
