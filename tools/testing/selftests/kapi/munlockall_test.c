// SPDX-License-Identifier: GPL-2.0
/*
 * Exercises every clause of munlockall()'s spec, with the validator on, and
 * checks that each of them held and none was violated.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "kapi_expect.h"

#define SPEC		"sys_munlockall"

KAPI_FIXTURE(munlockall)

static int nothing_locked(void)
{
	return munlockall() ? 1 : 0;
}

KAPI_SCENARIO(munlockall, nothing_locked, "context", "returns", "locks", "signals",
	      "locks[mmap_lock]")

/* Twice, so that the first pages are past the batch of new ones. */
static int lock_pages(void)
{
	char *p = map_alone(PAGES, 0), *q = map_alone(1, 0);

	GO(p && q && !mlock(p, PAGES * page_size()) && !mlock(q, page_size()));
	return 0;
}

static int locked_pages(void)
{
	return lock_pages() || munlockall();
}

KAPI_SCENARIO(munlockall, locked_pages, "locks[vm_lock]", "locks[ptl]", "locks[mlock_fbatch]",
	      "locks[lru_fbatches]", "locks[lru_lock]", "side_effects[all_still_locked]",
	      "side_effects[kept_charge]")

/*
 * These clauses are undecided if the task was switched out, or if other tasks
 * locked or unlocked pages: it may take more than one try.
 */
static int pages_that_are_let_go(void)
{
	return locked_pages();
}

KAPI_SCENARIO_UNTIL(munlockall, pages_that_are_let_go, "side_effects[all_mlocked]")

/* Neither limit nor privilege is looked at. */
static int without_privilege(void)
{
	GO(!lock_pages() && !set_limit(0) && !drop_capability() && !munlockall());
	return locked_kb(0);
}

KAPI_SCENARIO(munlockall, without_privilege, "returns", "side_effects[all_still_locked]")

static int signalled(void)
{
	return call_beside_signals(munlockall);
}

KAPI_SCENARIO(munlockall, signalled, "returns")

static int mcl_future(void)
{
	return mlockall(MCL_FUTURE) || munlockall() ||
	       mlockall(MCL_CURRENT | MCL_FUTURE) || munlockall();
}

static int mcl_onfault(void)
{
	return mlockall(MCL_FUTURE | MCL_ONFAULT) || munlockall() ||
	       mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || munlockall();
}

KAPI_SCENARIO(munlockall, mcl_future, "side_effects[future_locked]")
KAPI_SCENARIO(munlockall, mcl_onfault, "side_effects[future_locked]",
	      "side_effects[all_still_locked]")

static int lock_on_fault(void)
{
	char *p = map_alone(PAGES, 0);

	GO(p && !mlock2_(p, PAGES * page_size(), MLOCK_ONFAULT));
	p[0] = 1;
	return munlockall();
}

KAPI_SCENARIO(munlockall, lock_on_fault, "side_effects[all_still_locked]")

/* Secret memory is locked by MCL_FUTURE, and stays so. */
static int secret_memory(void)
{
	char *p, *q = map_alone(4, 0);

	GO(q && !mlockall(MCL_FUTURE));
	p = map_secret(4);
	if (!p && !has_secret_memory())
		return 0;
	GO(p && !mlock(q, 4 * page_size()));
	p[0] = 1;
	GO(!munlockall() && locked_kb(0) == (long)(4 * page_size() / 1024));
	return 0;
}

KAPI_SCENARIO(munlockall, secret_memory, "side_effects[all_secretmem]")

/* Half of a mapping locked is two VMAs, which become one again. */
static int merge(char *p)
{
	size_t size = PAGES * page_size();

	GO(touch(p, PAGES));
	return mlock(p, size / 2) || munlockall() || locked_kb(0);
}

static int merge_file(void)
{
	return merge(map_file(PAGES, PAGES));
}

static int merge_anonymous(void)
{
	return merge(map_alone(PAGES, 0));
}

KAPI_SCENARIO(munlockall, merge_file, "locks[i_mmap_rwsem]", "side_effects[map_count]")
KAPI_SCENARIO(munlockall, merge_anonymous, "locks[anon_vma]", "side_effects[map_count]")

/* Many VMAs, alike and not, locked and not. */
static int many_vmas(void)
{
	int i;

	for (i = 0; i < 100; i++) {
		char *p = map_alone(4, i % 3 ? 0 : MAP_LOCKED);

		if (!p || (i % 5 == 0 && mprotect(p, page_size(), PROT_READ)) ||
		    (i % 7 == 0 && mlock(p + page_size(), page_size())))
			return 1;
	}
	return munlockall() || locked_kb(0);
}

KAPI_SCENARIO(munlockall, many_vmas, "side_effects[all_still_locked]",
	      "side_effects[kept_charge]")

/* === A shared mm ========================================================== */

static void *lock_and_unlock(void *stop)
{
	size_t size = 16 * page_size();

	while (!__atomic_load_n((int *)stop, __ATOMIC_RELAXED)) {
		char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);

		if (p == MAP_FAILED)
			continue;
		mlockall(MCL_FUTURE);
		munlockall();
		munmap(p, size);
	}
	return NULL;
}

static int lock_and_unlock_all(void)
{
	int i, failed = 0;

	for (i = 0; i < 100 && !failed; i++)
		failed = mlockall(MCL_CURRENT | MCL_FUTURE) || munlockall();
	return failed;
}

static int threads_share(void)
{
	return beside_threads(lock_and_unlock, lock_and_unlock_all);
}

KAPI_SCENARIO(munlockall, threads_share, "returns", "locks[mmap_lock]",
	      "side_effects[future_locked]")

static int vfork_shares(void)
{
	pid_t pid;
	int status;

	if (lock_pages())
		return 1;
	pid = vfork();
	if (!pid)
		_exit(munlockall());
	return waitpid(pid, &status, 0) != pid || status || locked_kb(0);
}

KAPI_SCENARIO(munlockall, vfork_shares, "returns", "side_effects[all_still_locked]")

/* === Killed while waiting ================================================= */

/* With something to undo, so that a call that fails has something to leave alone. */
static void unlock_forever(void)
{
	be_ready();
	for (;;) {
		mlockall(MCL_FUTURE);
		munlockall();
	}
}

static void *unlock_in_thread(void *unused)
{
	unlock_forever();
	return NULL;
}

static void wait_in_threads(void)
{
	pthread_t thread;

	hold_mmap_lock_in_thread();
	start_thread(&thread, unlock_in_thread, NULL);
	unlock_forever();
}

#define LARGE	(16UL << 20)

/* Its memory at the same address in parent and child. */
static char *large;

/* Holds the mmap_lock of another process, for read, for as long as that takes. */
static void read_forever(pid_t pid)
{
	static char sink[LARGE];
	struct iovec to = { sink, LARGE }, from = { large, LARGE };

	for (;;)
		process_vm_readv(pid, &to, 1, &from, 1, 0);
}

/*
 * User space cannot see -EINTR, as the task that gets it dies; the validator
 * can. No other task can change the mm here, so "failure" must hold.
 */
TEST_F_TIMEOUT(munlockall, killed_while_another_process_holds_the_lock, 180)
{
	long long before = kapi_held(SPEC, "failure");
	int i, status;

	large = mmap(NULL, LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, large);
	memset(large, 1, LARGE);
	for (i = 0; i < MAX_TRIES && kapi_held(SPEC, "failure") == before; i++) {
		pid_t pid = fork_to(unlock_forever), reader = fork();

		if (!reader)
			read_forever(pid);
		kill_later(pid, i);
		kill(reader, SIGKILL);
		waitpid(reader, &status, 0);
	}
	TH_LOG("seen after %d tries", i);
	expect_held(_metadata, &self->before,
		    CLAUSES("errors[EINTR]", "signals[any_fatal]", "failure"));
}

KAPI_KILLED_UNTIL(munlockall, wait_in_threads, "returns")

/* Most of its time is spent unlocking VMAs that do not merge. */
static void unlock_many_forever(void)
{
	int i;

	for (i = 0; i < 300; i++)
		map_alone(1, 0);
	be_ready();
	for (;;) {
		mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
		munlockall();
	}
}

/* Once it has the lock nothing interrupts it: what it returns then is 0. */
TEST_F_TIMEOUT(munlockall, killed_while_it_unlocks, 180)
{
	long long failed = kapi_held(SPEC, "errors[EINTR]");
	int i;

	for (i = 0; i < 60; i++)
		kill_later(fork_to(unlock_many_forever), i);
	EXPECT_EQ(failed, kapi_held(SPEC, "errors[EINTR]"));
	expect_held(_metadata, &self->before, CLAUSES("returns"));
}

/* === The switch =========================================================== */

TEST_F_TIMEOUT(munlockall, switched_under_load, 180)
{
	pthread_t thread[3];
	int i, stop = 0;

	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, start_thread(&thread[i], lock_and_unlock, &stop));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, kapi_switch(i % 2));
		usleep(2000);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	EXPECT_EQ(0, run_alone(locked_pages));
	expect_held(_metadata, &self->before, CLAUSES("returns", "locks[mmap_lock]"));
}

TEST_F(munlockall, nothing_is_counted_while_off)
{
	struct kapi_coverage before, after;

	ASSERT_EQ(0, kapi_switch(false));
	before = kapi_coverage(SPEC);
	EXPECT_EQ(0, run_alone(locked_pages));
	after = kapi_coverage(SPEC);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

TEST_F(munlockall, switch_takes_0_and_1_only)
{
	char *text = kapi_read("validate");

	EXPECT_STREQ("1\n", text);
	EXPECT_EQ(-1, kapi_write("validate", "2"));
	EXPECT_EQ(-1, kapi_write("validate", "yes, please"));
	EXPECT_EQ(-1, kapi_write("coverage", "1"));
	EXPECT_EQ(-1, kapi_write("on_violation", "cry"));
	free(text);
}

static int pin_to_this_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	return sched_setaffinity(0, sizeof(cpus), &cpus);
}

TEST_F(munlockall, one_call_in_ten_is_checked)
{
	char *every = kapi_read("every");
	long long held;
	int i;

	ASSERT_NE(NULL, every);
	ASSERT_EQ(0, pin_to_this_cpu());
	held = kapi_held(SPEC, "returns");
	EXPECT_EQ(0, kapi_write("every", "10"));
	for (i = 0; i < 100; i++)
		munlockall();
	EXPECT_EQ(held + 10, kapi_held(SPEC, "returns"));
	EXPECT_EQ(-1, kapi_write("every", "0"));
	EXPECT_EQ(-1, kapi_write("every", "4294967296"));
	EXPECT_EQ(0, kapi_write("every", every));
	free(every);
}

/* === All of it ============================================================ */

KAPI_ALL_HELD(munlockall)

TEST_HARNESS_MAIN
