// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of a page, for the API specifications in mm/mlock.c: one that is there
 * is mlocked or munlocked, one that is absent is faulted in. See mlock_kapi.c.
 */
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/mmu_context.h>
#include <linux/pagewalk.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

#include "internal.h"
#include "mlock_kapi.h"

/* A page is looked for among so many of a VMA. */
#define SAMPLE_PAGES	16

static bool is_to_lock(const struct mlock_request *r)
{
	return r->want & MLOCK_WANT_LOCKED;
}

/* === What happened meanwhile ============================================== */

#ifdef CONFIG_VM_EVENT_COUNTERS
static u64 events_here(enum vm_event_item item)
{
	return this_cpu_read(vm_event_states.event[item]);
}
#else
static u64 events_here(enum vm_event_item item)
{
	return KAPI_NO_VALUE;
}
#endif

static u64 unlock_events(void)
{
	return events_here(UNEVICTABLE_PGMUNLOCKED) + events_here(UNEVICTABLE_PGSTRANDED);
}

static u64 lock_events(const struct mlock_request *r)
{
	if (!IS_ENABLED(CONFIG_VM_EVENT_COUNTERS))
		return KAPI_NO_VALUE;
	return is_to_lock(r) ? events_here(UNEVICTABLE_PGMLOCKED) : unlock_events();
}

static u64 switches(void)
{
	return current->nvcsw + current->nivcsw;
}

/**
 * mlock_ran_alone - has no other task run since the first snapshot?
 * @before: the first snapshot
 *
 * A page under migration is passed over; if that fails, it is there again as if
 * nothing had been. Migration does not need mmap_lock, only another CPU.
 */
bool mlock_ran_alone(const u64 *before)
{
	return !IS_ENABLED(CONFIG_SMP) && switches() == before[MLOCK_SWITCHES];
}

/* === A page that is there ================================================= */

/*
 * Nobody else maps it, holds on to it or keeps it off its list now, and one mlock or
 * munlock is all that it takes: so whatever becomes of it is the call's doing.
 */
static bool is_sample(struct folio *folio, bool is_locked)
{
	return folio_test_anon(folio) && !folio_test_ksm(folio) &&
	       folio_nr_pages(folio) == 1 && folio_mapcount(folio) == 1 &&
	       folio_ref_count(folio) == 1 && folio_test_lru(folio) &&
	       folio_test_mlocked(folio) == is_locked &&
	       folio_test_unevictable(folio) == is_locked &&
	       (!is_locked || folio->mlock_count <= 1);
}

static bool find_page_at(u64 *now, struct vm_area_struct *vma, unsigned long addr,
			 const struct mlock_request *r)
{
	struct folio_walk fw;
	struct folio *folio = folio_walk_start(&fw, vma, addr, 0);
	bool found;

	if (!folio)
		return false;
	found = is_sample(folio, !is_to_lock(r));
	if (found) {
		now[MLOCK_PAGE_ADDRESS] = addr;
		now[MLOCK_PAGE_PFN] = folio_pfn(folio);
	}
	folio_walk_end(&fw, vma);
	return found;
}

/**
 * mlock_find_page - find a page to be mlocked or munlocked
 * @now: the snapshot, in which it is noted
 * @vma: where to look, if there is none yet
 * @r: the request; the VMA is in its range
 *
 * With more than one CPU it would tell nothing, see mlock_ran_alone().
 */
void mlock_find_page(u64 *now, struct vm_area_struct *vma, const struct mlock_request *r)
{
	unsigned long addr = max(vma->vm_start, r->start), end;

	if (now[MLOCK_PAGE_PFN] != KAPI_NO_VALUE || IS_ENABLED(CONFIG_SMP))
		return;
	end = min3(vma->vm_end, r->end, addr + SAMPLE_PAGES * PAGE_SIZE);
	for (; addr < end; addr += PAGE_SIZE)
		if (find_page_at(now, vma, addr, r))
			return;
}

/*
 * When pages are mlocked, others may be munlocked that were waiting in the batch, or
 * freed: what these took away does not count.
 */
static u64 nr_mlock(const u64 *v, const struct mlock_request *r)
{
	struct zone *zone = page_zone(pfn_to_page(v[MLOCK_PAGE_PFN]));
	u64 pages = zone_page_state_snapshot(zone, NR_MLOCK);

	if (is_to_lock(r) && IS_ENABLED(CONFIG_VM_EVENT_COUNTERS))
		pages += unlock_events() + events_here(UNEVICTABLE_PGCLEARED);
	return pages;
}

/* That it did not rise proves something only if that is known. */
static bool is_nr_mlock_certain(const u64 *before, const struct mlock_request *r)
{
	return mlock_ran_alone(before) &&
	       (!is_to_lock(r) || IS_ENABLED(CONFIG_VM_EVENT_COUNTERS));
}

void mlock_read_page(u64 *now, const struct mlock_request *r)
{
	now[MLOCK_SWITCHES] = switches();
	if (now[MLOCK_PAGE_PFN] == KAPI_NO_VALUE)
		return;
	now[MLOCK_FOLIO] = 1;
	now[MLOCK_UNEVICTABLE] = 1;
	now[MLOCK_NR_MLOCK] = nr_mlock(now, r);
	now[MLOCK_EVENTS] = lock_events(r);
	now[MLOCK_STRANDED] = events_here(UNEVICTABLE_PGSTRANDED);
}

/*
 * The lists wait in a batch of the CPU, so they may come later if the task has been
 * elsewhere meanwhile; and a page that somebody else had taken off its list just then
 * is stranded, which is counted.
 */
static void reread_flags(u64 *now, const u64 *before, const struct folio *folio, bool lock)
{
	bool certain = mlock_ran_alone(before);
	bool stranded = events_here(UNEVICTABLE_PGSTRANDED) != before[MLOCK_STRANDED];

	if (folio_test_mlocked(folio) == lock)
		now[MLOCK_FOLIO] = 0;
	else if (certain)
		now[MLOCK_FOLIO] = 1;
	if (folio_test_unevictable(folio) == lock)
		now[MLOCK_UNEVICTABLE] = 0;
	else if (certain && !stranded)
		now[MLOCK_UNEVICTABLE] = 1;
}

/*
 * Whether it is still there and nobody else maps it, in a VMA that was changed: in one
 * that was not, as it may be for want of memory, nothing happened to it.
 */
static bool reread_folio(u64 *now, const u64 *before, struct mm_struct *mm, bool lock)
{
	struct vm_area_struct *vma = vma_lookup(mm, before[MLOCK_PAGE_ADDRESS]);
	struct folio_walk fw;
	struct folio *folio;
	bool found;

	if (!vma || vma_test(vma, VMA_LOCKED_BIT) != lock)
		return false;
	folio = folio_walk_start(&fw, vma, before[MLOCK_PAGE_ADDRESS], 0);
	if (!folio)
		return false;
	found = folio_pfn(folio) == before[MLOCK_PAGE_PFN] && folio_mapcount(folio) == 1;
	if (found)
		reread_flags(now, before, folio, lock);
	folio_walk_end(&fw, vma);
	return found;
}

static bool has_moved(u64 before, u64 now, bool up)
{
	return up ? now > before : now < before;
}

/**
 * mlock_reread_page - see what became of the page
 * @now: the second snapshot
 * @before: the first, with what mlock_read_page() noted
 * @mm: the caller's
 * @r: the request
 *
 * The counters are not this call's alone unless nobody else could run.
 */
void mlock_reread_page(u64 *now, const u64 *before, struct mm_struct *mm,
		       const struct mlock_request *r)
{
	bool lock = is_to_lock(r);
	u64 pages, events;

	if (before[MLOCK_PAGE_PFN] == KAPI_NO_VALUE || !reread_folio(now, before, mm, lock))
		return;
	pages = nr_mlock(before, r);
	if (has_moved(before[MLOCK_NR_MLOCK], pages, lock) || is_nr_mlock_certain(before, r))
		now[MLOCK_NR_MLOCK] = pages;
	events = lock_events(r);
	if (switches() != before[MLOCK_SWITCHES])
		return;
	if (has_moved(before[MLOCK_EVENTS], events, true) || mlock_ran_alone(before))
		now[MLOCK_EVENTS] = events;
}

/* === A page that is absent ================================================ */

static bool is_absent(struct vm_area_struct *vma, unsigned long addr)
{
	struct folio_walk fw;

	if (!folio_walk_start(&fw, vma, addr, FW_ZEROPAGE))
		return true;
	folio_walk_end(&fw, vma);
	return false;
}

/**
 * mlock_find_absent - note a page that is to be faulted in, if it is absent
 * @now: the snapshot
 * @vma: an anonymous VMA
 * @addr: in it
 * @last: it is the last page, not the first
 */
void mlock_find_absent(u64 *now, struct vm_area_struct *vma, unsigned long addr, bool last)
{
	u64 *noted = &now[last ? MLOCK_LAST_ABSENT : MLOCK_FIRST_ABSENT];

	if (*noted != KAPI_NO_VALUE || !is_absent(vma, addr))
		return;
	*noted = addr;
	now[MLOCK_ABSENT] = now[MLOCK_ABSENT] == KAPI_NO_VALUE ? 1 : now[MLOCK_ABSENT] + 1;
}

/* As populate_vma_page_range() would have it. */
static bool is_faulted_in(struct vm_area_struct *vma, unsigned long addr)
{
	bool write = (vma->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE, is_writable;
	struct folio_walk fw;

	if (!folio_walk_start(&fw, vma, addr, FW_ZEROPAGE))
		return false;
	is_writable = fw.level == FW_LEVEL_PTE && pte_write(fw.pte);
	folio_walk_end(&fw, vma);
	return is_writable || !write;
}

/**
 * mlock_is_faulted_in - are all pages of a few there already?
 * @vma: a VMA that is to be faulted in
 * @start: in it
 * @end: at most the end of it
 *
 * Return: true if nothing was left to be done just now. With more than one CPU that may
 * have changed already, and a protection key refuses even what is there: then false.
 */
bool mlock_is_faulted_in(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	if (IS_ENABLED(CONFIG_SMP) || !vma_is_anonymous(vma) ||
	    end - start > SAMPLE_PAGES * PAGE_SIZE ||
	    !arch_vma_access_permitted(vma, vma->vm_flags & VM_WRITE, false, false))
		return false;
	for (; start < end; start += PAGE_SIZE)
		if (!is_faulted_in(vma, start))
			return false;
	return true;
}

/* Of a VMA that another thread has changed meanwhile nothing can be said: -1. */
static int still_absent(u64 addr, struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	if (addr == KAPI_NO_VALUE)
		return 0;
	vma = vma_lookup(mm, addr);
	if (!vma || !vma_test(vma, VMA_LOCKED_BIT))
		return -1;
	return is_absent(vma, addr);
}

/**
 * mlock_reread_absent - see whether the pages were faulted in
 * @now: the second snapshot
 * @before: the first, with what mlock_find_absent() noted
 * @mm: the caller's
 * @r: the request
 *
 * They may be absent again, under migration.
 */
void mlock_reread_absent(u64 *now, const u64 *before, struct mm_struct *mm,
			 const struct mlock_request *r)
{
	int first = still_absent(before[MLOCK_FIRST_ABSENT], mm);
	int last = still_absent(before[MLOCK_LAST_ABSENT], mm);

	if (before[MLOCK_ABSENT] == KAPI_NO_VALUE)
		return;
	now[MLOCK_ABSENT] = KAPI_NO_VALUE;
	if (first < 0 || last < 0)
		return;
	if (!(first + last) || (r->range && mlock_ran_alone(before)))
		now[MLOCK_ABSENT] = first + last;
}
