// SPDX-License-Identifier: GPL-2.0
/* Every clause by its number: its label and text, and whether it can be checked. */
#include <kunit/test.h>
#include <linux/kconfig.h>
#include <linux/signal.h>

#include "synthetic.h"

static const char *const value_names[] = { "here", "not_here" };
static const char *const value_needs[] = { NULL, "CONFIG_VALUE" };

static const struct kapi_snapshot snapshot = {
	.names = value_names, .needs = value_needs, .count = 2,
};

static const struct kapi_param_spec params[] = {
	{ .name = "len" },
	{ .name = "flags", .type_name = "int", .constraint_type = KAPI_CONSTRAINT_MASK,
	  .valid_mask = 1, .error = -EINTR },
};

static const struct kapi_error_spec error = { .name = "EINTR", .code = -EINTR };
static const struct kapi_signal_spec signals[] = {
	{ .name = "SIGKILL", .signum = SIGKILL, .error = -EINTR,
	  .direction = KAPI_SIGNAL_RECEIVE },
	{ .name = "SIGTERM", .signum = SIGTERM, .direction = KAPI_SIGNAL_RECEIVE },
	{ .name = "SIGPIPE", .signum = SIGPIPE, .direction = KAPI_SIGNAL_SEND },
	{ .name = "any", .signum = KAPI_SIGNAL_ANY_FATAL, .direction = KAPI_SIGNAL_SEND },
};

static const struct kapi_lock_spec locks[] = {
	{ .name = "mmap_lock", .class_name = "&mm->mmap_lock" },
	{ .name = "rq", .class_name = "&rq->__lock" },
	{ .name = "unknown" },
	{ .name = "no such", .class_name = "CONFIG_LOCK", .absent = true },
};

static const struct kapi_side_effect_spec effects[] = {
	{ .target = "heap", .value = 1, .relation = KAPI_STAYS },
	{ .target = "prose" },
};

static const struct kapi_state_trans_spec trans[] = {
	{ .object = "door", .value = 2, .relation = KAPI_STAYS },
	{ .object = "window" },
};

static const struct kapi_constraint_spec rules[] = {
	{ .name = "sum" },
	{ .name = "product", .value = 1, .error = -EINTR },
};

static const struct kapi_capability_spec caps[] = {
	{ .name = "CAP_CHOWN" },
	{ .name = "CAP_KILL", .value = 2, .error = -EINTR },
};

static void add_entries(struct kernel_api_spec *s)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(params); i++)
		s->params[i] = &params[i];
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		s->constraints[i] = &rules[i];
	for (i = 0; i < ARRAY_SIZE(caps); i++)
		s->capabilities[i] = &caps[i];
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		s->signals[i] = &signals[i];
	for (i = 0; i < ARRAY_SIZE(locks); i++)
		s->locks[i] = &locks[i];
	for (i = 0; i < ARRAY_SIZE(effects); i++)
		s->side_effects[i] = &effects[i];
	for (i = 0; i < ARRAY_SIZE(trans); i++)
		s->state_trans[i] = &trans[i];
}

static struct kernel_api_spec *new_spec(struct kunit *test)
{
	struct kernel_api_spec *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	*s = synthetic_spec("f");
	s->snapshot = &snapshot;
	s->failure = KAPI_FAILURE_IS_ATOMIC;
	s->other_errors = "what a file returns";
	s->errors[0] = &error;
	add_entries(s);
	return s;
}

#define NEEDS_LOCKDEP	(IS_ENABLED(CONFIG_LOCKDEP) ? NULL : "CONFIG_LOCKDEP")

static const struct clause_case {
	const char *label;
	const char *text;
	bool checkable;
	const char *not_here;
} clause_cases[] = {
	{ "context", "the same at return as at entry", true },
	{ "returns", "success or a declared error", true },
	{ "locks", "no other lock is held on return", true, NEEDS_LOCKDEP },
	{ "signals", "no other signal is sent", true },
	{ "failure", "what an error leaves of the state", true },
	{ "other_errors", "what a file returns", false },
	{ "params[0]", "len", false },
	{ "params[1]", "flags", true },
	{ "errors[0]", "EINTR", true },
	{ "signals[0]", "SIGKILL", true },
	{ "signals[1]", "SIGTERM", false },
	{ "signals[2]", "SIGPIPE", true },
	{ "signals[3]", "any", false },
	{ "locks[0]", "mmap_lock", true },
	{ "locks[1]", "rq", true, NEEDS_LOCKDEP },
	{ "locks[2]", "unknown", false },
	{ "locks[3]", "no such", true, "CONFIG_LOCK" },
	{ "side_effects[0]", "heap", true },
	{ "side_effects[1]", "prose", false },
	{ "state_trans[0]", "door", true, "CONFIG_VALUE" },
	{ "state_trans[1]", "window", false },
	{ "constraints[0]", "sum", false },
	{ "constraints[1]", "product", true },
	{ "capabilities[0]", "CAP_CHOWN", false },
	{ "capabilities[1]", "CAP_KILL", true, "CONFIG_VALUE" },
};

static void clauses_in_order(struct kunit *test)
{
	struct kernel_api_spec *s = new_spec(test);
	const struct clause_case *c = clause_cases;
	char label[KAPI_LABEL_LEN];
	unsigned int n;

	KUNIT_ASSERT_EQ(test, kapi_clause_end(s), ARRAY_SIZE(clause_cases));
	for (n = 0; n < ARRAY_SIZE(clause_cases); n++, c++) {
		KUNIT_EXPECT_STREQ(test, kapi_clause_label(s, n, label), c->label);
		KUNIT_EXPECT_STREQ(test, kapi_clause_text(s, n), c->text);
		KUNIT_EXPECT_TRUE(test, kapi_has_clause(s, n));
		KUNIT_EXPECT_EQ_MSG(test, kapi_is_checkable(s, n), c->checkable, "%s",
				    c->label);
		KUNIT_EXPECT_STREQ_MSG(test, kapi_not_here(s, n) ?: "", c->not_here ?: "",
				       "%s", c->label);
		KUNIT_EXPECT_EQ_MSG(test, kapi_is_decidable(s, n),
				    c->checkable && !c->not_here, "%s", c->label);
	}
}

static void clauses_beyond(struct kunit *test)
{
	static const unsigned int beyond[] = { ARRAY_SIZE(clause_cases), 1000, UINT_MAX };
	struct kernel_api_spec *s = new_spec(test);
	char label[KAPI_LABEL_LEN];
	struct kapi_clause_ref ref;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(beyond); i++) {
		KUNIT_EXPECT_FALSE(test, kapi_find_clause(s, beyond[i], &ref));
		KUNIT_EXPECT_FALSE(test, kapi_has_clause(s, beyond[i]));
		KUNIT_EXPECT_FALSE(test, kapi_is_checkable(s, beyond[i]));
		KUNIT_EXPECT_NULL(test, kapi_not_here(s, beyond[i]));
		KUNIT_EXPECT_STREQ(test, kapi_clause_label(s, beyond[i], label), "");
		KUNIT_EXPECT_STREQ(test, kapi_clause_text(s, beyond[i]), "");
	}
}

static void clauses_found(struct kunit *test)
{
	struct kernel_api_spec *s = new_spec(test);
	struct kapi_clause_ref ref;

	KUNIT_ASSERT_TRUE(test, kapi_find_clause(s, clause_labelled(s, "locks[1]"), &ref));
	KUNIT_EXPECT_EQ(test, ref.category, KAPI_LOCKS);
	KUNIT_EXPECT_EQ(test, ref.i, 1);
	KUNIT_EXPECT_PTR_EQ(test, ref.clause, &locks[1]);
	KUNIT_ASSERT_TRUE(test, kapi_find_clause(s, KAPI_RULES, &ref));
	KUNIT_EXPECT_PTR_EQ(test, ref.clause, &params[0]);
	KUNIT_ASSERT_TRUE(test, kapi_find_clause(s, kapi_clause_end(s) - 1, &ref));
	KUNIT_EXPECT_PTR_EQ(test, ref.clause, &caps[1]);
}

/*
 * What this kernel lacks an option for does not count. Without KAPI_FAILURE_ATOMIC there
 * is one clause less, with its number.
 */
static void clauses_counted(struct kunit *test)
{
	const unsigned int here = IS_ENABLED(CONFIG_LOCKDEP) ? 13 : 11;
	struct kernel_api_spec *s = new_spec(test);

	KUNIT_EXPECT_EQ(test, kapi_count_clauses(s), 25);
	KUNIT_EXPECT_EQ(test, kapi_count_decidable(s), here);
	s->failure = KAPI_FAILURE_UNTOLD;
	KUNIT_EXPECT_EQ(test, kapi_count_clauses(s), 24);
	KUNIT_EXPECT_EQ(test, kapi_count_decidable(s), here - 1);
	KUNIT_EXPECT_FALSE(test, kapi_has_clause(s, KAPI_RULE_FAILURE));
	KUNIT_EXPECT_FALSE(test, kapi_is_checkable(s, KAPI_RULE_FAILURE));
	KUNIT_EXPECT_EQ(test, kapi_clause_end(s), 25);
	s->other_errors = NULL;
	KUNIT_EXPECT_EQ(test, kapi_count_clauses(s), 23);
	KUNIT_EXPECT_FALSE(test, kapi_has_clause(s, KAPI_RULE_OTHER_ERRORS));
	KUNIT_EXPECT_EQ(test, kapi_clause_end(s), 25);
}

/* As for sync_file_range(): the offsets take two registers each where a long has 32 bits. */
static void clauses_registers(struct kunit *test)
{
	static const struct kapi_param_spec range[] = {
		{ .name = "fd", .type_name = "int" },
		{ .name = "offset", .type_name = "loff_t" },
		{ .name = "nbytes", .type_name = "loff_t" },
		{ .name = "flags", .type_name = "unsigned int" },
	};
	struct kernel_api_spec *s = new_spec(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(range); i++) {
		s->params[i] = &range[i];
		KUNIT_EXPECT_TRUE(test, kapi_knows_register(s, i, true));
		KUNIT_EXPECT_EQ(test, kapi_knows_register(s, i, false), i < 2);
	}
}

/* Without any needs, every value is there. */
static void clauses_need_nothing(struct kunit *test)
{
	static const struct kapi_snapshot all = { .names = value_names, .count = 2 };
	struct kernel_api_spec *s = new_spec(test);

	s->snapshot = &all;
	KUNIT_EXPECT_NULL(test, kapi_not_here(s, clause_labelled(s, "state_trans[0]")));
}

struct argument_case {
	const char *type;
	unsigned long arg;
	s64 value;
};

static const struct argument_case argument_cases[] = {
	{ "int", -1, -1 },
	{ "int", 0xffffffff, -1 },
	{ "int", 5, 5 },
	{ "unsigned int", -1, 0xffffffff },
	{ "unsigned int", 0x80000000, 0x80000000 },
	{ "long", -1, -1 },
	{ "unsigned long", ULONG_MAX, (s64)ULONG_MAX },
	{ "size_t", 7, 7 },
	{ "pid_t", 0xffffffff, -1 },
	{ "uid_t", -1, 0xffffffff },
	{ "unsigned", -1, 0xffffffff },
	{ "off_t", -1, -1 },
};

KUNIT_ARRAY_PARAM_DESC(argument, argument_cases, type);

static void clauses_argument(struct kunit *test)
{
	const struct argument_case *c = test->param_value;
	const struct kapi_param_spec p = { .name = "p", .type_name = c->type };

	KUNIT_EXPECT_TRUE(test, kapi_knows_type(&p));
	KUNIT_EXPECT_EQ(test, kapi_argument(&p, c->arg), c->value);
	if (IS_ENABLED(CONFIG_64BIT) && strstr(c->type, "int"))
		KUNIT_EXPECT_EQ(test, kapi_argument(&p, c->arg ^ 0x123UL << (BITS_PER_LONG / 2)),
				c->value);
}

static void clauses_unknown_type(struct kunit *test)
{
	static const char *const types[] = { "umode_t", "const char __user *", "loff_t", "" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		const struct kapi_param_spec p = { .name = "p", .type_name = types[i] };

		KUNIT_EXPECT_FALSE_MSG(test, kapi_knows_type(&p), "%s", types[i]);
	}
}

/* An error is not to be had where none of its reasons is. */
static void clauses_error_without_reason(struct kunit *test)
{
	static const struct kapi_constraint_spec absent = {
		.name = "a", .value = 2, .error = -EINVAL,
	};
	static const struct kapi_constraint_spec there = {
		.name = "b", .value = 1, .error = -EINVAL,
	};
	static const struct kapi_error_spec einval = { .name = "EINVAL", .code = -EINVAL };
	struct kernel_api_spec *s = new_spec(test);
	unsigned int n;

	s->errors[1] = &einval;
	n = clause_labelled(s, "errors[1]");
	KUNIT_EXPECT_NULL(test, kapi_not_here(s, n));
	s->constraints[2] = &absent;
	KUNIT_EXPECT_STREQ(test, kapi_not_here(s, n), "CONFIG_VALUE");
	s->constraints[3] = &there;
	KUNIT_EXPECT_NULL(test, kapi_not_here(s, n));
	s->constraints[2] = &there;
	s->constraints[3] = &absent;
	KUNIT_EXPECT_NULL(test, kapi_not_here(s, n));
}

/* Any parameter or capability is there. */
static void clauses_error_of_param(struct kunit *test)
{
	static const struct kapi_constraint_spec absent = {
		.name = "a", .value = 2, .error = -EINTR,
	};
	struct kernel_api_spec *s = new_spec(test);

	s->constraints[1] = &absent;
	KUNIT_EXPECT_NULL(test, kapi_not_here(s, clause_labelled(s, "errors[0]")));
	s->params[1] = NULL;
	s->capabilities[1] = NULL;
	KUNIT_EXPECT_STREQ(test, kapi_not_here(s, clause_labelled(s, "errors[0]")),
			   "CONFIG_VALUE");
}

static void clauses_param_with_value(struct kunit *test)
{
	static const struct kapi_param_spec rounded = {
		.name = "p", .value = 2, .relation = KAPI_IS_CLEARED,
	};
	struct kernel_api_spec *s = new_spec(test);

	s->params[0] = &rounded;
	KUNIT_EXPECT_TRUE(test, kapi_is_checkable(s, clause_labelled(s, "params[0]")));
	KUNIT_EXPECT_STREQ(test, kapi_not_here(s, clause_labelled(s, "params[0]")),
			   "CONFIG_VALUE");
}

static void clauses_mmap_lock(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, kapi_is_mmap_lock(&locks[0]));
	KUNIT_EXPECT_FALSE(test, kapi_is_mmap_lock(&locks[1]));
	KUNIT_EXPECT_FALSE(test, kapi_is_mmap_lock(&locks[2]));
}

static struct kunit_case clauses_cases[] = {
	KUNIT_CASE(clauses_in_order),
	KUNIT_CASE(clauses_beyond),
	KUNIT_CASE(clauses_found),
	KUNIT_CASE(clauses_counted),
	KUNIT_CASE(clauses_registers),
	KUNIT_CASE(clauses_need_nothing),
	KUNIT_CASE_PARAM(clauses_argument, argument_gen_params),
	KUNIT_CASE(clauses_unknown_type),
	KUNIT_CASE(clauses_error_without_reason),
	KUNIT_CASE(clauses_error_of_param),
	KUNIT_CASE(clauses_param_with_value),
	KUNIT_CASE(clauses_mmap_lock),
	{}
};

static struct kunit_suite clauses_suite = {
	.name = "kapi_clauses",
	.test_cases = clauses_cases,
};

kunit_test_suite(clauses_suite);

MODULE_DESCRIPTION("KUnit tests of the clauses of API specifications");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
