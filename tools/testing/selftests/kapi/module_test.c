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
#include "kapi_coverage.h"
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
	EXPECT_TRUE(file_says("list", "\nkapi_mod_good " MODULE " 5 "));
	EXPECT_TRUE(file_says("list", "\nkapi_mod_strings " MODULE " 5 "));
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
	EXPECT_TRUE(file_says("rejected", MODULE " sys_munlockall: modules have no syscalls"));
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

/* === Functions ============================================================ */

FIXTURE(functions) {
	char *reaction;	/* as it was before */
	bool was_on;
};

FIXTURE_SETUP(functions)
{
	if (geteuid())
		SKIP(return, "only root can load a module");
	if (!kapi_can_switch())
		SKIP(return, "no " KAPI_DIR "/validate: CONFIG_KAPI_RUNTIME_CHECKS=y");
	if (open_module() < 0)
		SKIP(return, "no " MODULE ".ko: build test_modules with KDIR=");
	unload();
	self->was_on = kapi_is_on();
	self->reaction = kapi_read("on_violation");
	ASSERT_EQ(0, kapi_write("on_violation", "log"));
	ASSERT_EQ(0, kapi_switch(true));
	ASSERT_EQ(0, load());
	if (!kapi_coverage("kapi_mod_add").count)
		SKIP(return, "not observed: needs CONFIG_FPROBE");
}

FIXTURE_TEARDOWN(functions)
{
	unload();
	kapi_switch(self->was_on);
	kapi_write("on_violation", self->reaction);
	free(self->reaction);
}

/* Has the module call its functions. */
static int do_deed(const char *name)
{
	int fd = open("/sys/module/" MODULE "/parameters/deed", O_WRONLY);
	int ret = write(fd, name, strlen(name));

	close(fd);
	return ret == (int)strlen(name) ? 0 : -1;
}

/* A lock needs lockdep; without that all is -1. */
static void expect_counts(struct __test_metadata *_metadata, const char *spec,
			  const char *clause, int held, int violated, int misused)
{
	struct kapi_coverage c = kapi_coverage(spec);
	const struct kapi_line *line = kapi_find_line(&c, clause);

	ASSERT_NE(NULL, line) {
		TH_LOG("no clause %s", clause);
	}
	if (strstr(line->text, "(needs "))
		return;
	EXPECT_EQ(held, line->held) {
		TH_LOG("%s held", clause);
	}
	EXPECT_EQ(violated, line->violated) {
		TH_LOG("%s violated", clause);
	}
	EXPECT_EQ(misused, line->misused) {
		TH_LOG("%s misused", clause);
	}
}

TEST_F(functions, of_a_module_are_observed)
{
	ASSERT_EQ(0, do_deed("add_one"));
	expect_counts(_metadata, "kapi_mod_add", "returns", 1, 0, -1);
	expect_counts(_metadata, "kapi_mod_add", "called_from", 1, -1, 0);
	expect_counts(_metadata, "kapi_mod_add", "constraints[is_positive]", 1, -1, 0);
	expect_counts(_metadata, "kapi_mod_add", "locks[lock]", 1, 0, 0);
	ASSERT_EQ(0, do_deed("add_too_much"));
	expect_counts(_metadata, "kapi_mod_add", "constraints[is_full]", 1, 0, -1);
	expect_counts(_metadata, "kapi_mod_add", "errors[ENOSPC]", 1, 0, -1);
}

TEST_F(functions, of_a_module_violate)
{
	ASSERT_EQ(0, do_deed("lie"));
	expect_counts(_metadata, "kapi_mod_add", "errors[ENOSPC]", 0, 1, -1);
	EXPECT_TRUE(file_says("violations", "kapi_mod_add errors[ENOSPC] "));
	/* What is said of it is gone with the module. */
	ASSERT_EQ(0, unload());
	EXPECT_FALSE(file_says("violations", "kapi_mod_"));
	EXPECT_FALSE(file_says("coverage", "kapi_mod_"));
	ASSERT_EQ(0, load());
	expect_counts(_metadata, "kapi_mod_add", "errors[ENOSPC]", 0, 0, -1);
}

TEST_F(functions, of_a_module_are_misused)
{
	ASSERT_EQ(0, do_deed("add_nothing"));
	expect_counts(_metadata, "kapi_mod_add", "constraints[is_positive]", 0, -1, 1);
	ASSERT_EQ(0, do_deed("add_unlocked"));
	expect_counts(_metadata, "kapi_mod_add", "locks[lock]", 0, 0, 1);
	ASSERT_EQ(0, do_deed("sleep_atomically"));
	expect_counts(_metadata, "kapi_mod_sleep", "called_from", 0, -1, 1);
	EXPECT_TRUE(file_says("violations", "kapi_mod_sleep called_from (a context in which it "
			      "may be called): misused: expected a caller that may sleep, "
			      "observed interrupts off, called by "));
}

/* They are not observed while the validator is off, and are when it is on again. */
TEST_F(functions, of_a_module_go_by_the_switch)
{
	ASSERT_EQ(0, kapi_switch(false));
	ASSERT_EQ(0, do_deed("add_one"));
	ASSERT_EQ(0, kapi_switch(true));
	expect_counts(_metadata, "kapi_mod_add", "returns", 0, 0, -1);
	ASSERT_EQ(0, do_deed("add_one"));
	expect_counts(_metadata, "kapi_mod_add", "returns", 1, 0, -1);
	ASSERT_EQ(0, unload());
	ASSERT_EQ(0, kapi_switch(false));
	ASSERT_EQ(0, load());
	ASSERT_EQ(0, kapi_switch(true));
	ASSERT_EQ(0, do_deed("add_one"));
	expect_counts(_metadata, "kapi_mod_add", "returns", 1, 0, -1);
}

/* By whatever name it is learned, it is still checked. */
TEST_F(functions, of_a_module_are_learned_beside)
{
	ASSERT_EQ(0, kapi_write("learn", MODULE ":kapi_mod_add"));
	ASSERT_EQ(0, do_deed("add_one"));
	expect_counts(_metadata, "kapi_mod_add", "returns", 1, 0, -1);
	EXPECT_TRUE(file_says("learn", MODULE ":kapi_mod_add result positive 1 1\n"));
	EXPECT_EQ(-1, kapi_write("learn", "kapi_mod_add"));
	EXPECT_EQ(EEXIST, errno);
	ASSERT_EQ(0, kapi_write("learn", "-" MODULE ":kapi_mod_add"));
	ASSERT_EQ(0, do_deed("add_one"));
	expect_counts(_metadata, "kapi_mod_add", "returns", 2, 0, -1);
}

static void switch_forever(void)
{
	for (;;) {
		kapi_switch(false);
		kapi_switch(true);
	}
}

static void look_forever(void)
{
	for (;;) {
		free(kapi_read("coverage"));
		free(kapi_read("violations"));
		free(kapi_read("list"));
		kapi_write("coverage", "0");
	}
}

/*
 * Loads and unloads the module while its threads call observed functions. When
 * the module goes, the last thread may still be in a function that never returns.
 */
static int come_and_go(int rounds)
{
	long long calls = 0;
	int i;

	for (i = 0; i < rounds; i++) {
		if (load_with("busy=1"))
			return -1;
		usleep(20000);
		calls += kapi_held("kapi_mod_add", "called_from") > 0;
		if (unload())
			return -1;
	}
	return calls ? 0 : -1;
}

TEST_F_TIMEOUT(functions, of_a_module_come_and_go, 180)
{
	void (*const others[])(void) = { switch_forever, look_forever };
	pid_t pids[2];
	int i;

	ASSERT_EQ(0, unload());
	EXPECT_EQ(0, come_and_go(5));
	for (i = 0; i < 2; i++) {
		pids[i] = fork();
		ASSERT_LE(0, pids[i]);
		if (!pids[i])
			others[i]();
	}
	EXPECT_EQ(0, come_and_go(10));
	for (i = 0; i < 2; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	kapi_switch(true);
	EXPECT_FALSE(file_says("violations", "kapi_mod_"));
	EXPECT_TRUE(file_says("missed", "0\n"));
	ASSERT_EQ(0, load());
}

/* === Readers ============================================================== */

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

TEST_F_TIMEOUT(module, comes_and_goes_under_readers, 180)
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
