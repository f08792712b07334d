// SPDX-License-Identifier: GPL-2.0
/*
 * Makes every clause of munlockall's spec happen, with the validator on, and
 * looks at what it says: each of them kept, none broken.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "kapi_coverage.h"

#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT	1
#endif
#ifndef MCL_ONFAULT
#define MCL_ONFAULT	4
#endif
#ifndef __NR_memfd_secret
#define __NR_memfd_secret	447
#endif

#define SPEC		"sys_munlockall"
#define MAX_TRIES	5000	/* of what needs a race */
#define PAGES		64	/* more than wait in a batch of folios */

/* What the scenario is to have happen; NULL ends the list. */
#define CLAUSES(...)	((const char *const []){ __VA_ARGS__, NULL })

FIXTURE(munlockall) {
	struct kapi_coverage before;
};

FIXTURE_SETUP(munlockall)
{
	if (geteuid())
		SKIP(return, "only root can read debugfs");
	if (kapi_open("validate", O_RDWR) < 0)
		SKIP(return, "no " KAPI_DIR "/validate: CONFIG_KAPI_RUNTIME_CHECKS=y");
	ASSERT_EQ(0, kapi_write("validate", "1"));
	self->before = kapi_coverage(SPEC);
	ASSERT_LT(0, self->before.count);
}

FIXTURE_TEARDOWN(munlockall)
{
	EXPECT_EQ(0, kapi_write("validate", "0"));
}

/* A clause that this kernel cannot decide has nothing to be kept. */
static bool is_kept(const struct kapi_coverage *before, const struct kapi_coverage *after,
		    const char *clause)
{
	const struct kapi_line *b = kapi_find_line(before, clause);
	const struct kapi_line *a = kapi_find_line(after, clause);

	return a && b && (a->kept < 0 || a->kept > b->kept);
}

static bool all_kept(const struct kapi_coverage *before, const char *const *clauses)
{
	struct kapi_coverage after = kapi_coverage(SPEC);

	while (*clauses && is_kept(before, &after, *clauses))
		clauses++;
	return !*clauses;
}

/* Each of the clauses was kept since the test began, if this kernel has it. */
static void expect_kept(struct __test_metadata *_metadata,
			const struct kapi_coverage *before, const char *const *clauses)
{
	struct kapi_coverage after = kapi_coverage(SPEC);
	int i;

	for (; *clauses; clauses++)
		EXPECT_TRUE(is_kept(before, &after, *clauses)) {
			TH_LOG("not seen: %s", *clauses);
		}
	for (i = 0; i < after.count; i++)
		EXPECT_EQ(before->line[i].broken, after.line[i].broken) {
			TH_LOG("broken: %s %s", after.line[i].clause, after.line[i].text);
		}
}

/* Not to be merged with anything: nothing else of the process is beside it. */
static char *map_alone(size_t size, int flags)
{
	size_t gap = 1 << 16;
	char *p = mmap(NULL, size + 2 * gap, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	munmap(p, gap);
	munmap(p + gap + size, gap);
	p = mmap(p + gap, size, PROT_READ | PROT_WRITE,
		 flags | MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

static size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

typedef int (*scenario_fn)(void);

/* In a process of its own, where nothing else is locked: 0 if all went well. */
static int run_alone(scenario_fn scenario)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(scenario());
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static int nothing_locked(void)
{
	return munlockall() ? 1 : 0;
}

TEST_F(munlockall, with_nothing_locked)
{
	EXPECT_EQ(0, run_alone(nothing_locked));
	expect_kept(_metadata, &self->before,
		    CLAUSES("context", "returns", "locks", "signals", "locks[0]"));
}

/* Twice, so that the first pages are past the batch of new ones. */
static int lock_pages(void)
{
	char *p = map_alone(PAGES * page_size(), 0);
	char *q = map_alone(page_size(), 0);

	if (!p || !q || mlock(p, PAGES * page_size()) || mlock(q, page_size()))
		return 1;
	return 0;
}

static int locked_pages(void)
{
	return lock_pages() || munlockall();
}

TEST_F(munlockall, with_locked_pages)
{
	EXPECT_EQ(0, run_alone(locked_pages));
	expect_kept(_metadata, &self->before,
		    CLAUSES("locks[1]", "locks[2]", "locks[3]", "locks[4]", "locks[5]",
			    "side_effects[1]", "side_effects[2]", "state_trans[5]"));
}

/*
 * Of these nothing can be said if the task was switched away from meanwhile, or if
 * others locked and unlocked pages: it may take more than one try.
 */
TEST_F_TIMEOUT(munlockall, with_pages_that_are_let_go, 180)
{
	const char *const *clauses = CLAUSES("side_effects[4]", "side_effects[5]",
					     "state_trans[3]", "state_trans[4]");
	int i;

	for (i = 0; i < MAX_TRIES && !all_kept(&self->before, clauses); i++)
		ASSERT_EQ(0, run_alone(locked_pages));
	TH_LOG("seen after %d tries", i);
	expect_kept(_metadata, &self->before, clauses);
}

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

TEST_F(munlockall, after_mcl_future)
{
	EXPECT_EQ(0, run_alone(mcl_future));
	expect_kept(_metadata, &self->before, CLAUSES("side_effects[0]", "state_trans[0]"));
}

TEST_F(munlockall, after_mcl_onfault)
{
	EXPECT_EQ(0, run_alone(mcl_onfault));
	expect_kept(_metadata, &self->before,
		    CLAUSES("side_effects[0]", "state_trans[0]", "state_trans[1]"));
}

static int lock_on_fault(void)
{
	char *p = map_alone(PAGES * page_size(), 0);

	return !p || syscall(SYS_mlock2, p, PAGES * page_size(), MLOCK_ONFAULT) ||
	       (p[0] = 1, munlockall());
}

TEST_F(munlockall, after_mlock_onfault)
{
	EXPECT_EQ(0, run_alone(lock_on_fault));
	expect_kept(_metadata, &self->before, CLAUSES("side_effects[1]", "state_trans[1]"));
}

/* VmLck, in kB, as the process itself sees it. */
static long locked_kb(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];
	long kb = -1;

	while (status && kb < 0 && fgets(line, sizeof(line), status))
		sscanf(line, "VmLck: %ld kB", &kb);
	if (status)
		fclose(status);
	return kb;
}

#define NO_SECRETMEM	77

/* Secret memory is locked by MCL_FUTURE, and stays so. */
static int secret_memory(void)
{
	int fd = syscall(__NR_memfd_secret, 0);
	size_t size = 4 * page_size();
	char *p, *q = map_alone(size, 0);

	if (fd < 0)
		return NO_SECRETMEM;
	if (ftruncate(fd, size) || mlockall(MCL_FUTURE))
		return 2;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED || !q || mlock(q, size))
		return 3;
	p[0] = 1;
	if (munlockall())
		return 4;
	return locked_kb() == (long)size / 1024 ? 0 : 5;
}

TEST_F(munlockall, with_secret_memory)
{
	int ret = run_alone(secret_memory);

	/* Where there is none, coverage says so: only then is it all right. */
	EXPECT_EQ(kapi_kept(SPEC, "state_trans[2]") < 0 ? NO_SECRETMEM : 0, ret);
	expect_kept(_metadata, &self->before, CLAUSES("state_trans[2]"));
}

/* Half of a mapping locked is two VMAs, which become one again. */
static int merge(int fd)
{
	size_t size = PAGES * page_size();
	char *p = map_alone(size, 0);

	if (!p)
		return 1;
	if (fd >= 0 && mmap(p, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) != p)
		return 2;
	memset(p, 1, size);
	return mlock(p, size / 2) || munlockall() || locked_kb();
}

static int merge_file(void)
{
	int fd = memfd_create("kapi", 0);

	return fd < 0 || ftruncate(fd, PAGES * page_size()) || merge(fd);
}

static int merge_anonymous(void)
{
	return merge(-1);
}

TEST_F(munlockall, merges_vmas)
{
	EXPECT_EQ(0, run_alone(merge_file));
	expect_kept(_metadata, &self->before, CLAUSES("locks[6]", "side_effects[3]"));
	self->before = kapi_coverage(SPEC);
	EXPECT_EQ(0, run_alone(merge_anonymous));
	expect_kept(_metadata, &self->before, CLAUSES("locks[7]", "side_effects[3]"));
}

/* Many VMAs, alike and not, locked and not. */
static int many_vmas(void)
{
	int i;

	for (i = 0; i < 100; i++) {
		char *p = map_alone(4 * page_size(), i % 3 ? 0 : MAP_LOCKED);

		if (!p || (i % 5 == 0 && mprotect(p, page_size(), PROT_READ)) ||
		    (i % 7 == 0 && mlock(p + page_size(), page_size())))
			return 1;
	}
	return munlockall() || locked_kb();
}

TEST_F(munlockall, with_many_vmas)
{
	EXPECT_EQ(0, run_alone(many_vmas));
	expect_kept(_metadata, &self->before, CLAUSES("side_effects[1]", "side_effects[2]"));
}

/* With a stack of a size that is quickly locked; 0 or an error. */
static int start_thread(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	pthread_attr_t attr;
	int ret;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1 << 16);
	ret = pthread_create(thread, &attr, fn, arg);
	pthread_attr_destroy(&attr);
	return ret;
}

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

static int threads_share(void)
{
	pthread_t thread[3];
	int i, stop = 0, failed = 0;

	for (i = 0; i < 3; i++)
		failed |= start_thread(&thread[i], lock_and_unlock, &stop);
	for (i = 0; i < 100 && !failed; i++)
		failed |= mlockall(MCL_CURRENT | MCL_FUTURE) || munlockall();
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	return failed;
}

TEST_F_TIMEOUT(munlockall, with_an_mm_that_threads_share, 180)
{
	EXPECT_EQ(0, run_alone(threads_share));
	expect_kept(_metadata, &self->before, CLAUSES("returns", "locks[0]", "side_effects[0]"));
}

static int vfork_shares(void)
{
	pid_t pid;
	int status;

	if (lock_pages())
		return 1;
	pid = vfork();
	if (!pid)
		_exit(munlockall());
	return waitpid(pid, &status, 0) != pid || status || locked_kb();
}

TEST_F(munlockall, with_an_mm_that_a_parent_shares)
{
	EXPECT_EQ(0, run_alone(vfork_shares));
	expect_kept(_metadata, &self->before, CLAUSES("returns", "side_effects[1]"));
}

/* === Killed while waiting ================================================= */

/* Shared with the child that is to be killed: it is past its preparations. */
static int *ready;

/* With something to undo, so that a call that fails has something to leave alone. */
static void unlock_forever(void)
{
	*ready = 1;
	for (;;) {
		mlockall(MCL_FUTURE);
		munlockall();
	}
}

/* Half of the time the mmap_lock is held for write. */
static void *hold_mmap_lock(void *unused)
{
	for (;;)
		mlockall(MCL_CURRENT);
	return NULL;
}

static void *unlock_in_thread(void *unused)
{
	unlock_forever();
	return NULL;
}

static void wait_in_threads(void)
{
	pthread_t thread;
	int i;

	for (i = 0; i < 200; i++)
		map_alone(page_size(), 0);
	start_thread(&thread, hold_mmap_lock, NULL);
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

/* Ends a child at a time that differs from try to try. */
static void kill_later(pid_t pid, int try)
{
	int status;

	while (!__atomic_load_n(ready, __ATOMIC_RELAXED) && !waitpid(pid, &status, WNOHANG))
		usleep(100);
	usleep(try * 977 % 20000);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

static long long interrupted(void)
{
	return kapi_kept(SPEC, "errors[0]");
}

static pid_t fork_to(void (*fn)(void))
{
	pid_t pid;

	if (!ready)
		ready = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	*ready = 0;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fn();
		_exit(1);
	}
	return pid;
}

/*
 * User space cannot see -EINTR: whoever gets it does not come back. The validator
 * does.
 */
TEST_F_TIMEOUT(munlockall, killed_while_a_thread_holds_the_lock, 180)
{
	long long before = interrupted();
	int i;

	for (i = 0; i < MAX_TRIES && interrupted() == before; i++)
		kill_later(fork_to(wait_in_threads), i);
	TH_LOG("seen after %d tries", i);
	expect_kept(_metadata, &self->before, CLAUSES("returns", "errors[0]", "signals[0]"));
}

/* Then nobody but the caller could have changed its mm: an error changes nothing. */
TEST_F_TIMEOUT(munlockall, killed_while_another_process_holds_the_lock, 180)
{
	long long before = kapi_kept(SPEC, "failure");
	int i, status;

	large = mmap(NULL, LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, large);
	memset(large, 1, LARGE);
	for (i = 0; i < MAX_TRIES && kapi_kept(SPEC, "failure") == before; i++) {
		pid_t pid = fork_to(unlock_forever), reader = fork();

		if (!reader)
			read_forever(pid);
		kill_later(pid, i);
		kill(reader, SIGKILL);
		waitpid(reader, &status, 0);
	}
	TH_LOG("seen after %d tries", i);
	expect_kept(_metadata, &self->before, CLAUSES("errors[0]", "signals[0]", "failure"));
}

/* Most of its time is spent unlocking VMAs that do not merge. */
static void unlock_many_forever(void)
{
	int i;

	for (i = 0; i < 300; i++)
		map_alone(page_size(), 0);
	*ready = 1;
	for (;;) {
		mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
		munlockall();
	}
}

/* Once it has the lock nothing interrupts it: what it returns then is 0. */
TEST_F_TIMEOUT(munlockall, killed_while_it_unlocks, 180)
{
	long long failed = kapi_kept(SPEC, "errors[0]");
	int i;

	for (i = 0; i < 60; i++)
		kill_later(fork_to(unlock_many_forever), i);
	EXPECT_EQ(failed, kapi_kept(SPEC, "errors[0]"));
	expect_kept(_metadata, &self->before, CLAUSES("returns", "side_effects[1]"));
}

/* === The switch =========================================================== */

TEST_F_TIMEOUT(munlockall, switched_under_load, 180)
{
	pthread_t thread[3];
	int i, stop = 0;

	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, start_thread(&thread[i], lock_and_unlock, &stop));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, kapi_write("validate", i % 2 ? "1" : "0"));
		usleep(2000);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	EXPECT_EQ(0, run_alone(locked_pages));
	expect_kept(_metadata, &self->before, CLAUSES("returns", "locks[0]"));
}

TEST_F(munlockall, nothing_is_counted_while_off)
{
	struct kapi_coverage before, after;

	ASSERT_EQ(0, kapi_write("validate", "0"));
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

/* === All of it ============================================================ */

/* The last of the tests: what the others had happen. */
TEST_F(munlockall, every_clause_was_kept)
{
	struct kapi_coverage c = kapi_coverage(SPEC);
	int i, prose = 0;

	for (i = 0; i < c.count; i++) {
		const struct kapi_line *line = &c.line[i];

		prose += !!strstr(line->text, "(prose)");
		EXPECT_TRUE(line->kept > 0 || strstr(line->text, "(needs CONFIG_") ||
			    strstr(line->text, "(prose)")) {
			TH_LOG("never seen: %s %s", line->clause, line->text);
		}
		EXPECT_GE(0, line->broken) {
			TH_LOG("broken: %s %s", line->clause, line->text);
		}
	}
	EXPECT_GE(c.count / 10, prose);
}

TEST_HARNESS_MAIN
