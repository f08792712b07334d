// SPDX-License-Identifier: GPL-2.0
/*
 * Exercises every clause of the specs of mlock() and mlock2(), each error for
 * each of its reasons, with the validator on. Most scenarios are for both
 * calls.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kapi_expect.h"

KAPI_FIXTURE(mlock)
KAPI_FIXTURE(mlock2)

/* The call that the scenario is for. */
static int flags_of_mlock2 = -1;

static int lock(void *p, size_t len)
{
	return flags_of_mlock2 < 0 ? mlock(p, len) : mlock2_(p, len, flags_of_mlock2);
}

/* A scenario, for mlock() and for mlock2() without flags. */
#define FOR_BOTH(_kind, _name, ...)					\
	static int mlock_##_name(void)					\
	{								\
		flags_of_mlock2 = -1;					\
		return _name();						\
	}								\
	static int mlock2_##_name(void)					\
	{								\
		flags_of_mlock2 = 0;					\
		return _name();						\
	}								\
	_kind(mlock, mlock_##_name, __VA_ARGS__)			\
	_kind(mlock2, mlock2_##_name, __VA_ARGS__)

/* === Success ============================================================== */

static int absent_pages(void)
{
	char *p = map_alone(PAGES, 0);

	GO(p && !lock(p, PAGES * page_size()));
	GO(locked_kb(0) == (long)(PAGES * page_size() / 1024));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, absent_pages, "context", "returns", "locks", "signals",
	 "locks[mmap_lock]", "locks[vm_lock]", "locks[ptl]", "locks[mlock_fbatch]",
	 "locks[lru_fbatches]", "side_effects[not_locked]", "side_effects[otherwise_charged]",
	 "side_effects[neighbours]", "side_effects[absent]")

/* More than wait in a batch, so that the first are on their list. */
static int present_pages(void)
{
	char *p = touch(map_alone(PAGES, 0), PAGES);

	GO(p && !lock(p, PAGES * page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO_UNTIL, present_pages, "locks[lru_lock]", "side_effects[not_mlocked]")

static int rounding(void)
{
	char *p = map_alone(8, 0);

	GO(p && !lock(p + page_size() + 1, 2 * page_size()));
	GO(locked_kb(0) == (long)(3 * page_size() / 1024));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, rounding, "side_effects[not_locked]", "side_effects[neighbours]")

static int splits(void)
{
	char *p = touch(map_alone(8, 0), 8), *f = touch(map_file(8, 8), 8);

	GO(p && !lock(p + page_size(), page_size()));
	GO(f && !lock(f + page_size(), page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, splits, "locks[i_mmap_rwsem]", "locks[anon_vma]")

static int merges(void)
{
	char *p = map_alone(8, 0);

	GO(p && !lock(p, 4 * page_size()) && !lock(p + 4 * page_size(), 4 * page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, merges, "side_effects[not_locked]")

/* Neighbours that are locked in another way must not merge with the range. */
static int beside_other_locks(void)
{
	size_t size = page_size();
	char *p = map_alone(6, 0);

	GO(p && !mlock2_(p, 2 * size, MLOCK_ONFAULT));
	GO(!mlock2_(p + 4 * size, 2 * size, MLOCK_ONFAULT) && !lock(p + 2 * size, 2 * size));
	GO(locked_kb(0) == (long)(6 * size / 1024));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, beside_other_locks, "side_effects[not_locked]",
	 "side_effects[neighbours]")

static int on_fault_before(void)
{
	char *p = map_alone(PAGES, 0);

	GO(p && !mlock2_(p, PAGES * page_size(), MLOCK_ONFAULT));
	GO(!lock(p, PAGES * page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, on_fault_before, "side_effects[not_locked]", "side_effects[absent]")

/* What was touched then is mlocked already, and must not be so twice. */
static int touched_before(void)
{
	char *p = map_alone(PAGES, 0), *q = map_alone(1, 0);

	GO(p && q && !mlock2_(p, PAGES * page_size(), MLOCK_ONFAULT));
	GO(touch(p, PAGES) && !lock(q, page_size()) && !lock(p, PAGES * page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO_UNTIL, touched_before, "side_effects[not_mlocked]")

static int locked_before(void)
{
	char *p = map_alone(PAGES, 0);

	GO(p && !lock(p, PAGES * page_size()) && !lock(p, PAGES * page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, locked_before, "returns", "side_effects[otherwise_charged]")

/* An empty range succeeds at any address, even if rounding made it empty. */
static int empty_range(void)
{
	GO(!lock(NULL, 0) && !lock((void *)(16 * page_size()), ULONG_MAX));
	return locked_kb(0);
}

FOR_BOTH(KAPI_SCENARIO, empty_range, "returns")

/* A mapping of the kernel's that cannot be locked, in /proc/self/maps. */
static char *find_special(const char *name)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long found = 0;
	char line[256];

	while (maps && !found && fgets(line, sizeof(line), maps))
		if (strstr(line, name))
			found = strtoul(line, NULL, 16);
	if (maps)
		fclose(maps);
	return (char *)found;
}

static int special_mapping(void)
{
	char *p = find_special("[vdso]");

	GO(!p || !lock(p, page_size()));
	return locked_kb(0);
}

FOR_BOTH(KAPI_SCENARIO, special_mapping, "returns")

/* Memory that the kernel may drop at any time cannot be locked. */
static int droppable_mapping(void)
{
	char *p = mmap(NULL, 4 * page_size(), PROT_READ | PROT_WRITE,
		       MAP_DROPPABLE | MAP_ANONYMOUS, -1, 0);

	GO(p == MAP_FAILED || !lock(p, 4 * page_size()));
	return locked_kb(0);
}

FOR_BOTH(KAPI_SCENARIO, droppable_mapping, "returns")

/* A stack that grows is locked from its first page on. */
static int stack(void)
{
	char *p = map_alone(4, MAP_GROWSDOWN);

	GO(p && !lock(p, 4 * page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, stack, "side_effects[absent]")

static int mixed_mappings(void)
{
	char *p = map_alone(6 * 4, 0);
	size_t size = 4 * page_size();
	int i, fd = memfd_create("kapi", 0);

	GO(p && fd >= 0 && !ftruncate(fd, size));
	for (i = 0; i < 6; i += 2)
		GO(mmap(p + i * size, size, PROT_READ, MAP_FIXED |
			(i & 2 ? MAP_SHARED : MAP_PRIVATE), fd, 0) == p + i * size);
	GO(!mprotect(p + size, page_size(), PROT_READ));
	GO(!lock(p + page_size(), 5 * size));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, mixed_mappings, "side_effects[not_locked]",
	 "side_effects[otherwise_charged]", "side_effects[absent]")

/* What was read before is the zero page, and must become one that can be written to. */
static int pages_that_were_read(void)
{
	char *p = map_alone(4, 0);
	int i;

	for (i = 0; p && i < 4; i++)
		GO(!p[i * page_size()]);
	GO(p && !lock(p, 4 * page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO_UNTIL, pages_that_were_read, "side_effects[absent]")

/* Of a private mapping the file's pages are copied; of a shared one they stay clean. */
static int pages_of_files(void)
{
	size_t size = 4 * page_size();
	int fd = memfd_create("kapi", 0);
	char *p = map_alone(4, 0), *shared = map_file(4, 4);

	GO(p && shared && fd >= 0 && !ftruncate(fd, size));
	GO(mmap(p, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0) == p);
	GO(!*p && !lock(p, size) && !lock(shared, size));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO_UNTIL, pages_of_files, "side_effects[absent]", "side_effects[written]")

/* Any access is enough. */
static int pages_not_to_be_read(void)
{
	size_t size = page_size();
	char *p = map_alone(2, 0);

	GO(p && !mprotect(p, size, PROT_WRITE) && !mprotect(p + size, size, PROT_EXEC));
	GO(!lock(p, size) && !lock(p + size, size));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, pages_not_to_be_read, "returns", "side_effects[absent]")

/* VMAs that merge with both neighbours while the call goes through them. */
static int merges_all(void)
{
	size_t size = page_size();
	char *p = map_alone(8, 0);

	GO(p && !lock(p, 2 * size) && !lock(p + 4 * size, 2 * size) && !lock(p, 8 * size));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, merges_all, "returns", "side_effects[vma_count]")

static int empty_call(void)
{
	return lock(NULL, 0);
}

static int signalled(void)
{
	return call_beside_signals(empty_call);
}

FOR_BOTH(KAPI_SCENARIO, signalled, "returns")

static int fault_in_many(void)
{
	char *p = absent_again();

	return !p || lock(p, MANY_PAGES * page_size());
}

static int signalled_in_populate(void)
{
	return call_under_signals(fault_in_many);
}

FOR_BOTH(KAPI_SCENARIO, signalled_in_populate, "returns", "side_effects[absent]")

/* === Errors, each for each of its reasons ================================= */

static int without_privilege(void)
{
	GO(!set_limit(0) && !drop_capability());
	FAILS(lock(NULL, 0), EPERM);
	FAILS(lock(map_alone(1, 0), page_size()), EPERM);
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, without_privilege, "errors[EPERM]", "capabilities[CAP_IPC_LOCK]")

static int wrapping_range(void)
{
	char *p = map_alone(1, 0);

	FAILS(lock(p, -2 * page_size()), EINVAL);
	FAILS(lock(p, -(size_t)p), EINVAL);
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, wrapping_range, "errors[EINVAL]", "constraints[wraps]", "failure")

/* What is locked in the range already is not counted twice; what is beside it, is. */
static int above_the_limit(void)
{
	size_t size = page_size();
	char *p = map_alone(8, 0), *all = map_alone(4, 0), *more = map_alone(5, 0);

	GO(p && all && more && !set_limit(4 * size + 1) && !drop_capability());
	FAILS(lock(more, 5 * size), ENOMEM);
	GO(lock(more, -2 * size));
	GO(!lock(all, 4 * size) && !lock(all, 4 * size) && !munlock(all, 4 * size));
	FAILS(lock(p, 5 * size), ENOMEM);
	GO(!lock(p, 3 * size) && !lock(p, 4 * size) && !lock(p, 4 * size));
	FAILS(lock(p + 1, 4 * size), ENOMEM);
	FAILS(lock(p + 2 * size, 4 * size), ENOMEM);
	FAILS(lock(p + 5 * size, size), ENOMEM);
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, above_the_limit, "errors[ENOMEM]", "constraints[over_limit]", "failure")

/* And with the capability there is no limit. */
static int privileged(void)
{
	char *p = map_alone(8, 0);

	GO(p && !set_limit(0) && !lock(p, 8 * page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, privileged, "returns", "side_effects[not_locked]")

static int unmapped_start(void)
{
	char *p = map_alone(8, 0);

	GO(p && !munmap(p, page_size()));
	FAILS(lock(p, 8 * page_size()), ENOMEM);
	FAILS(lock(NULL, page_size()), ENOMEM);
	return locked_kb(0);
}

FOR_BOTH(KAPI_SCENARIO, unmapped_start, "errors[ENOMEM]", "constraints[unmapped]")

static int unmapped_end(void)
{
	size_t size = page_size();
	char *p = map_alone(8, 0);

	GO(p && !munmap(p + 7 * size, size));
	FAILS(lock(p, 8 * size), ENOMEM);
	GO(locked_kb(0) == (long)(7 * size / 1024));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, unmapped_end, "errors[ENOMEM]", "constraints[unmapped]", "failure")

/* What is below the gap is locked, what is above is not. */
static int gap(void)
{
	size_t size = page_size();
	char *p = map_alone(8, 0);

	GO(p && !munmap(p + 4 * size, size));
	FAILS(lock(p, 8 * size), ENOMEM);
	GO(locked_kb(0) == (long)(4 * size / 1024));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, gap, "errors[ENOMEM]", "constraints[unmapped]", "failure")

static int too_many_mappings(void)
{
	char *p = map_alone(4, 0);

	GO(p && !use_up_maps());
	FAILS(lock(p + page_size(), 3 * page_size()), ENOMEM);
	FAILS(lock(p + page_size(), page_size()), ENOMEM);
	GO(!lock(p, 4 * page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, too_many_mappings, "errors[ENOMEM]", "constraints[too_many_vmas]")

static int no_access(void)
{
	size_t size = page_size();
	char *p = map_alone(4, 0);

	GO(p && !mprotect(p + 2 * size, size, PROT_NONE));
	FAILS(lock(p, 4 * size), ENOMEM);
	GO(locked_kb(0) == (long)(4 * size / 1024));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, no_access, "errors[ENOMEM]", "constraints[refused]", "failure")

static int no_access_at_all(void)
{
	char *p = map_alone(4, 0);

	GO(p && !mprotect(p, 4 * page_size(), PROT_NONE));
	FAILS(lock(p, 4 * page_size()), ENOMEM);
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, no_access_at_all, "errors[ENOMEM]", "constraints[refused]")

static int secret_memory(void)
{
	char *p = map_secret(4);

	if (!p && !has_secret_memory())
		return 0;
	FAILS(lock(p, 4 * page_size()), ENOMEM);
	return locked_kb(0);
}

TEST_F(mlock, secret_memory)
{
	flags_of_mlock2 = -1;
	EXPECT_EQ(0, run_alone(secret_memory));
	if (has_secret_memory())
		expect_held(_metadata, &self->before,
			    CLAUSES("errors[ENOMEM]", "constraints[refused]"));
}

TEST_F(mlock2, secret_memory)
{
	flags_of_mlock2 = MLOCK_ONFAULT;
	EXPECT_EQ(0, run_alone(secret_memory));
	if (has_secret_memory())
		expect_held(_metadata, &self->before,
			    CLAUSES("errors[ENOMEM]", "constraints[refused_on_fault]"));
}

/* It stays so, and is therefore not faulted in. */
static int secret_memory_on_fault(void)
{
	char *p;

	GO(!mlockall(MCL_FUTURE | MCL_ONFAULT));
	p = has_secret_memory() ? map_secret(4) : map_alone(4, 0);
	GO(p && !lock(p, 4 * page_size()));
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, secret_memory_on_fault, "returns")

static int behind_the_end_of_a_file(void)
{
	char *p = map_file(4, 2);

	FAILS(lock(p, 4 * page_size()), ENOMEM);
	return 0;
}

FOR_BOTH(KAPI_SCENARIO, behind_the_end_of_a_file, "errors[ENOMEM]", "constraints[unreadable]",
	 "failure")

/* Since Linux 6.13. */
static bool guard(char *p)
{
	return !madvise(p, page_size(), MADV_GUARD_INSTALL);
}

static bool has_guard_regions(void)
{
	char *p = map_alone(1, 0);

	return p && guard(p) && !munmap(p, page_size());
}

static int guard_region(void)
{
	char *p = map_alone(4, 0);

	GO(p && guard(p + page_size()));
	FAILS(lock(p, 4 * page_size()), ENOMEM);
	return 0;
}

FOR_BOTH(KAPI_SCENARIO_IF, guard_region, has_guard_regions(), "errors[ENOMEM]",
	 "constraints[unreadable]", "failure")

static int device_memory(void)
{
	char *p = map_device(2);

	GO(p || !has_device_memory());
	if (p)
		FAILS(lock(p, 2 * page_size()), EREMOTEIO);
	return 0;
}

TEST_F(mlock, device_memory)
{
	flags_of_mlock2 = -1;
	EXPECT_EQ(0, run_alone(device_memory));
	if (has_device_memory())
		expect_held(_metadata, &self->before, CLAUSES("errors[EREMOTEIO]"));
}

TEST_F(mlock2, device_memory)
{
	flags_of_mlock2 = MLOCK_ONFAULT;
	EXPECT_EQ(0, run_alone(device_memory));
	if (has_device_memory())
		expect_held(_metadata, &self->before, CLAUSES("errors[EREMOTEIO]"));
}

/* Its n-th allocation fails, for all n until it makes no more. */
static int want_of_memory(void)
{
	bool failed = true;
	int n, ret;

	for (n = 1; failed && n < 100; n++) {
		char *p = map_alone(4, 0);

		GO(p && !fail_allocation(n));
		ret = lock(p + page_size(), page_size());
		GO(!ret || errno == ENOMEM || errno == EAGAIN);
		failed = allocation_failed();
		GO(!fail_allocation(0));
	}
	return failed;
}

FOR_BOTH(KAPI_SCENARIO_IF, want_of_memory, can_fail_allocations(), "constraints[no_vma]",
	 "errors[ENOMEM]", "errors[EAGAIN]", "constraints[unfilled]")

/* No VMA is split or merged, so only the page's allocation can fail. */
static int want_of_one_page(void)
{
	char *p = map_alone(1, 0);

	GO(p && !fail_allocation(1));
	FAILS(lock(p, page_size()), EAGAIN);
	return fail_allocation(0);
}

FOR_BOTH(KAPI_SCENARIO_IF, want_of_one_page, can_fail_allocations(), "errors[EAGAIN]",
	 "constraints[unfilled]", "failure")

/* === What only mlock2() has =============================================== */

static int invalid_flags(void)
{
	char *p = map_alone(1, 0);

	FAILS(mlock2_(p, page_size(), 4), EINVAL);
	GO(!set_limit(0) && !drop_capability());
	FAILS(mlock2_(p, page_size(), 2), EINVAL);
	FAILS(mlock2_(p, page_size(), -1), EINVAL);
	FAILS(mlock2_(p, page_size(), 1 << 31), EINVAL);
	return 0;
}

KAPI_SCENARIO(mlock2, invalid_flags, "errors[EINVAL]", "params[flags]")

static int on_fault(void)
{
	char *p = map_alone(PAGES, 0);

	GO(p && !mprotect(p, page_size(), PROT_NONE));
	GO(!mlock2_(p, PAGES * page_size(), MLOCK_ONFAULT));
	GO(locked_kb(0) == (long)(PAGES * page_size() / 1024));
	return 0;
}

KAPI_SCENARIO_UNTIL(mlock2, on_fault, "side_effects[not_locked_on_fault]",
		    "side_effects[otherwise_charged]", "side_effects[faulted_in]")

/* What is refused is not faulted in. */
static int on_fault_over_a_guard(void)
{
	char *p = map_alone(4, 0);

	GO(p && guard(p + page_size()) && !mlock2_(p, 4 * page_size(), MLOCK_ONFAULT));
	return 0;
}

KAPI_SCENARIO_IF(mlock2, on_fault_over_a_guard, has_guard_regions(), "side_effects[unguarded]",
		 "side_effects[not_locked_on_fault]")

/* More bytes than 32 bits can say. */
static int on_fault_for_many_pages(void)
{
	size_t len = sizeof(long) > 4 ? 5UL << 30 : 1UL << 30;
	char *p = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	GO(p != MAP_FAILED && !set_limit(len) && !drop_capability());
	GO(!mlock2_(p, len, MLOCK_ONFAULT) && !mlock2_(p, len, MLOCK_ONFAULT));
	GO(locked_kb(0) == (long)(len / 1024) && !munlock(p, len));
	return locked_kb(0);
}

KAPI_SCENARIO(mlock2, on_fault_for_many_pages, "side_effects[not_locked_on_fault]",
	      "side_effects[otherwise_charged]")

static int on_fault_for_present_pages(void)
{
	char *p = touch(map_alone(PAGES, 0), PAGES);

	GO(p && !mlock2_(p, PAGES * page_size(), MLOCK_ONFAULT));
	return 0;
}

KAPI_SCENARIO_UNTIL(mlock2, on_fault_for_present_pages, "side_effects[not_mlocked]")

/* === Killed =============================================================== */

/* With an empty range, it can only be killed while waiting for mmap_lock. */
KAPI_KILLED_WAITING(mlock, mlock_killed_waiting, mlock(NULL, 0), "returns")
KAPI_KILLED_WAITING(mlock2, mlock2_killed_waiting, mlock2_(NULL, 0, MLOCK_ONFAULT), "returns")

static char *delayed;

static void fault_in_forever(void)
{
	delayed = map_alone(4, 0);
	if (!delay_faults(delayed, 4))
		return;
	be_ready();
	lock(delayed, 4 * page_size());
}

/* Killed when the pages are locked and are being faulted in. */
static bool kill_in_populate(void)
{
	pid_t pid = fork_to(fault_in_forever);
	bool locked = false;

	wait_until_ready(pid);
	while (!kill(pid, 0) && !(locked = locked_kb(pid) > 0))
		usleep(100);
	kill_and_wait(pid);
	return locked;
}

#define KILLED_IN_POPULATE(_call, _flags)				\
	TEST_F_TIMEOUT(_call, killed_in_populate, 60)			\
	{								\
		if (!can_delay_faults())				\
			SKIP(return, "needs CONFIG_USERFAULTFD");	\
		flags_of_mlock2 = _flags;				\
		ASSERT_TRUE(kill_in_populate());			\
		expect_held(_metadata, &self->before,			\
			    CLAUSES("errors[EINTR]", "signals[any_fatal]", "failure")); \
	}

KILLED_IN_POPULATE(mlock, -1)
KILLED_IN_POPULATE(mlock2, 0)

/* === A shared mm ========================================================== */

static void *lock_and_unlock(void *stop)
{
	size_t size = 16 * page_size();

	while (!__atomic_load_n((int *)stop, __ATOMIC_RELAXED)) {
		char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			continue;
		lock(p, size);
		mprotect(p, size, PROT_NONE);
		lock(p, size);
		munlock(p + page_size(), size);
		munmap(p, size);
	}
	return NULL;
}

static int look_on(void)
{
	return usleep(200000);
}

static int threads_share(void)
{
	return beside_threads(lock_and_unlock, look_on);
}

FOR_BOTH(KAPI_SCENARIO, threads_share, "returns", "side_effects[not_locked]",
	 "constraints[refused]")

KAPI_ALL_HELD(mlock)
KAPI_ALL_HELD(mlock2)

TEST_HARNESS_MAIN
