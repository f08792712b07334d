// SPDX-License-Identifier: GPL-2.0
/*
 * What the macros make: every word of the vocabulary is used once, and the data
 * compared. What they refuse cannot be shown here, as it does not compile.
 */
#include <kunit/test.h>
#include <linux/kernel_api_spec.h>
#include <linux/limits.h>
#include <linux/signal.h>

#include "../kapi.h"

static void read_nothing(u64 *now, const u64 *before, const unsigned long *args,
			 enum kapi_moment when)
{
}

static const char *const value_names[] = { "first", "second" };
static const char *const value_needs[] = {
	KAPI_VALUE_NEEDS(CONFIG_KAPI_SPEC),
	KAPI_VALUE_NEEDS(CONFIG_KAPI_NO_SUCH_OPTION),
};

static const struct kapi_snapshot snapshot = {
	KAPI_SNAPSHOT_READ(read_nothing),
	.names = value_names,
	.needs = value_needs,
	.count = 2,
};

DEFINE_KAPI_PARAM(shared_param, "buf", "void *", "a buffer")
	KAPI_PARAM_FLAGS(KAPI_PARAM_OUT)
	.type = KAPI_TYPE_PTR,
KAPI_DEFINE_END;

DEFINE_KAPI_ERROR(shared_error, -ENOMEM, "ENOMEM", "no memory", "second error");
DEFINE_KAPI_ERROR_CLOSED(shared_closed_error, -EINTR, "EINTR", "a signal came", "first error");

DEFINE_KAPI_SIGNAL(shared_signal, KAPI_SIGNAL_ANY_FATAL, "fatal", KAPI_SIGNAL_RECEIVE,
		   KAPI_SIGNAL_ACTION_TERMINATE)
KAPI_DEFINE_END;

DEFINE_KAPI_LOCK(shared_lock, "outer", KAPI_LOCK_LOCAL)
	KAPI_LOCK_HELD_ENTRY
	KAPI_LOCK_HELD_EXIT
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(shared_effect, KAPI_EFFECT_HARDWARE, "a lamp", "glows")
KAPI_DEFINE_END;

DEFINE_KAPI_STATE_TRANS(shared_trans, "a lamp", "off", "on", "it is lit")
KAPI_DEFINE_END;

DEFINE_KAPI_CONSTRAINT(shared_rule, "room", "there is room")
	KAPI_CONSTRAINT_MAY(1, -ENOMEM)
KAPI_DEFINE_END;

DEFINE_KAPI_CAPABILITY(shared_cap, CAP_CHOWN, "CAP_CHOWN", KAPI_CAP_BYPASS_CHECK)
KAPI_DEFINE_END;

/* So that there is a function of this name. */
static void __used kapi_test_vocabulary(void)
{
}

DEFINE_KERNEL_API_SPEC(kapi_test_vocabulary)
	KAPI_DESCRIPTION("Every word of the vocabulary")
	KAPI_LONG_DESC("A spec for a function that does nothing.")
	KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_SOFTIRQ | KAPI_CTX_PREEMPT_DISABLED)
	KAPI_SNAPSHOT(snapshot)
	KAPI_SNAPSHOT_LOCK(2)
	KAPI_FAILURE_ATOMIC

	KAPI_PARAM(0, "len", "size_t", "a length")
		KAPI_PARAM_FLAGS(KAPI_PARAM_IN)
		.type = KAPI_TYPE_UINT,
		.constraint_type = KAPI_CONSTRAINT_RANGE,
		KAPI_PARAM_RANGE(1, ULONG_MAX)
		KAPI_PARAM_CHECK(1, KAPI_STAYS)
	KAPI_PARAM_END
	KAPI_PARAM(1, "flags", "int", "some bits")
		KAPI_PARAM_FLAGS(KAPI_PARAM_INOUT | KAPI_PARAM_OPTIONAL)
		.type = KAPI_TYPE_INT,
		.constraint_type = KAPI_CONSTRAINT_MASK,
		.constraints = "two of them",
		.valid_mask = 0x5,
		KAPI_PARAM_ERROR(-EINTR)
	KAPI_PARAM_END
	KAPI_USE_PARAM(2, shared_param)
	.param_count = 3,

	KAPI_RETURN("long", "a number from -3 to 7")
		.type = KAPI_TYPE_INT,
		.check_type = KAPI_RETURN_RANGE,
		.success_min = -3,
		.success_max = 7,
	KAPI_RETURN_END

	KAPI_ERROR_CLOSED(0, -EINTR, "EINTR", "a signal came", "first error")
	KAPI_USE_ERROR(1, shared_error)
	.error_count = 2,
	KAPI_OTHER_ERRORS("what the heap returns")

	KAPI_SIGNAL(0, SIGUSR1, "SIGUSR1", KAPI_SIGNAL_RECEIVE | KAPI_SIGNAL_HANDLE,
		    KAPI_SIGNAL_ACTION_RESTART)
		KAPI_SIGNAL_CONDITION("while asleep")
		KAPI_SIGNAL_DESC("wakes it")
		KAPI_SIGNAL_RESTARTABLE
		KAPI_SIGNAL_ERROR(-EINTR)
	KAPI_SIGNAL_END
	KAPI_USE_SIGNAL(1, shared_signal)
	.signal_count = 2,

	KAPI_LOCK(0, "inner", KAPI_LOCK_RWSEM)
		KAPI_LOCK_ACQUIRED
		KAPI_LOCK_RELEASED
		KAPI_LOCK_DESC("taken and given back")
	KAPI_LOCK_END
	KAPI_USE_LOCK(1, shared_lock)
	KAPI_LOCK(2, "mmap_lock", KAPI_LOCK_RWSEM)
		KAPI_LOCK_ACQUIRED
		KAPI_LOCK_RELEASED
		KAPI_LOCK_CLASS("&mm->mmap_lock")
		KAPI_LOCK_WRITE
		KAPI_LOCK_ONCE
	KAPI_LOCK_END
	KAPI_LOCK(3, "there", KAPI_LOCK_RWSEM)
		KAPI_LOCK_ACQUIRED
		KAPI_LOCK_RELEASED
		KAPI_LOCK_CLASS_IF(CONFIG_KAPI_SPEC, "&x->there")
		KAPI_LOCK_READ
		KAPI_LOCK_ALWAYS
	KAPI_LOCK_END
	KAPI_LOCK(4, "not there", KAPI_LOCK_RWSEM)
		KAPI_LOCK_ACQUIRED
		KAPI_LOCK_RELEASED
		KAPI_LOCK_CLASS_IF(CONFIG_KAPI_NO_SUCH_OPTION, "&x->not_there")
	KAPI_LOCK_END
	.lock_count = 5,

	KAPI_SIDE_EFFECT(0, KAPI_EFFECT_ALLOC_MEMORY | KAPI_EFFECT_SCHEDULE, "a heap", "grows")
		KAPI_EFFECT_CONDITION("if it is small")
		KAPI_EFFECT_REVERSIBLE
		KAPI_EFFECT_CHECK(1, KAPI_NEVER_RISES)
	KAPI_SIDE_EFFECT_END
	KAPI_USE_SIDE_EFFECT(1, shared_effect)
	.side_effect_count = 2,

	KAPI_STATE_TRANS(0, "a door", "open", "shut", "it falls shut")
		KAPI_STATE_TRANS_COND("unless held")
		KAPI_STATE_TRANS_CHECK(0, KAPI_IS_CLEARED)
	KAPI_STATE_TRANS_END
	KAPI_USE_STATE_TRANS(1, shared_trans)
	.state_trans_count = 2,

	KAPI_CONSTRAINT(0, "sum", "len and flags go together")
		KAPI_CONSTRAINT_EXPR("len + flags < 9")
		KAPI_CONSTRAINT_CHECK(0, -EINTR)
		KAPI_CONSTRAINT_EARLY
	KAPI_CONSTRAINT_END
	KAPI_USE_CONSTRAINT(1, shared_rule)
	.constraint_count = 2,

	KAPI_CAPABILITY(0, CAP_IPC_LOCK, "CAP_IPC_LOCK", KAPI_CAP_INCREASE_LIMIT)
		KAPI_CAP_ALLOWS("more")
		KAPI_CAP_WITHOUT("less")
		KAPI_CAP_CONDITION("above the limit")
		KAPI_CAP_CHECK(1, -ENOMEM)
	KAPI_CAPABILITY_END
	KAPI_USE_CAPABILITY(1, shared_cap)
	.capability_count = 2,

	.since_version = "7.3",
	.examples = "kapi_test_vocabulary(1, 4);",
	.notes = "Never called.",
KAPI_END_SPEC;

static const struct kernel_api_spec *const spec = &__kapi_spec_kapi_test_vocabulary;

static void dsl_texts(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, spec->name, "kapi_test_vocabulary");
	KUNIT_EXPECT_STREQ(test, spec->description, "Every word of the vocabulary");
	KUNIT_EXPECT_STREQ(test, spec->long_desc, "A spec for a function that does nothing.");
	KUNIT_EXPECT_STREQ(test, spec->since_version, "7.3");
	KUNIT_EXPECT_STREQ(test, spec->examples, "kapi_test_vocabulary(1, 4);");
	KUNIT_EXPECT_STREQ(test, spec->notes, "Never called.");
	KUNIT_EXPECT_EQ(test, spec->context, 0x43);
}

static void dsl_params(struct kunit *test)
{
	const struct kapi_param_spec *p = spec->params[0];

	KUNIT_EXPECT_STREQ(test, p->name, "len");
	KUNIT_EXPECT_STREQ(test, p->type_name, "size_t");
	KUNIT_EXPECT_STREQ(test, p->description, "a length");
	KUNIT_EXPECT_EQ(test, p->flags, KAPI_PARAM_IN);
	KUNIT_EXPECT_EQ(test, p->type, KAPI_TYPE_UINT);
	KUNIT_EXPECT_EQ(test, p->constraint_type, KAPI_CONSTRAINT_RANGE);
	KUNIT_EXPECT_TRUE(test, p->has_range);
	KUNIT_EXPECT_EQ(test, p->min_value, 1);
	KUNIT_EXPECT_EQ(test, (unsigned long)p->max_value, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, p->value, 2);
	KUNIT_EXPECT_EQ(test, p->relation, KAPI_STAYS);
	KUNIT_EXPECT_EQ(test, p->error, 0);

	p = spec->params[1];
	KUNIT_EXPECT_EQ(test, p->flags, 0x7);
	KUNIT_EXPECT_EQ(test, p->valid_mask, 5);
	KUNIT_EXPECT_STREQ(test, p->constraints, "two of them");
	KUNIT_EXPECT_EQ(test, p->error, -EINTR);
	KUNIT_EXPECT_NULL(test, spec->params[3]);
}

static void dsl_return(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, spec->return_spec.type_name, "long");
	KUNIT_EXPECT_STREQ(test, spec->return_spec.description, "a number from -3 to 7");
	KUNIT_EXPECT_EQ(test, spec->return_spec.type, KAPI_TYPE_INT);
	KUNIT_EXPECT_EQ(test, spec->return_spec.check_type, KAPI_RETURN_RANGE);
	KUNIT_EXPECT_EQ(test, spec->return_spec.success_min, -3);
	KUNIT_EXPECT_EQ(test, spec->return_spec.success_max, 7);
}

static void dsl_errors(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, spec->errors[0]->code, -EINTR);
	KUNIT_EXPECT_STREQ(test, spec->errors[0]->name, "EINTR");
	KUNIT_EXPECT_STREQ(test, spec->errors[0]->condition, "a signal came");
	KUNIT_EXPECT_STREQ(test, spec->errors[0]->description, "first error");
	KUNIT_EXPECT_EQ(test, spec->errors[1]->code, -ENOMEM);
	KUNIT_EXPECT_TRUE(test, spec->errors[0]->closed);
	KUNIT_EXPECT_FALSE(test, spec->errors[1]->closed);
	KUNIT_EXPECT_EQ(test, shared_closed_error.code, -EINTR);
	KUNIT_EXPECT_TRUE(test, shared_closed_error.closed);
	KUNIT_EXPECT_STREQ(test, spec->other_errors, "what the heap returns");
}

static void dsl_signals(struct kunit *test)
{
	const struct kapi_signal_spec *s = spec->signals[0];

	KUNIT_EXPECT_EQ(test, s->signum, SIGUSR1);
	KUNIT_EXPECT_STREQ(test, s->name, "SIGUSR1");
	KUNIT_EXPECT_EQ(test, s->direction, 0x5);
	KUNIT_EXPECT_EQ(test, s->action, KAPI_SIGNAL_ACTION_RESTART);
	KUNIT_EXPECT_STREQ(test, s->condition, "while asleep");
	KUNIT_EXPECT_STREQ(test, s->description, "wakes it");
	KUNIT_EXPECT_EQ(test, s->error, -EINTR);
	KUNIT_EXPECT_TRUE(test, s->restartable);

	s = spec->signals[1];
	KUNIT_EXPECT_EQ(test, s->signum, -1);
	KUNIT_EXPECT_FALSE(test, s->restartable);
}

static void dsl_locks(struct kunit *test)
{
	const struct kapi_lock_spec *l = spec->locks[0];

	KUNIT_EXPECT_STREQ(test, l->name, "inner");
	KUNIT_EXPECT_EQ(test, l->type, KAPI_LOCK_RWSEM);
	KUNIT_EXPECT_STREQ(test, l->description, "taken and given back");
	KUNIT_EXPECT_TRUE(test, l->acquired && l->released);
	KUNIT_EXPECT_FALSE(test, l->held_on_entry || l->held_on_exit);

	l = spec->locks[1];
	KUNIT_EXPECT_TRUE(test, l->held_on_entry && l->held_on_exit);
	KUNIT_EXPECT_FALSE(test, l->acquired || l->released);
	KUNIT_EXPECT_NULL(test, l->class_name);
	KUNIT_EXPECT_FALSE(test, l->absent);
	KUNIT_EXPECT_EQ(test, l->mode, KAPI_LOCK_MODE_ANY);
	KUNIT_EXPECT_EQ(test, l->taken, KAPI_LOCK_TAKEN_SOMETIMES);
}

static void dsl_lock_classes(struct kunit *test)
{
	const struct kapi_lock_spec *const *l = &spec->locks[2];

	KUNIT_EXPECT_STREQ(test, l[0]->class_name, "&mm->mmap_lock");
	KUNIT_EXPECT_EQ(test, l[0]->mode, KAPI_LOCK_MODE_WRITE);
	KUNIT_EXPECT_EQ(test, l[0]->taken, KAPI_LOCK_TAKEN_ONCE);
	KUNIT_EXPECT_FALSE(test, l[0]->absent);
	KUNIT_EXPECT_STREQ(test, l[1]->class_name, "&x->there");
	KUNIT_EXPECT_EQ(test, l[1]->mode, KAPI_LOCK_MODE_READ);
	KUNIT_EXPECT_EQ(test, l[1]->taken, KAPI_LOCK_TAKEN_ALWAYS);
	KUNIT_EXPECT_FALSE(test, l[1]->absent);
	KUNIT_EXPECT_STREQ(test, l[2]->class_name, "CONFIG_KAPI_NO_SUCH_OPTION");
	KUNIT_EXPECT_TRUE(test, l[2]->absent);
}

static void dsl_snapshot(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, spec->snapshot, &snapshot);
	KUNIT_EXPECT_EQ(test, spec->snapshot_lock, 3);
	KUNIT_EXPECT_EQ(test, spec->failure, KAPI_FAILURE_IS_ATOMIC);
	KUNIT_EXPECT_EQ(test, snapshot.read == read_nothing,
			IS_ENABLED(CONFIG_KAPI_RUNTIME_CHECKS));
	KUNIT_EXPECT_NULL(test, snapshot.needs[0]);
	KUNIT_EXPECT_STREQ(test, snapshot.needs[1], "CONFIG_KAPI_NO_SUCH_OPTION");
}

static void dsl_effects(struct kunit *test)
{
	const struct kapi_side_effect_spec *e = spec->side_effects[0];
	const struct kapi_state_trans_spec *t = spec->state_trans[0];

	KUNIT_EXPECT_EQ(test, e->type, 0x201);
	KUNIT_EXPECT_STREQ(test, e->target, "a heap");
	KUNIT_EXPECT_STREQ(test, e->description, "grows");
	KUNIT_EXPECT_STREQ(test, e->condition, "if it is small");
	KUNIT_EXPECT_TRUE(test, e->reversible);
	KUNIT_EXPECT_EQ(test, e->value, 2);
	KUNIT_EXPECT_EQ(test, e->relation, KAPI_NEVER_RISES);
	KUNIT_EXPECT_STREQ(test, t->object, "a door");
	KUNIT_EXPECT_STREQ(test, t->from, "open");
	KUNIT_EXPECT_STREQ(test, t->to, "shut");
	KUNIT_EXPECT_STREQ(test, t->description, "it falls shut");
	KUNIT_EXPECT_STREQ(test, t->condition, "unless held");
	KUNIT_EXPECT_EQ(test, t->value, 1);
	KUNIT_EXPECT_EQ(test, t->relation, KAPI_IS_CLEARED);
}

static void dsl_rules(struct kunit *test)
{
	const struct kapi_constraint_spec *r = spec->constraints[0];
	const struct kapi_capability_spec *c = spec->capabilities[0];

	KUNIT_EXPECT_STREQ(test, r->name, "sum");
	KUNIT_EXPECT_STREQ(test, r->description, "len and flags go together");
	KUNIT_EXPECT_STREQ(test, r->expression, "len + flags < 9");
	KUNIT_EXPECT_EQ(test, r->value, 1);
	KUNIT_EXPECT_EQ(test, r->error, -EINTR);
	KUNIT_EXPECT_TRUE(test, r->early && !r->may);
	KUNIT_EXPECT_EQ(test, c->value, 2);
	KUNIT_EXPECT_EQ(test, c->error, -ENOMEM);
	KUNIT_EXPECT_EQ(test, c->capability, CAP_IPC_LOCK);
	KUNIT_EXPECT_STREQ(test, c->name, "CAP_IPC_LOCK");
	KUNIT_EXPECT_EQ(test, c->action, KAPI_CAP_INCREASE_LIMIT);
	KUNIT_EXPECT_STREQ(test, c->allows, "more");
	KUNIT_EXPECT_STREQ(test, c->without, "less");
	KUNIT_EXPECT_STREQ(test, c->condition, "above the limit");
}

/* A clause that is shared is one object, with all that it says. */
static void dsl_shared(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, spec->params[2], &shared_param);
	KUNIT_EXPECT_PTR_EQ(test, spec->errors[1], &shared_error);
	KUNIT_EXPECT_PTR_EQ(test, spec->signals[1], &shared_signal);
	KUNIT_EXPECT_PTR_EQ(test, spec->locks[1], &shared_lock);
	KUNIT_EXPECT_PTR_EQ(test, spec->side_effects[1], &shared_effect);
	KUNIT_EXPECT_PTR_EQ(test, spec->state_trans[1], &shared_trans);
	KUNIT_EXPECT_PTR_EQ(test, spec->constraints[1], &shared_rule);
	KUNIT_EXPECT_PTR_EQ(test, spec->capabilities[1], &shared_cap);

	KUNIT_EXPECT_STREQ(test, shared_param.type_name, "void *");
	KUNIT_EXPECT_EQ(test, shared_param.flags, KAPI_PARAM_OUT);
	KUNIT_EXPECT_STREQ(test, shared_error.condition, "no memory");
	KUNIT_EXPECT_STREQ(test, shared_effect.target, "a lamp");
	KUNIT_EXPECT_STREQ(test, shared_trans.to, "on");
	KUNIT_EXPECT_TRUE(test, shared_rule.may && !shared_rule.early);
	KUNIT_EXPECT_EQ(test, shared_rule.error, -ENOMEM);
	KUNIT_EXPECT_EQ(test, shared_rule.value, 2);
	KUNIT_EXPECT_EQ(test, shared_cap.action, KAPI_CAP_BYPASS_CHECK);
}

/* It lies in the section, and what reads the section takes it. */
static void dsl_is_registered(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, kapi_registry_find(&kapi_registry, spec->name), spec);
	KUNIT_EXPECT_EQ(test, kapi_count_clauses(spec), 26);
}

static struct kunit_case dsl_cases[] = {
	KUNIT_CASE(dsl_texts),
	KUNIT_CASE(dsl_params),
	KUNIT_CASE(dsl_return),
	KUNIT_CASE(dsl_errors),
	KUNIT_CASE(dsl_signals),
	KUNIT_CASE(dsl_locks),
	KUNIT_CASE(dsl_lock_classes),
	KUNIT_CASE(dsl_snapshot),
	KUNIT_CASE(dsl_effects),
	KUNIT_CASE(dsl_rules),
	KUNIT_CASE(dsl_shared),
	KUNIT_CASE(dsl_is_registered),
	{}
};

static struct kunit_suite dsl_suite = {
	.name = "kapi_dsl",
	.test_cases = dsl_cases,
};

kunit_test_suite(dsl_suite);

MODULE_DESCRIPTION("KUnit tests of the API specification macros");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
