// SPDX-License-Identifier: GPL-2.0
/* The caller's table of files, and the files in it. */
#include <linux/bitmap.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/poll.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../validate/validate.h"

/* Under RCU. An O_PATH descriptor has a file, too. */
static struct file *lookup(struct kapi_call *call, unsigned int fd)
{
	kapi_mark(call, KAPI_OF_FILES);
	return current->files ? files_lookup_fd_raw(current->files, fd) : NULL;
}

/* Under RCU. If the table is shared, others may close the file, and what it points to goes. */
static struct file *lookup_to_follow(struct kapi_call *call, unsigned int fd)
{
	struct file *file = lookup(call, fd);

	if (!file || atomic_read(&current->files->count) == 1)
		return file;
	kapi_unknown(call);
	return NULL;
}

/* Others that have the file open, or had it meanwhile, may change it, by any table. */
static void mark_file(struct kapi_call *call, struct file *file)
{
	if (file_count(file) > 1 ||
	    kapi_remote_changed(KAPI_REMOTE_FILES, call->remote_done[KAPI_REMOTE_FILES]))
		kapi_mark(call, KAPI_OF_FILE);
}

/* What a descriptor refers to, only to be compared; NULL if it is not open. */
struct file *kapi_fd_file(struct kapi_call *call, unsigned int fd)
{
	guard(rcu)();
	return lookup(call, fd);
}

/* Whether a descriptor is in use, if only reserved, and closed by execve(). */
bool kapi_fd_cloexec(struct kapi_call *call, unsigned int fd)
{
	const struct fdtable *fdt;

	kapi_mark(call, KAPI_OF_FILES);
	if (!current->files)
		return false;
	guard(rcu)();
	fdt = files_fdtable(current->files);
	return fd < fdt->max_fds && test_bit(fd, fdt->open_fds) &&
	       test_bit(fd, fdt->close_on_exec);
}

/* Under RCU. A table too large to be looked through is unknown. */
static const struct fdtable *table_to_search(struct kapi_call *call)
{
	const struct fdtable *fdt;

	kapi_mark(call, KAPI_OF_FILES);
	if (!current->files)
		return NULL;
	fdt = files_fdtable(current->files);
	if (fdt->max_fds <= KAPI_MAX_FDS)
		return fdt;
	kapi_unknown(call);
	return NULL;
}

/* How many descriptors are open. */
unsigned int kapi_fd_count(struct kapi_call *call)
{
	const struct fdtable *fdt;

	guard(rcu)();
	fdt = table_to_search(call);
	return fdt ? bitmap_weight(fdt->open_fds, fdt->max_fds) : 0;
}

/* The first descriptor from this on that is not in use, in the table or beyond its end. */
unsigned int kapi_fd_next_free(struct kapi_call *call, unsigned int from)
{
	const struct fdtable *fdt;

	guard(rcu)();
	fdt = table_to_search(call);
	if (!fdt || from >= fdt->max_fds)
		return from;
	return find_next_zero_bit(fdt->open_fds, fdt->max_fds, from);
}

/* How many descriptors the table has room for before it must grow. */
unsigned int kapi_fd_room(struct kapi_call *call)
{
	kapi_mark(call, KAPI_OF_FILES);
	guard(rcu)();
	return current->files ? files_fdtable(current->files)->max_fds : 0;
}

/* The file status flags, O_*; 0 if the descriptor is not open. */
unsigned int kapi_file_flags(struct kapi_call *call, unsigned int fd)
{
	struct file *file;

	guard(rcu)();
	file = lookup(call, fd);
	if (!file)
		return 0;
	mark_file(call, file);
	return READ_ONCE(file->f_flags);
}

/* The file position; unknown if the descriptor is not open. */
loff_t kapi_file_pos(struct kapi_call *call, unsigned int fd)
{
	struct file *file;

	guard(rcu)();
	file = lookup(call, fd);
	if (!file)
		return kapi_unknown(call);
	mark_file(call, file);
	return READ_ONCE(file->f_pos);
}

/* What can be done with the file, FMODE_*; 0 if the descriptor is not open. */
fmode_t kapi_file_mode(struct kapi_call *call, unsigned int fd)
{
	struct file *file;

	guard(rcu)();
	file = lookup(call, fd);
	return file ? READ_ONCE(file->f_mode) : 0;
}

/* Whether it is a regular file in the page cache, unlike those of /proc. */
bool kapi_file_is_stored(struct kapi_call *call, unsigned int fd)
{
	struct file *file;

	guard(rcu)();
	file = lookup_to_follow(call, fd);
	return file && S_ISREG(file_inode(file)->i_mode) &&
	       file->f_mapping->a_ops != &empty_aops;
}

/* Whether it can be waited for. */
bool kapi_file_can_poll(struct kapi_call *call, unsigned int fd)
{
	struct file *file;

	guard(rcu)();
	file = lookup_to_follow(call, fd);
	return file && file_can_poll(file);
}

/* Whether it is an anonymous inode's, of this name: "[eventpoll]", "[timerfd]". */
bool kapi_file_is_anon(struct kapi_call *call, unsigned int fd, const char *name)
{
	struct file *file;

	guard(rcu)();
	file = lookup_to_follow(call, fd);
	return file && file_inode(file)->i_sb->s_magic == ANON_INODE_FS_MAGIC &&
	       !strcmp(file->f_path.dentry->d_name.name, name);
}
