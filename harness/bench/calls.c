// SPDX-License-Identifier: GPL-2.0
/*
 * What a system call costs, in ticks of the time stamp counter: those are
 * instructions where QEMU counts one for each (-icount shift=0). Prints
 * "NAME TICKS" for each call, the least of many batches, the loop included.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

#define CALLS	200	/* of a batch */
#define BATCHES	50

static void call_getpid(void)
{
	syscall(SYS_getpid);
}

static void call_munlockall(void)
{
	syscall(SYS_munlockall);
}

/* One page locked and unlocked, the former without a spec. */
static void call_mlock_munlockall(void)
{
	static char page[4096] __attribute__((aligned(4096)));

	syscall(SYS_mlock, page, sizeof(page));
	syscall(SYS_munlockall);
}

static unsigned long long batch(void (*call)(void))
{
	unsigned long long start = __rdtsc();
	int i;

	for (i = 0; i < CALLS; i++)
		call();
	return (__rdtsc() - start) / CALLS;
}

static void measure(const char *name, void (*call)(void))
{
	unsigned long long ticks, least = -1ULL;
	int i;

	for (i = 0; i < BATCHES; i++) {
		ticks = batch(call);
		if (ticks < least)
			least = ticks;
	}
	printf("%s %llu\n", name, least);
}

int main(void)
{
	measure("getpid", call_getpid);
	measure("munlockall", call_munlockall);
	measure("mlock+munlockall", call_mlock_munlockall);
	return 0;
}
