// SPDX-License-Identifier: GPL-2.0
/*
 * Lack of memory while specs are registered, shown or observed: the n-th
 * allocation fails, for every n until all succeed. Each time, the operation
 * either succeeds or fails as a whole.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "kselftest_harness.h"
#include "fault.h"
#include "kapi_coverage.h"
#include "kapi_module.h"

#define MOST	20000	/* allocations of anything here */

FIXTURE(fault) {
	char *list;
	bool was_on;	/* the validator, if there is one */
};

FIXTURE_SETUP(fault)
{
	if (geteuid())
		SKIP(return, "only root can read debugfs");
	if (access(KAPI_DIR, F_OK))
		SKIP(return, "no " KAPI_DIR ": mount debugfs, CONFIG_KAPI_SPEC_DEBUGFS=y");
	if (!can_fail_allocations())
		SKIP(return, "needs CONFIG_FAILSLAB, CONFIG_FAIL_PAGE_ALLOC and their debugfs");
	unload();
	self->list = kapi_read("list");
	ASSERT_NE(NULL, self->list);
	self->was_on = kapi_is_on();
}

FIXTURE_TEARDOWN(fault)
{
	fail_allocation(0);
	put_back_fault_settings();
	unload();
	free(self->list);
	if (kapi_is_on() != self->was_on)
		EXPECT_EQ(0, kapi_switch(self->was_on));
}

typedef int (*deed_fn)(const void *what);

/* The outcome of an operation; @failed if it made an n-th allocation. */
struct attempt {
	int ret;
	int error;
	bool failed;
};

static struct attempt attempt(int n, deed_fn deed, const void *what)
{
	struct attempt a;

	errno = 0;
	if (fail_allocation(n))
		return (struct attempt){ -1, EIO, true };
	a.ret = deed(what);
	a.error = errno;
	a.failed = allocation_failed();
	fail_allocation(0);
	return a;
}

/* === Reading ============================================================== */

struct reading {
	const char *name;
	char *text;	/* as it is */
	char *buffer;	/* as large, and a byte more */
};

static int read_file(const void *what)
{
	const struct reading *r = what;
	size_t len = 0, size = strlen(r->text) + 1;
	int fd = kapi_open(r->name, O_RDONLY);
	ssize_t ret = -1;

	while (fd >= 0 && len < size && (ret = read(fd, r->buffer + len, size - len)) > 0)
		len += ret;
	r->buffer[len] = '\0';
	if (fd >= 0) {
		int error = errno;

		close(fd);
		errno = error;
	}
	return ret < 0 ? -1 : 0;
}

static void read_short_of_memory(const char *name, struct __test_metadata *_metadata)
{
	struct reading r = { .name = name, .text = kapi_read(name) };
	int n, refused = 0;
	struct attempt a;

	ASSERT_NE(NULL, r.text);
	r.buffer = calloc(2, strlen(r.text) + 1);
	memset(r.buffer, '?', strlen(r.text) + 1);	/* it must be there already */
	for (n = 1; n < MOST; n++) {
		a = attempt(n, read_file, &r);
		ASSERT_TRUE(a.ret ? a.error == ENOMEM : !strcmp(r.text, r.buffer)) {
			TH_LOG("%s, allocation %d: %s", name, n, strerror(a.error));
		}
		refused += a.ret < 0;
		if (!a.failed)
			break;
	}
	EXPECT_LT(n, MOST);
	EXPECT_GT(refused, 0);
	TH_LOG("%s: %d allocations, %d of them refuse the reader", name, n - 1, refused);
	free(r.buffer);
	free(r.text);
}

TEST_F(fault, readers_get_all_or_nothing)
{
	read_short_of_memory("list", _metadata);
	read_short_of_memory("rejected", _metadata);
	read_short_of_memory("specs.json", _metadata);
	read_short_of_memory("specs/sys_mlock", _metadata);
	read_short_of_memory("json/sys_mlock", _metadata);
}

/* === A module ============================================================= */

static int load_module(const void *what)
{
	return syscall(SYS_finit_module, *(const int *)what, "", 0);
}

static bool lists_module(void)
{
	char *list = kapi_read("list");
	bool found = list && strstr(list, "\nkapi_mod_good " MODULE " ");

	free(list);
	return found;
}

/* A module that is loaded has its specs, or none of them. */
TEST_F_TIMEOUT(fault, modules_come_whole_or_not_at_all, 600)
{
	int n, refused = 0, without = 0, fd = open_module();
	struct attempt a;

	if (fd < 0)
		SKIP(return, "no " MODULE ".ko: build test_modules with KDIR=");
	for (n = 1; n < MOST; n++) {
		char *list;

		a = attempt(n, load_module, &fd);
		refused += a.ret < 0;
		without += !a.ret && !lists_module();
		ASSERT_EQ(0, a.ret ? 0 : unload());
		list = kapi_read("list");
		ASSERT_STREQ(self->list, list);
		free(list);
		if (!a.failed)
			break;
	}
	close(fd);
	EXPECT_LT(n, MOST);
	EXPECT_EQ(0, a.ret);
	EXPECT_GT(refused, 0);
	EXPECT_EQ(0, load());
	EXPECT_TRUE(lists_module());
	TH_LOG("%d allocations: %d refuse the module, %d its specs", n - 1, refused, without);
}

/* === The validator ======================================================== */

static int switch_on(const void *what)
{
	return kapi_switch(true);
}

/* Once it has lacked memory, register_ftrace_graph() returns -EBUSY for good. */
static bool uses_fprobe(void)
{
	return !access("/sys/kernel/tracing/enabled_functions", F_OK);
}

TEST_F(fault, validator_is_on_or_off)
{
	struct attempt a;
	int n;

	if (uses_fprobe())
		SKIP(return, "fprobe does not outlive a failed allocation");
	if (access(KAPI_DIR "/validate", F_OK))
		SKIP(return, "no " KAPI_DIR "/validate: CONFIG_KAPI_RUNTIME_CHECKS=y");
	for (n = 1; n < MOST; n++) {
		ASSERT_EQ(0, kapi_switch(false));
		ASSERT_FALSE(kapi_is_on());
		a = attempt(n, switch_on, NULL);
		ASSERT_EQ(!a.ret, kapi_is_on());
		if (!a.failed)
			break;
	}
	EXPECT_LT(n, MOST);
	EXPECT_EQ(0, a.ret);
	TH_LOG("%d allocations", n - 1);
}

TEST_HARNESS_MAIN
