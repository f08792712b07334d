// SPDX-License-Identifier: GPL-2.0
/*
 * Who may see and switch what: root, and nobody else; and with the kernel locked
 * down, root may read but not switch. And that no address is shown to anybody.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "kapi_debugfs.h"

#define NOBODY		65534

static const struct file {
	const char *name;
	mode_t mode;
} files[] = {
	{ "list", 0400 },
	{ "rejected", 0400 },
	{ "specs.json", 0400 },
	{ "specs/sys_munlockall", 0400 },
	{ "json/sys_munlockall", 0400 },
	/* With the validator: */
	{ "violations", 0400 },
	{ "undecided", 0400 },
	{ "missed", 0400 },
	{ "coverage", 0600 },
	{ "validate", 0600 },
	{ "every", 0600 },
	{ "learn", 0600 },
	{ "on_violation", 0600 },
};

/* Those of the validator come last. */
static size_t file_count(void)
{
	size_t n = ARRAY_SIZE(files);

	return access(KAPI_DIR "/validate", F_OK) ? n - 8 : n;
}

FIXTURE(privilege) {
	int dir;	/* found by root: it is not debugfs itself that refuses others */
	size_t files;
};

FIXTURE_SETUP(privilege)
{
	if (geteuid())
		SKIP(return, "only root can find the files");
	self->dir = open(KAPI_DIR, O_PATH | O_DIRECTORY);
	if (self->dir < 0)
		SKIP(return, "no " KAPI_DIR ": mount debugfs, CONFIG_KAPI_SPEC_DEBUGFS=y");
	self->files = file_count();
}

FIXTURE_TEARDOWN(privilege)
{
	close(self->dir);
}

TEST_F(privilege, files_are_of_root_alone)
{
	struct stat st;
	size_t i;

	for (i = 0; i < self->files; i++) {
		ASSERT_EQ(0, fstatat(self->dir, files[i].name, &st, 0));
		EXPECT_EQ(files[i].mode, st.st_mode & 07777) {
			TH_LOG("%s", files[i].name);
		}
		EXPECT_EQ(0, st.st_uid);
		EXPECT_EQ(0, st.st_gid);
	}
}

/* Gives up root for good. PR_SET_DUMPABLE keeps /proc/self accessible. */
static int become_nobody(void)
{
	return setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY) ||
	       prctl(PR_SET_DUMPABLE, 1);
}

static int write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int ret = fd < 0 ? -1 : write(fd, text, strlen(text));

	close(fd);
	return ret < 0;
}

/* Nobody outside, and all capabilities inside. */
static int become_root_of_a_namespace(void)
{
	return become_nobody() || unshare(CLONE_NEWUSER | CLONE_NEWNS) ||
	       write_to("/proc/self/setgroups", "deny") ||
	       write_to("/proc/self/uid_map", "0 65534 1") || getuid() ||
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

/* 0 if no file of the table can be opened in the way that root can. */
static int all_are_refused(int dir, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		int flags = files[i].mode == 0400 ? O_RDONLY : O_WRONLY;

		if (openat(dir, files[i].name, flags) >= 0 || errno != EACCES)
			return 1 + i;
	}
	return 0;
}

/* In a child: 0 if become() worked and all is refused then. */
static int refused_once(int (*become)(void), int dir)
{
	size_t count = file_count();
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(become() ? 255 : all_are_refused(dir, count));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

TEST_F(privilege, nobody_opens_anything)
{
	EXPECT_EQ(0, refused_once(become_nobody, self->dir));
}

TEST_F(privilege, root_of_a_namespace_opens_nothing)
{
	if (access("/proc/self/ns/user", F_OK))
		SKIP(return, "needs CONFIG_USER_NS=y");
	EXPECT_EQ(0, refused_once(become_root_of_a_namespace, self->dir));
}

static int become_root_and_mount(void)
{
	return become_root_of_a_namespace() ||
	       !mount("debugfs", "/tmp", "debugfs", 0, NULL) || errno != EPERM;
}

TEST_F(privilege, root_of_a_namespace_cannot_mount_it)
{
	if (access("/proc/self/ns/user", F_OK))
		SKIP(return, "needs CONFIG_USER_NS=y");
	EXPECT_EQ(0, refused_once(become_root_and_mount, self->dir));
}

static bool is_refused(int dir, const char *file, int how)
{
	return openat(dir, file, how) < 0 && errno == EACCES;
}

static int refuses_event(int dir)
{
	return become_nobody() || !is_refused(dir, "enable", O_WRONLY) ||
	       !is_refused(dir, "format", O_RDONLY);
}

TEST_F(privilege, the_event_is_of_root_alone)
{
	int status, dir = open("/sys/kernel/tracing/events/kapi/kapi_violation",
			       O_PATH | O_DIRECTORY);
	pid_t pid;

	if (dir < 0)
		SKIP(return, "no kapi_violation below /sys/kernel/tracing: mount tracefs");
	pid = fork();
	if (!pid)
		_exit(refuses_event(dir));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

static bool is_locked_down(void)
{
	char text[128] = "";
	int fd = open("/sys/kernel/security/lockdown", O_RDONLY);

	if (fd >= 0 && read(fd, text, sizeof(text) - 1) < 0)
		*text = '\0';
	close(fd);
	return strstr(text, "[integrity]") || strstr(text, "[confidentiality]");
}

TEST_F(privilege, lockdown_leaves_only_reading)
{
	size_t i;

	if (!is_locked_down())
		SKIP(return, "boot with lockdown=integrity and mount securityfs");
	for (i = 0; i < self->files; i++) {
		bool reads = files[i].mode == 0400;
		int fd = openat(self->dir, files[i].name, O_RDONLY);

		EXPECT_EQ(reads, fd >= 0) {
			TH_LOG("%s", files[i].name);
		}
		EXPECT_TRUE(reads || errno == EPERM);
		EXPECT_TRUE(openat(self->dir, files[i].name, O_WRONLY) < 0 && errno == EPERM) {
			TH_LOG("%s", files[i].name);
		}
		close(fd);
	}
}

/* Twelve hexadecimal digits or more that are not all decimal, or begin with a 0. */
static bool has_address(const char *text)
{
	size_t len;

	for (; *text; text += len ? len : 1) {
		len = strspn(text, "0123456789abcdefABCDEF");
		if (len >= 12 && (*text == '0' || strcspn(text, "abcdefABCDEF") < len))
			return true;
	}
	return false;
}

TEST_F(privilege, no_address_is_shown)
{
	size_t i;

	EXPECT_TRUE(has_address("a pointer is ffffffff81000000."));
	EXPECT_TRUE(has_address("hashed: 00000000acce55ed"));
	EXPECT_FALSE(has_address("18446744073709551615 is no address, 0x7fffffff is none"));
	for (i = 0; i < self->files; i++) {
		char *text = kapi_read(files[i].name);

		EXPECT_TRUE(text || (is_locked_down() && files[i].mode != 0400));
		EXPECT_FALSE(text && has_address(text)) {
			TH_LOG("%s", files[i].name);
		}
		free(text);
	}
}

TEST_HARNESS_MAIN
