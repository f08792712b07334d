/* SPDX-License-Identifier: GPL-2.0 */
/* Scenarios, and the clauses that coverage must show held after them. */
#ifndef KAPI_EXPECT_H
#define KAPI_EXPECT_H

#include "kselftest_harness.h"
#include "fault.h"
#include "kapi_coverage.h"
#include "scenario.h"

/* The clauses that a scenario must exercise; ends with NULL. */
#define CLAUSES(...)	((const char *const []){ __VA_ARGS__, NULL })

/* Skips a test unless it runs as root on a kernel with the validator. */
#define KAPI_SKIP_IF_NOT_OBSERVED()					\
	do {								\
		if (geteuid())						\
			SKIP(return, "only root can read debugfs");	\
		if (!kapi_can_switch())					\
			SKIP(return, "no " KAPI_DIR "/validate: "	\
			     "CONFIG_KAPI_RUNTIME_CHECKS=y");		\
	} while (0)

#define __KAPI_FIXTURE(_call, _spec, _if_there_is_none)			\
	FIXTURE(_call) {						\
		struct kapi_coverage before;				\
		bool was_on;						\
	};								\
	FIXTURE_SETUP(_call)						\
	{								\
		KAPI_SKIP_IF_NOT_OBSERVED();				\
		self->before = kapi_coverage(_spec);			\
		if (!self->before.count)				\
			_if_there_is_none;				\
		self->was_on = kapi_is_on();				\
		ASSERT_EQ(0, kapi_switch(true));			\
	}								\
	FIXTURE_TEARDOWN(_call)						\
	{								\
		put_back_fault_settings();				\
		EXPECT_EQ(0, kapi_switch(self->was_on));		\
	}

/*
 * Tests of the spec sys_@_call: switches the validator on and notes coverage.
 * The teardown restores the switch.
 */
#define KAPI_FIXTURE(_call)						\
	__KAPI_FIXTURE(_call, "sys_" #_call, ASSERT_LT(0, self->before.count))

/* Likewise, of a spec that the kernel may lack. */
#define KAPI_FIXTURE_IF_THERE(_call)					\
	__KAPI_FIXTURE(_call, "sys_" #_call,				\
		       SKIP(return, "no such spec: CONFIG_KAPI_KUNIT_TEST=y"))

/* Likewise, for a function other than a system call. */
#define KAPI_FUNCTION_FIXTURE(_function)				\
	__KAPI_FIXTURE(_function, #_function, SKIP(return, "not observed: needs CONFIG_FPROBE"))

/* Tests of what must not be reported. */
#define KAPI_SILENT_FIXTURE(_name, _spec)				\
	FIXTURE(_name) {						\
		struct kapi_coverage before;				\
		char *violations;					\
		bool was_on;						\
	};								\
	FIXTURE_SETUP(_name)						\
	{								\
		KAPI_SKIP_IF_NOT_OBSERVED();				\
		self->was_on = kapi_is_on();				\
		ASSERT_EQ(0, kapi_switch(true));			\
		self->before = kapi_coverage(_spec);			\
		self->violations = kapi_read("violations");		\
		ASSERT_NE(NULL, self->violations);			\
	}								\
	FIXTURE_TEARDOWN(_name)						\
	{								\
		char *violations = kapi_read("violations");		\
									\
		EXPECT_STREQ(self->violations, violations);		\
		EXPECT_EQ(0, kapi_switch(self->was_on));		\
		free(self->violations);					\
		free(violations);					\
	}

static inline bool has_risen(const struct kapi_coverage *before,
			     const struct kapi_coverage *after, int i)
{
	return after->line[i].held > before->line[i].held;
}

/* Also true for a clause that this kernel cannot decide. */
static inline bool is_held(const struct kapi_coverage *before,
			   const struct kapi_coverage *after, const char *clause)
{
	const struct kapi_line *b = kapi_find_line(before, clause);
	const struct kapi_line *a = kapi_find_line(after, clause);

	return a && b && (a->held < 0 || a->held > b->held);
}

static inline bool all_held(const struct kapi_coverage *before, const char *const *clauses)
{
	struct kapi_coverage after = kapi_coverage(before->spec);

	while (*clauses && is_held(before, &after, *clauses))
		clauses++;
	return !*clauses;
}

static inline bool is_listed(const char *const *clauses, const char *clause)
{
	while (*clauses && strcmp(*clauses, clause))
		clauses++;
	return *clauses;
}

/* Whether it is a reason for an error, which must come alone. */
static inline bool is_reason(const char *clause)
{
	return !strncmp(clause, "constraints[", 12) || !strncmp(clause, "capabilities[", 13);
}

/*
 * Each of the clauses held since the test began, if this kernel has it, and no
 * reason for an error but those among them; none was violated.
 */
static inline void expect_held(struct __test_metadata *_metadata,
			       const struct kapi_coverage *before,
			       const char *const *clauses)
{
	struct kapi_coverage after = kapi_coverage(before->spec);
	int i;

	for (i = 0; clauses[i]; i++) {
		EXPECT_TRUE(is_held(before, &after, clauses[i])) {
			TH_LOG("not seen: %s", clauses[i]);
		}
	}
	for (i = 0; i < after.count; i++) {
		const struct kapi_line *line = &after.line[i];

		EXPECT_EQ(before->line[i].violated, line->violated) {
			TH_LOG("violated: %s %s", line->clause, line->text);
		}
		EXPECT_FALSE(is_reason(line->clause) && has_risen(before, &after, i) &&
			     !is_listed(clauses, line->clause)) {
			TH_LOG("not alone: %s %s", line->clause, line->text);
		}
	}
}

/* One that this kernel may not have. */
#define KAPI_SCENARIO_IF(_call, _name, _has, ...)			\
	TEST_F_TIMEOUT(_call, _name, 180)				\
	{								\
		if (!(_has))						\
			SKIP(return, "not in this kernel");		\
		EXPECT_EQ(0, run_alone(_name));				\
		expect_held(_metadata, &self->before, CLAUSES(__VA_ARGS__)); \
	}

/* One scenario, one test. */
#define KAPI_SCENARIO(_call, _name, ...)				\
	KAPI_SCENARIO_IF(_call, _name, true, __VA_ARGS__)

#define __KAPI_UNTIL_HELD(_call, _name, _try, ...)			\
	TEST_F_TIMEOUT(_call, _name, 180)				\
	{								\
		const char *const *clauses = CLAUSES(__VA_ARGS__);	\
		int i;							\
									\
		for (i = 0; i < MAX_TRIES && !all_held(&self->before, clauses); i++) { \
			_try;						\
		}							\
		TH_LOG("seen after %d tries", i);			\
		expect_held(_metadata, &self->before, clauses);		\
	}

/* A scenario that depends on timing: repeated until the clauses held. */
#define KAPI_SCENARIO_UNTIL(_call, _name, ...)				\
	__KAPI_UNTIL_HELD(_call, _name, ASSERT_EQ(0, run_alone(_name)), __VA_ARGS__)

/* A child that is killed, until one of them was interrupted. */
#define KAPI_KILLED_UNTIL(_call, _name, ...)				\
	__KAPI_UNTIL_HELD(_call, _name, kill_later(fork_to(_name), i), "errors[EINTR]", \
			  "signals[any_fatal]", ##__VA_ARGS__)

/* Likewise, while it waits for mmap_lock. */
#define KAPI_KILLED_WAITING(_call, _name, _expr, ...)			\
	static void _name(void)						\
	{								\
		char *p = map_alone(1, 0);				\
									\
		hold_mmap_lock_in_thread();				\
		be_ready();						\
		while (p)						\
			_expr;						\
	}								\
	KAPI_KILLED_UNTIL(_call, _name, ##__VA_ARGS__)

/* Whether another machine could show it, but not this one. */
static inline bool is_excused(const struct kapi_line *line)
{
	if (!has_secret_memory() && !strcmp(line->clause, "constraints[refused_on_fault]"))
		return true;
	return !has_device_memory() && strstr(line->clause, "EREMOTEIO");
}

/* The last of the tests: what the others had happen. */
#define KAPI_ALL_HELD(_call)						\
	TEST_F(_call, every_clause_was_held)				\
	{								\
		struct kapi_coverage c = kapi_coverage("sys_" #_call);	\
		int i, prose = 0;					\
									\
		for (i = 0; i < c.count; i++) {				\
			const struct kapi_line *line = &c.line[i];	\
									\
			prose += !!strstr(line->text, "(prose)");	\
			EXPECT_TRUE(line->held > 0 || is_excused(line) || \
				    strstr(line->text, "(needs ") || \
				    strstr(line->text, "(prose)")) {	\
				TH_LOG("never seen: %s %s", line->clause, line->text); \
			}						\
			EXPECT_GE(0, line->violated) {			\
				TH_LOG("violated: %s %s", line->clause, line->text); \
			}						\
		}							\
		EXPECT_GE(c.count / 10, prose);				\
	}

#endif /* KAPI_EXPECT_H */
