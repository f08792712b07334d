// SPDX-License-Identifier: GPL-2.0
/*
 * Checks a spec before it is registered.
 *
 * The macros reject what the compiler can see. Here is the rest: mistakes that span several
 * clauses or need the running kernel, and all of it once more for data that did not come
 * from the macros.
 */
#include <linux/ctype.h>
#include <linux/errname.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/stdarg.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "kapi.h"

/**
 * kapi_complain - say why a spec is rejected
 * @reason: KAPI_REASON_LEN bytes, a line for each mistake; appended to
 * @fmt: names the clause, what is wrong with it and what to write instead
 *
 * Return: -EINVAL.
 */
int kapi_complain(char *reason, const char *fmt, ...)
{
	size_t len = strlen(reason);
	va_list args;

	if (len)
		len += scnprintf(reason + len, KAPI_REASON_LEN - len, "\n");
	va_start(args, fmt);
	vscnprintf(reason + len, KAPI_REASON_LEN - len, fmt, args);
	va_end(args);
	return -EINVAL;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_complain);

/* === A field ============================================================== */

static int check_text(const struct kapi_field *f, const void *clause,
		      const char *where, char *reason)
{
	const char *text = kapi_field_pointer(f, clause);

	if (!text)
		return f->kind == KAPI_FIELD_OPT_TEXT ? 0 :
			kapi_complain(reason, "%s: no %s; give it", where, f->key);
	if (!*text)
		return kapi_complain(reason, "%s: %s is empty; write it or leave it out",
				     where, f->key);
	return 0;
}

static int check_enum(const struct kapi_field *f, const void *clause,
		      const char *where, char *reason)
{
	u64 value = kapi_field_value(f, clause);

	if (!value && f->kind == KAPI_FIELD_OPT_ENUM)
		return 0;
	if (value < f->names->count && f->names->name[value])
		return 0;
	return kapi_complain(reason, "%s: %s is %llu, which has no name; take one of the enum",
			     where, f->key, value);
}

static int check_flags(const struct kapi_field *f, const void *clause,
		       const char *where, char *reason)
{
	u64 value = kapi_field_value(f, clause);

	if (!value)
		return f->kind == KAPI_FIELD_OPT_FLAGS ? 0 :
			kapi_complain(reason, "%s: %s is not set; combine its flags",
				      where, f->key);
	if (value >> f->names->count)
		return kapi_complain(reason, "%s: %s is %#llx, with bits that have no name",
				     where, f->key, value);
	return 0;
}

static int check_bool(const struct kapi_field *f, const void *clause,
		      const char *where, char *reason)
{
	u64 value = kapi_field_value(f, clause);

	if (value <= 1)
		return 0;
	return kapi_complain(reason, "%s: %s is %llu, neither true nor false",
			     where, f->key, value);
}

static int check_field(const struct kapi_field *f, const void *clause,
		       const char *where, char *reason)
{
	switch (f->kind) {
	case KAPI_FIELD_TEXT:
	case KAPI_FIELD_OPT_TEXT:
		return check_text(f, clause, where, reason);
	case KAPI_FIELD_ENUM:
	case KAPI_FIELD_OPT_ENUM:
		return check_enum(f, clause, where, reason);
	case KAPI_FIELD_FLAGS:
	case KAPI_FIELD_OPT_FLAGS:
		return check_flags(f, clause, where, reason);
	case KAPI_FIELD_BOOL:
		return check_bool(f, clause, where, reason);
	default:
		return 0;	/* any number is valid */
	}
}

static int check_fields(const struct kapi_fields *fields, const void *clause,
			const char *where, char *reason)
{
	const struct kapi_field *f;
	int ret;

	kapi_for_each_field(f, fields) {
		ret = check_field(f, clause, where, reason);
		if (ret)
			return ret;
	}
	return 0;
}

/* === Conditions =========================================================== */

/**
 * kapi_skip_noise - skip the optional parts of a C type
 * @s: a type, or part of one
 *
 * Return: @s after white space, __user and attributes.
 */
const char *kapi_skip_noise(const char *s)
{
	size_t len;

	for (;;) {
		s = skip_spaces(s);
		len = str_has_prefix(s, "__user");
		if (!len && str_has_prefix(s, "__attribute__"))
			len = strcspn(s, ")");
		if (!len)
			return s;
		s += len;
		while (*s == ')')
			s++;
	}
}

/* Whether @list begins with @text; moves @list to the rest. */
static bool skip_text(const char **list, const char *text)
{
	const char *s = kapi_skip_noise(*list);

	for (text = kapi_skip_noise(text); *text; text = kapi_skip_noise(text + 1)) {
		if (*s != *text)
			return false;
		s = kapi_skip_noise(s + 1);
	}
	*list = s;
	return true;
}

static bool skip_param(const char **list, const struct kapi_param_spec *p)
{
	if (!p->type_name || !p->name)
		return false;
	if (!skip_text(list, p->type_name) || !skip_text(list, p->name))
		return false;
	return !**list || skip_text(list, ",");
}

/* A condition has the function's own parameters, from the first on. */
static int check_condition_params(const struct kernel_api_spec *spec,
				  const struct kapi_condition *cond, const char *where,
				  char *reason)
{
	const struct kapi_param_spec *p;
	const char *list = cond->params;
	unsigned int nr = 0;

	kapi_for_each_clause(p, spec, KAPI_PARAMS) {
		if (!*list)
			return 0;
		nr++;
		if (!skip_param(&list, p))
			return kapi_complain(reason, "%s: parameter %u of condition %s must be (%s %s), as the function's",
					     where, nr, cond->name, p->type_name ?: "?",
					     p->name ?: "?");
	}
	return !*list ? 0 :
		kapi_complain(reason, "%s: condition %s has more parameters than the function; leave out (%s)",
			      where, cond->name, list);
}

static int check_condition(const struct kernel_api_spec *spec,
			   const struct kapi_condition *cond, const char *where, char *reason)
{
	if (!cond)
		return 0;
	if (!cond->name || !cond->text || !cond->params)
		return kapi_complain(reason, "%s: a condition without a name; define it by KAPI_CONDITION()",
				     where);
	return check_condition_params(spec, cond, where, reason);
}

/* === What a clause must fulfil beyond its fields ========================== */

/* Whether an earlier clause has the same kind and name. */
static bool is_name_taken(const struct kernel_api_spec *spec, const struct kapi_clause *clause)
{
	const struct kapi_clause *c;

	kapi_for_each_clause(c, spec, clause->kind) {
		if (c == clause)
			break;
		if (c->name && !strcmp(c->name, clause->name))
			return true;
	}
	return false;
}

static const struct kapi_error_spec *find_error(const struct kernel_api_spec *spec,
						s32 code)
{
	const struct kapi_error_spec *e;

	kapi_for_each_clause(e, spec, KAPI_ERRORS)
		if (e->code == code)
			return e;
	return NULL;
}

static int check_code(const struct kernel_api_spec *spec, s32 code, const char *where,
		      char *reason)
{
	if (!code || find_error(spec, code))
		return 0;
	if (code == KAPI_NULL)
		return kapi_complain(reason, "%s: NULL is not among the errors; add KAPI_FAILS(KAPI_NULL, ...)",
				     where);
	return kapi_complain(reason, "%s: its error %pe is not among the errors; add KAPI_FAILS(%pe, ...)",
			     where, ERR_PTR(code), ERR_PTR(code));
}

static int check_values(const struct kapi_param_spec *p, const char *where, char *reason)
{
	enum kapi_constraint_type type = p->constraint_type;
	bool wants_mask = type == KAPI_CONSTRAINT_MASK;
	bool has_mask = p->valid_mask;

	if (p->has_range && type && type != KAPI_CONSTRAINT_RANGE)
		return kapi_complain(reason, "%s: KAPI_PARAM_RANGE() and KAPI_CONSTRAINT_RANGE go together",
				     where);
	if (type == KAPI_CONSTRAINT_RANGE && !p->has_range)
		return kapi_complain(reason, "%s: KAPI_CONSTRAINT_RANGE without KAPI_PARAM_RANGE()",
				     where);
	if (has_mask != wants_mask)
		return kapi_complain(reason, "%s: .valid_mask and KAPI_CONSTRAINT_MASK go together",
				     where);
	if (!p->constraints && (type == KAPI_CONSTRAINT_ENUM || type == KAPI_CONSTRAINT_CUSTOM))
		return kapi_complain(reason, "%s: describe this constraint in .constraints",
				     where);
	return 0;
}

static int check_param(const struct kernel_api_spec *spec, const void *clause,
		       const char *where, char *reason)
{
	const struct kapi_param_spec *p = clause;
	enum kapi_constraint_type type = p->constraint_type;

	if (check_values(p, where, reason))
		return -EINVAL;
	if (!p->error)
		return 0;
	if (type != KAPI_CONSTRAINT_RANGE && type != KAPI_CONSTRAINT_MASK)
		return kapi_complain(reason, "%s: which values give the error? use KAPI_BITS() or KAPI_BETWEEN()",
				     where);
	if (!kapi_knows_type(p))
		return kapi_complain(reason, "%s: unsupported type %s for a checked parameter; use a KAPI_CONDITION()",
				     where, p->type_name);
	return check_code(spec, p->error, where, reason);
}

static bool has_reason(const struct kernel_api_spec *spec, s32 code)
{
	struct kapi_walk walk = { .spec = spec };
	const struct kapi_clause *c;

	while ((c = kapi_next_clause(&walk)))
		if (c->kind != KAPI_SIGNALS && kapi_clause_error(c) == code)
			return true;
	return false;
}

static int check_error_name(const struct kernel_api_spec *spec,
			    const struct kapi_error_spec *e, const char *where, char *reason)
{
	const char *name = errname(-e->code);

	if (kapi_is_restart(e->code) && kapi_is_syscall(spec))
		return kapi_complain(reason, "%s: user space never sees %s; write EINTR, and .restartable",
				     where, e->name);
	if (name && strcmp(name, e->name))
		return kapi_complain(reason, "%s: code %d is %s, not %s",
				     where, e->code, name, e->name);
	return 0;
}

static bool may_return_null(const struct kernel_api_spec *spec)
{
	return spec->return_spec.check_type == KAPI_RETURN_POINTER ||
	       spec->return_spec.check_type == KAPI_RETURN_BOOL;
}

static int check_error(const struct kernel_api_spec *spec, const void *clause,
		       const char *where, char *reason)
{
	const struct kapi_error_spec *e = clause;
	const bool is_null = e->code == KAPI_NULL;

	if (e->is_null != is_null || (is_null && !may_return_null(spec)))
		return kapi_complain(reason, "%s: KAPI_NULL is the failure of KAPI_RETURN_POINTER and KAPI_RETURN_BOOL; use KAPI_FAILS()",
				     where);
	if (!is_null && (e->code >= 0 || e->code < -MAX_ERRNO))
		return kapi_complain(reason, "%s: code %d is outside [-%d, -1]",
				     where, e->code, MAX_ERRNO);
	if (check_error_name(spec, e, where, reason))
		return -EINVAL;
	if (find_error(spec, e->code) != e || is_name_taken(spec, clause))
		return kapi_complain(reason, "%s: %s is there already; join the conditions",
				     where, e->name);
	if (e->closed && !has_reason(spec, e->code))
		return kapi_complain(reason, "%s: no clause gives a reason for %s, so none can be the only one; add a KAPI_FAILS_IF() or drop KAPI_ONLY",
				     where, e->name);
	return 0;
}

static int check_signal(const struct kernel_api_spec *spec, const void *clause,
			const char *where, char *reason)
{
	const struct kapi_signal_spec *s = clause;

	if (!s->signum || s->signum < KAPI_SIGNAL_ANY || s->signum > _NSIG)
		return kapi_complain(reason, "%s: %d is not a signal; write SIGxxx, KAPI_SIGNAL_ANY_FATAL or KAPI_SIGNAL_ANY",
				     where, s->signum);
	return check_code(spec, s->error, where, reason);
}

/* All that happens to a class counts for the first lock that has it. */
static bool is_class_taken(const struct kernel_api_spec *spec, const struct kapi_lock_spec *l)
{
	const struct kapi_lock_spec *other;

	kapi_for_each_clause(other, spec, KAPI_LOCKS) {
		if (other == l)
			break;
		if (other->class_name && l->class_name &&
		    !strcmp(other->class_name, l->class_name))
			return !l->needs;
	}
	return false;
}

static int check_balance(const struct kapi_lock_spec *l, const char *where, char *reason)
{
	if (kapi_says_nothing(l))
		return 0;
	if (!l->held_on_entry && !l->acquired)
		return kapi_complain(reason, "%s: released but never acquired; add KAPI_LOCK_ACQUIRED or KAPI_LOCK_HELD_ENTRY",
				     where);
	if (!l->held_on_exit && !l->released)
		return kapi_complain(reason, "%s: acquired but never released; add KAPI_LOCK_RELEASED or KAPI_LOCK_HELD_EXIT",
				     where);
	return 0;
}

static int check_taken(const struct kapi_lock_spec *l, const char *where, char *reason)
{
	if (!l->class_name && (l->mode || l->always))
		return kapi_complain(reason, "%s: how it is taken can only be checked by its class; use KAPI_TAKES()",
				     where);
	if (l->always && !l->acquired && !kapi_says_nothing(l))
		return kapi_complain(reason, "%s: always taken but not acquired; add KAPI_LOCK_ACQUIRED",
				     where);
	if (l->mode == KAPI_LOCK_MODE_GUARD && !kapi_is_mmap_lock(l))
		return kapi_complain(reason, "%s: only \"&mm->mmap_lock\" is observed while held; drop KAPI_GUARDS",
				     where);
	if (l->on_success && !(l->acquired && l->held_on_exit))
		return kapi_complain(reason, "%s: held on success only, so it is acquired and held on exit; use KAPI_LOCKS_ON_SUCCESS()",
				     where);
	return 0;
}

static int check_lock(const struct kernel_api_spec *spec, const void *clause,
		      const char *where, char *reason)
{
	const struct kapi_lock_spec *l = clause;

	if (l->held_on_entry && kapi_is_syscall(spec))
		return kapi_complain(reason, "%s: user space holds no lock; drop KAPI_LOCK_HELD_ENTRY",
				     where);
	if (is_class_taken(spec, l))
		return kapi_complain(reason, "%s: %s is the class of a lock above; join the two",
				     where, l->class_name);
	return check_taken(l, where, reason) ?: check_balance(l, where, reason);
}

static int check_required(const struct kernel_api_spec *spec,
			  const struct kapi_constraint_spec *c, const char *where, char *reason)
{
	if (kapi_is_syscall(spec))
		return kapi_complain(reason, "%s: nothing can be required of user space; use KAPI_FAILS_IF()",
				     where);
	if (!c->cond || c->error || c->may || c->early)
		return kapi_complain(reason, "%s: what the caller must see to is a condition without an error; use KAPI_REQUIRES()",
				     where);
	return check_condition(spec, c->cond, where, reason);
}

static int check_constraint(const struct kernel_api_spec *spec, const void *clause,
			    const char *where, char *reason)
{
	const struct kapi_constraint_spec *c = clause;

	if (!c->description && !c->expression && !c->cond)
		return kapi_complain(reason, "%s: says nothing; describe it, or give a condition",
				     where);
	if (c->required)
		return check_required(spec, c, where, reason);
	if (!c->cond != !c->error)
		return kapi_complain(reason, "%s: a condition and its error go together; use KAPI_FAILS_IF() or KAPI_MAY_FAIL_IF()",
				     where);
	if (!c->cond && (c->may || c->early))
		return kapi_complain(reason, "%s: .may and .early need a condition; use KAPI_FAILS_IF() or KAPI_MAY_FAIL_IF()",
				     where);
	if (c->may && c->early)
		return kapi_complain(reason, "%s: what is early is certain; drop KAPI_EARLY or use KAPI_FAILS_IF()",
				     where);
	return check_condition(spec, c->cond, where, reason) ?:
		check_code(spec, c->error, where, reason);
}

static int check_ensures(const struct kernel_api_spec *spec, const void *clause,
			 const char *where, char *reason)
{
	const struct kapi_constraint_spec *c = clause;

	if (!c->cond || c->error || c->required)
		return kapi_complain(reason, "%s: what success ensures is a condition without an error; use KAPI_ENSURES()",
				     where);
	return check_condition(spec, c->cond, where, reason);
}

static int check_capability(const struct kernel_api_spec *spec, const void *clause,
			    const char *where, char *reason)
{
	const struct kapi_capability_spec *c = clause;

	if (!cap_valid(c->capability))
		return kapi_complain(reason, "%s: %u is not a capability; write CAP_xxx",
				     where, c->capability);
	if (!c->cond != !c->error)
		return kapi_complain(reason, "%s: a condition and its error go together; use KAPI_LACKS()",
				     where);
	return check_condition(spec, c->cond, where, reason) ?:
		check_code(spec, c->error, where, reason);
}

static int check_side_effect(const struct kernel_api_spec *spec, const void *clause,
			     const char *where, char *reason)
{
	const struct kapi_side_effect_spec *e = clause;

	if (e->reversible && e->type & KAPI_EFFECT_IRREVERSIBLE)
		return kapi_complain(reason, "%s: reversible and irreversible; drop one",
				     where);
	if (!e->value != !e->relation)
		return kapi_complain(reason, "%s: value and relation go together; use KAPI_CHANGES()",
				     where);
	if (e->unless && !e->value)
		return kapi_complain(reason, "%s: KAPI_UNLESS() without a value; use KAPI_CHANGES()",
				     where);
	return check_condition(spec, e->value, where, reason) ?:
		check_condition(spec, e->unless, where, reason);
}

typedef int (*check_clause_fn)(const struct kernel_api_spec *spec, const void *clause,
			       const char *where, char *reason);

static const check_clause_fn check_clause[KAPI_KINDS] = {
	[KAPI_PARAMS] = check_param,
	[KAPI_ERRORS] = check_error,
	[KAPI_CONSTRAINTS] = check_constraint,
	[KAPI_CAPABILITIES] = check_capability,
	[KAPI_SIGNALS] = check_signal,
	[KAPI_LOCKS] = check_lock,
	[KAPI_SIDE_EFFECTS] = check_side_effect,
	[KAPI_POSTCONDITIONS] = check_ensures,
};

/* === All clauses ========================================================== */

static int check_one(const struct kernel_api_spec *spec, const struct kapi_clause *clause,
		     const char *where, char *reason)
{
	int ret = check_fields(kapi_categories[clause->kind].fields, clause, where, reason);

	if (ret)
		return ret;
	if ((clause->kind == KAPI_PARAMS || clause->kind == KAPI_LOCKS) &&
	    is_name_taken(spec, clause))
		return kapi_complain(reason, "%s: there is one of this name above; rename one",
				     where);
	ret = check_condition(spec, clause->when, where, reason);
	if (!ret && check_clause[clause->kind])
		ret = check_clause[clause->kind](spec, clause, where, reason);
	return ret;
}

/* A block of clauses must not include another: the walk does not go there. */
static int check_blocks(const struct kernel_api_spec *spec, char *reason)
{
	const struct kapi_clause *c;
	int ret = 0;

	kapi_for_each_clause(c, spec, KAPI_INCLUDED)
		ret = kapi_complain(reason, "block %s is included by another block; include both in the spec",
				    c->name);
	return ret;
}

/* Reports the mistakes of all clauses. */
static int check_clauses(const struct kernel_api_spec *spec, char *reason)
{
	struct kapi_clause_ref ref;
	char where[KAPI_LABEL_LEN];
	unsigned int n;
	int ret = 0;

	for (n = KAPI_RULES; kapi_find_clause(spec, n, &ref); n++) {
		kapi_clause_label(spec, n, where);
		if (!*where)
			strscpy(where, kapi_categories[ref.kind].key);
		ret = check_one(spec, ref.clause, where, reason) ?: ret;
	}
	return check_blocks(spec, reason) ?: ret;
}

/* A lock written as plain fields without a name would be taken for none. */
static int check_plain_locks(const struct kernel_api_spec *spec, char *reason)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < KAPI_MAX_PLAIN_LOCKS; i++) {
		const struct kapi_lock_spec *l = &spec->locks[i];

		if (!l->name && memchr_inv(l, 0, sizeof(*l)))
			ret = kapi_complain(reason, ".locks[%u]: no name; write .lock_name", i);
	}
	return ret;
}

static int check_counts(const struct kernel_api_spec *spec, char *reason)
{
	unsigned int written, kind, entries;
	int ret = 0;

	for (kind = 0; kind < KAPI_KINDS; kind++) {
		const struct kapi_category *cat = &kapi_categories[kind];

		written = cat->count ? *((const u8 *)spec + cat->count) : 0;
		entries = kapi_count_entries(spec, kind);
		if (written && written != entries)
			ret = kapi_complain(reason, "%s: the count says %u, the spec has %u; correct it or leave it out",
					    cat->key, written, entries);
	}
	return ret;
}

/* === A spec =============================================================== */

/* The name becomes a file name. */
static int check_name(const struct kernel_api_spec *spec, char *reason)
{
	const char *c = spec->name;

	if (!c || !*c)
		return kapi_complain(reason, "the spec has no name; use DEFINE_KERNEL_API_SPEC()");
	if (isdigit(*c))
		return kapi_complain(reason, "the name begins with a digit");
	for (; *c; c++)
		if (!isascii(*c) || (!isalnum(*c) && *c != '_'))
			return kapi_complain(reason, "the name is not a C identifier");
	if (c - spec->name > NAME_MAX)
		return kapi_complain(reason, "the name is longer than NAME_MAX, %d", NAME_MAX);
	return 0;
}

static int check_context(const struct kernel_api_spec *spec, char *reason)
{
	if (spec->context & KAPI_CTX_SLEEPABLE && spec->context & KAPI_CTX_NO_SLEEP)
		return kapi_complain(reason, "context: what may sleep cannot be called in atomic context; drop one, or use KAPI_MAY_SLEEP_IF()");
	if (spec->context & KAPI_CTX_SLEEPABLE && spec->may_sleep)
		return kapi_complain(reason, "context: all calls may sleep, or those of KAPI_MAY_SLEEP_IF(); drop one");
	if (!spec->context && !spec->may_sleep && !kapi_is_syscall(spec))
		return kapi_complain(reason, "context: where may it be called from? add KAPI_CONTEXT() or KAPI_MAY_SLEEP_IF()");
	return check_condition(spec, spec->may_sleep, "context", reason);
}

static int check_return(const struct kernel_api_spec *spec, char *reason)
{
	const struct kapi_return_spec *r = &spec->return_spec;
	int ret = check_fields(&kapi_return_fields, r, "returns", reason);

	if (ret)
		return ret;
	if (r->check_type == KAPI_RETURN_RANGE && !r->success_min && !r->success_max)
		return kapi_complain(reason, "returns: KAPI_RETURN_RANGE needs .success_min and .success_max");
	if (r->check_type == KAPI_RETURN_RANGE && r->success_min > r->success_max)
		return kapi_complain(reason, "returns: .success_min is above .success_max");
	return 0;
}

/**
 * kapi_check_spec - check a spec before it is registered
 * @spec: any; strings that are not NULL must be readable
 * @reason: KAPI_REASON_LEN bytes; on failure, a line for each mistake that says what to do,
 *	as far as there is room
 *
 * Return: 0, or -EINVAL.
 */
int kapi_check_spec(const struct kernel_api_spec *spec, char *reason)
{
	int ret;

	*reason = '\0';
	ret = check_name(spec, reason) ?: check_fields(&kapi_spec_fields, spec, "spec", reason);
	if (ret)
		return ret;
	ret = check_context(spec, reason);
	ret = check_return(spec, reason) ?: ret;
	ret = check_counts(spec, reason) ?: ret;
	ret = check_plain_locks(spec, reason) ?: ret;
	return check_clauses(spec, reason) ?: ret;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_check_spec);
