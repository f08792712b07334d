// SPDX-License-Identifier: GPL-2.0
/*
 * munlockall() in all sorts of processes, many times: a load for the validator,
 * to be run beside others. No test by itself: look at coverage afterwards.
 *
 * usage: munlockall_load CALLS [SEED]
 *
 * Every process makes mappings at random, locks some of them, and calls
 * munlockall(); some do so in threads or in a child that shares the mm, some are
 * killed while they do.
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
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS		4
#define MAPPINGS	16
#define CALLS_OF_A_LIFE	500	/* of a process, then there is a new one */

static size_t page;

/* xorshift: the same load for the same seed, as far as scheduling allows. */
static unsigned int next_random(unsigned int *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void change_mapping(char **p, unsigned int r)
{
	size_t size = (1 + r % 16) * page;

	switch (r >> 8 & 7) {
	case 0:
		if (*p)
			munmap(*p, 16 * page);
		*p = NULL;
		break;
	case 1:
		if (*p)
			mprotect(*p, size, PROT_READ);
		break;
	case 2:
		if (*p)
			mlock(*p, size);
		break;
	case 3:
		if (*p)
			munlock(*p + size / 2, size / 2);
		break;
	case 4:
		mlockall(1 + (r >> 16) % 7);
		break;
	case 5:
		if (*p)
			madvise(*p, size, MADV_DONTNEED);
		break;
	default:
		if (*p)
			break;
		*p = mmap(NULL, 16 * page, PROT_READ | PROT_WRITE, MAP_ANONYMOUS |
			  (r & 1 ? MAP_PRIVATE : MAP_SHARED) | (r & 2 ? MAP_LOCKED : 0), -1, 0);
		if (*p == MAP_FAILED)
			*p = NULL;
		else
			(*p)[0] = 1;
	}
}

struct life {
	unsigned int seed;
	int calls;
};

static int live(void *arg)
{
	struct life life = *(struct life *)arg;
	char *mapping[MAPPINGS] = {};
	unsigned int r;
	int i;

	for (i = 0; i < life.calls; i++) {
		r = next_random(&life.seed);
		change_mapping(&mapping[r >> 24 & (MAPPINGS - 1)], r);
		if (munlockall())
			return 1;
	}
	return 0;
}

static void *live_in_thread(void *life)
{
	live(life);
	return NULL;
}

/* What a process shares its mm with: nobody, threads, or a child. */
static int live_in_company(struct life life)
{
	pthread_t thread[2];
	char *stack;
	int i, n = 0;

	life.calls /= 3;
	switch (life.seed % 4) {
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

static void work(unsigned int seed, long calls)
{
	long done;

	for (done = 0; done < calls; done += CALLS_OF_A_LIFE) {
		struct life life = { next_random(&seed), CALLS_OF_A_LIFE };
		pid_t pid = fork();

		if (!pid)
			_exit(live_in_company(life));
		if (pid < 0)
			continue;
		if (seed % 16 == 0) {
			usleep(seed % 3000);
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
		fprintf(stderr, "usage: %s CALLS [SEED]; %d calls or more\n", argv[0], WORKERS);
		return 2;
	}
	page = sysconf(_SC_PAGESIZE);
	for (i = 0; i < WORKERS; i++)
		if (!fork()) {
			work(seed * 7919 + i * 104729 + 1, calls / WORKERS);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	return 0;
}
