// SPDX-License-Identifier: GPL-2.0
/*
 * Correct behaviour that a validator might mistake for a violation: it must
 * report nothing. Also run this with an audit rule loaded, and with
 * rseq_debug=1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/userfaultfd.h>

#include "kapi_expect.h"

#ifndef UFFDIO_POISON
struct uffdio_poison {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};

#define UFFDIO_POISON		_IOWR(UFFDIO, 0x08, struct uffdio_poison)
#define UFFD_FEATURE_POISON	0x4000
#endif

#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED	24
#endif

#define NOBODY		65534

KAPI_SILENT_FIXTURE(mlock_correct, "sys_mlock")

/* === Memory that cannot be had ============================================ */

/* A page stays poisoned when the userfaultfd that poisoned it is closed. */
static int lock_poisoned_page(void)
{
	size_t page = page_size();
	char *p = map_alone(2, 0);
	struct uffdio_api api = { .api = UFFD_API, .features = UFFD_FEATURE_POISON };
	struct uffdio_register reg = {
		.range = { (unsigned long)p, 2 * page },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct uffdio_poison poison = { .range = { (unsigned long)p, page } };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	GO(fd >= 0 && !ioctl(fd, UFFDIO_API, &api) && !ioctl(fd, UFFDIO_REGISTER, &reg));
	GO(!ioctl(fd, UFFDIO_POISON, &poison) && !close(fd));
	FAILS(mlock(p, 2 * page), ENOMEM);
	return 0;
}

TEST_F(mlock_correct, poisoned_page)
{
	if (!can_delay_faults())
		SKIP(return, "needs CONFIG_USERFAULTFD");
	EXPECT_EQ(0, run_alone(lock_poisoned_page));
	expect_held(_metadata, &self->before, CLAUSES("errors[ENOMEM]", "constraints[unreadable]"));
}

/* The validator checks only some of so many pages, and not the guard page. */
static int lock_with_a_guard_inside(void)
{
	char *p = map_alone(PAGES, 0);

	GO(p);
	if (madvise(p + PAGES / 2 * page_size(), page_size(), MADV_GUARD_INSTALL))
		return 0;
	FAILS(mlock(p, PAGES * page_size()), ENOMEM);
	return 0;
}

TEST_F(mlock_correct, guard_inside)
{
	EXPECT_EQ(0, run_alone(lock_with_a_guard_inside));
}

/* Pages are faulted in after mmap_lock was given back and taken again for read. */
static int lock_absent_pages(void)
{
	size_t len = 4 * page_size();
	int i;

	for (i = 0; i < 100; i++) {
		char *p = map_alone(4, 0);

		GO(p && !mlock(p, len) && !munmap(p, len));
	}
	return 0;
}

TEST_F(mlock_correct, absent_pages)
{
	EXPECT_EQ(0, run_alone(lock_absent_pages));
	expect_held(_metadata, &self->before, CLAUSES("returns", "side_effects[absent]"));
}

/* === Memory that others change, who seem to share nothing ================= */

/* All on one CPU, so that a task can be switched out anywhere in a call. */
static int stay_together(void)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	return sched_setaffinity(0, sizeof(first), &first);
}

static int refusing_uffd;
static char *refused;

/* Page faults are refused for a while, with a userfaultfd. */
static void refuse_at_times(void)
{
	struct uffdio_range range = { (unsigned long)refused, 4 * page_size() };

	for (;;) {
		register_missing(refusing_uffd, refused, 4);
		ioctl(refusing_uffd, UFFDIO_UNREGISTER, &range);
	}
}

static int lock_pages_refused_at_times(void)
{
	size_t len = 4 * page_size();
	pid_t pid;
	int i;

	refusing_uffd = open_userfaultfd(UFFD_FEATURE_SIGBUS);
	refused = map_alone(4, 0);
	GO(refused && refusing_uffd >= 0 && !stay_together());
	pid = fork_to(refuse_at_times);
	for (i = 0; i < 5000; i++) {
		mlock(refused, len);
		munlock(refused, len);
		madvise(refused, len, MADV_DONTNEED);
	}
	kill_and_wait(pid);
	return 0;
}

TEST_F_TIMEOUT(mlock_correct, pages_refused_at_times, 300)
{
	if (!can_delay_faults())
		SKIP(return, "needs CONFIG_USERFAULTFD");
	EXPECT_EQ(0, run_alone(lock_pages_refused_at_times));
}

/* Of a process that is to be killed, and of its child, which is not. */
static struct {
	int ready;
	int go;
	int stop;
} *vforked;

static char *dropped;

/* Goes on for a while in a process that has been killed. */
static void *drop_pages(void *unused)
{
	static struct iovec pages[1024];
	int i, self = syscall(SYS_pidfd_open, getpid(), 0);

	for (i = 0; i < 1024; i++)
		pages[i] = (struct iovec){ dropped, 16 * page_size() };
	__atomic_add_fetch(&vforked->ready, 1, __ATOMIC_RELAXED);
	while (!__atomic_load_n(&vforked->go, __ATOMIC_RELAXED))
		;
	syscall(SYS_process_madvise, self, pages, 1024, MADV_DONTNEED_LOCKED, 0);
	return NULL;
}

static void *vfork_to_lock(void *unused)
{
	const size_t len = 16 * page_size();

	if (vfork())
		return NULL;
	__atomic_add_fetch(&vforked->ready, 1, __ATOMIC_RELAXED);
	while (!__atomic_load_n(&vforked->stop, __ATOMIC_RELAXED)) {
		syscall(SYS_mlock, dropped, len);
		syscall(SYS_munlock, dropped, len);
	}
	_exit(0);
}

static void be_parent_of_vfork(void)
{
	pthread_t thread[2];

	dropped = map_alone(16, 0);
	start_thread(&thread[0], drop_pages, NULL);
	start_thread(&thread[1], vfork_to_lock, NULL);
	for (;;)
		pause();
}

/* After that, nothing shows the child that others use its mm. */
static int kill_parent_of_vfork(unsigned int usecs)
{
	pid_t pid;

	memset(vforked, 0, sizeof(*vforked));
	pid = fork_to(be_parent_of_vfork);
	while (__atomic_load_n(&vforked->ready, __ATOMIC_RELAXED) < 2)
		usleep(1000);
	__atomic_store_n(&vforked->go, 1, __ATOMIC_RELAXED);
	usleep(usecs);
	kill_and_wait(pid);
	usleep(20000);
	__atomic_store_n(&vforked->stop, 1, __ATOMIC_RELAXED);
	usleep(5000);
	return 0;
}

static int kill_parents_of_vfork(void)
{
	const int flags = MAP_SHARED | MAP_ANONYMOUS;
	int i;

	vforked = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, flags, -1, 0);
	GO(vforked != MAP_FAILED && !stay_together());
	for (i = 0; i < 40; i++)
		GO(!kill_parent_of_vfork(1000 + i % 10 * 2000));
	return 0;
}

TEST_F_TIMEOUT(mlock_correct, parent_of_vfork_killed, 300)
{
	EXPECT_EQ(0, run_alone(kill_parents_of_vfork));
}

/* === Limits that another process changes ================================== */

static void toggle_limit_forever(pid_t pid, rlim_t limit)
{
	struct rlimit on = { limit, limit }, off = { 0, limit };

	for (;;) {
		prlimit(pid, RLIMIT_MEMLOCK, &off, NULL);
		prlimit(pid, RLIMIT_MEMLOCK, &on, NULL);
	}
}

static int lock_under_toggled_limit(void)
{
	size_t len = 8 * page_size();
	char *p = map_alone(8, 0);
	pid_t self = getpid(), pid;
	int i;

	GO(p && !set_limit(2 * len) && !setgid(NOBODY) && !setuid(NOBODY));
	pid = fork();
	if (!pid)
		toggle_limit_forever(self, 2 * len);
	GO(pid > 0);
	for (i = 0; i < 5000; i++) {
		mlock(p, len);
		munlock(p, len);
	}
	kill_and_wait(pid);
	return 0;
}

/* The other process was seen to interfere, which takes a processor of its own. */
static bool is_in_doubt(const struct kapi_coverage *before)
{
	struct kapi_coverage after = kapi_coverage(before->spec);
	int i;

	for (i = 0; i < after.count; i++)
		if (!strncmp(after.line[i].clause, "errors[", 7) &&
		    after.line[i].undecided > before->line[i].undecided)
			return true;
	return false;
}

TEST_F_TIMEOUT(mlock_correct, limit_toggled, 300)
{
	bool can_interfere = sysconf(_SC_NPROCESSORS_ONLN) > 1;
	int i;

	for (i = 0; i < 100 && (!i || (can_interfere && !is_in_doubt(&self->before))); i++)
		ASSERT_EQ(0, run_alone(lock_under_toggled_limit));
	TH_LOG("%d rounds", i);
	EXPECT_TRUE(!can_interfere || is_in_doubt(&self->before));
}

TEST_HARNESS_MAIN
