/* SPDX-License-Identifier: GPL-2.0 */
/* The state that the API specifications in mm/mlock.c speak of. */
#ifndef _MM_MLOCK_KAPI_H
#define _MM_MLOCK_KAPI_H

#include <linux/kernel_api_spec.h>

/*
 * Read with mmap_lock held for write, but for the first two. Of pages, one stands
 * for all: an anonymous one that is mlocked and that nobody else maps or uses.
 */
enum mlock_value {
	MLOCK_DEF_FLAGS,	/* lock flags that new mappings get */
	MLOCK_DEF_LOCKED,	/* VM_LOCKED is one of them */
	MLOCK_VMAS,		/* VMAs that are locked and can be unlocked */
	MLOCK_ONFAULT_VMAS,	/* VMAs that can be unlocked and have VM_LOCKONFAULT */
	MLOCK_SECRET_VMAS,	/* VMAs that are locked and stay so: secretmem */
	MLOCK_CHARGED,		/* pages in locked_vm for VMAs that can be unlocked */
	MLOCK_OTHER_LOCKED,	/* pages in locked_vm that no VMA accounts for */
	MLOCK_MAP_COUNT,	/* VMAs in all */
	MLOCK_FOLIO,		/* the page is mlocked */
	MLOCK_UNEVICTABLE,	/* the page is unevictable */
	/* Counters, which others move, too. */
	MLOCK_NR_MLOCK,		/* nr_mlock of its zone */
	MLOCK_EVENTS,		/* pages munlocked or stranded on this CPU */
	MLOCK_VALUES,
};

extern const struct kapi_snapshot mlock_state;

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

#endif /* _MM_MLOCK_KAPI_H */
