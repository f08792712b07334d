// SPDX-License-Identifier: GPL-2.0
/*
 * The caller's mm. If the spec has a lock that guards it, it is read when that is taken and
 * released; else at entry and exit, if mmap_lock can be taken without waiting.
 */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched.h>
#include <linux/secretmem.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../validate/validate.h"

/* Flags that others may change meanwhile, and that merging VMAs may set. */
#define MERGED_FLAGS	(VM_SOFTDIRTY | VM_MAYBE_GUARD)

static bool is_locked_by_call(const struct kapi_call *call)
{
	return call->moment == KAPI_AT_LOCK || call->moment == KAPI_AT_UNLOCK;
}

/**
 * kapi_read_mm - may VMAs be looked at now?
 * @call: the running call
 *
 * Return: true if mmap_lock is held, by the call or by the validator, until the readings
 * are done; if by the validator, others that share the mm may have changed it before.
 */
bool kapi_read_mm(struct kapi_call *call)
{
	if (!current->mm)
		return false;
	if (is_locked_by_call(call))
		return true;
	kapi_mark(call, KAPI_OF_MM);
	if (!call->view.locked)
		call->view.locked = mmap_read_trylock(current->mm);
	return call->view.locked;
}

void kapi_read_mm_end(struct kapi_call *call)
{
	if (call->view.locked)
		mmap_read_unlock(current->mm);
	call->view.locked = false;
	call->view.looked = 0;
}

/* === VMAs ================================================================= */

/*
 * As mlock(2) says; it does not ask the function that mm/mlock.c asks, whose bugs it would
 * not see. A walk does not find the gate VMA.
 */
static bool is_lockable(const struct vm_area_struct *vma, bool is_secret)
{
	return !(vma->vm_flags & (VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_MIXEDMAP |
				  VM_HUGETLB | VM_DROPPABLE)) &&
	       !vma_is_dax(vma) && !is_secret;
}

/* VMAs that may be merged if nothing else prevents it. */
static bool are_alike(const struct vm_area_struct *a, const struct vm_area_struct *b)
{
	return a && b && a->vm_end == b->vm_start && a->vm_file == b->vm_file &&
	       !((a->vm_flags ^ b->vm_flags) & (VM_ACCESS_FLAGS | VM_SHARED));
}

/*
 * Refused by get_user_pages(), device memory aside. It is not called for VMAs that are locked
 * on fault; mlock() ends that, except for secretmem.
 */
static bool is_refused(const struct vm_area_struct *vma, bool is_secret)
{
	return !(vma->vm_flags & (VM_IO | VM_PFNMAP)) &&
	       !(is_secret && vma->vm_flags & VM_LOCKONFAULT) &&
	       (!(vma->vm_flags & VM_ACCESS_FLAGS) || is_secret);
}

/* A sum that does not change if a VMA is split. */
static u64 sum_of_flags(unsigned long flags, unsigned long start, unsigned long end)
{
	u64 from = start >> PAGE_SHIFT, to = end >> PAGE_SHIFT;

	return hash_64(flags + 1, 64) * (to - from) * (to + from);
}

static void add_locks(struct kapi_locks_of *sum, unsigned long flags, unsigned long pages)
{
	sum->pages += pages;
	if (flags & VM_LOCKED)
		sum->locked += pages;
	if (flags & VM_LOCKONFAULT)
		sum->onfault += pages;
}

static void add_lock_flags(struct kapi_vmas *v, const struct vm_area_struct *vma,
			   unsigned long pages, bool is_alone, bool is_secret)
{
	if (vma->vm_flags & VM_LOCKED)
		v->locked += pages;
	v->touches |= !is_alone;
	if (!is_lockable(vma, is_secret)) {
		if (vma->vm_flags & VM_LOCKED)
			v->fixed += pages;
		return;
	}
	add_locks(&v->lockable, vma->vm_flags, pages);
	if (is_alone)
		add_locks(&v->alone, vma->vm_flags, pages);
}

static void add_vma(struct kapi_mm_view *view, struct vm_area_struct *vma, bool is_alone)
{
	unsigned long start = max(vma->vm_start, view->start), end = min(vma->vm_end, view->end);
	unsigned long pages = (end - start) >> PAGE_SHIFT;
	bool is_secret = vma->vm_file && vma_is_secretmem(vma);
	struct kapi_vmas *v = &view->vmas;

	v->all = v->pages ? v->all & vma->vm_flags : vma->vm_flags;
	v->any |= vma->vm_flags;
	v->pages += pages;
	v->kept += sum_of_flags(vma->vm_flags & ~(view->leave_out | MERGED_FLAGS), start, end);
	v->cut |= start != vma->vm_start || end != vma->vm_end;
	if (is_refused(vma, is_secret))
		v->no_access += pages;
	add_lock_flags(v, vma, pages, is_alone, is_secret);
}

static unsigned long flags_at(const struct vm_area_struct *vma, unsigned long addr)
{
	return vma && vma->vm_start <= addr && addr < vma->vm_end ? vma->vm_flags : 0;
}

/* For each VMA, both neighbours must be known. */
static void walk_vmas(struct kapi_mm_view *view, struct mm_struct *mm)
{
	VMA_ITERATOR(vmi, mm, view->start);
	struct vm_area_struct *last = vma_prev(&vmi), *vma = vma_next(&vmi), *next;
	struct kapi_vmas *v = &view->vmas;
	bool touches = are_alike(last, vma), touches_next;

	v->below = flags_at(last, view->start - 1) | flags_at(vma, view->start - 1);
	for (; vma && max(vma->vm_start, view->start) < view->end; last = vma, vma = next) {
		view->too_many = ++v->count > KAPI_MAX_VMAS;
		if (view->too_many)
			return;
		next = vma_next(&vmi);
		touches_next = are_alike(vma, next);
		add_vma(view, vma, !touches && !touches_next);
		touches = touches_next;
	}
	v->above = flags_at(last, view->end) | flags_at(vma, view->end);
	v->gap = ((view->end - view->start) >> PAGE_SHIFT) - v->pages;
}

static bool is_same(const struct kapi_mm_view *view, unsigned long start, unsigned long end,
		    unsigned long leave_out)
{
	return view->start == start && view->end == end && view->leave_out == leave_out;
}

static void begin_view(struct kapi_mm_view *view, unsigned long start, unsigned long end,
		       unsigned long leave_out)
{
	memset(&view->vmas, 0, sizeof(view->vmas));
	view->start = start;
	view->end = end;
	view->leave_out = leave_out;
	view->too_many = false;
}

/*
 * If a lock guards them, VMAs are read while the call holds it; or at exit, if it never took
 * it.
 */
static bool may_walk(const struct kapi_call *call)
{
	return !call->watch->guarded || is_locked_by_call(call) ||
	       (call->moment == KAPI_AT_EXIT && !call->locked);
}

/**
 * kapi_vmas - sum up the VMAs of a range of addresses
 * @call: the running call
 * @start: of the range; a page's
 * @end: of the range; a page's, or above it
 * @leave_out: flags of no interest, for the sum of the others
 *
 * Return: the sums; at exit, those of when the guarding lock was released. A range that wraps
 * is empty. Unknown without mmap_lock or with too many VMAs; then all are 0.
 */
const struct kapi_vmas *kapi_vmas(struct kapi_call *call, unsigned long start,
				  unsigned long end, unsigned long leave_out)
{
	static const struct kapi_vmas nothing;
	struct kapi_mm_view *view = &call->view;

	if (view->reading != call->reading || !is_same(view, start, end, leave_out)) {
		if (end < start)
			return &nothing;
		if (!may_walk(call) || !kapi_read_mm(call)) {
			kapi_unknown(call);
			return &nothing;
		}
		begin_view(view, start, end, leave_out);
		view->reading = call->reading;
		walk_vmas(view, current->mm);
	}
	if (likely(!view->too_many))
		return &view->vmas;
	kapi_unknown(call);
	return &nothing;
}

/* The flags of the VMA at an address; 0 if there is none. */
unsigned long kapi_vma_flags(struct kapi_call *call, unsigned long addr)
{
	struct vm_area_struct *vma;

	if (!may_walk(call) || !kapi_read_mm(call))
		return kapi_unknown(call);
	vma = vma_lookup(current->mm, addr);
	return vma ? vma->vm_flags : 0;
}

/* === Counters ============================================================= */

/* They can be read without the lock, but then others may change them meanwhile. */
static struct mm_struct *mm_to_count(struct kapi_call *call)
{
	if (!is_locked_by_call(call))
		kapi_mark(call, KAPI_OF_MM);
	if (!current->mm)
		kapi_unknown(call);
	return current->mm;
}

/* Pages mapped. */
unsigned long kapi_total_vm(struct kapi_call *call)
{
	struct mm_struct *mm = mm_to_count(call);

	/* One word; those who may change it meanwhile are marked. */
	return mm ? data_race(mm->total_vm) : 0;
}

/* Pages that count against RLIMIT_MEMLOCK. */
unsigned long kapi_locked_vm(struct kapi_call *call)
{
	struct mm_struct *mm = mm_to_count(call);

	/* One word; those who may change it meanwhile are marked. */
	return mm ? data_race(mm->locked_vm) : 0;
}

/* Likewise, as it was when the guarding lock was taken, or at entry. */
unsigned long kapi_locked_vm_before(struct kapi_call *call)
{
	if (call->moment == KAPI_AT_ENTRY || call->moment == KAPI_AT_LOCK)
		call->view.locked_vm = kapi_locked_vm(call);
	return call->view.locked_vm;
}

/* Flags that future mappings get. */
unsigned long kapi_future_flags(struct kapi_call *call)
{
	struct mm_struct *mm = mm_to_count(call);

	/* One word; those who may change it meanwhile are marked. */
	return mm ? data_race(mm->def_flags) : 0;
}

/* The number of VMAs. */
int kapi_map_count(struct kapi_call *call)
{
	struct mm_struct *mm = mm_to_count(call);

	/* One word; those who may change it meanwhile are marked. */
	return mm ? data_race(mm->map_count) : 0;
}

/* Passes on a value that the call reads again after it has released the lock. */
long kapi_after_unlock(struct kapi_call *call, long value)
{
	kapi_mark(call, KAPI_OF_MM);
	return value;
}

/* === Memory =============================================================== */

/* Debuggers and tasks that share a page may write to it unseen. */
void __kapi_user(struct kapi_call *call, void *to, const void __user *from, size_t size)
{
	kapi_mark(call, KAPI_OF_ANYBODY);
	if (!current->mm || copy_from_user_nofault(to, from, size)) {
		memset(to, 0, size);
		kapi_unknown(call);
	}
}
