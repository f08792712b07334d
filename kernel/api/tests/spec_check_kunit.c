// SPDX-License-Identifier: GPL-2.0
/* What makes a spec unfit: one test for each rule, held to its reason. */
#include <kunit/test.h>
#include <linux/limits.h>

#include "synthetic.h"

static const struct kapi_error_spec eintr = {
	.name = "EINTR", .condition = "c", .description = "d", .code = -EINTR,
};

static const struct kapi_error_spec eintr_again = {
	.name = "EINTR", .condition = "e", .description = "f", .code = -EINTR,
};

static const struct kapi_error_spec misnamed = {
	.name = "EAGAIN", .condition = "c", .description = "d", .code = -EINTR,
};

static const struct kapi_error_spec positive = {
	.name = "EINTR", .condition = "c", .description = "d", .code = EINTR,
};

static const struct kapi_error_spec too_low = {
	.name = "EINTR", .condition = "c", .description = "d", .code = -MAX_ERRNO - 1,
};

static const struct kapi_error_spec restarts = {
	.name = "ERESTARTSYS", .condition = "c", .description = "d", .code = -ERESTARTSYS,
};

static const struct kapi_error_spec closed = {
	.name = "EINTR", .condition = "c", .description = "d", .code = -EINTR, .closed = true,
};

static const struct kapi_error_spec no_condition = {
	.name = "EINTR", .description = "d", .code = -EINTR,
};

static const struct kapi_lock_spec good_lock = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .acquired = true, .released = true,
};

static const struct kapi_lock_spec leaked = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .acquired = true,
};

static const struct kapi_lock_spec unacquired = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .released = true,
};

static const struct kapi_lock_spec idle = {
	.name = "l", .type = KAPI_LOCK_MUTEX,
};

static const struct kapi_lock_spec odd_type = {
	.name = "l", .type = KAPI_LOCK_TYPE_COUNT, .acquired = true, .released = true,
};

static const struct kapi_lock_spec empty_text = {
	.name = "l", .description = "", .acquired = true, .released = true,
};

static const struct kapi_lock_spec mode_of_none = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .acquired = true, .released = true,
	.mode = KAPI_LOCK_MODE_READ,
};

static const struct kapi_lock_spec once_of_none = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .acquired = true, .released = true,
	.taken = KAPI_LOCK_TAKEN_ONCE,
};

static const struct kapi_lock_spec always_held = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .held_on_entry = true, .held_on_exit = true,
	.class_name = "c", .taken = KAPI_LOCK_TAKEN_ALWAYS,
};

static const struct kapi_lock_spec odd_mode = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .acquired = true, .released = true,
	.class_name = "c", .mode = KAPI_LOCK_MODE_COUNT,
};

static const struct kapi_lock_spec odd_taken = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .acquired = true, .released = true,
	.class_name = "c", .taken = KAPI_LOCK_TAKEN_COUNT,
};

static const struct kapi_lock_spec empty_class = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .acquired = true, .released = true,
	.class_name = "",
};

static const struct kapi_lock_spec checked_lock = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .acquired = true, .released = true,
	.class_name = "c", .mode = KAPI_LOCK_MODE_WRITE, .taken = KAPI_LOCK_TAKEN_ONCE,
};

static const struct kapi_lock_spec guard_of_nothing = {
	.name = "l", .type = KAPI_LOCK_MUTEX, .acquired = true, .released = true,
	.class_name = "c", .mode = KAPI_LOCK_MODE_GUARD,
};

static const struct kapi_lock_spec same_class = {
	.name = "m", .type = KAPI_LOCK_MUTEX, .acquired = true, .released = true,
	.class_name = "c",
};

static const struct kapi_lock_spec mmap_lock = {
	.name = "l", .type = KAPI_LOCK_RWSEM, .acquired = true, .released = true,
	.class_name = "&mm->mmap_lock",
};

static const struct kapi_signal_spec signal_0 = {
	.name = "none", .direction = KAPI_SIGNAL_RECEIVE,
};

static const struct kapi_signal_spec signal_error = {
	.name = "SIGKILL", .signum = SIGKILL, .direction = KAPI_SIGNAL_RECEIVE, .error = -EINTR,
};

static const struct kapi_signal_spec no_direction = {
	.name = "SIGKILL", .signum = SIGKILL,
};

static const struct kapi_signal_spec odd_direction = {
	.name = "SIGKILL", .signum = SIGKILL, .direction = 0x20,
};

static const struct kapi_param_spec no_range = {
	.name = "p", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_INT, .constraint_type = KAPI_CONSTRAINT_RANGE,
};

static const struct kapi_param_spec stray_range = {
	.name = "p", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_INT, .has_range = true,
};

static const struct kapi_param_spec only_zero = {
	.name = "p", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_INT, .constraint_type = KAPI_CONSTRAINT_RANGE, .has_range = true,
};

static const struct kapi_param_spec stray_mask = {
	.name = "p", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_INT, .valid_mask = 1,
};

static const struct kapi_param_spec no_mask = {
	.name = "p", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_INT, .constraint_type = KAPI_CONSTRAINT_MASK,
};

static const struct kapi_param_spec untold = {
	.name = "p", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_INT, .constraint_type = KAPI_CONSTRAINT_CUSTOM,
};

static const struct kapi_side_effect_spec both_ways = {
	.target = "t", .description = "d", .type = KAPI_EFFECT_IRREVERSIBLE, .reversible = true,
};

static const struct kapi_side_effect_spec second_value = {
	.target = "t", .description = "d", .type = KAPI_EFFECT_MODIFY_STATE,
	.value = 2, .relation = KAPI_FALLS,
};

static const struct kapi_side_effect_spec third_value = {
	.target = "t", .description = "d", .type = KAPI_EFFECT_MODIFY_STATE,
	.value = 3, .relation = KAPI_FALLS,
};

static const struct kapi_side_effect_spec unrelated = {
	.target = "t", .description = "d", .type = KAPI_EFFECT_MODIFY_STATE, .value = 1,
};

static const struct kapi_side_effect_spec odd_relation = {
	.target = "t", .description = "d", .type = KAPI_EFFECT_MODIFY_STATE,
	.value = 1, .relation = KAPI_RELATION_COUNT,
};

static const struct kapi_state_trans_spec of_second_value = {
	.object = "o", .from = "f", .to = "t", .description = "d",
	.value = 2, .relation = KAPI_STAYS,
};

static const struct kapi_state_trans_spec of_third_value = {
	.object = "o", .from = "f", .to = "t", .description = "d",
	.value = 3, .relation = KAPI_STAYS,
};

static const struct kapi_state_trans_spec of_no_value = {
	.object = "o", .from = "f", .to = "t", .description = "d",
	.relation = KAPI_STAYS,
};

static const char *const two_names[] = { "first", "second" };
static const char *const one_name[KAPI_MAX_VALUES + 1] = { "first" };
static const char *const blank_name[] = { "first", "" };

static const struct kapi_snapshot two_values = { .names = two_names, .count = 2 };
static const struct kapi_snapshot all_counters = {
	.names = two_names, .count = 2, .counters = 3,
};

static const struct kapi_snapshot all_reasons = {
	.names = two_names, .count = 2, .reasons = 3,
};

static const struct kapi_snapshot all_guarded = {
	.names = two_names, .count = 2, .guarded = 3,
};

static const struct kapi_snapshot no_values = { .names = two_names };
static const struct kapi_snapshot no_names = { .count = 2 };
static const struct kapi_snapshot unnamed = { .names = one_name, .count = 2 };
static const struct kapi_snapshot blank_named = { .names = blank_name, .count = 2 };
static const struct kapi_snapshot too_many = {
	.names = one_name, .count = KAPI_MAX_VALUES + 1,
};

static const struct kapi_capability_spec odd_cap = {
	.name = "CAP_X", .capability = CAP_LAST_CAP + 1, .action = KAPI_CAP_BYPASS_CHECK,
};

struct spec_case {
	const char *desc;
	const char *reason;
	void (*spoil)(struct kernel_api_spec *spec);
};

static const struct kapi_param_spec refused_without_rule = {
	.name = "p", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_INT, .error = -EINTR,
};

static const struct kapi_param_spec refused_bits = {
	.name = "p", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_INT, .constraint_type = KAPI_CONSTRAINT_MASK, .valid_mask = 1,
	.error = -EINTR,
};

static const struct kapi_param_spec refused_of_unknown_type = {
	.name = "p", .type_name = "umode_t", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_UINT, .constraint_type = KAPI_CONSTRAINT_MASK, .valid_mask = 1,
	.error = -EINTR,
};

static const struct kapi_constraint_spec no_code = {
	.name = "c", .description = "d", .value = 1,
};

static const struct kapi_constraint_spec by_second_value = {
	.name = "c", .description = "d", .value = 2, .error = -EINTR,
};

static const struct kapi_constraint_spec by_third_value = {
	.name = "c", .description = "d", .value = 3, .error = -EINTR,
};

static const struct kapi_constraint_spec refused_by_prose = {
	.name = "c", .description = "d", .error = -EINTR,
};

static const struct kapi_constraint_spec early_prose = {
	.name = "c", .description = "d", .early = true,
};

static const struct kapi_constraint_spec may_be_prose = {
	.name = "c", .description = "d", .may = true,
};

static const struct kapi_constraint_spec early_and_may = {
	.name = "c", .description = "d", .value = 1, .error = -EINTR, .early = true,
	.may = true,
};

static const struct kapi_param_spec made_of_nothing = {
	.name = "p", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_INT, .value = 1,
};

static const struct kapi_param_spec made_of_third = {
	.name = "p", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
	.type = KAPI_TYPE_INT, .value = 3, .relation = KAPI_STAYS,
};

static const struct kapi_capability_spec cap_without_code = {
	.name = "CAP_CHOWN", .action = KAPI_CAP_BYPASS_CHECK, .value = 1,
};

static const struct kapi_capability_spec refused_without_cap = {
	.name = "CAP_CHOWN", .action = KAPI_CAP_BYPASS_CHECK, .value = 2, .error = -EINTR,
};

#define SPOIL(_name, _change)						\
	static void _name(struct kernel_api_spec *s)			\
	{								\
		_change;						\
	}

SPOIL(spoil_null_name, s->name = NULL)
SPOIL(spoil_empty_name, s->name = "")
SPOIL(spoil_path_name, s->name = "../../etc")
SPOIL(spoil_digit_name, s->name = "2nd")
SPOIL(spoil_latin_name, s->name = "caf\xe9")
SPOIL(spoil_description, s->description = NULL)
SPOIL(spoil_empty_notes, s->notes = "")
SPOIL(spoil_no_context, s->context = 0)
SPOIL(spoil_context, s->context = KAPI_CTX_SLEEPABLE | KAPI_CTX_HARDIRQ)
SPOIL(spoil_no_return, memset(&s->return_spec, 0, sizeof(s->return_spec)))
SPOIL(spoil_return_check, s->return_spec.check_type = KAPI_RETURN_CHECK_COUNT)
SPOIL(spoil_return_range, s->return_spec.check_type = KAPI_RETURN_RANGE)
SPOIL(spoil_return_order, spoil_return_range(s); s->return_spec.success_min = 7)
SPOIL(spoil_error_check, s->return_spec.check_type = KAPI_RETURN_ERROR_CHECK)
SPOIL(spoil_gap, s->errors[1] = &eintr)
SPOIL(spoil_late_gap, s->locks[0] = &good_lock; s->locks[KAPI_MAX_LOCKS - 1] = &good_lock)
SPOIL(spoil_count, s->locks[0] = &good_lock; s->lock_count = 2)
SPOIL(spoil_count_of_none, s->capability_count = 1)
SPOIL(spoil_error_twice, s->errors[0] = &eintr; s->errors[1] = &eintr_again)
SPOIL(spoil_error_name, s->errors[0] = &misnamed)
SPOIL(spoil_error_sign, s->errors[0] = &positive)
SPOIL(spoil_error_low, s->errors[0] = &too_low)
SPOIL(spoil_error_text, s->errors[0] = &no_condition)
SPOIL(spoil_error_restarts, s->errors[0] = &restarts)
SPOIL(spoil_error_closed, s->errors[0] = &closed)
SPOIL(spoil_lock_leaked, s->locks[0] = &leaked)
SPOIL(spoil_lock_unacquired, s->locks[0] = &unacquired)
SPOIL(spoil_lock_idle, s->locks[0] = &idle)
SPOIL(spoil_lock_type, s->locks[0] = &odd_type)
SPOIL(spoil_lock_text, s->locks[0] = &good_lock; s->locks[1] = &empty_text)
SPOIL(spoil_lock_mode, s->locks[0] = &mode_of_none)
SPOIL(spoil_lock_once, s->locks[0] = &once_of_none)
SPOIL(spoil_lock_always, s->locks[0] = &always_held)
SPOIL(spoil_lock_guard, s->locks[0] = &guard_of_nothing)
SPOIL(spoil_lock_odd_mode, s->locks[0] = &odd_mode)
SPOIL(spoil_lock_odd_taken, s->locks[0] = &odd_taken)
SPOIL(spoil_lock_class, s->locks[0] = &empty_class)
SPOIL(spoil_lock_twice, s->locks[0] = &checked_lock; s->locks[1] = &same_class)
SPOIL(spoil_signal_0, s->signals[0] = &signal_0)
SPOIL(spoil_signal_error, s->signals[0] = &signal_error)
SPOIL(spoil_signal_direction, s->signals[0] = &no_direction)
SPOIL(spoil_signal_bits, s->signals[0] = &odd_direction)
SPOIL(spoil_param_range, s->params[0] = &no_range)
SPOIL(spoil_param_stray, s->params[0] = &stray_range)
SPOIL(spoil_param_mask, s->params[0] = &stray_mask)
SPOIL(spoil_param_no_mask, s->params[0] = &no_mask)
SPOIL(spoil_param_untold, s->params[0] = &untold)
SPOIL(spoil_param_error, s->params[0] = &refused_without_rule; s->errors[0] = &eintr)
SPOIL(spoil_param_code, s->params[0] = &refused_bits)
SPOIL(spoil_param_type, s->params[0] = &refused_of_unknown_type; s->errors[0] = &eintr)
SPOIL(spoil_param_relation, s->snapshot = &two_values; s->params[0] = &made_of_nothing)
SPOIL(spoil_param_value, s->snapshot = &two_values; s->params[0] = &made_of_third)
SPOIL(spoil_rule_code, s->snapshot = &two_values; s->constraints[0] = &by_second_value)
SPOIL(spoil_rule_no_value, s->errors[0] = &eintr; s->constraints[0] = &refused_by_prose)
SPOIL(spoil_rule_early, s->constraints[0] = &early_prose)
SPOIL(spoil_rule_may, s->constraints[0] = &may_be_prose)
SPOIL(spoil_rule_both, s->errors[0] = &eintr; s->snapshot = &two_values;
	s->constraints[0] = &early_and_may)
SPOIL(spoil_rule_no_code, s->snapshot = &two_values; s->constraints[0] = &no_code)
SPOIL(spoil_rule_snapshot, s->errors[0] = &eintr; s->constraints[0] = &by_second_value)
SPOIL(spoil_rule_value, s->errors[0] = &eintr; s->snapshot = &two_values;
	s->constraints[0] = &by_third_value)
SPOIL(spoil_cap_no_code, s->snapshot = &two_values; s->capabilities[0] = &cap_without_code)
SPOIL(spoil_cap_code, s->snapshot = &two_values; s->capabilities[0] = &refused_without_cap)
SPOIL(spoil_effect, s->side_effects[0] = &both_ways)
SPOIL(spoil_no_snapshot, s->side_effects[0] = &second_value)
SPOIL(spoil_trans_no_snapshot, s->state_trans[0] = &of_second_value)
SPOIL(spoil_relation, s->snapshot = &two_values; s->side_effects[0] = &unrelated)
SPOIL(spoil_odd_relation, s->snapshot = &two_values; s->side_effects[0] = &odd_relation)
SPOIL(spoil_value, s->snapshot = &two_values; s->side_effects[0] = &third_value)
SPOIL(spoil_trans_value, s->snapshot = &two_values; s->state_trans[0] = &of_third_value)
SPOIL(spoil_no_value, s->snapshot = &two_values; s->state_trans[0] = &of_no_value)
SPOIL(spoil_atomic, s->failure = KAPI_FAILURE_IS_ATOMIC)
SPOIL(spoil_stray_lock, s->locks[0] = &mmap_lock; s->snapshot_lock = 1)
SPOIL(spoil_missing_lock, s->snapshot = &two_values; s->snapshot_lock = 1)
SPOIL(spoil_other_lock, spoil_missing_lock(s); s->locks[0] = &checked_lock)
SPOIL(spoil_no_class, spoil_missing_lock(s); s->locks[0] = &good_lock)
SPOIL(spoil_lock_index, s->snapshot = &two_values; s->snapshot_lock = KAPI_MAX_LOCKS + 1)
SPOIL(spoil_counters, s->snapshot = &all_counters)
SPOIL(spoil_reasons, s->snapshot = &all_reasons)
SPOIL(spoil_guarded, s->snapshot = &all_guarded)
SPOIL(spoil_no_values, s->snapshot = &no_values)
SPOIL(spoil_too_many_values, s->snapshot = &too_many)
SPOIL(spoil_no_names, s->snapshot = &no_names)
SPOIL(spoil_unnamed, s->snapshot = &unnamed)
SPOIL(spoil_empty_named, s->snapshot = &blank_named)
SPOIL(spoil_capability, s->capabilities[0] = &odd_cap)

static const struct spec_case spec_cases[] = {
	{ "no name", "the spec has no name", spoil_null_name },
	{ "empty name", "the spec has no name", spoil_empty_name },
	{ "a path for a name", "the name is not a C identifier", spoil_path_name },
	{ "name begins with digit", "the name begins with a digit", spoil_digit_name },
	{ "name not ASCII", "the name is not a C identifier", spoil_latin_name },
	{ "no description", "spec: no description", spoil_description },
	{ "empty notes", "spec: notes is empty", spoil_empty_notes },
	{ "no context", "spec: context is not set", spoil_no_context },
	{ "sleeps in hardirq", "context: what may sleep", spoil_context },
	{ "no return value", "returns: no type_name", spoil_no_return },
	{ "odd return check", "returns: check_type is 7", spoil_return_check },
	{ "return range missing", "returns: KAPI_RETURN_RANGE needs", spoil_return_range },
	{ "return range reversed", "returns: .success_min is above", spoil_return_order },
	{ "no errors to check", "returns: KAPI_RETURN_ERROR_CHECK needs", spoil_error_check },
	{ "gap", "errors: entry 1 follows a gap at 0", spoil_gap },
	{ "gap before the last", "locks: entry 11 follows a gap at 1", spoil_late_gap },
	{ "wrong count", "locks: the count says 2, the spec has 1", spoil_count },
	{ "count of none", "capabilities: the count says 1, the spec has 0", spoil_count_of_none },
	{ "error twice", "errors[1]: EINTR is there already", spoil_error_twice },
	{ "positive error", "errors[0]: code 4 is outside", spoil_error_sign },
	{ "error too low", "errors[0]: code -4096 is outside", spoil_error_low },
	{ "error that user space never sees", "errors[0]: user space never sees ERESTARTSYS",
	  spoil_error_restarts },
	{ "closed without a reason", "errors[0]: no clause gives a reason for EINTR",
	  spoil_error_closed },
	{ "error without condition", "errors[0]: no condition", spoil_error_text },
	{ "lock leaked", "locks[0]: acquired but never released", spoil_lock_leaked },
	{ "lock not acquired", "locks[0]: released but never acquired", spoil_lock_unacquired },
	{ "lock idle", "locks[0]: neither acquired nor released", spoil_lock_idle },
	{ "odd lock type", "locks[0]: type is 10, which has no name", spoil_lock_type },
	{ "empty text", "locks[1]: description is empty", spoil_lock_text },
	{ "mode without class", "locks[0]: how it is taken can only", spoil_lock_mode },
	{ "once without class", "locks[0]: how it is taken can only", spoil_lock_once },
	{ "always without acquired", "locks[0]: always taken but not", spoil_lock_always },
	{ "guard of nothing", "locks[0]: what does it guard?", spoil_lock_guard },
	{ "odd lock mode", "locks[0]: mode is 4, which has no name", spoil_lock_odd_mode },
	{ "odd lock taken", "locks[0]: taken is 3, which has no name", spoil_lock_odd_taken },
	{ "empty lock class", "locks[0]: class is empty", spoil_lock_class },
	{ "lock class twice", "locks[1]: c is the class of a lock above", spoil_lock_twice },
	{ "signal 0", "signals[0]: 0 is not a signal", spoil_signal_0 },
	{ "signal's error", "signals[0]: its error -4 is not among", spoil_signal_error },
	{ "no direction", "signals[0]: direction is not set", spoil_signal_direction },
	{ "odd direction", "signals[0]: direction is 0x20", spoil_signal_bits },
	{ "range missing", "params[0]: KAPI_PARAM_RANGE()", spoil_param_range },
	{ "range not asked for", "params[0]: KAPI_PARAM_RANGE()", spoil_param_stray },
	{ "mask not asked for", "params[0]: .valid_mask", spoil_param_mask },
	{ "mask missing", "params[0]: .valid_mask", spoil_param_no_mask },
	{ "constraint untold", "params[0]: this constraint", spoil_param_untold },
	{ "error for no value", "params[0]: which values give the error", spoil_param_error },
	{ "parameter's error", "params[0]: its error -4 is not among", spoil_param_code },
	{ "parameter's type", "params[0]: of a umode_t nobody knows", spoil_param_type },
	{ "constraint's error", "constraints[0]: its error -4 is not among", spoil_rule_code },
	{ "constraint without value", "constraints[0]: value and error go together",
	  spoil_rule_no_value },
	{ "early by no value", "constraints[0]: which value tells of it", spoil_rule_early },
	{ "may by no value", "constraints[0]: which value tells of it", spoil_rule_may },
	{ "early and may", "constraints[0]: what is early is certain", spoil_rule_both },
	{ "parameter's relation", "params[0]: value and relation go together",
	  spoil_param_relation },
	{ "parameter's value", "params[0]: value 2, but the snapshot has 2",
	  spoil_param_value },
	{ "constraint without error", "constraints[0]: value and error go together",
	  spoil_rule_no_code },
	{ "constraint without snapshot", "constraints[0]: a value, but the spec has no",
	  spoil_rule_snapshot },
	{ "constraint's value", "constraints[0]: value 2, but the snapshot has 2",
	  spoil_rule_value },
	{ "capability without error", "capabilities[0]: value and error go together",
	  spoil_cap_no_code },
	{ "capability's error", "capabilities[0]: its error -4 is not among",
	  spoil_cap_code },
	{ "reversible or not", "side_effects[0]: reversible", spoil_effect },
	{ "effect without snapshot", "side_effects[0]: a value, but", spoil_no_snapshot },
	{ "transition without snapshot", "state_trans[0]: a value, but",
	  spoil_trans_no_snapshot },
	{ "value without relation", "side_effects[0]: value and relation", spoil_relation },
	{ "relation without value", "state_trans[0]: value and relation", spoil_no_value },
	{ "odd relation", "side_effects[0]: relation is 6, which has no", spoil_odd_relation },
	{ "no such value", "side_effects[0]: value 2, but the snapshot has 2", spoil_value },
	{ "no such value of transition", "state_trans[0]: value 2, but the snapshot has 2",
	  spoil_trans_value },
	{ "nothing to compare", "snapshot: none to lock or to compare", spoil_atomic },
	{ "nothing to lock", "snapshot: none to lock or to compare", spoil_stray_lock },
	{ "snapshot lock missing", "snapshot: its lock must be", spoil_missing_lock },
	{ "snapshot lock another", "snapshot: its lock must be", spoil_other_lock },
	{ "snapshot lock without class", "snapshot: its lock must be", spoil_no_class },
	{ "snapshot lock too high", "snapshot: its lock must be", spoil_lock_index },
	{ "snapshot of counters", "snapshot: 3 of its 2 values are counters", spoil_counters },
	{ "snapshot of reasons", "snapshot: 3 of its 2 values are reasons", spoil_reasons },
	{ "snapshot of guarded", "snapshot: 3 of its 2 values are guarded", spoil_guarded },
	{ "snapshot without values", "snapshot: 0 values", spoil_no_values },
	{ "snapshot with too many", "snapshot: 37 values", spoil_too_many_values },
	{ "snapshot without names", "snapshot: value 0 has no name", spoil_no_names },
	{ "value without name", "snapshot: value 1 has no name", spoil_unnamed },
	{ "value with empty name", "snapshot: value 1 has no name", spoil_empty_named },
	{ "odd capability", "capabilities[0]: 41 is not a capability", spoil_capability },
};

KUNIT_ARRAY_PARAM_DESC(spec, spec_cases, desc);

static void spec_check_rejects(struct kunit *test)
{
	const struct spec_case *c = test->param_value;
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN] = "";

	c->spoil(&spec);
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_TRUE_MSG(test, str_has_prefix(reason, c->reason),
			      "got \"%s\", not \"%s\"", reason, c->reason);
}

/* Needs the kernel's own table of error names. */
static void spec_check_rejects_misnamed_error(struct kunit *test)
{
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN];

	if (!IS_ENABLED(CONFIG_SYMBOLIC_ERRNAME))
		kunit_skip(test, "needs CONFIG_SYMBOLIC_ERRNAME");
	spoil_error_name(&spec);
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_STREQ(test, reason, "errors[0]: code -4 is EINTR, not EAGAIN");
}

static void spec_check_rejects_long_name(struct kunit *test)
{
	char *name = kunit_kzalloc(test, NAME_MAX + 2, GFP_KERNEL);
	struct kernel_api_spec spec = synthetic_spec(name);
	char reason[KAPI_REASON_LEN];

	KUNIT_ASSERT_NOT_NULL(test, name);
	memset(name, 'x', NAME_MAX);
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	name[NAME_MAX] = 'x';
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_STREQ(test, reason, "the name is longer than NAME_MAX, 255");
}

/* All mistakes are told at once, and none hides another. */
static void spec_check_tells_all(struct kunit *test)
{
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN];

	spec.errors[0] = &misnamed;
	spec.errors[1] = &restarts;
	spec.lock_count = 1;
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_STREQ(test, reason,
			   "locks: the count says 1, the spec has 0; correct it or leave it out\n"
			   "errors[0]: code -4 is EINTR, not EAGAIN\n"
			   "errors[1]: user space never sees ERESTARTSYS; write EINTR, and KAPI_SIGNAL_RESTARTABLE");
}

/* As many as there is room for. */
static void spec_check_tells_many(struct kunit *test)
{
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN + 1];
	unsigned int i;

	for (i = 0; i < KAPI_MAX_ERRORS; i++)
		spec.errors[i] = &positive;
	reason[KAPI_REASON_LEN] = 'x';
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_EQ(test, strlen(reason), KAPI_REASON_LEN - 1);
	KUNIT_EXPECT_EQ(test, reason[KAPI_REASON_LEN], 'x');
}

static void spec_check_accepts(struct kunit *test)
{
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN];

	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	spec.errors[0] = &eintr;
	spec.signals[0] = &signal_error;
	spec.locks[0] = &good_lock;
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	spec.error_count = 1;
	spec.lock_count = 1;
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	spec.params[0] = &only_zero;
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	spec.return_spec.check_type = KAPI_RETURN_ERROR_CHECK;
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
}

static void spec_check_accepts_checks(struct kunit *test)
{
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN];

	spec.locks[0] = &checked_lock;
	spec.locks[1] = &mmap_lock;
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	spec.snapshot = &two_values;
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	spec.snapshot_lock = 2;
	spec.failure = KAPI_FAILURE_IS_ATOMIC;
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	spec.side_effects[0] = &second_value;
	spec.state_trans[0] = &of_second_value;
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
}

/* Full categories have no NULL behind them. */
static void spec_check_accepts_full(struct kunit *test)
{
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN];
	int i;

	for (i = 0; i < KAPI_MAX_LOCKS; i++)
		spec.locks[i] = &good_lock;
	spec.lock_count = KAPI_MAX_LOCKS;
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_EQ(test, kapi_count_clauses(&spec), KAPI_MAX_LOCKS + 4);
}

static struct kunit_case spec_check_cases[] = {
	KUNIT_CASE_PARAM(spec_check_rejects, spec_gen_params),
	KUNIT_CASE(spec_check_rejects_misnamed_error),
	KUNIT_CASE(spec_check_rejects_long_name),
	KUNIT_CASE(spec_check_tells_all),
	KUNIT_CASE(spec_check_tells_many),
	KUNIT_CASE(spec_check_accepts),
	KUNIT_CASE(spec_check_accepts_checks),
	KUNIT_CASE(spec_check_accepts_full),
	{}
};

static struct kunit_suite spec_check_suite = {
	.name = "kapi_spec_check",
	.test_cases = spec_check_cases,
};

kunit_test_suite(spec_check_suite);

MODULE_DESCRIPTION("KUnit tests of the checks on API specifications");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
