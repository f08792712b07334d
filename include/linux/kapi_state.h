/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state that conditions of API specifications can ask for; see KAPI_CONDITION() in
 * <linux/kernel_api_spec.h>.
 *
 * A helper can be called at any point of a call. It does not sleep, allocate or
 * change anything, and its cost is bounded. It records whose state it read. If
 * it has no answer, the whole condition becomes unknown.
 */
#ifndef _LINUX_KAPI_STATE_H
#define _LINUX_KAPI_STATE_H

#include <linux/stddef.h>
#include <linux/types.h>

struct file;
struct kapi_call;

/* Makes the condition unknown; returns 0. The only one that modules can use. */
long kapi_unknown(struct kapi_call *call);

/*
 * The calling task; kernel/api/state/task.c
 */
unsigned long kapi_rlimit(struct kapi_call *call, unsigned int which);
bool kapi_capable(struct kapi_call *call, int cap);
bool kapi_alloc_failed(struct kapi_call *call);
bool kapi_kmalloc_failed(struct kapi_call *call);
bool kapi_fault_failed(struct kapi_call *call);
/*
 * False if no security module has this hook, else unknown. @_hook is a name in
 * <linux/lsm_hook_defs.h>, such as file_mprotect. Needs <linux/lsm_hooks.h>.
 */
#ifdef CONFIG_SECURITY
#define kapi_may_be_refused(_call, _hook)				\
	__kapi_may_be_refused(_call, offsetof(struct lsm_static_calls_table, _hook))
bool __kapi_may_be_refused(struct kapi_call *call, size_t hook);
#else
#define kapi_may_be_refused(_call, _hook)	false
#endif
/*
 * Returns a value that any task may change at any time, such as a sysctl or an
 * inode's size. For what interrupts change, use kapi_unknown() instead.
 */
long kapi_global(struct kapi_call *call, long value);

/*
 * Its files; kernel/api/state/files.c
 */
struct file *kapi_fd_file(struct kapi_call *call, unsigned int fd);
bool kapi_fd_cloexec(struct kapi_call *call, unsigned int fd);
unsigned int kapi_fd_count(struct kapi_call *call);
unsigned int kapi_fd_next_free(struct kapi_call *call, unsigned int from);
unsigned int kapi_fd_room(struct kapi_call *call);
unsigned int kapi_file_flags(struct kapi_call *call, unsigned int fd);
loff_t kapi_file_pos(struct kapi_call *call, unsigned int fd);
fmode_t kapi_file_mode(struct kapi_call *call, unsigned int fd);
bool kapi_file_is_stored(struct kapi_call *call, unsigned int fd);
bool kapi_file_can_poll(struct kapi_call *call, unsigned int fd);
bool kapi_file_is_anon(struct kapi_call *call, unsigned int fd, const char *name);

/*
 * Its mm; kernel/api/state/mm.c
 */

/*
 * Copies a _type from user memory. If its page is not present, the copy is 0
 * and the condition unknown. Others may write to that memory at any time:
 * threads, tasks that share the page, debuggers.
 */
#define kapi_user(_call, _type, _ptr)					\
({									\
	_type __kapi_copy;						\
									\
	__kapi_user(_call, &__kapi_copy, _ptr, sizeof(__kapi_copy));	\
	__kapi_copy;							\
})
void __kapi_user(struct kapi_call *call, void *to, const void __user *from, size_t size);

/* Pages of a set of VMAs: all, those with VM_LOCKED, with VM_LOCKONFAULT. */
struct kapi_locks_of {
	unsigned long pages;
	unsigned long locked;
	unsigned long onfault;
};

/**
 * struct kapi_vmas - what there is in a range of addresses
 * @count: VMAs
 * @pages: pages that have a VMA
 * @gap: pages that have none
 * @all: flags that all VMAs have
 * @any: flags that any VMA has
 * @kept: a checksum of the flags of all pages, without the flags to leave out;
 *	splitting or merging VMAs does not change it
 * @no_access: pages that get_user_pages() refuses: PROT_NONE, or secretmem
 * @locked: pages of VMAs with VM_LOCKED
 * @fixed: those of @locked that mlock() and munlock() skip: secretmem
 * @lockable: VMAs that mlock() and munlock() can change
 * @alone: those of @lockable that can never merge with a neighbour
 * @touches: some VMA has a neighbour that it may merge with
 * @cut: the range begins or ends inside a VMA
 * @below: flags of the VMA that contains the byte before the range, or 0
 * @above: flags of the VMA that contains the byte after the range, or 0
 */
struct kapi_vmas {
	unsigned int count;
	unsigned long pages;
	unsigned long gap;
	unsigned long all;
	unsigned long any;
	u64 kept;
	unsigned long no_access;
	unsigned long locked;
	unsigned long fixed;
	struct kapi_locks_of lockable;
	struct kapi_locks_of alone;
	bool touches;
	bool cut;
	unsigned long below;
	unsigned long above;
};

const struct kapi_vmas *kapi_vmas(struct kapi_call *call, unsigned long start,
				  unsigned long end, unsigned long leave_out);
unsigned long kapi_vma_flags(struct kapi_call *call, unsigned long addr);
unsigned long kapi_total_vm(struct kapi_call *call);
unsigned long kapi_locked_vm(struct kapi_call *call);
unsigned long kapi_locked_vm_before(struct kapi_call *call);
unsigned long kapi_future_flags(struct kapi_call *call);
int kapi_map_count(struct kapi_call *call);
long kapi_after_unlock(struct kapi_call *call, long value);
unsigned int kapi_absent(struct kapi_call *call, unsigned long start, unsigned long end);
unsigned int kapi_absent_first(struct kapi_call *call, unsigned long start, unsigned long end);
unsigned int kapi_faulted_in(struct kapi_call *call, unsigned long start, unsigned long end,
			     bool on_fault);
unsigned int kapi_unguarded(struct kapi_call *call, unsigned long start, unsigned long end);
unsigned int kapi_written(struct kapi_call *call, unsigned long start, unsigned long end);
unsigned int kapi_mlocked(struct kapi_call *call, unsigned long start, unsigned long end);
unsigned int kapi_not_mlocked(struct kapi_call *call, unsigned long start, unsigned long end);
bool kapi_unfilled(struct kapi_call *call, unsigned long start, unsigned long end);
bool kapi_unreadable(struct kapi_call *call, unsigned long start, unsigned long end);

#endif /* _LINUX_KAPI_STATE_H */
