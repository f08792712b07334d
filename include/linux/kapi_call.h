/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the validator of API specifications keeps of a running system call, in
 * struct task_struct. See Documentation/dev-tools/kernel-api-spec.rst.
 */
#ifndef _LINUX_KAPI_CALL_H
#define _LINUX_KAPI_CALL_H

#include <linux/signal_types.h>
#include <linux/types.h>

struct kapi_watch;
struct mm_struct;

/* Most locks of one spec; here because each has its place in the record. */
#define KAPI_MAX_LOCKS		12
/* Most values of a snapshot, those that only the snapshot itself reads included. */
#define KAPI_MAX_VALUES		36
/* As syscall_get_arguments() has them. */
#define KAPI_MAX_ARGS		6

/**
 * struct kapi_lock_seen - how often a lock of the spec was taken and given back
 * @read: taken for read
 * @write: taken for write, or without a mode
 * @released: given back
 * @downgraded: from write to read, while it was held
 * @passed_over: taken for read by what may have been no part of the call
 *
 * The counts stop at their maximum.
 */
struct kapi_lock_seen {
	u16 read;
	u16 write;
	u16 released;
	bool downgraded;
	bool passed_over;
};

/**
 * struct kapi_context - the context at an end of the call
 * @preempt_count: as preempt_count()
 * @irqs_off: as irqs_disabled()
 */
struct kapi_context {
	int preempt_count;
	bool irqs_off;
};

/**
 * struct kapi_call - a task's running system call, as far as it was observed
 * @watch: the spec it is held to; NULL if no call is observed
 * @session: of the validator, at entry
 * @self: the validator is at work; what happens now is not the call's doing
 * @shared: another task could change the state of the snapshot at entry
 * @changes_limits: no call with a spec, but one that may change another process's limits
 * @passed_over: a signal was sent by what may have been no part of the call
 * @locked: the snapshots in @before and @after were made under the spec's lock
 * @for_read: that lock is held for read, since it was downgraded
 * @changed_for_read: what that lock guards changed then
 * @args: the arguments, as they lie in registers
 * @entry: the context at entry
 * @others_held: locks taken that are not of the spec, less those given back; with
 *	that of the entry's tracepoint, which is given back first
 * @limits_done: changes of resource limits that were over at entry
 * @mm: the caller's at entry, to know its mmap_lock by
 * @lock: one for each lock of the spec
 * @sent: signals sent by the call
 * @before: the snapshot at entry, or when the spec's lock was first taken
 * @after: the snapshot at exit, or when the lock was given back
 *
 * Only its own task writes it, and never from an interrupt, but for fork, which
 * resets the child's.
 */
struct kapi_call {
	const struct kapi_watch *watch;
	unsigned int session;
	bool self;
	bool shared;
	bool changes_limits;
	bool passed_over;
	bool locked;
	bool for_read;
	bool changed_for_read;
	unsigned long args[KAPI_MAX_ARGS];
	struct kapi_context entry;
	int others_held;
	unsigned int limits_done;
	const struct mm_struct *mm;
	struct kapi_lock_seen lock[KAPI_MAX_LOCKS];
	sigset_t sent;
	u64 before[KAPI_MAX_VALUES];
	u64 after[KAPI_MAX_VALUES];
};

#endif /* _LINUX_KAPI_CALL_H */
