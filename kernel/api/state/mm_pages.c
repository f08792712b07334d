// SPDX-License-Identifier: GPL-2.0
/*
 * A sample of the pages of a range: picked while the guarding lock is held or at entry, and
 * read again at exit.
 */
#include <linux/ksm.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/pagewalk.h>
#include <linux/sched.h>
#include <linux/secretmem.h>
#include <linux/swap.h>
#include <linux/leafops.h>	/* takes swap.h */
#include <linux/userfaultfd_k.h>

#include "../validate/validate.h"
#include "mm_pages.h"

/* Pages of interest to some count. */
#define PAGES_TO_PICK	(PAGE_WANTED | PAGE_TO_LOCK | PAGE_TO_UNLOCK)

/*
 * VMAs whose pages the kernel alone faults in whenever asked, and that stay: not those that a
 * protection key refuses, nor shadow stacks.
 */
static bool is_of_interest(struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_ACCESS_FLAGS && !userfaultfd_armed(vma) &&
	       arch_vma_access_permitted(vma, true, false, false) &&
	       !(vma->vm_flags & (VM_IO | VM_PFNMAP | VM_HUGETLB | VM_MIXEDMAP |
				  VM_DROPPABLE | VM_SHADOW_STACK)) &&
	       !vma_is_dax(vma) && !vma_is_secretmem(vma);
}

static u16 see_entry(struct vm_area_struct *vma, pte_t entry)
{
	if (pte_none(entry))
		return PAGE_EMPTY;
	return vma_is_anonymous(vma) &&
	       softleaf_is_guard_marker(softleaf_from_pte(entry)) ? PAGE_GUARD : 0;
}

/* What maps a huge page, perhaps since a moment ago, has no table and must not be split. */
static int see_table(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	u16 *seen = walk->private;
	spinlock_t *ptl;	/* of the table */
	pte_t *pte;

	*seen = 0;
	walk->action = ACTION_CONTINUE;
	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
	if (!pte)
		return 0;
	*seen = see_entry(walk->vma, ptep_get(pte));
	pte_unmap_unlock(pte, ptl);
	return 0;
}

/* PAGE_EMPTY if there is nothing at all, not even a migration entry. */
static u16 see_absent(struct vm_area_struct *vma, unsigned long addr)
{
	static const struct mm_walk_ops ops = {
		.pmd_entry = see_table,
		.walk_lock = PGWALK_RDLOCK,
	};
	u16 seen = PAGE_EMPTY;

	walk_page_range_vma(vma, addr, addr + PAGE_SIZE, &ops, &seen);
	return seen;
}

/* Nobody else maps it. */
static bool is_alone(struct folio *folio)
{
	return folio_nr_pages(folio) == 1 && folio_mapcount(folio) == 1 &&
	       !is_zero_folio(folio) && !folio_test_ksm(folio) && !folio_is_zone_device(folio);
}

/* Batches, and those who isolated the folio, change these flags before they drop it. */
static u16 see_lru(struct folio *folio)
{
	bool held = !folio_test_anon(folio) || folio_ref_count(folio) > 1, mlocked;

	smp_rmb();	/* pairs with atomic_sub_and_test() of folios_put() */
	mlocked = folio_test_mlocked(folio);
	if (held)
		return mlocked ? 0 : PAGE_UNLOCKED;
	if (!mlocked)
		return PAGE_UNLOCKED | PAGE_TO_LOCK |
		       (folio_test_unevictable(folio) ? PAGE_ASTRAY : 0);
	if (!folio_test_unevictable(folio))
		return PAGE_MLOCKED | PAGE_TO_UNLOCK | PAGE_ASTRAY;
	/* Whoever changes it meanwhile holds a reference. */
	return PAGE_MLOCKED | (data_race(folio->mlock_count) > 1 ? 0 : PAGE_TO_UNLOCK);
}

/* As get_user_pages() asks for it: writable if the VMA is private and writable. */
static bool is_wanted(const struct folio_walk *fw, const struct vm_area_struct *vma)
{
	if ((vma->vm_flags & (VM_WRITE | VM_SHARED)) != VM_WRITE)
		return false;
	return fw->level == FW_LEVEL_PTE ? !pte_write(fw->pte) :
	       fw->level == FW_LEVEL_PMD && !pmd_write(fw->pmd);
}

/* A page that is not cached yet is clean once it has been read. */
static bool is_unread(const struct vm_area_struct *vma, unsigned long addr)
{
	const struct file *file = vma->vm_flags & VM_SHARED ? vma->vm_file : NULL;

	return file && S_ISREG(file_inode(file)->i_mode) &&
	       file->f_mapping->a_ops != &empty_aops &&
	       !xa_load(&file->f_mapping->i_pages, linear_page_index(vma, addr));
}

static u16 see_nothing(struct vm_area_struct *vma, unsigned long addr)
{
	u16 seen = PAGE_WANTED | see_absent(vma, addr);

	if (!(seen & PAGE_EMPTY))
		return seen;
	if (vma_is_anonymous(vma))
		return seen | PAGE_NEW | (addr == vma->vm_start ? PAGE_FIRST : 0);
	return seen | (is_unread(vma, addr) ? PAGE_UNREAD : 0);
}

static u16 see_page(struct vm_area_struct *vma, unsigned long addr)
{
	struct folio_walk fw;
	struct folio *folio = folio_walk_start(&fw, vma, addr, FW_ZEROPAGE);
	u16 seen;

	if (!folio)
		return see_nothing(vma, addr);
	seen = PAGE_THERE | (is_wanted(&fw, vma) ? PAGE_WANTED : 0);
	if (is_alone(folio))
		seen |= see_lru(folio);
	if (fw.level == FW_LEVEL_PTE && pte_dirty(fw.pte) && folio_test_dirty(folio))
		seen |= PAGE_DIRTY;
	folio_walk_end(&fw, vma);
	return seen;
}

/* If there may not be room for all, leaves out pages that no count needs. */
static void pick(struct kapi_mm_view *view, struct vm_area_struct *vma, unsigned long addr)
{
	u16 seen;

	if (view->page_count == KAPI_MAX_PAGES || view->tried == KAPI_MAX_TRIED)
		return;
	view->tried++;
	seen = see_page(vma, addr);
	if (!view->all_pages && !(seen & PAGES_TO_PICK))
		return;
	view->seen[view->page_count] = seen;
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

/*
 * All pages of a short range, else the first and last of each VMA with these flags, as far as
 * there is room. VMAs without any access are not faulted in. Done once for each call.
 */
static void pick_pages(struct kapi_call *call, unsigned long start, unsigned long end,
		       unsigned long flags)
{
	VMA_ITERATOR(vmi, current->mm, start);
	struct kapi_mm_view *view = &call->view;
	struct vm_area_struct *vma;
	unsigned int count = 0;

	view->all_pages = end - start <= KAPI_MAX_PAGES * PAGE_SIZE;
	for_each_vma_range(vmi, vma, end) {
		if (++count > KAPI_MAX_VMAS || view->page_count == KAPI_MAX_PAGES)
			return;
		if (is_of_interest(vma) && (vma->vm_flags & flags) == flags)
			pick_of_vma(view, vma, start, end);
		else if (vma->vm_flags & VM_ACCESS_FLAGS)
			view->all_pages = false;
	}
}

/**
 * kapi_have_pages - pick pages if that is due, or prepare to read them again
 * @call: the running call
 * @start: of the range
 * @end: of the range
 * @flags: of their VMAs
 *
 * Return: false if they cannot be read now: between entry or exit and the lock; or if a page
 * table's lock may sleep.
 */
bool kapi_have_pages(struct kapi_call *call, unsigned long start, unsigned long end,
		     unsigned long flags)
{
	bool first = call->moment == (call->watch->guarded ? KAPI_AT_LOCK : KAPI_AT_ENTRY);

	if (IS_ENABLED(CONFIG_PREEMPT_RT) || end <= start)
		return false;
	if ((!first && call->moment != KAPI_AT_EXIT) || !kapi_read_mm(call))
		return false;
	if (first && call->view.picked != call->reading) {
		call->view.page_count = 0;
		call->view.tried = 0;
		call->view.picked = call->reading;
		pick_pages(call, start, end, flags);
	}
	return true;
}

/**
 * kapi_look_again - read a page that was picked again
 * @view: of the mm
 * @i: which
 *
 * Once for all conditions, until mmap_lock is given back.
 *
 * Return: its VMA; NULL if none of interest is there now.
 */
struct vm_area_struct *kapi_look_again(struct kapi_mm_view *view, unsigned int i)
{
	struct vm_area_struct *vma;

	if (view->looked & BIT(i))
		return view->vma[i];
	view->looked |= BIT(i);
	vma = vma_lookup(current->mm, view->page[i]);
	view->vma[i] = vma && is_of_interest(vma) ? vma : NULL;
	if (view->vma[i])
		view->is[i] = see_page(vma, view->page[i]);
	return view->vma[i];
}
