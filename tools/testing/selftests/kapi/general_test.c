// SPDX-License-Identifier: GPL-2.0
/*
 * Other system calls, which have specs only in test kernels: exercises their
 * clauses, each error for each of its reasons, with the validator on. At the
 * end, correct behaviour that a validator might mistake for a violation.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/userfaultfd.h>

#include "kapi_expect.h"

#ifndef __NR_mseal
#define __NR_mseal		462
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

static int open_null(int flags)
{
	return open("/dev/null", flags);
}

static int set_soft_limit(int which, rlim_t value)
{
	struct rlimit limit;

	if (getrlimit(which, &limit))
		return -1;
	limit.rlim_cur = value;
	return setrlimit(which, &limit);
}

/* === dup3 ================================================================= */

KAPI_FIXTURE_IF_THERE(dup3)

static int duplicate(void)
{
	int fd = open_null(O_RDONLY | O_CLOEXEC), path = open("/", O_PATH);

	GO(fd >= 0 && dup3(fd, 50, O_CLOEXEC) == 50 && fcntl(50, F_GETFD) == FD_CLOEXEC);
	GO(dup3(fd, 50, 0) == 50 && !fcntl(50, F_GETFD));
	GO(path >= 0 && dup3(path, 200, 0) == 200);
	return 0;
}

KAPI_SCENARIO(dup3, duplicate, "context", "returns", "locks", "signals", "locks[file_lock]",
	      "side_effects[oldfd_cloexec]", "side_effects[other_fds]", "ensures[is_newfd]",
	      "ensures[same_file]", "ensures[cloexec_as_asked]")

static int duplicate_unknown_flag(void)
{
	FAILS(dup3(open_null(O_RDONLY), 50, O_NONBLOCK), EINVAL);
	return 0;
}

KAPI_SCENARIO(dup3, duplicate_unknown_flag, "errors[EINVAL]", "params[flags]", "failure")

static int duplicate_to_itself(void)
{
	int fd = open_null(O_RDONLY);

	FAILS(dup3(fd, fd, 0), EINVAL);
	return 0;
}

KAPI_SCENARIO(dup3, duplicate_to_itself, "errors[EINVAL]", "constraints[same_fd]")

static int duplicate_closed(void)
{
	FAILS(dup3(51, 50, 0), EBADF);
	return 0;
}

KAPI_SCENARIO(dup3, duplicate_closed, "errors[EBADF]", "constraints[oldfd_closed]")

/* A descriptor that was closed is the lowest one free, whatever was asked for before. */
static int duplicate_lowest(void)
{
	int fd = open_null(O_RDONLY), low = dup(fd), high = dup(fd);

	GO(fcntl(fd, F_DUPFD, 300) == 300 && fcntl(fd, F_DUPFD, 0) < 300);

	GO(high > low && low > fd && !close(high) && !close(low));
	GO(fcntl(fd, F_DUPFD, 0) == low && fcntl(fd, F_DUPFD, low) == high);
	return 0;
}

static int duplicate_over_limit(void)
{
	int fd = open_null(O_RDONLY);

	GO(fd >= 0 && !set_soft_limit(RLIMIT_NOFILE, 60));
	FAILS(dup3(fd, 60, 0), EBADF);
	return 0;
}

KAPI_SCENARIO(dup3, duplicate_over_limit, "errors[EBADF]", "constraints[over_limit]")

static int duplicate_without_memory(void)
{
	int fd = open_null(O_RDONLY);

	GO(fd >= 0 && !fail_allocation(1));
	FAILS(dup3(fd, 900, 0), ENOMEM);
	GO(allocation_failed() && !fail_allocation(0));
	return 0;
}

KAPI_SCENARIO_IF(dup3, duplicate_without_memory, can_fail_allocations(),
		 "errors[ENOMEM]", "constraints[needs_room.2]", "failure")

/* === mprotect ============================================================= */

KAPI_FIXTURE_IF_THERE(mprotect)

static int protect(void)
{
	size_t size = page_size();
	char *p = touch(map_alone(4, 0), 4);

	GO(p && !mprotect(p + size, size, PROT_READ) && !mprotect(p, 4 * size, PROT_NONE));
	GO(!mprotect(p, 3 * size + 1, PROT_READ | PROT_WRITE) && !mprotect(p, 0, PROT_NONE));
	GO(!mprotect(p + size, 0, PROT_NONE) && !mprotect(p + size, 0, PROT_READ));
	return 0;
}

KAPI_SCENARIO(mprotect, protect, "context", "returns", "locks", "signals", "locks[mmap_lock]",
	      "side_effects[not_as_asked]", "side_effects[other_flags]",
	      "side_effects[neighbours]")

static int protect_read_implies_exec(void)
{
	char *p = map_alone(2, 0);

	GO(p && personality(READ_IMPLIES_EXEC) >= 0);
	GO(!mprotect(p, page_size(), PROT_READ) && !mprotect(p, page_size(), PROT_WRITE));
	return 0;
}

KAPI_SCENARIO(mprotect, protect_read_implies_exec, "side_effects[not_as_asked]")

/* A file of a file system without executables, in a namespace of its own; or -1. */
static int open_noexec(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/tmp", "tmpfs", MS_NOEXEC, NULL))
		return -1;
	return open("/tmp", O_TMPFILE | O_RDWR, 0600);
}

static int look_for_noexec(void)
{
	return open_noexec() < 0;
}

static bool has_noexec(void)
{
	return !run_alone(look_for_noexec);
}

/* READ_IMPLIES_EXEC must not make a noexec mapping executable. */
static int protect_noexec(void)
{
	char *p = mmap(NULL, page_size(), PROT_NONE, MAP_PRIVATE, open_noexec(), 0);

	GO(p != MAP_FAILED && personality(READ_IMPLIES_EXEC) >= 0);
	GO(!mprotect(p, page_size(), PROT_READ));
	FAILS(mprotect(p, page_size(), PROT_READ | PROT_EXEC), EACCES);
	return 0;
}

KAPI_SCENARIO_IF(mprotect, protect_noexec, has_noexec(), "side_effects[not_as_asked]",
		 "errors[EACCES]", "constraints[may_not]")

/* It changes what is below the range, too, also if it then fails at a hole above. */
static int protect_down(void)
{
	size_t size = page_size();
	char *p = map_alone(8, MAP_GROWSDOWN);

	GO(p && !mprotect(p + 4 * size, size, PROT_READ | PROT_GROWSDOWN));
	GO(!munmap(p + 6 * size, size));
	FAILS(mprotect(p + 2 * size, 6 * size, PROT_NONE | PROT_GROWSDOWN), ENOMEM);
	return 0;
}

KAPI_SCENARIO(mprotect, protect_down, "side_effects[other_flags]", "constraints[not_done]")

static int protect_down_elsewhere(void)
{
	FAILS(mprotect(map_alone(1, 0), page_size(), PROT_READ | PROT_GROWSDOWN), EINVAL);
	return 0;
}

KAPI_SCENARIO(mprotect, protect_down_elsewhere, "returns")

static int protect_unaligned(void)
{
	FAILS(mprotect(map_alone(1, 0) + 1, 1, PROT_READ), EINVAL);
	return 0;
}

KAPI_SCENARIO(mprotect, protect_unaligned, "errors[EINVAL]", "constraints[unaligned]")

static int protect_both_ways(void)
{
	FAILS(mprotect(map_alone(1, 0), page_size(), PROT_GROWSUP | PROT_GROWSDOWN), EINVAL);
	return 0;
}

KAPI_SCENARIO(mprotect, protect_both_ways, "constraints[grows_both_ways]")

static int protect_unknown(void)
{
	FAILS(mprotect(map_alone(1, 0), page_size(), 0x400000), EINVAL);
	return 0;
}

KAPI_SCENARIO(mprotect, protect_unknown, "errors[EINVAL]", "constraints[unknown_prot]")

static int protect_wrapping(void)
{
	FAILS(mprotect(map_alone(1, 0), -page_size(), PROT_READ), ENOMEM);
	FAILS(mprotect(map_alone(1, 0), -1, PROT_READ), ENOMEM);
	return 0;
}

KAPI_SCENARIO(mprotect, protect_wrapping, "errors[ENOMEM]", "constraints[wraps]")

static int protect_hole(void)
{
	size_t size = page_size();
	char *p = map_alone(3, 0);

	GO(p && !munmap(p + 2 * size, size));
	FAILS(mprotect(p, 3 * size, PROT_READ), ENOMEM);
	FAILS(mprotect(p + 2 * size, size, PROT_NONE), ENOMEM);
	return 0;
}

KAPI_SCENARIO(mprotect, protect_hole, "errors[ENOMEM]", "constraints[unmapped]", "failure")

static int protect_too_often(void)
{
	size_t size = page_size();
	char *p = map_alone(3, 0);

	GO(p && !use_up_maps());
	FAILS(mprotect(p + size, size, PROT_NONE), ENOMEM);
	return 0;
}

KAPI_SCENARIO(mprotect, protect_too_often, "returns", "errors[ENOMEM]", "constraints[not_done]")

/* VMAs that merge with the next one while the call goes through them. */
static int protect_and_merge(void)
{
	size_t size = page_size();
	char *p = map_alone(3, 0);

	GO(p && !mprotect(p + size, size, PROT_READ) && !mprotect(p, 2 * size, PROT_READ));
	GO(!mprotect(p, size, PROT_NONE) && !mprotect(p, 2 * size, PROT_READ | PROT_WRITE));
	return 0;
}

KAPI_SCENARIO(mprotect, protect_and_merge, "side_effects[not_as_asked]")

static int protect_over_limit(void)
{
	size_t size = page_size();
	char *p = mmap(NULL, 64 * size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	GO(p != MAP_FAILED && !set_soft_limit(RLIMIT_DATA, size));
	FAILS(mprotect(p, 64 * size, PROT_READ | PROT_WRITE), ENOMEM);
	return 0;
}

KAPI_SCENARIO(mprotect, protect_over_limit, "returns", "constraints[not_done]")

static int protect_file(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);

	GO(p != MAP_FAILED);
	FAILS(mprotect(p, page_size(), PROT_READ | PROT_WRITE), EACCES);
	return 0;
}

KAPI_SCENARIO(mprotect, protect_file, "errors[EACCES]", "constraints[may_not]")

static bool has_mseal(void)
{
	return !syscall(__NR_mseal, 0, 0, 0);
}

static int protect_sealed(void)
{
	char *p = map_alone(1, 0);

	GO(p && !syscall(__NR_mseal, p, page_size(), 0));
	FAILS(mprotect(p, page_size(), PROT_READ), EPERM);
	return 0;
}

KAPI_SCENARIO_IF(mprotect, protect_sealed, has_mseal(), "errors[EPERM]", "constraints[sealed]")

KAPI_KILLED_WAITING(mprotect, killed_protecting, mprotect(p, page_size(), PROT_READ))

/* === mremap =============================================================== */

KAPI_FIXTURE_IF_THERE(mremap)

static int resize(void)
{
	size_t size = page_size();
	char *p = touch(map_alone(4, 0), 4), *q;

	GO(p && mremap(p, 4 * size, 2 * size, 0) == p && mremap(p, 2 * size, 3 * size, 0) == p);
	GO(mremap(p, 3 * size, 3 * size, MREMAP_MAYMOVE) == p);
	q = mremap(p, 3 * size, 512 * size, MREMAP_MAYMOVE);
	GO(q != MAP_FAILED);
	return 0;
}

KAPI_SCENARIO(mremap, resize, "context", "returns", "locks", "signals", "locks[mmap_lock]",
	      "ensures[result_aligned]", "ensures[stayed]",
	      "side_effects[old_range]", "side_effects[otherwise_mapped]")

static int move(void)
{
	size_t size = page_size();
	char *p = touch(map_alone(4, 0), 4), *to = map_alone(8, 0);
	char *file = map_file(2, 2);

	GO(p && to && !mprotect(p + size, size, PROT_READ) && !munmap(p + 2 * size, size));
	GO(!mprotect(to, 8 * size, PROT_NONE));
	GO(mremap(p, 4 * size, 4 * size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	GO(mremap(to, size, 2 * size, MREMAP_MAYMOVE | MREMAP_FIXED, p) == p);
	GO(mremap(p, 2 * size, 2 * size, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0) != MAP_FAILED);
	GO(file && mremap(file, 0, 2 * size, MREMAP_MAYMOVE) != MAP_FAILED);
	GO(mremap(file, 2 * size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to + 4 * size));
	return 0;
}

KAPI_SCENARIO(mremap, move, "returns", "ensures[result_aligned]",
	      "side_effects[old_range]", "side_effects[last_page]")

static int move_middle(void)
{
	size_t size = page_size();
	char *p = touch(map_alone(3, 0), 3), *to = map_alone(1, 0);

	GO(p && to && mremap(p + size, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	return 0;
}

KAPI_SCENARIO(mremap, move_middle, "side_effects[flags_around]")

/* Each of these has one reason. Some C libraries look at the flags themselves. */
#define MREMAP_FAILS(_name, _clause, _error, ...)			\
	static int _name(void)						\
	{								\
		size_t size = page_size();				\
		char *p = map_alone(4, 0);				\
									\
		errno = 0;						\
		GO(p && syscall(SYS_mremap, __VA_ARGS__) == -1 && errno == (_error)); \
		return 0;						\
	}								\
	KAPI_SCENARIO(mremap, _name, _clause)

MREMAP_FAILS(remap_flags, "params[flags]", EINVAL, p, size, size, 8, 0)
MREMAP_FAILS(remap_unaligned, "constraints[addr_unaligned]", EINVAL, p + 1, size, size, 0, 0)
MREMAP_FAILS(remap_to_nothing, "constraints[no_length]", EINVAL, p, size, 0, 0, 0)
MREMAP_FAILS(remap_fixed, "constraints[needs_maymove]", EINVAL, p, size, size, MREMAP_FIXED,
	     p + 2 * size)
MREMAP_FAILS(remap_both, "constraints[both_resized]", EINVAL, p, size, 2 * size,
	     MREMAP_MAYMOVE | MREMAP_DONTUNMAP, p + 2 * size)
MREMAP_FAILS(remap_private_twice, "constraints[private_twice]", EINVAL, p, 0, size,
	     MREMAP_MAYMOVE)
MREMAP_FAILS(remap_to_odd, "constraints[target_unaligned]", EINVAL, p, size, size,
	     MREMAP_MAYMOVE | MREMAP_FIXED, p + 2 * size + 1)
MREMAP_FAILS(remap_onto, "constraints[target_overlaps]", EINVAL, p, 2 * size, 2 * size,
	     MREMAP_MAYMOVE | MREMAP_FIXED, p + size)
MREMAP_FAILS(remap_nothing, "constraints[nothing_there]", EFAULT, p + 4 * size, size, size, 0, 0)
MREMAP_FAILS(remap_two, "context", EFAULT, p + 3 * size, 2 * size, 3 * size, 0, 0)

/* The old range would end above the highest address. */
static int remap_no_end(void)
{
	size_t size = page_size();

	GO(syscall(SYS_mremap, map_alone(2, 0), -size, size, 0, 0) == -1 && errno == EINVAL);
	return 0;
}

KAPI_SCENARIO(mremap, remap_no_end, "errors[EINVAL]", "constraints[not_plain]")

static int remap_no_room(void)
{
	char *p = map_alone(4, 0);

	GO(p && mremap(p, page_size(), 2 * page_size(), 0) == MAP_FAILED && errno == ENOMEM);
	return 0;
}

KAPI_SCENARIO(mremap, remap_no_room, "errors[ENOMEM]")

static int remap_sealed(void)
{
	char *p = map_alone(1, 0);

	GO(p && !syscall(__NR_mseal, p, page_size(), 0));
	GO(mremap(p, page_size(), 2 * page_size(), 0) == MAP_FAILED && errno == EPERM);
	return 0;
}

KAPI_SCENARIO_IF(mremap, remap_sealed, has_mseal(), "errors[EPERM]", "constraints[addr_sealed]")

static int remap_locked(void)
{
	char *p = map_alone(1, 0);

	GO(p && !mlock(p, page_size()) && !set_limit(page_size()) && !drop_capability());
	GO(mremap(p, page_size(), 2 * page_size(), 0) == MAP_FAILED && errno == EAGAIN);
	return 0;
}

KAPI_SCENARIO(mremap, remap_locked, "errors[EAGAIN]", "constraints[addr_locked]")

/* Without a flag that asks for it, nobody looks at the new address. */
static int resize_elsewhere(void)
{
	size_t size = page_size();
	char *p = map_alone(2, 0);

	GO(p && syscall(SYS_mremap, p, 2 * size, size, 0, -1UL) == (long)p);
	return 0;
}

KAPI_SCENARIO(mremap, resize_elsewhere, "ensures[stayed]")

static int resize_locked(void)
{
	size_t size = page_size();
	char *p = map_alone(4, 0);

	GO(p && !munmap(p + size, 3 * size) && !mlock(p, size));
	GO(mremap(p, size, 3 * size, 0) == p && locked_kb(0) == (long)(3 * size / 1024));
	return 0;
}

KAPI_SCENARIO(mremap, resize_locked, "side_effects[otherwise_locked]")

/* What is left behind is not locked any more. */
static int move_locked(void)
{
	size_t size = page_size();
	char *p = map_alone(2, 0);

	GO(p && !mlock(p, 2 * size));
	GO(mremap(p, 2 * size, 2 * size, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0) != MAP_FAILED);
	GO(locked_kb(0) == (long)(2 * size / 1024));
	return 0;
}

KAPI_SCENARIO(mremap, move_locked, "side_effects[left_locked]", "side_effects[otherwise_locked]",
	      "side_effects[otherwise_mapped]")

KAPI_KILLED_WAITING(mremap, killed_remapping, mremap(p, page_size(), page_size(), 0))

/* === lseek ================================================================ */

KAPI_FIXTURE_IF_THERE(lseek)

static int seek(void)
{
	int fd = memfd_create("kapi", 0);

	GO(fd >= 0 && !ftruncate(fd, 100) && lseek(fd, 10, SEEK_SET) == 10);
	GO(lseek(fd, 5, SEEK_CUR) == 15 && lseek(fd, -1, SEEK_END) == 99);
	FAILS(lseek(fd, -1, SEEK_SET), EINVAL);
	FAILS(lseek(fd, 100, SEEK_DATA), ENXIO);
	return 0;
}

KAPI_SCENARIO(lseek, seek, "context", "returns", "locks", "signals", "side_effects[position]",
	      "ensures[is_offset]", "errors[ENXIO]")

static int seek_closed(void)
{
	FAILS(lseek(50, 0, SEEK_SET), EBADF);
	FAILS(lseek(open("/", O_PATH), 0, SEEK_SET), EBADF);
	return 0;
}

KAPI_SCENARIO(lseek, seek_closed, "errors[EBADF]", "constraints[no_file]")

static int seek_pipe(void)
{
	int fds[2];

	GO(!pipe(fds));
	FAILS(lseek(fds[0], 0, SEEK_SET), ESPIPE);
	return 0;
}

KAPI_SCENARIO(lseek, seek_pipe, "errors[ESPIPE]", "constraints[cannot_seek]")

static int seek_whence(void)
{
	FAILS(lseek(memfd_create("kapi", 0), 0, 99), EINVAL);
	return 0;
}

KAPI_SCENARIO(lseek, seek_whence, "errors[EINVAL]", "constraints[no_whence]")

/* === read ================================================================= */

KAPI_FIXTURE_IF_THERE(read)

static int read_file(void)
{
	int fd = memfd_create("kapi", 0);
	char buffer[64];

	GO(fd >= 0 && !ftruncate(fd, 100) && read(fd, buffer, 64) == 64);
	GO(read(fd, buffer, 64) == 36 && !read(fd, buffer, 64) && !lseek(fd, 0, SEEK_SET));
	FAILS(read(fd, (char *)page_size(), 8), EFAULT);
	return 0;
}

KAPI_SCENARIO(read, read_file, "context", "returns", "locks", "signals", "ensures[within_count]",
	      "side_effects[stored_position]", "failure")

static int read_closed(void)
{
	char c;

	FAILS(read(50, &c, 1), EBADF);
	FAILS(read(open_null(O_WRONLY), &c, 1), EBADF);
	FAILS(read(open("/", O_PATH), &c, 1), EBADF);
	return 0;
}

KAPI_SCENARIO(read, read_closed, "errors[EBADF]", "constraints[not_for_reading]")

static int read_unreadable(void)
{
	char c;

	FAILS(read(epoll_create1(0), &c, 1), EINVAL);
	return 0;
}

KAPI_SCENARIO(read, read_unreadable, "errors[EINVAL]", "constraints[unreadable]")

static int read_to_kernel(void)
{
	FAILS(read(open_null(O_RDONLY), (void *)-page_size(), 1), EFAULT);
	return 0;
}

KAPI_SCENARIO(read, read_to_kernel, "errors[EFAULT]", "constraints[not_user_memory]")

static int read_directory(void)
{
	char c;

	FAILS(read(open("/", O_RDONLY), &c, 1), EISDIR);
	return 0;
}

KAPI_SCENARIO(read, read_directory, "errors[EISDIR]")

static int read_nothing(void)
{
	int fds[2];
	char c;

	GO(!pipe2(fds, O_NONBLOCK));
	FAILS(read(fds[0], &c, 1), EAGAIN);
	return 0;
}

KAPI_SCENARIO(read, read_nothing, "errors[EAGAIN]")

static void do_nothing(int signum)
{
}

/* The call is not restarted: a handler without SA_RESTART. */
static int alarm_soon(void)
{
	const struct sigaction action = { .sa_handler = do_nothing };
	const struct itimerval soon = { { 0, 20000 }, { 0, 20000 } };

	return sigaction(SIGALRM, &action, NULL) || setitimer(ITIMER_REAL, &soon, NULL);
}

static int read_interrupted(void)
{
	int fds[2];
	char c;

	GO(!pipe(fds) && !alarm_soon());
	FAILS(read(fds[0], &c, 1), EINTR);
	return 0;
}

KAPI_SCENARIO(read, read_interrupted, "returns", "errors[EINTR]", "signals[any]")

/* === epoll_ctl ============================================================ */

KAPI_FIXTURE_IF_THERE(epoll_ctl)

static int wait_for_events(int epfd, int op, int fd, unsigned int events)
{
	struct epoll_event event = { .events = events };

	return epoll_ctl(epfd, op, fd, &event);
}

static int wait_for(int epfd, int op, int fd)
{
	return wait_for_events(epfd, op, fd, EPOLLIN);
}

static int change_epoll(void)
{
	int epfd = epoll_create1(0), fd = eventfd(0, 0);

	GO(!wait_for(epfd, EPOLL_CTL_ADD, fd) && !wait_for(epfd, EPOLL_CTL_MOD, fd));
	GO(!epoll_ctl(epfd, EPOLL_CTL_DEL, fd, NULL));
	return 0;
}

KAPI_SCENARIO(epoll_ctl, change_epoll, "context", "returns", "locks", "signals")

#define EPOLL_FAILS(_name, _error, _call, ...)				\
	static int _name(void)						\
	{								\
		int epfd = epoll_create1(0), fd = eventfd(0, 0);	\
									\
		GO(epfd >= 0 && fd >= 0);				\
		FAILS(_call, _error);					\
		return 0;						\
	}								\
	KAPI_SCENARIO(epoll_ctl, _name, "errors[" #_error "]", __VA_ARGS__)

EPOLL_FAILS(epoll_fault, EFAULT, epoll_ctl(epfd, EPOLL_CTL_ADD, fd, NULL),
	    "constraints[has_event]")
EPOLL_FAILS(epoll_closed, EBADF, wait_for(epfd, EPOLL_CTL_ADD, 50), "constraints[no_such_fd]")
EPOLL_FAILS(closed_epoll, EBADF, wait_for(50, EPOLL_CTL_ADD, fd), "constraints[no_such_fd]")
EPOLL_FAILS(epoll_file, EPERM, wait_for(epfd, EPOLL_CTL_ADD, memfd_create("kapi", 0)),
	    "constraints[cannot_poll]")
EPOLL_FAILS(no_epoll, EINVAL, wait_for(fd, EPOLL_CTL_ADD, epfd), "constraints[no_epoll]")
EPOLL_FAILS(epoll_itself, EINVAL, wait_for(epfd, EPOLL_CTL_ADD, epfd), "constraints[itself]")
EPOLL_FAILS(epoll_made_exclusive, EINVAL, wait_for(epfd, EPOLL_CTL_ADD, fd) ?:
	    wait_for_events(epfd, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLEXCLUSIVE),
	    "constraints[made_exclusive]")
EPOLL_FAILS(epoll_not_exclusive, EINVAL,
	    wait_for_events(epfd, EPOLL_CTL_ADD, fd, EPOLLONESHOT | EPOLLEXCLUSIVE),
	    "constraints[not_exclusive]")
EPOLL_FAILS(epoll_nested_exclusive, EINVAL,
	    wait_for_events(epfd, EPOLL_CTL_ADD, epoll_create1(0), EPOLLIN | EPOLLEXCLUSIVE),
	    "constraints[not_exclusive]")
EPOLL_FAILS(epoll_stays_exclusive, EINVAL,
	    wait_for_events(epfd, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE) ?:
	    wait_for(epfd, EPOLL_CTL_MOD, fd), "constraints[modifies]")
EPOLL_FAILS(epoll_op, EINVAL, wait_for(epfd, 9, fd), "params[op]")
EPOLL_FAILS(epoll_twice, EEXIST, wait_for(epfd, EPOLL_CTL_ADD, fd) ?:
	    wait_for(epfd, EPOLL_CTL_ADD, fd), "constraints[adds]")
EPOLL_FAILS(epoll_absent, ENOENT, wait_for(epfd, EPOLL_CTL_MOD, fd), "constraints[needs_item]")
EPOLL_FAILS(epoll_loop, ELOOP, wait_for(epfd, EPOLL_CTL_ADD, fd = epoll_create1(0)) ?:
	    wait_for(fd, EPOLL_CTL_ADD, epfd), "constraints[fd_is_epoll]")

static int epoll_without_memory(void)
{
	int epfd = epoll_create1(0), fd = eventfd(0, 0);

	GO(epfd >= 0 && !fail_allocation(1));
	FAILS(wait_for(epfd, EPOLL_CTL_ADD, fd), ENOMEM);
	GO(!fail_allocation(0));
	return 0;
}

KAPI_SCENARIO_IF(epoll_ctl, epoll_without_memory, can_fail_allocations(), "errors[ENOMEM]",
		 "constraints[adds.3]")

/* === fcntl ================================================================ */

KAPI_FIXTURE_IF_THERE(fcntl)

static int set_lock(int fd, int cmd, int type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	return fcntl(fd, cmd, &lock);
}

static int control(void)
{
	int fd = memfd_create("kapi", 0), high;

	GO(fd >= 0 && fcntl(fd, F_DUPFD, 0) >= 0);
	high = fcntl(fd, F_DUPFD_CLOEXEC, 300);
	GO(high == 300 && fcntl(high, F_GETFD) == FD_CLOEXEC);
	GO(!fcntl(high, F_SETFD, 0) && !fcntl(high, F_GETFD) && !fcntl(fd, F_SETFD, FD_CLOEXEC));
	fd = memfd_create("kapi", 0);
	GO(!fcntl(fd, F_SETFL, O_APPEND) && fcntl(fd, F_GETFL) & O_APPEND);
	return 0;
}

KAPI_SCENARIO(fcntl, control, "context", "returns", "locks", "signals", "ensures[lowest_free]",
	      "ensures[dup_same_file]", "ensures[dup_cloexec]", "side_effects[fds]",
	      "ensures[is_cloexec]", "ensures[cloexec_set]", "ensures[is_flags]",
	      "ensures[flags_set]", "ensures[is_zero]", "side_effects[fixed_flags]")

KAPI_SCENARIO(fcntl, duplicate_lowest, "ensures[lowest_free]")

static int control_closed(void)
{
	FAILS(fcntl(50, F_GETFD), EBADF);
	return 0;
}

KAPI_SCENARIO(fcntl, control_closed, "errors[EBADF]", "constraints[not_open]")

static int control_path(void)
{
	int fd = open("/", O_PATH);

	FAILS(fcntl(fd, F_SETFL, O_NONBLOCK), EBADF);
	GO(fcntl(fd, F_GETFL) & O_PATH && !fcntl(fd, F_SETFD, FD_CLOEXEC));
	GO(fcntl(fd, F_GETFD) == FD_CLOEXEC && fcntl(fd, F_DUPFD, 0) >= 0);
	return 0;
}

KAPI_SCENARIO(fcntl, control_path, "errors[EBADF]", "constraints[only_path]")

static int control_over_limit(void)
{
	int fd = open_null(O_RDONLY);

	GO(fd >= 0 && !set_soft_limit(RLIMIT_NOFILE, 60));
	FAILS(fcntl(fd, F_DUPFD, 60), EINVAL);
	FAILS(fcntl(fd, F_DUPFD, -1), EINVAL);
	return 0;
}

KAPI_SCENARIO(fcntl, control_over_limit, "errors[EINVAL]", "constraints[dup_over_limit]")

static int control_errors(void)
{
	int fd = open_null(O_RDONLY);

	FAILS(fcntl(fd, 9999, 0), EINVAL);
	FAILS(fcntl(fd, F_SETLK, NULL), EFAULT);
	GO(!set_soft_limit(RLIMIT_NOFILE, fd + 1));
	FAILS(fcntl(fd, F_DUPFD, 0), EMFILE);
	return 0;
}

KAPI_SCENARIO(fcntl, control_errors, "errors[EFAULT]", "errors[EMFILE]",
	      "constraints[none_free]")

static bool has_file_locks(void)
{
	int fd = memfd_create("kapi", 0);
	bool has = fd >= 0 && !set_lock(fd, F_SETLK, F_WRLCK);

	close(fd);
	return has;
}

/* Another process has it. */
static int control_locked(void)
{
	int fd = memfd_create("kapi", 0), status;
	pid_t pid;

	GO(fd >= 0 && !set_lock(fd, F_SETLK, F_WRLCK));
	pid = fork();
	if (!pid)
		_exit(set_lock(fd, F_SETLK, F_WRLCK) != -1 || errno != EAGAIN || alarm_soon() ||
		      set_lock(fd, F_SETLKW, F_WRLCK) != -1 || errno != EINTR);
	GO(waitpid(pid, &status, 0) == pid && !status && !set_lock(fd, F_SETLK, F_UNLCK));
	FAILS(set_lock(open_null(O_RDONLY), F_SETLK, F_WRLCK), EBADF);
	return 0;
}

KAPI_SCENARIO_IF(fcntl, control_locked, has_file_locks(), "ensures[is_zero]", "errors[EAGAIN]",
		 "errors[EINTR]", "signals[any]", "errors[EBADF]", "constraints[no_path_cmd]")

/* === What must not be reported ============================================ */

KAPI_SILENT_FIXTURE(general, "sys_read")

/* On success the result is the offset, whatever it would mean as an error. */
TEST_F(general, offset_like_an_error)
{
	int fd = open("/proc/self/mem", O_RDONLY), i;

	for (i = 1; i < 200; i++)
		syscall(SYS_lseek, fd, -(long)i, SEEK_SET);
	close(fd);
}

/* So it is with the process group that owns a file. */
TEST_F(general, owner_like_an_error)
{
	int fds[2];

	ASSERT_EQ(0, pipe(fds));
	setpgid(0, 0);
	syscall(SYS_fcntl, fds[0], F_SETOWN, -getpgrp());
	syscall(SYS_fcntl, fds[0], F_GETOWN, 0);
}

/* Files may return errors of their own: a clock was set, a process exited. */
TEST_F(general, errors_of_files)
{
	struct itimerspec late = { .it_value.tv_sec = 2000000000 };
	struct timespec now;
	char path[64], buffer[64];
	int fd, timer = timerfd_create(CLOCK_REALTIME, 0);
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	kill_and_wait(pid);
	EXPECT_EQ(-1, read(fd, buffer, sizeof(buffer)));
	timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &late, NULL);
	clock_gettime(CLOCK_REALTIME, &now);
	/* Not every machine has a clock that can be set. */
	if (!clock_settime(CLOCK_REALTIME, &now)) {
		EXPECT_EQ(-1, read(timer, buffer, sizeof(buffer)));
		EXPECT_EQ(ECANCELED, errno);
	}
}

/* A signal that is chosen by who owns the other end. */
TEST_F(general, signals_of_files)
{
	char buffer[4096] = "";
	int fds[2], i;

	signal(SIGUSR2, SIG_IGN);
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, pipe(fds));
		fcntl(fds[1], F_SETOWN, getpid());
		fcntl(fds[1], F_SETSIG, SIGUSR2);
		fcntl(fds[1], F_SETFL, O_WRONLY | O_ASYNC);
		EXPECT_EQ(sizeof(buffer), write(fds[1], buffer, sizeof(buffer)));
		EXPECT_EQ(sizeof(buffer), read(fds[0], buffer, sizeof(buffer)));
		EXPECT_EQ(60, dup3(fds[0], 60, 0));
		close(fds[1]);
		EXPECT_EQ(60, dup3(fds[0], 60, 0));
		close(fds[0]);
	}
}

/* Each duplicate is another path to the file: 11 are too many, 4 levels up. */
TEST_F(general, too_many_ways)
{
	int epfd[5], fd = eventfd(0, 0), i;

	for (i = 0; i < 5; i++) {
		epfd[i] = epoll_create1(0);
		ASSERT_EQ(0, i ? wait_for(epfd[i], EPOLL_CTL_ADD, epfd[i - 1]) : 0);
	}
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, wait_for(epfd[0], EPOLL_CTL_ADD, dup(fd)));
	EXPECT_EQ(-1, wait_for(epfd[0], EPOLL_CTL_ADD, dup(fd)));
	EXPECT_EQ(EINVAL, errno);
}

/* A mapping of the kernel's own, of more than a page. */
static char *find_special(size_t *len)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long start, end, found = 0;
	char line[256];

	while (maps && !found && fgets(line, sizeof(line), maps)) {
		if (!strstr(line, "[v") || strstr(line, "[vsyscall]") ||
		    sscanf(line, "%lx-%lx", &start, &end) != 2)
			continue;
		*len = end - start;
		found = *len > page_size() ? start : 0;
	}
	if (maps)
		fclose(maps);
	return (char *)found;
}

/* It cannot be split. */
TEST_F(general, shrunk_special_mapping)
{
	size_t len;
	char *p = find_special(&len);

	if (!p)
		SKIP(return, "no [vvar] or [vdso] of more than a page");
	EXPECT_EQ(MAP_FAILED, mremap(p, len, page_size(), 0));
}

/* Processes that share the table of files, but no memory. */
static int open_and_close(void *unused)
{
	int fd = open_null(O_RDONLY), i;

	for (i = 0; i < 5000; i++) {
		dup3(fd, 100 + i % 3, i & 1 ? O_CLOEXEC : 0);
		close(100 + (i + 1) % 3);
		fcntl(fd, F_DUPFD, 100);
		if (!(i % 50))
			sched_yield();
	}
	return 0;
}

TEST_F(general, shared_table)
{
	char *stack = malloc(1 << 16);
	pid_t pid = clone(open_and_close, stack + (1 << 16), CLONE_FILES | SIGCHLD, NULL);

	ASSERT_LT(0, pid);
	set_soft_limit(RLIMIT_NOFILE, 200);
	open_and_close(NULL);
	waitpid(pid, NULL, 0);
	free(stack);
}

/*
 * Another process takes the file, moves its position and gives it back, while nothing of it
 * can be read to where it should go: that lies beyond the end of another file by then.
 */
static int taken_fd, target_fd, reader_uffd;
static char *reader_buffer;

static void move_position_meanwhile(void)
{
	const int reader = syscall(SYS_pidfd_open, getppid(), 0);
	struct uffdio_range range = { (unsigned long)reader_buffer, page_size() };
	int taken;

	close(taken_fd);
	be_ready();
	if (!wait_for_fault(reader_uffd))
		return;
	taken = syscall(SYS_pidfd_getfd, reader, taken_fd, 0);
	if (lseek(taken, 5, SEEK_SET) == 5 && !close(taken) && !ftruncate(target_fd, 0) &&
	    !ioctl(reader_uffd, UFFDIO_WAKE, &range))
		_exit(0);
}

static int read_file_that_is_taken(void)
{
	int status;
	pid_t pid;

	taken_fd = memfd_create("kapi", 0);
	target_fd = memfd_create("kapi", 0);
	reader_uffd = open_userfaultfd(0);
	GO(!ftruncate(taken_fd, page_size()) && !ftruncate(target_fd, page_size()));
	reader_buffer = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, target_fd, 0);
	GO(reader_buffer != MAP_FAILED && register_missing(reader_uffd, reader_buffer, 1));
	pid = fork_to(move_position_meanwhile);
	wait_until_ready(pid);
	FAILS(read(taken_fd, reader_buffer, 64), EFAULT);
	GO(waitpid(pid, &status, 0) == pid && !status);
	return 0;
}

TEST_F(general, file_that_is_taken)
{
	if (!can_delay_faults())
		SKIP(return, "needs CONFIG_USERFAULTFD");
	EXPECT_EQ(0, run_alone(read_file_that_is_taken));
}

/* Where something was mapped, a stack grows as soon as it is not: by an access to memory. */
static char *grown;

static void have_stack_grow(void)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", getppid());
	fd = open(path, O_RDWR);
	for (;;)
		if (pwrite(fd, path, 1, (long)grown + 15 * page_size()) < 0)
			sched_yield();
}

static int move_from_below_stack(void)
{
	const size_t len = 16 * page_size();
	const int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
	char *area = mmap(NULL, 8192 * page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *elsewhere = area + 4096 * page_size();
	pid_t pid;
	int i;

	grown = area + 2048 * page_size();
	munmap(area, 4096 * page_size());
	mmap(grown + len, len, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	mmap(grown, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	pid = fork_to(have_stack_grow);
	for (i = 0; i < 1000; i++) {
		GO(mremap(grown, len, len, flags, elsewhere) == elsewhere);
		munmap(grown, len);
		GO(mremap(elsewhere, len, len, flags, grown) == grown);
	}
	kill_and_wait(pid);
	return 0;
}

TEST_F_TIMEOUT(general, stack_that_grows, 180)
{
	EXPECT_EQ(0, run_alone(move_from_below_stack));
}

TEST_HARNESS_MAIN
