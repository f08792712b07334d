// SPDX-License-Identifier: GPL-2.0
/*
 * The VMAs that a call is about, for the API specifications in mm/mlock.c: what is as
 * asked, what is not, and what stands in the way. See mlock_kapi.c.
 */
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/secretmem.h>

#include "internal.h"
#include "mlock_kapi.h"

/* Pages are looked for in so many VMAs. */
#define SAMPLE_VMAS	4

/* === A VMA ================================================================ */

/* As a call asks for them: MLOCK_WANT_*. */
u8 mlock_flags(const vma_flags_t *flags)
{
	return (vma_flags_test(flags, VMA_LOCKED_BIT) ? MLOCK_WANT_LOCKED : 0) |
	       (vma_flags_test(flags, VMA_LOCKONFAULT_BIT) ? MLOCK_WANT_ONFAULT : 0);
}

/* As mlock_fixup() has it. */
static bool can_be_changed(struct vm_area_struct *vma)
{
	return !vma_is_secretmem(vma) && vma_supports_mlock(vma);
}

/* Whether it can be changed and is not as asked. */
bool mlock_is_amiss(struct vm_area_struct *vma, const struct mlock_request *r)
{
	return can_be_changed(vma) && mlock_flags(&vma->flags) != r->want;
}

/* The same access, and either anonymous or of one file: other flags may differ. */
static bool could_merge(const struct vm_area_struct *a, const struct vm_area_struct *b)
{
	const vma_flags_t access = mk_vma_flags(VMA_READ_BIT, VMA_WRITE_BIT, VMA_EXEC_BIT,
						VMA_SHARED_BIT);
	vma_flags_t of_a, of_b;

	if (!a || !b || a->vm_end != b->vm_start || a->vm_file != b->vm_file)
		return false;
	of_a = vma_flags_and_mask(&a->flags, access);
	of_b = vma_flags_and_mask(&b->flags, access);
	return vma_flags_same_pair(&of_a, &of_b);
}

static bool could_merge_up(const struct vm_area_struct *vma)
{
	return could_merge(vma, find_vma(vma->vm_mm, vma->vm_end));
}

/* As __mm_populate() and populate_vma_page_range() have it, once its flags are set. */
static bool is_populated(struct vm_area_struct *vma, const struct mlock_request *r)
{
	u8 flags = can_be_changed(vma) ? r->want : mlock_flags(&vma->flags);

	return r->populates && !(flags & MLOCK_WANT_ONFAULT) &&
	       !vma_test_any(vma, VMA_IO_BIT, VMA_PFNMAP_BIT);
}

/* === All VMAs of a request ================================================ */

static unsigned long pages_within(const struct vm_area_struct *vma,
				  const struct mlock_request *r)
{
	return (min(vma->vm_end, r->end) - max(vma->vm_start, r->start)) >> PAGE_SHIFT;
}

static void add_lock_flags(struct mlock_sums *s, struct vm_area_struct *vma,
			   const struct mlock_request *r)
{
	u8 flags = mlock_flags(&vma->flags);

	if (!can_be_changed(vma)) {
		s->secret_vmas += flags & MLOCK_WANT_LOCKED;
		s->secret_pages += flags & MLOCK_WANT_LOCKED ? pages_within(vma, r) : 0;
		return;
	}
	s->pages += pages_within(vma, r);
	s->locked += flags & MLOCK_WANT_LOCKED ? pages_within(vma, r) : 0;
	s->amiss += flags != r->want;
	s->anonymous += flags != r->want && vma_is_anonymous(vma);
	s->onfault += (flags ^ r->want) >> 1;
}

/*
 * Of a VMA to be changed: what stands in the way. A merge comes before a split, and one
 * below leaves room for it.
 */
static void add_trouble(struct mlock_sums *s, struct vm_area_struct *vma,
			const struct vm_area_struct *prev, const struct mlock_request *r)
{
	bool below = vma->vm_start < r->start, above = vma->vm_end > r->end;
	bool merge = (!below && could_merge(prev, vma)) || (!above && could_merge_up(vma));

	s->split_is_certain |= (below || above) && !s->allocates && !merge;
	s->allocates += below || above || merge;
	s->splits += below + above;
	s->excused += merge;
}

static void add_populated(struct mlock_sums *s, struct vm_area_struct *vma)
{
	s->populated++;
	s->device += vma_test(vma, VMA_MIXEDMAP_BIT);
	if (!vma_is_accessible(vma) || vma_is_secretmem(vma)) {
		s->no_access++;
	} else if (vma_is_anonymous(vma)) {
		s->fillable++;
		s->last_fillable = vma;
	}
}

static void add_vma(struct mlock_sums *s, struct vm_area_struct *vma,
		    const struct vm_area_struct *prev, const struct mlock_request *r)
{
	add_lock_flags(s, vma, r);
	if (mlock_is_amiss(vma, r))
		add_trouble(s, vma, prev, r);
	if (is_populated(vma, r))
		add_populated(s, vma);
}

static void find_absent(u64 *now, struct vm_area_struct *vma, const struct mlock_request *r)
{
	mlock_find_absent(now, vma, max(vma->vm_start, r->start), false);
	mlock_find_absent(now, vma, min(vma->vm_end, r->end) - PAGE_SIZE, true);
}

/* When the change is made, whether anything is left to be faulted in. */
static bool is_unfilled(struct vm_area_struct *vma, const struct mlock_request *r)
{
	return is_populated(vma, r) && !mlock_is_faulted_in(vma, max(vma->vm_start, r->start),
							    min(vma->vm_end, r->end));
}

/* While nothing has happened yet, pages are picked whose fate will tell. */
static void pick_pages(u64 *now, const struct mlock_sums *s, struct vm_area_struct *vma,
		       const struct mlock_request *r)
{
	u8 changes = mlock_flags(&vma->flags) ^ r->want;

	if (changes & MLOCK_WANT_LOCKED && can_be_changed(vma) && vma_is_anonymous(vma) &&
	    s->anonymous <= SAMPLE_VMAS)
		mlock_find_page(now, vma, r);
	if (s->last_fillable == vma && s->fillable <= SAMPLE_VMAS)
		find_absent(now, vma, r);
}

/**
 * mlock_sum_up - look at all VMAs of a request
 * @now: the snapshot, in which pages are noted if it is the first
 * @before: the first, or NULL
 * @mm: the caller's, locked for write
 * @r: the request
 *
 * Return: the sums; of a range that wraps or is empty, none.
 */
struct mlock_sums mlock_sum_up(u64 *now, const u64 *before, struct mm_struct *mm,
			       const struct mlock_request *r)
{
	VMA_ITERATOR(vmi, mm, r->start);
	struct vm_area_struct *vma, *prev;
	struct mlock_sums s = {};
	unsigned long at = r->start;

	if (r->end <= r->start)
		return s;
	find_vma_prev(mm, r->start, &prev);
	for_each_vma_range(vmi, vma, r->end) {
		s.unmapped += vma->vm_start > at ? (vma->vm_start - at) >> PAGE_SHIFT : 0;
		at = vma->vm_end;
		add_vma(&s, vma, prev, r);
		if (!before)
			pick_pages(now, &s, vma, r);
		else
			s.unfilled += is_unfilled(vma, r);
		prev = vma;
	}
	s.unmapped += at < r->end ? (r->end - at) >> PAGE_SHIFT : 0;
	if (!before && s.last_fillable)
		find_absent(now, s.last_fillable, r);
	return s;
}
