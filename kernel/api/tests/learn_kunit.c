// SPDX-License-Identifier: GPL-2.0
/*
 * Learning: this thread pretends to be in sethostname(), or calls a test
 * function that has no spec. What it does during the call is real.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "functions.h"

#define TEXT_SIZE	SZ_16K

static const char hostname[] = "sys_sethostname";

/* What debugfs shows of a function; nothing if it is not learned. */
static char *text_of(struct kunit *test, const char *name)
{
	struct seq_file m = { .size = TEXT_SIZE };
	const struct kapi_watch *watch = find_watch(name);

	m.buf = kunit_kzalloc(test, TEXT_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m.buf);
	if (watch)
		kapi_show_learned(&m, watch->learned);
	KUNIT_ASSERT_FALSE(test, seq_has_overflowed(&m));
	return m.buf;
}

static bool has_line(const char *text, const char *name, const char *rest)
{
	char line[128];

	scnprintf(line, sizeof(line), "%s %s\n", name, rest);
	return strstr(text, line);
}

#define EXPECT_LINE(text, name, rest)					\
	KUNIT_EXPECT_TRUE_MSG(test, has_line(text, name, rest), "no \"%s\" in:\n%s", rest, text)

static void do_nothing(void)
{
}

static void call(void (*body)(void), long ret)
{
	enter(__NR_sethostname);
	body();
	leave(ret);
}

/* === Calls ================================================================ */

static void learn_results(struct kunit *test)
{
	const char *text;

	KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
	call(do_nothing, -EPERM);
	call(do_nothing, -EPERM);
	call(do_nothing, -ERESTARTSYS);
	call(do_nothing, 0);
	call(do_nothing, 7);
	call(do_nothing, LONG_MAX);
	call(do_nothing, -SZ_8K);
	text = text_of(test, hostname);
	EXPECT_LINE(text, hostname, "param char * name");
	EXPECT_LINE(text, hostname, "param int len");
	EXPECT_LINE(text, hostname, "error -EPERM 2 0");
	EXPECT_LINE(text, hostname, "error -ERESTARTSYS 1 0");
	EXPECT_LINE(text, hostname, "result zero 1 1");
	EXPECT_LINE(text, hostname, "result positive 1 1");
	EXPECT_LINE(text, hostname, "result large 1 1");
	EXPECT_LINE(text, hostname, "result negative 1 1");
	EXPECT_LINE(text, hostname, "missed 0");
	KUNIT_EXPECT_NULL(test, strstr(text, "lock "));
	KUNIT_EXPECT_NULL(test, strstr(text, "signal "));
}

static DEFINE_MUTEX(kapi_test_mutex);
static DEFINE_SPINLOCK(kapi_test_spinlock);

/* The mmap_lock of another mm is not the caller's. */
static void take_locks(void)
{
	mmap_write_lock(current->mm);
	mmap_write_unlock(current->mm);
	mmap_read_lock(&init_mm);
	mmap_read_unlock(&init_mm);
	mutex_lock(&kapi_test_mutex);
	mutex_unlock(&kapi_test_mutex);
	mutex_lock(&kapi_test_mutex);
	mutex_unlock(&kapi_test_mutex);
	rcu_read_lock();
	spin_lock(&kapi_test_spinlock);
	spin_unlock(&kapi_test_spinlock);
	rcu_read_unlock();
}

static void learn_mmap_lock(struct kunit *test)
{
	const char *text;

	KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
	call(take_locks, 0);
	call(do_nothing, 0);
	text = text_of(test, hostname);
	EXPECT_LINE(text, hostname, "lock sleeping_write 1 1 &mm->mmap_lock");
	KUNIT_EXPECT_NULL(test, strstr(text, "sleeping_read 1 1 &mm->mmap_lock"));
}

/* A lock is counted once for each call. */
static void learn_locks(struct kunit *test)
{
	const char *text;

	skip_without_lockdep(test);
	KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
	call(take_locks, 0);
	call(take_locks, -EINVAL);
	call(take_locks, -EINVAL);
	text = text_of(test, hostname);
	EXPECT_LINE(text, hostname, "lock sleeping_write 3 1 kapi_test_mutex");
	EXPECT_LINE(text, hostname, "lock spinning_write 3 1 kapi_test_spinlock");
	KUNIT_EXPECT_NULL(test, strstr(text, "rcu_read_lock\n"));
}

static void send_signal(void)
{
	send_sig(SIGUSR1, current, 1);
}

static void learn_signals(struct kunit *test)
{
	char line[32];

	scnprintf(line, sizeof(line), "signal %d 1 0", SIGUSR1);
	KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
	call(send_signal, -EPERM);
	call(do_nothing, 0);
	flush_signals(current);
	EXPECT_LINE(text_of(test, hostname), hostname, line);
}

/* There are more errors than there is room; those that have some go on to be counted. */
static void learn_bounded(struct kunit *test)
{
	const char *text;
	long error;

	KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
	for (error = 1; error <= 100; error++)
		call(do_nothing, -error);
	call(do_nothing, -EPERM);
	text = text_of(test, hostname);
	EXPECT_LINE(text, hostname, "error -EPERM 2 0");
	EXPECT_LINE(text, hostname, "missed 36");
}

/* Its calls are checked as before. */
static void learn_with_spec(struct kunit *test)
{
	static const char name[] = "sys_munlockall";
	const struct kapi_watch *watch = watch_of(test, name);

	KUNIT_ASSERT_EQ(test, kapi_learn(name), 0);
	enter(__NR_munlockall);
	leave(-ENOMEM);
	EXPECT_LINE(text_of(test, name), name, "error -ENOMEM 1 0");
	KUNIT_EXPECT_EQ(test, count_of(watch, "returns", KAPI_VIOLATED), 1);
	KUNIT_ASSERT_EQ(test, kapi_learn("-sys_munlockall"), 0);
	KUNIT_EXPECT_STREQ(test, text_of(test, name), "");
	enter(__NR_munlockall);
	leave(-ENOMEM);
	KUNIT_EXPECT_EQ(test, count_of(watch, "returns", KAPI_VIOLATED), 2);
}

/* === What is learned ====================================================== */

static void learn_nothing(struct kunit *test)
{
	call(do_nothing, 0);
	KUNIT_EXPECT_STREQ(test, text_of(test, hostname), "");
	KUNIT_EXPECT_NULL(test, current->kapi_call);
}

/* The second time nothing is forgotten. */
static void learn_twice(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
	call(do_nothing, -EPERM);
	KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
	call(do_nothing, -EPERM);
	EXPECT_LINE(text_of(test, hostname), hostname, "error -EPERM 2 0");
}

static void forget_hostname(void)
{
	kapi_learn("-sys_sethostname");
}

static void forget_and_learn(void)
{
	forget_hostname();
	kapi_learn(hostname);
}

/* The end of a call that was under way then is not learned, and its record not lost. */
static void learn_forgotten_meanwhile(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
	call(forget_hostname, 0);
	KUNIT_EXPECT_NULL(test, current->kapi_call);
	KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
	call(forget_and_learn, 0);
	KUNIT_EXPECT_NULL(test, strstr(text_of(test, hostname), "result"));
	call(do_nothing, 0);
	EXPECT_LINE(text_of(test, hostname), hostname, "result zero 1 1");
}

/* Nor does it take the next call's place if its end is never seen. */
static void learn_forgotten_and_never_over(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i <= KAPI_MAX_DEPTH; i++) {
		KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
		enter(__NR_sethostname);
		forget_hostname();
	}
	KUNIT_EXPECT_EQ(test, kapi_missed_calls(), 0);
	kapi_drop_calls(current);
}

static void learn_when_switched_on(struct kunit *test)
{
	kapi_validate(false);
	KUNIT_ASSERT_EQ(test, kapi_learn(hostname), 0);
	call(do_nothing, 0);
	KUNIT_EXPECT_NULL(test, strstr(text_of(test, hostname), "result"));
	KUNIT_ASSERT_EQ(test, kapi_validate(true), 0);
	call(do_nothing, 0);
	kapi_validate(false);
	EXPECT_LINE(text_of(test, hostname), hostname, "result zero 1 1");
}

static void learn_refused(struct kunit *test)
{
	static const char *const names[] = {
		"sys_read", "sys_write", "sys_openat", "sys_close", "sys_mmap", "sys_brk",
		"sys_pipe2", "sys_dup", "sys_getppid", "sys_dup3", "sys_getpid", "sys_getuid",
		"sys_getgid", "sys_umask", "sys_chdir", "sys_chroot", "sys_sethostname",
	};
	unsigned int i;

	KUNIT_EXPECT_EQ(test, kapi_learn("sys_no_such"), -ENOENT);
	KUNIT_EXPECT_EQ(test, kapi_learn("kapi_no_such"), -ENOENT);
	KUNIT_EXPECT_EQ(test, kapi_learn("-sys_sethostname"), -ENOENT);
	KUNIT_EXPECT_EQ(test, kapi_learn("memcpy"), -EOPNOTSUPP);
	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ_MSG(test, kapi_learn(names[i]), 0, "%s", names[i]);
	KUNIT_EXPECT_EQ(test, kapi_learn(names[i]), -ENOSPC);
	KUNIT_EXPECT_EQ(test, kapi_learn("-"), 0);
	KUNIT_EXPECT_EQ(test, kapi_learn(names[i]), 0);
}

/* === Functions ============================================================ */

observed_function int kapi_test_learned(int ret)
{
	mutex_lock(&kapi_test_mutex);
	mutex_unlock(&kapi_test_mutex);
	return ret;
}

observed_function int kapi_test_learned_anywhere(void)
{
	barrier();	/* not without a call */
	return -EAGAIN;
}

static void call_in_tasklet(struct tasklet_struct *unused)
{
	kapi_test_learned_anywhere();
}

static DECLARE_TASKLET(kapi_test_tasklet, call_in_tasklet);

static void skip_without_fprobe(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_FPROBE))
		kunit_skip(test, "needs CONFIG_FPROBE");
}

static void learn_function(struct kunit *test)
{
	static const char name[] = "kapi_test_learned";
	const char *text;

	skip_without_fprobe(test);
	KUNIT_ASSERT_EQ(test, kapi_learn(name), 0);
	kapi_test_learned(0);
	kapi_test_learned(-ENODEV);
	text = text_of(test, name);
	EXPECT_LINE(text, name, "error -ENODEV 1 0");
	EXPECT_LINE(text, name, "result zero 1 1");
	EXPECT_LINE(text, name, "from process 2 2");
	KUNIT_EXPECT_NULL(test, strstr(text, "from atomic"));
}

/* Of calls in an interrupt, nothing is known but that there were some. */
static void learn_contexts(struct kunit *test)
{
	static const char name[] = "kapi_test_learned_anywhere";
	const char *text;

	skip_without_fprobe(test);
	KUNIT_ASSERT_EQ(test, kapi_learn(name), 0);
	local_irq_disable();
	kapi_test_learned_anywhere();
	local_irq_enable();
	tasklet_schedule(&kapi_test_tasklet);
	tasklet_unlock_wait(&kapi_test_tasklet);
	tasklet_kill(&kapi_test_tasklet);
	text = text_of(test, name);
	EXPECT_LINE(text, name, "from atomic 1 1");
	EXPECT_LINE(text, name, "from softirq 1 1");
	EXPECT_LINE(text, name, "error -EAGAIN 1 0");
}

/* === The suite ============================================================ */

static int learn_init(struct kunit *test)
{
	kapi_validate(false);
	KUNIT_ASSERT_EQ(test, kunit_attach_mm(), 0);
	KUNIT_ASSERT_EQ(test, kapi_validate(true), 0);
	kapi_report_reset();
	return 0;
}

static void learn_exit(struct kunit *test)
{
	kapi_learn("-");
}

static struct kunit_case learn_kunit_cases[] = {
	KUNIT_CASE(learn_results),
	KUNIT_CASE(learn_mmap_lock),
	KUNIT_CASE(learn_locks),
	KUNIT_CASE(learn_signals),
	KUNIT_CASE(learn_bounded),
	KUNIT_CASE(learn_with_spec),
	KUNIT_CASE(learn_nothing),
	KUNIT_CASE(learn_twice),
	KUNIT_CASE(learn_forgotten_meanwhile),
	KUNIT_CASE(learn_forgotten_and_never_over),
	KUNIT_CASE(learn_when_switched_on),
	KUNIT_CASE(learn_refused),
	KUNIT_CASE(learn_function),
	KUNIT_CASE(learn_contexts),
	{}
};

static struct kunit_suite learn_suite = {
	.name = "kapi_learn",
	.suite_init = functions_suite_init,
	.suite_exit = functions_suite_exit,
	.init = learn_init,
	.exit = learn_exit,
	.test_cases = learn_kunit_cases,
};

kunit_test_suite(learn_suite);
