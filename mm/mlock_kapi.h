/* SPDX-License-Identifier: GPL-2.0 */
/* The state that the API specifications in mm/mlock.c speak of. */
#ifndef _MM_MLOCK_KAPI_H
#define _MM_MLOCK_KAPI_H

#include <linux/kernel_api_spec.h>
#include <linux/mm_types.h>

/*
 * A call asks for VMAs to be locked, or not to be: "amiss" is what is not as asked.
 * Where a value is of no meaning to a call it has none. All but those read at entry
 * need mmap_lock, held for write. Of pages, one or two stand for all: anonymous ones
 * that nobody else maps or uses.
 */
enum mlock_value {
	/* Reasons for errors, 0 if there are none. The first three are read at entry. */
	MLOCK_NOT_ALLOWED,	/* RLIMIT_MEMLOCK is 0, and no CAP_IPC_LOCK */
	MLOCK_NO_TIME,		/* neither MCL_CURRENT nor MCL_FUTURE */
	MLOCK_WRAPS,		/* the range goes beyond the highest address */
	MLOCK_OVER_LIMIT,	/* RLIMIT_MEMLOCK would be exceeded, and no CAP_IPC_LOCK */
	MLOCK_UNMAPPED,		/* pages of the range without a VMA */
	MLOCK_TOO_MANY_VMAS,	/* a VMA must be split, and there are too many */
	MLOCK_ALLOCATES,	/* VMAs for which memory may be needed, to split or merge */
	MLOCK_NO_ACCESS,	/* VMAs to fault in that allow none, or are secretmem */
	MLOCK_POPULATES,	/* VMAs to fault in */
	MLOCK_DEVICE,		/* of these, such as may be a PCI device's memory */
	/* The state. */
	MLOCK_DEF_FLAGS,	/* lock flags amiss in the default of future mappings */
	MLOCK_DEF_LOCKED,	/* VM_LOCKED is amiss in it */
	MLOCK_VMAS,		/* VMAs amiss, of those that can be changed */
	MLOCK_ONFAULT_VMAS,	/* VMAs whose VM_LOCKONFAULT is amiss, of the same */
	MLOCK_FIRST_PAGE,	/* the page is amiss to which the start is rounded */
	MLOCK_LAST_PAGE,	/* likewise, of the end */
	MLOCK_NEIGHBOURS,	/* lock flags below and above the range */
	MLOCK_SECRET_VMAS,	/* VMAs that are locked and stay so: secretmem */
	MLOCK_CHARGED,		/* pages whose charge to locked_vm is amiss */
	MLOCK_OTHER_LOCKED,	/* pages in locked_vm that no VMA looked at accounts for */
	MLOCK_MAP_COUNT,	/* VMAs in all */
	MLOCK_NEW_VMAS,		/* more of them than two splits make */
	MLOCK_FOLIO,		/* the page's PG_mlocked is amiss */
	MLOCK_UNEVICTABLE,	/* the page's PG_unevictable is amiss */
	MLOCK_ABSENT,		/* pages to fault in that are absent, first and last */
	/* Counters, which others move, too. */
	MLOCK_NR_MLOCK,		/* nr_mlock of the page's zone */
	MLOCK_EVENTS,		/* pages mlocked, or munlocked and stranded, on this CPU */
	MLOCK_VALUES,
	/* Behind the values, what finds the pages again, and tells if that is of use. */
	MLOCK_PAGE_ADDRESS = MLOCK_VALUES,
	MLOCK_PAGE_PFN,
	MLOCK_STRANDED,		/* pages stranded on this CPU */
	MLOCK_SWITCHES,		/* how often the task was switched away from */
	MLOCK_FIRST_ABSENT,	/* addresses */
	MLOCK_LAST_ABSENT,
	MLOCK_RLIMIT,		/* RLIMIT_MEMLOCK at entry, in bytes */
	MLOCK_ALL_VALUES
};

static_assert(MLOCK_ALL_VALUES <= KAPI_MAX_VALUES);

extern const struct kapi_snapshot mlock_state, mlock2_state, munlock_state;
extern const struct kapi_snapshot mlockall_state, munlockall_state;

/* Lock flags of a VMA, as a call asks for them. */
#define MLOCK_WANT_LOCKED	1
#define MLOCK_WANT_ONFAULT	2

/**
 * struct mlock_request - what a call asks for
 * @start: of the range, rounded down
 * @end: of the range, rounded up; below @start if it wraps
 * @want: lock flags of VMAs
 * @future: lock flags of future mappings
 * @vmas: VMAs are to be changed
 * @range: of a range, and errors are told; otherwise all of them, and errors are not
 * @privileged: RLIMIT_MEMLOCK is looked at, or CAP_IPC_LOCK
 * @changes_future: the default of future mappings is set
 * @timeless: neither present nor future mappings are meant
 * @populates: pages are faulted in
 * @odd_start: the start was rounded
 * @odd_end: the end was rounded
 */
struct mlock_request {
	unsigned long start;
	unsigned long end;
	u8 want;
	u8 future;
	bool vmas;
	bool range;
	bool privileged;
	bool changes_future;
	bool timeless;
	bool populates;
	bool odd_start;
	bool odd_end;
};

/**
 * struct mlock_sums - what there is in the VMAs that a call is about
 * @amiss: VMAs that can be changed and are not as asked
 * @anonymous: of @amiss, those that have no file
 * @onfault: VMAs whose VM_LOCKONFAULT is not
 * @excused: of @amiss, those that may have stayed so for want of memory
 * @pages: of VMAs that can be changed
 * @locked: pages of these that are locked
 * @secret_vmas: VMAs that are locked and cannot be changed
 * @secret_pages: their pages
 * @unmapped: pages without a VMA
 * @allocates: VMAs that may need memory to be split or merged
 * @splits: splits that are needed unless a VMA is merged instead
 * @split_is_certain: the first of them is
 * @populated: VMAs to be faulted in
 * @unfilled: of these, such as may have pages that are not, when the lock is given back
 * @device: of these, such as may be a PCI device's memory
 * @no_access: of these, such as allow no access, or are secretmem
 * @fillable: and anonymous ones that do allow it
 * @last_fillable: the last of them
 */
struct mlock_sums {
	unsigned long amiss;
	unsigned long anonymous;
	unsigned long onfault;
	unsigned long excused;
	unsigned long pages;
	unsigned long locked;
	unsigned long secret_vmas;
	unsigned long secret_pages;
	unsigned long unmapped;
	unsigned long allocates;
	unsigned long splits;
	bool split_is_certain;
	unsigned long populated;
	unsigned long unfilled;
	unsigned long device;
	unsigned long no_access;
	unsigned long fillable;
	struct vm_area_struct *last_fillable;
};

/* The VMAs; mlock_kapi_vmas.c. */
u8 mlock_flags(const vma_flags_t *flags);
bool mlock_is_amiss(struct vm_area_struct *vma, const struct mlock_request *r);
struct mlock_sums mlock_sum_up(u64 *now, const u64 *before, struct mm_struct *mm,
			       const struct mlock_request *r);

/* Pages that stand for all; mlock_kapi_page.c. */
void mlock_find_page(u64 *now, struct vm_area_struct *vma, const struct mlock_request *r);
void mlock_read_page(u64 *now, const struct mlock_request *r);
void mlock_reread_page(u64 *now, const u64 *before, struct mm_struct *mm,
		       const struct mlock_request *r);
void mlock_find_absent(u64 *now, struct vm_area_struct *vma, unsigned long addr, bool last);
bool mlock_is_faulted_in(struct vm_area_struct *vma, unsigned long start, unsigned long end);
bool mlock_ran_alone(const u64 *before);
void mlock_reread_absent(u64 *now, const u64 *before, struct mm_struct *mm,
			 const struct mlock_request *r);

#endif /* _MM_MLOCK_KAPI_H */
