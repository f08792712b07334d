// SPDX-License-Identifier: GPL-2.0
/*
 * Errors and the reasons for them: there was one and the error came, there was one and
 * it did not, there was none and it came all the same.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>

#include "judging.h"

#define NO_VALUE	KAPI_NO_VALUE

static const char *const value_names[] = { "first", "second", "third", "late" };

static const struct kapi_snapshot snapshot = {
	.names = value_names, .count = 4, .late = BIT_ULL(3),
};

#define AS_LATE_VALUE	4
#define NOT_REFUSED	BROKEN("its error", "success")
#define NO_REASON	BROKEN("a reason for it", "-EINVAL without any")

/* === Parameters =========================================================== */

struct param_case {
	const char *desc;
	struct kapi_param_spec param;
	s64 arg;
	long ret;
	struct verdict verdict;
};

#define A_PARAM(_type, ...)						\
	{ .name = "p", .type_name = (_type), .error = -EINVAL, __VA_ARGS__ }
#define MASK(_type, _mask)						\
	A_PARAM(_type, .constraint_type = KAPI_CONSTRAINT_MASK, .valid_mask = (_mask))
#define RANGE(_type, _min, _max)					\
	A_PARAM(_type, .constraint_type = KAPI_CONSTRAINT_RANGE,	\
		.min_value = (_min), .max_value = (s64)(_max))

static const struct param_case param_cases[] = {
	{ "bits valid", MASK("int", 5), 4, 0, NOT_SEEN },
	{ "no bits", MASK("int", 5), 0, 0, NOT_SEEN },
	{ "bit invalid, refused", MASK("int", 5), 2, -EINVAL, KEPT },
	{ "bit invalid, success", MASK("int", 5), 2, 0, NOT_REFUSED },
	{ "bit invalid, other error", MASK("int", 5), 2, -EINTR, NOT_SEEN },
	{ "bit invalid, undeclared error", MASK("int", 5), 2, -EIO, NOT_SEEN },
	{ "all bits", MASK("int", 5), -1, 0, NOT_REFUSED },
	{ "upper half of an int", MASK("int", 5), 0x100000000 | 4, 0, NOT_SEEN },
	{ "upper half of a long", MASK("unsigned long", 5), 0x100000000 | 4, 0, NOT_REFUSED },
	{ "in range", RANGE("int", -1, 3), -1, 0, NOT_SEEN },
	{ "top of range", RANGE("int", -1, 3), 3, 0, NOT_SEEN },
	{ "above, refused", RANGE("int", -1, 3), 4, -EINVAL, KEPT },
	{ "above, success", RANGE("int", -1, 3), 4, 0, NOT_REFUSED },
	{ "below, success", RANGE("int", -1, 3), -2, 0, NOT_REFUSED },
	{ "int in a register", RANGE("int", -1, 3), 0xffffffff, 0, NOT_SEEN },
	{ "unsigned int", RANGE("unsigned int", 0, 3), 0xffffffff, 0, NOT_REFUSED },
	{ "unsigned int, upper half", RANGE("unsigned int", 0, 3), 0xffffffff00000003, 0,
	  NOT_SEEN },
	{ "unsigned long, huge", RANGE("unsigned long", 0, 3), ULONG_MAX, 0, NOT_REFUSED },
	{ "up to ULONG_MAX", RANGE("unsigned long", 4096, ULONG_MAX), ULONG_MAX, 0, NOT_SEEN },
	{ "up to ULONG_MAX, below", RANGE("unsigned long", 4096, ULONG_MAX), 1, 0,
	  NOT_REFUSED },
	{ "long", RANGE("long", -1, 3), -1, 0, NOT_SEEN },
	{ "size_t", RANGE("size_t", 0, 3), 4, 0, NOT_REFUSED },
	{ "no error given", { .name = "p", .type_name = "int",
	  .constraint_type = KAPI_CONSTRAINT_MASK, .valid_mask = 1 }, 2, 0, NOT_SEEN },
};

KUNIT_ARRAY_PARAM_DESC(param, param_cases, desc);

/* Not the first parameter, so that each has its own argument. */
static void judge_param(struct kunit *test)
{
	static const struct kapi_param_spec first = { .name = "q", .type_name = "int" };
	const struct param_case *c = test->param_value;
	struct trial *t = new_trial(test);

	if (!IS_ENABLED(CONFIG_64BIT) && (c->arg > U32_MAX || c->arg < S32_MIN))
		kunit_skip(test, "needs CONFIG_64BIT");
	t->spec.snapshot = &snapshot;
	t->spec.params[0] = &first;
	t->spec.params[1] = &c->param;
	t->call.args[1] = c->arg;
	t->end.ret = c->ret;
	expect_verdict(test, t, "params[1]", &c->verdict);
}

/* What is made of a parameter that is valid. */
struct made_case {
	const char *desc;
	unsigned long arg;
	u64 after;
	long ret;
	struct verdict verdict;
};

static const struct made_case made_cases[] = {
	{ "valid, done", 1, 0, 0, KEPT },
	{ "valid, not done", 1, 7, 0, BROKEN("0", "first was 7, is 7") },
	{ "valid, refused", 1, 7, -EINVAL, NOT_SEEN },
	{ "not valid, refused", 2, 7, -EINVAL, KEPT },
	{ "not valid, success", 2, 0, 0, NOT_REFUSED },
};

KUNIT_ARRAY_PARAM_DESC(made, made_cases, desc);

static void judge_what_is_made_of_param(struct kunit *test)
{
	static const struct kapi_param_spec param = {
		.name = "p", .type_name = "int", .error = -EINVAL, .valid_mask = 1,
		.constraint_type = KAPI_CONSTRAINT_MASK,
		.value = 1, .relation = KAPI_IS_CLEARED,
	};
	const struct made_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.snapshot = &snapshot;
	t->spec.params[0] = &param;
	t->call.args[0] = c->arg;
	t->call.before[0] = 7;
	t->call.after[0] = c->after;
	t->end.ret = c->ret;
	expect_verdict(test, t, "params[0]", &c->verdict);
}

/* Nobody else can change an argument. */
static void judge_param_of_shared_mm(struct kunit *test)
{
	static const struct kapi_param_spec param = MASK("int", 1);
	static const struct verdict not_refused = NOT_REFUSED;
	struct trial *t = new_trial(test);

	t->spec.snapshot = &snapshot;
	t->spec.params[0] = &param;
	t->call.args[0] = 2;
	t->call.shared = true;
	expect_verdict(test, t, "params[0]", &not_refused);
}

/* === Constraints and capabilities ========================================= */

struct value_case {
	const char *desc;
	u64 before;
	u64 after;
	long ret;
	struct verdict verdict;
	bool shared;
	bool locked;
};

static const struct value_case value_cases[] = {
	{ "no reason, success", 0, 0, 0, NOT_SEEN },
	{ "no reason, refused", 0, 0, -EINVAL, NOT_SEEN },
	{ "refused", 1, 1, -EINVAL, KEPT },
	{ "refused, not read again", 1, NO_VALUE, -EINVAL, KEPT },
	{ "refused for many", 7, 7, -EINVAL, KEPT },
	{ "success", 1, 1, 0, NOT_REFUSED },
	{ "success, not read again", 1, NO_VALUE, 0, NOT_REFUSED },
	{ "other error", 1, 1, -EINTR, NOT_SEEN },
	{ "positive", 1, 1, 1, NOT_SEEN },
	{ "unknown, success", NO_VALUE, 1, 0, NOT_SEEN },
	{ "unknown, refused", NO_VALUE, NO_VALUE, -EINVAL, NOT_SEEN },
	{ "reason went away", 1, 0, 0, NOT_SEEN },
	{ "reason came up", 0, 1, 0, NOT_SEEN },
	{ "shared, success", 1, 1, 0, UNDECIDED, .shared = true },
	{ "shared, refused", 1, 1, -EINVAL, KEPT, .shared = true },
	{ "shared, locked, success", 1, 1, 0, NOT_REFUSED, .shared = true, .locked = true },
};

KUNIT_ARRAY_PARAM_DESC(value, value_cases, desc);

static void set_value(struct trial *t, const struct value_case *c)
{
	t->spec.snapshot = &snapshot;
	t->spec.snapshot_lock = 1;
	t->call.before[2] = c->before;
	t->call.after[2] = c->after;
	t->call.shared = c->shared;
	t->call.locked = c->locked;
	t->end.ret = c->ret;
}

static void judge_constraint(struct kunit *test)
{
	static const struct kapi_constraint_spec constraint = {
		.name = "c", .value = 3, .error = -EINVAL,
	};
	const struct value_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.constraints[0] = &constraint;
	set_value(t, c);
	expect_verdict(test, t, "constraints[0]", &c->verdict);
}

static void judge_capability(struct kunit *test)
{
	static const struct kapi_capability_spec capability = {
		.name = "CAP_CHOWN", .value = 3, .error = -EINVAL,
	};
	const struct value_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.capabilities[0] = &capability;
	set_value(t, c);
	expect_verdict(test, t, "capabilities[0]", &c->verdict);
}

/* What others may do once the lock is given back is not the call's. */
static void judge_late_constraint(struct kunit *test)
{
	static const struct kapi_constraint_spec constraint = {
		.name = "c", .value = AS_LATE_VALUE, .error = -EINVAL,
	};
	static const struct verdict not_refused = NOT_REFUSED, undecided = UNDECIDED;
	struct trial *t = new_trial(test);

	t->spec.snapshot = &snapshot;
	t->spec.snapshot_lock = 1;
	t->spec.constraints[0] = &constraint;
	t->call.locked = true;
	t->call.before[AS_LATE_VALUE - 1] = 1;
	t->call.after[AS_LATE_VALUE - 1] = NO_VALUE;
	expect_verdict(test, t, "constraints[0]", &not_refused);
	t->end.shared = true;
	expect_verdict(test, t, "constraints[0]", &undecided);
}

struct may_case {
	const char *desc;
	u64 value[3];		/* two that may be the reason, one that must */
	long ret;
	struct verdict verdict;	/* of the first of them */
	struct verdict of_error;
	bool fatal;
};

static const struct may_case may_cases[] = {
	{ "success", { 1, 0, 0 }, 0, NOT_SEEN, NOT_SEEN },
	{ "the only reason", { 1, 0, 0 }, -EINVAL, KEPT, KEPT },
	{ "one of two", { 1, 1, 0 }, -EINVAL, UNDECIDED, KEPT },
	{ "the other unknown", { 1, NO_VALUE, 0 }, -EINVAL, UNDECIDED, KEPT },
	{ "the other", { 0, 1, 0 }, -EINVAL, NOT_SEEN, KEPT },
	{ "beside one that must", { 1, 0, 1 }, -EINVAL, NOT_SEEN, KEPT },
	{ "no reason", { 0, 0, 0 }, -EINVAL, NOT_SEEN, NO_REASON },
	{ "no reason, dying", { 0, 0, 0 }, -EINVAL, NOT_SEEN, UNDECIDED, .fatal = true },
	{ "itself unknown", { NO_VALUE, 0, 0 }, -EINVAL, NOT_SEEN, UNDECIDED },
	{ "another error", { 1, 0, 0 }, -EINTR, NOT_SEEN, NOT_SEEN },
};

KUNIT_ARRAY_PARAM_DESC(may, may_cases, desc);

static void judge_what_may_be(struct kunit *test)
{
	static const struct kapi_constraint_spec rule[] = {
		{ .name = "a", .value = 1, .error = -EINVAL, .may = true },
		{ .name = "b", .value = 2, .error = -EINVAL, .may = true },
		{ .name = "c", .value = 3, .error = -EINVAL },
	};
	const struct may_case *c = test->param_value;
	struct trial *t = new_trial(test);
	unsigned int i;

	t->spec.snapshot = &snapshot;
	for (i = 0; i < ARRAY_SIZE(rule); i++)
		t->spec.constraints[i] = &rule[i];
	memcpy(t->call.before, c->value, sizeof(c->value));
	memcpy(t->call.after, c->value, sizeof(c->value));
	t->end.fatal = c->fatal;
	t->end.ret = c->ret;
	expect_verdict(test, t, "constraints[0]", &c->verdict);
	expect_verdict(test, t, "errors[1]", &c->of_error);
}

/* What may be a reason when the lock is taken may be none when it is given back. */
static void judge_what_was_a_reason(struct kunit *test)
{
	static const struct kapi_constraint_spec rule = {
		.name = "a", .value = 1, .error = -EINVAL, .may = true,
	};
	static const struct verdict kept = KEPT, not_seen = NOT_SEEN, no_reason = NO_REASON;
	struct trial *t = new_trial(test);

	t->spec.snapshot = &snapshot;
	t->spec.constraints[0] = &rule;
	t->end.ret = -EINVAL;
	t->call.before[0] = 1;
	expect_verdict(test, t, "constraints[0]", &not_seen);
	expect_verdict(test, t, "errors[1]", &no_reason);
	t->call.after[0] = NO_VALUE;
	expect_verdict(test, t, "constraints[0]", &kept);
	expect_verdict(test, t, "errors[1]", &kept);
	t->call.before[0] = 0;
	t->call.after[0] = 1;
	expect_verdict(test, t, "errors[1]", &kept);
}

/* An error that a limit would be the reason for, while another process changes limits. */
static void judge_error_of_limits(struct kunit *test)
{
	static const struct kapi_snapshot limited = {
		.names = value_names, .count = 4, .limits = BIT_ULL(0),
	};
	static const struct kapi_constraint_spec rule = {
		.name = "a", .value = 1, .error = -EINVAL,
	};
	static const struct verdict undecided = UNDECIDED, no_reason = NO_REASON;
	struct trial *t = new_trial(test);

	t->spec.snapshot = &limited;
	t->spec.constraints[0] = &rule;
	t->end.ret = -EINVAL;
	expect_verdict(test, t, "errors[1]", &no_reason);
	t->end.limits_changed = true;
	expect_verdict(test, t, "errors[1]", &undecided);
	t->end.ret = 0;
	t->call.before[0] = 1;
	t->call.after[0] = 1;
	expect_verdict(test, t, "constraints[0]", &undecided);
}

/* === Errors =============================================================== */

struct error_case {
	const char *desc;
	struct kapi_param_spec param;
	struct kapi_constraint_spec constraint;
	struct kapi_capability_spec capability;
	u64 value[2];		/* of constraint and capability */
	long ret;
	struct verdict verdict;
	bool shared;
};

#define BAD_PARAM	MASK("int", 1)
#define GOOD_PARAM	MASK("int", 2)
#define A_CONSTRAINT	{ .name = "c", .value = 1, .error = -EINVAL }
#define A_CAPABILITY	{ .name = "k", .value = 2, .error = -EINVAL }
#define OTHER		{ .name = "c", .value = 1, .error = -EINTR }

static const struct error_case error_cases[] = {
	{ "not returned", BAD_PARAM, A_CONSTRAINT, A_CAPABILITY, { 1, 1 }, 0, NOT_SEEN },
	{ "bad parameter", BAD_PARAM, A_CONSTRAINT, A_CAPABILITY, { 0, 0 }, -EINVAL, KEPT },
	{ "constraint broken", GOOD_PARAM, A_CONSTRAINT, A_CAPABILITY, { 1, 0 }, -EINVAL,
	  KEPT },
	{ "no capability", GOOD_PARAM, A_CONSTRAINT, A_CAPABILITY, { 0, 1 }, -EINVAL, KEPT },
	{ "none of them", GOOD_PARAM, A_CONSTRAINT, A_CAPABILITY, { 0, 0 }, -EINVAL,
	  NO_REASON },
	{ "none, shared", GOOD_PARAM, A_CONSTRAINT, A_CAPABILITY, { 0, 0 }, -EINVAL,
	  UNDECIDED, .shared = true },
	{ "one unknown", GOOD_PARAM, A_CONSTRAINT, A_CAPABILITY, { NO_VALUE, 0 }, -EINVAL,
	  UNDECIDED },
	{ "one unknown, one found", BAD_PARAM, A_CONSTRAINT, A_CAPABILITY, { 0, NO_VALUE },
	  -EINVAL, KEPT },
	{ "one found, then unknown", GOOD_PARAM, A_CONSTRAINT, A_CAPABILITY, { 1, NO_VALUE },
	  -EINVAL, KEPT },
	{ "reason for another error", GOOD_PARAM, OTHER, A_CAPABILITY, { 1, 0 }, -EINVAL,
	  NO_REASON },
};

KUNIT_ARRAY_PARAM_DESC(error, error_cases, desc);

/* errors[1] is EINVAL. */
static void judge_error(struct kunit *test)
{
	const struct error_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.snapshot = &snapshot;
	t->spec.params[0] = &c->param;
	t->spec.constraints[0] = &c->constraint;
	t->spec.capabilities[0] = &c->capability;
	t->call.args[0] = 2;
	memcpy(t->call.before, c->value, sizeof(c->value));
	memcpy(t->call.after, c->value, sizeof(c->value));
	t->call.shared = c->shared;
	t->end.ret = c->ret;
	expect_verdict(test, t, "errors[1]", &c->verdict);
}

/* One that is not closed may have a reason that no clause gives. */
static void judge_error_not_closed(struct kunit *test)
{
	static const struct kapi_error_spec open = {
		.name = "EINVAL", .condition = "c", .description = "d", .code = -EINVAL,
	};
	static const struct kapi_param_spec param = MASK("int", 1);
	static const struct verdict kept = KEPT, undecided = UNDECIDED, not_refused = NOT_REFUSED;
	struct trial *t = new_trial(test);

	t->spec.errors[1] = &open;
	t->spec.params[0] = &param;
	t->end.ret = -EINVAL;
	expect_verdict(test, t, "errors[1]", &undecided);
	t->call.args[0] = 2;
	expect_verdict(test, t, "errors[1]", &kept);
	t->end.ret = 0;
	expect_verdict(test, t, "params[0]", &not_refused);
}

/* Without a clause that gives a reason it may come at any time. */
static void judge_error_at_large(struct kunit *test)
{
	static const struct verdict kept = KEPT;
	struct trial *t = new_trial(test);

	t->end.ret = -EINVAL;
	expect_verdict(test, t, "errors[1]", &kept);
}

static struct kunit_case judge_reasons_cases[] = {
	KUNIT_CASE_PARAM(judge_param, param_gen_params),
	KUNIT_CASE(judge_param_of_shared_mm),
	KUNIT_CASE_PARAM(judge_what_is_made_of_param, made_gen_params),
	KUNIT_CASE_PARAM(judge_constraint, value_gen_params),
	KUNIT_CASE_PARAM(judge_capability, value_gen_params),
	KUNIT_CASE(judge_late_constraint),
	KUNIT_CASE_PARAM(judge_what_may_be, may_gen_params),
	KUNIT_CASE(judge_what_was_a_reason),
	KUNIT_CASE(judge_error_of_limits),
	KUNIT_CASE_PARAM(judge_error, error_gen_params),
	KUNIT_CASE(judge_error_not_closed),
	KUNIT_CASE(judge_error_at_large),
	{}
};

static struct kunit_suite judge_reasons_suite = {
	.name = "kapi_judge_reasons",
	.test_cases = judge_reasons_cases,
};

kunit_test_suite(judge_reasons_suite);

MODULE_DESCRIPTION("KUnit tests of how errors are held to their reasons");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
