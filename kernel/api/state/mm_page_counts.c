// SPDX-License-Identifier: GPL-2.0
/* What became of some pages of a range: how many are absent, mlocked, written to. */
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

/* Of the pages that were seen @at_first, how many; at exit, those of them that are so still. */
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
 * Likewise, of those that only a lack of memory can keep absent: the first of an anonymous
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
