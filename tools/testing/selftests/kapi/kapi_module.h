/* SPDX-License-Identifier: GPL-2.0 */
/* The module with specs of its own, good and bad, for the tests of this directory. */
#ifndef KAPI_MODULE_H
#define KAPI_MODULE_H

#include <sys/syscall.h>

#include "kapi_debugfs.h"

#define MODULE	"kapi_test_specs"

/* In test_modules/, or in the current directory. */
static inline int open_module(void)
{
	int fd = open("test_modules/" MODULE ".ko", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? open(MODULE ".ko", O_RDONLY | O_CLOEXEC) : fd;
}

static inline int load_with(const char *params)
{
	int fd = open_module();
	int ret = syscall(SYS_finit_module, fd, params, 0);

	close(fd);
	return ret;
}

static inline int load(void)
{
	return load_with("");
}

static inline int unload(void)
{
	return syscall(SYS_delete_module, MODULE, O_NONBLOCK);
}

#endif /* KAPI_MODULE_H */
