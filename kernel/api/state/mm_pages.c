// SPDX-License-Identifier: GPL-2.0
/*
 * Some pages of a range, which stand for all: picked while the guarding lock is held or at
 * entry, and looked at again at exit.
 */
#include <linux/ksm.h>
#include <linux/leafops.h>
#include <linux/memory-failure.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/pagewalk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/secretmem.h>
#include <linux/userfaultfd_k.h>

#include "../validate/validate.h"

/* What is seen of a page; a mask. */
#define PAGE_THERE	BIT(0)	/* it is mapped */
#define PAGE_WANTED	BIT(1)	/* get_user_pages() would have to fault it in */
#define PAGE_EMPTY	BIT(2)	/* nothing is known of it, not even where it is swapped to */
#define PAGE_NEW	BIT(3)	/* likewise of an anonymous one: it takes only memory */
#define PAGE_UNREAD	BIT(4)	/* likewise of a shared mapping's, whose file has none there */
#define PAGE_DIRTY	BIT(5)
#define PAGE_UNLOCKED	BIT(6)	/* nobody else maps it, and it is not mlocked */
#define PAGE_MLOCKED	BIT(7)	/* likewise, it is, and nobody holds on to it */
#define PAGE_ASTRAY	BIT(8)	/* nobody holds on to it, and it is on a list that is not for it */
#define PAGE_TO_LOCK	BIT(9)	/* mlock() must find it */
#define PAGE_TO_UNLOCK	BIT(10)	/* munlock() must find it, and it is mlocked but once */
#define PAGE_FIRST	BIT(11)	/* it is new, and no other of its VMA comes before it */
#define PAGE_GUARD	BIT(12)	/* an anonymous one, of a guard region */

/* Those that a count begins with. */
#define PAGES_TO_PICK	(PAGE_WANTED | PAGE_TO_LOCK | PAGE_TO_UNLOCK)

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
	const pte_t entry = ptep_get(pte);
	u16 *seen = walk->private;

	if (pte_none(entry))
		return 0;
	*seen = vma_is_anonymous(walk->vma) &&
		softleaf_is_guard_marker(softleaf_from_pte(entry)) ? PAGE_GUARD : 0;
	return 0;
}

static int see_table(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	/* One that maps a huge page is not to be split for this. */
	if (pmd_leaf(pmdp_get_lockless(pmd)) || !pmd_present(pmdp_get_lockless(pmd))) {
		*(u16 *)walk->private = 0;
		walk->action = ACTION_CONTINUE;
	}
	return 0;
}

/* PAGE_EMPTY if nothing at all is there, not even a page under migration. */
static u16 see_absent(struct vm_area_struct *vma, unsigned long addr)
{
	static const struct mm_walk_ops ops = {
		.pte_entry = see_entry,
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

/* A batch changes these flags before it lets go of the folio, and so does who isolated it. */
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
	/* Whoever changes it meanwhile holds on to the folio. */
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

/* A page that is nowhere yet is clean once it has been read. */
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

/* Where there may not be room for all, those of which nothing is to be seen are left out. */
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
 * The first and last page of each VMA with these flags, as far as there is room; or all
 * pages.
 * What cannot be accessed at all is not faulted in. Of one call it is done once.
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

/*
 * False if they cannot be told now: between the ends of the call and its lock; or where a
 * page table's lock sleeps.
 */
static bool have_pages(struct kapi_call *call, unsigned long start, unsigned long end,
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

/* === What became of them ================================================== */

/* Once for all conditions, until mmap_lock is given back. */
static struct vm_area_struct *look_again(struct kapi_mm_view *view, unsigned int i)
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

/* Of the pages that were seen @at_first, how many; at exit, those of them that are so still. */
static unsigned int count_pages(struct kapi_call *call, unsigned long start, unsigned long end,
				u16 at_first, bool (*is_so)(struct kapi_call *call,
							    struct vm_area_struct *vma,
							    u16 was, u16 is))
{
	struct kapi_mm_view *view = &call->view;
	struct vm_area_struct *vma;
	unsigned int i, count = 0;

	if (!have_pages(call, start, end, at_first == PAGE_TO_UNLOCK ? VM_LOCKED : 0))
		return kapi_unknown(call);
	for (i = 0; i < view->page_count; i++) {
		if (!(view->seen[i] & at_first))
			continue;
		vma = call->moment == KAPI_AT_EXIT ? look_again(view, i) : NULL;
		if (vma && is_so(call, vma, view->seen[i], view->is[i]))
			mark_page(call, vma);
		else if (call->moment == KAPI_AT_EXIT)
			continue;
		count++;
	}
	return count;
}

/* One that is swapped or migrated was there. Only others can make one read-only again. */
static bool is_absent(struct kapi_call *call, struct vm_area_struct *vma, u16 was, u16 is)
{
	if (is & PAGE_EMPTY)
		return true;
	if (!(is & PAGE_WANTED) || !(is & PAGE_THERE))
		return false;
	kapi_mark(call, KAPI_OF_PAGES);
	return true;
}

/**
 * kapi_absent - how many of some pages are absent
 * @call: the running call
 * @start: of the range
 * @end: of the range
 *
 * Of pages that may be faulted in without waiting for anybody: no device's, no
 * userfaultfd's, none without access. Those of a private and writable VMA are there only if
 * they can be written to: neither the zero page nor a file's will do.
 *
 * Return: the number, of at most KAPI_MAX_PAGES.
 */
unsigned int kapi_absent(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return count_pages(call, start, end, PAGE_WANTED, is_absent);
}

static bool is_first(struct kapi_call *call, struct vm_area_struct *vma, u16 was, u16 is)
{
	return is & PAGE_FIRST;
}

/*
 * Likewise, of those that only want of memory can keep absent: the first of an anonymous
 * VMA. Another one may be behind a page that is refused.
 */
unsigned int kapi_absent_first(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return count_pages(call, start, end, PAGE_FIRST, is_first);
}

static bool is_faulted_in(struct kapi_call *call, struct vm_area_struct *vma, u16 was, u16 is)
{
	if (is & PAGE_EMPTY)
		return false;
	kapi_mark(call, KAPI_OF_PAGES);
	return true;
}

static bool is_on_fault(struct kapi_call *call, struct vm_area_struct *vma, u16 was, u16 is)
{
	return vma->vm_flags & VM_LOCKONFAULT && is_faulted_in(call, vma, was, is);
}

/*
 * Likewise, of which there was nothing: at exit, those that came, or came into VMAs with
 * VM_LOCKONFAULT.
 */
unsigned int kapi_faulted_in(struct kapi_call *call, unsigned long start, unsigned long end,
			     bool on_fault)
{
	return count_pages(call, start, end, PAGE_EMPTY, on_fault ? is_on_fault : is_faulted_in);
}

static bool is_unguarded(struct kapi_call *call, struct vm_area_struct *vma, u16 was, u16 is)
{
	return !(is & PAGE_GUARD);
}

/* Likewise, of guard regions of anonymous memory: at exit, those that are none any more; or 0. */
unsigned int kapi_unguarded(struct kapi_call *call, unsigned long start, unsigned long end)
{
	unsigned int count = count_pages(call, start, end, PAGE_GUARD, is_unguarded);

	return call->moment == KAPI_AT_EXIT ? count : 0;
}

static bool is_written(struct kapi_call *call, struct vm_area_struct *vma, u16 was, u16 is)
{
	return is & PAGE_DIRTY;
}

/*
 * Likewise, of shared mappings of files that had not cached them, so that they were not
 * dirty: at exit, those that are.
 */
unsigned int kapi_written(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return count_pages(call, start, end, PAGE_UNREAD, is_written);
}

/* Whoever isolates a page from its list, or migrates it, hides it from the call. */
static bool is_not_mlocked(struct kapi_call *call, struct vm_area_struct *vma, u16 was, u16 is)
{
	bool twice = was & PAGE_TO_UNLOCK && (is & (PAGE_MLOCKED | PAGE_TO_UNLOCK)) == PAGE_MLOCKED;

	if (!(vma->vm_flags & VM_LOCKED) ||
	    !(twice || is & (was & PAGE_TO_UNLOCK ? PAGE_UNLOCKED : PAGE_UNLOCKED | PAGE_ASTRAY)))
		return false;
	if (!(was & PAGE_EMPTY) || !(is & PAGE_UNLOCKED))
		kapi_mark(call, KAPI_OF_PAGES);
	return true;
}

/**
 * kapi_not_mlocked - how many of some pages are not mlocked
 * @call: the running call
 * @start: of the range
 * @end: of the range
 *
 * Of pages that were wanted at first, or that nobody but the caller's mm knew.
 *
 * Return: at exit, the number of those of them that are there, in a VMA with VM_LOCKED, and
 * are not mlocked; or not unevictable, when no batch has them any more; or were mlocked and
 * are so twice.
 */
unsigned int kapi_not_mlocked(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return count_pages(call, start, end, PAGE_WANTED | PAGE_TO_LOCK | PAGE_TO_UNLOCK,
			   is_not_mlocked);
}

static bool is_mlocked(struct kapi_call *call, struct vm_area_struct *vma, u16 was, u16 is)
{
	if (vma->vm_flags & VM_LOCKED || !(is & (PAGE_MLOCKED | PAGE_ASTRAY)))
		return false;
	kapi_mark(call, KAPI_OF_PAGES);
	return true;
}

/*
 * Likewise, of VMAs with VM_LOCKED, that were mlocked: at exit, those that are so still, or
 * unevictable, in VMAs without it. A batch that waits to munlock a page holds on to it.
 */
unsigned int kapi_mlocked(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return count_pages(call, start, end, PAGE_TO_UNLOCK, is_mlocked);
}

/* Whether one of all pages is to be faulted in still, but for some. */
static bool any_wanted(struct kapi_call *call, unsigned long start, unsigned long end, u16 but)
{
	struct kapi_mm_view *view = &call->view;
	unsigned int i;

	if (end <= start)
		return false;
	if (!have_pages(call, start, end, 0) || call->moment != KAPI_AT_EXIT)
		return kapi_unknown(call);
	for (i = 0; i < view->page_count; i++) {
		struct vm_area_struct *vma = look_again(view, i);
		u16 is = vma ? view->is[i] : PAGE_WANTED;

		if (vma && vma->vm_flags & VM_LOCKONFAULT)
			continue;
		if (!(is & PAGE_WANTED))
			kapi_mark(call, KAPI_OF_PAGES);
		else if (!(is & but))
			return true;
	}
	return view->all_pages ? false : kapi_unknown(call);
}

/**
 * kapi_unfilled - is a page of a range not there?
 * @call: the running call
 * @start: of the range
 * @end: of the range
 *
 * Return: true at exit, if anything is left to be faulted in that may be. Others may have
 * brought it in meanwhile: a debugger, khugepaged. Unknown of more than KAPI_MAX_PAGES.
 */
bool kapi_unfilled(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return any_wanted(call, start, end, 0);
}

/* Likewise, but for new anonymous pages, which take only memory: is one refused, or broken? */
bool kapi_unreadable(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return any_wanted(call, start, end, PAGE_NEW);
}
