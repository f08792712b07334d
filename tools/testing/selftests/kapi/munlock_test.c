// SPDX-License-Identifier: GPL-2.0
/*
 * Makes every clause of munlock()'s spec happen, each error for each of its reasons,
 * with the validator on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "kapi_expect.h"

KAPI_FIXTURE(munlock)

static char *map_locked(size_t pages)
{
	char *p = map_alone(pages, 0);

	return p && !mlock(p, pages * page_size()) ? p : NULL;
}

/* === Success ============================================================== */

static int locked_pages(void)
{
	char *p = map_locked(PAGES);

	GO(p && !munlock(p, PAGES * page_size()));
	return locked_kb(0);
}

KAPI_SCENARIO(munlock, locked_pages, "context", "returns", "locks", "signals",
	      "locks[mmap_lock]", "locks[vm_lock]", "locks[ptl]", "locks[mlock_fbatch]",
	      "locks[lru_fbatches]", "side_effects[still_locked]", "side_effects[otherwise_charged]",
	      "side_effects[neighbours]")

static int pages_that_are_let_go(void)
{
	char *p = map_locked(PAGES), *q = map_locked(1);

	GO(p && q && !munlock(p, PAGES * page_size()));
	return 0;
}

KAPI_SCENARIO_UNTIL(munlock, pages_that_are_let_go, "locks[lru_lock]", "side_effects[mlocked]")

/* A small mlock() empties the batch that pages come into when they are touched. */
static int pages_locked_when_touched(void)
{
	char *p = map_alone(PAGES, 0);

	GO(p && !mlock2_(p, PAGES * page_size(), MLOCK_ONFAULT));
	GO(touch(p, PAGES) && map_locked(1) && !munlock(p, PAGES * page_size()));
	return 0;
}

KAPI_SCENARIO_UNTIL(munlock, pages_locked_when_touched, "side_effects[mlocked]")

static int rounding(void)
{
	char *p = map_locked(8);

	GO(p && !munlock(p + page_size() + 1, 2 * page_size()));
	GO(locked_kb(0) == (long)(5 * page_size() / 1024));
	return 0;
}

KAPI_SCENARIO(munlock, rounding, "side_effects[still_locked]", "side_effects[neighbours]")

static int splits(void)
{
	size_t size = page_size();
	char *p = touch(map_locked(8), 8), *f = touch(map_file(8, 8), 8);

	GO(p && f && !mlock(f, 8 * size));
	GO(!munlock(p + size, size) && !munlock(f + size, size));
	GO(locked_kb(0) == (long)(14 * size / 1024));
	return 0;
}

KAPI_SCENARIO(munlock, splits, "locks[i_mmap_rwsem]", "locks[anon_vma]")

static int merges(void)
{
	size_t size = page_size();
	char *p = map_alone(8, 0);

	GO(p && !mlock(p + 2 * size, 2 * size) && !munlock(p, 8 * size));
	return locked_kb(0);
}

KAPI_SCENARIO(munlock, merges, "side_effects[still_locked]", "side_effects[vma_count]")

/* The first pages of what is locked become one VMA with those that were unlocked before. */
static int from_below(void)
{
	size_t size = page_size(), i;
	char *p = map_locked(8);

	for (i = 2; p && i <= 8; i += 2)
		GO(!munlock(p + (i - 2) * size, 2 * size) &&
		   locked_kb(0) == (long)((8 - i) * size / 1024));
	return !p;
}

KAPI_SCENARIO(munlock, from_below, "side_effects[still_locked]",
	      "side_effects[otherwise_charged]")

static int on_fault(void)
{
	char *p = map_alone(PAGES, 0);

	GO(p && !mlock2_(p, PAGES * page_size(), MLOCK_ONFAULT));
	GO(!mprotect(p, PAGES * page_size(), PROT_NONE));
	GO(!munlock(p, PAGES * page_size()));
	return locked_kb(0);
}

KAPI_SCENARIO(munlock, on_fault, "side_effects[still_locked]")

/* A child has the memory of its parent, but not the locks. */
static char *of_parent, *of_parent_on_fault;

static int unlock_of_parent(void)
{
	GO(!munlock(of_parent, 4 * page_size()));
	GO(!munlock(of_parent_on_fault, 4 * page_size()));
	return locked_kb(0);
}

static int in_a_child(void)
{
	of_parent = map_locked(4);
	of_parent_on_fault = map_alone(4, 0);
	GO(of_parent && of_parent_on_fault);
	GO(!mlock2_(of_parent_on_fault, 4 * page_size(), MLOCK_ONFAULT));
	return run_alone(unlock_of_parent);
}

KAPI_SCENARIO(munlock, in_a_child, "returns", "side_effects[otherwise_charged]")

/* Neither limit nor privilege is looked at. */
static int nothing_locked(void)
{
	char *p = map_alone(4, 0);

	GO(p && !set_limit(0) && !drop_capability());
	GO(!munlock(p, 4 * page_size()) && !munlock(NULL, 0));
	GO(!munlock((void *)(16 * page_size()), ULONG_MAX));
	return 0;
}

KAPI_SCENARIO(munlock, nothing_locked, "returns", "side_effects[otherwise_charged]")

static int several_times_locked(void)
{
	char *p = map_locked(8);

	GO(p && !mlock(p, 8 * page_size()) && !mlockall(MCL_CURRENT));
	GO(!munlock(p, 8 * page_size()) && !munlock(p, 8 * page_size()));
	return 0;
}

KAPI_SCENARIO(munlock, several_times_locked, "side_effects[still_locked]",
	      "side_effects[otherwise_charged]")

static int empty_call(void)
{
	return munlock(NULL, 0);
}

static int signalled(void)
{
	return call_beside_signals(empty_call);
}

KAPI_SCENARIO(munlock, signalled, "returns")

/* Secret memory that MCL_FUTURE has locked stays so. */
static int secret_memory(void)
{
	char *p;

	GO(!mlockall(MCL_FUTURE));
	p = map_secret(4);
	if (!p && !has_secret_memory())
		return 0;
	GO(p && !munlock(p, 4 * page_size()));
	return 0;
}

KAPI_SCENARIO(munlock, secret_memory, "side_effects[secretmem]")

/* === Errors =============================================================== */

static int wrapping_range(void)
{
	char *p = map_locked(1);

	FAILS(munlock(p, -2 * page_size()), EINVAL);
	FAILS(munlock(p, -(size_t)p), EINVAL);
	return 0;
}

KAPI_SCENARIO(munlock, wrapping_range, "errors[EINVAL]", "constraints[wraps]", "failure")

static int unmapped_start(void)
{
	FAILS(munlock(NULL, page_size()), ENOMEM);
	return 0;
}

KAPI_SCENARIO(munlock, unmapped_start, "errors[ENOMEM]", "constraints[unmapped]")

/* What is below the gap is unlocked, what is above is not. */
static int gap(void)
{
	size_t size = page_size();
	char *p = map_locked(8);

	GO(p && !munmap(p + 4 * size, size));
	FAILS(munlock(p, 8 * size), ENOMEM);
	GO(locked_kb(0) == (long)(3 * size / 1024));
	return 0;
}

KAPI_SCENARIO(munlock, gap, "errors[ENOMEM]", "constraints[unmapped]", "failure")

static int unmapped_end(void)
{
	size_t size = page_size();
	char *p = map_locked(8);

	GO(p && !munmap(p + 7 * size, size));
	FAILS(munlock(p, 8 * size), ENOMEM);
	return locked_kb(0);
}

KAPI_SCENARIO(munlock, unmapped_end, "errors[ENOMEM]", "constraints[unmapped]", "failure")

static int too_many_mappings(void)
{
	char *p = map_locked(4);

	GO(p && !use_up_maps());
	FAILS(munlock(p + page_size(), 3 * page_size()), ENOMEM);
	FAILS(munlock(p + page_size(), page_size()), ENOMEM);
	GO(!munlock(p, 4 * page_size()));
	return 0;
}

KAPI_SCENARIO(munlock, too_many_mappings, "errors[ENOMEM]", "constraints[too_many_vmas]")

/* Its n-th allocation fails, for all n until it makes no more. */
static int want_of_memory(void)
{
	bool failed = true;
	int n, ret;

	for (n = 1; failed && n < 100; n++) {
		char *p = map_locked(4);

		GO(p && !fail_allocation(n));
		ret = munlock(p + page_size(), page_size());
		GO(!ret || errno == ENOMEM);
		failed = allocation_failed();
		GO(!fail_allocation(0));
	}
	return failed;
}

KAPI_SCENARIO_IF(munlock, want_of_memory, can_fail_allocations(), "errors[ENOMEM]",
		 "constraints[no_vma]")

KAPI_KILLED_WAITING(munlock, killed_waiting, munlock(p, page_size()), "returns")

KAPI_ALL_HELD(munlock)

TEST_HARNESS_MAIN
