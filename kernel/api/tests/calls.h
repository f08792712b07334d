/* SPDX-License-Identifier: GPL-2.0 */
/* Lets this thread pretend to make an observed call, and reads the counters. */
#ifndef _KERNEL_API_TESTS_CALLS_H
#define _KERNEL_API_TESTS_CALLS_H

#include <kunit/test.h>
#include <linux/debug_locks.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/syscall.h>
#include <asm/unistd.h>
#include <trace/events/syscalls.h>

#include "../kapi.h"
#include "../validate/report.h"
#include "../validate/validate.h"

#ifdef CONFIG_UML
static inline void enter_with(long nr, const unsigned long *args)
{
	struct pt_regs regs = *current_pt_regs();

	syscall_set_nr(current, &regs, nr);
	syscall_set_arguments(current, &regs, args);
	trace_sys_enter(&regs, nr);
}

/* The tracepoint warns where it might sleep; a call that leaks something may not. */
static inline void leave(long ret)
{
	struct pt_regs regs = *current_pt_regs();

	syscall_set_return_value(current, &regs, 0, ret);
	pagefault_disable();
	trace_sys_exit(&regs, ret);
	pagefault_enable();
}
#else
/* As from the function's probe. */
static inline void enter_with(long nr, const unsigned long *args)
{
	const struct kapi_watch *watch = kapi_watch_by_nr(nr);
	struct kapi_call *call;

	if (!kapi_validating() || !watch || !kapi_is_due(watch))
		return;
	call = kapi_prepare_call(watch);
	if (!call)
		return;
	memcpy(call->args, args, sizeof(call->args));
	kapi_begin_call(call);
}

static inline void leave(long ret)
{
	if (current->kapi_call)
		kapi_end_call(current->kapi_call, ret);
}
#endif

static inline void enter(long nr)
{
	const unsigned long args[KAPI_MAX_ARGS] = {};

	enter_with(nr, args);
}

/* Pretends to enter prlimit(). Returns what leave_prlimit() needs. */
static inline unsigned int enter_prlimit(void)
{
	enter(__NR_prlimit64);
	return IS_ENABLED(CONFIG_UML) ? 0 : kapi_remote_begin(KAPI_REMOTE_LIMITS);
}

static inline void leave_prlimit(unsigned int entered)
{
	if (!IS_ENABLED(CONFIG_UML))
		kapi_remote_end(KAPI_REMOTE_LIMITS, entered);
	leave(0);
}

/* The number of the clause with this label; if there is none, one too high. */
static inline unsigned int clause_labelled(const struct kapi_watch *watch, const char *label)
{
	char buf[KAPI_LABEL_LEN];
	unsigned int n;

	for (n = 0; n < watch->clauses; n++)
		if (!strcmp(kapi_clause_label(watch->spec, n, buf), label))
			break;
	return n;
}

static inline u64 count_of(const struct kapi_watch *watch, const char *label,
			   enum kapi_result result)
{
	unsigned int n = clause_labelled(watch, label);

	return n < watch->clauses ? kapi_count_of(watch, n, result) : U64_MAX;
}

/* Lockdep may have switched itself off. */
static inline void skip_without_lockdep(struct kunit *test)
{
	if (!(IS_ENABLED(CONFIG_LOCKDEP) && debug_locks))
		kunit_skip(test, "needs CONFIG_LOCKDEP, and that it is on");
}

/* The validator as a suite found it. */
struct validator_state {
	bool validating;
	const char *reaction;
};

/* Until it is put back, a violation is only logged. */
static inline struct validator_state save_validator(void)
{
	struct validator_state before = {
		.validating = kapi_validating(),
		.reaction = kapi_reaction(),
	};

	kapi_set_reaction("log");
	return before;
}

static inline void put_back_validator(const struct validator_state *before)
{
	kapi_validate(before->validating);
	kapi_set_reaction(before->reaction);
	kapi_report_reset();
}

static inline void set_pending(int signal, bool pending)
{
	unsigned long flags;

	if (!lock_task_sighand(current, &flags))
		return;
	if (pending)
		sigaddset(&current->pending.signal, signal);
	else
		sigdelset(&current->pending.signal, signal);
	recalc_sigpending();
	unlock_task_sighand(current, &flags);
}

#endif /* _KERNEL_API_TESTS_CALLS_H */
