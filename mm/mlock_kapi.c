// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the state that the API specifications in mm/mlock.c speak of, for the
 * validator, in the task that makes the call: at its ends what needs no lock, and
 * the rest when it has taken mmap_lock for write and when it gives that back. What
 * cannot be told for certain is left at KAPI_NO_VALUE.
 */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"
#include "mlock_kapi.h"

static bool is_set(u64 value)
{
	return value && value != KAPI_NO_VALUE;
}

/* === Reasons for errors =================================================== */

static bool lacks_capability(void)
{
	return !has_capability_noaudit(current, CAP_IPC_LOCK);
}

static u64 is_not_allowed(const struct mlock_request *r)
{
	if (!r->privileged)
		return KAPI_NO_VALUE;
	return !rlimit(RLIMIT_MEMLOCK) && lacks_capability();
}

/*
 * The pages of all that is mapped, or those locked and to be locked. Of a range that
 * wraps or is empty do_mlock() counts in its own way what is locked already.
 */
static u64 is_over_limit(const struct mlock_request *r, const struct mlock_sums *s,
			 struct mm_struct *mm)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	unsigned long pages = mm->total_vm;

	if (!r->privileged)
		return KAPI_NO_VALUE;
	if (!r->range && !r->vmas)
		return 0;
	if (r->range)
		pages = mm->locked_vm + ((r->end - r->start) >> PAGE_SHIFT);
	if (pages <= limit || !lacks_capability())
		return 0;
	if (!r->range)
		return 1;
	if (r->end <= r->start)
		return KAPI_NO_VALUE;
	return pages - s->locked - s->secret_pages > limit;
}

/* Without the lock it is not known how much of a range is locked already. */
static u64 may_be_over_limit(const struct mlock_request *r)
{
	static const struct mlock_sums nothing;
	/* With other threads, what depends on it is undecided anyway. */
	u64 over = data_race(is_over_limit(r, &nothing, current->mm));

	return r->range && over ? KAPI_NO_VALUE : over;
}

/* munlockall() fails for no reason that could be read. */
static void read_reasons_at_entry(u64 *now, const struct mlock_request *r)
{
	if (!r->privileged && !r->range)
		return;
	now[MLOCK_NOT_ALLOWED] = is_not_allowed(r);
	now[MLOCK_RLIMIT] = rlimit(RLIMIT_MEMLOCK);
	if (r->range)
		now[MLOCK_WRAPS] = r->end < r->start;
	else
		now[MLOCK_NO_TIME] = r->timeless;
	/* What is looked at with the lock held is no reason for who never takes it. */
	memset64(&now[MLOCK_UNMAPPED], 0, MLOCK_DEF_FLAGS - MLOCK_UNMAPPED);
	now[MLOCK_OVER_LIMIT] = may_be_over_limit(r);
}

/*
 * A split is refused at the limit, which is whatever the sysctl is just then. Whether a
 * second one is needed depends on what the first change made of the VMAs.
 */
static u64 are_too_many(const struct mlock_sums *s, const struct mm_struct *mm)
{
	int limit = get_sysctl_max_map_count();

	if (!s->splits || mm->map_count + 2 <= limit)
		return 0;
	return s->split_is_certain && mm->map_count >= limit ? 1 : KAPI_NO_VALUE;
}

/* The limit was looked at before the lock was taken. */
static void read_limit(u64 *now, const struct mlock_request *r, const struct mlock_sums *s,
		       struct mm_struct *mm)
{
	now[MLOCK_OVER_LIMIT] = is_over_limit(r, s, mm);
	if (now[MLOCK_RLIMIT] == rlimit(RLIMIT_MEMLOCK))
		return;
	now[MLOCK_NOT_ALLOWED] = KAPI_NO_VALUE;
	now[MLOCK_OVER_LIMIT] = KAPI_NO_VALUE;
}

/* After any of the errors before, nothing is faulted in. */
static void read_faults(u64 *now, const struct mlock_sums *s)
{
	bool never = is_set(now[MLOCK_NOT_ALLOWED]) || is_set(now[MLOCK_WRAPS]) ||
		     is_set(now[MLOCK_OVER_LIMIT]) || is_set(now[MLOCK_UNMAPPED]) ||
		     is_set(now[MLOCK_TOO_MANY_VMAS]);

	now[MLOCK_NO_ACCESS] = never ? 0 : s->no_access;
	now[MLOCK_POPULATES] = never ? 0 : s->populated;
	if (IS_ENABLED(CONFIG_PCI_P2PDMA))
		now[MLOCK_DEVICE] = never ? 0 : s->device;
}

/* Nor is anything if all of it was there, and nobody could take it away again. */
static bool is_populated_later(const u64 *before, const struct mlock_sums *s)
{
	return !s->amiss && (s->unfilled || !mlock_ran_alone(before));
}

/*
 * As long as a VMA is not as asked, nothing is faulted in; and once none is, none has to
 * be split or merged.
 */
static void reread_reasons(u64 *now, const u64 *before, const struct mlock_request *r,
			   const struct mlock_sums *s)
{
	if (!r->range)
		return;
	/* The sysctl may have been another meanwhile. */
	if (before[MLOCK_TOO_MANY_VMAS] == 1 && !mlock_ran_alone(before))
		now[MLOCK_TOO_MANY_VMAS] = 0;
	now[MLOCK_ALLOCATES] = s->amiss ? before[MLOCK_ALLOCATES] : 0;
	if (!r->privileged)
		return;
	now[MLOCK_POPULATES] = is_populated_later(before, s) ? before[MLOCK_POPULATES] : 0;
	now[MLOCK_DEVICE] = is_populated_later(before, s) ? before[MLOCK_DEVICE] : 0;
}

static void read_reasons(u64 *now, const struct mlock_request *r, const struct mlock_sums *s,
			 struct mm_struct *mm)
{
	read_limit(now, r, s, mm);
	if (!r->range)
		return;
	now[MLOCK_UNMAPPED] = s->unmapped;
	now[MLOCK_TOO_MANY_VMAS] = are_too_many(s, mm);
	now[MLOCK_ALLOCATES] = s->allocates;
	if (r->privileged)
		read_faults(now, s);
}

/* === The state ============================================================ */

static void read_future(u64 *now, const struct mm_struct *mm, const struct mlock_request *r)
{
	u8 amiss = mlock_flags(&mm->def_vma_flags) ^ r->future;

	if (!r->changes_future)
		return;
	now[MLOCK_DEF_FLAGS] = hweight8(amiss);
	now[MLOCK_DEF_LOCKED] = amiss & MLOCK_WANT_LOCKED;
}

static u64 page_is_amiss(struct mm_struct *mm, unsigned long addr,
			 const struct mlock_request *r)
{
	struct vm_area_struct *vma = vma_lookup(mm, addr);

	return vma ? mlock_is_amiss(vma, r) : KAPI_NO_VALUE;
}

static u8 flags_at(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = vma_lookup(mm, addr);

	return vma ? mlock_flags(&vma->flags) : 0;
}

/* What only the call for a range has: where it begins and ends. */
static void read_ends(u64 *now, const u64 *before, struct mm_struct *mm,
		      const struct mlock_request *r)
{
	if (!r->range || r->end <= r->start)
		return;
	if (r->odd_start)
		now[MLOCK_FIRST_PAGE] = page_is_amiss(mm, r->start, r);
	if (r->odd_end)
		now[MLOCK_LAST_PAGE] = page_is_amiss(mm, r->end - 1, r);
	now[MLOCK_NEIGHBOURS] = flags_at(mm, r->start - 1) << 2 | flags_at(mm, r->end);
	now[MLOCK_NEW_VMAS] = before ? max_t(s64, 0, mm->map_count - before[MLOCK_MAP_COUNT] - 2)
				     : 0;
}

/* Pages charged for VMAs that can be changed; afterwards, what nothing else explains. */
static void read_charge(u64 *now, const u64 *before, const struct mm_struct *mm,
			const struct mlock_request *r, const struct mlock_sums *s)
{
	s64 charged = before ?
		mm->locked_vm - s->secret_pages - before[MLOCK_OTHER_LOCKED] : s->locked;

	now[MLOCK_CHARGED] = r->want & MLOCK_WANT_LOCKED ? s->pages - charged : charged;
}

/*
 * If all that are amiss may have been left so for want of memory, which only those
 * calls may do that are not for a range, nothing can be said of them. If as many are
 * amiss as before, nothing was done.
 */
static void read_vmas(u64 *now, const u64 *before, struct mm_struct *mm,
		      const struct mlock_request *r, const struct mlock_sums *s)
{
	unsigned long excused = before && !r->range ? s->excused : 0;

	now[MLOCK_OTHER_LOCKED] = mm->locked_vm - s->locked - s->secret_pages;
	if (before ? before[MLOCK_SECRET_VMAS] != KAPI_NO_VALUE : s->secret_vmas)
		now[MLOCK_SECRET_VMAS] = s->secret_vmas;
	if (s->amiss && s->amiss == excused)
		return;
	if (before && s->amiss == before[MLOCK_VMAS])
		excused = 0;
	now[MLOCK_VMAS] = s->amiss - excused;
	now[MLOCK_ONFAULT_VMAS] = s->onfault;
	read_charge(now, before, mm, r, s);
}

/* Most processes have nothing locked: to unlock all of that takes no walk. */
static bool is_nothing_to_do(const u64 *before, const struct mm_struct *mm,
			     const struct mlock_request *r)
{
	if (r->range)
		return false;
	if (!r->vmas)
		return true;
	return before ? before[MLOCK_OTHER_LOCKED] == KAPI_NO_VALUE :
			!r->want && !mm->locked_vm;
}

static void read_locked(u64 *now, const u64 *before, const struct mlock_request *r)
{
	static const struct mlock_sums nothing;
	struct mm_struct *mm = current->mm;
	struct mlock_sums s;

	now[MLOCK_MAP_COUNT] = mm->map_count;
	if (!r->vmas)
		now[MLOCK_OTHER_LOCKED] = mm->locked_vm;
	if (is_nothing_to_do(before, mm, r)) {
		if (!before && r->privileged)
			read_limit(now, r, &nothing, mm);
		return;
	}
	s = mlock_sum_up(now, before, mm, r);
	read_vmas(now, before, mm, r, &s);
	read_ends(now, before, mm, r);
	if (before) {
		reread_reasons(now, before, r, &s);
		mlock_reread_page(now, before, mm, r);
		now[MLOCK_ABSENT] = before[MLOCK_ABSENT];
	} else {
		mlock_read_page(now, r);
		read_reasons(now, r, &s, mm);
	}
}

static void read_state(u64 *now, const u64 *before, const struct mlock_request *r,
		       enum kapi_moment when)
{
	switch (when) {
	case KAPI_AT_ENTRY:
		read_reasons_at_entry(now, r);
		break;
	case KAPI_AT_LATER_UNLOCK:
		if (!mlock_ran_alone(before)) {
			now[MLOCK_POPULATES] = before[MLOCK_POPULATES];
			now[MLOCK_DEVICE] = before[MLOCK_DEVICE];
		}
		mlock_reread_absent(now, before, current->mm, r);
		return;
	case KAPI_AT_EXIT:
		now[MLOCK_NOT_ALLOWED] = is_not_allowed(r);
		break;
	default:
		read_locked(now, before, r);
	}
	read_future(now, current->mm, r);
}

/* === What each call asks for ============================================== */

static struct mlock_request range_request(const unsigned long *args)
{
	unsigned long start = untagged_addr(args[0]), len = args[1];
	struct mlock_request r = { .vmas = true, .range = true };

	r.start = start & PAGE_MASK;
	r.end = r.start + PAGE_ALIGN(len + offset_in_page(start));
	r.odd_start = offset_in_page(start);
	r.odd_end = offset_in_page(start + len);
	return r;
}

static struct mlock_request all_request(void)
{
	return (struct mlock_request){ .end = ULONG_MAX, .changes_future = true };
}

static void read_lock_range(u64 *now, const u64 *before, const unsigned long *args,
			    enum kapi_moment when, u8 want)
{
	struct mlock_request r = range_request(args);

	r.want = want;
	r.privileged = true;
	r.populates = true;
	read_state(now, before, &r, when);
}

static void read_mlock(u64 *now, const u64 *before, const unsigned long *args,
		       enum kapi_moment when)
{
	read_lock_range(now, before, args, when, MLOCK_WANT_LOCKED);
}

static void read_mlock2(u64 *now, const u64 *before, const unsigned long *args,
			enum kapi_moment when)
{
	u8 on_fault = args[2] & MLOCK_ONFAULT ? MLOCK_WANT_ONFAULT : 0;

	read_lock_range(now, before, args, when, MLOCK_WANT_LOCKED | on_fault);
}

static void read_munlock(u64 *now, const u64 *before, const unsigned long *args,
			 enum kapi_moment when)
{
	struct mlock_request r = range_request(args);

	read_state(now, before, &r, when);
}

static u8 wanted(int flags)
{
	return flags & MCL_ONFAULT ? MLOCK_WANT_LOCKED | MLOCK_WANT_ONFAULT : MLOCK_WANT_LOCKED;
}

static void read_mlockall(u64 *now, const u64 *before, const unsigned long *args,
			  enum kapi_moment when)
{
	struct mlock_request r = all_request();
	int flags = args[0];

	r.privileged = true;
	r.timeless = !(flags & (MCL_CURRENT | MCL_FUTURE));
	r.vmas = flags & MCL_CURRENT;
	r.want = wanted(flags);
	r.future = flags & MCL_FUTURE ? wanted(flags) : 0;
	r.populates = r.vmas;
	read_state(now, before, &r, when);
}

static void read_munlockall(u64 *now, const u64 *before, const unsigned long *args,
			    enum kapi_moment when)
{
	struct mlock_request r = all_request();

	r.vmas = true;
	read_state(now, before, &r, when);
}

/* === The snapshots ======================================================== */

static const char *const value_names[] = {
	[MLOCK_NOT_ALLOWED] = "not_allowed",
	[MLOCK_NO_TIME] = "no_time",
	[MLOCK_WRAPS] = "wraps",
	[MLOCK_OVER_LIMIT] = "over_limit",
	[MLOCK_UNMAPPED] = "unmapped",
	[MLOCK_TOO_MANY_VMAS] = "too_many_vmas",
	[MLOCK_ALLOCATES] = "allocates",
	[MLOCK_NO_ACCESS] = "no_access",
	[MLOCK_POPULATES] = "populates",
	[MLOCK_DEVICE] = "device",
	[MLOCK_DEF_FLAGS] = "def_flags",
	[MLOCK_DEF_LOCKED] = "def_locked",
	[MLOCK_VMAS] = "vmas",
	[MLOCK_ONFAULT_VMAS] = "onfault_vmas",
	[MLOCK_FIRST_PAGE] = "first_page",
	[MLOCK_LAST_PAGE] = "last_page",
	[MLOCK_NEIGHBOURS] = "neighbours",
	[MLOCK_SECRET_VMAS] = "secret_vmas",
	[MLOCK_CHARGED] = "charged",
	[MLOCK_OTHER_LOCKED] = "other_locked",
	[MLOCK_MAP_COUNT] = "map_count",
	[MLOCK_NEW_VMAS] = "new_vmas",
	[MLOCK_FOLIO] = "folio",
	[MLOCK_UNEVICTABLE] = "unevictable",
	[MLOCK_ABSENT] = "absent",
	[MLOCK_NR_MLOCK] = "nr_mlock",
	[MLOCK_EVENTS] = "events",
};

static_assert(ARRAY_SIZE(value_names) == MLOCK_VALUES);

/* What another CPU may have done whatever the caller holds: migration, a sysctl. */
#define NEEDS_ONE_CPU	(IS_ENABLED(CONFIG_SMP) ? "CONFIG_SMP=n" : NULL)

static const char *const value_needs[MLOCK_VALUES] = {
	[MLOCK_TOO_MANY_VMAS] = NEEDS_ONE_CPU,
	[MLOCK_DEVICE] = KAPI_VALUE_NEEDS(CONFIG_PCI_P2PDMA),
	[MLOCK_SECRET_VMAS] = KAPI_VALUE_NEEDS(CONFIG_SECRETMEM),
	[MLOCK_FOLIO] = NEEDS_ONE_CPU,
	[MLOCK_UNEVICTABLE] = NEEDS_ONE_CPU,
	[MLOCK_NR_MLOCK] = NEEDS_ONE_CPU,
	[MLOCK_EVENTS] = NEEDS_ONE_CPU ?: KAPI_VALUE_NEEDS(CONFIG_VM_EVENT_COUNTERS),
};

#define DEFINE_MLOCK_STATE(_call)					\
	const struct kapi_snapshot _call##_state = {			\
		KAPI_SNAPSHOT_READ(read_##_call),			\
		.names = value_names,					\
		.needs = value_needs,					\
		.late = BIT_ULL(MLOCK_OVER_LIMIT) | BIT_ULL(MLOCK_NO_ACCESS) | \
			BIT_ULL(MLOCK_POPULATES) | BIT_ULL(MLOCK_DEVICE) | \
			BIT_ULL(MLOCK_ABSENT),				\
		.limits = BIT_ULL(MLOCK_NOT_ALLOWED) | BIT_ULL(MLOCK_OVER_LIMIT), \
		.count = MLOCK_VALUES,					\
		.reasons = MLOCK_DEF_FLAGS,				\
		.guarded = MLOCK_FOLIO,					\
		.counters = MLOCK_VALUES - MLOCK_NR_MLOCK,		\
	}

DEFINE_MLOCK_STATE(mlock);
DEFINE_MLOCK_STATE(mlock2);
DEFINE_MLOCK_STATE(munlock);
DEFINE_MLOCK_STATE(mlockall);
DEFINE_MLOCK_STATE(munlockall);
