// SPDX-License-Identifier: GPL-2.0
/*
 * On User Mode Linux, which has no function tracer: system calls, by their tracepoints.
 *
 * Between these and the call come ptrace and seccomp, which are handled below, and audit,
 * with which the validator cannot be built.
 */
#include <linux/ptrace.h>
#include <linux/seccomp.h>
#include <trace/events/syscalls.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#include "../kapi.h"
#include "validate.h"

/* The entry is traced before ptrace and seccomp can reject the call. */
static bool may_be_refused(void)
{
	return current->ptrace || seccomp_mode(&current->seccomp) != SECCOMP_MODE_DISABLED;
}

/* What kapi_remote_end() needs when it is over; 0 if it changes no limits. */
static unsigned int begin_change(int nr)
{
	if (nr != __NR_prlimit64 && nr != __NR_setrlimit)
		return 0;
	return kapi_remote_begin(KAPI_REMOTE_LIMITS);
}

static void probe_sys_enter(void *data, struct pt_regs *regs, long unused)
{
	int nr = syscall_get_nr(current, regs);
	const struct kapi_watch *watch = kapi_watch_by_nr(nr);
	unsigned int changes_limits = begin_change(nr);
	struct kapi_call *call;

	kapi_drop_calls(current);
	if (watch && (may_be_refused() || !kapi_is_due(watch)))
		watch = NULL;
	if (likely(!watch && !changes_limits))
		return;
	call = kapi_prepare_call(watch);
	if (!call)
		return;
	call->changes_limits = changes_limits;
	syscall_get_arguments(current, regs, call->args);
	kapi_begin_call(call);
	if (changes_limits)
		kapi_remote_own(KAPI_REMOTE_LIMITS);
}

static void probe_sys_exit(void *data, struct pt_regs *regs, long unused)
{
	struct kapi_call *call = current->kapi_call;

	if (likely(!call))
		return;
	if (call->changes_limits)
		kapi_remote_end(KAPI_REMOTE_LIMITS, call->changes_limits);
	/* Another thread may have enabled seccomp after the entry. */
	if (call->watch && !may_be_refused())
		kapi_end_call(call, syscall_get_return_value(current, regs));
	else
		kapi_drop_calls(current);
}

/* Other probes of entry and exit run outside of what is observed. */
static int add_calls(void)
{
	int ret = register_trace_prio_sys_exit(probe_sys_exit, NULL, INT_MAX);

	if (ret)
		return ret;
	/* pidfd_getfd() is not observed here: it may be running at any time. */
	kapi_remote_begin(KAPI_REMOTE_FILES);
	ret = register_trace_prio_sys_enter(probe_sys_enter, NULL, INT_MIN);
	if (ret)
		unregister_trace_sys_exit(probe_sys_exit, NULL);
	return ret;
}

static void remove_calls(void)
{
	unregister_trace_sys_enter(probe_sys_enter, NULL);
	unregister_trace_sys_exit(probe_sys_exit, NULL);
}

const struct kapi_probe kapi_probe_calls = {
	.add = add_calls,
	.remove = remove_calls,
};
