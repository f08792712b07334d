// SPDX-License-Identifier: GPL-2.0
/*
 * What the macros make: every word of the vocabulary is used, and the data compared.
 * What they refuse cannot be shown here, as it does not compile.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/kernel_api_spec.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/signal.h>

#include "synthetic.h"

/* === The long forms ======================================================= */

/* So that there is a function of this name. */
static void __used kapi_test_vocabulary(void)
{
}

DEFINE_KERNEL_API_SPEC(kapi_test_vocabulary)
	KAPI_DESCRIPTION("Every long form of the vocabulary")
	KAPI_LONG_DESC("A spec for a function that does nothing.")
	KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_SOFTIRQ | KAPI_CTX_PREEMPT_DISABLED)

	KAPI_PARAM(0, "len", "size_t", "a length")
		KAPI_PARAM_FLAGS(KAPI_PARAM_IN)
		.type = KAPI_TYPE_UINT,
		.constraint_type = KAPI_CONSTRAINT_RANGE,
		KAPI_PARAM_RANGE(1, ULONG_MAX)
	KAPI_PARAM_END
	KAPI_PARAM(1, "flags", "int", "some bits")
		.type = KAPI_TYPE_INT,
		KAPI_PARAM_FLAGS(KAPI_PARAM_INOUT | KAPI_PARAM_OPTIONAL)
		.constraint_type = KAPI_CONSTRAINT_MASK,
		.constraints = "two of them",
		.valid_mask = 0x5,
	KAPI_PARAM_END
	KAPI_PARAM(2, "path", "const char __user *", "a name")
		KAPI_PARAM_FLAGS(KAPI_PARAM_IN | KAPI_PARAM_USER)
		.type = KAPI_TYPE_PATH,
		.constraint_type = KAPI_CONSTRAINT_NONE,
		KAPI_PARAM_RANGE(0, LONG_MAX)
		.constraints = "below PATH_MAX",
	KAPI_PARAM_END
	.param_count = 3,

	.return_spec = {
		.type_name = "long",
		.type = KAPI_TYPE_INT,
		.check_type = KAPI_RETURN_RANGE,
		.success_min = -3,
		.success_max = 7,
		.description = "a number from -3 to 7",
	},

	KAPI_ERROR(0, -EINTR, "EINTR", "a signal came", "first error")
	KAPI_ERROR(1, -ENOMEM, "ENOMEM", "no memory", "second error")
	KAPI_ERROR_COUNT(2)

	.since_version = "7.3",

	.signal_count = 2,
	KAPI_SIGNAL(0, SIGUSR1, "SIGUSR1", KAPI_SIGNAL_RECEIVE | KAPI_SIGNAL_HANDLE,
		    KAPI_SIGNAL_ACTION_RESTART)
		KAPI_SIGNAL_TARGET("the caller")
		KAPI_SIGNAL_CONDITION("while asleep")
		KAPI_SIGNAL_DESC("wakes it")
		KAPI_SIGNAL_RESTARTABLE
		KAPI_SIGNAL_ERROR(-EINTR)
	KAPI_SIGNAL_END
	KAPI_SIGNAL(1, KAPI_SIGNAL_ANY_FATAL, "fatal", KAPI_SIGNAL_RECEIVE,
		    KAPI_SIGNAL_ACTION_TERMINATE)
	KAPI_SIGNAL_END

	.locks[0] = {
		.lock_name = "plain",
		.lock_type = KAPI_LOCK_RWLOCK,
		.acquired = true,
		.released = true,
		.description = "written as fields",
	},
	KAPI_LOCK(0, "inner", KAPI_LOCK_RWSEM)
		KAPI_LOCK_ACQUIRED
		KAPI_LOCK_RELEASED
		KAPI_LOCK_DESC("taken and given back")
	KAPI_LOCK_END
	KAPI_LOCK(1, "outer", KAPI_LOCK_LOCAL)
		KAPI_LOCK_HELD_ENTRY
		KAPI_LOCK_HELD_EXIT
	KAPI_LOCK_END
	KAPI_LOCK_COUNT(3)

	KAPI_SIDE_EFFECT(0, KAPI_EFFECT_ALLOC_MEMORY | KAPI_EFFECT_SCHEDULE, "a heap", "grows")
		KAPI_EFFECT_CONDITION("if it is small")
		KAPI_EFFECT_REVERSIBLE
	KAPI_SIDE_EFFECT_END
	KAPI_SIDE_EFFECT_COUNT(1)

	KAPI_STATE_TRANS(0, "a door", "open", "shut", "it falls shut")
		KAPI_STATE_TRANS_COND("unless held")
	KAPI_STATE_TRANS_END
	KAPI_STATE_TRANS_COUNT(1)

	KAPI_CONSTRAINT(0, "sum", "len and flags go together")
		KAPI_CONSTRAINT_EXPR("len + flags < 9")
	KAPI_CONSTRAINT_END
	KAPI_CONSTRAINT_COUNT(1)

	KAPI_CAPABILITY(0, CAP_IPC_LOCK, "CAP_IPC_LOCK", KAPI_CAP_INCREASE_LIMIT)
		KAPI_CAP_ALLOWS("more")
		KAPI_CAP_WITHOUT("less")
		KAPI_CAP_CONDITION("above the limit")
	KAPI_CAPABILITY_END
	KAPI_CAPABILITY_COUNT(1)

	.examples = "kapi_test_vocabulary(1, 4, \"x\");",
	.notes = "Never called.",
	KAPI_DEPRECATED
	KAPI_REPLACEMENT("nothing")
KAPI_END_SPEC;

static const struct kernel_api_spec *const long_form = &__kapi_spec_kapi_test_vocabulary;

static void dsl_texts(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, long_form->name, "kapi_test_vocabulary");
	KUNIT_EXPECT_STREQ(test, long_form->description, "Every long form of the vocabulary");
	KUNIT_EXPECT_STREQ(test, long_form->long_desc, "A spec for a function that does nothing.");
	KUNIT_EXPECT_STREQ(test, long_form->since_version, "7.3");
	KUNIT_EXPECT_STREQ(test, long_form->examples, "kapi_test_vocabulary(1, 4, \"x\");");
	KUNIT_EXPECT_STREQ(test, long_form->notes, "Never called.");
	KUNIT_EXPECT_TRUE(test, long_form->deprecated);
	KUNIT_EXPECT_STREQ(test, long_form->replacement, "nothing");
	KUNIT_EXPECT_EQ(test, long_form->context, 0x43);
}

static void dsl_counts(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, long_form->param_count, 3);
	KUNIT_EXPECT_EQ(test, long_form->error_count, 2);
	KUNIT_EXPECT_EQ(test, long_form->signal_count, 2);
	KUNIT_EXPECT_EQ(test, long_form->lock_count, 3);
	KUNIT_EXPECT_EQ(test, long_form->side_effect_count, 1);
	KUNIT_EXPECT_EQ(test, long_form->state_trans_count, 1);
	KUNIT_EXPECT_EQ(test, long_form->constraint_count, 1);
	KUNIT_EXPECT_EQ(test, long_form->capability_count, 1);
}

static void dsl_params(struct kunit *test)
{
	const struct kapi_param_spec *p = clause_of(long_form, "params[len]");

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_STREQ(test, p->type_name, "size_t");
	KUNIT_EXPECT_STREQ(test, p->description, "a length");
	KUNIT_EXPECT_EQ(test, p->flags, KAPI_PARAM_IN);
	KUNIT_EXPECT_EQ(test, p->type, KAPI_TYPE_UINT);
	KUNIT_EXPECT_EQ(test, p->constraint_type, KAPI_CONSTRAINT_RANGE);
	KUNIT_EXPECT_TRUE(test, p->has_range);
	KUNIT_EXPECT_EQ(test, p->min_value, 1);
	KUNIT_EXPECT_EQ(test, (unsigned long)p->max_value, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, p->error, 0);

	p = clause_of(long_form, "params[flags]");
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, p->flags, 0x7);
	KUNIT_EXPECT_EQ(test, p->valid_mask, 5);
	KUNIT_EXPECT_STREQ(test, p->constraints, "two of them");
}

static void dsl_return(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, long_form->return_spec.type_name, "long");
	KUNIT_EXPECT_STREQ(test, long_form->return_spec.description, "a number from -3 to 7");
	KUNIT_EXPECT_EQ(test, long_form->return_spec.type, KAPI_TYPE_INT);
	KUNIT_EXPECT_EQ(test, long_form->return_spec.check_type, KAPI_RETURN_RANGE);
	KUNIT_EXPECT_EQ(test, long_form->return_spec.success_min, -3);
	KUNIT_EXPECT_EQ(test, long_form->return_spec.success_max, 7);
}

static void dsl_errors(struct kunit *test)
{
	const struct kapi_error_spec *e = clause_of(long_form, "errors[EINTR]");

	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, e->code, -EINTR);
	KUNIT_EXPECT_STREQ(test, e->condition, "a signal came");
	KUNIT_EXPECT_STREQ(test, e->description, "first error");
	KUNIT_EXPECT_FALSE(test, e->closed);
	e = clause_of(long_form, "errors[ENOMEM]");
	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, e->code, -ENOMEM);
}

static void dsl_signals(struct kunit *test)
{
	const struct kapi_signal_spec *s = clause_of(long_form, "signals[SIGUSR1]");

	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_EXPECT_EQ(test, s->signum, SIGUSR1);
	KUNIT_EXPECT_EQ(test, s->direction, 0x5);
	KUNIT_EXPECT_EQ(test, s->action, KAPI_SIGNAL_ACTION_RESTART);
	KUNIT_EXPECT_STREQ(test, s->target, "the caller");
	KUNIT_EXPECT_STREQ(test, s->condition, "while asleep");
	KUNIT_EXPECT_STREQ(test, s->description, "wakes it");
	KUNIT_EXPECT_EQ(test, s->error, -EINTR);
	KUNIT_EXPECT_TRUE(test, s->restartable);

	s = clause_of(long_form, "signals[fatal]");
	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_EXPECT_EQ(test, s->signum, -1);
	KUNIT_EXPECT_FALSE(test, s->restartable);
}

static void dsl_locks(struct kunit *test)
{
	const struct kapi_lock_spec *l = clause_of(long_form, "locks[inner]");

	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_EXPECT_EQ(test, l->type, KAPI_LOCK_RWSEM);
	KUNIT_EXPECT_STREQ(test, l->description, "taken and given back");
	KUNIT_EXPECT_TRUE(test, l->acquired && l->released);
	KUNIT_EXPECT_FALSE(test, l->held_on_entry || l->held_on_exit);

	l = clause_of(long_form, "locks[outer]");
	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_EXPECT_TRUE(test, l->held_on_entry && l->held_on_exit);
	KUNIT_EXPECT_FALSE(test, l->acquired || l->released);
	KUNIT_EXPECT_NULL(test, l->class_name);
	KUNIT_EXPECT_EQ(test, l->mode, KAPI_LOCK_MODE_ANY);
	KUNIT_EXPECT_FALSE(test, l->always || l->on_success);

	l = clause_of(long_form, "locks[plain]");
	KUNIT_ASSERT_PTR_EQ(test, l, &long_form->locks[0]);
	KUNIT_EXPECT_EQ(test, l->type, KAPI_LOCK_RWLOCK);
}

static void dsl_effects(struct kunit *test)
{
	const struct kapi_side_effect_spec *e = clause_of(long_form, "side_effects[a_heap]");
	const struct kapi_state_trans_spec *t = clause_of(long_form, "state_trans[a_door]");

	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, e->type, KAPI_EFFECT_ALLOC_MEMORY | KAPI_EFFECT_SCHEDULE);
	KUNIT_EXPECT_STREQ(test, e->target, "a heap");
	KUNIT_EXPECT_STREQ(test, e->description, "grows");
	KUNIT_EXPECT_STREQ(test, e->condition, "if it is small");
	KUNIT_EXPECT_TRUE(test, e->reversible);
	KUNIT_EXPECT_EQ(test, e->relation, KAPI_NO_RELATION);
	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_EXPECT_STREQ(test, t->name, "a door");
	KUNIT_EXPECT_STREQ(test, t->from, "open");
	KUNIT_EXPECT_STREQ(test, t->to, "shut");
	KUNIT_EXPECT_STREQ(test, t->description, "it falls shut");
	KUNIT_EXPECT_STREQ(test, t->condition, "unless held");
}

static void dsl_rules(struct kunit *test)
{
	const struct kapi_constraint_spec *r = clause_of(long_form, "constraints[sum]");
	const struct kapi_capability_spec *c = clause_of(long_form, "capabilities[CAP_IPC_LOCK]");

	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_EXPECT_STREQ(test, r->description, "len and flags go together");
	KUNIT_EXPECT_STREQ(test, r->expression, "len + flags < 9");
	KUNIT_EXPECT_FALSE(test, r->error || r->cond || r->early || r->may);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_EQ(test, c->capability, CAP_IPC_LOCK);
	KUNIT_EXPECT_EQ(test, c->action, KAPI_CAP_INCREASE_LIMIT);
	KUNIT_EXPECT_STREQ(test, c->allows, "more");
	KUNIT_EXPECT_STREQ(test, c->without, "less");
	KUNIT_EXPECT_STREQ(test, c->condition, "above the limit");
}

/* It lies in the section, and what reads the section takes it. */
static void dsl_is_registered(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, kapi_registry_find(&kapi_registry, long_form->name), long_form);
	KUNIT_EXPECT_EQ(test, kapi_count_clauses(long_form), KAPI_RULE_FAILURE + 14);
}

/* === The short forms ====================================================== */

/* As DEFINE_KERNEL_API_SPEC(), but outside of the section: these are not registered. */
#define DEFINE_UNREGISTERED(_name)					\
	__KAPI_BEGIN(kernel_api_spec, __maybe_unused, unregistered_##_name) \
		.name = #_name,						\
		.first = __COUNTER__ % KAPI_MAX_CLAUSES,

KAPI_CONDITION(wraps, (unsigned long, start, size_t, len), start + len < start);
KAPI_CONDITION(not_allowed, (unsigned long, start, size_t, len, int, flags), flags == 4);
KAPI_CONDITION(short_of_memory, (), !call);
KAPI_CONDITION(verbose, (unsigned long, start, size_t, len, int, flags), flags & 1);
KAPI_CONDITION(returned_0, (), result == 0);
KAPI_VALUE(end, (unsigned long, start), start + 1);
KAPI_CONDITION(all_six, (long, a, long, b, long, c, long, d, long, e, u64, f),
	       a + b + c + d + e + (long)f == result);

DEFINE_KAPI_CLAUSES(shared)
	KAPI_FAILS(-EINVAL, "the range wraps, or a bit is unknown", KAPI_ONLY)
	KAPI_FAILS_IF(-EINVAL, wraps, KAPI_EARLY)
KAPI_END_CLAUSES;

DEFINE_UNREGISTERED(short_form)
	KAPI_DESCRIPTION("Every short form of the vocabulary")
	KAPI_SINCE_VERSION("7.3")
	KAPI_EXAMPLES("short_form(0, 1, 0);")
	KAPI_NOTES("Never called.")
	KAPI_CONTEXT(KAPI_CTX_PROCESS)
	KAPI_FAILURE_PARTIAL
	KAPI_CHECKED_IN_ORDER
	KAPI_OTHER_ERRORS("what the heap returns")
	KAPI_ARG(unsigned long, start, "an address", KAPI_BETWEEN(1, LONG_MAX, -EINVAL))
	KAPI_ARG(size_t, len, "a length")
	KAPI_ARG(int, flags, "some bits", KAPI_BITS(0x5, -EINVAL), .flags = KAPI_PARAM_INOUT)
	KAPI_RETURNS_ZERO("0")
	KAPI_INCLUDE(shared)
	KAPI_FAILS(-EPERM, "not allowed", .description = "more on it")
	KAPI_FAILS(-ENOMEM, "no memory")
	KAPI_FAILS(-EINTR, "a signal came")
	KAPI_LACKS(-EPERM, CAP_CHOWN, not_allowed, .allows = "all")
	KAPI_MAY_FAIL_IF(-ENOMEM, short_of_memory, KAPI_NEEDS(CONFIG_KAPI_NO_SUCH_OPTION))
	KAPI_INTERRUPTED(-EINTR, KAPI_SIGNAL_ANY, "while asleep", .restartable = true)
	KAPI_SENDS(SIGPIPE, "nobody reads", KAPI_WHEN(verbose))
	KAPI_TAKES(mmap_lock, KAPI_LOCK_RWSEM, "&mm->mmap_lock", KAPI_GUARDS, .always = true)
	KAPI_TAKES(read, KAPI_LOCK_RWSEM, "&x->read", KAPI_FOR_READ, KAPI_NEEDS(CONFIG_KAPI_SPEC))
	KAPI_TAKES(write, KAPI_LOCK_RWSEM, "&x->write", KAPI_FOR_WRITE)
	KAPI_LOCKS_ON_SUCCESS(kept, KAPI_LOCK_MUTEX, "&x->kept")
	KAPI_ENSURES(returned_0)
	KAPI_CHANGES(end, KAPI_INCREASES, "the end", "goes up", KAPI_UNLESS(wraps),
		     KAPI_WHEN(verbose), .type = KAPI_EFFECT_MODIFY_STATE)
KAPI_END_SPEC;

static const struct kernel_api_spec *const short_form = &unregistered_short_form;

static void dsl_short_spec(struct kunit *test)
{
	char reason[KAPI_REASON_LEN];

	KUNIT_EXPECT_EQ_MSG(test, kapi_check_spec(short_form, reason), 0, "%s", reason);
	KUNIT_EXPECT_STREQ(test, short_form->since_version, "7.3");
	KUNIT_EXPECT_STREQ(test, short_form->examples, "short_form(0, 1, 0);");
	KUNIT_EXPECT_STREQ(test, short_form->notes, "Never called.");
	KUNIT_EXPECT_EQ(test, short_form->failure, KAPI_FAILURE_IS_PARTIAL);
	KUNIT_EXPECT_TRUE(test, short_form->in_order);
	KUNIT_EXPECT_STREQ(test, short_form->other_errors, "what the heap returns");
	KUNIT_EXPECT_STREQ(test, short_form->return_spec.type_name, "long");
	KUNIT_EXPECT_EQ(test, short_form->return_spec.check_type, KAPI_RETURN_EXACT);
	KUNIT_EXPECT_EQ(test, short_form->return_spec.success_value, 0);
}

static void dsl_short_params(struct kunit *test)
{
	const struct kapi_param_spec *p = clause_of(short_form, "params[start]");

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_STREQ(test, p->type_name, "unsigned long");
	KUNIT_EXPECT_STREQ(test, p->description, "an address");
	KUNIT_EXPECT_EQ(test, p->constraint_type, KAPI_CONSTRAINT_RANGE);
	KUNIT_EXPECT_EQ(test, p->min_value, 1);
	KUNIT_EXPECT_EQ(test, p->max_value, LONG_MAX);
	KUNIT_EXPECT_EQ(test, p->error, -EINVAL);
	KUNIT_EXPECT_EQ(test, p->flags, 0);

	p = clause_of(short_form, "params[flags]");
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, p->constraint_type, KAPI_CONSTRAINT_MASK);
	KUNIT_EXPECT_EQ(test, p->valid_mask, 5);
	KUNIT_EXPECT_EQ(test, p->flags, KAPI_PARAM_INOUT);
}

static void dsl_short_errors(struct kunit *test)
{
	const struct kapi_error_spec *e = clause_of(short_form, "errors[EINVAL]");
	const struct kapi_constraint_spec *r = clause_of(short_form, "constraints[wraps]");

	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, e->code, -EINVAL);
	KUNIT_EXPECT_TRUE(test, e->closed);
	KUNIT_EXPECT_NULL(test, e->description);
	e = clause_of(short_form, "errors[EPERM]");
	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_FALSE(test, e->closed);
	KUNIT_EXPECT_STREQ(test, e->description, "more on it");

	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_EXPECT_PTR_EQ(test, r->cond, &__kapi_cond_wraps);
	KUNIT_EXPECT_TRUE(test, r->early && !r->may);
	KUNIT_EXPECT_EQ(test, r->error, -EINVAL);
	r = clause_of(short_form, "constraints[short_of_memory]");
	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_EXPECT_TRUE(test, r->may && !r->early);
	KUNIT_EXPECT_EQ(test, r->error, -ENOMEM);
	KUNIT_EXPECT_STREQ(test, r->needs, "CONFIG_KAPI_NO_SUCH_OPTION");
}

static void dsl_short_causes(struct kunit *test)
{
	const struct kapi_capability_spec *c = clause_of(short_form, "capabilities[CAP_CHOWN]");
	const struct kapi_signal_spec *s = clause_of(short_form, "signals[any]");

	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_EQ(test, c->capability, CAP_CHOWN);
	KUNIT_EXPECT_EQ(test, c->action, KAPI_CAP_BYPASS_CHECK);
	KUNIT_EXPECT_EQ(test, c->error, -EPERM);
	KUNIT_EXPECT_STREQ(test, c->allows, "all");
	KUNIT_EXPECT_PTR_EQ(test, c->cond, &__kapi_cond_not_allowed);

	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_EXPECT_EQ(test, s->signum, KAPI_SIGNAL_ANY);
	KUNIT_EXPECT_EQ(test, s->direction, KAPI_SIGNAL_RECEIVE);
	KUNIT_EXPECT_EQ(test, s->action, KAPI_SIGNAL_ACTION_RETURN);
	KUNIT_EXPECT_EQ(test, s->error, -EINTR);
	KUNIT_EXPECT_TRUE(test, s->restartable);
	s = clause_of(short_form, "signals[SIGPIPE]");
	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_EXPECT_EQ(test, s->signum, SIGPIPE);
	KUNIT_EXPECT_EQ(test, s->direction, KAPI_SIGNAL_SEND);
	KUNIT_EXPECT_PTR_EQ(test, s->when, &__kapi_cond_verbose);
}

static void dsl_short_locks(struct kunit *test)
{
	const struct kapi_lock_spec *l = clause_of(short_form, "locks[mmap_lock]");

	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_EXPECT_TRUE(test, l->acquired && l->released && l->always);
	KUNIT_EXPECT_EQ(test, l->mode, KAPI_LOCK_MODE_GUARD);
	l = clause_of(short_form, "locks[read]");
	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_EXPECT_STREQ(test, l->class_name, "&x->read");
	KUNIT_EXPECT_EQ(test, l->mode, KAPI_LOCK_MODE_READ);
	KUNIT_EXPECT_NULL(test, l->needs);
	KUNIT_EXPECT_FALSE(test, l->always);
	l = clause_of(short_form, "locks[write]");
	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_EXPECT_EQ(test, l->mode, KAPI_LOCK_MODE_WRITE);
	l = clause_of(short_form, "locks[kept]");
	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_EXPECT_TRUE(test, l->acquired && l->held_on_exit && l->on_success);
	KUNIT_EXPECT_FALSE(test, l->released || l->held_on_entry);
}

static void dsl_short_effects(struct kunit *test)
{
	const struct kapi_constraint_spec *r = clause_of(short_form, "ensures[returned_0]");
	const struct kapi_side_effect_spec *e = clause_of(short_form, "side_effects[end]");

	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_EXPECT_PTR_EQ(test, r->cond, &__kapi_cond_returned_0);
	KUNIT_EXPECT_EQ(test, r->error, 0);
	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_PTR_EQ(test, e->value, &__kapi_cond_end);
	KUNIT_EXPECT_EQ(test, e->relation, KAPI_INCREASES);
	KUNIT_EXPECT_STREQ(test, e->target, "the end");
	KUNIT_EXPECT_STREQ(test, e->description, "goes up");
	KUNIT_EXPECT_PTR_EQ(test, e->unless, &__kapi_cond_wraps);
	KUNIT_EXPECT_PTR_EQ(test, e->when, &__kapi_cond_verbose);
	KUNIT_EXPECT_EQ(test, e->type, KAPI_EFFECT_MODIFY_STATE);
}

/* A condition is what was written, and does it. */
static void dsl_conditions(struct kunit *test)
{
	static const unsigned long args[6] = { ULONG_MAX, 2, 3, 4, 5, 6 };
	const struct kapi_condition *wraps = &__kapi_cond_wraps, *six = &__kapi_cond_all_six;

	KUNIT_EXPECT_STREQ(test, wraps->name, "wraps");
	KUNIT_EXPECT_STREQ(test, wraps->text, "start + len < start");
	KUNIT_EXPECT_STREQ(test, wraps->params, "unsigned long start, size_t len");
	KUNIT_EXPECT_STREQ(test, six->params, "long a, long b, long c, long d, long e, u64 f");
	KUNIT_EXPECT_STREQ(test, __kapi_cond_returned_0.params, "");
	if (!IS_ENABLED(CONFIG_KAPI_RUNTIME_CHECKS)) {
		KUNIT_EXPECT_NULL(test, wraps->eval);
		return;
	}
	KUNIT_EXPECT_EQ(test, wraps->eval(NULL, args, 0), 1);
	KUNIT_EXPECT_EQ(test, wraps->eval(NULL, args + 1, 0), 0);
	KUNIT_EXPECT_EQ(test, six->eval(NULL, args, 19), 1);
	KUNIT_EXPECT_EQ(test, __kapi_cond_returned_0.eval(NULL, args, -1), 0);
}

/* === Functions that are no syscalls ======================================= */

KAPI_CONDITION(kmalloc_sleeps, (size_t, size, gfp_t, flags), gfpflags_allow_blocking(flags));

DEFINE_UNREGISTERED(kmalloc)
	KAPI_DESCRIPTION("Allocate memory")
	KAPI_CONTEXT(KAPI_CTX_ALL & ~(KAPI_CTX_SLEEPABLE | KAPI_CTX_NMI))
	KAPI_MAY_SLEEP_IF(kmalloc_sleeps)
	KAPI_ARG(size_t, size, "bytes")
	KAPI_ARG(gfp_t, flags, "where from, and at what cost")
	KAPI_RETURNS(void *, KAPI_RETURN_POINTER, "the memory; NULL if there is none")
	KAPI_SIDE_EFFECT(0, KAPI_EFFECT_ALLOC_MEMORY, "memory", "is the caller's")
		KAPI_EFFECT_REVERSIBLE
	KAPI_SIDE_EFFECT_END
KAPI_END_SPEC;

DEFINE_UNREGISTERED(mutex_trylock)
	KAPI_DESCRIPTION("Take a mutex if nobody has it")
	KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_PREEMPT_DISABLED)
	KAPI_ARG(struct mutex *, lock, "the mutex", .flags = KAPI_PARAM_INOUT)
	KAPI_RETURNS(int, KAPI_RETURN_BOOL, "1 if it was taken")
	KAPI_FAILS(KAPI_FALSE, "somebody has it")
	KAPI_LOCK(0, "lock", KAPI_LOCK_MUTEX)
		KAPI_LOCK_ACQUIRED
		KAPI_LOCK_HELD_EXIT
		.on_success = true,
	KAPI_LOCK_END
KAPI_END_SPEC;

static void dsl_kmalloc(struct kunit *test)
{
	const struct kernel_api_spec *spec = &unregistered_kmalloc;
	char reason[KAPI_REASON_LEN];

	KUNIT_EXPECT_EQ_MSG(test, kapi_check_spec(spec, reason), 0, "%s", reason);
	KUNIT_EXPECT_PTR_EQ(test, spec->may_sleep, &__kapi_cond_kmalloc_sleeps);
	KUNIT_EXPECT_STREQ(test, spec->may_sleep->text, "gfpflags_allow_blocking(flags)");
	KUNIT_EXPECT_STREQ(test, spec->return_spec.type_name, "void *");
	KUNIT_EXPECT_EQ(test, spec->return_spec.check_type, KAPI_RETURN_POINTER);
	if (IS_ENABLED(CONFIG_KAPI_RUNTIME_CHECKS)) {
		const unsigned long sleeps[] = { 8, (__force unsigned long)GFP_KERNEL };
		const unsigned long does_not[] = { 8, (__force unsigned long)GFP_ATOMIC };

		KUNIT_EXPECT_EQ(test, spec->may_sleep->eval(NULL, sleeps, 0), 1);
		KUNIT_EXPECT_EQ(test, spec->may_sleep->eval(NULL, does_not, 0), 0);
	}
}

static void dsl_mutex(struct kunit *test)
{
	const struct kernel_api_spec *spec = &unregistered_mutex_trylock;
	const struct kapi_error_spec *error = clause_of(spec, "errors[FALSE]");
	const struct kapi_lock_spec *l = clause_of(spec, "locks[lock]");
	char reason[KAPI_REASON_LEN];

	KUNIT_EXPECT_EQ_MSG(test, kapi_check_spec(spec, reason), 0, "%s", reason);
	KUNIT_ASSERT_NOT_NULL(test, l);
	KUNIT_EXPECT_TRUE(test, l->acquired && l->held_on_exit && l->on_success);
	KUNIT_ASSERT_NOT_NULL(test, error);
	KUNIT_EXPECT_TRUE(test, error->is_null && error->code == KAPI_FALSE);
	KUNIT_EXPECT_EQ(test, spec->return_spec.check_type, KAPI_RETURN_BOOL);
}

static struct kunit_case dsl_cases[] = {
	KUNIT_CASE(dsl_texts),
	KUNIT_CASE(dsl_counts),
	KUNIT_CASE(dsl_params),
	KUNIT_CASE(dsl_return),
	KUNIT_CASE(dsl_errors),
	KUNIT_CASE(dsl_signals),
	KUNIT_CASE(dsl_locks),
	KUNIT_CASE(dsl_effects),
	KUNIT_CASE(dsl_rules),
	KUNIT_CASE(dsl_is_registered),
	KUNIT_CASE(dsl_short_spec),
	KUNIT_CASE(dsl_short_params),
	KUNIT_CASE(dsl_short_errors),
	KUNIT_CASE(dsl_short_causes),
	KUNIT_CASE(dsl_short_locks),
	KUNIT_CASE(dsl_short_effects),
	KUNIT_CASE(dsl_conditions),
	KUNIT_CASE(dsl_kmalloc),
	KUNIT_CASE(dsl_mutex),
	{}
};

static struct kunit_suite dsl_suite = {
	.name = "kapi_dsl",
	.test_cases = dsl_cases,
};

kunit_test_suite(dsl_suite);
