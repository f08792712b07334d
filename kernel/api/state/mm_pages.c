// SPDX-License-Identifier: GPL-2.0
/*
 * Some pages of a range, which stand for all: picked while the guarding lock is held or at
 * entry, and looked at again at exit.
 */
#include <linux/ksm.h>
#include <linux/memory-failure.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/pagewalk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/secretmem.h>
#include <linux/userfaultfd_k.h>

#include "../validate/validate.h"

/* === Which pages ========================================================== */

/*
 * Such as are faulted in for the asking, by nobody but the kernel, and stay until they are
 * not wanted: what a protection key refuses is not, nor a shadow stack.
 */
static bool is_of_interest(struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_ACCESS_FLAGS && !userfaultfd_armed(vma) &&
	       arch_vma_access_permitted(vma, true, false, false) &&
	       !(vma->vm_flags & (VM_IO | VM_PFNMAP | VM_HUGETLB | VM_MIXEDMAP |
				  VM_DROPPABLE | VM_SHADOW_STACK)) &&
	       !vma_is_dax(vma) && !vma_is_secretmem(vma);
}

static int see_entry(pte_t *pte, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	*(bool *)walk->private = pte_none(ptep_get(pte));
	return 0;
}

static int see_table(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	/* One that maps a huge page is not to be split for this. */
	if (pmd_leaf(pmdp_get_lockless(pmd)) || !pmd_present(pmdp_get_lockless(pmd))) {
		*(bool *)walk->private = false;
		walk->action = ACTION_CONTINUE;
	}
	return 0;
}

/* Whether nothing at all is there, not even a page under migration. */
static bool is_empty(struct vm_area_struct *vma, unsigned long addr)
{
	static const struct mm_walk_ops ops = {
		.pte_entry = see_entry,
		.pmd_entry = see_table,
		.walk_lock = PGWALK_RDLOCK,
	};
	bool empty = true;

	walk_page_range_vma(vma, addr, addr + PAGE_SIZE, &ops, &empty);
	return empty;
}

/* Nobody else maps it, and no batch that waits somewhere holds on to it. */
static bool is_alone(struct folio *folio)
{
	return folio_nr_pages(folio) == 1 && folio_mapcount(folio) == 1 &&
	       !is_zero_folio(folio) && !folio_test_ksm(folio) && !folio_is_zone_device(folio);
}

static void pick(struct kapi_mm_view *view, struct vm_area_struct *vma, unsigned long addr)
{
	struct folio_walk fw;
	struct folio *folio;

	if (view->page_count == KAPI_MAX_PAGES)
		return;
	folio = folio_walk_start(&fw, vma, addr, FW_ZEROPAGE);
	if (!folio) {
		view->absent |= BIT(view->page_count);
		view->empty |= is_empty(vma, addr) ? BIT(view->page_count) : 0;
	} else if (folio_test_anon(folio) && is_alone(folio) && folio_ref_count(folio) == 1 &&
		   !folio_test_mlocked(folio)) {
		view->unlocked |= BIT(view->page_count);
	}
	if (folio)
		folio_walk_end(&fw, vma);
	view->page[view->page_count++] = addr;
}

static void pick_of_vma(struct kapi_mm_view *view, struct vm_area_struct *vma,
			unsigned long start, unsigned long end)
{
	unsigned long addr;

	start = max(vma->vm_start, start);
	end = min(vma->vm_end, end);
	if (view->all_pages) {
		for (addr = start; addr < end; addr += PAGE_SIZE)
			pick(view, vma, addr);
		return;
	}
	pick(view, vma, start);
	if (end - start > PAGE_SIZE)
		pick(view, vma, end - PAGE_SIZE);
}

/* The first and last page of each VMA, as far as there is room; or all. */
static void pick_pages(struct kapi_call *call, unsigned long start, unsigned long end)
{
	VMA_ITERATOR(vmi, current->mm, start);
	struct kapi_mm_view *view = &call->view;
	struct vm_area_struct *vma;
	unsigned int count = 0;

	view->all_pages = end - start <= KAPI_MAX_PAGES * PAGE_SIZE;
	for_each_vma_range(vmi, vma, end) {
		if (++count > KAPI_MAX_VMAS || view->page_count == KAPI_MAX_PAGES)
			return;
		if (is_of_interest(vma))
			pick_of_vma(view, vma, start, end);
		else
			view->all_pages = false;
	}
}

/*
 * False if they cannot be told now: between the ends of the call and its lock; or where a
 * page table's lock sleeps.
 */
static bool have_pages(struct kapi_call *call, unsigned long start, unsigned long end)
{
	bool first = call->moment == (call->watch->guarded ? KAPI_AT_LOCK : KAPI_AT_ENTRY);

	if (IS_ENABLED(CONFIG_PREEMPT_RT) || end <= start)
		return false;
	if ((!first && call->moment != KAPI_AT_EXIT) || !kapi_read_mm(call))
		return false;
	if (first && call->view.picked != call->reading) {
		call->view.page_count = 0;
		call->view.absent = 0;
		call->view.empty = 0;
		call->view.unlocked = 0;
		call->view.picked = call->reading;
		pick_pages(call, start, end);
	}
	return true;
}

/* === What became of them ================================================== */

static struct vm_area_struct *find_page(unsigned long addr)
{
	struct vm_area_struct *vma = vma_lookup(current->mm, addr);

	return vma && is_of_interest(vma) ? vma : NULL;
}

/* A page of a file goes when that is truncated, and one that is broken is taken away. */
static void mark_page(struct kapi_call *call, struct vm_area_struct *vma)
{
	if (!vma_is_anonymous(vma))
		kapi_mark(call, KAPI_OF_PAGES);
	if (IS_ENABLED(CONFIG_MEMORY_FAILURE) && atomic_long_read(&num_poisoned_pages))
		kapi_unknown(call);
	if (fatal_signal_pending(current))
		kapi_unknown(call);
}

static bool is_absent(struct kapi_call *call, unsigned long addr)
{
	struct vm_area_struct *vma = find_page(addr);
	struct folio_walk fw;

	if (!vma)
		return false;
	if (folio_walk_start(&fw, vma, addr, FW_ZEROPAGE)) {
		folio_walk_end(&fw, vma);
		return false;
	}
	mark_page(call, vma);
	return is_empty(vma, addr);
}

/**
 * kapi_absent - how many of some pages are absent
 * @call: the running call
 * @start: of the range
 * @end: of the range
 *
 * Of pages that may be faulted in without waiting for anybody: no device's, no
 * userfaultfd's, none without access.
 *
 * Return: the number, of at most KAPI_MAX_PAGES.
 */
unsigned int kapi_absent(struct kapi_call *call, unsigned long start, unsigned long end)
{
	struct kapi_mm_view *view = &call->view;
	unsigned int i, count = 0;

	if (!have_pages(call, start, end))
		return kapi_unknown(call);
	if (call->moment != KAPI_AT_EXIT)
		return hweight16(view->absent);
	for (i = 0; i < view->page_count; i++)
		count += is_absent(call, view->page[i]);
	return count;
}

static bool is_not_mlocked(struct kapi_call *call, unsigned long addr)
{
	struct vm_area_struct *vma = find_page(addr);
	struct folio_walk fw;
	struct folio *folio;
	bool found;

	if (!vma || (vma->vm_flags & VM_LOCKED_MASK) == 0)
		return false;
	folio = folio_walk_start(&fw, vma, addr, FW_ZEROPAGE);
	if (!folio)
		return false;
	found = is_alone(folio) && !folio_test_mlocked(folio);
	folio_walk_end(&fw, vma);
	if (found)
		mark_page(call, vma);
	return found;
}

/**
 * kapi_not_mlocked - how many of some pages are not mlocked
 * @call: the running call
 * @start: of the range
 * @end: of the range
 *
 * Of pages of which there was nothing at first, or that nobody but the caller's mm knew. Of
 * the latter, mlock() passes over those that are just being migrated.
 *
 * Return: at exit, the number of those of them that are there, in a VMA with VM_LOCKED.
 */
unsigned int kapi_not_mlocked(struct kapi_call *call, unsigned long start, unsigned long end)
{
	struct kapi_mm_view *view = &call->view;
	unsigned int i, count = 0;

	if (!have_pages(call, start, end))
		return kapi_unknown(call);
	if (call->moment != KAPI_AT_EXIT)
		return hweight16(view->empty | view->unlocked);
	for (i = 0; i < view->page_count; i++) {
		if (!((view->empty | view->unlocked) & BIT(i)) ||
		    !is_not_mlocked(call, view->page[i]))
			continue;
		if (view->unlocked & BIT(i))
			kapi_mark(call, KAPI_OF_PAGES);
		count++;
	}
	return count;
}

/* As get_user_pages() asks for it: writable if the VMA is private and writable. */
static bool is_resident(unsigned long addr)
{
	struct vm_area_struct *vma = find_page(addr);
	bool write, found;
	struct folio_walk fw;

	if (!vma)
		return false;
	write = (vma->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE;
	/* A protection key refuses even what is there. */
	if (!arch_vma_access_permitted(vma, write, false, false) ||
	    !folio_walk_start(&fw, vma, addr, FW_ZEROPAGE))
		return false;
	found = !write || (fw.level == FW_LEVEL_PTE && pte_write(fw.pte));
	folio_walk_end(&fw, vma);
	return found;
}

/**
 * kapi_all_resident - are all pages of a range there?
 * @call: the running call
 * @start: of the range
 * @end: of the range
 *
 * Return: true at exit, if nothing is left to be faulted in, or nothing was to be. Others may
 * have brought them in meanwhile: a debugger, khugepaged. Unknown of more than
 * KAPI_MAX_PAGES.
 */
bool kapi_all_resident(struct kapi_call *call, unsigned long start, unsigned long end)
{
	struct kapi_mm_view *view = &call->view;
	unsigned int i;

	if (end <= start)
		return true;
	if (!have_pages(call, start, end) || !view->page_count || call->moment != KAPI_AT_EXIT)
		return kapi_unknown(call);
	kapi_mark(call, KAPI_OF_PAGES);
	for (i = 0; i < view->page_count; i++)
		if (!is_resident(view->page[i]))
			return false;
	return view->all_pages ? true : kapi_unknown(call);
}
