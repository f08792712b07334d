/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The validator: real calls held against their specs.
 *
 *   observe.c         what a call does, recorded in its task
 *   observe_locks.c   the part of it that lockdep sees
 *   judge.c           a clause and the record to a verdict; judge.h
 *   judge_*.c         the clauses on locks, parameters, signals and state
 *   report.c          counters, violations, what to do about one; report.h
 *   validate.c        the specs to watch; the switch
 *   validate_debugfs.c  the files
 */
#ifndef _KERNEL_API_VALIDATE_H
#define _KERNEL_API_VALIDATE_H

#include <linux/jump_label.h>
#include <linux/kapi_call.h>
#include <linux/kernel_api_spec.h>
#include <linux/ratelimit_types.h>
#include <linux/rseq_entry.h>
#include <linux/sched.h>

/* === Judging ============================================================== */

enum kapi_verdict {
	KAPI_NOT_SEEN,	/* nothing happened that the clause speaks of */
	KAPI_KEPT,
	KAPI_BROKEN,
	KAPI_UNDECIDED,	/* it happened, but not certainly by this call */
	KAPI_VERDICTS
};

/**
 * struct kapi_end - what there is to know of a call when it returns
 * @context: as it is now
 * @ret: the return value
 * @pending: signals pending for the task or its process
 * @fatal: the task is being killed
 * @shared: another task can change the state of the snapshot now
 * @limits_changed: another process may have changed the caller's limits meanwhile
 * @held: name of the last lock taken of those held that are not of the spec; NULL if
 *	there is none or lockdep does not know it
 */
struct kapi_end {
	struct kapi_context context;
	long ret;
	sigset_t pending;
	bool fatal;
	bool shared;
	bool limits_changed;
	const char *held;
};

/**
 * struct kapi_evidence - all that a verdict is based on
 * @spec: what was promised
 * @call: what was observed while the call ran
 * @end: and when it returned
 */
struct kapi_evidence {
	const struct kernel_api_spec *spec;
	const struct kapi_call *call;
	const struct kapi_end *end;
};

/* Why a clause is broken. */
struct kapi_finding {
	char expected[48];
	char observed[80];
};

struct kapi_check;

/* @why is filled in if the clause is broken; NULL if nobody wants to know. */
typedef enum kapi_verdict (*kapi_judge_fn)(const struct kapi_evidence *e,
					   const struct kapi_check *check,
					   struct kapi_finding *why);

/**
 * struct kapi_check - how calls are judged by a clause
 * @judge: gives the verdict, in any context
 * @clause: the entry, if it is one
 * @i: its place in its category
 * @n: the clause's number, see kapi_find_clause()
 */
struct kapi_check {
	kapi_judge_fn judge;
	const void *clause;
	unsigned int i;
	unsigned int n;
};

bool kapi_find_check(const struct kernel_api_spec *spec, unsigned int n,
		     struct kapi_check *check);

/* === What is watched ====================================================== */

struct kapi_counts {
	u64 of[KAPI_VERDICTS];
};

/**
 * struct kapi_watch - a syscall's spec and how it fared
 * @spec: the spec
 * @clauses: number of its clauses, see kapi_clause_label()
 * @mmap_lock: index of the lock that is the caller's mmap_lock, or -1
 * @check_count: number of @checks
 * @checks: for the clauses that can be checked in this kernel
 * @counts: for each clause, its verdicts since boot
 * @forgotten: for each clause, its verdicts before the last reset
 * @limit: for each clause, of lines in the log
 */
struct kapi_watch {
	const struct kernel_api_spec *spec;
	unsigned int clauses;
	int mmap_lock;
	unsigned int check_count;
	struct kapi_check *checks;
	struct kapi_counts __percpu *counts;
	struct kapi_counts *forgotten;
	struct ratelimit_state *limit;
};

struct kapi_watch *kapi_watch_by_nr(unsigned long nr);
struct kapi_watch *kapi_watch_at(unsigned int i);
bool kapi_validating(void);
int kapi_validate(bool on);
unsigned int kapi_session(void);

/* === Observing ============================================================ */

/* Its probes are added in this order and removed in the other. */
struct kapi_probe {
	int (*add)(void);
	void (*remove)(void);
};

#define DEFINE_KAPI_PROBE(_event, _prio)				\
	static int add_##_event(void)					\
	{								\
		return register_trace_prio_##_event(probe_##_event, NULL, _prio); \
	}								\
	static void remove_##_event(void)				\
	{								\
		unregister_trace_##_event(probe_##_event, NULL);	\
	}								\
	const struct kapi_probe kapi_probe_##_event = {			\
		.add = add_##_event,					\
		.remove = remove_##_event,				\
	}

extern const struct kapi_probe kapi_probe_sys_enter, kapi_probe_sys_exit;
extern const struct kapi_probe kapi_probe_signal_generate;
extern const struct kapi_probe kapi_probe_mmap_lock_acquire_returned;
extern const struct kapi_probe kapi_probe_mmap_lock_released;

#ifdef CONFIG_LOCKDEP
extern const struct kapi_probe kapi_probe_lock_acquire, kapi_probe_lock_release;
#define KAPI_LOCK_PROBES						\
	&kapi_probe_mmap_lock_acquire_returned, &kapi_probe_mmap_lock_released, \
	&kapi_probe_lock_acquire, &kapi_probe_lock_release
#else
#define KAPI_LOCK_PROBES						\
	&kapi_probe_mmap_lock_acquire_returned, &kapi_probe_mmap_lock_released
#endif

/* Whether rseq looks at the caller's memory after every system call. */
#ifdef CONFIG_RSEQ
static inline bool kapi_rseq_debugged(void)
{
	return static_branch_unlikely(&rseq_debug_enabled);
}
#else
static inline bool kapi_rseq_debugged(void)
{
	return false;
}
#endif

struct kapi_call *kapi_observed_call(void);
void kapi_observe_begin(void);
void kapi_count_up(u16 *count);

#ifdef CONFIG_LOCKDEP
const char *kapi_other_lock(struct kapi_call *call);
#else
static inline const char *kapi_other_lock(struct kapi_call *call)
{
	return NULL;
}
#endif

/* === Reporting ============================================================ */

void kapi_report(struct kapi_watch *watch, const struct kapi_evidence *e);
u64 kapi_count_of(const struct kapi_watch *watch, unsigned int clause,
		  enum kapi_verdict verdict);
void kapi_report_reset(void);

#endif /* _KERNEL_API_VALIDATE_H */
