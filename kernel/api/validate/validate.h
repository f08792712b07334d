/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The validator: real calls checked against their specs.
 *
 *   validate.c        the switch
 *   watch.c           a spec, prepared to check calls by
 *   watch_sets.c      all of them, of vmlinux and of modules
 *   records.c         the records of running calls
 *   readings.c        the conditions, evaluated for a record
 *   observe.c         what a call does, for its record
 *   observe_functions.c  where calls begin and end, by fprobe
 *   observe_syscalls.c   likewise of User Mode Linux, by tracepoints
 *   observe_locks.c   the part of it that lockdep sees
 *   observe_memory.c  allocations that fail
 *   observe_faults.c  and those that are made to
 *   check.c           a clause and the record to a result; check.h
 *   check_*.c         the clauses on errors, locks, signals and state
 *   check_caller.c    what a function asks of its caller
 *   check_doubt.c     why a result is undecided
 *   learn.c           what calls did, for a first spec
 *   report.c          counters, violations, what to do about one; report.h
 *   debugfs.c         the files
 *
 * What conditions can read is in ../state.
 */
#ifndef _KERNEL_API_VALIDATE_H
#define _KERNEL_API_VALIDATE_H

#include <linux/fprobe.h>
#include <linux/kernel_api_spec.h>
#include <linux/mutex.h>
#include <linux/ratelimit_types.h>
#include <linux/sched.h>

#include "../state/state.h"

/* Most conditions and locks of one spec; those of later clauses are not checked. */
#define KAPI_MAX_CONDITIONS	32	/* bits of a long */
#define KAPI_MAX_LOCKS		12
/* Lock classes whose names are remembered for a call; a power of two. */
#define KAPI_LOCK_NAMES		16
/* So many classes of locks are learned of a function. */
#define KAPI_LEARNED_LOCKS	64
/* As syscall_get_arguments() has them; of a function, those in registers. */
#define KAPI_MAX_ARGS		6

/* === The record of a call ================================================= */

/* When conditions are evaluated. */
enum kapi_moment {
	KAPI_AT_ENTRY,
	KAPI_AT_LOCK,		/* the guarding lock was taken: the first time, and for write */
	KAPI_AT_UNLOCK,		/* it is about to be given back, or downgraded */
	KAPI_AT_EXIT,
};

/**
 * struct kapi_reading - what a condition came to
 * @value: its value
 * @of: whose state it depends on
 * @known: it could be told
 * @at_lock: it was read under the guarding lock
 */
struct kapi_reading {
	s64 value;
	u8 of;
	bool known;
	bool at_lock;
};

/**
 * struct kapi_lock_seen - how often a lock of the spec was taken and given back
 * @read: taken for read
 * @write: taken for write, or without a mode
 * @released: given back
 * @downgraded: from write to read, while it was held
 *
 * The counts stop at their maximum.
 */
struct kapi_lock_seen {
	u16 read;
	u16 write;
	u16 released;
	bool downgraded;
};

/**
 * struct kapi_context - the context at an end of the call
 * @preempt_count: as preempt_count()
 * @irqs_off: as irqs_disabled()
 * @in_rcu: within rcu_read_lock(), where that tells
 */
struct kapi_context {
	int preempt_count;
	bool irqs_off;
	bool in_rcu;
};

/**
 * struct kapi_call - a running call, as far as it was observed
 * @next: of all records
 * @watch: the spec it is checked by; NULL for one that only changes limits
 * @disowned: the last spec that it was not to be checked by any more, see
 *	kapi_is_disowned()
 * @outer: the call in which it was made, if that is observed, too
 * @depth: the number of @outer calls
 * @changes_limits: not 0 if it may change another process's limits, see kapi_remote_begin()
 * @caller: where it was called from; 0 of a system call
 * @own_preemption: of the entry's preempt_count, as much is the probe's
 * @minds_context: the machine is not going down
 * @may_sleep: the spec says so of this call
 * @sees_held: it is known which locks the caller holds
 * @held_at_entry: bits of the spec's locks that the caller holds
 * @busy: the validator is at work; what happens now is not the call's doing
 * @fatal: at exit, the task is being killed
 * @shared: owners whose state others share, at one end of the call or the other
 * @args: the arguments, as they lie in registers
 * @ret: the return value, at exit
 * @entry: the context at entry
 * @exit: the context at exit
 * @sent: signals sent by the call
 * @sent_of_io: signals sent to those who asked for one, should something come to be read, say
 * @pending: at exit, signals pending for the task or its process
 * @failed_allocs: allocations that failed
 * @failed_faults: page faults that did
 * @fails_unseen: at entry, see kapi_fails_unseen()
 * @remote_done: what others had done, and was over at entry; and its own
 * @switches: how often the task had been switched away from, at entry
 * @locks_seen: of those that are learned, bits of the ones taken
 * @others_held: locks taken that are not of the spec, less those given back
 * @held: at exit, the name of the last lock taken of those; NULL if lockdep knows none
 * @name: names of lock classes seen, by a hash of the pointer
 * @found: for each, the lock of the spec, or NULL
 * @is_found: that is set
 * @mm: the caller's at entry, to know its mmap_lock by
 * @mm_writes_before: counts how often anybody took that for write, see kapi_see_mm()
 * @mm_writes: how often the call did
 * @lock: one for each lock of the spec
 * @locked: the guarding lock was seen taken
 * @for_read: it is held for read, since it was downgraded
 * @changed_for_read: what it guards changed then
 * @moment: of the readings that are being made
 * @reading: counts these times
 * @of: of the condition that is being evaluated, see struct kapi_reading
 * @unknown: likewise: it cannot be told
 * @under_lock: bits of the conditions that are read under the guarding lock
 * @done: of these, such as could be told when it was given back
 * @view: of the mm; what comes behind its @start is set before it is used
 * @before: readings at entry, or when the guarding lock was taken
 * @after: readings when that was given back, or at exit
 *
 * But for @disowned, only its own task writes it, and never from an interrupt.
 */
struct kapi_call {
	struct kapi_call *next;
	const struct kapi_watch *watch;
	const struct kapi_watch *disowned;
	struct kapi_call *outer;	/* the first of those that are cleared */
	u8 depth;
	unsigned int changes_limits;
	unsigned long caller;
	int own_preemption;
	bool minds_context;
	bool may_sleep;
	bool sees_held;
	u16 held_at_entry;
	bool busy;
	bool fatal;
	u8 shared;
	unsigned long args[KAPI_MAX_ARGS];
	long ret;
	struct kapi_context entry;
	struct kapi_context exit;
	sigset_t sent;
	sigset_t sent_of_io;
	sigset_t pending;
	unsigned int failed_allocs;
	unsigned int failed_faults;
	bool fails_unseen;
	unsigned int remote_done[KAPI_REMOTES];
	unsigned long switches;
	DECLARE_BITMAP(locks_seen, KAPI_LEARNED_LOCKS);
	int others_held;
	const char *held;
#ifdef CONFIG_LOCKDEP
	const char *name[KAPI_LOCK_NAMES];
	struct kapi_lock_seen *found[KAPI_LOCK_NAMES];
	bool is_found[KAPI_LOCK_NAMES];
#endif
	const struct mm_struct *mm;
	unsigned int mm_writes_before;
	unsigned int mm_writes;
	struct kapi_lock_seen lock[KAPI_MAX_LOCKS];
	bool locked;
	bool for_read;
	bool changed_for_read;
	enum kapi_moment moment;
	unsigned int reading;
	u8 of;
	bool unknown;
	unsigned long under_lock;
	unsigned long done;
	struct kapi_mm_view view;
	struct kapi_reading before[KAPI_MAX_CONDITIONS];
	struct kapi_reading after[KAPI_MAX_CONDITIONS];
};

static_assert(BIT(KAPI_MAX_LOCKS - 1) <= U16_MAX);	/* held_at_entry */
static_assert(KAPI_MAX_CONDITIONS <= BITS_PER_LONG);	/* under_lock, done */

/* === Checks =============================================================== */

enum kapi_result {
	KAPI_NOT_EXERCISED,	/* nothing happened that the clause speaks of */
	KAPI_HELD,
	KAPI_VIOLATED,
	KAPI_UNDECIDED,		/* it happened, but it cannot be told by whom, or what */
	KAPI_MISUSED,		/* the caller broke it */
	KAPI_RESULTS
};

/* Why it is KAPI_UNDECIDED. */
enum kapi_doubt {
	/* The bits of KAPI_OF_*: others may have changed what it depends on. */
	KAPI_DOUBT_UNKNOWN = 6,	/* what it depends on could not be read */
	KAPI_DOUBT_EXCUSED,	/* it need not be so, see KAPI_UNLESS() */
	KAPI_DOUBT_KILLED,	/* the task is being killed */
	KAPI_DOUBT_OTHER,
	KAPI_DOUBTS
};

/* What a violation is about. */
struct kapi_reason {
	char expected[48];
	char observed[80];
};

struct kapi_check;

/* @why is filled in if the clause was violated; NULL if nobody wants to know. */
typedef enum kapi_result (*kapi_call_check_fn)(const struct kapi_call *call,
					  const struct kapi_check *check,
					  struct kapi_reason *why);

/**
 * struct kapi_check - how calls are checked by a clause
 * @check: gives the result, in any context; NULL if all is known at entry
 * @caller: optional: likewise at entry, of what the caller must see to
 * @clause: the clause; NULL for a rule
 * @place: of a lock, in the record; of a parameter, of its register
 * @n: the clause's number, see kapi_find_clause()
 * @error: the error for which the clause gives a reason, or 0
 * @cond: its condition's reading, counted from 1; 0 if it has none
 * @unless: likewise of what excuses it
 * @when: likewise of that for which it applies
 */
struct kapi_check {
	kapi_call_check_fn check;
	kapi_call_check_fn caller;
	const struct kapi_clause *clause;
	u8 place;
	unsigned int n;
	s32 error;
	u8 cond;
	u8 unless;
	u8 when;
};

kapi_call_check_fn kapi_find_check(const struct kernel_api_spec *spec, unsigned int n);
kapi_call_check_fn kapi_find_caller_check(const struct kernel_api_spec *spec, unsigned int n);
unsigned long kapi_doubts(const struct kapi_call *call, const struct kapi_check *check);

/* === What is watched ====================================================== */

/* @of: by result, and of KAPI_UNDECIDED also by enum kapi_doubt, behind the results */
struct kapi_counts {
	u64 of[KAPI_RESULTS + KAPI_DOUBTS];
};

/**
 * struct kapi_watch - a function's spec and how it fared; of one that is only learned, there
 *	are no clauses
 * @spec: the spec
 * @is_syscall: it is a system call's function
 * @address: where it begins
 * @ip: where it is probed
 * @clauses: number of its clauses, see kapi_clause_label()
 * @mmap_lock: index of the lock that is the caller's mmap_lock, or -1
 * @guarded: that lock guards what the values show
 * @has_unseen_locks: some locks have no class
 * @asks_caller: something is the caller's to see to
 * @keeps_spinlocks: others than sleep are held at one end of the call and not at the other
 * @condition_count: of @condition
 * @condition: each once, though several clauses may have it
 * @of_result: bits of those that ask for the result
 * @check_count: number of @checks
 * @checks: for the clauses that can be checked in this kernel
 * @lock_count: of @locks
 * @locks: those with a class, in the order of the spec
 * @learned: what was seen of its calls; NULL if it is not learned
 * @calls: on each CPU, to check one in every few
 * @counts: for each clause, its results since the validator was first switched on
 * @forgotten: for each clause, its results before the last reset
 * @limit: for each clause, of lines in the log
 */
struct kapi_watch {
	const struct kernel_api_spec *spec;
	bool is_syscall;
	unsigned long address;
	unsigned long ip;
	unsigned int clauses;
	int mmap_lock;
	bool guarded;
	bool has_unseen_locks;
	bool asks_caller;
	bool keeps_spinlocks;
	unsigned int condition_count;
	const struct kapi_condition *condition[KAPI_MAX_CONDITIONS];
	unsigned long of_result;
	unsigned int check_count;
	struct kapi_check *checks;
	unsigned int lock_count;
	const struct kapi_lock_spec *locks[KAPI_MAX_LOCKS];
	struct kapi_learned *learned;
	unsigned int __percpu *calls;
	struct kapi_counts __percpu *counts;
	struct kapi_counts *forgotten;
	struct ratelimit_state *limit;
};

/**
 * struct kapi_watch_set - the functions of vmlinux, or of a module, that are watched
 * @list: in kapi_watch_sets, vmlinux first
 * @owner: the module; NULL for vmlinux
 * @probe: of all of them
 * @count: of @watch
 * @watch: by address
 */
struct kapi_watch_set {
	struct list_head list;
	const struct module *owner;
	struct fprobe probe;
	unsigned int count;
	struct kapi_watch **watch;
};

extern struct mutex kapi_watch_lock;
extern struct list_head kapi_watch_sets;

struct kapi_watch *kapi_watch_create(const struct kernel_api_spec *spec);
void kapi_watch_free(struct kapi_watch *watch);
struct kapi_watch *kapi_watch_by_nr(unsigned long nr);
struct kapi_watch *kapi_watch_at(unsigned int i);
struct kapi_watch *kapi_watch_of(unsigned long address);
extern unsigned int kapi_every;
bool kapi_validating(void);
int kapi_validate(bool on);
int kapi_validate_set(struct kapi_watch_set *set);

/* === Observing ============================================================ */

/* Its probes are added in this order and removed in the other. */
struct kapi_probe {
	int (*add)(void);
	void (*remove)(void);
};

#define DEFINE_KAPI_PROBE(_event)					\
	static int add_##_event(void)					\
	{								\
		return register_trace_##_event(probe_##_event, NULL);	\
	}								\
	static void remove_##_event(void)				\
	{								\
		unregister_trace_##_event(probe_##_event, NULL);	\
	}								\
	const struct kapi_probe kapi_probe_##_event = {			\
		.add = add_##_event,					\
		.remove = remove_##_event,				\
	}

extern const struct kapi_probe kapi_probe_calls;
#ifdef CONFIG_FPROBE
int kapi_observe(struct kapi_watch_set *set);
void kapi_unobserve(struct kapi_watch_set *set);
bool kapi_misses_remote(enum kapi_remote which);
bool kapi_sees_faults(void);
void kapi_all_calls_over(void);
#else
static inline int kapi_observe(struct kapi_watch_set *set)
{
	return 0;
}

static inline void kapi_unobserve(struct kapi_watch_set *set) { }
static inline void kapi_all_calls_over(void) { }
static inline bool kapi_misses_remote(enum kapi_remote which)
{
	return false;
}

static inline bool kapi_sees_faults(void)
{
	return false;
}
#endif

extern const struct kapi_probe kapi_probe_sched_process_exit;
extern const struct kapi_probe kapi_probe_signal_generate;
extern const struct kapi_probe kapi_probe_kmalloc, kapi_probe_kmem_cache_alloc;
extern const struct kapi_probe kapi_probe_mm_page_alloc;
extern const struct kapi_probe kapi_probe_mmap_lock_acquire_returned;
extern const struct kapi_probe kapi_probe_mmap_lock_released;

#ifdef CONFIG_FAULT_INJECTION
extern const struct kapi_probe kapi_probe_fault_injected;
#define KAPI_FAULT_PROBES	&kapi_probe_fault_injected,
#else
#define KAPI_FAULT_PROBES
#endif

#ifdef CONFIG_LOCKDEP
extern const struct kapi_probe kapi_probe_lock_acquire, kapi_probe_lock_release;
#define KAPI_LOCK_PROBES						\
	&kapi_probe_mmap_lock_acquire_returned, &kapi_probe_mmap_lock_released, \
	&kapi_probe_lock_acquire, &kapi_probe_lock_release
#else
#define KAPI_LOCK_PROBES						\
	&kapi_probe_mmap_lock_acquire_returned, &kapi_probe_mmap_lock_released
#endif

/*
 * So many calls can be observed at a time: for each CPU, and in all, as the pool has room on
 * each CPU for all of them.
 */
#define KAPI_RECORDS_PER_CPU	64
#define KAPI_MAX_RECORDS	4096
/* And of a task, one in the other. */
#define KAPI_MAX_DEPTH		4

/**
 * kapi_is_disowned - whether the spec of a call is, or may be, gone
 * @call: of the current task
 *
 * Context: a probe.
 * Return: if false, the spec stays for as long as the probe runs.
 */
static inline bool kapi_is_disowned(const struct kapi_call *call)
{
	return call->watch && READ_ONCE(call->disowned) == call->watch;
}

/* The next, from there on outwards, that is not. */
static inline struct kapi_call *kapi_owned_call(struct kapi_call *call)
{
	while (call && kapi_is_disowned(call))
		call = call->outer;
	return call;
}

int kapi_records_create(void);
bool kapi_drop_all_calls(void);
void kapi_records_free(void);
void kapi_read_context(struct kapi_context *c);
void kapi_disown_records(const struct kapi_watch_set *set);
struct kapi_call *kapi_prepare_call(const struct kapi_watch *watch);
void kapi_forget_call(struct kapi_call *call);
void kapi_see_caller(struct kapi_call *call);
void kapi_begin_call(struct kapi_call *call);
void kapi_leave_call(struct kapi_call *call);
void kapi_end_call(struct kapi_call *call, long ret);
void kapi_drop_calls(struct task_struct *task);
bool kapi_is_due(const struct kapi_watch *watch);
unsigned long kapi_missed_calls(void);
struct kapi_call *kapi_running_call(void);
#define kapi_for_each_running(call)					\
	for (call = kapi_owned_call(kapi_running_call()); call;		\
	     call = kapi_owned_call(call->outer))
void kapi_take_readings(struct kapi_call *call, enum kapi_moment moment);
void kapi_count_up(u16 *count);

#ifdef CONFIG_LOCKDEP
const char *kapi_other_lock(struct kapi_call *call);
void kapi_see_held_locks(struct kapi_call *call);
#else
static inline void kapi_see_held_locks(struct kapi_call *call) { }
static inline const char *kapi_other_lock(struct kapi_call *call)
{
	return NULL;
}
#endif

/* === Learning ============================================================= */

enum kapi_seen_kind {
	KAPI_SEEN_ERROR,
	KAPI_SEEN_RESULT,
	KAPI_SEEN_SIGNAL,
	KAPI_SEEN_FROM,
	KAPI_SEEN_LOCK,
};

enum kapi_seen_result {
	KAPI_SEEN_ZERO,
	KAPI_SEEN_POSITIVE,
	KAPI_SEEN_NEGATIVE,
	KAPI_SEEN_LARGE,
};

enum kapi_seen_from {
	KAPI_SEEN_PROCESS,
	KAPI_SEEN_ATOMIC,	/* with preemption or interrupts off */
	KAPI_SEEN_SOFTIRQ,
	KAPI_SEEN_HARDIRQ,
};

/* Of those that do not sleep, with KAPI_SEEN_SPINS. */
enum kapi_seen_lock {
	KAPI_SEEN_READ,
	KAPI_SEEN_WRITE,
	KAPI_SEEN_SPINS,
};

struct kapi_learned;

/**
 * struct kapi_function - where a function without a spec is
 * @spec: one that claims nothing
 * @address: its address
 * @owner: the module that it is in; NULL for vmlinux
 * @syscall: of a system call
 */
struct kapi_function {
	const struct kernel_api_spec *spec;
	unsigned long address;
	const struct module *owner;
	const struct syscall_metadata *syscall;
};

int kapi_learn(const char *name);
int kapi_watch_add(const struct kapi_function *f, struct kapi_learned *learned);
void kapi_watch_forget(struct kapi_watch *watch);
void kapi_learn_lock(struct kapi_call *call, int how, const char *class);
void kapi_learn_caller(const struct kapi_call *call, int from);
void kapi_learn_call(const struct kapi_call *call);
void kapi_show_learned(struct seq_file *m, const struct kapi_learned *l);

/* === Reporting ============================================================ */

int kapi_counts_create(struct kapi_watch *watch);
bool kapi_report_caller(const struct kapi_call *call);
void kapi_report(const struct kapi_call *call);
u64 kapi_count_of(const struct kapi_watch *watch, unsigned int clause,
		  unsigned int result);
void kapi_report_reset(void);
void kapi_forget_violations_of(const struct module *mod);

#endif /* _KERNEL_API_VALIDATE_H */
