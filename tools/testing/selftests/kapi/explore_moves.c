// SPDX-License-Identifier: GPL-2.0
/*
 * The moves. A printed program contains all that is above the line of equal
 * signs and, from below it, the functions that the program calls.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/userfaultfd.h>

#ifndef __NR_mseal
#define __NR_mseal	462
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef PR_SET_MDWE
#define PR_SET_MDWE	65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

/* Programs map here. With 4 kB pages, a page table ends after five pages. */
#define AREA		0x601fb000UL

/*
 * User Mode Linux needs a page table at the address that it copies to, even if
 * no memory is left for one. A page that cannot be unmapped keeps that table.
 */
static void map_forever(unsigned long start)
{
	const size_t page = getpagesize();
	char *p = mmap((void *)start, page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	*p = 1;
	syscall(__NR_mseal, p, page, 0);
}

/*
 * Closes all files and maps the area's first 24 pages, except the middle 8.
 * With huge pages, it keeps the rest of the area free for them.
 */
void prepare(void)
{
	const struct rlimit most = { 256 << 20, 256 << 20 };
	const size_t page = getpagesize();

	syscall(__NR_close_range, 0, ~0U, 0);
	setrlimit(RLIMIT_AS, &most);
	mmap((void *)AREA, 24 * page, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	munmap((void *)(AREA + 8 * page), 8 * page);
	map_forever(AREA - 8 * page);
	if (access("/sys/kernel/mm/transparent_hugepage", F_OK))
		map_forever(AREA + 40 * page);
}

/* ========================================================================== */

/* === Memory =============================================================== */

static void map(unsigned long start, unsigned long len, unsigned long prot, unsigned long flags)
{
	mmap((void *)start, len, prot, flags | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void map_file(unsigned long start, unsigned long len, unsigned long prot, unsigned long fd)
{
	mmap((void *)start, len, prot, MAP_SHARED | MAP_FIXED, fd, 0);
}

static void map_file_private(unsigned long start, unsigned long len, unsigned long prot,
			     unsigned long fd)
{
	mmap((void *)start, len, prot, MAP_PRIVATE | MAP_FIXED, fd, 0);
}

static void unmap(unsigned long start, unsigned long len)
{
	munmap((void *)start, len);
}

static void protect(unsigned long start, unsigned long len, unsigned long prot)
{
	mprotect((void *)start, len, prot);
}

static void advise(unsigned long start, unsigned long len, unsigned long advice)
{
	madvise((void *)start, len, advice);
}

static void seal(unsigned long start, unsigned long len)
{
	syscall(__NR_mseal, start, len, 0);
}

static void move_pages_to(unsigned long start, unsigned long len, unsigned long to)
{
	mremap((void *)start, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to);
}

static void grow_heap(unsigned long len)
{
	syscall(__NR_brk, syscall(__NR_brk, 0) + len);
}

/* Takes long to fault in. */
static void map_large(unsigned long prot)
{
	mmap((void *)(AREA + (16 << 20)), 16 << 20, prot,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/* More VMAs than the validator looks at. */
static void map_often(unsigned long start)
{
	size_t page = getpagesize();
	int i;

	mmap((void *)start, 1024 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	for (i = 0; i < 1024; i += 2)
		mprotect((void *)(start + i * page), page, PROT_NONE);
}

/* Whoever faults in one of these pages waits. */
static void delay_faults(unsigned long start, unsigned long len)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { { start, len }, UFFDIO_REGISTER_MODE_MISSING };
	int fd = syscall(__NR_userfaultfd, O_CLOEXEC);

	ioctl(fd, UFFDIO_API, &api);
	ioctl(fd, UFFDIO_REGISTER, &range);
}

/* Writes even to memory that is not writable. */
static void fill(unsigned long start, unsigned long value)
{
	int fd = open("/proc/self/mem", O_WRONLY), i;
	unsigned int words[16];

	for (i = 0; i < 16; i++)
		words[i] = value;
	if (pwrite(fd, words, sizeof(words), start) < 0 || close(fd))
		return;
}

/* The n-th allocation from now on fails. */
static void fail_nth(unsigned long n)
{
	int fd = open("/proc/thread-self/fail-nth", O_WRONLY);

	dprintf(fd, "%lu", n);
	close(fd);
}

/* === Files ================================================================ */

static void move_fd(int from, int to)
{
	if (from < 0 || from == to)
		return;
	dup2(from, to);
	close(from);
}

static void open_file(unsigned long which, unsigned long flags, unsigned long fd)
{
	static const char *const paths[] = {
		"/dev/null", "/dev/zero", "/", "/tmp", "/proc/self/stat", "/proc/self/mem",
		"/proc/self/exe", "/dev/tty",
	};

	move_fd(open(paths[which], flags), fd);
}

/* The same file, opened otherwise. */
static void open_again(unsigned long fd, unsigned long flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%lu", fd);
	move_fd(open(path, flags), fd);
}

static void open_memory(unsigned long fd, unsigned long size)
{
	move_fd(memfd_create("kapi", 0), fd);
	ftruncate(fd, size);
}

static void open_secret(unsigned long fd, unsigned long size)
{
	move_fd(syscall(__NR_memfd_secret, 0), fd);
	ftruncate(fd, size);
}

/* A file that may be read and written, but not executed. */
static void open_noexec(unsigned long fd, unsigned long size)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/tmp", "tmpfs", MS_NOEXEC, NULL))
		return;
	move_fd(open("/tmp", O_TMPFILE | O_RDWR, 0600), fd);
	ftruncate(fd, size);
}

/* One end is open as the next descriptor. */
static void open_pair(unsigned long fd, unsigned long kind)
{
	int ends[2];

	if (kind < 4 ? pipe(ends) : socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return;
	move_fd(ends[0], fd);
	move_fd(ends[1], fd + 1);
}

static void open_other(unsigned long fd, unsigned long kind)
{
	sigset_t none;

	sigemptyset(&none);
	switch (kind) {
	case 0:
		return move_fd(signalfd(-1, &none, 0), fd);
	case 1:
		return move_fd(eventfd(1, 0), fd);
	case 2:
		return move_fd(timerfd_create(CLOCK_MONOTONIC, 0), fd);
	case 3:
		return move_fd(inotify_init1(0), fd);
	case 4:
		return move_fd(syscall(__NR_pidfd_open, getpid(), 0), fd);
	case 5:
		return move_fd(syscall(__NR_userfaultfd, O_CLOEXEC), fd);
	default:
		return move_fd(epoll_create1(0), fd);
	}
}

static void close_file(unsigned long fd)
{
	close(fd);
}

static void truncate_file(unsigned long fd, unsigned long size)
{
	ftruncate(fd, size);
}

static void write_file(unsigned long fd, unsigned long start, unsigned long len)
{
	if (write(fd, (void *)start, len) < 0)
		return;
}

static void wait_for_file(unsigned long epfd, unsigned long fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event);
}

/* === What the process may do ============================================== */

static void limit(unsigned long which, unsigned long soft)
{
	struct rlimit value;

	getrlimit(which, &value);
	value.rlim_cur = soft;
	setrlimit(which, &value);
}

static void drop_capability(unsigned long cap)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	syscall(__NR_capget, &header, data);
	if (cap > CAP_LAST_CAP)
		memset(data, 0, sizeof(data));
	else
		data[CAP_TO_INDEX(cap)].effective &= ~CAP_TO_MASK(cap);
	syscall(__NR_capset, &header, data);
}

/* In a user namespace of its own, a process has all capabilities, but there only. */
static void change_manners(unsigned long how)
{
	switch (how % 3) {
	case 0:
		prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0);
		return;
	case 1:
		personality(READ_IMPLIES_EXEC);
		return;
	default:
		unshare(CLONE_NEWUSER);
	}
}

/* === Company ============================================================== */

static void *idle(void *unused)
{
	for (;;)
		pause();
	return NULL;
}

static void *hold_mmap_lock(void *start)
{
	size_t len = 512 * getpagesize();

	mmap(start, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	for (;;) {
		madvise(start, len, MADV_POPULATE_WRITE);
		madvise(start, len, MADV_DONTNEED);
	}
	return NULL;
}

static void start_thread(unsigned long is_busy)
{
	static pthread_t thread;

	pthread_create(&thread, NULL, is_busy ? hold_mmap_lock : idle,
		       (void *)(AREA + 1024UL * getpagesize()));
	usleep(1000);
}

static int be_idle(void *unused)
{
	for (;;)
		pause();
	return 0;
}

static void start_child(unsigned long flags)
{
	static char stack[16384];

	clone(be_idle, stack + sizeof(stack), flags | SIGCHLD, NULL);
}

/* The rest runs in a child. The parent polls: sleeping processes are killed. */
static void go_on_in_child(void)
{
	pid_t pid = fork();

	while (pid > 0 && !waitpid(pid, NULL, WNOHANG))
		usleep(500);
	if (pid > 0)
		_exit(0);
}

static void catch_signal(int signal)
{
}

/* SIGALRM kills, or is caught and interrupts or restarts calls. */
static void be_alarmed(unsigned long usecs, unsigned long how)
{
	struct itimerval when = { { 0, usecs }, { 0, usecs } };
	struct sigaction action = { .sa_handler = catch_signal };

	action.sa_flags = how & 1 ? SA_RESTART : 0;
	if (how & 2)
		sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &when, NULL);
}

/* === What the explorer has of them ======================================== */

#include "explore.h"

extern const char moves_text[];

asm("\t.section .rodata\n"
	"moves_text:\n"
	"\t.incbin \"" __FILE__ "\"\n"
	"\t.byte 0\n"
	"\t.previous\n");

/* This file: a program is printed with those moves that it makes. */
const char *moves_source(void)
{
	return moves_text;
}

/* The first number is the weight: how often the move is picked. */
const struct move moves[] = {
	{ "map", 8, 4, { START, LENGTH, PROT, MAPPING }, .fn4 = map },
	{ "map_file", 6, 4, { START, LENGTH, PROT, FD }, .fn4 = map_file },
	{ "map_file_private", 2, 4, { START, LENGTH, PROT, FD }, .fn4 = map_file_private },
	{ "unmap", 4, 2, { START, LENGTH }, .fn2 = unmap },
	{ "protect", 5, 3, { START, LENGTH, PROT }, .fn3 = protect },
	{ "advise", 8, 3, { START, LENGTH, ADVICE }, .fn3 = advise },
	{ "seal", 2, 2, { START, LENGTH }, .fn2 = seal },
	{ "fill", 3, 2, { START, WORD }, .fn2 = fill },
	{ "move_pages_to", 1, 3, { START, LENGTH, START }, .fn3 = move_pages_to },
	{ "grow_heap", 1, 1, { LENGTH }, .fn1 = grow_heap },
	{ "map_large", 1, 1, { PROT }, .fn1 = map_large },
	{ "map_often", 1, 1, { START }, .fn1 = map_often },
	{ "delay_faults", 1, 2, { START, LENGTH }, .fn2 = delay_faults },
	{ "open_file", 12, 3, { FILE_KIND, OPEN_FLAGS, FD }, .fn3 = open_file },
	{ "open_again", 6, 2, { FD, OPEN_FLAGS }, .fn2 = open_again },
	{ "open_memory", 10, 2, { FD, SIZE }, .fn2 = open_memory },
	{ "open_secret", 2, 2, { FD, SIZE }, .fn2 = open_secret },
	{ "open_noexec", 2, 2, { FD, SIZE }, .fn2 = open_noexec },
	{ "open_pair", 6, 2, { FD, SMALL }, .fn2 = open_pair },
	{ "open_other", 10, 2, { FD, SMALL }, .fn2 = open_other },
	{ "close_file", 1, 1, { FD }, .fn1 = close_file },
	{ "truncate_file", 2, 2, { FD, SIZE }, .fn2 = truncate_file },
	{ "write_file", 3, 3, { FD, START, LENGTH }, .fn3 = write_file },
	{ "wait_for_file", 2, 2, { FD, FD }, .fn2 = wait_for_file },
	{ "limit", 8, 2, { LIMIT, LIMIT_VALUE }, .fn2 = limit },
	{ "drop_capability", 8, 1, { CAPABILITY }, .fn1 = drop_capability },
	{ "change_manners", 2, 1, { SMALL }, .fn1 = change_manners },
	{ "fail_nth", 6, 1, { NTH }, .fn1 = fail_nth },
	{ "start_thread", 3, 1, { SMALL }, .fn1 = start_thread, .is_timed = true },
	{ "start_child", 1, 1, { SHARING }, .fn1 = start_child, .is_timed = true },
	{ "go_on_in_child", 3, 0, .fn0 = go_on_in_child },
	{ "be_alarmed", 5, 2, { USECS, SMALL }, .fn2 = be_alarmed, .is_timed = true },
	{ }
};
