// SPDX-License-Identifier: GPL-2.0
/*
 * Calls mlock(), mlock2(), munlock(), mlockall() and munlockall() many times,
 * in many kinds of processes: a load for the validator, to run alongside
 * others. Not a test by itself: look at coverage afterwards.
 *
 * usage: mlock_load CALLS [SEED [alone]]
 *
 * Each process makes random mappings and calls each of the five equally often,
 * with valid and invalid arguments. Some do so in threads or in a child that
 * shares the mm, some are killed, some run with a limit and unprivileged. With
 * "alone", none shares its mm.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/capability.h>

#define WORKERS		4
#define MAPPINGS	16
#define PAGES		16	/* of each */
#define CALLS_OF_A_LIFE	200	/* of a process, then there is a new one */

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#endif

static size_t page;
static int file;	/* half as long as a mapping */
static bool alone;

/* xorshift64*: the same load for the same seed, as far as scheduling allows. */
static unsigned int next_random(unsigned long long *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dULL >> 32;
}

/* === Mappings ============================================================= */

static char *map(unsigned int r)
{
	int flags = (r & 1 ? MAP_PRIVATE : MAP_SHARED) | (r & 2 ? MAP_LOCKED : 0);
	bool anonymous = r & 12;
	char *p = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE,
		       flags | (anonymous ? MAP_ANONYMOUS : 0), anonymous ? -1 : file, 0);

	if (p == MAP_FAILED)
		return NULL;
	p[0] = 1;
	return p;
}

static void change_mapping(char **p, unsigned int r)
{
	size_t size = (1 + r % PAGES) * page;

	if (!*p) {
		*p = map(r >> 12);
		return;
	}
	switch (r >> 8 & 15) {
	case 0:
		munmap(*p, PAGES * page);
		*p = NULL;
		break;
	case 1:
		munmap(*p + size - page, page);
		break;
	case 2:
		mprotect(*p, size, PROT_READ);
		break;
	case 3:
		mprotect(*p + size - page, page, PROT_NONE);
		break;
	case 4:
		madvise(*p, size, MADV_DONTNEED);
		break;
	case 5:
		madvise(*p, page, MADV_GUARD_INSTALL);
		break;
	case 6:
		mremap(*p, PAGES * page, PAGES * page, MREMAP_MAYMOVE);
		break;
	}
}

/* === The calls ============================================================ */

struct range {
	char *start;
	size_t len;
};

/* A range inside the mapping, partly outside, or far from it. */
static struct range random_range(char *p, unsigned int r)
{
	struct range range = { p + (r & 0x3fff), r >> 14 & 0x7fff };

	if (!(r >> 29))
		range.len = -(size_t)(r & 0xffff);
	else if (r >> 29 == 1)
		range.start = (char *)((unsigned long)range.start & -page);
	return range;
}

static void call_all(char *p, unsigned long long *seed)
{
	unsigned int r = next_random(seed);
	struct range a = random_range(p, next_random(seed));
	struct range b = random_range(p, next_random(seed));
	struct range c = random_range(p, next_random(seed));
	int i;

	for (i = 0; i < 5; i++) {
		switch ((r + i) % 5) {
		case 0:
			mlock(a.start, a.len);
			break;
		case 1:
			syscall(SYS_mlock2, b.start, b.len, r >> 8 & (r & 0x100000 ? 3 : 1));
			break;
		case 2:
			munlock(c.start, c.len);
			break;
		case 3:
			mlockall(r >> 12 & (r & 0x200000 ? 15 : 7));
			break;
		default:
			munlockall();
		}
	}
}

/* === Processes ============================================================ */

struct life {
	unsigned long long seed;
	int calls;
};

static int live(void *arg)
{
	struct life life = *(struct life *)arg;
	char *mapping[MAPPINGS] = {};
	unsigned int r;
	char **p;
	int i;

	for (i = 0; i < life.calls; i++) {
		r = next_random(&life.seed);
		p = &mapping[r >> 24 & (MAPPINGS - 1)];
		change_mapping(p, r);
		call_all(*p, &life.seed);
	}
	return 0;
}

static void *live_in_thread(void *life)
{
	live(life);
	return NULL;
}

static void drop_privilege(unsigned int r)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = {};
	struct rlimit limit = { r % 32 * page, r % 32 * page };

	syscall(SYS_capset, &header, data);
	setrlimit(RLIMIT_MEMLOCK, &limit);
}

/* What a process shares its mm with: nobody, threads, or a child. */
static int live_in_company(struct life life)
{
	unsigned int r = next_random(&life.seed);
	pthread_t thread[2];
	char *stack;
	int i, n = 0;

	if (r & 4)
		drop_privilege(r >> 3);
	life.calls /= 3;
	switch (alone ? 3 : r % 4) {
	case 0:
		for (i = 0; i < 2; i++)
			n += !pthread_create(&thread[n], NULL, live_in_thread, &life);
		live(&life);
		while (n)
			pthread_join(thread[--n], NULL);
		return 0;
	case 1:
		stack = malloc(1 << 16);
		clone(live, stack + (1 << 16), CLONE_VM | SIGCHLD, &life);
		break;
	case 2:
		if (!fork())
			_exit(live(&life));
		break;
	}
	live(&life);
	live(&life);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return 0;
}

static void work(unsigned long long seed, long calls)
{
	unsigned int r;
	long done;

	for (done = 0; done < calls; done += CALLS_OF_A_LIFE) {
		struct life life = { next_random(&seed), CALLS_OF_A_LIFE };
		pid_t pid = fork();

		if (!pid)
			_exit(live_in_company(life));
		if (pid < 0)
			continue;
		r = next_random(&seed);
		if (r % 16 == 0) {
			usleep(r / 16 % 3000);
			kill(pid, SIGKILL);
		}
		waitpid(pid, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	long calls = argc > 1 ? atol(argv[1]) : 0;
	unsigned int seed = argc > 2 ? atoi(argv[2]) : 1;
	int i;

	if (calls < WORKERS) {
		fprintf(stderr, "usage: %s CALLS [SEED [alone]]; %d calls of each or more\n",
			argv[0], WORKERS);
		return 2;
	}
	alone = argc > 3 && !strcmp(argv[3], "alone");
	page = sysconf(_SC_PAGESIZE);
	file = memfd_create("mlock_load", 0);
	if (file < 0 || ftruncate(file, PAGES / 2 * page)) {
		perror("memfd_create");
		return 1;
	}
	for (i = 0; i < WORKERS; i++)
		if (!fork()) {
			work(seed * 7919 + i * 104729 + 1, calls / WORKERS);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	return 0;
}
