// SPDX-License-Identifier: GPL-2.0
/* Every clause by its number: its label and text, and whether it can be checked. */
#include <kunit/test.h>
#include <linux/kconfig.h>
#include <linux/signal.h>

#include "synthetic.h"

KAPI_CONDITION(always, (), 1 == 1);
KAPI_CONDITION(odd, (int, len), len & 1);
KAPI_VALUE(heap, (), 5);

#define NAMED(_name)							\
	.name = _name, .first = __COUNTER__ % KAPI_MAX_CLAUSES,		\
	KAPI_DESCRIPTION("made up")

DEFINE_KAPI_CLAUSES(two_locks)
	KAPI_TAKES(rq, KAPI_LOCK_SPINLOCK, "&rq->__lock")
	KAPI_LOCK(0, "the lock\tof all", KAPI_LOCK_NONE)
	KAPI_LOCK_END
KAPI_END_CLAUSES;

/* A clause of each kind, and of each that differs in whether it can be checked. */
static const struct kernel_api_spec all = {
	NAMED("f")
	KAPI_FAILURE_ATOMIC
	KAPI_OTHER_ERRORS("what a file returns")
	KAPI_ENSURES(always)
	KAPI_ENSURES(always, KAPI_WHEN(odd))
	KAPI_ARG(int, len, "a length")
	KAPI_ARG(int, flags, "some bits", KAPI_BITS(1, -EINTR))
	KAPI_TAKES(mmap_lock, KAPI_LOCK_RWSEM, "&mm->mmap_lock")
	KAPI_INCLUDE(two_locks)
	KAPI_CALLER_HOLDS(held, KAPI_LOCK_MUTEX, "&x->held")
	KAPI_TAKES(absent, KAPI_LOCK_MUTEX, "&x->absent",
		   KAPI_NEEDS(CONFIG_KAPI_NO_SUCH_OPTION))
	.locks[0] = { .lock_name = "plain", .lock_type = KAPI_LOCK_MUTEX },
	KAPI_FAILS(-EINTR, "a signal came", KAPI_ONLY)
	KAPI_FAILS(-EPERM, "not allowed")
	KAPI_FAILS(-ENODEV, "not there", KAPI_ONLY)
	KAPI_CONSTRAINT(0, "sum", "len and flags go together")
	KAPI_CONSTRAINT_END
	KAPI_FAILS_IF(-EINTR, odd)
	KAPI_REQUIRES(always)
	KAPI_MAY_FAIL_IF(-EPERM, always)
	KAPI_FAILS_IF(-ENODEV, always, KAPI_NEEDS(CONFIG_KAPI_NO_SUCH_OPTION))
	KAPI_CAPABILITY(0, CAP_CHOWN, "CAP_CHOWN", KAPI_CAP_BYPASS_CHECK)
	KAPI_CAPABILITY_END
	KAPI_LACKS(-EPERM, CAP_KILL, odd)
	KAPI_INTERRUPTED(-EINTR, KAPI_SIGNAL_ANY_FATAL, "killed")
	KAPI_INTERRUPTED(-EINTR, SIGTERM, "asked to end")
	KAPI_SENDS(SIGPIPE, "nobody reads")
	KAPI_SENDS(KAPI_SIGNAL_ANY, "as was asked for")
	KAPI_CHANGES(heap, KAPI_UNCHANGED, "the heap", "stays as it was")
	KAPI_SIDE_EFFECT(0, KAPI_EFFECT_HARDWARE, "a lamp", "glows")
	KAPI_SIDE_EFFECT_END
	KAPI_STATE_TRANS(0, "a door", "open", "shut", "it falls shut")
	KAPI_STATE_TRANS_END
};

#define NEEDS_LOCKDEP	(IS_ENABLED(CONFIG_LOCKDEP) ? NULL : "CONFIG_LOCKDEP")
#define ABSENT		"CONFIG_KAPI_NO_SUCH_OPTION"

static const struct clause_case {
	const char *label;
	const char *text;
	bool checkable;
	const char *not_here;
} clause_cases[] = {
	{ "context", "the same at return as at entry", true },
	{ "called_from", "a context in which it may be called", true },
	{ "returns", "success or a declared error", true },
	{ "locks", "no other lock is held on return", true, NEEDS_LOCKDEP },
	{ "signals", "no other signal is sent", false },
	{ "failure", "what an error leaves of the state", true },
	{ "other_errors", "what a file returns", false },
	{ "params[len]", "a length", false },
	{ "params[flags]", "some bits", true },
	{ "errors[EINTR]", "a signal came", true },
	{ "errors[EPERM]", "not allowed", false },
	{ "errors[ENODEV]", "not there", true, ABSENT },
	{ "constraints[sum]", "sum", false },
	{ "constraints[odd]", "len & 1", true },
	{ "constraints[always]", "1 == 1", true },
	{ "constraints[always.2]", "1 == 1", false },
	{ "constraints[always.3]", "1 == 1", true, ABSENT },
	{ "capabilities[CAP_CHOWN]", "CAP_CHOWN", false },
	{ "capabilities[CAP_KILL]", "len & 1", true },
	{ "signals[any_fatal]", "killed", true },
	{ "signals[SIGTERM]", "asked to end", false },
	{ "signals[SIGPIPE]", "nobody reads", false },
	{ "signals[any]", "as was asked for", false },
	{ "locks[mmap_lock]", "mmap_lock", true },
	{ "locks[rq]", "rq", true, NEEDS_LOCKDEP },
	{ "locks[the_lock_of_all]", "the lock\tof all", false },
	{ "locks[held]", "held", true, NEEDS_LOCKDEP },
	{ "locks[absent]", "absent", true, ABSENT },
	{ "locks[plain]", "plain", false },
	{ "side_effects[heap]", "stays as it was", true },
	{ "side_effects[a_lamp]", "glows", false },
	{ "state_trans[a_door]", "it falls shut", false },
	{ "ensures[always]", "1 == 1", true },
	{ "ensures[always.2]", "1 == 1", true },
};

static void clauses_in_order(struct kunit *test)
{
	const struct clause_case *c = clause_cases;
	char label[KAPI_LABEL_LEN];
	unsigned int n;

	KUNIT_ASSERT_EQ(test, kapi_clause_end(&all), ARRAY_SIZE(clause_cases));
	for (n = 0; n < ARRAY_SIZE(clause_cases); n++, c++) {
		KUNIT_EXPECT_STREQ(test, kapi_clause_label(&all, n, label), c->label);
		KUNIT_EXPECT_STREQ(test, kapi_clause_text(&all, n), c->text);
		KUNIT_EXPECT_TRUE(test, kapi_has_clause(&all, n));
		KUNIT_EXPECT_EQ_MSG(test, kapi_is_checkable(&all, n), c->checkable, "%s",
				    c->label);
		KUNIT_EXPECT_STREQ_MSG(test, kapi_not_here(&all, n) ?: "", c->not_here ?: "",
				       "%s", c->label);
		KUNIT_EXPECT_EQ_MSG(test, kapi_is_decidable(&all, n),
				    c->checkable && !c->not_here, "%s", c->label);
	}
}

static void clauses_beyond(struct kunit *test)
{
	static const unsigned int beyond[] = { ARRAY_SIZE(clause_cases), 1000, UINT_MAX };
	char label[KAPI_LABEL_LEN];
	struct kapi_clause_ref ref;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(beyond); i++) {
		KUNIT_EXPECT_FALSE(test, kapi_find_clause(&all, beyond[i], &ref));
		KUNIT_EXPECT_FALSE(test, kapi_has_clause(&all, beyond[i]));
		KUNIT_EXPECT_FALSE(test, kapi_is_checkable(&all, beyond[i]));
		KUNIT_EXPECT_NULL(test, kapi_not_here(&all, beyond[i]));
		KUNIT_EXPECT_STREQ(test, kapi_clause_label(&all, beyond[i], label), "");
		KUNIT_EXPECT_STREQ(test, kapi_clause_text(&all, beyond[i]), "");
	}
}

static void clauses_found(struct kunit *test)
{
	struct kapi_clause_ref ref;

	KUNIT_ASSERT_TRUE(test, kapi_find_clause(&all, clause_labelled(&all, "locks[rq]"), &ref));
	KUNIT_EXPECT_EQ(test, ref.kind, KAPI_LOCKS);
	KUNIT_EXPECT_EQ(test, ref.i, 1);
	KUNIT_EXPECT_STREQ(test, ref.clause->name, "rq");
	KUNIT_ASSERT_TRUE(test, kapi_find_clause(&all, KAPI_RULES, &ref));
	KUNIT_EXPECT_STREQ(test, ref.clause->name, "len");
	KUNIT_ASSERT_TRUE(test, kapi_find_clause(&all, kapi_clause_end(&all) - 1, &ref));
	KUNIT_EXPECT_STREQ(test, ref.clause->name, "always");
}

static unsigned int decidable_cases(void)
{
	unsigned int i, sum = 0;

	for (i = 0; i < ARRAY_SIZE(clause_cases); i++)
		sum += clause_cases[i].checkable && !clause_cases[i].not_here;
	return sum;
}

/*
 * What this kernel lacks an option for does not count. Without KAPI_FAILURE_ATOMIC there
 * is one clause less, with its number.
 */
static void clauses_counted(struct kunit *test)
{
	const unsigned int count = ARRAY_SIZE(clause_cases);
	struct kernel_api_spec s = all;

	KUNIT_EXPECT_EQ(test, kapi_count_clauses(&s), count);
	KUNIT_EXPECT_EQ(test, kapi_count_decidable(&s), decidable_cases());
	s.failure = KAPI_FAILURE_UNSPECIFIED;
	KUNIT_EXPECT_EQ(test, kapi_count_clauses(&s), count - 1);
	KUNIT_EXPECT_EQ(test, kapi_count_decidable(&s), decidable_cases() - 1);
	KUNIT_EXPECT_FALSE(test, kapi_has_clause(&s, KAPI_RULE_FAILURE));
	KUNIT_EXPECT_FALSE(test, kapi_is_checkable(&s, KAPI_RULE_FAILURE));
	KUNIT_EXPECT_EQ(test, kapi_clause_end(&s), count);
	s.other_errors = NULL;
	KUNIT_EXPECT_EQ(test, kapi_count_clauses(&s), count - 2);
	KUNIT_EXPECT_FALSE(test, kapi_has_clause(&s, KAPI_RULE_OTHER_ERRORS));
	KUNIT_EXPECT_EQ(test, kapi_clause_end(&s), count);
}

/* The slots form a ring, which a spec may enter anywhere. */
static void clauses_from_any_slot(struct kunit *test)
{
	static const struct kapi_constraint_spec rules[] = {
		{ .kind = KAPI_CONSTRAINTS, .name = "first" },
		{ .kind = KAPI_CONSTRAINTS, .name = "second" },
	};
	char label[KAPI_LABEL_LEN];
	unsigned int first;

	for (first = 0; first < KAPI_MAX_CLAUSES; first++) {
		struct kernel_api_spec s = { .first = first };

		synthetic_add(&s, &rules[0]);
		s.clause[first] = &rules[1];
		KUNIT_ASSERT_EQ(test, kapi_clause_end(&s), KAPI_RULES + 2);
		KUNIT_EXPECT_STREQ(test, kapi_clause_label(&s, KAPI_RULES, label),
				   "constraints[first]");
		KUNIT_EXPECT_STREQ(test, kapi_clause_label(&s, KAPI_RULES + 1, label),
				   "constraints[second]");
	}
}

/* An empty block is no clause, and hides none. */
static void clauses_of_blocks(struct kunit *test)
{
	static const struct kapi_clauses empty = { .kind = KAPI_INCLUDED };
	struct kernel_api_spec s = {};

	synthetic_add(&s, &empty);
	KUNIT_EXPECT_EQ(test, kapi_clause_end(&s), KAPI_RULES);
	synthetic_add(&s, &__kapi_clauses_two_locks);
	synthetic_add(&s, &empty);
	synthetic_add(&s, &__kapi_clauses_two_locks);
	KUNIT_EXPECT_EQ(test, kapi_count_entries(&s, KAPI_LOCKS), 4);
	KUNIT_EXPECT_EQ(test, kapi_clause_end(&s), KAPI_RULES + 4);
}

/* A long name is cut, and a number behind it is not. */
static void clauses_long_name(struct kunit *test)
{
	static const char name[] =
		"0123456789012345678901234567890123456789012345678901234567890123456789";
	static const struct kapi_side_effect_spec effects[] = {
		{ .kind = KAPI_SIDE_EFFECTS, .name = name },
		{ .kind = KAPI_SIDE_EFFECTS, .name = name },
	};
	struct kernel_api_spec s = {};
	char label[KAPI_LABEL_LEN];

	synthetic_add(&s, &effects[0]);
	synthetic_add(&s, &effects[1]);
	KUNIT_EXPECT_STREQ(test, kapi_clause_label(&s, KAPI_RULES, label),
			   "side_effects[01234567890123456789012345678901234567890123]");
	KUNIT_EXPECT_STREQ(test, kapi_clause_label(&s, KAPI_RULES + 1, label),
			   "side_effects[0123456789012345678901234567890123456789.2]");
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

/* An error cannot be exercised if all its reasons need absent options. */
static void clauses_error_without_reason(struct kunit *test)
{
	static const struct kapi_constraint_spec absent = {
		.kind = KAPI_CONSTRAINTS, .name = "a", .error = -EINVAL,
		.cond = &__kapi_cond_always, .needs = ABSENT,
	};
	static const struct kapi_constraint_spec there = {
		.kind = KAPI_CONSTRAINTS, .name = "b", .error = -EINVAL,
		.cond = &__kapi_cond_always,
	};
	static const struct kapi_error_spec einval = {
		.kind = KAPI_ERRORS, .name = "EINVAL", .code = -EINVAL,
	};
	struct kernel_api_spec s = {};
	unsigned int n;

	synthetic_add(&s, &einval);
	n = clause_labelled(&s, "errors[EINVAL]");
	KUNIT_EXPECT_NULL(test, kapi_not_here(&s, n));
	synthetic_add(&s, &absent);
	KUNIT_EXPECT_STREQ(test, kapi_not_here(&s, n), ABSENT);
	synthetic_add(&s, &there);
	KUNIT_EXPECT_NULL(test, kapi_not_here(&s, n));
	synthetic_add(&s, &absent);
	KUNIT_EXPECT_NULL(test, kapi_not_here(&s, n));
}

static void clauses_mmap_lock(struct kunit *test)
{
	static const struct kapi_lock_spec locks[] = {
		{ .class_name = "&mm->mmap_lock" }, { .class_name = "&rq->__lock" }, { },
	};

	KUNIT_EXPECT_TRUE(test, kapi_is_mmap_lock(&locks[0]));
	KUNIT_EXPECT_FALSE(test, kapi_is_mmap_lock(&locks[1]));
	KUNIT_EXPECT_FALSE(test, kapi_is_mmap_lock(&locks[2]));
}

static void clauses_quiet_lock(struct kunit *test)
{
	static const struct kapi_lock_spec quiet = { .name = "l", .on_success = true };
	static const struct kapi_lock_spec locks[] = {
		{ .acquired = true }, { .released = true }, { .held_on_entry = true },
		{ .held_on_exit = true },
	};
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, kapi_says_nothing(&quiet));
	for (i = 0; i < ARRAY_SIZE(locks); i++)
		KUNIT_EXPECT_FALSE(test, kapi_says_nothing(&locks[i]));
}

static struct kunit_case clauses_cases[] = {
	KUNIT_CASE(clauses_in_order),
	KUNIT_CASE(clauses_beyond),
	KUNIT_CASE(clauses_found),
	KUNIT_CASE(clauses_counted),
	KUNIT_CASE(clauses_from_any_slot),
	KUNIT_CASE(clauses_of_blocks),
	KUNIT_CASE(clauses_long_name),
	KUNIT_CASE_PARAM(clauses_argument, argument_gen_params),
	KUNIT_CASE(clauses_unknown_type),
	KUNIT_CASE(clauses_error_without_reason),
	KUNIT_CASE(clauses_mmap_lock),
	KUNIT_CASE(clauses_quiet_lock),
	{}
};

static struct kunit_suite clauses_suite = {
	.name = "kapi_clauses",
	.test_cases = clauses_cases,
};

kunit_test_suite(clauses_suite);
