// SPDX-License-Identifier: GPL-2.0
/*
 * Specs of a module: they come and go with it, bad ones are left out, and
 * readers neither keep the module nor outlive it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "kapi_module.h"

#define READERS	4
#define ENOUGH	50	/* of everything that is to be seen */
#define MAX_ROUNDS	20000

FIXTURE(module) {
	char *before;	/* the list without the module */
};

FIXTURE_SETUP(module)
{
	int fd = open_module();

	if (geteuid())
		SKIP(return, "only root can load a module");
	if (access(KAPI_DIR, F_OK))
		SKIP(return, "no " KAPI_DIR ": mount debugfs, CONFIG_KAPI_SPEC_DEBUGFS=y");
	if (fd < 0)
		SKIP(return, "no " MODULE ".ko: build test_modules with KDIR=");
	close(fd);
	unload();
	self->before = kapi_read("list");
	ASSERT_NE(NULL, self->before);
	ASSERT_EQ(0, load()) {
		TH_LOG("cannot load " MODULE ".ko: %s", strerror(errno));
	}
}

FIXTURE_TEARDOWN(module)
{
	unload();
	free(self->before);
}

static bool file_says(const char *name, const char *what)
{
	char *text = kapi_read(name);
	bool found = text && strstr(text, what);

	free(text);
	return found;
}

TEST_F(module, good_specs_are_listed)
{
	/* Nothing watches a module's functions. */
	EXPECT_TRUE(file_says("list", "\nkapi_mod_good " MODULE " 4 0\n"));
	EXPECT_TRUE(file_says("list", "\nkapi_mod_strings " MODULE " 4 0\n"));
	EXPECT_TRUE(file_says("specs/kapi_mod_good", "  Notes:        from a module\n"));
	EXPECT_TRUE(file_says("json/kapi_mod_good", "\"notes\": \"from a module\""));
	EXPECT_TRUE(file_says("specs.json", "\"notes\": \"from a module\""));
}

TEST_F(module, bad_specs_are_rejected)
{
	EXPECT_TRUE(file_says("rejected", MODULE " kapi_mod_twice: errors[EINTR.2]: "));
	EXPECT_TRUE(file_says("rejected", MODULE " kapi_mod_count: locks: the count says 1"));
	EXPECT_TRUE(file_says("rejected", MODULE " kapi_mod_leak: locks[lock]: acquired"));
	EXPECT_TRUE(file_says("rejected", MODULE " kapi_mod_none: kallsyms has no function"));
	EXPECT_TRUE(file_says("rejected", MODULE " sys_munlockall: no module has a syscall"));
	EXPECT_FALSE(file_says("list", "kapi_mod_twice"));
	EXPECT_FALSE(file_says("list", "kapi_mod_leak"));
	EXPECT_EQ(-1, kapi_open("specs/kapi_mod_count", O_RDONLY));
	EXPECT_TRUE(file_says("list", "\nsys_munlockall vmlinux "));
}

TEST_F(module, specs_go_with_the_module)
{
	char *after;

	ASSERT_EQ(0, unload());
	after = kapi_read("list");
	EXPECT_STREQ(self->before, after);
	EXPECT_FALSE(file_says("rejected", MODULE));
	EXPECT_EQ(-1, kapi_open("specs/kapi_mod_good", O_RDONLY));
	EXPECT_EQ(-1, kapi_open("json/kapi_mod_good", O_RDONLY));
	free(after);
}

/* A file that is still open says that it is gone; it does not show freed memory. */
TEST_F(module, open_file_does_not_keep_the_module)
{
	int fd = kapi_open("specs/kapi_mod_good", O_RDONLY);
	char c;

	ASSERT_LE(0, fd);
	ASSERT_EQ(1, read(fd, &c, 1));
	ASSERT_EQ(0, unload());
	EXPECT_EQ(-1, read(fd, &c, 1));
	EXPECT_EQ(EIO, errno);
	close(fd);
}

/* What readers saw, shared with them. */
struct seen {
	atomic_uint with;	/* lists with the module's specs */
	atomic_uint without;
	atomic_uint files;	/* files of its specs read to the end */
};

/* Reads all that there is until it is killed; every list must be whole. */
static void read_forever(struct seen *seen, int step)
{
	for (;;) {
		char *list = kapi_read_step("list", step);
		char *json = kapi_read_step("specs.json", step * 100);
		char *text = kapi_read_step("specs/kapi_mod_good", step);

		if (!list || !strstr(list, "\nsys_munlockall vmlinux "))
			_exit(1);
		if (!json || strncmp(json, "{\"version\": 2", 13) ||
		    strcmp(json + strlen(json) - 4, "\n]}\n"))
			_exit(2);
		if (strstr(list, "\nkapi_mod_good "))
			seen->with++;
		else
			seen->without++;
		seen->files += !!text;
		free(list);
		free(json);
		free(text);
		free(kapi_read_step("json/kapi_mod_strings", step));
		free(kapi_read_step("rejected", step));
	}
}

static bool seen_enough(const struct seen *seen)
{
	return seen->with >= ENOUGH && seen->without >= ENOUGH && seen->files >= ENOUGH;
}

TEST_F(module, comes_and_goes_under_readers)
{
	struct seen *seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t readers[READERS];
	int i, status;

	ASSERT_NE(MAP_FAILED, seen);
	for (i = 0; i < READERS; i++) {
		readers[i] = fork();
		ASSERT_LE(0, readers[i]);
		if (!readers[i])
			read_forever(seen, 1 + i * 50);
	}
	for (i = 0; i < MAX_ROUNDS && !seen_enough(seen); i++) {
		ASSERT_EQ(0, unload());
		usleep(100);
		ASSERT_EQ(0, load());
		usleep(100);
	}
	EXPECT_TRUE(seen_enough(seen)) {
		TH_LOG("%d rounds: %u lists with the module, %u without, %u files", i,
		       seen->with, seen->without, seen->files);
	}
	for (i = 0; i < READERS; i++) {
		/* One that found something wrong has ended by itself. */
		EXPECT_EQ(0, waitpid(readers[i], &status, WNOHANG)) {
			TH_LOG("reader %d: status %#x", i, status);
		}
		kill(readers[i], SIGKILL);
		waitpid(readers[i], &status, 0);
	}
	munmap(seen, sizeof(*seen));
}

TEST_HARNESS_MAIN
