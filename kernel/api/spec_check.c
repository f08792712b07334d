// SPDX-License-Identifier: GPL-2.0
/*
 * Is a spec fit to be registered?
 *
 * The macros refuse what the compiler can see. Here is the rest: what spans
 * several clauses, what needs the running kernel, and all of it once more for
 * data that did not come from the macros.
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
 * @reason: KAPI_REASON_LEN bytes: what was said before, a line for each mistake
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
	const char *text = kapi_field_text(f, clause);

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
		return kapi_complain(reason, "%s: %s is not set; combine its flags",
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
		return check_flags(f, clause, where, reason);
	case KAPI_FIELD_BOOL:
		return check_bool(f, clause, where, reason);
	default:
		return 0;	/* any number will do here */
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

/* === What a clause must fulfil beyond its fields ========================== */

static const struct kapi_error_spec *find_error(const struct kernel_api_spec *spec,
						s32 code)
{
	unsigned int i;

	for (i = 0; i < KAPI_MAX_ERRORS && spec->errors[i]; i++)
		if (spec->errors[i]->code == code)
			return spec->errors[i];
	return NULL;
}

static int check_code(const struct kernel_api_spec *spec, s32 code, const char *where,
		      char *reason)
{
	if (code && !find_error(spec, code))
		return kapi_complain(reason, "%s: its error %d is not among the errors; add a KAPI_ERROR()",
				     where, code);
	return 0;
}

/* A clause may speak of one of the values that the snapshot has. */
static int check_value(const struct kernel_api_spec *spec, u8 value, const char *where,
		       char *reason)
{
	if (value && !spec->snapshot)
		return kapi_complain(reason, "%s: a value, but the spec has no KAPI_SNAPSHOT()",
				     where);
	if (value && value > spec->snapshot->count)
		return kapi_complain(reason, "%s: value %u, but the snapshot has %u",
				     where, value - 1, spec->snapshot->count);
	return 0;
}

static int check_change(const struct kernel_api_spec *spec, u8 value,
			enum kapi_relation relation, const char *where, char *reason)
{
	if (!value != !relation)
		return kapi_complain(reason, "%s: value and relation go together; use the _CHECK() macro",
				     where);
	return check_value(spec, value, where, reason);
}

static int check_param(const struct kernel_api_spec *spec, const void *clause,
		       const char *where, char *reason)
{
	const struct kapi_param_spec *p = clause;
	bool wants_range = p->constraint_type == KAPI_CONSTRAINT_RANGE;
	bool wants_mask = p->constraint_type == KAPI_CONSTRAINT_MASK;
	bool has_mask = p->valid_mask;

	if (p->has_range != wants_range)
		return kapi_complain(reason, "%s: KAPI_PARAM_RANGE() and KAPI_CONSTRAINT_RANGE go together",
				     where);
	if (has_mask != wants_mask)
		return kapi_complain(reason, "%s: .valid_mask and KAPI_CONSTRAINT_MASK go together",
				     where);
	if (!p->constraints && (p->constraint_type == KAPI_CONSTRAINT_ENUM ||
				p->constraint_type == KAPI_CONSTRAINT_CUSTOM))
		return kapi_complain(reason, "%s: this constraint is told in .constraints",
				     where);
	if (p->error && !wants_range && !wants_mask)
		return kapi_complain(reason, "%s: which values give the error? add KAPI_CONSTRAINT_RANGE or KAPI_CONSTRAINT_MASK",
				     where);
	if (p->error && !kapi_knows_type(p))
		return kapi_complain(reason, "%s: of a %s nobody knows how it lies in a register; use a KAPI_CONSTRAINT()",
				     where, p->type_name);
	return check_change(spec, p->value, p->relation, where, reason) ?:
		check_code(spec, p->error, where, reason);
}

static bool has_reason(const struct kernel_api_spec *spec, s32 code)
{
	unsigned int i;

	for (i = 0; i < KAPI_MAX_PARAMS && spec->params[i]; i++)
		if (spec->params[i]->error == code)
			return true;
	for (i = 0; i < KAPI_MAX_CONSTRAINTS && spec->constraints[i]; i++)
		if (spec->constraints[i]->error == code)
			return true;
	for (i = 0; i < KAPI_MAX_CAPABILITIES && spec->capabilities[i]; i++)
		if (spec->capabilities[i]->error == code)
			return true;
	return false;
}

static int check_error(const struct kernel_api_spec *spec, const void *clause,
		       const char *where, char *reason)
{
	const struct kapi_error_spec *e = clause;
	const char *name;

	if (e->code >= 0 || e->code < -MAX_ERRNO)
		return kapi_complain(reason, "%s: code %d is outside [-%d, -1]",
				     where, e->code, MAX_ERRNO);
	name = errname(-e->code);
	if (name && strcmp(name, e->name))
		return kapi_complain(reason, "%s: code %d is %s, not %s",
				     where, e->code, name, e->name);
	if (find_error(spec, e->code) != e)
		return kapi_complain(reason, "%s: %s is there already; join the conditions",
				     where, e->name);
	if (kapi_is_restart(e->code))
		return kapi_complain(reason, "%s: user space never sees %s; write EINTR, and KAPI_SIGNAL_RESTARTABLE",
				     where, e->name);
	if (e->closed && !has_reason(spec, e->code))
		return kapi_complain(reason, "%s: no clause gives a reason for %s, so none can be the only one; use KAPI_ERROR()",
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

/* Whatever happens to a class is put down to the first lock that has it. */
static bool is_class_taken(const struct kernel_api_spec *spec, const struct kapi_lock_spec *l)
{
	unsigned int i;

	for (i = 0; spec->locks[i] != l; i++)
		if (spec->locks[i]->class_name && l->class_name &&
		    !strcmp(spec->locks[i]->class_name, l->class_name))
			return !l->absent;
	return false;
}

static bool guards_snapshot(const struct kernel_api_spec *spec, const struct kapi_lock_spec *l)
{
	u8 lock = spec->snapshot_lock;

	return lock && lock <= KAPI_MAX_LOCKS && spec->locks[lock - 1] == l &&
	       spec->snapshot && spec->snapshot->guarded > spec->snapshot->reasons;
}

static int check_lock(const struct kernel_api_spec *spec, const void *clause,
		      const char *where, char *reason)
{
	const struct kapi_lock_spec *l = clause;
	int before = l->held_on_entry + l->acquired;
	int after = l->held_on_exit + l->released;

	if (!before && !after)
		return kapi_complain(reason, "%s: neither acquired nor released nor held; say which",
				     where);
	if (!before)
		return kapi_complain(reason, "%s: released but never acquired; add KAPI_LOCK_ACQUIRED or KAPI_LOCK_HELD_ENTRY",
				     where);
	if (!after)
		return kapi_complain(reason, "%s: acquired but never released; add KAPI_LOCK_RELEASED or KAPI_LOCK_HELD_EXIT",
				     where);
	if (!l->class_name && (l->mode || l->taken))
		return kapi_complain(reason, "%s: how it is taken can only be checked by its class; add KAPI_LOCK_CLASS()",
				     where);
	if (l->mode == KAPI_LOCK_MODE_GUARD && !guards_snapshot(spec, l))
		return kapi_complain(reason, "%s: what does it guard? name it in KAPI_SNAPSHOT_LOCK(), and .guarded in the snapshot",
				     where);
	if (is_class_taken(spec, l))
		return kapi_complain(reason, "%s: %s is the class of a lock above; join the two",
				     where, l->class_name);
	if (l->taken && !l->acquired)
		return kapi_complain(reason, "%s: always taken but not acquired; add KAPI_LOCK_ACQUIRED",
				     where);
	return 0;
}

/* A reason for an error: the value that shows it, and the code. */
static int check_reason(const struct kernel_api_spec *spec, u8 value, s32 code,
			const char *where, char *reason)
{
	if (!value != !code)
		return kapi_complain(reason, "%s: value and error go together; use the _CHECK() macro",
				     where);
	return check_value(spec, value, where, reason) ?: check_code(spec, code, where, reason);
}

static int check_constraint(const struct kernel_api_spec *spec, const void *clause,
			    const char *where, char *reason)
{
	const struct kapi_constraint_spec *c = clause;

	if ((c->may || c->early) && !c->value)
		return kapi_complain(reason, "%s: which value tells of it? use KAPI_CONSTRAINT_CHECK() or _MAY()",
				     where);
	if (c->may && c->early)
		return kapi_complain(reason, "%s: what is early is certain; drop KAPI_CONSTRAINT_EARLY or use _CHECK()",
				     where);
	return check_reason(spec, c->value, c->error, where, reason);
}

static int check_capability(const struct kernel_api_spec *spec, const void *clause,
			    const char *where, char *reason)
{
	const struct kapi_capability_spec *c = clause;

	if (!cap_valid(c->capability))
		return kapi_complain(reason, "%s: %u is not a capability; write CAP_xxx",
				     where, c->capability);
	return check_reason(spec, c->value, c->error, where, reason);
}

static int check_side_effect(const struct kernel_api_spec *spec, const void *clause,
			     const char *where, char *reason)
{
	const struct kapi_side_effect_spec *e = clause;

	if (e->reversible && e->type & KAPI_EFFECT_IRREVERSIBLE)
		return kapi_complain(reason, "%s: reversible and irreversible; drop one",
				     where);
	return check_change(spec, e->value, e->relation, where, reason);
}

static int check_state_trans(const struct kernel_api_spec *spec, const void *clause,
			     const char *where, char *reason)
{
	const struct kapi_state_trans_spec *t = clause;

	return check_change(spec, t->value, t->relation, where, reason);
}

typedef int (*check_clause_fn)(const struct kernel_api_spec *spec, const void *clause,
			       const char *where, char *reason);

static const check_clause_fn check_clause[KAPI_CATEGORIES] = {
	[KAPI_PARAMS] = check_param,
	[KAPI_ERRORS] = check_error,
	[KAPI_SIGNALS] = check_signal,
	[KAPI_LOCKS] = check_lock,
	[KAPI_SIDE_EFFECTS] = check_side_effect,
	[KAPI_STATE_TRANS] = check_state_trans,
	[KAPI_CONSTRAINTS] = check_constraint,
	[KAPI_CAPABILITIES] = check_capability,
};

/* === A category =========================================================== */

static int check_shape(const struct kernel_api_spec *spec,
		       const struct kapi_category *cat, char *reason)
{
	unsigned int i, entries = kapi_count_entries(spec, cat);
	unsigned int written = *((const u8 *)spec + cat->count);

	for (i = entries; i < cat->max; i++)
		if (kapi_clause(spec, cat, i))
			return kapi_complain(reason, "%s: entry %u follows a gap at %u; number them from 0 without gaps",
					     cat->key, i, entries);
	if (written && written != entries)
		return kapi_complain(reason, "%s: the count says %u, the spec has %u; correct it or leave it out",
				     cat->key, written, entries);
	return 0;
}

static int check_entry(const struct kernel_api_spec *spec, enum kapi_category_id id,
		       unsigned int i, char *reason)
{
	const struct kapi_category *cat = &kapi_categories[id];
	const void *clause = kapi_clause(spec, cat, i);
	char where[32];
	int ret;

	scnprintf(where, sizeof(where), "%s[%u]", cat->key, i);
	ret = check_fields(cat->fields, clause, where, reason);
	if (ret || !check_clause[id])
		return ret;
	return check_clause[id](spec, clause, where, reason);
}

/* A mistake in one entry hides none in another. */
static int check_entries(const struct kernel_api_spec *spec,
			 enum kapi_category_id id, char *reason)
{
	unsigned int i, entries = kapi_count_entries(spec, &kapi_categories[id]);
	int ret = 0;

	for (i = 0; i < entries; i++)
		ret = check_entry(spec, id, i, reason) ?: ret;
	return ret;
}

static int check_categories(const struct kernel_api_spec *spec, char *reason)
{
	int id, ret = 0;

	for (id = 0; id < KAPI_CATEGORIES; id++)
		ret = check_shape(spec, &kapi_categories[id], reason) ?: ret;
	for (id = 0; id < KAPI_CATEGORIES; id++)
		ret = check_entries(spec, id, reason) ?: ret;
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
		return kapi_complain(reason, "context: what may sleep cannot be called in atomic context; drop one");
	return 0;
}

static int check_names(const struct kapi_snapshot *snapshot, char *reason)
{
	unsigned int i;

	if (!snapshot->count || snapshot->count > KAPI_MAX_VALUES)
		return kapi_complain(reason, "snapshot: %u values; it can have 1 to %u",
				     snapshot->count, KAPI_MAX_VALUES);
	if (snapshot->reasons > snapshot->count)
		return kapi_complain(reason, "snapshot: %u of its %u values are reasons",
				     snapshot->reasons, snapshot->count);
	if (snapshot->guarded > snapshot->count)
		return kapi_complain(reason, "snapshot: %u of its %u values are guarded",
				     snapshot->guarded, snapshot->count);
	if (snapshot->counters > snapshot->count)
		return kapi_complain(reason, "snapshot: %u of its %u values are counters",
				     snapshot->counters, snapshot->count);
	for (i = 0; i < snapshot->count; i++)
		if (!snapshot->names || !snapshot->names[i] || !*snapshot->names[i])
			return kapi_complain(reason, "snapshot: value %u has no name", i);
	return 0;
}

/* Only of the mmap_lock is it seen when exactly it is taken and given back. */
static int check_snapshot(const struct kernel_api_spec *spec, char *reason)
{
	const struct kapi_lock_spec *lock;

	if (!spec->snapshot && !spec->snapshot_lock && !spec->failure)
		return 0;
	if (!spec->snapshot)
		return kapi_complain(reason, "snapshot: none to lock or to compare; add KAPI_SNAPSHOT()");
	if (spec->snapshot_lock) {
		lock = spec->snapshot_lock <= KAPI_MAX_LOCKS ?
			spec->locks[spec->snapshot_lock - 1] : NULL;
		if (!lock || !kapi_is_mmap_lock(lock))
			return kapi_complain(reason, "snapshot: its lock must be a KAPI_LOCK() with KAPI_LOCK_CLASS(\"&mm->mmap_lock\")");
	}
	return check_names(spec->snapshot, reason);
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
	if (r->check_type == KAPI_RETURN_ERROR_CHECK && !spec->errors[0] &&
	    !spec->other_errors)
		return kapi_complain(reason, "returns: KAPI_RETURN_ERROR_CHECK needs a KAPI_ERROR() or KAPI_OTHER_ERRORS()");
	return 0;
}

/**
 * kapi_check_spec - is this spec fit to be registered?
 * @spec: any; strings that are not NULL must be readable
 * @reason: KAPI_REASON_LEN bytes; on failure, what is wrong and what to do, a line for
 *	each mistake, as far as there is room
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
	ret = check_snapshot(spec, reason) ?: ret;
	return check_categories(spec, reason) ?: ret;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_check_spec);
