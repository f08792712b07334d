// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the state that the API specifications in mm/mlock.c speak of, for the
 * validator, in the task that makes the call: at its ends what needs no lock, and
 * all of it when it has taken mmap_lock for write and when it gives that back. What
 * cannot be told for certain is left at KAPI_NO_VALUE.
 */
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/pagewalk.h>
#include <linux/sched.h>
#include <linux/secretmem.h>
#include <linux/vmstat.h>

#include "internal.h"
#include "mlock_kapi.h"

/* Behind the values: what finds the page again, and tells if that is of use. */
enum {
	OF_PAGE_ADDRESS = MLOCK_VALUES,
	OF_PAGE_PFN,
	OF_STRANDED,		/* pages stranded on this CPU */
	OF_SWITCHES,		/* how often the task was switched away from */
	OF_ALL_VALUES
};

static_assert(OF_ALL_VALUES <= KAPI_MAX_VALUES);

/* A page is looked for in so many VMAs, and pages of each. */
#define SAMPLE_VMAS	4
#define SAMPLE_PAGES	16

static void read_def_flags(u64 *now, const struct mm_struct *mm)
{
	now[MLOCK_DEF_LOCKED] = vma_flags_test(&mm->def_vma_flags, VMA_LOCKED_BIT);
	now[MLOCK_DEF_FLAGS] = now[MLOCK_DEF_LOCKED] +
		vma_flags_test(&mm->def_vma_flags, VMA_LOCKONFAULT_BIT);
}

/* === Events =============================================================== */

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
	if (!IS_ENABLED(CONFIG_VM_EVENT_COUNTERS))
		return KAPI_NO_VALUE;
	return events_here(UNEVICTABLE_PGMUNLOCKED) + events_here(UNEVICTABLE_PGSTRANDED);
}

static u64 switches(void)
{
	return current->nvcsw + current->nivcsw;
}

/* === A page =============================================================== */

/*
 * Nobody else maps it, holds on to it or keeps it off its list now, and one
 * munlock undoes its mlock: so whatever becomes of it is the call's doing.
 */
static bool is_sample(struct folio *folio)
{
	return folio_test_anon(folio) && !folio_test_ksm(folio) &&
	       folio_nr_pages(folio) == 1 && folio_mapcount(folio) == 1 &&
	       folio_ref_count(folio) == 1 && folio_test_lru(folio) &&
	       folio_test_mlocked(folio) && folio_test_unevictable(folio) &&
	       folio->mlock_count <= 1;
}

static bool find_sample_at(u64 *now, struct vm_area_struct *vma, unsigned long addr)
{
	struct folio_walk fw;
	struct folio *folio = folio_walk_start(&fw, vma, addr, 0);
	bool found;

	if (!folio)
		return false;
	found = is_sample(folio);
	if (found) {
		now[OF_PAGE_ADDRESS] = addr;
		now[OF_PAGE_PFN] = folio_pfn(folio);
	}
	folio_walk_end(&fw, vma);
	return found;
}

static void find_sample(u64 *now, struct vm_area_struct *vma)
{
	unsigned long addr, end;

	if (now[OF_PAGE_PFN] != KAPI_NO_VALUE)
		return;
	end = min(vma->vm_end, vma->vm_start + SAMPLE_PAGES * PAGE_SIZE);
	for (addr = vma->vm_start; addr < end; addr += PAGE_SIZE)
		if (find_sample_at(now, vma, addr))
			return;
}

static struct zone *zone_of_sample(const u64 *v)
{
	return page_zone(pfn_to_page(v[OF_PAGE_PFN]));
}

static void read_sample(u64 *now)
{
	if (now[OF_PAGE_PFN] == KAPI_NO_VALUE)
		return;
	now[MLOCK_FOLIO] = 1;
	now[MLOCK_UNEVICTABLE] = 1;
	now[MLOCK_NR_MLOCK] = zone_page_state_snapshot(zone_of_sample(now), NR_MLOCK);
	now[MLOCK_EVENTS] = unlock_events();
	now[OF_STRANDED] = events_here(UNEVICTABLE_PGSTRANDED);
	now[OF_SWITCHES] = switches();
}

/*
 * Munlocking waits in a batch of the CPU, so it may come later if the task has
 * been elsewhere meanwhile; and a page that somebody else had taken off its list
 * just then is stranded, which is counted.
 */
static void reread_flags(u64 *now, const u64 *before, const struct folio *folio, bool certain)
{
	bool stranded = events_here(UNEVICTABLE_PGSTRANDED) != before[OF_STRANDED];

	if (!folio_test_mlocked(folio) || certain)
		now[MLOCK_FOLIO] = folio_test_mlocked(folio);
	if (!folio_test_unevictable(folio) || (certain && !stranded))
		now[MLOCK_UNEVICTABLE] = folio_test_unevictable(folio);
}

/*
 * Whether it is still there and nobody else maps it, in a VMA that was unlocked: in
 * one that was not, as it may be for want of memory, nothing happened to it.
 */
static bool reread_page(u64 *now, const u64 *before, struct mm_struct *mm, bool certain)
{
	struct vm_area_struct *vma = vma_lookup(mm, before[OF_PAGE_ADDRESS]);
	struct folio_walk fw;
	struct folio *folio;
	bool found;

	if (!vma || vma_test(vma, VMA_LOCKED_BIT))
		return false;
	folio = folio_walk_start(&fw, vma, before[OF_PAGE_ADDRESS], 0);
	if (!folio)
		return false;
	found = folio_pfn(folio) == before[OF_PAGE_PFN] && folio_mapcount(folio) == 1;
	if (found)
		reread_flags(now, before, folio, certain);
	folio_walk_end(&fw, vma);
	return found;
}

/*
 * A page under migration is passed over; if that fails, it is there again as if
 * nothing had been. Migration does not need mmap_lock, only another CPU.
 */
static bool is_alone(void)
{
	return num_online_cpus() == 1;
}

/* The counters are not this call's alone unless nobody else could run. */
static void reread_sample(u64 *now, const u64 *before, struct mm_struct *mm)
{
	bool certain = switches() == before[OF_SWITCHES];
	u64 nr_mlock, events;

	if (before[OF_PAGE_PFN] == KAPI_NO_VALUE)
		return;
	if (!reread_page(now, before, mm, certain && is_alone()))
		return;
	nr_mlock = zone_page_state_snapshot(zone_of_sample(before), NR_MLOCK);
	if (nr_mlock < before[MLOCK_NR_MLOCK] || (certain && is_alone()))
		now[MLOCK_NR_MLOCK] = nr_mlock;
	events = unlock_events();
	if (certain && (events > before[MLOCK_EVENTS] || is_alone()))
		now[MLOCK_EVENTS] = events;
}

/* === VMAs ================================================================= */

struct vma_sums {
	unsigned long vmas;
	unsigned long onfault;
	unsigned long pages;
	unsigned long excused;
	unsigned long secret_vmas;
	unsigned long secret_pages;
};

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

/*
 * To unlock a VMA is to change it, which first tries to merge it with its
 * neighbours. If that fails for want of memory, it stays locked.
 */
static bool may_have_failed(struct vm_area_struct *vma, const struct vm_area_struct *prev)
{
	return could_merge(prev, vma) || could_merge(vma, find_vma(vma->vm_mm, vma->vm_end));
}

static bool can_be_unlocked(struct vm_area_struct *vma)
{
	return !vma_is_secretmem(vma) && vma_supports_mlock(vma);
}

static void add_vma(struct vma_sums *sums, struct vm_area_struct *vma,
		    const struct vm_area_struct *prev, bool is_after)
{
	if (!can_be_unlocked(vma)) {
		sums->secret_vmas++;
		sums->secret_pages += vma_pages(vma);
		return;
	}
	sums->vmas++;
	sums->pages += vma_pages(vma);
	sums->onfault += vma_test(vma, VMA_LOCKONFAULT_BIT);
	if (is_after)
		sums->excused += may_have_failed(vma, prev);
}

static struct vma_sums sum_up(u64 *now, const u64 *before, struct mm_struct *mm)
{
	VMA_ITERATOR(vmi, mm, 0);
	struct vm_area_struct *vma, *prev = NULL;
	struct vma_sums sums = {};

	for_each_vma(vmi, vma) {
		if (vma_test(vma, VMA_LOCKED_BIT)) {
			add_vma(&sums, vma, prev, before);
			if (!before && sums.vmas <= SAMPLE_VMAS && can_be_unlocked(vma))
				find_sample(now, vma);
		} else if (vma_test(vma, VMA_LOCKONFAULT_BIT)) {
			sums.onfault += can_be_unlocked(vma);
		}
		prev = vma;
	}
	return sums;
}

/* If all that are left may have failed, nothing can be said of them. */
static void read_vmas(u64 *now, const u64 *before, struct mm_struct *mm)
{
	struct vma_sums sums = sum_up(now, before, mm);

	now[MLOCK_OTHER_LOCKED] = mm->locked_vm - sums.pages - sums.secret_pages;
	if (before ? before[MLOCK_SECRET_VMAS] != KAPI_NO_VALUE : sums.secret_vmas)
		now[MLOCK_SECRET_VMAS] = sums.secret_vmas;
	if (sums.vmas && sums.vmas == sums.excused)
		return;
	now[MLOCK_VMAS] = sums.vmas - sums.excused;
	now[MLOCK_ONFAULT_VMAS] = sums.onfault;
	now[MLOCK_CHARGED] = before ?
		mm->locked_vm - sums.secret_pages - before[MLOCK_OTHER_LOCKED] : sums.pages;
}

/* === The snapshot ========================================================= */

/* Most processes have nothing locked: for them there is no walk. */
static void read_mlock(u64 *now, const u64 *before, bool locked)
{
	struct mm_struct *mm = current->mm;

	read_def_flags(now, mm);
	if (!locked)
		return;
	now[MLOCK_MAP_COUNT] = mm->map_count;
	if (before ? before[MLOCK_OTHER_LOCKED] == KAPI_NO_VALUE : !mm->locked_vm)
		return;
	read_vmas(now, before, mm);
	if (before)
		reread_sample(now, before, mm);
	else
		read_sample(now);
}

static const char *const value_names[] = {
	[MLOCK_DEF_FLAGS] = "def_flags",
	[MLOCK_DEF_LOCKED] = "def_locked",
	[MLOCK_VMAS] = "vmas",
	[MLOCK_ONFAULT_VMAS] = "onfault_vmas",
	[MLOCK_SECRET_VMAS] = "secret_vmas",
	[MLOCK_CHARGED] = "charged",
	[MLOCK_OTHER_LOCKED] = "other_locked",
	[MLOCK_MAP_COUNT] = "map_count",
	[MLOCK_FOLIO] = "folio_mlocked",
	[MLOCK_UNEVICTABLE] = "unevictable",
	[MLOCK_NR_MLOCK] = "nr_mlock",
	[MLOCK_EVENTS] = "events",
};

static_assert(ARRAY_SIZE(value_names) == MLOCK_VALUES);

static const char *const value_needs[MLOCK_VALUES] = {
	[MLOCK_SECRET_VMAS] = KAPI_VALUE_NEEDS(CONFIG_SECRETMEM),
	[MLOCK_EVENTS] = KAPI_VALUE_NEEDS(CONFIG_VM_EVENT_COUNTERS),
};

const struct kapi_snapshot mlock_state = {
	KAPI_SNAPSHOT_READ(read_mlock),
	.names = value_names,
	.needs = value_needs,
	.count = MLOCK_VALUES,
	.counters = MLOCK_VALUES - MLOCK_NR_MLOCK,
};
