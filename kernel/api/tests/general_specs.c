// SPDX-License-Identifier: GPL-2.0
/*
 * Specs of system calls outside mm/mlock.c, only in test kernels. They show
 * that the catalogue of state is enough for other kinds of calls, too.
 *
 * Errors and signals of files, file systems and security modules are left open.
 */
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/kernel_api_spec.h>
#include <linux/lsm_hooks.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/pkeys.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <uapi/linux/eventpoll.h>

/* === dup3 ================================================================= */

#define DUP3	(unsigned int, oldfd, unsigned int, newfd, int, flags)

KAPI_CONDITION(same_fd, DUP3, oldfd == newfd);
KAPI_CONDITION(oldfd_closed, DUP3, !kapi_fd_file(call, oldfd));
KAPI_CONDITION(over_limit, DUP3, newfd >= kapi_rlimit(call, RLIMIT_NOFILE));
KAPI_CONDITION(needs_room, DUP3, newfd >= kapi_fd_room(call));
KAPI_CONDITION(is_newfd, DUP3, result == newfd);
KAPI_CONDITION(same_file, DUP3, kapi_fd_file(call, newfd) == kapi_fd_file(call, oldfd));
KAPI_CONDITION(cloexec_as_asked, DUP3, kapi_fd_cloexec(call, newfd) == !!(flags & O_CLOEXEC));
KAPI_VALUE(oldfd_cloexec, DUP3, kapi_fd_cloexec(call, oldfd));
KAPI_VALUE(other_fds, DUP3, kapi_fd_count(call) - !!kapi_fd_file(call, newfd));

DEFINE_KERNEL_API_SPEC(sys_dup3)
	KAPI_DESCRIPTION("Make a descriptor refer to another one's file")
	KAPI_FAILURE_ATOMIC
	KAPI_ARG(unsigned int, oldfd, "open; O_PATH is enough", .type = KAPI_TYPE_FD)
	KAPI_ARG(unsigned int, newfd, "closed first, if it is open")
	KAPI_ARG(int, flags, "0 or O_CLOEXEC", KAPI_BITS(O_CLOEXEC, -EINVAL))
	KAPI_RETURNS_FD("newfd; what closing its old file returned is lost")
	KAPI_FAILS(-EINVAL, "an unknown flag, or oldfd is newfd", KAPI_ONLY)
	KAPI_FAILS_IF(-EINVAL, same_fd)
	KAPI_FAILS(-EBADF, "oldfd is not open, or newfd is beyond a limit", KAPI_ONLY)
	KAPI_FAILS_IF(-EBADF, oldfd_closed)
	KAPI_FAILS_IF(-EBADF, over_limit)
	KAPI_MAY_FAIL_IF(-EBADF, needs_room, .description = "sysctl fs.nr_open was lowered")
	KAPI_FAILS(-ENOMEM, "no memory for a larger table", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-ENOMEM, needs_room)
	KAPI_FAILS(-EBUSY, "another thread is about to open newfd")
	KAPI_ENSURES(is_newfd)
	KAPI_ENSURES(same_file)
	KAPI_ENSURES(cloexec_as_asked)
	KAPI_CHANGES(oldfd_cloexec, KAPI_UNCHANGED, "oldfd", "keeps its FD_CLOEXEC")
	KAPI_CHANGES(other_fds, KAPI_UNCHANGED, "other descriptors", "stay open or closed")
	KAPI_TAKES(file_lock, KAPI_LOCK_SPINLOCK, "&newf->file_lock")
	KAPI_SENDS(KAPI_SIGNAL_ANY, "->flush() of the file that newfd had")
KAPI_END_SPEC;

/* === mprotect ============================================================= */

#define PROT_GROWS	(PROT_GROWSDOWN | PROT_GROWSUP)
#define PROT_ACCESS	(PROT_READ | PROT_WRITE | PROT_EXEC)

static inline unsigned long protected_end(unsigned long start, size_t len)
{
	return untagged_addr(start) + PAGE_ALIGN(len);
}

/* Bits that depend on the architecture are left out, and what is charged for. */
static inline const struct kapi_vmas *protected_vmas(struct kapi_call *call, unsigned long start,
						     size_t len, unsigned long prot)
{
	return kapi_vmas(call, untagged_addr(start), protected_end(start, len),
			 VM_ACCESS_FLAGS | VM_FLAGS_CLEAR | VM_ACCOUNT |
			 calc_vm_prot_bits(prot, 0));
}

/* With READ_IMPLIES_EXEC, VM_EXEC is set where it may be. */
static inline unsigned long wrong_access(const struct kapi_vmas *v, unsigned long prot)
{
	unsigned long wrong = v->pages ? (v->all ^ prot) | (v->any ^ prot) : 0;

	if (prot & PROT_READ && current->personality & READ_IMPLIES_EXEC)
		wrong &= ~VM_EXEC;
	return wrong & PROT_ACCESS;
}

/* Whether some VMA is not as asked, as far as that is told by how it may be accessed. */
static inline bool is_not_done(const struct kapi_vmas *v, unsigned long prot)
{
	return wrong_access(v, prot) || v->any & VM_FLAGS_CLEAR || prot & ~PROT_ACCESS ||
	       prot == PROT_EXEC || current->personality & READ_IMPLIES_EXEC;
}

#define MPROTECT	(unsigned long, start, size_t, len, unsigned long, prot)
#define PROTECTED	protected_vmas(call, start, len, prot)

KAPI_CONDITION(unaligned, MPROTECT, offset_in_page(untagged_addr(start)));
KAPI_CONDITION(grows_both_ways, MPROTECT, (prot & PROT_GROWS) == PROT_GROWS);
KAPI_CONDITION(unknown_prot, MPROTECT,
	       len && !arch_validate_prot(prot & ~PROT_GROWS, untagged_addr(start)));
KAPI_CONDITION(not_grows, MPROTECT, !(prot & PROT_GROWS));
KAPI_CONDITION(wraps, MPROTECT, len && protected_end(start, len) <= untagged_addr(start));
KAPI_CONDITION(unmapped, MPROTECT, PROTECTED->gap);
KAPI_CONDITION(may_not, MPROTECT,
	       PROTECTED->pages && prot & PROT_ACCESS & ~(PROTECTED->all >> 4));
KAPI_CONDITION(may_refuse, MPROTECT,
	       prot & PROT_GROWS || PROTECTED->any & (VM_PFNMAP | VM_MIXEDMAP) ||
	       mm_flags_test(MMF_HAS_MDWE, current->mm) ||
	       kapi_may_be_refused(call, file_mprotect));
KAPI_CONDITION(sealed, MPROTECT, PROTECTED->any & VM_SEALED);
/* A VMA may be split, or is charged for; or an allocation failed. */
KAPI_CONDITION(not_done, MPROTECT, kapi_may_be_refused(call, file_mprotect) ||
	       (is_not_done(PROTECTED, prot) &&
	       (PROTECTED->cut || (prot & PROT_WRITE && PROTECTED->any & VM_MAYWRITE) ||
	       prot & PROT_GROWS || kapi_alloc_failed(call))));
KAPI_VALUE(not_as_asked, MPROTECT, wrong_access(PROTECTED, prot));
KAPI_VALUE(other_flags, MPROTECT, PROTECTED->kept);
KAPI_VALUE(neighbours, MPROTECT,
	   (PROTECTED->below & VM_ACCESS_FLAGS) * 8 + (PROTECTED->above & VM_ACCESS_FLAGS));

DEFINE_KERNEL_API_SPEC(sys_mprotect)
	KAPI_DESCRIPTION("Set how a range of memory may be accessed")
	KAPI_FAILURE_PARTIAL
	KAPI_ARG(unsigned long, start, "of a page")
	KAPI_ARG(size_t, len, "rounded up to a page; 0 is nothing to do")
	KAPI_ARG(unsigned long, prot, "PROT_*, PROT_GROWS* to go on to where a VMA ends")
	KAPI_RETURNS_ZERO("all pages may be accessed as asked")
	KAPI_FAILS(-EINVAL, "unaligned, unknown bits, or no VMA that grows that way")
	KAPI_FAILS_IF(-EINVAL, unaligned, KAPI_EARLY)
	KAPI_FAILS_IF(-EINVAL, grows_both_ways, KAPI_EARLY)
	KAPI_FAILS_IF(-EINVAL, unknown_prot, KAPI_EARLY)
	KAPI_FAILS(-ENOMEM, "the range wraps or has a hole; or no memory, or a limit", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-ENOMEM, not_done)
	KAPI_FAILS_IF(-ENOMEM, wraps, KAPI_EARLY)
	KAPI_FAILS_IF(-ENOMEM, unmapped, KAPI_WHEN(not_grows))
	KAPI_FAILS(-EACCES, "the file was not opened for that, or PR_SET_MDWE forbids it",
		   KAPI_ONLY)
	KAPI_FAILS_IF(-EACCES, may_not, KAPI_WHEN(not_grows))
	KAPI_MAY_FAIL_IF(-EACCES, may_refuse)
	KAPI_FAILS(-EPERM, "a VMA is sealed")
	KAPI_FAILS_IF(-EPERM, sealed, KAPI_WHEN(not_grows))
	KAPI_OTHER_ERRORS("what a security module, ->mprotect() or the architecture says")
	KAPI_FAILS(-EINTR, "killed while waiting for mmap_lock")
	KAPI_INTERRUPTED(-EINTR, KAPI_SIGNAL_ANY_FATAL, "while waiting for mmap_lock")
	KAPI_TAKES(mmap_lock, KAPI_LOCK_RWSEM, "&mm->mmap_lock", KAPI_GUARDS)
	KAPI_CHANGES(not_as_asked, KAPI_BECOMES_ZERO, "VMAs", "get it", KAPI_WHEN(not_grows))
	KAPI_CHANGES(other_flags, KAPI_UNCHANGED, "VMAs", "keep all other flags")
	KAPI_CHANGES(neighbours, KAPI_UNCHANGED, "VMAs beside it", "stay", KAPI_WHEN(not_grows))
KAPI_END_SPEC;

/* === mremap =============================================================== */

#define MREMAP_PLACED	(MREMAP_FIXED | MREMAP_DONTUNMAP)

/* Pages of the old range that a call with this result should have unmapped. */
static inline unsigned long left_behind(struct kapi_call *call, unsigned long addr,
					unsigned long old_len, unsigned long new_len, long result)
{
	unsigned long start = untagged_addr(addr), end = start + PAGE_ALIGN(old_len);

	if (result == start)
		start += PAGE_ALIGN(new_len);
	return start < end ? kapi_vmas(call, start, end, 0)->pages : 0;
}

static inline const struct kapi_vmas *old_vmas(struct kapi_call *call, unsigned long addr,
					       unsigned long old_len)
{
	return kapi_vmas(call, untagged_addr(addr), untagged_addr(addr) + PAGE_ALIGN(old_len), 0);
}

/* Those that merging leaves alone. */
static inline unsigned long flags_around(const struct kapi_vmas *v)
{
	const unsigned long flags = VM_ACCESS_FLAGS | VM_SHARED | VM_LOCKED | VM_ACCOUNT;

	return (v->below & flags) * 3 + (v->above & flags);
}

static inline bool overlap(unsigned long a, unsigned long a_len, unsigned long b,
			   unsigned long b_len)
{
	return a + PAGE_ALIGN(a_len) > b && b + PAGE_ALIGN(b_len) > a;
}

#define MREMAP	(unsigned long, addr, unsigned long, old_len, unsigned long, new_len, \
		 unsigned long, flags, unsigned long, new_addr)

KAPI_CONDITION(addr_unaligned, MREMAP, offset_in_page(untagged_addr(addr)));
KAPI_CONDITION(nothing_there, MREMAP, !kapi_vma_flags(call, untagged_addr(addr)));
KAPI_CONDITION(addr_sealed, MREMAP, kapi_vma_flags(call, untagged_addr(addr)) & VM_SEALED);
KAPI_CONDITION(addr_locked, MREMAP, kapi_vma_flags(call, untagged_addr(addr)) & VM_LOCKED);
KAPI_CONDITION(no_length, MREMAP, !PAGE_ALIGN(new_len));
KAPI_CONDITION(needs_maymove, MREMAP, flags & MREMAP_PLACED && !(flags & MREMAP_MAYMOVE));
KAPI_CONDITION(both_resized, MREMAP, flags & MREMAP_DONTUNMAP &&
	       PAGE_ALIGN(old_len) != PAGE_ALIGN(new_len));
KAPI_CONDITION(private_twice, MREMAP, !PAGE_ALIGN(old_len) &&
	       kapi_vma_flags(call, untagged_addr(addr)) &&
	       !(kapi_vma_flags(call, untagged_addr(addr)) & (VM_SHARED | VM_MAYSHARE)));
KAPI_CONDITION(target_unaligned, MREMAP, flags & MREMAP_PLACED && offset_in_page(new_addr));
KAPI_CONDITION(target_overlaps, MREMAP, flags & MREMAP_PLACED &&
	       overlap(untagged_addr(addr), old_len, new_addr, new_len));
KAPI_CONDITION(cannot_move, MREMAP, !(flags & MREMAP_PLACED) &&
	       (!(flags & MREMAP_MAYMOVE) || PAGE_ALIGN(new_len) <= PAGE_ALIGN(old_len)));
/* Lengths of hugetlb are rounded up to its pages. */
KAPI_CONDITION(leaves_nothing, MREMAP, !(flags & MREMAP_DONTUNMAP) &&
	       !(kapi_vma_flags(call, untagged_addr(addr)) & VM_HUGETLB));
/* Shrinking may have to split a VMA that cannot be split, such as the vDSO. */
KAPI_CONDITION(not_plain, MREMAP, flags || new_len > TASK_SIZE ||
	       old_len > TASK_SIZE - untagged_addr(addr) || !IS_ENABLED(CONFIG_64BIT) ||
	       PAGE_ALIGN(new_len) < PAGE_ALIGN(old_len) ||
	       kapi_vma_flags(call, untagged_addr(addr)) & VM_HUGETLB);
KAPI_CONDITION(stayed, MREMAP, result == untagged_addr(addr));
KAPI_CONDITION(no_memory, (), kapi_alloc_failed(call));
KAPI_CONDITION(result_aligned, (), !offset_in_page(result));
KAPI_VALUE(old_range, MREMAP, left_behind(call, addr, old_len, new_len, result));
KAPI_CONDITION(leaves_it, MREMAP, flags & MREMAP_DONTUNMAP);
KAPI_CONDITION(moves_away, MREMAP, flags & MREMAP_FIXED && untagged_addr(addr) &&
	       !overlap(untagged_addr(addr) - PAGE_SIZE, old_len + 2 * PAGE_SIZE,
			new_addr, new_len) &&
	       !(old_vmas(call, addr, old_len)->any & VM_HUGETLB));
KAPI_VALUE(flags_around, MREMAP, flags_around(old_vmas(call, addr, old_len)));
KAPI_CONDITION(moves_last, MREMAP, flags & MREMAP_FIXED &&
	       PAGE_ALIGN(old_len) == PAGE_ALIGN(new_len) &&
	       kapi_vma_flags(call, untagged_addr(addr) + PAGE_ALIGN(old_len) - 1));
KAPI_VALUE(last_page, MREMAP,
	   kapi_vma_flags(call, (result > 0 ? result : untagged_addr(addr)) +
			  PAGE_ALIGN(old_len) - 1) & (VM_ACCESS_FLAGS | VM_SHARED));
KAPI_VALUE(left_locked, MREMAP, old_vmas(call, addr, old_len)->locked);
KAPI_VALUE(otherwise_mapped, (), kapi_total_vm(call) - kapi_vmas(call, 0, PAGE_MASK, 0)->pages);
KAPI_VALUE(otherwise_locked, (), kapi_locked_vm(call) - kapi_vmas(call, 0, PAGE_MASK, 0)->locked);

DEFINE_KERNEL_API_SPEC(sys_mremap)
	KAPI_DESCRIPTION("Resize or move a mapping")
	KAPI_ARG(unsigned long, addr, "of a page")
	KAPI_ARG(unsigned long, old_len, "0 with a shared mapping is another view of it")
	KAPI_ARG(unsigned long, new_len, "not 0")
	KAPI_ARG(unsigned long, flags, "MREMAP_*",
		 KAPI_BITS(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, -EINVAL))
	KAPI_ARG(unsigned long, new_addr, "with MREMAP_FIXED; with MREMAP_DONTUNMAP, a hint")
	KAPI_RETURNS(long, KAPI_RETURN_ERROR_CHECK, "where the mapping is now")
	KAPI_FAILS(-EINVAL, "flags, addresses or lengths do not go together", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-EINVAL, not_plain, .description = "or ->mremap() says so")
	KAPI_FAILS_IF(-EINVAL, addr_unaligned)
	KAPI_FAILS_IF(-EINVAL, no_length)
	KAPI_FAILS_IF(-EINVAL, needs_maymove)
	KAPI_FAILS_IF(-EINVAL, both_resized)
	KAPI_FAILS_IF(-EINVAL, private_twice)
	KAPI_FAILS_IF(-EINVAL, target_unaligned)
	KAPI_FAILS_IF(-EINVAL, target_overlaps)
	KAPI_FAILS(-EFAULT, "no mapping, more than one, or one that must not grow")
	KAPI_FAILS_IF(-EFAULT, nothing_there)
	KAPI_FAILS(-EPERM, "the mapping is sealed")
	KAPI_FAILS_IF(-EPERM, addr_sealed)
	KAPI_FAILS(-EAGAIN, "more would be locked than RLIMIT_MEMLOCK allows")
	KAPI_MAY_FAIL_IF(-EAGAIN, addr_locked)
	KAPI_FAILS(-ENOMEM, "no room, no memory, or a limit")
	KAPI_OTHER_ERRORS("what ->mremap() or ->get_unmapped_area() of the mapping says")
	KAPI_FAILS(-EINTR, "killed while waiting for mmap_lock")
	KAPI_INTERRUPTED(-EINTR, KAPI_SIGNAL_ANY_FATAL, "while waiting for mmap_lock")
	KAPI_TAKES(mmap_lock, KAPI_LOCK_RWSEM, "&mm->mmap_lock")
	KAPI_ENSURES(result_aligned)
	KAPI_ENSURES(stayed, KAPI_WHEN(cannot_move))
	KAPI_CHANGES(old_range, KAPI_BECOMES_ZERO, "the old range", "is unmapped but for the new",
		     KAPI_WHEN(leaves_nothing), KAPI_UNLESS(no_memory))
	KAPI_CHANGES(last_page, KAPI_UNCHANGED, "the last page", "is at the end of the new range",
		     KAPI_WHEN(moves_last))
	KAPI_CHANGES(left_locked, KAPI_BECOMES_ZERO, "the old range", "is not locked any more",
		     KAPI_WHEN(leaves_it))
	KAPI_CHANGES(flags_around, KAPI_UNCHANGED, "VMAs beside the old range", "keep their flags",
		     KAPI_WHEN(moves_away), KAPI_UNLESS(no_memory))
	KAPI_CHANGES(otherwise_mapped, KAPI_UNCHANGED, "mm->total_vm",
		     "changes by the pages of VMAs that come or go, no other")
	KAPI_CHANGES(otherwise_locked, KAPI_UNCHANGED, "mm->locked_vm",
		     "likewise, by those of locked VMAs")
KAPI_END_SPEC;

/* === lseek ================================================================ */

#define LSEEK		(unsigned int, fd, off_t, offset, unsigned int, whence)

KAPI_CONDITION(no_file, LSEEK, !kapi_fd_file(call, fd) || kapi_file_mode(call, fd) & FMODE_PATH);
KAPI_CONDITION(cannot_seek, LSEEK, !(kapi_file_mode(call, fd) & FMODE_LSEEK));
KAPI_CONDITION(stored, LSEEK, kapi_file_is_stored(call, fd));
KAPI_CONDITION(no_whence, LSEEK, whence > SEEK_MAX);
KAPI_CONDITION(stored_set, LSEEK, whence == SEEK_SET && kapi_file_is_stored(call, fd));
KAPI_CONDITION(is_offset, LSEEK, result == offset);
KAPI_VALUE(position, LSEEK,
	   kapi_file_is_stored(call, fd) ? kapi_file_pos(call, fd) - max(result, 0L) :
	   kapi_unknown(call));

/* On /proc/PID/mem, a valid offset may look like an error: so no KAPI_ONLY. */
DEFINE_KERNEL_API_SPEC(sys_lseek)
	KAPI_DESCRIPTION("Set the position of an open file")
	KAPI_FAILURE_ATOMIC
	KAPI_ARG(unsigned int, fd, "of the file", .type = KAPI_TYPE_FD)
	KAPI_ARG(off_t, offset, "as whence has it")
	KAPI_ARG(unsigned int, whence, "SEEK_*")
	KAPI_RETURNS(long, KAPI_RETURN_ERROR_CHECK, "the new position")
	KAPI_FAILS(-EBADF, "fd is not open, or only O_PATH")
	KAPI_FAILS_IF(-EBADF, no_file)
	KAPI_FAILS(-ESPIPE, "the file has no position: a pipe, a socket")
	KAPI_FAILS_IF(-ESPIPE, cannot_seek)
	KAPI_FAILS(-EINVAL, "an unknown whence, or a position that the file cannot have")
	KAPI_FAILS_IF(-EINVAL, no_whence)
	KAPI_FAILS(-ENXIO, "SEEK_DATA or SEEK_HOLE beyond the end")
	KAPI_FAILS(-EOVERFLOW, "the position is too large for the result")
	KAPI_OTHER_ERRORS("what the file's ->llseek() returns")
	KAPI_CHANGES(position, KAPI_BECOMES_ZERO, "file->f_pos, less the result", "is 0",
		     KAPI_WHEN(stored))
	KAPI_ENSURES(is_offset, KAPI_WHEN(stored_set))
	KAPI_SENDS(KAPI_SIGNAL_ANY, "as ->llseek() has it")
KAPI_END_SPEC;

/* === read ================================================================= */

#define READ_ARGS	(unsigned int, fd, char __user *, buf, size_t, count)

KAPI_CONDITION(not_for_reading, READ_ARGS, !(kapi_file_mode(call, fd) & FMODE_READ));
KAPI_CONDITION(unreadable, READ_ARGS, !(kapi_file_mode(call, fd) & FMODE_CAN_READ));
KAPI_CONDITION(not_user_memory, READ_ARGS, !access_ok(buf, count));
KAPI_CONDITION(within_count, READ_ARGS, result <= count);
KAPI_VALUE(stored_position, READ_ARGS,
	   kapi_file_is_stored(call, fd) && !(kapi_file_mode(call, fd) & FMODE_STREAM) ?
	   kapi_file_pos(call, fd) : kapi_unknown(call));

DEFINE_KERNEL_API_SPEC(sys_read)
	KAPI_DESCRIPTION("Read from an open file")
	KAPI_FAILURE_ATOMIC
	KAPI_ARG(unsigned int, fd, "of the file", .type = KAPI_TYPE_FD)
	KAPI_ARG(char __user *, buf, "what is read", .flags = KAPI_PARAM_OUT | KAPI_PARAM_USER)
	KAPI_ARG(size_t, count, "most of it, cut at MAX_RW_COUNT")
	KAPI_RETURNS(long, KAPI_RETURN_RANGE, "how much was read; 0 is the end",
		     .success_min = 0, .success_max = MAX_RW_COUNT)
	KAPI_FAILS(-EBADF, "fd is not open for reading")
	KAPI_FAILS_IF(-EBADF, not_for_reading)
	KAPI_FAILS(-EINVAL, "the file cannot be read, or not there")
	KAPI_FAILS_IF(-EINVAL, unreadable)
	KAPI_FAILS(-EFAULT, "buf is not the caller's memory")
	KAPI_FAILS_IF(-EFAULT, not_user_memory)
	KAPI_FAILS(-EAGAIN, "O_NONBLOCK, and nothing is there")
	KAPI_FAILS(-EISDIR, "a directory")
	KAPI_FAILS(-EINTR, "a signal, and nothing was read")
	KAPI_OTHER_ERRORS("what the file's ->read() or ->read_iter(), an LSM, fanotify returns")
	KAPI_INTERRUPTED(-EINTR, KAPI_SIGNAL_ANY, "while waiting", .restartable = true)
	KAPI_SENDS(KAPI_SIGNAL_ANY, "F_SETSIG's of who waits for room in a pipe; SIGTTIN")
	KAPI_ENSURES(within_count)
	KAPI_CHANGES(stored_position, KAPI_BY_RESULT, "file->f_pos",
		     "moves by what was read, of a file kept in pages")
KAPI_END_SPEC;

/* === epoll_ctl ============================================================ */

#define EPOLL_CTL	(int, epfd, int, op, int, fd, struct epoll_event __user *, event)
#define EVENTS		kapi_user(call, struct epoll_event, event).events
#define EXCLUSIVE_BITS	(EPOLLEXCLUSIVE | EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | \
			 EPOLLWAKEUP | EPOLLET)

KAPI_CONDITION(no_such_fd, EPOLL_CTL,
	       !kapi_fd_file(call, epfd) || kapi_file_mode(call, epfd) & FMODE_PATH ||
	       !kapi_fd_file(call, fd) || kapi_file_mode(call, fd) & FMODE_PATH);
KAPI_CONDITION(cannot_poll, EPOLL_CTL, !kapi_file_can_poll(call, fd));
KAPI_CONDITION(no_epoll, EPOLL_CTL, !kapi_file_is_anon(call, epfd, "[eventpoll]"));
KAPI_CONDITION(itself, EPOLL_CTL, kapi_fd_file(call, epfd) == kapi_fd_file(call, fd));
KAPI_CONDITION(fd_is_epoll, EPOLL_CTL,
	       op == EPOLL_CTL_ADD && kapi_file_is_anon(call, fd, "[eventpoll]"));
KAPI_CONDITION(adds, EPOLL_CTL, op == EPOLL_CTL_ADD);
/* EPOLLEXCLUSIVE can only be set by EPOLL_CTL_ADD, and never modified. */
KAPI_CONDITION(modifies, EPOLL_CTL, op == EPOLL_CTL_MOD);
KAPI_CONDITION(made_exclusive, EPOLL_CTL,
	       op == EPOLL_CTL_MOD &&
	       kapi_user(call, struct epoll_event, event).events & EPOLLEXCLUSIVE);
KAPI_CONDITION(not_exclusive, EPOLL_CTL,
	       op == EPOLL_CTL_ADD && EVENTS & EPOLLEXCLUSIVE &&
	       (EVENTS & ~EXCLUSIVE_BITS || kapi_file_is_anon(call, fd, "[eventpoll]")));
KAPI_CONDITION(needs_item, EPOLL_CTL, op == EPOLL_CTL_MOD || op == EPOLL_CTL_DEL);
KAPI_CONDITION(has_event, EPOLL_CTL, op != EPOLL_CTL_DEL);

DEFINE_KERNEL_API_SPEC(sys_epoll_ctl)
	KAPI_DESCRIPTION("Change what an epoll instance waits for")
	KAPI_ARG(int, epfd, "the epoll instance", .type = KAPI_TYPE_FD)
	KAPI_ARG(int, op, "EPOLL_CTL_*", KAPI_BETWEEN(EPOLL_CTL_ADD, EPOLL_CTL_MOD, -EINVAL))
	KAPI_ARG(int, fd, "what to wait for", .type = KAPI_TYPE_FD)
	KAPI_ARG(struct epoll_event __user *, event, "not used by EPOLL_CTL_DEL")
	KAPI_RETURNS_ZERO("done")
	KAPI_FAILS(-EFAULT, "event cannot be read", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-EFAULT, has_event)
	KAPI_FAILS(-EBADF, "epfd or fd is not open, or only O_PATH", KAPI_ONLY)
	KAPI_FAILS_IF(-EBADF, no_such_fd)
	KAPI_FAILS(-EPERM, "nobody can wait for fd: a regular file, a directory", KAPI_ONLY)
	KAPI_FAILS_IF(-EPERM, cannot_poll)
	KAPI_FAILS(-EINVAL, "epfd is no epoll instance or fd itself; op; EPOLLEXCLUSIVE; "
		   "too many ways lead to fd", KAPI_ONLY)
	KAPI_FAILS_IF(-EINVAL, no_epoll)
	KAPI_FAILS_IF(-EINVAL, itself)
	KAPI_FAILS_IF(-EINVAL, made_exclusive)
	KAPI_FAILS_IF(-EINVAL, not_exclusive)
	KAPI_MAY_FAIL_IF(-EINVAL, modifies)
	KAPI_FAILS(-EEXIST, "fd is waited for", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-EEXIST, adds)
	KAPI_FAILS(-ENOENT, "fd is not waited for", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-ENOENT, needs_item)
	KAPI_FAILS(-ELOOP, "instances would wait for each other, or nest too deep", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-ELOOP, fd_is_epoll)
	KAPI_FAILS(-ENOSPC, "sysctl fs.epoll.max_user_watches", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-ENOSPC, adds)
	KAPI_FAILS(-ENOMEM, "no memory", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-ENOMEM, adds)
	KAPI_MAY_FAIL_IF(-EINVAL, adds)
	KAPI_SENDS(KAPI_SIGNAL_ANY, "as ->poll() of fd has it")
KAPI_END_SPEC;

/* === fcntl ================================================================ */

#define SETFL_FLAGS	(O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

#define FCNTL		(unsigned int, fd, unsigned int, cmd, unsigned long, arg)

KAPI_CONDITION(not_open, FCNTL, !kapi_fd_file(call, fd));
KAPI_CONDITION(only_path, FCNTL, kapi_file_mode(call, fd) & FMODE_PATH);
KAPI_CONDITION(dupfd, FCNTL, cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC);
KAPI_CONDITION(getfd, FCNTL, cmd == F_GETFD);
KAPI_CONDITION(setfd, FCNTL, cmd == F_SETFD);
KAPI_CONDITION(getfl, FCNTL, cmd == F_GETFL);
KAPI_CONDITION(setfl, FCNTL, cmd == F_SETFL);
KAPI_CONDITION(no_path_cmd, FCNTL,
	       (cmd != F_DUPFD && cmd != F_DUPFD_CLOEXEC && cmd != F_GETFD && cmd != F_SETFD &&
	       cmd != F_GETFL) || kapi_may_be_refused(call, file_fcntl));
KAPI_CONDITION(needs_more, FCNTL, cmd == F_SETFL || cmd == F_SETLK || cmd == F_SETLKW);
KAPI_CONDITION(sets, FCNTL, cmd == F_SETFD || cmd == F_SETFL || cmd == F_SETLK || cmd == F_SETLKW);
KAPI_CONDITION(dup_over_limit, FCNTL, (unsigned int)arg >= kapi_rlimit(call, RLIMIT_NOFILE));
KAPI_CONDITION(none_free, FCNTL,
	       (unsigned int)arg < kapi_rlimit(call, RLIMIT_NOFILE) &&
	       kapi_fd_next_free(call, arg) >= min(kapi_rlimit(call, RLIMIT_NOFILE),
						   kapi_fd_room(call)));
KAPI_CONDITION(other_cmd, FCNTL, (cmd != F_DUPFD && cmd != F_DUPFD_CLOEXEC) ||
	       kapi_may_be_refused(call, file_fcntl));
KAPI_CONDITION(lowest_free, FCNTL, result >= (unsigned int)arg &&
	       kapi_fd_next_free(call, arg) > result);
KAPI_CONDITION(dup_same_file, FCNTL, kapi_fd_file(call, result) == kapi_fd_file(call, fd));
KAPI_CONDITION(dup_cloexec, FCNTL, kapi_fd_cloexec(call, result) == (cmd == F_DUPFD_CLOEXEC));
KAPI_CONDITION(is_cloexec, FCNTL, result == (kapi_fd_cloexec(call, fd) ? FD_CLOEXEC : 0));
KAPI_CONDITION(cloexec_set, FCNTL, kapi_fd_cloexec(call, fd) == !!(arg & FD_CLOEXEC));
/* A hangup or the end of a lease takes FASYNC away at any time. */
KAPI_CONDITION(is_flags, FCNTL, !((result ^ kapi_file_flags(call, fd)) & ~FASYNC));
KAPI_CONDITION(flags_set, FCNTL, !((kapi_file_flags(call, fd) ^ arg) & SETFL_FLAGS));
KAPI_CONDITION(is_zero, FCNTL, !result);
KAPI_VALUE(fds, FCNTL, kapi_fd_count(call));
KAPI_VALUE(fixed_flags, FCNTL, kapi_file_flags(call, fd) & ~(SETFL_FLAGS | O_NDELAY | FASYNC));

/* F_GETOWN may return, on success, what elsewhere is an error. */
DEFINE_KERNEL_API_SPEC(sys_fcntl)
	KAPI_DESCRIPTION("Ask of an open file or its descriptor, or change something of it")
	KAPI_ARG(unsigned int, fd, "of the file", .type = KAPI_TYPE_FD)
	KAPI_ARG(unsigned int, cmd, "F_*; clauses here are for F_DUPFD*, F_*FD, F_*FL, F_SETLK*")
	KAPI_ARG(unsigned long, arg, "as cmd has it")
	KAPI_RETURNS(long, KAPI_RETURN_ERROR_CHECK, "as cmd has it")
	KAPI_FAILS(-EBADF, "fd is not open, or O_PATH or its access is not enough", KAPI_ONLY)
	KAPI_FAILS_IF(-EBADF, not_open)
	KAPI_MAY_FAIL_IF(-EBADF, no_path_cmd)
	KAPI_FAILS_IF(-EBADF, only_path, KAPI_WHEN(needs_more))
	KAPI_FAILS(-EINVAL, "an unknown cmd, or arg has no meaning for it")
	KAPI_FAILS_IF(-EINVAL, dup_over_limit, KAPI_WHEN(dupfd))
	KAPI_FAILS(-EMFILE, "no descriptor from arg on is free", KAPI_ONLY)
	KAPI_MAY_FAIL_IF(-EMFILE, none_free, KAPI_WHEN(dupfd))
	KAPI_MAY_FAIL_IF(-EMFILE, other_cmd)
	KAPI_FAILS(-ENOMEM, "no memory")
	KAPI_FAILS(-EPERM, "O_APPEND of an append-only file, O_NOATIME of another's")
	KAPI_FAILS(-EFAULT, "what arg points to cannot be accessed")
	KAPI_FAILS(-EAGAIN, "another one's lock is in the way")
	KAPI_FAILS(-EINTR, "a signal while F_SETLKW waited")
	KAPI_INTERRUPTED(-EINTR, KAPI_SIGNAL_ANY, "while F_SETLKW waited", .restartable = true)
	KAPI_OTHER_ERRORS("what a security module, ->fasync(), ->check_flags() or ->lock() says")
	KAPI_ENSURES(lowest_free, KAPI_WHEN(dupfd))
	KAPI_ENSURES(dup_same_file, KAPI_WHEN(dupfd))
	KAPI_ENSURES(dup_cloexec, KAPI_WHEN(dupfd))
	KAPI_CHANGES(fds, KAPI_INCREASES, "descriptors", "are one more", KAPI_WHEN(dupfd))
	KAPI_ENSURES(is_cloexec, KAPI_WHEN(getfd))
	KAPI_ENSURES(cloexec_set, KAPI_WHEN(setfd))
	KAPI_ENSURES(is_flags, KAPI_WHEN(getfl))
	KAPI_ENSURES(flags_set, KAPI_WHEN(setfl))
	KAPI_CHANGES(fixed_flags, KAPI_UNCHANGED, "other file->f_flags", "but FASYNC",
		     KAPI_WHEN(setfl))
	KAPI_ENSURES(is_zero, KAPI_WHEN(sets))
	KAPI_SENDS(KAPI_SIGNAL_ANY, "as the file has it")
KAPI_END_SPEC;
