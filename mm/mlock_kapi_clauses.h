/* SPDX-License-Identifier: GPL-2.0 */
/* What the API specifications in mm/mlock.c have in common. */
#ifndef _MM_MLOCK_KAPI_CLAUSES_H
#define _MM_MLOCK_KAPI_CLAUSES_H

#include <linux/kernel_api_spec.h>

#include "mlock_kapi.h"

/* The lockdep class of the lock of a page table of the lowest level. */
#ifdef CONFIG_SPLIT_PTE_PTLOCKS
#define MLOCK_PTL_CLASS		"ptlock_ptr(ptdesc)"
#else
#define MLOCK_PTL_CLASS		"&mm->page_table_lock"
#endif

/* Those of the local locks of this CPU's batches; RT has them in parentheses. */
#ifdef CONFIG_PREEMPT_RT
#define MLOCK_FBATCH_CLASS	"(mlock_fbatch.lock)"
#define MLOCK_LRU_BATCH_CLASS	"(lock)"
#else
#define MLOCK_FBATCH_CLASS	"mlock_fbatch.lock"
#define MLOCK_LRU_BATCH_CLASS	"lock"
#endif

/* === Parameters of a range ================================================ */

DEFINE_KAPI_PARAM(kapi_mlock_start, "start", "unsigned long", "rounded down to a page")
	KAPI_PARAM_FLAGS(KAPI_PARAM_IN)
	.type = KAPI_TYPE_UINT,
	KAPI_PARAM_CHECK(MLOCK_FIRST_PAGE, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

DEFINE_KAPI_PARAM(kapi_mlock_len, "len", "size_t",
		  "start + len is rounded up to a page, modulo 2^BITS_PER_LONG")
	KAPI_PARAM_FLAGS(KAPI_PARAM_IN)
	.type = KAPI_TYPE_UINT,
	KAPI_PARAM_CHECK(MLOCK_LAST_PAGE, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

/* === Errors and the reasons for them ====================================== */

DEFINE_KAPI_ERROR_CLOSED(kapi_mlock_eperm, -EPERM, "EPERM",
			 "RLIMIT_MEMLOCK is 0 and no CAP_IPC_LOCK",
			 "The first check after that of flags, for an empty range, too.");

DEFINE_KAPI_ERROR(kapi_mlock_eintr_waiting, -EINTR, "EINTR", "killed while waiting for mmap_lock",
		  "The task dies before user space sees it.");

DEFINE_KAPI_ERROR(kapi_mlock_eintr, -EINTR, "EINTR",
		  "killed while waiting for mmap_lock, or while faulting in",
		  "The task dies before user space sees it; its VMAs may be locked.");

DEFINE_KAPI_ERROR_CLOSED(kapi_mlock_enomem, -ENOMEM, "ENOMEM",
			 "limit, mapped, max_map_count, vma_memory, accessible, fault",
			 "One of these constraints; only limit comes before any change.");

DEFINE_KAPI_ERROR_CLOSED(kapi_mlock_eagain, -EAGAIN, "EAGAIN", "page_memory is broken",
			 "All VMAs are locked by then, and pages below faulted in.");

DEFINE_KAPI_ERROR_CLOSED(kapi_mlock_eremoteio, -EREMOTEIO, "EREMOTEIO", "no_p2pdma is broken",
			 "Found when it is faulted in: its VMA is locked.");

DEFINE_KAPI_CAPABILITY(kapi_mlock_ipc_lock, CAP_IPC_LOCK, "CAP_IPC_LOCK", KAPI_CAP_BYPASS_CHECK)
	KAPI_CAP_ALLOWS("to lock memory beyond RLIMIT_MEMLOCK")
	KAPI_CAP_WITHOUT("the soft limit holds; if it is 0, -EPERM")
	KAPI_CAP_CONDITION("in the initial user namespace")
	KAPI_CAP_CHECK(MLOCK_NOT_ALLOWED, -EPERM)
KAPI_DEFINE_END;

DEFINE_KAPI_CONSTRAINT(kapi_mlock_no_wrap, "no_wrap", "the rounded range does not wrap")
	KAPI_CONSTRAINT_EXPR("start + len >= start")
	KAPI_CONSTRAINT_CHECK(MLOCK_WRAPS, -EINVAL)
	KAPI_CONSTRAINT_EARLY
KAPI_DEFINE_END;

DEFINE_KAPI_CONSTRAINT(kapi_mlock_limit, "limit",
		       "locked_vm and what the range adds keep to RLIMIT_MEMLOCK")
	KAPI_CONSTRAINT_EXPR("locked_vm + newly locked <= limit || CAP_IPC_LOCK")
	KAPI_CONSTRAINT_CHECK(MLOCK_OVER_LIMIT, -ENOMEM)
	KAPI_CONSTRAINT_EARLY
KAPI_DEFINE_END;

DEFINE_KAPI_CONSTRAINT(kapi_mlock_mapped, "mapped", "each page of the range has a VMA")
	KAPI_CONSTRAINT_CHECK(MLOCK_UNMAPPED, -ENOMEM)
KAPI_DEFINE_END;

DEFINE_KAPI_CONSTRAINT(kapi_mlock_max_map_count, "max_map_count",
		       "a VMA can be split where the range begins or ends in it")
	KAPI_CONSTRAINT_CHECK(MLOCK_TOO_MANY_VMAS, -ENOMEM)
KAPI_DEFINE_END;

DEFINE_KAPI_CONSTRAINT(kapi_mlock_vma_memory, "vma_memory",
		       "there is memory to split and merge VMAs")
	KAPI_CONSTRAINT_MAY(MLOCK_ALLOCATES, -ENOMEM)
KAPI_DEFINE_END;

DEFINE_KAPI_CONSTRAINT(kapi_mlock_accessible, "accessible",
		       "each VMA that is faulted in can be: no PROT_NONE, no secretmem")
	KAPI_CONSTRAINT_CHECK(MLOCK_NO_ACCESS, -ENOMEM)
KAPI_DEFINE_END;

DEFINE_KAPI_CONSTRAINT(kapi_mlock_fault, "fault",
		       "no SIGBUS or SIGSEGV: end of file, I/O error, poison, guard region")
	KAPI_CONSTRAINT_MAY(MLOCK_POPULATES, -ENOMEM)
KAPI_DEFINE_END;

DEFINE_KAPI_CONSTRAINT(kapi_mlock_page_memory, "page_memory", "there is memory for pages")
	KAPI_CONSTRAINT_MAY(MLOCK_POPULATES, -EAGAIN)
KAPI_DEFINE_END;

DEFINE_KAPI_CONSTRAINT(kapi_mlock_no_p2pdma, "no_p2pdma", "no page is memory of a PCI device")
	KAPI_CONSTRAINT_MAY(MLOCK_DEVICE, -EREMOTEIO)
KAPI_DEFINE_END;

DEFINE_KAPI_SIGNAL(kapi_mlock_killed_waiting, KAPI_SIGNAL_ANY_FATAL, "fatal signal",
		   KAPI_SIGNAL_RECEIVE, KAPI_SIGNAL_ACTION_RETURN)
	KAPI_SIGNAL_CONDITION("mmap_lock is contended")
	KAPI_SIGNAL_DESC("Ends the wait. No other signal does.")
	KAPI_SIGNAL_ERROR(-EINTR)
KAPI_DEFINE_END;

DEFINE_KAPI_SIGNAL(kapi_mlock_killed, KAPI_SIGNAL_ANY_FATAL, "fatal signal",
		   KAPI_SIGNAL_RECEIVE, KAPI_SIGNAL_ACTION_RETURN)
	KAPI_SIGNAL_CONDITION("mmap_lock is contended, or pages are faulted in")
	KAPI_SIGNAL_DESC("Ends the wait, or comes before the next page.")
	KAPI_SIGNAL_ERROR(-EINTR)
KAPI_DEFINE_END;

/* === Locks ================================================================ */

DEFINE_KAPI_LOCK(kapi_mlock_mmap_lock, "mm->mmap_lock", KAPI_LOCK_RWSEM)
	KAPI_LOCK_ACQUIRED
	KAPI_LOCK_RELEASED
	KAPI_LOCK_CLASS("&mm->mmap_lock")
	KAPI_LOCK_GUARDS
	KAPI_LOCK_DESC("For write to change VMAs; to fault in, for read.")
KAPI_DEFINE_END;

DEFINE_KAPI_LOCK(kapi_mlock_vm_lock, "vm_lock", KAPI_LOCK_CUSTOM)
	KAPI_LOCK_ACQUIRED
	KAPI_LOCK_RELEASED
	KAPI_LOCK_CLASS_IF(CONFIG_PER_VMA_LOCK, "vm_lock")
	KAPI_LOCK_WRITE
	KAPI_LOCK_DESC("Of VMAs changed, split or merged, until mmap_lock is "
		       "released; lockdep is told sooner.")
KAPI_DEFINE_END;

DEFINE_KAPI_LOCK(kapi_mlock_page_table_lock, "page table lock", KAPI_LOCK_SPINLOCK)
	KAPI_LOCK_ACQUIRED
	KAPI_LOCK_RELEASED
	KAPI_LOCK_CLASS(MLOCK_PTL_CLASS)
	KAPI_LOCK_DESC("While its pages are mlocked or munlocked, or faulted in.")
KAPI_DEFINE_END;

DEFINE_KAPI_LOCK(kapi_mlock_fbatch_lock, "mlock_fbatch.lock", KAPI_LOCK_LOCAL)
	KAPI_LOCK_ACQUIRED
	KAPI_LOCK_RELEASED
	KAPI_LOCK_CLASS(MLOCK_FBATCH_CLASS)
	KAPI_LOCK_DESC("To add a folio to this CPU's batch, or flush it.")
KAPI_DEFINE_END;

DEFINE_KAPI_LOCK(kapi_mlock_lru_batch_lock, "cpu_fbatches.lock", KAPI_LOCK_LOCAL)
	KAPI_LOCK_ACQUIRED
	KAPI_LOCK_RELEASED
	KAPI_LOCK_CLASS(MLOCK_LRU_BATCH_CLASS)
	KAPI_LOCK_DESC("Before and after each VMA's walk.")
KAPI_DEFINE_END;

DEFINE_KAPI_LOCK(kapi_mlock_lru_lock, "lruvec->lru_lock", KAPI_LOCK_SPINLOCK)
	KAPI_LOCK_ACQUIRED
	KAPI_LOCK_RELEASED
	KAPI_LOCK_CLASS("&lruvec->lru_lock")
	KAPI_LOCK_DESC("To flush batched folios, not only this call's. "
		       "Irqs off (not on RT).")
KAPI_DEFINE_END;

DEFINE_KAPI_LOCK(kapi_mlock_i_mmap_rwsem, "i_mmap_rwsem", KAPI_LOCK_RWSEM)
	KAPI_LOCK_ACQUIRED
	KAPI_LOCK_RELEASED
	KAPI_LOCK_CLASS("&mapping->i_mmap_rwsem")
	KAPI_LOCK_DESC("When VMAs of a file are split or merge, or as the fault needs.")
KAPI_DEFINE_END;

DEFINE_KAPI_LOCK(kapi_mlock_anon_vma_rwsem, "anon_vma->rwsem", KAPI_LOCK_RWSEM)
	KAPI_LOCK_ACQUIRED
	KAPI_LOCK_RELEASED
	KAPI_LOCK_CLASS("&anon_vma->rwsem")
	KAPI_LOCK_DESC("When VMAs with an anon_vma are split or merge, or as the "
		       "fault needs.")
KAPI_DEFINE_END;

/* === Side effects ========================================================= */

DEFINE_KAPI_SIDE_EFFECT(kapi_mlock_sets_flags, KAPI_EFFECT_MODIFY_STATE, "vma->flags",
			"VM_LOCKED is set, and VM_LOCKONFAULT set or cleared")
	KAPI_EFFECT_CONDITION("not VM_SPECIAL, hugetlb, DAX, droppable or secretmem")
	KAPI_EFFECT_REVERSIBLE
	KAPI_EFFECT_CHECK(MLOCK_VMAS, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_munlock_clears_flags, KAPI_EFFECT_MODIFY_STATE, "vma->flags",
			"VM_LOCKED and VM_LOCKONFAULT are cleared")
	KAPI_EFFECT_CONDITION("not secretmem")
	KAPI_EFFECT_REVERSIBLE
	KAPI_EFFECT_CHECK(MLOCK_VMAS, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_mlock_charges, KAPI_EFFECT_MODIFY_STATE, "mm->locked_vm",
			"plus the pages of each VMA that was not locked")
	KAPI_EFFECT_REVERSIBLE
	KAPI_EFFECT_CHECK(MLOCK_OTHER_LOCKED, KAPI_STAYS)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_munlock_uncharges, KAPI_EFFECT_MODIFY_STATE, "mm->locked_vm",
			"less the pages of each VMA unlocked; not reset to 0")
	KAPI_EFFECT_REVERSIBLE
	KAPI_EFFECT_CHECK(MLOCK_OTHER_LOCKED, KAPI_STAYS)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_mlock_splits, KAPI_EFFECT_ALLOC_MEMORY | KAPI_EFFECT_FREE_MEMORY,
			"VMAs", "split at the ends of the range, merged where alike")
	KAPI_EFFECT_CHECK(MLOCK_NEW_VMAS, KAPI_STAYS)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_mlock_merges, KAPI_EFFECT_ALLOC_MEMORY | KAPI_EFFECT_FREE_MEMORY,
			"VMAs", "neighbours merge, none is split")
	KAPI_EFFECT_CONDITION("alike now, and otherwise mergeable")
	KAPI_EFFECT_CHECK(MLOCK_MAP_COUNT, KAPI_NEVER_RISES)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_mlock_keeps_neighbours, KAPI_EFFECT_MODIFY_STATE,
			"VMAs beside the range", "keep their lock flags")
	KAPI_EFFECT_CHECK(MLOCK_NEIGHBOURS, KAPI_STAYS)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_mlock_raises_nr_mlock, KAPI_EFFECT_MODIFY_STATE, "vmstat: nr_mlock",
			"rises by the pages of folios mlocked")
	KAPI_EFFECT_CHECK(MLOCK_NR_MLOCK, KAPI_RISES)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_munlock_lowers_nr_mlock, KAPI_EFFECT_MODIFY_STATE, "vmstat: nr_mlock",
			"falls by the pages of folios munlocked")
	KAPI_EFFECT_CHECK(MLOCK_NR_MLOCK, KAPI_FALLS)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_mlock_raises_events, KAPI_EFFECT_MODIFY_STATE, "vmstat: events",
			"unevictable_pgs_mlocked rises")
	KAPI_EFFECT_CHECK(MLOCK_EVENTS, KAPI_RISES)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_munlock_raises_events, KAPI_EFFECT_MODIFY_STATE, "vmstat: events",
			"unevictable_pgs_munlocked or _stranded rise")
	KAPI_EFFECT_CHECK(MLOCK_EVENTS, KAPI_RISES)
KAPI_DEFINE_END;

DEFINE_KAPI_SIDE_EFFECT(kapi_mlock_faults_in, KAPI_EFFECT_ALLOC_MEMORY | KAPI_EFFECT_SCHEDULE,
			"pages", "absent ones are faulted in: for write if private and "
			"writable, else for read")
	KAPI_EFFECT_CONDITION("neither VM_LOCKONFAULT nor VM_IO nor VM_PFNMAP")
	KAPI_EFFECT_CHECK(MLOCK_ABSENT, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

/* === State transitions ==================================================== */

DEFINE_KAPI_STATE_TRANS(kapi_mlock_onfault, "VMA", "locked or not", "VM_LOCKONFAULT or not",
			"as flags say: it is cleared, too")
	KAPI_STATE_TRANS_CHECK(MLOCK_ONFAULT_VMAS, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

DEFINE_KAPI_STATE_TRANS(kapi_munlock_onfault, "VMA", "VM_LOCKONFAULT", "not locked",
			"MLOCK_ONFAULT and MCL_ONFAULT end")
	KAPI_STATE_TRANS_CHECK(MLOCK_ONFAULT_VMAS, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

DEFINE_KAPI_STATE_TRANS(kapi_munlock_secretmem, "secretmem VMA", "VM_LOCKED", "VM_LOCKED",
			"it is passed over")
	KAPI_STATE_TRANS_CHECK(MLOCK_SECRET_VMAS, KAPI_STAYS)
KAPI_DEFINE_END;

DEFINE_KAPI_STATE_TRANS(kapi_mlock_folio, "folio", "not mlocked", "mlocked",
			"at once; of a large folio only if all of it is in the range")
	KAPI_STATE_TRANS_CHECK(MLOCK_FOLIO, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

DEFINE_KAPI_STATE_TRANS(kapi_munlock_folio, "folio", "mlocked", "not mlocked",
			"when mlock_count (may undercount) is 0, or at once "
			"off the unevictable list; late if the task changed CPU")
	KAPI_STATE_TRANS_CHECK(MLOCK_FOLIO, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

DEFINE_KAPI_STATE_TRANS(kapi_mlock_unevictable, "folio", "evictable", "unevictable",
			"with its batch; late if the task changed CPU")
	KAPI_STATE_TRANS_COND("it can be isolated")
	KAPI_STATE_TRANS_CHECK(MLOCK_UNEVICTABLE, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

DEFINE_KAPI_STATE_TRANS(kapi_munlock_evictable, "folio", "unevictable", "evictable",
			"reclaim may take it")
	KAPI_STATE_TRANS_COND("it can be isolated and is evictable")
	KAPI_STATE_TRANS_CHECK(MLOCK_UNEVICTABLE, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

DEFINE_KAPI_STATE_TRANS(kapi_mlock_charge, "RLIMIT_MEMLOCK", "not charged", "charged",
			"once for each page, however often it is locked")
	KAPI_STATE_TRANS_CHECK(MLOCK_CHARGED, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

DEFINE_KAPI_STATE_TRANS(kapi_munlock_charge, "RLIMIT_MEMLOCK", "charged", "not charged",
			"as much may be locked elsewhere")
	KAPI_STATE_TRANS_CHECK(MLOCK_CHARGED, KAPI_IS_CLEARED)
KAPI_DEFINE_END;

#endif /* _MM_MLOCK_KAPI_CLAUSES_H */
