// SPDX-License-Identifier: GPL-2.0
/*
 * Makes every clause of mlockall()'s spec happen, each error for each of its reasons,
 * with the validator on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "kapi_expect.h"

KAPI_FIXTURE(mlockall)

/* === Success ============================================================== */

static int current_mappings(void)
{
	GO(map_alone(PAGES, 0) && !mlockall(MCL_CURRENT));
	return locked_kb(0) <= 0;
}

KAPI_SCENARIO(mlockall, current_mappings, "context", "returns", "locks", "signals",
	      "locks[mmap_lock]", "locks[vm_lock]", "locks[ptl]", "locks[mlock_fbatch]",
	      "locks[lru_fbatches]", "side_effects[all_not_locked]",
	      "side_effects[all_otherwise_charged]", "side_effects[all_absent]")

static int present_pages(void)
{
	GO(touch(map_alone(PAGES, 0), PAGES) && !mlockall(MCL_CURRENT | MCL_ONFAULT));
	return 0;
}

KAPI_SCENARIO_UNTIL(mlockall, present_pages, "locks[lru_lock]", "side_effects[all_not_mlocked]")

/* Each of them begins and ends what the one before has left. */
static int all_flags(void)
{
	static const int flags[] = {
		MCL_FUTURE, MCL_CURRENT, MCL_FUTURE | MCL_ONFAULT,
		MCL_CURRENT | MCL_FUTURE, MCL_CURRENT | MCL_ONFAULT,
		MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT, MCL_CURRENT,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		GO(map_alone(4, 0) && !mlockall(flags[i]));
	return 0;
}

KAPI_SCENARIO(mlockall, all_flags, "side_effects[future]", "side_effects[all_not_locked]",
	      "side_effects[all_otherwise_charged]")

/* What is locked stays so. */
static int future_beside_locked(void)
{
	char *p = map_alone(2, 0);

	GO(p && !mlock(p, 2 * page_size()) && !mlockall(MCL_FUTURE));
	GO(locked_kb(0) == (long)(2 * page_size() / 1024));
	return 0;
}

KAPI_SCENARIO(mlockall, future_beside_locked, "side_effects[all_locked]",
	      "side_effects[future]")

static int future_only(void)
{
	GO(!mlockall(MCL_FUTURE) && locked_kb(0) == 0);
	GO(map_alone(4, 0) && locked_kb(0) > 0);
	GO(!mlockall(MCL_FUTURE | MCL_ONFAULT));
	return 0;
}

KAPI_SCENARIO(mlockall, future_only, "side_effects[future]")

/* Half of a mapping locked is two VMAs, which become one. */
static int merges(void)
{
	size_t half = PAGES / 2 * page_size();
	char *p = touch(map_alone(PAGES, 0), PAGES), *f = touch(map_file(PAGES, PAGES), PAGES);

	GO(p && f && !mlock(p, half) && !mlock(f, half) && !mlockall(MCL_CURRENT));
	return 0;
}

KAPI_SCENARIO(mlockall, merges, "locks[i_mmap_rwsem]", "locks[anon_vma]",
	      "side_effects[map_count]")

/* Errors of single mappings are not reported. */
static int what_cannot_be_faulted_in(void)
{
	char *p = map_alone(4, 0), *f = map_file(4, 2);

	GO(p && f && !mprotect(p, page_size(), PROT_NONE));
	GO(!mlockall(MCL_CURRENT));
	return 0;
}

KAPI_SCENARIO(mlockall, what_cannot_be_faulted_in, "returns", "side_effects[all_not_locked]")

static int many_mappings(void)
{
	int i;

	for (i = 0; i < 100; i++)
		GO(map_alone(1 + i % 3, i % 5 ? 0 : MAP_LOCKED));
	return mlockall(MCL_CURRENT) || munlockall() || mlockall(MCL_CURRENT | MCL_ONFAULT);
}

KAPI_SCENARIO(mlockall, many_mappings, "side_effects[all_not_locked]",
	      "side_effects[all_otherwise_charged]")

/* If a merge finds no memory, the VMA stays as it was: that is correct. */
static int want_of_memory(void)
{
	int n, failed = 0;

	for (n = 1; n < 40; n++) {
		char *p = map_alone(8, 0);

		GO(p && !mlock(p, 4 * page_size()) && !fail_allocation(n));
		GO(!mlockall(MCL_CURRENT));
		failed += allocation_failed();
		GO(!fail_allocation(0) && !munlockall());
	}
	GO(failed > 1);
	return 0;
}

KAPI_SCENARIO_IF(mlockall, want_of_memory, can_fail_allocations(), "returns")

/* === Errors =============================================================== */

static int no_flags(void)
{
	FAILS(mlockall(MCL_ONFAULT), EINVAL);
	FAILS(mlockall(0), EINVAL);
	GO(!set_limit(0) && !drop_capability());
	FAILS(mlockall(0), EINVAL);
	return 0;
}

KAPI_SCENARIO(mlockall, no_flags, "errors[EINVAL]", "constraints[no_time]", "failure")

static int unknown_flags(void)
{
	FAILS(mlockall(MCL_CURRENT | 8), EINVAL);
	FAILS(mlockall(MCL_FUTURE | 1 << 31), EINVAL);
	return 0;
}

KAPI_SCENARIO(mlockall, unknown_flags, "errors[EINVAL]", "params[flags]", "failure")

static int without_privilege(void)
{
	GO(!set_limit(0) && !drop_capability());
	FAILS(mlockall(MCL_FUTURE), EPERM);
	FAILS(mlockall(MCL_CURRENT), EPERM);
	return 0;
}

KAPI_SCENARIO(mlockall, without_privilege, "errors[EPERM]", "capabilities[CAP_IPC_LOCK]",
	      "failure")

/* Only what is mapped counts, and only for MCL_CURRENT. */
static int above_the_limit(void)
{
	GO(!set_limit(1) && !drop_capability());
	FAILS(mlockall(MCL_CURRENT), ENOMEM);
	FAILS(mlockall(MCL_CURRENT | MCL_FUTURE), ENOMEM);
	GO(!mlockall(MCL_FUTURE));
	return 0;
}

KAPI_SCENARIO(mlockall, above_the_limit, "errors[ENOMEM]", "constraints[all_over_limit]",
	      "failure")

static int privileged(void)
{
	return set_limit(0) || mlockall(MCL_CURRENT);
}

KAPI_SCENARIO(mlockall, privileged, "returns", "side_effects[all_not_locked]")

static int future(void)
{
	return mlockall(MCL_FUTURE);
}

static int signalled(void)
{
	return call_beside_signals(future);
}

KAPI_SCENARIO(mlockall, signalled, "returns")

static int fault_in_many(void)
{
	return !absent_again() || mlockall(MCL_CURRENT);
}

static int signalled_in_populate(void)
{
	return call_under_signals(fault_in_many);
}

KAPI_SCENARIO(mlockall, signalled_in_populate, "returns", "side_effects[all_absent]")

KAPI_KILLED_WAITING(mlockall, killed_waiting, mlockall(MCL_FUTURE), "returns")

static void fault_in_forever(void)
{
	if (!delay_faults(map_alone(4, 0), 4))
		return;
	be_ready();
	mlockall(MCL_CURRENT);
}

/* Being killed while pages are faulted in is no error. */
TEST_F_TIMEOUT(mlockall, killed_in_populate, 60)
{
	long long interrupted = kapi_held("sys_mlockall", "errors[EINTR]");
	pid_t pid;

	if (!can_delay_faults())
		SKIP(return, "needs CONFIG_USERFAULTFD");
	pid = fork_to(fault_in_forever);
	wait_until_ready(pid);
	while (!kill(pid, 0) && locked_kb(pid) <= 0)
		usleep(100);
	kill_and_wait(pid);
	EXPECT_EQ(interrupted, kapi_held("sys_mlockall", "errors[EINTR]"));
	expect_held(_metadata, &self->before, CLAUSES("returns", "side_effects[all_not_locked]"));
}

/* === Undecided ============================================================ */

static int lock_beyond_end(void)
{
	GO(map_file(2, 1) && !mlockall(MCL_CURRENT));
	return 0;
}

/* A page beyond the end of a file stays absent. User Mode Linux sees no fault that fails. */
TEST_F(mlockall, undecided_says_why)
{
	char *text, *line;

	EXPECT_EQ(0, run_alone(lock_beyond_end));
	text = kapi_read("undecided");
	ASSERT_NE(NULL, text);
	line = strstr(text, "sys_mlockall side_effects[all_absent] ");
	ASSERT_NE(NULL, line);
	line[strcspn(line, "\n")] = '\0';
	EXPECT_TRUE(strstr(line, " excused ") || strstr(line, " unknown "));
	free(text);
}

KAPI_ALL_HELD(mlockall)

TEST_HARNESS_MAIN
