/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The catalogue of state that conditions can read: the validator's side.
 *
 *   task.c            limits, capabilities, allocations, and who else may change what
 *   files.c           the table of files, and files
 *   mm.c              VMAs and counters of the mm
 *   mm_pages.c        some of its pages
 *   mm_page_counts.c  what became of these
 *   mm_lock.c         when mmap_lock is taken, by the call and by others
 *
 * Nothing else in kernel/api knows about mm. The helpers themselves are declared in
 * <linux/kapi_state.h>.
 */
#ifndef _KERNEL_API_STATE_H
#define _KERNEL_API_STATE_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kapi_state.h>
#include <linux/stddef.h>
#include <linux/types.h>

/*
 * Whose state a condition read; a mask. Nobody else changes the task's own.
 */
#define KAPI_OF_LIMITS	BIT(0)	/* prlimit() of another process changes them */
#define KAPI_OF_MM	BIT(1)	/* read without mmap_lock: who shares the mm, or takes the lock */
#define KAPI_OF_FILES	BIT(2)	/* the table of files: whoever shares it */
#define KAPI_OF_FILE	BIT(3)	/* an open file that others have, too */
#define KAPI_OF_PAGES	BIT(4)	/* pages: who runs meanwhile, if only for migration */
#define KAPI_OF_ANYBODY	BIT(5)

/* The most VMAs that are read; with more, the answer is unknown. */
#define KAPI_MAX_VMAS	256
/* The most pages that are picked, and the most that are tried. */
#define KAPI_MAX_PAGES	16
#define KAPI_MAX_TRIED	64
/* The largest table of files whose descriptors are counted. */
#define KAPI_MAX_FDS	65536

/**
 * struct kapi_mm_view - what was read of the mm, to be read once for a moment
 * @reading: when; see struct kapi_call
 * @too_many: there were more than KAPI_MAX_VMAS
 * @locked: the validator itself holds mmap_lock for read
 * @locked_vm: pages locked at first
 * @picked: the reading at which pages were picked
 * @page_count: of @page
 * @tried: how many pages were tried
 * @all_pages: these are all pages of the range
 * @looked: bits of those that were looked at again, since mmap_lock is held
 * @start: of the range for which kapi_vmas() was asked last
 * @end: its end
 * @leave_out: and which flags
 * @vmas: the answer
 * @page: addresses of the pages
 * @seen: what was seen of them at first
 * @vma: for those that were read again, the VMA; NULL if there is none of interest now
 * @is: what was seen then
 */
struct kapi_mm_view {
	unsigned int reading;
	bool too_many;
	bool locked;
	unsigned long locked_vm;
	unsigned int picked;
	u8 page_count;
	u8 tried;
	bool all_pages;
	u16 looked;
	unsigned long start;
	unsigned long end;
	unsigned long leave_out;
	struct kapi_vmas vmas;
	unsigned long page[KAPI_MAX_PAGES];
	u16 seen[KAPI_MAX_PAGES];
	struct vm_area_struct *vma[KAPI_MAX_PAGES];
	u16 is[KAPI_MAX_PAGES];
};

static_assert(sizeof_field(struct kapi_mm_view, looked) * BITS_PER_BYTE >= KAPI_MAX_PAGES);

void kapi_mark(struct kapi_call *call, u8 owners);
u8 kapi_shared_owners(void);
bool kapi_read_mm(struct kapi_call *call);
void kapi_read_mm_end(struct kapi_call *call);

/* What other processes do to the caller though they share nothing with it. */
enum kapi_remote {
	KAPI_REMOTE_LIMITS,	/* change its limits */
	KAPI_REMOTE_FILES,	/* take files out of its table */
	KAPI_REMOTES
};

unsigned int kapi_remote_done(enum kapi_remote which);
bool kapi_remote_changed(enum kapi_remote which, unsigned int done_at_entry);
unsigned int kapi_remote_begin(enum kapi_remote which);
void kapi_remote_own(enum kapi_remote which);
void kapi_remote_end(enum kapi_remote which, unsigned int session);
bool kapi_remote_any(void);
void kapi_remote_reset(void);
bool kapi_fails_unseen(void);
void kapi_see_mm(struct kapi_call *call);
bool kapi_mm_changed(const struct kapi_call *call);

#endif /* _KERNEL_API_STATE_H */
