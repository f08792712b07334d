// SPDX-License-Identifier: GPL-2.0
/*
 * What system calls and reading files cost, in ticks of the time stamp counter: those
 * are instructions where QEMU counts one for each (-icount shift=0). Prints "NAME TICKS"
 * for each call, the least of many batches, the loop included; with names of files,
 * "NAME TICKS" for each byte of them, the least of some readings.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

#define CALLS		200	/* of a batch */
#define BATCHES		50
#define READINGS	5

static void call_getpid(void)
{
	syscall(SYS_getpid);
}

static void call_munlockall(void)
{
	syscall(SYS_munlockall);
}

/* One page locked and unlocked. */
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

static int measure_file(const char *name)
{
	unsigned long long ticks, least = -1ULL;
	static char buffer[1 << 16];
	size_t bytes = 0;
	ssize_t ret = -1;
	int i;

	for (i = 0; i < READINGS; i++) {
		unsigned long long start = __rdtsc();
		int fd = open(name, O_RDONLY);

		for (bytes = 0; (ret = read(fd, buffer, sizeof(buffer))) > 0;)
			bytes += ret;
		close(fd);
		ticks = __rdtsc() - start;
		if (ticks < least)
			least = ticks;
	}
	if (ret || !bytes) {
		perror(name);
		return 1;
	}
	printf("%s %.1f\n", name, (double)least / bytes);
	return 0;
}

int main(int argc, char **argv)
{
	int i, ret = 0;

	for (i = 1; i < argc; i++)
		ret |= measure_file(argv[i]);
	if (argc > 1)
		return ret;
	measure("getpid", call_getpid);
	measure("munlockall", call_munlockall);
	measure("mlock+munlockall", call_mlock_munlockall);
	return 0;
}
