// SPDX-License-Identifier: GPL-2.0
/*
 * The one table of what a spec consists of: names for every enum and mask, and
 * the fields of every clause. Checking and rendering are loops over it, so that
 * a field added here is checked and shown everywhere.
 */
#include <linux/array_size.h>
#include <linux/stddef.h>
#include <kunit/visibility.h>

#include "kapi.h"

/* === Names ================================================================ */

#define NAMES(_list, _is_complete)					\
	static_assert(_is_complete);					\
	static const struct kapi_names _list = {			\
		.name = _list##_names,					\
		.count = ARRAY_SIZE(_list##_names),			\
	}

/* Of an enum every value has a name, of a mask every bit. */
#define ENUM_NAMES(_list, _count)					\
	NAMES(_list, ARRAY_SIZE(_list##_names) == (_count))
#define MASK_NAMES(_list, _all)						\
	NAMES(_list, BIT(ARRAY_SIZE(_list##_names)) - 1 == (_all))

static const char *const context_names[] = {
	"process", "softirq", "hardirq", "nmi", "atomic", "sleepable",
	"preempt_disabled", "irq_disabled",
};

MASK_NAMES(context, KAPI_CTX_ALL);

static const char *const type_names[] = {
	[KAPI_TYPE_VOID] = "void",
	[KAPI_TYPE_INT] = "int",
	[KAPI_TYPE_UINT] = "uint",
	[KAPI_TYPE_PTR] = "ptr",
	[KAPI_TYPE_STRUCT] = "struct",
	[KAPI_TYPE_UNION] = "union",
	[KAPI_TYPE_ENUM] = "enum",
	[KAPI_TYPE_FUNC_PTR] = "func_ptr",
	[KAPI_TYPE_ARRAY] = "array",
	[KAPI_TYPE_FD] = "fd",
	[KAPI_TYPE_USER_PTR] = "user_ptr",
	[KAPI_TYPE_PATH] = "path",
	[KAPI_TYPE_CUSTOM] = "custom",
};

ENUM_NAMES(type, KAPI_TYPE_COUNT);

static const char *const param_flag_names[] = {
	"in", "out", "optional", "const", "volatile", "user", "dma", "aligned",
};

MASK_NAMES(param_flag, KAPI_PARAM_ALL);

static const char *const constraint_names[] = {
	[KAPI_CONSTRAINT_NONE] = "none",
	[KAPI_CONSTRAINT_RANGE] = "range",
	[KAPI_CONSTRAINT_MASK] = "mask",
	[KAPI_CONSTRAINT_ENUM] = "enum",
	[KAPI_CONSTRAINT_CUSTOM] = "custom",
};

ENUM_NAMES(constraint, KAPI_CONSTRAINT_TYPE_COUNT);

static const char *const return_check_names[] = {
	[KAPI_RETURN_EXACT] = "exact",
	[KAPI_RETURN_RANGE] = "range",
	[KAPI_RETURN_ERROR_CHECK] = "error_check",
	[KAPI_RETURN_FD] = "fd",
	[KAPI_RETURN_NO_RETURN] = "no_return",
	[KAPI_RETURN_VOID] = "void",
};

ENUM_NAMES(return_check, KAPI_RETURN_CHECK_COUNT);

static const char *const lock_type_names[] = {
	[KAPI_LOCK_NONE] = "none",
	[KAPI_LOCK_MUTEX] = "mutex",
	[KAPI_LOCK_SPINLOCK] = "spinlock",
	[KAPI_LOCK_RWLOCK] = "rwlock",
	[KAPI_LOCK_SEQLOCK] = "seqlock",
	[KAPI_LOCK_RCU] = "rcu",
	[KAPI_LOCK_SEMAPHORE] = "semaphore",
	[KAPI_LOCK_RWSEM] = "rwsem",
	[KAPI_LOCK_LOCAL] = "local",
	[KAPI_LOCK_CUSTOM] = "custom",
};

ENUM_NAMES(lock_type, KAPI_LOCK_TYPE_COUNT);

static const char *const lock_mode_names[] = {
	[KAPI_LOCK_MODE_READ] = "read",
	[KAPI_LOCK_MODE_WRITE] = "write",
	[KAPI_LOCK_MODE_GUARD] = "guards",
};

ENUM_NAMES(lock_mode, KAPI_LOCK_MODE_COUNT);

static const char *const lock_taken_names[] = {
	[KAPI_LOCK_TAKEN_ALWAYS] = "always",
	[KAPI_LOCK_TAKEN_ONCE] = "once",
};

ENUM_NAMES(lock_taken, KAPI_LOCK_TAKEN_COUNT);

static const char *const relation_names[] = {
	[KAPI_IS_CLEARED] = "is_cleared",
	[KAPI_STAYS] = "stays",
	[KAPI_FALLS] = "falls",
	[KAPI_RISES] = "rises",
	[KAPI_NEVER_RISES] = "never_rises",
};

ENUM_NAMES(relation, KAPI_RELATION_COUNT);

static const char *const failure_names[] = {
	[KAPI_FAILURE_IS_ATOMIC] = "atomic",
	[KAPI_FAILURE_IS_PARTIAL] = "partial",
};

ENUM_NAMES(failure, KAPI_FAILURE_COUNT);

static const char *const direction_names[] = {
	"receive", "send", "handle", "block", "ignore",
};

MASK_NAMES(direction, KAPI_SIGNAL_ALL);

static const char *const signal_action_names[] = {
	[KAPI_SIGNAL_ACTION_DEFAULT] = "default",
	[KAPI_SIGNAL_ACTION_TERMINATE] = "terminate",
	[KAPI_SIGNAL_ACTION_COREDUMP] = "coredump",
	[KAPI_SIGNAL_ACTION_STOP] = "stop",
	[KAPI_SIGNAL_ACTION_CONTINUE] = "continue",
	[KAPI_SIGNAL_ACTION_CUSTOM] = "custom",
	[KAPI_SIGNAL_ACTION_RETURN] = "return",
	[KAPI_SIGNAL_ACTION_RESTART] = "restart",
	[KAPI_SIGNAL_ACTION_QUEUE] = "queue",
	[KAPI_SIGNAL_ACTION_DISCARD] = "discard",
	[KAPI_SIGNAL_ACTION_TRANSFORM] = "transform",
};

ENUM_NAMES(signal_action, KAPI_SIGNAL_ACTION_COUNT);

static const char *const effect_names[] = {
	"alloc_memory", "free_memory", "modify_state", "signal_send",
	"file_position", "lock_acquire", "lock_release", "resource_create",
	"resource_destroy", "schedule", "hardware", "network", "filesystem",
	"process_state", "irreversible",
};

MASK_NAMES(effect, KAPI_EFFECT_ALL);

static const char *const cap_action_names[] = {
	[KAPI_CAP_BYPASS_CHECK] = "bypass_check",
	[KAPI_CAP_INCREASE_LIMIT] = "increase_limit",
	[KAPI_CAP_OVERRIDE_RESTRICTION] = "override_restriction",
	[KAPI_CAP_GRANT_PERMISSION] = "grant_permission",
	[KAPI_CAP_MODIFY_BEHAVIOR] = "modify_behavior",
	[KAPI_CAP_ACCESS_RESOURCE] = "access_resource",
	[KAPI_CAP_PERFORM_OPERATION] = "perform_operation",
};

ENUM_NAMES(cap_action, KAPI_CAP_ACTION_COUNT);

/* === Fields =============================================================== */

#define FIELD(_struct, _member, _key, _kind, ...)			\
	{								\
		.key = (_key),						\
		.kind = KAPI_FIELD_##_kind,				\
		.offset = offsetof(struct _struct, _member),		\
		.size = sizeof_field(struct _struct, _member),		\
		__VA_ARGS__						\
	}

#define ONLY_IF(_struct, _member, _value)				\
	.only_if = true,						\
	.if_offset = offsetof(struct _struct, _member),			\
	.if_value = (_value)

#define FIELDS(_name, _list)						\
	const struct kapi_fields _name = {				\
		.field = _list, .count = ARRAY_SIZE(_list),		\
	}

static const struct kapi_field spec_field[] = {
	FIELD(kernel_api_spec, description, "description", TEXT),
	FIELD(kernel_api_spec, long_desc, "long_desc", OPT_TEXT),
	FIELD(kernel_api_spec, context, "context", FLAGS, .names = &context),
	FIELD(kernel_api_spec, failure, "failure", OPT_ENUM, .names = &failure),
	FIELD(kernel_api_spec, since_version, "since_version", OPT_TEXT),
	FIELD(kernel_api_spec, examples, "examples", OPT_TEXT),
	FIELD(kernel_api_spec, notes, "notes", OPT_TEXT),
	FIELD(kernel_api_spec, other_errors, "other_errors", OPT_TEXT),
};

FIELDS(kapi_spec_fields, spec_field);

#define RETURN(...)	FIELD(kapi_return_spec, __VA_ARGS__)
#define RETURN_IF(_check)	ONLY_IF(kapi_return_spec, check_type, _check)
static const struct kapi_field return_field[] = {
	RETURN(type_name, "type_name", TEXT),
	RETURN(type, "type", ENUM, .names = &type),
	RETURN(description, "description", TEXT),
	RETURN(check_type, "check_type", ENUM, .names = &return_check),
	RETURN(success_value, "success_value", NUMBER, RETURN_IF(KAPI_RETURN_EXACT)),
	RETURN(success_min, "success_min", NUMBER, RETURN_IF(KAPI_RETURN_RANGE)),
	RETURN(success_max, "success_max", NUMBER, RETURN_IF(KAPI_RETURN_RANGE)),
};

FIELDS(kapi_return_fields, return_field);

#define PARAM(...)	FIELD(kapi_param_spec, __VA_ARGS__)
#define PARAM_IF(_constraint)	ONLY_IF(kapi_param_spec, constraint_type, _constraint)
static const struct kapi_field param_field[] = {
	PARAM(name, "name", TEXT),
	PARAM(type_name, "type_name", TEXT),
	PARAM(type, "type", ENUM, .names = &type),
	PARAM(flags, "flags", FLAGS, .names = &param_flag),
	PARAM(description, "description", TEXT),
	PARAM(constraint_type, "constraint_type", ENUM, .names = &constraint),
	PARAM(min_value, "min_value", NUMBER, PARAM_IF(KAPI_CONSTRAINT_RANGE)),
	PARAM(max_value, "max_value", UPPER, PARAM_IF(KAPI_CONSTRAINT_RANGE)),
	PARAM(valid_mask, "valid_mask", BITS, PARAM_IF(KAPI_CONSTRAINT_MASK)),
	PARAM(constraints, "constraints", OPT_TEXT),
	PARAM(error, "error", OPT_ERRNO),
	PARAM(value, "value", VALUE),
	PARAM(relation, "relation", OPT_ENUM, .names = &relation),
};

static FIELDS(param_fields, param_field);

#define ERROR(...)	FIELD(kapi_error_spec, __VA_ARGS__)
static const struct kapi_field error_field[] = {
	ERROR(name, "name", TEXT),
	ERROR(code, "code", NUMBER),
	ERROR(condition, "condition", TEXT),
	ERROR(description, "description", TEXT),
	ERROR(closed, "closed", BOOL),
};

static FIELDS(error_fields, error_field);

#define SIGNAL(...)	FIELD(kapi_signal_spec, __VA_ARGS__)
static const struct kapi_field signal_field[] = {
	SIGNAL(name, "name", TEXT),
	SIGNAL(signum, "signum", NUMBER),
	SIGNAL(direction, "direction", FLAGS, .names = &direction),
	SIGNAL(action, "action", ENUM, .names = &signal_action),
	SIGNAL(condition, "condition", OPT_TEXT),
	SIGNAL(description, "description", OPT_TEXT),
	SIGNAL(error, "error", OPT_ERRNO),
	SIGNAL(restartable, "restartable", BOOL),
};

static FIELDS(signal_fields, signal_field);

#define LOCK(...)	FIELD(kapi_lock_spec, __VA_ARGS__)
static const struct kapi_field lock_field[] = {
	LOCK(name, "name", TEXT),
	LOCK(type, "type", ENUM, .names = &lock_type),
	LOCK(held_on_entry, "held_on_entry", BOOL),
	LOCK(acquired, "acquired", BOOL),
	LOCK(released, "released", BOOL),
	LOCK(held_on_exit, "held_on_exit", BOOL),
	LOCK(class_name, "class", OPT_TEXT, ONLY_IF(kapi_lock_spec, absent, false)),
	LOCK(class_name, "only_with", OPT_TEXT, ONLY_IF(kapi_lock_spec, absent, true)),
	LOCK(mode, "mode", OPT_ENUM, .names = &lock_mode),
	LOCK(taken, "taken", OPT_ENUM, .names = &lock_taken),
	LOCK(description, "description", OPT_TEXT),
};

static FIELDS(lock_fields, lock_field);

#define EFFECT(...)	FIELD(kapi_side_effect_spec, __VA_ARGS__)
static const struct kapi_field side_effect_field[] = {
	EFFECT(target, "target", TEXT),
	EFFECT(type, "type", FLAGS, .names = &effect),
	EFFECT(description, "description", TEXT),
	EFFECT(condition, "condition", OPT_TEXT),
	EFFECT(reversible, "reversible", BOOL),
	EFFECT(value, "value", VALUE),
	EFFECT(relation, "relation", OPT_ENUM, .names = &relation),
};

static FIELDS(side_effect_fields, side_effect_field);

#define TRANS(...)	FIELD(kapi_state_trans_spec, __VA_ARGS__)
static const struct kapi_field state_trans_field[] = {
	TRANS(object, "object", TEXT),
	TRANS(from, "from", TEXT),
	TRANS(to, "to", TEXT),
	TRANS(description, "description", TEXT),
	TRANS(condition, "condition", OPT_TEXT),
	TRANS(value, "value", VALUE),
	TRANS(relation, "relation", OPT_ENUM, .names = &relation),
};

static FIELDS(state_trans_fields, state_trans_field);

#define CONSTRAINT(...)	FIELD(kapi_constraint_spec, __VA_ARGS__)
static const struct kapi_field constraint_field[] = {
	CONSTRAINT(name, "name", TEXT),
	CONSTRAINT(description, "description", TEXT),
	CONSTRAINT(expression, "expression", OPT_TEXT),
	CONSTRAINT(value, "value", VALUE),
	CONSTRAINT(error, "error", OPT_ERRNO),
	CONSTRAINT(may, "may", BOOL),
	CONSTRAINT(early, "early", BOOL),
};

static FIELDS(constraint_fields, constraint_field);

#define CAPABILITY(...)	FIELD(kapi_capability_spec, __VA_ARGS__)
static const struct kapi_field capability_field[] = {
	CAPABILITY(name, "name", TEXT),
	CAPABILITY(capability, "capability", NUMBER),
	CAPABILITY(action, "action", ENUM, .names = &cap_action),
	CAPABILITY(allows, "allows", OPT_TEXT),
	CAPABILITY(without, "without", OPT_TEXT),
	CAPABILITY(condition, "condition", OPT_TEXT),
	CAPABILITY(value, "value", VALUE),
	CAPABILITY(error, "error", OPT_ERRNO),
};

static FIELDS(capability_fields, capability_field);

/* === Categories =========================================================== */

#define CATEGORY(_member, _fields, _count)				\
	{								\
		.key = #_member,					\
		.fields = &(_fields),					\
		.entries = offsetof(struct kernel_api_spec, _member),	\
		.count = offsetof(struct kernel_api_spec, _count),	\
		.max = sizeof_field(struct kernel_api_spec, _member) / sizeof(void *), \
	}

const struct kapi_category kapi_categories[KAPI_CATEGORIES] = {
	[KAPI_PARAMS] = CATEGORY(params, param_fields, param_count),
	[KAPI_ERRORS] = CATEGORY(errors, error_fields, error_count),
	[KAPI_SIGNALS] = CATEGORY(signals, signal_fields, signal_count),
	[KAPI_LOCKS] = CATEGORY(locks, lock_fields, lock_count),
	[KAPI_SIDE_EFFECTS] = CATEGORY(side_effects, side_effect_fields, side_effect_count),
	[KAPI_STATE_TRANS] = CATEGORY(state_trans, state_trans_fields, state_trans_count),
	[KAPI_CONSTRAINTS] = CATEGORY(constraints, constraint_fields, constraint_count),
	[KAPI_CAPABILITIES] = CATEGORY(capabilities, capability_fields, capability_count),
};

/* === Access =============================================================== */

/**
 * kapi_clause - one entry of a category
 * @spec: the spec
 * @cat: the category
 * @i: below @cat->max
 *
 * Return: the entry, or NULL if there is none at this index.
 */
const void *kapi_clause(const struct kernel_api_spec *spec,
			const struct kapi_category *cat, unsigned int i)
{
	const void *const *entries = (const void *)spec + cat->entries;

	return entries[i];
}

/* Entries before the first gap; a registered spec has none behind it. */
unsigned int kapi_count_entries(const struct kernel_api_spec *spec,
				const struct kapi_category *cat)
{
	unsigned int i;

	for (i = 0; i < cat->max && kapi_clause(spec, cat, i); i++)
		;
	return i;
}

bool kapi_field_applies(const struct kapi_field *f, const void *clause)
{
	return !f->only_if || *(const u8 *)(clause + f->if_offset) == f->if_value;
}

const char *kapi_field_text(const struct kapi_field *f, const void *clause)
{
	return *(const char *const *)(clause + f->offset);
}

/* Every number wider than 16 bits is signed in its struct. */
s64 kapi_field_value(const struct kapi_field *f, const void *clause)
{
	const void *p = clause + f->offset;
	bool is_signed = f->kind == KAPI_FIELD_NUMBER || f->kind == KAPI_FIELD_OPT_ERRNO;

	switch (f->size) {
	case sizeof(u8):
		return *(const u8 *)p;
	case sizeof(u16):
		return is_signed ? *(const s16 *)p : *(const u16 *)p;
	case sizeof(s32):
		return *(const s32 *)p;
	default:
		return *(const s64 *)p;
	}
}
