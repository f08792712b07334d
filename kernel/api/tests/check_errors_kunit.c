// SPDX-License-Identifier: GPL-2.0
/*
 * Errors and their reasons: with a reason and the error, with a reason but
 * success, and with the error but no reason.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/signal.h>
#include <linux/sizes.h>

#include "checking.h"

#define NOT_REFUSED	VIOLATED("its error", "success")
#define NO_REASON	VIOLATED("a reason for it", "-EINVAL without any")

/* They are never evaluated: each case says what they come to. */
KAPI_CONDITION(first, (), 0);
KAPI_CONDITION(second, (), 0);
KAPI_CONDITION(third, (), 0);
KAPI_CONDITION(meant, (), 0);

/* Nothing but what a test adds. */
DEFINE_TEST_SPEC(plain)
	KAPI_RETURNS_ZERO("0")
	KAPI_ARG(int, q, "d")
	KAPI_FAILS(-EINTR, "c")
	KAPI_FAILS(-EINVAL, "c", KAPI_ONLY)
KAPI_END_SPEC;

/* === Parameters =========================================================== */

struct param_case {
	const char *desc;
	struct kapi_param_spec param;
	s64 arg;
	long ret;
	struct wanted wanted;
};

#define A_PARAM(_type, ...)						\
	{ .kind = KAPI_PARAMS, .name = "p", .type_name = (_type), .error = -EINVAL, __VA_ARGS__ }
#define MASK(_type, _mask)						\
	A_PARAM(_type, .constraint_type = KAPI_CONSTRAINT_MASK, .valid_mask = (_mask))
#define RANGE(_type, _min, _max)					\
	A_PARAM(_type, .constraint_type = KAPI_CONSTRAINT_RANGE,	\
		.min_value = (_min), .max_value = (s64)(_max))

static const struct param_case param_cases[] = {
	{ "bits valid", MASK("int", 5), 4, 0, NOT_EXERCISED },
	{ "no bits", MASK("int", 5), 0, 0, NOT_EXERCISED },
	{ "bit invalid, refused", MASK("int", 5), 2, -EINVAL, HELD },
	{ "bit invalid, success", MASK("int", 5), 2, 0, NOT_REFUSED },
	{ "bit invalid, other error", MASK("int", 5), 2, -EINTR, NOT_EXERCISED },
	{ "bit invalid, undeclared error", MASK("int", 5), 2, -EIO, NOT_EXERCISED },
	{ "all bits", MASK("int", 5), -1, 0, NOT_REFUSED },
	{ "upper half of an int", MASK("int", 5), 0x100000000 | 4, 0, NOT_EXERCISED },
	{ "upper half of a long", MASK("unsigned long", 5), 0x100000000 | 4, 0, NOT_REFUSED },
	{ "in range", RANGE("int", -1, 3), -1, 0, NOT_EXERCISED },
	{ "top of range", RANGE("int", -1, 3), 3, 0, NOT_EXERCISED },
	{ "above, refused", RANGE("int", -1, 3), 4, -EINVAL, HELD },
	{ "above, success", RANGE("int", -1, 3), 4, 0, NOT_REFUSED },
	{ "below, success", RANGE("int", -1, 3), -2, 0, NOT_REFUSED },
	{ "int in a register", RANGE("int", -1, 3), 0xffffffff, 0, NOT_EXERCISED },
	{ "unsigned int", RANGE("unsigned int", 0, 3), 0xffffffff, 0, NOT_REFUSED },
	{ "unsigned int, upper half", RANGE("unsigned int", 0, 3), 0xffffffff00000003, 0,
	  NOT_EXERCISED },
	{ "unsigned long, huge", RANGE("unsigned long", 0, 3), ULONG_MAX, 0, NOT_REFUSED },
	{ "up to ULONG_MAX", RANGE("unsigned long", 4096, ULONG_MAX), ULONG_MAX, 0, NOT_EXERCISED },
	{ "up to ULONG_MAX, below", RANGE("unsigned long", 4096, ULONG_MAX), 1, 0,
	  NOT_REFUSED },
	{ "long", RANGE("long", -1, 3), -1, 0, NOT_EXERCISED },
	{ "size_t", RANGE("size_t", 0, 3), 4, 0, NOT_REFUSED },
};

KUNIT_ARRAY_PARAM_DESC(param, param_cases, desc);

/* Not the first parameter, so that each has its own argument; nobody else can change it. */
static void check_param(struct kunit *test)
{
	const struct param_case *c = test->param_value;
	struct made_call *m;

	if (!IS_ENABLED(CONFIG_64BIT) && (c->arg > U32_MAX || c->arg < S32_MIN))
		kunit_skip(test, "needs CONFIG_64BIT");
	m = make_call(test, spec_with(test, &plain, &c->param, NULL));
	m->call.args[1] = c->arg;
	m->call.shared = 0xff;
	m->call.ret = c->ret;
	expect_wanted(test, m, "params[p]", &c->wanted);
	KUNIT_EXPECT_NULL(test, find_check(m, "params[q]"));
}

/* === Constraints and capabilities ========================================= */

struct reason_case {
	const char *desc;
	s64 before;
	s64 after;
	long ret;
	struct wanted wanted;
	u8 shared;
};

static const struct reason_case reason_cases[] = {
	{ "no reason, success", 0, 0, 0, NOT_EXERCISED },
	{ "no reason, refused", 0, 0, -EINVAL, NOT_EXERCISED },
	{ "refused", 1, 1, -EINVAL, HELD },
	{ "refused, not read again", 1, UNKNOWN, -EINVAL, HELD },
	{ "refused for many", 7, 5, -EINVAL, HELD },
	{ "success", 1, 1, 0, NOT_REFUSED },
	{ "success, for many", 7, 5, 0, NOT_REFUSED },
	{ "success, not read again", 1, UNKNOWN, 0, NOT_REFUSED },
	{ "other error", 1, 1, -EINTR, NOT_EXERCISED },
	{ "undeclared error", 1, 1, -EIO, NOT_EXERCISED },
	{ "positive", 1, 1, 1, NOT_EXERCISED },
	{ "unknown, success", UNKNOWN, 1, 0, NOT_EXERCISED },
	{ "unknown, refused", UNKNOWN, UNKNOWN, -EINVAL, NOT_EXERCISED },
	{ "reason went away", 1, 0, 0, NOT_EXERCISED },
	{ "reason came up", 0, 1, 0, NOT_EXERCISED },
	{ "shared, success", 1, 1, 0, UNDECIDED, KAPI_OF_FILES },
	{ "shared, refused", 1, 1, -EINVAL, HELD, KAPI_OF_FILES },
	{ "others share the mm", 1, 1, 0, NOT_REFUSED, KAPI_OF_MM },
};

KUNIT_ARRAY_PARAM_DESC(reason, reason_cases, desc);

#define A_REASON(_id, ...)						\
	{ .kind = KAPI_CONSTRAINTS, .name = #_id, .cond = &__kapi_cond_##_id, \
	  .error = -EINVAL, ##__VA_ARGS__ }

static void check_constraint(struct kunit *test)
{
	static const struct kapi_constraint_spec rule = A_REASON(first);
	const struct reason_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &rule, NULL));

	set_reading(test, m, first, c->before, c->after);
	set_owners(test, m, first, KAPI_OF_FILES);
	m->call.shared = c->shared;
	m->call.ret = c->ret;
	expect_wanted(test, m, "constraints[first]", &c->wanted);
}

static void check_capability(struct kunit *test)
{
	static const struct kapi_capability_spec capability = {
		.kind = KAPI_CAPABILITIES, .name = "CAP_CHOWN",
		.cond = &__kapi_cond_first, .error = -EINVAL,
	};
	const struct reason_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &capability, NULL));

	set_reading(test, m, first, c->before, c->after);
	set_owners(test, m, first, KAPI_OF_FILES);
	m->call.shared = c->shared;
	m->call.ret = c->ret;
	expect_wanted(test, m, "capabilities[CAP_CHOWN]", &c->wanted);
}

/* NULL or false instead of an error. */
DEFINE_TEST_SPEC(returns_null)
	KAPI_RETURNS(void *, KAPI_RETURN_POINTER, "what there is")
	KAPI_FAILS(KAPI_NULL, "c", KAPI_ONLY)
	KAPI_FAILS_IF(KAPI_NULL, first)
	KAPI_MAY_FAIL_IF(KAPI_NULL, second)
KAPI_END_SPEC;

static const struct null_case {
	const char *desc;
	s64 certain;
	s64 possible;
	long ret;
	struct wanted of_error;
	struct wanted of_certain;
	enum kapi_return_check check;
} null_cases[] = {
	{ "something", 0, 0, SZ_16M, NOT_EXERCISED, NOT_EXERCISED },
	{ "NULL", 1, 0, 0, HELD, HELD },
	{ "NULL, perhaps", 0, 1, 0, HELD, NOT_EXERCISED },
	{ "NULL without reason", 0, 0, 0,
	  VIOLATED("a reason for it", "NULL or 0 without any"), NOT_EXERCISED },
	{ "something all the same", 1, 0, SZ_16M, NOT_EXERCISED, NOT_REFUSED },
	{ "something, though perhaps", 0, 1, SZ_16M, NOT_EXERCISED, NOT_EXERCISED },
	{ "false", 1, 0, 0, HELD, HELD, KAPI_RETURN_BOOL },
	{ "false without reason", 0, 0, 0,
	  VIOLATED("a reason for it", "NULL or 0 without any"), NOT_EXERCISED, KAPI_RETURN_BOOL },
	{ "0 that is success", 0, 0, 0, NOT_EXERCISED, NOT_EXERCISED, KAPI_RETURN_ERROR_CHECK },
};

KUNIT_ARRAY_PARAM_DESC(null, null_cases, desc);

static void check_null(struct kunit *test)
{
	const struct null_case *c = test->param_value;
	struct made_call *m = make_call(test, &returns_null);

	if (c->check)
		m->spec.return_spec.check_type = c->check;
	set_reading(test, m, first, c->certain, c->certain);
	set_reading(test, m, second, c->possible, c->possible);
	m->call.ret = c->ret;
	expect_wanted(test, m, "errors[NULL]", &c->of_error);
	expect_wanted(test, m, "constraints[first]", &c->of_certain);
}

/* A reason that is one for some calls only. */
struct when_case {
	const char *desc;
	s64 meant;
	s64 reason;
	long ret;
	struct wanted wanted;
	struct wanted of_error;
	u8 shared;		/* owners that other tasks may change */
};

static const struct when_case when_cases[] = {
	{ "meant, success", 1, 1, 0, NOT_REFUSED, NOT_EXERCISED },
	{ "meant, refused", 1, 1, -EINVAL, HELD, HELD },
	{ "meant, no reason, refused", 1, 0, -EINVAL, NOT_EXERCISED, NO_REASON },
	{ "not meant, success", 0, 1, 0, NOT_EXERCISED, NOT_EXERCISED },
	{ "not meant, refused", 0, 1, -EINVAL, NOT_EXERCISED, NO_REASON },
	{ "perhaps meant, success", UNKNOWN, 1, 0, NOT_EXERCISED, NOT_EXERCISED },
	{ "perhaps meant, refused", UNKNOWN, 1, -EINVAL, NOT_EXERCISED, UNDECIDED },
	{ "perhaps meant, no reason", UNKNOWN, 0, -EINVAL, NOT_EXERCISED, NO_REASON },
	{ "shared, success", 1, 1, 0, UNDECIDED, NOT_EXERCISED, KAPI_OF_ANYBODY },
	{ "shared, refused", 0, 1, -EINVAL, NOT_EXERCISED, UNDECIDED, KAPI_OF_ANYBODY },
};

KUNIT_ARRAY_PARAM_DESC(when, when_cases, desc);

static void check_when(struct kunit *test)
{
	static const struct kapi_constraint_spec rule = A_REASON(first, KAPI_WHEN(meant));
	const struct when_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &rule, NULL));

	set_reading(test, m, first, c->reason, c->reason);
	set_reading(test, m, meant, c->meant, c->meant);
	set_owners(test, m, meant, KAPI_OF_ANYBODY);
	m->call.shared = c->shared;
	m->call.ret = c->ret;
	expect_wanted(test, m, "constraints[first]", &c->wanted);
	expect_wanted(test, m, "errors[EINVAL]", &c->of_error);
}

/* === What may be a reason ================================================= */

struct may_case {
	const char *desc;
	s64 value[3];		/* two that may be the reason, one that must */
	long ret;
	struct wanted wanted;	/* of the first of them */
	struct wanted of_error;
	bool fatal;
};

static const struct may_case may_cases[] = {
	{ "success", { 1, 0, 0 }, 0, NOT_EXERCISED, NOT_EXERCISED },
	{ "the only reason", { 1, 0, 0 }, -EINVAL, HELD, HELD },
	{ "one of two", { 1, 1, 0 }, -EINVAL, UNDECIDED, HELD },
	{ "the other", { 0, 1, 0 }, -EINVAL, NOT_EXERCISED, HELD },
	{ "beside one that must", { 1, 0, 1 }, -EINVAL, NOT_EXERCISED, HELD },
	{ "no reason", { 0, 0, 0 }, -EINVAL, NOT_EXERCISED, NO_REASON },
	{ "no reason, dying", { 0, 0, 0 }, -EINVAL, NOT_EXERCISED, UNDECIDED, .fatal = true },
	{ "itself unknown", { UNKNOWN, 0, 0 }, -EINVAL, NOT_EXERCISED, UNDECIDED },
	{ "the other unknown", { 0, UNKNOWN, 0 }, -EINVAL, NOT_EXERCISED, UNDECIDED },
	{ "another error", { 1, 0, 0 }, -EINTR, NOT_EXERCISED, NOT_EXERCISED },
};

KUNIT_ARRAY_PARAM_DESC(may, may_cases, desc);

DEFINE_TEST_SPEC(may_fail)
	KAPI_RETURNS_ZERO("0")
	KAPI_FAILS(-EINTR, "c")
	KAPI_FAILS(-EINVAL, "c", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-EINVAL, first)
	KAPI_MAY_FAIL_IF(-EINVAL, second)
	KAPI_FAILS_IF(-EINVAL, third)
KAPI_END_SPEC;

static void check_may(struct kunit *test)
{
	const struct may_case *c = test->param_value;
	struct made_call *m = make_call(test, &may_fail);

	set_reading(test, m, first, c->value[0], c->value[0]);
	set_reading(test, m, second, c->value[1], c->value[1]);
	set_reading(test, m, third, c->value[2], c->value[2]);
	m->call.fatal = c->fatal;
	m->call.ret = c->ret;
	expect_wanted(test, m, "constraints[first]", &c->wanted);
	expect_wanted(test, m, "errors[EINVAL]", &c->of_error);
}

/* It counts as it is at the end, if that is known. */
static void check_may_at_end(struct kunit *test)
{
	struct made_call *m = make_call(test, &may_fail);

	set_reading(test, m, second, 0, 0);
	set_reading(test, m, third, 0, 0);
	m->call.ret = -EINVAL;
	set_reading(test, m, first, 1, 0);
	expect(test, m, "constraints[first]", NOT_EXERCISED);
	expect(test, m, "errors[EINVAL]", NO_REASON);
	set_reading(test, m, first, 1, UNKNOWN);
	expect(test, m, "constraints[first]", HELD);
	expect(test, m, "errors[EINVAL]", HELD);
	set_reading(test, m, first, 0, UNKNOWN);
	expect(test, m, "constraints[first]", NOT_EXERCISED);
	expect(test, m, "errors[EINVAL]", UNDECIDED);
	set_reading(test, m, first, 0, 1);
	expect(test, m, "constraints[first]", HELD);
	expect(test, m, "errors[EINVAL]", HELD);
}

/* === Errors =============================================================== */

DEFINE_TEST_SPEC(closed)
	KAPI_RETURNS_ZERO("0")
	KAPI_ARG(int, p, "d", KAPI_BITS(1, -EINVAL))
	KAPI_FAILS(-EINTR, "c")
	KAPI_FAILS(-EINVAL, "c", KAPI_ONLY)
	KAPI_FAILS_IF(-EINVAL, first)
	KAPI_LACKS(-EINVAL, CAP_CHOWN, second)
	KAPI_FAILS_IF(-EINTR, third)
KAPI_END_SPEC;

struct error_case {
	const char *desc;
	unsigned long arg;
	s64 value[3];
	long ret;
	struct wanted wanted;
	u8 shared;
	bool fatal;
};

static const struct error_case error_cases[] = {
	{ "not returned", 2, { 1, 1, 0 }, 0, NOT_EXERCISED },
	{ "bad parameter", 2, { 0, 0, 0 }, -EINVAL, HELD },
	{ "a constraint", 1, { 1, 0, 0 }, -EINVAL, HELD },
	{ "no capability", 1, { 0, 1, 0 }, -EINVAL, HELD },
	{ "none of them", 1, { 0, 0, 0 }, -EINVAL, NO_REASON },
	{ "none, dying", 1, { 0, 0, 0 }, -EINVAL, UNDECIDED, .fatal = true },
	{ "none, limits changed", 1, { 0, 0, 0 }, -EINVAL, UNDECIDED, KAPI_OF_LIMITS },
	{ "none, others share the mm", 1, { 0, 0, 0 }, -EINVAL, NO_REASON, KAPI_OF_MM },
	{ "one unknown", 1, { UNKNOWN, 0, 0 }, -EINVAL, UNDECIDED },
	{ "one unknown, one found", 2, { 0, UNKNOWN, 0 }, -EINVAL, HELD },
	{ "reason for another error", 1, { 0, 0, 1 }, -EINVAL, NO_REASON },
};

KUNIT_ARRAY_PARAM_DESC(error, error_cases, desc);

static void check_error(struct kunit *test)
{
	const struct error_case *c = test->param_value;
	struct made_call *m = make_call(test, &closed);

	set_reading(test, m, first, c->value[0], c->value[0]);
	set_owners(test, m, first, KAPI_OF_LIMITS);
	set_reading(test, m, second, c->value[1], c->value[1]);
	set_reading(test, m, third, c->value[2], c->value[2]);
	m->call.args[0] = c->arg;
	m->call.shared = c->shared;
	m->call.fatal = c->fatal;
	m->call.ret = c->ret;
	expect_wanted(test, m, "errors[EINVAL]", &c->wanted);
}

/* If a reason held only at entry or only at exit, it may not have been one. */
static void check_error_meanwhile(struct kunit *test)
{
	struct made_call *m = make_call(test, &closed);

	m->call.args[0] = 1;
	m->call.ret = -EINVAL;
	set_reading(test, m, second, 0, 0);
	set_reading(test, m, third, 0, 0);
	set_reading(test, m, first, 1, 0);
	expect(test, m, "errors[EINVAL]", UNDECIDED);
	set_reading(test, m, first, 0, 1);
	expect(test, m, "errors[EINVAL]", UNDECIDED);
	set_reading(test, m, first, 0, UNKNOWN);
	expect(test, m, "errors[EINVAL]", NO_REASON);
	set_reading(test, m, first, 0, 0);
	expect(test, m, "errors[EINVAL]", NO_REASON);
}

/* An error without KAPI_ONLY may have a reason that no clause gives. */
static void check_error_not_closed(struct kunit *test)
{
	struct made_call *m = make_call(test, &closed);

	m->call.args[0] = 1;
	m->call.ret = -EINTR;
	set_reading(test, m, third, 0, 0);
	expect(test, m, "errors[EINTR]", UNDECIDED);
	set_reading(test, m, third, 1, 1);
	expect(test, m, "errors[EINTR]", HELD);
	m->call.ret = 0;
	expect(test, m, "constraints[third]", NOT_REFUSED);
}

/* A prose reason may be the cause; one that needs an absent option is not. */
static void check_reason_not_seen(struct kunit *test)
{
	static const struct kapi_constraint_spec prose = {
		.kind = KAPI_CONSTRAINTS, .name = "p", .error = -EINVAL,
	};
	static const struct kapi_constraint_spec absent = A_REASON(first, .needs = "CONFIG_C");
	static const struct kapi_constraint_spec present = A_REASON(second);
	struct made_call *m = make_call(test, spec_with(test, &plain, &prose, &present));

	set_reading(test, m, second, 0, 0);
	m->call.ret = -EINVAL;
	expect(test, m, "errors[EINVAL]", UNDECIDED);
	KUNIT_EXPECT_EQ(test, m->call.watch->condition_count, 1);
	m = make_call(test, spec_with(test, &plain, &absent, &present));
	set_reading(test, m, second, 0, 0);
	m->call.ret = -EINVAL;
	expect(test, m, "errors[EINVAL]", NO_REASON);
}

/* Whether there was a signal, its own clause says. */
static void check_error_of_signal(struct kunit *test)
{
	static const struct kapi_constraint_spec rule = A_REASON(first);
	static const struct kapi_signal_spec signal = {
		.kind = KAPI_SIGNALS, .name = "s", .signum = SIGUSR1,
		.direction = KAPI_SIGNAL_RECEIVE, .error = -EINVAL,
	};
	struct made_call *m = make_call(test, spec_with(test, &plain, &rule, &signal));

	set_reading(test, m, first, 0, 0);
	sigaddset(&m->call.pending, SIGUSR1);
	m->call.ret = -EINVAL;
	expect(test, m, "errors[EINVAL]", UNDECIDED);
	expect(test, m, "signals[s]", HELD);
}

DEFINE_TEST_SPEC(restarts)
	KAPI_RETURNS_ZERO("0")
	KAPI_FAILS(-EINTR, "c", KAPI_ONLY)
	KAPI_FAILS_IF(-EINTR, first)
	KAPI_SIGNAL(0, SIGUSR1, "SIGUSR1", KAPI_SIGNAL_RECEIVE, KAPI_SIGNAL_ACTION_RESTART)
		KAPI_SIGNAL_RESTARTABLE
	KAPI_SIGNAL_END
KAPI_END_SPEC;

/* A restart code counts as EINTR, also for the reasons of EINTR. */
static void check_reason_to_restart(struct kunit *test)
{
	struct made_call *m = make_call(test, &restarts);

	m->call.ret = -ERESTARTSYS;
	set_reading(test, m, first, 1, 1);
	expect(test, m, "constraints[first]", HELD);
	expect(test, m, "errors[EINTR]", HELD);
	set_reading(test, m, first, 0, 0);
	expect(test, m, "constraints[first]", NOT_EXERCISED);
	expect(test, m, "errors[EINTR]", VIOLATED("a reason for it", "-EINTR without any"));
}

/* Without a clause that gives a reason it may come at any time. */
static void check_error_at_large(struct kunit *test)
{
	struct made_call *m = make_call(test, &plain);

	m->call.ret = -EINTR;
	expect(test, m, "errors[EINTR]", HELD);
}

/* === Why it is undecided ================================================== */

struct doubt_case {
	const char *desc;
	s64 first[2];
	s64 third[2];
	u8 of;
	u8 shared;
	bool fatal;
	unsigned long doubts;
};

/* Of -EINVAL, first is a reason, and third may be one. */
DEFINE_TEST_SPEC(doubted)
	KAPI_RETURNS_ZERO("0")
	KAPI_FAILS(-EINVAL, "c", KAPI_ONLY)
	KAPI_FAILS_IF(-EINVAL, first)
	KAPI_MAY_FAIL_IF(-EINVAL, third)
KAPI_END_SPEC;

static const struct doubt_case doubt_cases[] = {
	{ "not known at entry", { UNKNOWN, 0 }, { 0, 0 }, .doubts = BIT(KAPI_DOUBT_UNKNOWN) },
	{ "not known at exit", { 0, 0 }, { 0, UNKNOWN }, .doubts = BIT(KAPI_DOUBT_UNKNOWN) },
	{ "others share it", { 0, 0 }, { 0, 0 }, KAPI_OF_FILES | KAPI_OF_LIMITS, KAPI_OF_FILES,
	  .doubts = KAPI_OF_FILES },
	{ "not known, and others share it", { UNKNOWN, 0 }, { 0, 0 }, KAPI_OF_LIMITS,
	  KAPI_OF_LIMITS, .doubts = KAPI_OF_LIMITS | BIT(KAPI_DOUBT_UNKNOWN) },
	{ "killed", { 0, 0 }, { 0, 0 }, .fatal = true, .doubts = BIT(KAPI_DOUBT_KILLED) },
	{ "it changed", { 1, 0 }, { 0, 0 }, .doubts = BIT(KAPI_DOUBT_OTHER) },
};

KUNIT_ARRAY_PARAM_DESC(doubt, doubt_cases, desc);

static void check_doubt(struct kunit *test)
{
	const struct doubt_case *c = test->param_value;
	struct made_call *m = make_call(test, &doubted);

	set_reading(test, m, first, c->first[0], c->first[1]);
	set_reading(test, m, third, c->third[0], c->third[1]);
	set_owners(test, m, first, c->of);
	m->call.shared = c->shared;
	m->call.fatal = c->fatal;
	m->call.ret = -EINVAL;
	expect(test, m, "errors[EINVAL]", UNDECIDED);
	KUNIT_EXPECT_EQ(test, c->doubts, kapi_doubts(&m->call, find_check(m, "errors[EINVAL]")));
}

/* === In which order ======================================================= */

DEFINE_TEST_SPEC(in_order)
	KAPI_CHECKED_IN_ORDER
	KAPI_RETURNS_ZERO("0")
	KAPI_FAILS(-EINVAL, "c", KAPI_ONLY)
	KAPI_FAILS(-EBADF, "c", KAPI_ONLY)
	KAPI_FAILS(-EPERM, "c")
	KAPI_FAILS_IF(-EINVAL, first)
	KAPI_FAILS_IF(-EBADF, second)
	KAPI_FAILS_IF(-EPERM, third)
KAPI_END_SPEC;

struct order_case {
	const char *desc;
	s64 value[3];
	long ret;
	struct wanted wanted[3];
	bool in_any_order;
	u8 shared;
};

#define NOT_FIRST(_observed)	VIOLATED("its error first", _observed)

static const struct order_case order_cases[] = {
	{ "the first", { 1, 1, 0 }, -EINVAL, { HELD, NOT_EXERCISED, NOT_EXERCISED } },
	{ "the second before it", { 1, 1, 0 }, -EBADF,
	  { NOT_FIRST("-EBADF"), HELD, NOT_EXERCISED } },
	{ "in any order", { 1, 1, 0 }, -EBADF, { NOT_EXERCISED, HELD, NOT_EXERCISED },
	  .in_any_order = true },
	{ "the second alone", { 0, 1, 0 }, -EBADF, { NOT_EXERCISED, HELD, NOT_EXERCISED } },
	{ "perhaps the first", { UNKNOWN, 1, 0 }, -EBADF,
	  { NOT_EXERCISED, HELD, NOT_EXERCISED } },
	{ "shared", { 1, 1, 0 }, -EBADF, { UNDECIDED, HELD, NOT_EXERCISED },
	  .shared = KAPI_OF_FILES },
	{ "one that is not closed", { 1, 0, 1 }, -EPERM,
	  { NOT_EXERCISED, NOT_EXERCISED, HELD } },
	{ "an undeclared one", { 1, 0, 0 }, -EIO,
	  { NOT_EXERCISED, NOT_EXERCISED, NOT_EXERCISED } },
	{ "success", { 1, 0, 0 }, 0, { NOT_REFUSED, NOT_EXERCISED, NOT_EXERCISED } },
};

KUNIT_ARRAY_PARAM_DESC(order, order_cases, desc);

static void check_order(struct kunit *test)
{
	const struct order_case *c = test->param_value;
	struct made_call *m = make_call(test, &in_order);

	m->spec.in_order = !c->in_any_order;
	set_reading(test, m, first, c->value[0], c->value[0]);
	set_owners(test, m, first, KAPI_OF_FILES);
	set_reading(test, m, second, c->value[1], c->value[1]);
	set_reading(test, m, third, c->value[2], c->value[2]);
	m->call.shared = c->shared;
	m->call.ret = c->ret;
	expect_wanted(test, m, "constraints[first]", &c->wanted[0]);
	expect_wanted(test, m, "constraints[second]", &c->wanted[1]);
	expect_wanted(test, m, "constraints[third]", &c->wanted[2]);
}

/* Another reason for the same error, even prose, leaves the order open. */
static void check_order_of_same_error(struct kunit *test)
{
	static const struct kapi_constraint_spec
		a = { .kind = KAPI_CONSTRAINTS, .name = "a", .error = -EBADF,
		      .cond = &__kapi_cond_meant },
		prose = { .kind = KAPI_CONSTRAINTS, .name = "p", .error = -EBADF };
	struct kernel_api_spec *spec = copy_of(test, &in_order, sizeof(in_order));
	struct made_call *m;

	/* Before the others: the slot of @first is free, and comes last. */
	spec->clause[spec->first] = &a;
	spec->first = (spec->first + KAPI_MAX_CLAUSES - 1) % KAPI_MAX_CLAUSES;
	m = make_call(test, spec);
	set_reading(test, m, first, 1, 1);
	set_reading(test, m, second, 1, 1);
	m->call.ret = -EBADF;
	expect(test, m, "constraints[first]", NOT_EXERCISED);
	m = make_call(test, spec_with(test, &in_order, &prose, NULL));
	set_reading(test, m, first, 1, 1);
	set_reading(test, m, second, 1, 1);
	m->call.ret = -EBADF;
	expect(test, m, "constraints[first]", NOT_EXERCISED);
}

static struct kunit_case check_errors_cases[] = {
	KUNIT_CASE_PARAM(check_param, param_gen_params),
	KUNIT_CASE_PARAM(check_constraint, reason_gen_params),
	KUNIT_CASE_PARAM(check_capability, reason_gen_params),
	KUNIT_CASE_PARAM(check_null, null_gen_params),
	KUNIT_CASE_PARAM(check_when, when_gen_params),
	KUNIT_CASE_PARAM(check_may, may_gen_params),
	KUNIT_CASE(check_may_at_end),
	KUNIT_CASE_PARAM(check_error, error_gen_params),
	KUNIT_CASE(check_error_meanwhile),
	KUNIT_CASE(check_error_not_closed),
	KUNIT_CASE(check_reason_not_seen),
	KUNIT_CASE(check_error_of_signal),
	KUNIT_CASE(check_reason_to_restart),
	KUNIT_CASE(check_error_at_large),
	KUNIT_CASE_PARAM(check_doubt, doubt_gen_params),
	KUNIT_CASE_PARAM(check_order, order_gen_params),
	KUNIT_CASE(check_order_of_same_error),
	{}
};

static struct kunit_suite check_errors_suite = {
	.name = "kapi_check_errors",
	.test_cases = check_errors_cases,
};

kunit_test_suite(check_errors_suite);
