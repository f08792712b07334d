// SPDX-License-Identifier: GPL-2.0
/*
 * The table of all that a spec consists of: the names of every enum and mask, and the fields
 * of every clause. Checking and rendering are loops over it, so that a field added here is
 * checked and shown everywhere.
 */
#include <linux/array_size.h>
#include <linux/stddef.h>
#include <kunit/visibility.h>

#include "kapi.h"

/* === Names ================================================================ */

#define NAMES(_list, _is_complete, ...)					\
	static_assert(_is_complete);					\
	static const struct kapi_names _list = {			\
		.name = _list##_names,					\
		.count = ARRAY_SIZE(_list##_names),			\
		__VA_ARGS__						\
	}

/* Every value of an enum and every bit of a mask has a name. */
#define ENUM_NAMES(_list, _count, ...)					\
	NAMES(_list, ARRAY_SIZE(_list##_names) == (_count), __VA_ARGS__)
#define MASK_NAMES(_list, _all, ...)					\
	NAMES(_list, BIT(ARRAY_SIZE(_list##_names)) - 1 == (_all), __VA_ARGS__)

/* Words for the text, where names do not read well; NULL shows nothing. */
#define WORDS(_list)							\
	.words = _list##_words + BUILD_BUG_ON_ZERO(			\
		ARRAY_SIZE(_list##_words) != ARRAY_SIZE(_list##_names))

static const char *const context_names[] = {
	"process", "softirq", "hardirq", "nmi", "atomic", "sleepable",
	"preempt_disabled", "irq_disabled",
};

static const char *const context_words[] = {
	"process", "softirq", "hardirq", "NMI", "atomic", "may sleep",
	"preemption disabled", "interrupts disabled",
};

MASK_NAMES(context, KAPI_CTX_ALL, WORDS(context));

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

/* For most types, the C type says as much. */
static const char *const type_words[KAPI_TYPE_COUNT] = {
	[KAPI_TYPE_ENUM] = "an enum",
	[KAPI_TYPE_FD] = "a file descriptor",
	[KAPI_TYPE_USER_PTR] = "a user-space pointer",
	[KAPI_TYPE_PATH] = "a path",
};

ENUM_NAMES(type, KAPI_TYPE_COUNT, WORDS(type));

static const char *const param_flag_names[] = {
	"in", "out", "optional", "const", "volatile", "user", "dma", "aligned",
};

static const char *const param_flag_words[] = {
	"in", "out", "optional", "const", "volatile", "in user space", "for DMA", "aligned",
};

MASK_NAMES(param_flag, KAPI_PARAM_ALL, WORDS(param_flag));

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
	[KAPI_RETURN_POINTER] = "pointer",
	[KAPI_RETURN_BOOL] = "bool",
	[KAPI_RETURN_NO_RETURN] = "no_return",
	[KAPI_RETURN_VOID] = "void",
};

static const char *const return_check_words[] = {
	[KAPI_RETURN_EXACT] = "success is",
	[KAPI_RETURN_RANGE] = "success is",
	[KAPI_RETURN_ERROR_CHECK] = "failure is an error code",
	[KAPI_RETURN_FD] = "success is a file descriptor",
	[KAPI_RETURN_POINTER] = "failure is NULL",
	[KAPI_RETURN_BOOL] = "failure is 0",
	[KAPI_RETURN_NO_RETURN] = "does not return",
	[KAPI_RETURN_VOID] = "returns nothing",
};

ENUM_NAMES(return_check, KAPI_RETURN_CHECK_COUNT, WORDS(return_check));

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

static const char *const lock_type_words[] = {
	[KAPI_LOCK_NONE] = "no lock",
	[KAPI_LOCK_MUTEX] = "mutex",
	[KAPI_LOCK_SPINLOCK] = "spinlock",
	[KAPI_LOCK_RWLOCK] = "rwlock",
	[KAPI_LOCK_SEQLOCK] = "seqlock",
	[KAPI_LOCK_RCU] = "RCU",
	[KAPI_LOCK_SEMAPHORE] = "semaphore",
	[KAPI_LOCK_RWSEM] = "rwsem",
	[KAPI_LOCK_LOCAL] = "local lock",
	[KAPI_LOCK_CUSTOM] = "lock of its own kind",
};

ENUM_NAMES(lock_type, KAPI_LOCK_TYPE_COUNT, WORDS(lock_type));

static const char *const lock_mode_names[] = {
	[KAPI_LOCK_MODE_READ] = "read",
	[KAPI_LOCK_MODE_WRITE] = "write",
	[KAPI_LOCK_MODE_GUARD] = "guards",
};

static const char *const lock_mode_words[] = {
	[KAPI_LOCK_MODE_READ] = "for read",
	[KAPI_LOCK_MODE_WRITE] = "for write",
	[KAPI_LOCK_MODE_GUARD] = "for write while what it guards is changed",
};

ENUM_NAMES(lock_mode, KAPI_LOCK_MODE_COUNT, WORDS(lock_mode));

static const char *const relation_names[] = {
	[KAPI_BECOMES_ZERO] = "becomes_zero",
	[KAPI_UNCHANGED] = "unchanged",
	[KAPI_DECREASES] = "decreases",
	[KAPI_INCREASES] = "increases",
	[KAPI_NOT_INCREASED] = "not_increased",
	[KAPI_BY_RESULT] = "by_result",
};

static const char *const relation_words[] = {
	[KAPI_BECOMES_ZERO] = "becomes 0",
	[KAPI_UNCHANGED] = "does not change",
	[KAPI_DECREASES] = "decreases",
	[KAPI_INCREASES] = "increases",
	[KAPI_NOT_INCREASED] = "does not increase",
	[KAPI_BY_RESULT] = "increases by what the call returns",
};

ENUM_NAMES(relation, KAPI_RELATION_COUNT, WORDS(relation));

static const char *const failure_names[] = {
	[KAPI_FAILURE_IS_ATOMIC] = "atomic",
	[KAPI_FAILURE_IS_PARTIAL] = "partial",
};

static const char *const failure_words[] = {
	[KAPI_FAILURE_IS_ATOMIC] = "everything is as it was.",
	[KAPI_FAILURE_IS_PARTIAL] = "some of it may be done, unless an early check failed.",
};

ENUM_NAMES(failure, KAPI_FAILURE_COUNT, WORDS(failure));

static const char *const direction_names[] = {
	"receive", "send", "handle", "block", "ignore",
};

static const char *const direction_words[] = {
	"received", "sent", "handled", "blocked", "ignored",
};

MASK_NAMES(direction, KAPI_SIGNAL_ALL, WORDS(direction));

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

static const char *const signal_action_words[] = {
	[KAPI_SIGNAL_ACTION_TERMINATE] = "it ends the task",
	[KAPI_SIGNAL_ACTION_COREDUMP] = "it ends the task with a core dump",
	[KAPI_SIGNAL_ACTION_STOP] = "it stops the task",
	[KAPI_SIGNAL_ACTION_CONTINUE] = "it continues the task",
	[KAPI_SIGNAL_ACTION_CUSTOM] = "it has an effect of its own",
	[KAPI_SIGNAL_ACTION_RETURN] = "the call returns",
	[KAPI_SIGNAL_ACTION_RESTART] = "the call is restarted",
	[KAPI_SIGNAL_ACTION_QUEUE] = "it is queued",
	[KAPI_SIGNAL_ACTION_DISCARD] = "it is discarded",
	[KAPI_SIGNAL_ACTION_TRANSFORM] = "it becomes another signal",
};

ENUM_NAMES(signal_action, KAPI_SIGNAL_ACTION_COUNT, WORDS(signal_action));

static const char *const effect_names[] = {
	"alloc_memory", "free_memory", "modify_state", "signal_send",
	"file_position", "lock_acquire", "lock_release", "resource_create",
	"resource_destroy", "schedule", "hardware", "network", "filesystem",
	"process_state", "irreversible",
};

static const char *const effect_words[] = {
	"allocates memory", "frees memory", "changes state", "sends a signal",
	"moves a file position", "takes a lock", "releases a lock", "creates a resource",
	"destroys a resource", "schedules", "touches hardware", "uses the network",
	"changes a filesystem", "changes the process", "cannot be undone",
};

MASK_NAMES(effect, KAPI_EFFECT_ALL, WORDS(effect));

static const char *const cap_action_names[] = {
	[KAPI_CAP_BYPASS_CHECK] = "bypass_check",
	[KAPI_CAP_INCREASE_LIMIT] = "increase_limit",
	[KAPI_CAP_OVERRIDE_RESTRICTION] = "override_restriction",
	[KAPI_CAP_GRANT_PERMISSION] = "grant_permission",
	[KAPI_CAP_MODIFY_BEHAVIOR] = "modify_behavior",
	[KAPI_CAP_ACCESS_RESOURCE] = "access_resource",
	[KAPI_CAP_PERFORM_OPERATION] = "perform_operation",
};

static const char *const cap_action_words[] = {
	[KAPI_CAP_BYPASS_CHECK] = "passes by a check",
	[KAPI_CAP_INCREASE_LIMIT] = "raises a limit",
	[KAPI_CAP_OVERRIDE_RESTRICTION] = "lifts a restriction",
	[KAPI_CAP_GRANT_PERMISSION] = "gives permission",
	[KAPI_CAP_MODIFY_BEHAVIOR] = "changes what the call does",
	[KAPI_CAP_ACCESS_RESOURCE] = "gives access to a resource",
	[KAPI_CAP_PERFORM_OPERATION] = "permits an operation",
};

ENUM_NAMES(cap_action, KAPI_CAP_ACTION_COUNT, WORDS(cap_action));

/* === What is meant where nothing is said ================================== */

static s64 implied_context(const void *spec)
{
	return kapi_is_syscall(spec) ? KAPI_CTX_PROCESS | KAPI_CTX_SLEEPABLE : 0;
}

static s64 implied_taken(const void *lock)
{
	return kapi_says_nothing(lock);
}

/* === Fields =============================================================== */

/*
 * In this order they are shown. What the text says of a field is .say, see struct
 * kapi_field; one without is for programs.
 */
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

#define FIELDS(_name, _list, _first, _count)				\
	const struct kapi_fields _name = {				\
		.field = (_list) + (_first), .count = (_count),		\
	}
#define ALL_FIELDS(_name, _list)	FIELDS(_name, _list, 0, ARRAY_SIZE(_list))
/* For tests that are modules, too. */
#define EXPORTED_FIELDS(_name, _list)					\
	ALL_FIELDS(_name, _list);					\
	EXPORT_SYMBOL_IF_KUNIT(_name)

/* The fields that all clauses share. */
#define COMMON(_struct)							\
	FIELD(_struct, when, "when", CONDITION, .say = "; only when %"), \
	FIELD(_struct, needs, "needs", OPT_TEXT, .say = " (needs %)")

#define SPEC(...)	FIELD(kernel_api_spec, __VA_ARGS__)
static const struct kapi_field spec_field[] = {
	SPEC(name, "name", TEXT, .say = "%"),
	SPEC(description, "description", TEXT, .say = " - %"),
	SPEC(long_desc, "long_desc", OPT_TEXT, .say = "\n\n%"),
	SPEC(context, "context", OPT_FLAGS, .names = &context, .implied = implied_context,
	     .say = "\n\nContext:\t%"),
	SPEC(may_sleep, "may_sleep_if", CONDITION, .say = "\nSleeps if:\t%"),
	SPEC(deprecated, "deprecated", BOOL, .say = "\nDeprecated:\tnot to be used in new code"),
	SPEC(replacement, "replacement", OPT_TEXT, .say = "\nUse instead:\t%"),
	SPEC(since_version, "since_version", OPT_TEXT, .say = "\nSince:\t%"),
	SPEC(failure, "failure", OPT_ENUM, .names = &failure, .say = "\nOn failure:\t%"),
	SPEC(in_order, "checked_in_order", BOOL,
	     .say = "\nChecks:\tin the order of the numbers below"),
	SPEC(other_errors, "other_errors", OPT_TEXT, .say = "\nMore errors:\t%"),
	/* After all clauses: */
	SPEC(notes, "notes", OPT_TEXT, .say = "\n\nNotes:\t%"),
	SPEC(examples, "examples", OPT_TEXT, .say = "\n\nExamples:\t%"),
};

#define LAST_FIELDS	2
EXPORTED_FIELDS(kapi_spec_fields, spec_field);
FIELDS(kapi_spec_head_fields, spec_field, 0, ARRAY_SIZE(spec_field) - LAST_FIELDS);
FIELDS(kapi_spec_last_fields, spec_field, ARRAY_SIZE(spec_field) - LAST_FIELDS, LAST_FIELDS);

#define RETURN(...)	FIELD(kapi_return_spec, __VA_ARGS__)
#define RETURN_IF(_check)	ONLY_IF(kapi_return_spec, check_type, _check)
static const struct kapi_field return_field[] = {
	RETURN(type_name, "type_name", TEXT, .say = "\nReturns:\t%"),
	RETURN(type, "type", OPT_ENUM, .names = &type, .say = ", %"),
	RETURN(description, "description", TEXT, .say = ": %"),
	RETURN(check_type, "check_type", ENUM, .names = &return_check, .say = "; %"),
	RETURN(success_value, "success_value", NUMBER, RETURN_IF(KAPI_RETURN_EXACT),
	       .say = " %"),
	RETURN(success_min, "success_min", NUMBER, RETURN_IF(KAPI_RETURN_RANGE), .say = " %"),
	RETURN(success_max, "success_max", NUMBER, RETURN_IF(KAPI_RETURN_RANGE),
	       .say = " to %"),
};

EXPORTED_FIELDS(kapi_return_fields, return_field);

#define PARAM(...)	FIELD(kapi_param_spec, __VA_ARGS__)
#define PARAM_IF(_constraint)	ONLY_IF(kapi_param_spec, constraint_type, _constraint)
static const struct kapi_field param_field[] = {
	PARAM(name, "name", TEXT, .say = "%\t", .because = "fails if % is not valid"),
	PARAM(type_name, "type_name", TEXT, .say = "%"),
	PARAM(type, "type", OPT_ENUM, .names = &type, .say = ", %"),
	PARAM(flags, "flags", OPT_FLAGS, .names = &param_flag, .say = ", %"),
	PARAM(description, "description", TEXT, .say = ": %"),
	PARAM(constraint_type, "constraint_type", OPT_ENUM, .names = &constraint),
	PARAM(min_value, "min_value", NUMBER, PARAM_IF(KAPI_CONSTRAINT_RANGE),
	      .say = "; valid from %"),
	PARAM(max_value, "max_value", UPPER, PARAM_IF(KAPI_CONSTRAINT_RANGE), .say = " to %"),
	PARAM(valid_mask, "valid_mask", BITS, PARAM_IF(KAPI_CONSTRAINT_MASK),
	      .say = "; valid bits %"),
	PARAM(constraints, "constraints", OPT_TEXT, .say = "; %"),
	PARAM(error, "error", OPT_ERRNO, .say = "; else %"),
	COMMON(kapi_param_spec),
};

static ALL_FIELDS(param_fields, param_field);
FIELDS(kapi_param_reason_fields, param_field, 0, 1);

#define ERROR(...)	FIELD(kapi_error_spec, __VA_ARGS__)
#define ERROR_IF_NULL(_is)	ONLY_IF(kapi_error_spec, is_null, _is)
static const struct kapi_field error_field[] = {
	ERROR(name, "name", TEXT, ERROR_IF_NULL(false), .say = "-%\t"),
	ERROR(name, "name", TEXT, ERROR_IF_NULL(true), .say = "%\t"),
	ERROR(code, "code", NUMBER, ERROR_IF_NULL(false)),
	ERROR(condition, "condition", OPT_TEXT, .say = "%"),
	COMMON(kapi_error_spec),
	ERROR(description, "description", OPT_TEXT, .say = "\n\t%"),
	ERROR(closed, "closed", BOOL, .say = "\n\tFor no other reason than:"),
};

static ALL_FIELDS(error_fields, error_field);

#define CONSTRAINT(...)	FIELD(kapi_constraint_spec, __VA_ARGS__)
static const struct kapi_field constraint_field[] = {
	CONSTRAINT(may, "may", BOOL, .because = "may fail if", .if_not = "fails if"),
	CONSTRAINT(name, "name", TEXT, .say = "%\t", .because = " %"),
	CONSTRAINT(early, "early", BOOL, .say = "early", .because = " (early)"),
	CONSTRAINT(required, "required", BOOL, .say = "required of the caller"),
	CONSTRAINT(error, "error", OPT_ERRNO, .say = "; else %", .because = ""),
	CONSTRAINT(cond, "condition", CONDITION, .say = ": %"),
	CONSTRAINT(expression, "expression", OPT_TEXT, .say = ": %"),
	COMMON(kapi_constraint_spec),
	CONSTRAINT(description, "description", OPT_TEXT, .say = "\n\t%", .because = "\n%"),
};

static ALL_FIELDS(constraint_fields, constraint_field);

#define CAPABILITY(...)	FIELD(kapi_capability_spec, __VA_ARGS__)
static const struct kapi_field capability_field[] = {
	CAPABILITY(name, "name", TEXT, .say = "%\t", .because = "fails without %"),
	CAPABILITY(capability, "capability", NUMBER),
	CAPABILITY(action, "action", ENUM, .names = &cap_action, .say = "%", .because = ""),
	CAPABILITY(error, "error", OPT_ERRNO, .say = ", or else %", .because = ""),
	CAPABILITY(cond, "condition", CONDITION, .say = "; needed if %", .because = " if %"),
	CAPABILITY(condition, "when_checked", OPT_TEXT, .say = "; looked at: %"),
	COMMON(kapi_capability_spec),
	CAPABILITY(allows, "allows", OPT_TEXT, .say = "\n\tWith it: %", .because = "\nWith it: %"),
	CAPABILITY(without, "without", OPT_TEXT, .say = "\n\tWithout: %",
		   .because = "\nWithout: %"),
};

static ALL_FIELDS(capability_fields, capability_field);

#define SIGNAL(...)	FIELD(kapi_signal_spec, __VA_ARGS__)
static const struct kapi_field signal_field[] = {
	SIGNAL(name, "name", TEXT, .say = "%\t", .because = "on a signal (%)"),
	SIGNAL(signum, "signum", NUMBER),
	SIGNAL(direction, "direction", FLAGS, .names = &direction, .say = "%", .because = ""),
	SIGNAL(target, "target", OPT_TEXT, .say = ", target %"),
	SIGNAL(condition, "condition", OPT_TEXT, .say = ": %"),
	SIGNAL(action, "action", ENUM, .names = &signal_action, .say = "; %"),
	SIGNAL(error, "error", OPT_ERRNO, .say = "; error %", .because = ""),
	SIGNAL(restartable, "restartable", BOOL, .say = "; restarted after a handler"),
	COMMON(kapi_signal_spec),
	SIGNAL(description, "description", OPT_TEXT, .say = "\n\t%", .because = "\n%"),
};

static ALL_FIELDS(signal_fields, signal_field);

#define LOCK(...)	FIELD(kapi_lock_spec, __VA_ARGS__)
static const struct kapi_field lock_field[] = {
	LOCK(name, "name", TEXT, .say = "%\t"),
	LOCK(type, "type", ENUM, .names = &lock_type, .say = "%"),
	LOCK(class_name, "class", OPT_TEXT, .say = " \"%\""),
	LOCK(held_on_entry, "held_on_entry", BOOL, .say = ", held by the caller"),
	LOCK(acquired, "acquired", BOOL, .implied = implied_taken, .say = ", taken"),
	LOCK(mode, "mode", OPT_ENUM, .names = &lock_mode, .say = " %"),
	LOCK(on_success, "on_success", BOOL, .say = ", only on success"),
	LOCK(always, "always", BOOL, .say = ", on every success"),
	LOCK(released, "released", BOOL, .implied = implied_taken, .say = ", given back"),
	LOCK(held_on_exit, "held_on_exit", BOOL, .say = ", held on return"),
	LOCK(description, "description", OPT_TEXT, .say = ": %"),
	COMMON(kapi_lock_spec),
};

static ALL_FIELDS(lock_fields, lock_field);

#define EFFECT(...)	FIELD(kapi_side_effect_spec, __VA_ARGS__)
static const struct kapi_field side_effect_field[] = {
	EFFECT(name, "name", TEXT, .say = "%\t"),
	EFFECT(target, "target", TEXT, .say = "%"),
	EFFECT(description, "description", TEXT, .say = ": %"),
	EFFECT(condition, "condition", OPT_TEXT, .say = "; if %"),
	EFFECT(unless, "unless", CONDITION, .say = "; not if %"),
	COMMON(kapi_side_effect_spec),
	EFFECT(value, "value", CONDITION, .say = "; checked: %"),
	EFFECT(relation, "relation", OPT_ENUM, .names = &relation, .say = " %"),
	EFFECT(type, "type", OPT_FLAGS, .names = &effect, .say = "; %"),
	EFFECT(reversible, "reversible", BOOL, .say = "; can be undone"),
};

static ALL_FIELDS(side_effect_fields, side_effect_field);

#define TRANS(...)	FIELD(kapi_state_trans_spec, __VA_ARGS__)
static const struct kapi_field state_trans_field[] = {
	TRANS(name, "name", TEXT, .say = "%\t"),
	TRANS(from, "from", TEXT, .say = "from \"%\""),
	TRANS(to, "to", TEXT, .say = " to \"%\""),
	TRANS(description, "description", TEXT, .say = ": %"),
	TRANS(condition, "condition", OPT_TEXT, .say = "; if %"),
	COMMON(kapi_state_trans_spec),
};

static ALL_FIELDS(state_trans_fields, state_trans_field);

/* === Categories =========================================================== */

#define CATEGORY(_key, _title, _fields, ...)				\
	{ .key = _key, .title = _title, .fields = &(_fields), __VA_ARGS__ }
#define COUNT(_count)	.count = offsetof(struct kernel_api_spec, _count)

const struct kapi_category kapi_categories[KAPI_KINDS] = {
	[KAPI_LOCKS] = CATEGORY("locks", "Locks", lock_fields, COUNT(lock_count)),
	[KAPI_PARAMS] = CATEGORY("params", "Parameters", param_fields, COUNT(param_count)),
	[KAPI_ERRORS] = CATEGORY("errors", "Errors", error_fields, COUNT(error_count)),
	[KAPI_CONSTRAINTS] = CATEGORY("constraints", "Rules", constraint_fields,
				      COUNT(constraint_count)),
	[KAPI_CAPABILITIES] = CATEGORY("capabilities", "Capabilities", capability_fields,
				       COUNT(capability_count)),
	[KAPI_SIGNALS] = CATEGORY("signals", "Signals", signal_fields, COUNT(signal_count)),
	[KAPI_SIDE_EFFECTS] = CATEGORY("side_effects", "Side effects", side_effect_fields,
				       COUNT(side_effect_count)),
	[KAPI_STATE_TRANS] = CATEGORY("state_trans", "Changes of state", state_trans_fields,
				      COUNT(state_trans_count)),
	[KAPI_POSTCONDITIONS] = CATEGORY("ensures", "After success", constraint_fields),
};
EXPORT_SYMBOL_IF_KUNIT(kapi_categories);

/* === Access =============================================================== */

bool kapi_field_applies(const struct kapi_field *f, const void *clause)
{
	return !f->only_if || *(const u8 *)(clause + f->if_offset) == f->if_value;
}

/* For a text or a condition. */
const void *kapi_field_pointer(const struct kapi_field *f, const void *clause)
{
	return *(const void *const *)(clause + f->offset);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_field_pointer);

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
