// SPDX-License-Identifier: GPL-2.0
/*
 * Functions other than system calls: exercises the clauses of their specs
 * through system calls that call them, with the validator on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kapi_expect.h"

/* A system call that reserves a descriptor before anything else can fail. */
static int open_self(void)
{
	return syscall(SYS_pidfd_open, getpid(), 0);
}

static int lowest_free(void)
{
	int fd = open_self();

	close(fd);
	return fd;
}

/* === get_unused_fd_flags ================================================== */

KAPI_FUNCTION_FIXTURE(get_unused_fd_flags)

static int reserve(void)
{
	int fds[2], fd = lowest_free();

	GO(fd >= 0 && open_self() == fd);
	GO(!pipe2(fds, O_CLOEXEC) && fds[0] == fd + 1 && fcntl(fds[1], F_GETFD) == FD_CLOEXEC);
	return 0;
}

KAPI_SCENARIO(get_unused_fd_flags, reserve, "context", "returns", "locks", "signals",
	      "locks[file_lock]", "side_effects[descriptors]", "ensures[was_lowest]",
	      "ensures[is_reserved]", "ensures[cloexec_as_asked]")

/* The first of all, and the last below the limit. */
static int first_and_last(void)
{
	struct rlimit limit;

	GO(!close(0) && open_self() == 0);
	GO(!getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = lowest_free() + 1;
	GO(!setrlimit(RLIMIT_NOFILE, &limit) && open_self() == (int)limit.rlim_cur - 1);
	return 0;
}

KAPI_SCENARIO(get_unused_fd_flags, first_and_last, "returns", "ensures[was_lowest]")

static int none_free(void)
{
	struct rlimit limit;

	GO(!getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = lowest_free();
	GO(!setrlimit(RLIMIT_NOFILE, &limit));
	FAILS(open_self(), EMFILE);
	return 0;
}

KAPI_SCENARIO(get_unused_fd_flags, none_free, "errors[EMFILE]", "constraints[none_free]",
	      "failure")

/*
 * A new table has room for as many descriptors as a long has bits. The allocation that
 * makes it grow is not the only one of the system call.
 */
static int cannot_grow(void)
{
	long long before = kapi_held("get_unused_fd_flags", "errors[ENOMEM]");
	int fd, n;

	for (n = 1; n < 20; n++) {
		GO(!fail_allocation(0));
		do {
			fd = dup(0);
		} while (fd >= 0 && fd < 63);
		GO(fd == 63 && !fail_allocation(n));
		FAILS(open_self(), ENOMEM);
		GO(allocation_failed() && !fail_allocation(0) && !close(fd));
		if (kapi_held("get_unused_fd_flags", "errors[ENOMEM]") > before)
			return 0;
	}
	return 1;
}

KAPI_SCENARIO_IF(get_unused_fd_flags, cannot_grow, can_fail_allocations(), "errors[ENOMEM]",
		 "constraints[cannot_grow]", "failure")

/* === down_write_killable, down_read_killable ============================== */

KAPI_FUNCTION_FIXTURE(down_write_killable)
KAPI_FUNCTION_FIXTURE(down_read_killable)

static int map(void)
{
	GO(map_alone(1, 0));
	return 0;
}

KAPI_SCENARIO(down_write_killable, map, "context", "returns", "locks", "signals",
	      "side_effects[is_writer]")

KAPI_KILLED_WAITING(down_write_killable, killed_writing, munlock(NULL, 0))

static int read_smaps(void)
{
	int fd = open("/proc/self/smaps", O_RDONLY);
	static char buffer[1 << 16];

	GO(fd >= 0 && read(fd, buffer, sizeof(buffer)) > 0 && !close(fd));
	return 0;
}

KAPI_SCENARIO(down_read_killable, read_smaps, "context", "returns", "locks", "signals",
	      "ensures[is_locked]")

KAPI_KILLED_WAITING(down_read_killable, killed_reading, read_smaps())

TEST_HARNESS_MAIN
