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

static const struct kapi_param_spec param = { .name = "len" };
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

static const struct kapi_constraint_spec rule = { .name = "sum" };
static const struct kapi_capability_spec cap = { .name = "CAP_CHOWN" };

static void add_entries(struct kernel_api_spec *s)
{
	unsigned int i;

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
	s->failure_atomic = true;
	s->params[0] = &param;
	s->errors[0] = &error;
	add_entries(s);
	s->constraints[0] = &rule;
	s->capabilities[0] = &cap;
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
	{ "failure", "an error leaves the state as it was", true },
	{ "params[0]", "len", false },
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
	{ "capabilities[0]", "CAP_CHOWN", false },
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
	KUNIT_EXPECT_PTR_EQ(test, ref.clause, &param);
	KUNIT_ASSERT_TRUE(test, kapi_find_clause(s, kapi_clause_end(s) - 1, &ref));
	KUNIT_EXPECT_PTR_EQ(test, ref.clause, &cap);
}

/* Without KAPI_FAILURE_ATOMIC there is one clause less, with its number. */
static void clauses_counted(struct kunit *test)
{
	struct kernel_api_spec *s = new_spec(test);

	KUNIT_EXPECT_EQ(test, kapi_count_clauses(s), 21);
	KUNIT_EXPECT_EQ(test, kapi_count_checkable(s), 13);
	s->failure_atomic = false;
	KUNIT_EXPECT_EQ(test, kapi_count_clauses(s), 20);
	KUNIT_EXPECT_EQ(test, kapi_count_checkable(s), 12);
	KUNIT_EXPECT_FALSE(test, kapi_has_clause(s, KAPI_RULE_FAILURE));
	KUNIT_EXPECT_FALSE(test, kapi_is_checkable(s, KAPI_RULE_FAILURE));
	KUNIT_EXPECT_EQ(test, kapi_clause_end(s), 21);
}

/* Without any needs, every value is there. */
static void clauses_need_nothing(struct kunit *test)
{
	static const struct kapi_snapshot all = { .names = value_names, .count = 2 };
	struct kernel_api_spec *s = new_spec(test);

	s->snapshot = &all;
	KUNIT_EXPECT_NULL(test, kapi_not_here(s, clause_labelled(s, "state_trans[0]")));
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
	KUNIT_CASE(clauses_need_nothing),
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
