// SPDX-License-Identifier: GPL-2.0
/*
 * The state that conditions can read: what each helper returns, whose state it
 * marks, and when it has no answer. The task, its files and a small mm are
 * real; only the call is made up.
 */
#include <kunit/test.h>
#include <linux/anon_inodes.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/lsm_hooks.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "checking.h"

DEFINE_TEST_SPEC(unguarded)
	KAPI_RETURNS_ZERO("0")
KAPI_END_SPEC;

DEFINE_TEST_SPEC(guarded)
	KAPI_RETURNS_ZERO("0")
	KAPI_TAKES(mmap_lock, KAPI_LOCK_RWSEM, "&mm->mmap_lock", KAPI_GUARDS)
KAPI_END_SPEC;

/* As before a condition is evaluated. */
static struct kapi_call *begin(struct made_call *m, enum kapi_moment moment)
{
	m->call.moment = moment;
	m->call.reading++;
	m->call.of = 0;
	m->call.unknown = false;
	return &m->call;
}

/* Whose state was read, and whether it could not be told. */
static void expect_read(struct kunit *test, const struct made_call *m, u8 of, bool unknown)
{
	KUNIT_EXPECT_EQ(test, m->call.of, of);
	KUNIT_EXPECT_EQ(test, m->call.unknown, unknown);
}

/* === The task ============================================================= */

/* Security modules that have these hooks, if they are not left out at boot. */
static bool may_have_modules(void)
{
	return IS_ENABLED(CONFIG_BPF_LSM) || IS_ENABLED(CONFIG_SECURITY_APPARMOR) ||
	       IS_ENABLED(CONFIG_SECURITY_SELINUX) || IS_ENABLED(CONFIG_SECURITY_SMACK) ||
	       IS_ENABLED(CONFIG_SECURITY_TOMOYO);
}

static void state_of_task(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);

	KUNIT_EXPECT_EQ(test, kapi_unknown(begin(m, KAPI_AT_ENTRY)), 0);
	expect_read(test, m, 0, true);
	KUNIT_EXPECT_EQ(test, kapi_rlimit(begin(m, KAPI_AT_ENTRY), RLIMIT_NOFILE),
			rlimit(RLIMIT_NOFILE));
	expect_read(test, m, KAPI_OF_LIMITS, false);
	kapi_rlimit(begin(m, KAPI_AT_ENTRY), RLIM_NLIMITS);
	expect_read(test, m, KAPI_OF_LIMITS, true);
	kapi_rlimit(begin(m, KAPI_AT_ENTRY), -1);
	expect_read(test, m, KAPI_OF_LIMITS, true);
	kapi_rlimit(begin(m, KAPI_AT_ENTRY), RLIMIT_CPU);
	expect_read(test, m, KAPI_OF_LIMITS, true);
	KUNIT_EXPECT_EQ(test, kapi_capable(begin(m, KAPI_AT_ENTRY), CAP_IPC_LOCK),
			!m->call.unknown);
	if (!may_have_modules())
		expect_read(test, m, 0, false);
	KUNIT_EXPECT_FALSE(test, kapi_may_be_refused(begin(m, KAPI_AT_EXIT), capable));
	expect_read(test, m, 0, IS_ENABLED(CONFIG_SECURITY));
	KUNIT_EXPECT_FALSE(test, kapi_may_be_refused(begin(m, KAPI_AT_EXIT), file_fcntl));
	if (!may_have_modules())
		expect_read(test, m, 0, false);
	KUNIT_EXPECT_EQ(test, kapi_global(begin(m, KAPI_AT_ENTRY), 5), 5);
	expect_read(test, m, KAPI_OF_ANYBODY, false);
	KUNIT_EXPECT_EQ(test, kapi_after_unlock(begin(m, KAPI_AT_UNLOCK), 5), 5);
	expect_read(test, m, KAPI_OF_MM, false);
}

/* A failure that was seen is certain; that none was needs all to be seen. */
static void state_of_allocations(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);

	KUNIT_EXPECT_FALSE(test, kapi_kmalloc_failed(begin(m, KAPI_AT_EXIT)));
	expect_read(test, m, 0, false);
	KUNIT_EXPECT_FALSE(test, kapi_alloc_failed(begin(m, KAPI_AT_EXIT)));
	if (IS_ENABLED(CONFIG_FAIL_FUNCTION) || IS_ENABLED(CONFIG_BPF_KPROBE_OVERRIDE))
		KUNIT_EXPECT_TRUE(test, m->call.unknown);
	else if (!IS_ENABLED(CONFIG_MEMCG))
		KUNIT_EXPECT_FALSE(test, m->call.unknown);
	m->call.fails_unseen = true;
	KUNIT_EXPECT_FALSE(test, kapi_alloc_failed(begin(m, KAPI_AT_EXIT)));
	expect_read(test, m, 0, true);
	m->call.failed_allocs = 1;
	KUNIT_EXPECT_TRUE(test, kapi_kmalloc_failed(begin(m, KAPI_AT_EXIT)));
	KUNIT_EXPECT_TRUE(test, kapi_alloc_failed(begin(m, KAPI_AT_EXIT)));
	expect_read(test, m, 0, false);
	KUNIT_EXPECT_FALSE(test, kapi_fault_failed(begin(m, KAPI_AT_EXIT)));
	expect_read(test, m, 0, !kapi_sees_faults());
	m->call.failed_faults = 1;
	KUNIT_EXPECT_TRUE(test, kapi_fault_failed(begin(m, KAPI_AT_EXIT)));
	expect_read(test, m, 0, false);
}

static unsigned int limits_done(void)
{
	return kapi_remote_done(KAPI_REMOTE_LIMITS);
}

static bool limits_changed(unsigned int done_at_entry)
{
	return kapi_remote_changed(KAPI_REMOTE_LIMITS, done_at_entry);
}

/*
 * Changes of limits that were over before the call do not count, nor does the
 * end of a change that began before the validator was last switched on.
 */
static void state_of_limits(struct kunit *test)
{
	unsigned int done, session;

	if (kapi_validating())
		kunit_skip(test, "the validator counts itself");
	kapi_remote_reset();
	done = limits_done();
	KUNIT_EXPECT_FALSE(test, limits_changed(done));
	session = kapi_remote_begin(KAPI_REMOTE_LIMITS);
	KUNIT_EXPECT_NE(test, session, 0);
	KUNIT_EXPECT_TRUE(test, limits_changed(done));
	KUNIT_EXPECT_TRUE(test, limits_changed(limits_done()));
	kapi_remote_end(KAPI_REMOTE_LIMITS, session);
	KUNIT_EXPECT_TRUE(test, limits_changed(done));
	KUNIT_EXPECT_FALSE(test, limits_changed(limits_done()));
	session = kapi_remote_begin(KAPI_REMOTE_LIMITS);
	kapi_remote_reset();
	kapi_remote_end(KAPI_REMOTE_LIMITS, session);
	KUNIT_EXPECT_EQ(test, limits_done(), 0);
}

/* A task's own prlimit() leaves no doubt for its calls; another task's does. */
static void state_of_own_limits(struct kunit *test)
{
	struct made_call *outer = make_call(test, &unguarded), *m = make_call(test, &unguarded);
	unsigned int own, other;

	if (kapi_validating())
		kunit_skip(test, "the validator counts itself");
	kapi_remote_reset();
	outer->call.remote_done[KAPI_REMOTE_LIMITS] = limits_done();
	m->call.remote_done[KAPI_REMOTE_LIMITS] = limits_done();
	m->call.outer = &outer->call;
	current->kapi_call = &m->call;
	own = kapi_remote_begin(KAPI_REMOTE_LIMITS);
	kapi_remote_own(KAPI_REMOTE_LIMITS);
	current->kapi_call = NULL;
	KUNIT_EXPECT_FALSE(test, limits_changed(m->call.remote_done[KAPI_REMOTE_LIMITS]));
	KUNIT_EXPECT_FALSE(test, limits_changed(outer->call.remote_done[KAPI_REMOTE_LIMITS]));
	kapi_remote_end(KAPI_REMOTE_LIMITS, own);
	KUNIT_EXPECT_FALSE(test, limits_changed(m->call.remote_done[KAPI_REMOTE_LIMITS]));
	other = kapi_remote_begin(KAPI_REMOTE_LIMITS);
	KUNIT_EXPECT_TRUE(test, limits_changed(m->call.remote_done[KAPI_REMOTE_LIMITS]));
	kapi_remote_end(KAPI_REMOTE_LIMITS, other);
	KUNIT_EXPECT_TRUE(test, limits_changed(outer->call.remote_done[KAPI_REMOTE_LIMITS]));
}

/* === Files ================================================================ */

/* A table of this thread's own, which begins as what kernel threads share. */
static unsigned int own_files(struct kunit *test)
{
	int fd;

	KUNIT_ASSERT_EQ(test, unshare_files(), 0);
	fd = get_unused_fd_flags(O_CLOEXEC);
	KUNIT_ASSERT_GE(test, fd, 0);
	return fd;
}

static struct file *open_file(struct kunit *test, unsigned int fd)
{
	struct file *file = filp_open("/", O_RDONLY | O_DIRECTORY, 0);

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	fd_install(fd, file);
	return file;
}

/* Nobody takes files of others. */
static void begin_alone(struct made_call *m)
{
	if (!kapi_validating())
		kapi_remote_reset();
	m->call.remote_done[KAPI_REMOTE_FILES] = kapi_remote_done(KAPI_REMOTE_FILES);
}

/* By execve(). */
static void leave_open(unsigned int fd)
{
	guard(rcu)();
	clear_bit(fd, files_fdtable(current->files)->close_on_exec);
}

static void state_of_files(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned int fd = own_files(test), count;
	struct file *file;

	KUNIT_EXPECT_NULL(test, kapi_fd_file(begin(m, KAPI_AT_ENTRY), fd));
	expect_read(test, m, KAPI_OF_FILES, false);
	KUNIT_EXPECT_NULL(test, kapi_fd_file(begin(m, KAPI_AT_ENTRY), UINT_MAX));
	KUNIT_EXPECT_TRUE(test, kapi_fd_cloexec(begin(m, KAPI_AT_ENTRY), fd));
	KUNIT_EXPECT_FALSE(test, kapi_fd_cloexec(begin(m, KAPI_AT_ENTRY), UINT_MAX));
	KUNIT_EXPECT_EQ(test, kapi_file_flags(begin(m, KAPI_AT_ENTRY), fd), 0);
	expect_read(test, m, KAPI_OF_FILES, false);
	KUNIT_EXPECT_EQ(test, kapi_file_pos(begin(m, KAPI_AT_ENTRY), fd), 0);
	expect_read(test, m, KAPI_OF_FILES, true);
	count = kapi_fd_count(begin(m, KAPI_AT_ENTRY));
	KUNIT_EXPECT_GE(test, count, 1);
	expect_read(test, m, KAPI_OF_FILES, false);

	file = open_file(test, fd);
	KUNIT_EXPECT_PTR_EQ(test, kapi_fd_file(begin(m, KAPI_AT_EXIT), fd), file);
	KUNIT_EXPECT_TRUE(test, kapi_fd_cloexec(begin(m, KAPI_AT_EXIT), fd));
	leave_open(fd);
	KUNIT_EXPECT_FALSE(test, kapi_fd_cloexec(begin(m, KAPI_AT_EXIT), fd));
	KUNIT_EXPECT_EQ(test, kapi_file_flags(begin(m, KAPI_AT_EXIT), fd), file->f_flags);
	file->f_pos = 7;
	begin_alone(m);
	KUNIT_EXPECT_EQ(test, kapi_file_pos(begin(m, KAPI_AT_EXIT), fd), 7);
	expect_read(test, m, KAPI_OF_FILES, false);
	file->f_pos = 0;

	/* Another process had it for a while. */
	kapi_remote_end(KAPI_REMOTE_FILES, kapi_remote_begin(KAPI_REMOTE_FILES));
	KUNIT_EXPECT_EQ(test, kapi_file_pos(begin(m, KAPI_AT_EXIT), fd), 0);
	expect_read(test, m, KAPI_OF_FILES | KAPI_OF_FILE, false);
	begin_alone(m);

	/* Others have the file, too. */
	get_file(file);
	KUNIT_EXPECT_EQ(test, kapi_file_pos(begin(m, KAPI_AT_EXIT), fd), 0);
	expect_read(test, m, KAPI_OF_FILES | KAPI_OF_FILE, false);
	kapi_file_flags(begin(m, KAPI_AT_EXIT), fd);
	expect_read(test, m, KAPI_OF_FILES | KAPI_OF_FILE, false);
	KUNIT_EXPECT_PTR_EQ(test, kapi_fd_file(begin(m, KAPI_AT_EXIT), fd), file);
	expect_read(test, m, KAPI_OF_FILES, false);
	fput(file);

	close_fd(fd);
	KUNIT_EXPECT_EQ(test, kapi_fd_count(begin(m, KAPI_AT_EXIT)), count - 1);
	KUNIT_EXPECT_NULL(test, kapi_fd_file(begin(m, KAPI_AT_EXIT), fd));
}

/* Whether others share the table is known of the table. */
static void state_of_shared_files(struct kunit *test)
{
	unsigned int fd = own_files(test);

	KUNIT_EXPECT_FALSE(test, kapi_shared_owners() & KAPI_OF_FILES);
	atomic_inc(&current->files->count);
	KUNIT_EXPECT_TRUE(test, kapi_shared_owners() & KAPI_OF_FILES);
	atomic_dec(&current->files->count);
	KUNIT_EXPECT_TRUE(test, kapi_shared_owners() & KAPI_OF_FILE);
	KUNIT_EXPECT_TRUE(test, kapi_shared_owners() & KAPI_OF_PAGES);
	KUNIT_EXPECT_TRUE(test, kapi_shared_owners() & KAPI_OF_ANYBODY);
	put_unused_fd(fd);
}

/* What is behind a file is followed only if nobody can close it. */
static void state_behind_files(struct kunit *test)
{
	static const struct file_operations none;
	struct made_call *m = make_call(test, &unguarded);
	struct file *file = anon_inode_getfile("[kapi]", &none, NULL, O_RDONLY);
	unsigned int fd = own_files(test);

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	fd_install(fd, file);
	KUNIT_EXPECT_TRUE(test, kapi_file_is_anon(begin(m, KAPI_AT_EXIT), fd, "[kapi]"));
	expect_read(test, m, KAPI_OF_FILES, false);
	atomic_inc(&current->files->count);
	KUNIT_EXPECT_FALSE(test, kapi_file_is_anon(begin(m, KAPI_AT_EXIT), fd, "[kapi]"));
	expect_read(test, m, KAPI_OF_FILES, true);
	KUNIT_EXPECT_FALSE(test, kapi_file_is_anon(begin(m, KAPI_AT_EXIT), fd + 1, "[kapi]"));
	expect_read(test, m, KAPI_OF_FILES, false);
	atomic_dec(&current->files->count);
	close_fd(fd);
}

static void state_of_large_table(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned int fd = own_files(test), room;

	scoped_guard(rcu) {
		room = files_fdtable(current->files)->max_fds;
		files_fdtable(current->files)->max_fds = KAPI_MAX_FDS + 1;
		KUNIT_EXPECT_EQ(test, kapi_fd_count(begin(m, KAPI_AT_EXIT)), 0);
		expect_read(test, m, KAPI_OF_FILES, true);
		kapi_fd_next_free(begin(m, KAPI_AT_EXIT), 0);
		expect_read(test, m, KAPI_OF_FILES, true);
		files_fdtable(current->files)->max_fds = room;
	}
	put_unused_fd(fd);
}

/* === The mm =============================================================== */

#define PAGES(_n)	((_n) * PAGE_SIZE)

static unsigned long map(struct kunit *test, unsigned long addr, unsigned int pages, int prot)
{
	unsigned long p;

	KUNIT_ASSERT_EQ(test, kunit_attach_mm(), 0);
	p = vm_mmap(NULL, addr, PAGES(pages), prot,
		    MAP_ANONYMOUS | MAP_PRIVATE | (addr ? MAP_FIXED : 0), 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(p));
	return p;
}

static void state_of_user_memory(struct kunit *test)
{
	unsigned long __user *p = (void __user *)map(test, 0, 1, PROT_READ | PROT_WRITE);
	struct made_call *m = make_call(test, &unguarded);

	KUNIT_EXPECT_EQ(test, kapi_user(begin(m, KAPI_AT_ENTRY), unsigned long, p), 0);
	expect_read(test, m, KAPI_OF_ANYBODY, true);
	KUNIT_ASSERT_EQ(test, put_user(7, p), 0);
	KUNIT_EXPECT_EQ(test, kapi_user(begin(m, KAPI_AT_ENTRY), unsigned long, p), 7);
	expect_read(test, m, KAPI_OF_ANYBODY, false);
	kapi_user(begin(m, KAPI_AT_EXIT), unsigned long, (unsigned long __user *)-PAGE_SIZE);
	expect_read(test, m, KAPI_OF_ANYBODY, true);
}

static struct kapi_vmas read_vmas(struct made_call *m, unsigned long start, unsigned long end)
{
	struct kapi_vmas v = *kapi_vmas(begin(m, KAPI_AT_ENTRY), start, end, VM_LOCKED_MASK);

	kapi_read_mm_end(&m->call);
	return v;
}

/* Eight pages, of which the third and fourth are gone, and the last has no access. */
static unsigned long map_all(struct kunit *test)
{
	unsigned long p = map(test, 0, 8, PROT_READ | PROT_WRITE);

	KUNIT_ASSERT_EQ(test, vm_munmap(p + PAGES(2), PAGES(2)), 0);
	map(test, p + PAGES(7), 1, PROT_NONE);
	return p;
}

static void state_of_vmas(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned long p = map_all(test);
	struct kapi_vmas v = read_vmas(m, p, p + PAGES(8));

	expect_read(test, m, KAPI_OF_MM, false);
	KUNIT_EXPECT_EQ(test, v.count, 3);
	KUNIT_EXPECT_EQ(test, v.pages, 6);
	KUNIT_EXPECT_EQ(test, v.gap, 2);
	KUNIT_EXPECT_EQ(test, v.no_access, 1);
	KUNIT_EXPECT_EQ(test, v.lockable.pages, 6);
	KUNIT_EXPECT_EQ(test, v.alone.pages, 6);
	KUNIT_EXPECT_EQ(test, v.any & VM_ACCESS_FLAGS, VM_READ | VM_WRITE);
	KUNIT_EXPECT_EQ(test, v.all & VM_ACCESS_FLAGS, 0);
	KUNIT_EXPECT_FALSE(test, v.cut);
	KUNIT_EXPECT_FALSE(test, v.touches);

	v = read_vmas(m, p, p + PAGES(2));
	KUNIT_EXPECT_EQ(test, v.gap, 0);
	KUNIT_EXPECT_FALSE(test, v.cut);
	KUNIT_EXPECT_EQ(test, v.all & VM_ACCESS_FLAGS, VM_READ | VM_WRITE);
	KUNIT_EXPECT_TRUE(test, read_vmas(m, p + PAGES(1), p + PAGES(2)).cut);
	KUNIT_EXPECT_TRUE(test, read_vmas(m, p, p + PAGES(1)).cut);
	v = read_vmas(m, p + PAGES(2), p + PAGES(4));
	KUNIT_EXPECT_EQ(test, v.gap, 2);
	KUNIT_EXPECT_EQ(test, v.count, 0);
	KUNIT_EXPECT_EQ(test, v.below & VM_ACCESS_FLAGS, VM_READ | VM_WRITE);
	KUNIT_EXPECT_EQ(test, v.above & VM_ACCESS_FLAGS, VM_READ | VM_WRITE);
	KUNIT_EXPECT_EQ(test, read_vmas(m, p, p + PAGES(2)).above, 0);
	/* Nothing but neighbours has a range that is empty; one that wraps, not even these. */
	v = read_vmas(m, p + PAGES(1), p + PAGES(1));
	KUNIT_EXPECT_EQ(test, v.pages, 0);
	KUNIT_EXPECT_EQ(test, v.below & v.above & VM_ACCESS_FLAGS, VM_READ | VM_WRITE);
	expect_read(test, m, KAPI_OF_MM, false);
	KUNIT_EXPECT_EQ(test, read_vmas(m, p, 0).gap, 0);
	expect_read(test, m, 0, false);

	KUNIT_EXPECT_EQ(test, kapi_vma_flags(begin(m, KAPI_AT_ENTRY), p) & VM_ACCESS_FLAGS,
			VM_READ | VM_WRITE);
	expect_read(test, m, KAPI_OF_MM, false);
	KUNIT_EXPECT_EQ(test, kapi_vma_flags(begin(m, KAPI_AT_ENTRY), p + PAGES(2)), 0);
	kapi_read_mm_end(&m->call);
}

static void set_locked(unsigned long addr, unsigned long flags)
{
	struct vm_area_struct *vma;

	mmap_write_lock(current->mm);
	vma = vma_lookup(current->mm, addr);
	vm_flags_clear(vma, VM_LOCKED_MASK);
	vm_flags_set(vma, flags);
	mmap_write_unlock(current->mm);
}

/* Flags that are left out do not count for the sum, and others do. */
static void state_of_vma_flags(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned long p = map_all(test);
	u64 kept = read_vmas(m, p, p + PAGES(8)).kept;
	struct kapi_vmas v;

	set_locked(p, VM_LOCKED);
	set_locked(p + PAGES(4), VM_LOCKED | VM_LOCKONFAULT);
	v = read_vmas(m, p, p + PAGES(8));
	KUNIT_EXPECT_EQ(test, v.kept, kept);
	KUNIT_EXPECT_EQ(test, v.locked, 5);
	KUNIT_EXPECT_EQ(test, v.lockable.locked, 5);
	KUNIT_EXPECT_EQ(test, v.lockable.onfault, 3);
	KUNIT_EXPECT_EQ(test, v.fixed, 0);
	set_locked(p, 0);
	set_locked(p + PAGES(4), 0);
	set_locked(p, VM_DONTCOPY);
	KUNIT_EXPECT_NE(test, read_vmas(m, p, p + PAGES(8)).kept, kept);
}

/* A VMA that is split, or merged again, leaves the sum as it is. */
static void state_of_split_vma(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned long p = map(test, 0, 4, PROT_READ);
	const unsigned long all = p + PAGES(4);
	struct kapi_vmas v, split;

	v = *kapi_vmas(begin(m, KAPI_AT_ENTRY), p, all, VM_DONTCOPY);
	kapi_read_mm_end(&m->call);
	KUNIT_EXPECT_EQ(test, v.count, 1);
	KUNIT_ASSERT_EQ(test, do_madvise(current->mm, p + PAGES(1), PAGES(1), MADV_DONTFORK), 0);
	split = *kapi_vmas(begin(m, KAPI_AT_ENTRY), p, all, VM_DONTCOPY);
	KUNIT_EXPECT_NE(test, kapi_vmas(&m->call, p, all, 0)->kept, v.kept);
	kapi_read_mm_end(&m->call);
	KUNIT_EXPECT_EQ(test, split.count, 3);
	KUNIT_EXPECT_EQ(test, split.kept, v.kept);
	KUNIT_EXPECT_TRUE(test, split.touches);
	KUNIT_EXPECT_EQ(test, split.alone.pages, 0);
	KUNIT_EXPECT_EQ(test, split.lockable.pages, 4);
}

/* With too many VMAs in the range, the answer is unknown. */
static void state_of_too_many_vmas(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned long p = map(test, 0, KAPI_MAX_VMAS + 1, PROT_READ);
	int i;

	for (i = 1; i <= KAPI_MAX_VMAS; i += 2)
		map(test, p + PAGES(i), 1, PROT_NONE);
	KUNIT_EXPECT_EQ(test, read_vmas(m, p, p + PAGES(KAPI_MAX_VMAS)).count, KAPI_MAX_VMAS);
	KUNIT_EXPECT_FALSE(test, m->call.unknown);
	KUNIT_EXPECT_EQ(test, read_vmas(m, p, p + PAGES(KAPI_MAX_VMAS + 1)).pages, 0);
	KUNIT_EXPECT_TRUE(test, m->call.unknown);
	KUNIT_EXPECT_EQ(test, read_vmas(m, p, p + PAGES(2)).count, 2);
	KUNIT_EXPECT_FALSE(test, m->call.unknown);
}

/*
 * Unknown at entry, as the call may still take mmap_lock; known at exit if it
 * did not. While the call holds the lock, no other task interferes.
 */
static void state_of_locked_mm(struct kunit *test)
{
	struct made_call *m = make_call(test, &guarded);
	struct made_call *other = make_call(test, &unguarded);
	unsigned long p = map(test, 0, 2, PROT_READ);
	int i;

	kapi_vmas(begin(m, KAPI_AT_ENTRY), p, p + PAGES(2), 0);
	KUNIT_EXPECT_TRUE(test, m->call.unknown);
	kapi_read_mm_end(&m->call);
	kapi_vma_flags(begin(m, KAPI_AT_ENTRY), p);
	KUNIT_EXPECT_TRUE(test, m->call.unknown);
	kapi_read_mm_end(&m->call);
	KUNIT_EXPECT_EQ(test, kapi_vmas(begin(m, KAPI_AT_EXIT), p, p + PAGES(2), 0)->pages, 2);
	expect_read(test, m, KAPI_OF_MM, false);
	kapi_read_mm_end(&m->call);
	mmap_write_lock(current->mm);
	KUNIT_EXPECT_EQ(test, kapi_vmas(begin(m, KAPI_AT_LOCK), p, p + PAGES(2), 0)->pages, 2);
	expect_read(test, m, 0, false);
	/* It is held for write, so the validator cannot have it. */
	for (i = 0; i < 2; i++)
		kapi_vmas(begin(other, i ? KAPI_AT_EXIT : KAPI_AT_ENTRY), p, p + PAGES(2), 0);
	KUNIT_EXPECT_TRUE(test, other->call.unknown);
	KUNIT_EXPECT_FALSE(test, other->call.view.locked);
	mmap_write_unlock(current->mm);
}

static void state_of_counters(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned long total;
	int count;

	map(test, 0, 1, PROT_READ);
	total = kapi_total_vm(begin(m, KAPI_AT_ENTRY));
	expect_read(test, m, KAPI_OF_MM, false);
	count = kapi_map_count(begin(m, KAPI_AT_UNLOCK));
	expect_read(test, m, 0, false);
	KUNIT_EXPECT_EQ(test, kapi_locked_vm_before(begin(m, KAPI_AT_ENTRY)),
			current->mm->locked_vm);
	map(test, 0, 3, PROT_NONE);
	KUNIT_EXPECT_EQ(test, kapi_total_vm(begin(m, KAPI_AT_ENTRY)), total + 3);
	KUNIT_EXPECT_EQ(test, kapi_map_count(begin(m, KAPI_AT_ENTRY)), count + 1);
	current->mm->locked_vm += 5;
	KUNIT_EXPECT_EQ(test, kapi_locked_vm(begin(m, KAPI_AT_EXIT)), current->mm->locked_vm);
	KUNIT_EXPECT_EQ(test, kapi_locked_vm_before(begin(m, KAPI_AT_EXIT)),
			current->mm->locked_vm - 5);
	current->mm->locked_vm -= 5;
	KUNIT_EXPECT_EQ(test, kapi_future_flags(begin(m, KAPI_AT_ENTRY)),
			current->mm->def_flags);
}

/* === Pages ================================================================ */

/* Where the lock of a page table does not sleep. */
static unsigned long map_to_look_at(struct kunit *test, unsigned int pages, int prot)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		kunit_skip(test, "of pages nothing is known with CONFIG_PREEMPT_RT");
	return map(test, 0, pages, prot);
}

static void state_of_pages(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned long p = map_to_look_at(test, 4, PROT_READ | PROT_WRITE), end = p + PAGES(4);

	KUNIT_ASSERT_EQ(test, put_user(1, (char __user *)p), 0);
	KUNIT_EXPECT_EQ(test, kapi_absent(begin(m, KAPI_AT_ENTRY), p, end), 3);
	expect_read(test, m, KAPI_OF_MM, false);
	kapi_unfilled(begin(m, KAPI_AT_ENTRY), p, end);
	KUNIT_EXPECT_TRUE(test, m->call.unknown);
	kapi_read_mm_end(&m->call);

	KUNIT_ASSERT_EQ(test, put_user(1, (char __user *)(p + PAGES(2))), 0);
	KUNIT_EXPECT_EQ(test, kapi_absent(begin(m, KAPI_AT_EXIT), p, end), 2);
	KUNIT_EXPECT_TRUE(test, kapi_unfilled(begin(m, KAPI_AT_EXIT), p, end));
	KUNIT_EXPECT_FALSE(test, kapi_unreadable(begin(m, KAPI_AT_EXIT), p, end));
	kapi_read_mm_end(&m->call);

	KUNIT_ASSERT_EQ(test, put_user(1, (char __user *)(p + PAGES(1))), 0);
	KUNIT_ASSERT_EQ(test, put_user(1, (char __user *)(p + PAGES(3))), 0);
	KUNIT_EXPECT_EQ(test, kapi_absent(begin(m, KAPI_AT_EXIT), p, end), 0);
	KUNIT_EXPECT_FALSE(test, kapi_unfilled(begin(m, KAPI_AT_EXIT), p, end));
	expect_read(test, m, KAPI_OF_MM | KAPI_OF_PAGES, false);
	kapi_read_mm_end(&m->call);
}

/* The zero page cannot be written to, which is wanted of a private and writable VMA. */
static void state_of_zero_page(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned long p = map_to_look_at(test, 2, PROT_READ | PROT_WRITE), end = p + PAGES(2);
	char c;

	KUNIT_ASSERT_EQ(test, get_user(c, (char __user *)p), 0);
	KUNIT_EXPECT_EQ(test, c, 0);
	KUNIT_EXPECT_EQ(test, kapi_absent(begin(m, KAPI_AT_ENTRY), p, end), 2);
	kapi_read_mm_end(&m->call);
	KUNIT_ASSERT_EQ(test, put_user(1, (char __user *)(p + PAGES(1))), 0);
	KUNIT_EXPECT_EQ(test, kapi_absent(begin(m, KAPI_AT_EXIT), p, end), 1);
	KUNIT_EXPECT_TRUE(test, kapi_unreadable(&m->call, p, end));
	expect_read(test, m, KAPI_OF_MM | KAPI_OF_PAGES, false);
	kapi_read_mm_end(&m->call);
}

/* Without access there is nothing to fault in. */
static void state_of_no_access(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned long p = map_to_look_at(test, 2, PROT_NONE), end = p + PAGES(2);

	KUNIT_EXPECT_EQ(test, kapi_absent(begin(m, KAPI_AT_ENTRY), p, end), 0);
	kapi_read_mm_end(&m->call);
	KUNIT_EXPECT_FALSE(test, kapi_unfilled(begin(m, KAPI_AT_EXIT), p, end));
	KUNIT_EXPECT_FALSE(test, m->call.unknown);
	kapi_read_mm_end(&m->call);
}

static void state_of_pages_on_fault(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned long p = map_to_look_at(test, 2, PROT_READ | PROT_WRITE), end = p + PAGES(2);

	set_locked(p, VM_LOCKED | VM_LOCKONFAULT);
	KUNIT_EXPECT_EQ(test, kapi_faulted_in(begin(m, KAPI_AT_ENTRY), p, end, true), 2);
	kapi_read_mm_end(&m->call);
	KUNIT_EXPECT_EQ(test, kapi_faulted_in(begin(m, KAPI_AT_EXIT), p, end, true), 0);
	KUNIT_EXPECT_FALSE(test, kapi_unfilled(&m->call, p, end));
	kapi_read_mm_end(&m->call);
	KUNIT_EXPECT_EQ(test, kapi_faulted_in(begin(m, KAPI_AT_EXIT), p, end, false), 0);
	kapi_read_mm_end(&m->call);
	KUNIT_ASSERT_EQ(test, put_user(1, (char __user *)p), 0);
	KUNIT_EXPECT_EQ(test, kapi_faulted_in(begin(m, KAPI_AT_EXIT), p, end, true), 1);
	KUNIT_EXPECT_EQ(test, kapi_not_mlocked(&m->call, p, end), 0);
	expect_read(test, m, KAPI_OF_MM | KAPI_OF_PAGES, false);
	kapi_read_mm_end(&m->call);
	set_locked(p, 0);
	KUNIT_EXPECT_EQ(test, kapi_faulted_in(begin(m, KAPI_AT_EXIT), p, end, true), 0);
	KUNIT_EXPECT_EQ(test, kapi_faulted_in(begin(m, KAPI_AT_EXIT), p, end, false), 1);
	expect_read(test, m, KAPI_OF_MM | KAPI_OF_PAGES, false);
	kapi_read_mm_end(&m->call);
}

/* Of a VMA's pages, only the first has none before it that may be refused. */
static void state_of_first_page(struct kunit *test)
{
	struct made_call *m = make_call(test, &unguarded);
	unsigned long p = map_to_look_at(test, 4, PROT_NONE) + PAGES(1), end = p + PAGES(2);

	map(test, p, 2, PROT_READ | PROT_WRITE);
	KUNIT_EXPECT_EQ(test, kapi_absent_first(begin(m, KAPI_AT_ENTRY), p, end), 1);
	kapi_read_mm_end(&m->call);
	KUNIT_ASSERT_EQ(test, put_user(1, (char __user *)(p + PAGES(1))), 0);
	KUNIT_EXPECT_EQ(test, kapi_absent_first(begin(m, KAPI_AT_EXIT), p, end), 1);
	expect_read(test, m, KAPI_OF_MM, false);
	kapi_read_mm_end(&m->call);
	map(test, p - PAGES(1), 1, PROT_READ | PROT_WRITE);
	KUNIT_EXPECT_EQ(test, kapi_absent_first(begin(m, KAPI_AT_EXIT), p, end), 0);
	KUNIT_EXPECT_EQ(test, kapi_absent(&m->call, p, end), 1);
	kapi_read_mm_end(&m->call);
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE(state_of_task),
	KUNIT_CASE(state_of_allocations),
	KUNIT_CASE(state_of_limits),
	KUNIT_CASE(state_of_own_limits),
	KUNIT_CASE(state_of_files),
	KUNIT_CASE(state_of_shared_files),
	KUNIT_CASE(state_behind_files),
	KUNIT_CASE(state_of_large_table),
	KUNIT_CASE(state_of_user_memory),
	KUNIT_CASE(state_of_vmas),
	KUNIT_CASE(state_of_vma_flags),
	KUNIT_CASE(state_of_split_vma),
	KUNIT_CASE(state_of_too_many_vmas),
	KUNIT_CASE(state_of_locked_mm),
	KUNIT_CASE(state_of_counters),
	KUNIT_CASE(state_of_pages),
	KUNIT_CASE(state_of_zero_page),
	KUNIT_CASE(state_of_no_access),
	KUNIT_CASE(state_of_pages_on_fault),
	KUNIT_CASE(state_of_first_page),
	{}
};

static struct kunit_suite state_suite = {
	.name = "kapi_state",
	.test_cases = state_cases,
};

kunit_test_suite(state_suite);
