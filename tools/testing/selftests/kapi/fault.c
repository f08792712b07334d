// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest.h"
#include "fault.h"

#define DIR	"/sys/kernel/debug/"

/* Let sleeping allocations fail too, and log nothing. */
static struct setting {
	const char *path;
	const char *text;
	char before[32];
} settings[] = {
	{ DIR "failslab/ignore-gfp-wait", "N" },
	{ DIR "failslab/verbose", "0" },
	{ DIR "fail_page_alloc/ignore-gfp-wait", "N" },
	{ DIR "fail_page_alloc/ignore-gfp-highmem", "N" },
	{ DIR "fail_page_alloc/min-order", "0" },
	{ DIR "fail_page_alloc/verbose", "0" },
};

/* These files cannot be read and written through one descriptor. */
static bool note(struct setting *s)
{
	int fd = open(s->path, O_RDONLY);
	ssize_t len = *s->before;

	if (fd >= 0 && !*s->before)
		len = read(fd, s->before, sizeof(s->before) - 1);
	close(fd);
	return len > 0;
}

static bool set(const struct setting *s, const char *text)
{
	int fd = open(s->path, O_WRONLY);
	ssize_t len = strlen(text), ret = -1;

	if (fd >= 0)
		ret = write(fd, text, len);
	close(fd);
	return ret == len;
}

/* Changes system-wide settings; put_back_fault_settings() restores them. */
bool can_fail_allocations(void)
{
	size_t i;

	if (access("/proc/thread-self/fail-nth", W_OK))
		return false;
	for (i = 0; i < ARRAY_SIZE(settings); i++)
		if (!note(&settings[i]) || !set(&settings[i], settings[i].text))
			return false;
	return true;
}

/* Restores the settings that this process changed, if any. */
void put_back_fault_settings(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++)
		if (*settings[i].before)
			set(&settings[i], settings[i].before);
}

/* The caller's file, opened before any allocation is made to fail. */
static int fail_nth(void)
{
	static pid_t owner;
	static int fd;

	if (owner != getpid()) {
		fd = open("/proc/thread-self/fail-nth", O_RDWR);
		owner = getpid();
	}
	return fd;
}

/* The caller's n-th allocation from now on fails; 0: none does. */
int fail_allocation(int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", n);

	return pwrite(fail_nth(), text, len, 0) == len ? 0 : -1;
}

/* Whether that allocation has failed. No further one will. */
bool allocation_failed(void)
{
	char text[16] = "";

	return pread(fail_nth(), text, sizeof(text) - 1, 0) > 0 && !atoi(text);
}
