/* SPDX-License-Identifier: GPL-2.0 */
/* Helpers to check made-up calls against made-up specs. */
#ifndef _KERNEL_API_TESTS_CHECKING_H
#define _KERNEL_API_TESTS_CHECKING_H

#include <kunit/resource.h>
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "../kapi.h"
#include "../validate/validate.h"

/* A spec of the vocabulary that is not registered; ends with KAPI_END_SPEC. */
#define DEFINE_TEST_SPEC(_id)						\
	__KAPI_BEGIN(kernel_api_spec, __maybe_unused, _id)		\
		.name = #_id,						\
		.description = "made up",				\
		.context = KAPI_CTX_PROCESS,				\
		.first = __COUNTER__ % KAPI_MAX_CLAUSES,

/* A call and the spec that it is checked by. Without a change, no clause is violated. */
struct made_call {
	struct kernel_api_spec spec;
	struct kapi_call call;
};

static inline void *copy_of(struct kunit *test, const void *data, size_t size)
{
	void *copy = kunit_kmalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	return memcpy(copy, data, size);
}

/* A copy of a spec, with one clause more, or two. */
static inline const struct kernel_api_spec *spec_with(struct kunit *test,
						      const struct kernel_api_spec *spec,
						      const void *one, const void *two)
{
	struct kernel_api_spec *s = copy_of(test, spec, sizeof(*spec));
	unsigned int slot = spec->first;

	do
		slot = (slot + 1) % KAPI_MAX_CLAUSES;
	while (s->clause[slot]);
	s->clause[slot] = one;
	s->clause[(slot + 1) % KAPI_MAX_CLAUSES] = two;
	return s;
}

static inline void free_watch(void *watch)
{
	kapi_watch_free(watch);
}

/* A copy of @spec, which may be changed but for its clauses. */
static inline struct made_call *make_call(struct kunit *test,
					  const struct kernel_api_spec *spec)
{
	struct made_call *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	struct kapi_watch *watch;

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->spec = *spec;
	watch = kapi_watch_create(&m->spec);
	KUNIT_ASSERT_NOT_NULL(test, watch);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_watch, watch));
	m->call.watch = watch;
	return m;
}

/* A condition's value is 0 or more, or unknown. */
#define UNKNOWN		(-1)

static inline struct kapi_reading reading_of(s64 value)
{
	return (struct kapi_reading) {
		.value = value == UNKNOWN ? 0 : value, .known = value != UNKNOWN,
	};
}

/* The place of a condition's readings in the record. */
static inline unsigned int place_of(struct kunit *test, const struct made_call *m,
				    const struct kapi_condition *cond)
{
	const struct kapi_watch *watch = m->call.watch;
	unsigned int i;

	for (i = 0; i < watch->condition_count; i++)
		if (watch->condition[i] == cond)
			return i;
	KUNIT_FAIL_AND_ABORT(test, "%s is not read", cond->name);
	return 0;
}

static inline void set_reading_of(struct kunit *test, struct made_call *m,
				  const struct kapi_condition *cond, s64 before, s64 after)
{
	unsigned int i = place_of(test, m, cond);

	m->call.before[i] = reading_of(before);
	m->call.after[i] = reading_of(after);
}

#define set_reading(test, m, _id, ...)					\
	set_reading_of(test, m, &__kapi_cond_##_id, __VA_ARGS__)

/* Whose state it read. */
static inline void set_owners_of(struct kunit *test, struct made_call *m,
				 const struct kapi_condition *cond, u8 of)
{
	unsigned int i = place_of(test, m, cond);

	m->call.before[i].of = of;
	m->call.after[i].of = of;
}

#define set_owners(test, m, _id, _of)	\
	set_owners_of(test, m, &__kapi_cond_##_id, _of)

/* Whether it was read under the guarding lock. */
static inline void set_at_lock_of(struct kunit *test, struct made_call *m,
				  const struct kapi_condition *cond, bool before, bool after)
{
	unsigned int i = place_of(test, m, cond);

	m->call.before[i].at_lock = before;
	m->call.after[i].at_lock = after;
}

#define set_at_lock(test, m, _id, ...)					\
	set_at_lock_of(test, m, &__kapi_cond_##_id, __VA_ARGS__)

/* What is told of a clause that is violated. */
struct wanted {
	enum kapi_result result;
	const char *expected;
	const char *observed;
};

#define HELD			{ KAPI_HELD }
#define NOT_EXERCISED		{ KAPI_NOT_EXERCISED }
#define UNDECIDED		{ KAPI_UNDECIDED }
#define VIOLATED(_expected, _observed)	{ KAPI_VIOLATED, _expected, _observed }

/* NULL if calls are not checked by it. */
static inline const struct kapi_check *find_check(const struct made_call *m, const char *label)
{
	const struct kapi_watch *watch = m->call.watch;
	char buf[KAPI_LABEL_LEN];
	unsigned int i;

	for (i = 0; i < watch->check_count; i++)
		if (!strcmp(kapi_clause_label(&m->spec, watch->checks[i].n, buf), label))
			return &watch->checks[i];
	return NULL;
}

static inline void expect_text(struct kunit *test, const char *text, const char *wanted)
{
	/* Errors have names only with this option. */
	if (wanted && strstr(wanted, "-E") && !IS_ENABLED(CONFIG_SYMBOLIC_ERRNAME))
		return;
	KUNIT_EXPECT_STREQ(test, text, wanted ?: "");
}

/* Checks twice: with and without asking for the reason. */
static inline void expect_wanted(struct kunit *test, const struct made_call *m,
				 const char *label, const struct wanted *wanted)
{
	const struct kapi_check *check = find_check(m, label);
	struct kapi_reason why = {};

	KUNIT_ASSERT_NOT_NULL_MSG(test, check, "%s", label);
	KUNIT_EXPECT_EQ_MSG(test, check->check(&m->call, check, NULL), wanted->result,
			    "%s", label);
	KUNIT_EXPECT_EQ_MSG(test, check->check(&m->call, check, &why), wanted->result,
			    "%s", label);
	if (wanted->result != KAPI_VIOLATED)
		return;
	expect_text(test, why.expected, wanted->expected);
	expect_text(test, why.observed, wanted->observed);
}

#define expect(test, m, label, ...)	\
	expect_wanted(test, m, label, &(const struct wanted)__VA_ARGS__)

static inline void skip_without_lockdep(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "needs CONFIG_LOCKDEP");
}

#endif /* _KERNEL_API_TESTS_CHECKING_H */
