// SPDX-License-Identifier: GPL-2.0
/* What the debugfs file "learn" says about calls. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "kapi_coverage.h"

#define SETDOMAINNAME	"sys_setdomainname"

static const char *const functions[] = {
	SETDOMAINNAME, "sys_tkill", "sys_munlockall", "prepare_creds",
};

/* Of a function that is not learned, there is nothing to forget. */
static void forget_ours(void)
{
	char text[64];
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		snprintf(text, sizeof(text), "-%s", functions[i]);
		kapi_write("learn", text);
	}
}

FIXTURE(learn) {
	bool was_on;
};

FIXTURE_SETUP(learn)
{
	if (geteuid())
		SKIP(return, "only root can read debugfs");
	if (access(KAPI_DIR "/learn", F_OK))
		SKIP(return, "no validator: CONFIG_KAPI_RUNTIME_CHECKS=y");
	self->was_on = kapi_is_on();
	forget_ours();
	ASSERT_EQ(0, kapi_switch(true));
}

FIXTURE_TEARDOWN(learn)
{
	forget_ours();
	kapi_switch(self->was_on);
}

/* How many calls of a function were seen to do this; -1 if none was. */
static long seen(const char *function, const char *what)
{
	char *text = kapi_read("learn"), *line, *rest = text;
	char begin[128];
	long calls = -1;

	snprintf(begin, sizeof(begin), "%s %s ", function, what);
	while ((line = strsep(&rest, "\n")))
		if (!strncmp(line, begin, strlen(begin)))
			calls = atol(line + strlen(begin));
	free(text);
	return calls;
}

static bool is_learned(const char *function)
{
	return seen(function, "missed") >= 0;
}

/* Nobody else calls it. */
static void set_domain_name(long len)
{
	syscall(SYS_setdomainname, "", len);
}

TEST_F(learn, errors)
{
	set_domain_name(-1);
	ASSERT_EQ(0, kapi_write("learn", SETDOMAINNAME "\n"));
	set_domain_name(-1);
	set_domain_name(1000);
	syscall(SYS_setdomainname, NULL, 1);
	EXPECT_EQ(2, seen(SETDOMAINNAME, "error -EINVAL"));
	EXPECT_EQ(1, seen(SETDOMAINNAME, "error -EFAULT"));
	EXPECT_EQ(-1, seen(SETDOMAINNAME, "result zero"));
	EXPECT_EQ(0, seen(SETDOMAINNAME, "missed"));
	EXPECT_EQ(0, kapi_coverage(SETDOMAINNAME).count);
}

TEST_F(learn, signals)
{
	char what[32];

	ASSERT_EQ(0, kapi_write("learn", "sys_tkill"));
	signal(SIGUSR1, SIG_IGN);
	ASSERT_EQ(0, syscall(SYS_tkill, getpid(), SIGUSR1));
	snprintf(what, sizeof(what), "signal %d", SIGUSR1);
	EXPECT_EQ(1, seen("sys_tkill", what));
	EXPECT_EQ(1, seen("sys_tkill", "result zero"));
}

TEST_F(learn, several)
{
	ASSERT_EQ(0, kapi_write("learn", " sys_tkill\t" SETDOMAINNAME "\n\nsys_munlockall\n"));
	EXPECT_TRUE(is_learned("sys_tkill"));
	EXPECT_TRUE(is_learned("sys_munlockall"));
	ASSERT_EQ(0, kapi_write("learn", "-sys_tkill -sys_munlockall"));
	EXPECT_FALSE(is_learned("sys_tkill"));
	EXPECT_FALSE(is_learned("sys_munlockall"));
	EXPECT_TRUE(is_learned(SETDOMAINNAME));
}

/* Off, nothing is seen; what was seen before stays. */
TEST_F(learn, switched_off)
{
	ASSERT_EQ(0, kapi_write("learn", SETDOMAINNAME));
	set_domain_name(-1);
	ASSERT_EQ(0, kapi_switch(false));
	set_domain_name(-1);
	EXPECT_EQ(1, seen(SETDOMAINNAME, "error -EINVAL"));
	ASSERT_EQ(0, kapi_switch(true));
	set_domain_name(-1);
	EXPECT_EQ(2, seen(SETDOMAINNAME, "error -EINVAL"));
}

/* It is checked by its spec as before. */
TEST_F(learn, with_spec)
{
	long long held = kapi_held("sys_munlockall", "returns");

	ASSERT_EQ(0, kapi_write("learn", "sys_munlockall"));
	ASSERT_EQ(0, syscall(SYS_munlockall));
	EXPECT_EQ(1, seen("sys_munlockall", "result zero"));
	EXPECT_EQ(1, seen("sys_munlockall", "lock sleeping_write"));
	EXPECT_LT(held, kapi_held("sys_munlockall", "returns"));
}

TEST_F(learn, refused)
{
	static char text[8192];

	EXPECT_EQ(-1, kapi_write("learn", "sys_no_such"));
	EXPECT_EQ(ENOENT, errno);
	EXPECT_EQ(-1, kapi_write("learn", "-" SETDOMAINNAME));
	EXPECT_EQ(ENOENT, errno);
	EXPECT_EQ(-1, kapi_write("learn", "memcpy"));
	EXPECT_EQ(EOPNOTSUPP, errno);
	memset(text, 'x', 1000);
	EXPECT_EQ(-1, kapi_write("learn", text));
	EXPECT_EQ(ENOENT, errno);
	memset(text, 'x', sizeof(text) - 1);
	EXPECT_EQ(-1, kapi_write("learn", text));
	EXPECT_EQ(E2BIG, errno);
}

/* A returned pointer is only shown as large. */
TEST_F(learn, function)
{
	if (kapi_write("learn", "prepare_creds") && errno == EOPNOTSUPP)
		SKIP(return, "needs CONFIG_FPROBE");
	ASSERT_EQ(0, syscall(SYS_setgid, getgid()));
	EXPECT_LE(1, seen("prepare_creds", "result large"));
	EXPECT_LE(1, seen("prepare_creds", "from process"));
}

TEST_HARNESS_MAIN
