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
	      "locks[0]", "locks[1]", "locks[2]", "locks[3]", "locks[4]", "side_effects[1]",
	      "side_effects[2]", "side_effects[4]", "state_trans[4]")

static int present_pages(void)
{
	GO(touch(map_alone(PAGES, 0), PAGES) && !mlockall(MCL_CURRENT | MCL_ONFAULT));
	return 0;
}

KAPI_SCENARIO_UNTIL(mlockall, present_pages, "locks[5]", "side_effects[5]",
		    "side_effects[6]", "state_trans[2]", "state_trans[3]")

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

KAPI_SCENARIO(mlockall, all_flags, "side_effects[0]", "side_effects[1]", "state_trans[0]",
	      "state_trans[1]", "state_trans[4]")

static int future_only(void)
{
	GO(!mlockall(MCL_FUTURE) && locked_kb(0) == 0);
	GO(map_alone(4, 0) && locked_kb(0) > 0);
	GO(!mlockall(MCL_FUTURE | MCL_ONFAULT));
	return 0;
}

KAPI_SCENARIO(mlockall, future_only, "side_effects[0]", "state_trans[0]")

/* Half of a mapping locked is two VMAs, which become one. */
static int merges(void)
{
	size_t half = PAGES / 2 * page_size();
	char *p = touch(map_alone(PAGES, 0), PAGES), *f = touch(map_file(PAGES, PAGES), PAGES);

	GO(p && f && !mlock(p, half) && !mlock(f, half) && !mlockall(MCL_CURRENT));
	return 0;
}

KAPI_SCENARIO(mlockall, merges, "locks[6]", "locks[7]", "side_effects[3]")

/* Errors of single mappings are not told. */
static int what_cannot_be_faulted_in(void)
{
	char *p = map_alone(4, 0), *f = map_file(4, 2);

	GO(p && f && !mprotect(p, page_size(), PROT_NONE));
	GO(!mlockall(MCL_CURRENT));
	return 0;
}

KAPI_SCENARIO(mlockall, what_cannot_be_faulted_in, "returns", "side_effects[1]")

static int many_mappings(void)
{
	int i;

	for (i = 0; i < 100; i++)
		GO(map_alone(1 + i % 3, i % 5 ? 0 : MAP_LOCKED));
	return mlockall(MCL_CURRENT) || munlockall() || mlockall(MCL_CURRENT | MCL_ONFAULT);
}

KAPI_SCENARIO(mlockall, many_mappings, "side_effects[1]", "side_effects[2]")

/* A merge for which there is no memory leaves a VMA as it was, and that is all right. */
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

TEST_F(mlockall, want_of_memory)
{
	if (!can_fail_allocations())
		SKIP(return, "needs CONFIG_FAILSLAB, CONFIG_FAIL_PAGE_ALLOC and their debugfs");
	EXPECT_EQ(0, run_alone(want_of_memory));
	expect_kept(_metadata, &self->before, CLAUSES("returns"));
}

/* === Errors =============================================================== */

static int no_flags(void)
{
	FAILS(mlockall(MCL_ONFAULT), EINVAL);
	FAILS(mlockall(0), EINVAL);
	GO(!set_limit(0) && !drop_capability());
	FAILS(mlockall(0), EINVAL);
	return 0;
}

KAPI_SCENARIO(mlockall, no_flags, "errors[3]", "constraints[0]", "failure")

static int unknown_flags(void)
{
	FAILS(mlockall(MCL_CURRENT | 8), EINVAL);
	FAILS(mlockall(MCL_FUTURE | 1 << 31), EINVAL);
	return 0;
}

KAPI_SCENARIO(mlockall, unknown_flags, "errors[3]", "params[0]", "failure")

static int without_privilege(void)
{
	GO(!set_limit(0) && !drop_capability());
	FAILS(mlockall(MCL_FUTURE), EPERM);
	FAILS(mlockall(MCL_CURRENT), EPERM);
	return 0;
}

KAPI_SCENARIO(mlockall, without_privilege, "errors[0]", "capabilities[0]", "failure")

/* Only what is mapped counts, and only for MCL_CURRENT. */
static int above_the_limit(void)
{
	GO(!set_limit(1) && !drop_capability());
	FAILS(mlockall(MCL_CURRENT), ENOMEM);
	FAILS(mlockall(MCL_CURRENT | MCL_FUTURE), ENOMEM);
	GO(!mlockall(MCL_FUTURE));
	return 0;
}

KAPI_SCENARIO(mlockall, above_the_limit, "errors[2]", "constraints[1]", "failure")

static int privileged(void)
{
	return set_limit(0) || mlockall(MCL_CURRENT);
}

KAPI_SCENARIO(mlockall, privileged, "returns", "side_effects[1]")

static void killed_waiting(void)
{
	hold_mmap_lock_in_thread();
	be_ready();
	for (;;)
		mlockall(MCL_FUTURE);
}

KAPI_KILLED_UNTIL(mlockall, killed_waiting, "returns", "errors[1]", "signals[0]")

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
	long long interrupted = kapi_kept("sys_mlockall", "errors[1]");
	pid_t pid;

	if (!can_delay_faults())
		SKIP(return, "needs CONFIG_USERFAULTFD");
	pid = fork_to(fault_in_forever);
	wait_until_ready(pid);
	while (!kill(pid, 0) && locked_kb(pid) <= 0)
		usleep(100);
	kill_and_wait(pid);
	EXPECT_EQ(interrupted, kapi_kept("sys_mlockall", "errors[1]"));
	expect_kept(_metadata, &self->before, CLAUSES("returns", "side_effects[1]"));
}

KAPI_ALL_KEPT(mlockall)

TEST_HARNESS_MAIN
