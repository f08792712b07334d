// SPDX-License-Identifier: GPL-2.0
/* What happened to some pages of a range: how many are absent, mlocked, written to. */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "../validate/validate.h"
#include "mm_pages.h"

/* Truncation removes a file's pages; memory failure removes poisoned ones. */
static void mark_page(struct kapi_call *call, struct vm_area_struct *vma)
{
	if (!vma_is_anonymous(vma))
		kapi_mark(call, KAPI_OF_PAGES);
	if (IS_ENABLED(CONFIG_MEMORY_FAILURE) && atomic_long_read(&num_poisoned_pages))
		kapi_unknown(call);
	if (fatal_signal_pending(current))
		kapi_unknown(call);
}

/* How many pages were seen @at_first; at exit, how many of them still are. */
static unsigned int count_pages(struct kapi_call *call, unsigned long start, unsigned long end,
				u16 at_first, bool (*is_so)(struct kapi_call *call,
							    struct vm_area_struct *vma,
							    u16 was, u16 is))
{
	struct kapi_mm_view *view = &call->view;
	struct vm_area_struct *vma;
	unsigned int i, count = 0;

	if (!kapi_have_pages(call, start, end, at_first == PAGE_TO_UNLOCK ? VM_LOCKED : 0))
		return kapi_unknown(call);
	for (i = 0; i < view->page_count; i++) {
		if (!(view->seen[i] & at_first))
			continue;
		vma = call->moment == KAPI_AT_EXIT ? kapi_look_again(view, i) : NULL;
		if (vma && is_so(call, vma, view->seen[i], view->is[i]))
			mark_page(call, vma);
		else if (call->moment == KAPI_AT_EXIT)
			continue;
		count++;
	}
	return count;
}

/* A page that is swapped or migrated was there. Only others can make it read-only again. */
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
 * Counts pages that can be faulted in without waiting for anybody: not those of devices or
 * userfaultfd, nor those without access. In a private and writable VMA, a page counts as
 * there only if it can be written to: not the zero page or a file's page.
 *
 * Return: the number, at most KAPI_MAX_PAGES.
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
 * Likewise, but only the first pages of anonymous VMAs, which only a lack of memory can keep
 * absent. A later page may follow one that is refused.
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
 * Likewise, pages that were empty: at exit, those that were faulted in, or only those in VMAs
 * with VM_LOCKONFAULT.
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

/* Likewise, anonymous guard regions; at exit, those that are gone. */
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
 * Likewise, pages of shared mappings that the file had not cached, so that they were clean: at
 * exit, those that are dirty.
 */
unsigned int kapi_written(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return count_pages(call, start, end, PAGE_UNREAD, is_written);
}

/* Isolating a page from its list, or migrating it, hides it from the call. */
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
 * Counts pages that were absent at first, or that only the caller's mm maps.
 *
 * Return: at exit, how many of them are present in a VMA with VM_LOCKED, but not mlocked; or
 * not unevictable though no batch has them; or mlocked twice though they were before.
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
 * Likewise, mlocked pages of VMAs with VM_LOCKED: at exit, those that are still mlocked or
 * unevictable in VMAs without it. A batch that will munlock a page holds a reference.
 */
unsigned int kapi_mlocked(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return count_pages(call, start, end, PAGE_TO_UNLOCK, is_mlocked);
}

/* Whether any page is still to be faulted in, except some. */
static bool any_wanted(struct kapi_call *call, unsigned long start, unsigned long end, u16 but)
{
	struct kapi_mm_view *view = &call->view;
	unsigned int i;

	if (end <= start)
		return false;
	if (!kapi_have_pages(call, start, end, 0) || call->moment != KAPI_AT_EXIT)
		return kapi_unknown(call);
	for (i = 0; i < view->page_count; i++) {
		struct vm_area_struct *vma = kapi_look_again(view, i);
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
 * kapi_unfilled - is a page of a range absent?
 * @call: the running call
 * @start: of the range
 * @end: of the range
 *
 * Return: true at exit, if a page that can be faulted in is still absent. Others may have
 * faulted it in meanwhile: a debugger, khugepaged. Unknown for more than KAPI_MAX_PAGES.
 */
bool kapi_unfilled(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return any_wanted(call, start, end, 0);
}

/* Likewise, except new anonymous pages, which need only memory: is one refused or poisoned? */
bool kapi_unreadable(struct kapi_call *call, unsigned long start, unsigned long end)
{
	return any_wanted(call, start, end, PAGE_NEW);
}
