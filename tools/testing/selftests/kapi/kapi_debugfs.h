/* SPDX-License-Identifier: GPL-2.0 */
/* Reading files below debugfs, for the tests of this directory. */
#ifndef KAPI_DEBUGFS_H
#define KAPI_DEBUGFS_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KAPI_DIR	"/sys/kernel/debug/kapi"

static inline int kapi_open(const char *name, int flags)
{
	char path[4096];

	snprintf(path, sizeof(path), KAPI_DIR "/%s", name);
	return open(path, flags);
}

/* Not in a kernel without the validator, nor in one that is locked down. */
static inline bool kapi_can_switch(void)
{
	int fd = kapi_open("validate", O_RDWR);

	return fd >= 0 && !close(fd);
}

/* The whole of a file, read @step bytes at a time; NULL if it cannot be had. */
static inline char *kapi_read_step(const char *name, size_t step)
{
	size_t size = 1 << 16, len = 0;
	char *text = malloc(size);
	ssize_t ret = -1;
	int fd = kapi_open(name, O_RDONLY);

	while (fd >= 0 && text && (ret = read(fd, text + len, step)) > 0) {
		len += ret;
		if (len + step >= size)
			text = realloc(text, size *= 2);
	}
	if (fd >= 0)
		close(fd);
	if (!text || ret < 0) {
		free(text);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

static inline char *kapi_read(const char *name)
{
	return kapi_read_step(name, 4096);
}

#endif /* KAPI_DEBUGFS_H */
