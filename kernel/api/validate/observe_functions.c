// SPDX-License-Identifier: GPL-2.0
/*
 * Observes functions, system calls included, by fprobe: it encloses the function itself
 * and does not touch functions without a spec.
 */
#define pr_fmt(fmt) "kapi: " fmt

#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/bpf.h>
#include <linux/bsearch.h>
#include <linux/cleanup.h>
#include <linux/compat.h>
#include <linux/err.h>
#include <linux/fprobe.h>
#include <linux/ftrace.h>
#include <linux/mm_types.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/trace_recursion.h>
#include <asm/syscall.h>

#include "../kapi.h"
#include "validate.h"

static int compare_to_ip(const void *key, const void *element)
{
	const unsigned long *ip = key;
	const struct kapi_watch *const *watch = element;

	return *ip < (*watch)->ip ? -1 : *ip > (*watch)->ip;
}

static const struct kapi_watch *find_watch(struct fprobe *probe, unsigned long ip)
{
	const struct kapi_watch_set *set = container_of(probe, struct kapi_watch_set, probe);
	struct kapi_watch **found = __inline_bsearch(&ip, set->watch, set->count,
						     sizeof(*set->watch), compare_to_ip);

	return found ? *found : NULL;
}

/* Where the architecture wraps system calls, their functions get the registers. */
static void read_arguments(struct kapi_call *call, struct ftrace_regs *fregs)
{
	unsigned int i;

	if (IS_ENABLED(CONFIG_ARCH_HAS_SYSCALL_WRAPPER) && call->watch->is_syscall) {
		syscall_get_arguments(current, (void *)ftrace_regs_get_argument(fregs, 0),
				      call->args);
		return;
	}
	for (i = 0; i < KAPI_MAX_ARGS; i++)
		call->args[i] = ftrace_regs_get_argument(fregs, i);
}

/* kapi_drop_all_calls() cannot find a task that is not on the task list. */
static bool is_listed(const struct task_struct *task)
{
	return !(task->flags & PF_EXITING) && !is_idle_task(task);
}

/* With PF_MEMALLOC or in a BPF program, failed allocations are not seen. */
static bool is_observed(const struct kapi_watch *watch)
{
	return in_task() && is_listed(current) && !(current->flags & PF_MEMALLOC) &&
	       !has_current_bpf_ctx() && !(watch->is_syscall && in_compat_syscall());
}

/* What the probe itself adds to the preempt_count that an entry handler sees. */
static int probe_preemption;

/*
 * If others trace the function, too, ftrace calls all of them in a loop, which disables
 * preemption once more; at entry only.
 */
static int preemption_of_loop(void)
{
	const unsigned long bits = BIT(TRACE_LIST_START + TRACE_CTX_NORMAL) |
				   BIT(TRACE_LIST_START + TRACE_CTX_TRANSITION);

	return hweight_long(current->trace_recursion & bits) * PREEMPT_DISABLE_OFFSET;
}

static struct kapi_call *prepare_call(const struct kapi_watch *watch, unsigned long return_ip,
				      struct ftrace_regs *fregs)
{
	struct kapi_call *call;

	/* No call can be running when a syscall begins: the end of any that is left was missed. */
	if (watch->is_syscall)
		kapi_drop_calls(current);
	call = kapi_prepare_call(watch);
	if (!call)
		return NULL;
	read_arguments(call, fregs);
	call->entry.preempt_count -= preemption_of_loop();
	if (watch->is_syscall)
		return call;
	call->caller = return_ip;
	call->own_preemption = probe_preemption;
	kapi_see_caller(call);
	return call;
}

/* Returns whether the call is checked further. */
static bool begin_call(struct kapi_call *call)
{
	kapi_begin_call(call);
	if (!call->watch->asks_caller || !kapi_report_caller(call))
		return true;
	kapi_leave_call(call);
	return false;
}

/* For a call that cannot be observed, as in an interrupt. */
static void check_caller_only(struct kapi_call *call)
{
	kapi_report_caller(call);
	kapi_forget_call(call);
}

/* Returns 0 if the exit is to be seen, too. */
static int see_entry(struct fprobe *probe, unsigned long ip, unsigned long return_ip,
		     struct ftrace_regs *fregs, void *data)
{
	const struct kapi_watch *watch = find_watch(probe, ip);
	const bool observed = watch && is_observed(watch);
	struct kapi_call *call;

	if (in_nmi() || !(observed || (watch && watch->asks_caller)) || !kapi_is_due(watch))
		return 1;
	call = prepare_call(watch, return_ip, fregs);
	if (!call)
		return 1;
	*(struct kapi_call **)data = call;
	if (observed)
		return !begin_call(call);
	check_caller_only(call);
	return 1;
}

static void see_exit(struct fprobe *probe, unsigned long ip, unsigned long return_ip,
		     struct ftrace_regs *fregs, void *data)
{
	kapi_end_call(*(struct kapi_call **)data, ftrace_regs_get_return_value(fregs));
}

/* === What processes do that share nothing ================================= */

/**
 * struct remote_probe - of a function that does something to other processes
 * @probe: its probe
 * @which: what it does
 * @name: its name
 */
struct remote_probe {
	struct fprobe probe;
	enum kapi_remote which;
	const char *name;
};

static int see_remote_entry(struct fprobe *probe, unsigned long ip, unsigned long return_ip,
			    struct ftrace_regs *fregs, void *data)
{
	const enum kapi_remote which = container_of(probe, struct remote_probe, probe)->which;

	*(unsigned int *)data = kapi_remote_begin(which);
	kapi_remote_own(which);
	return 0;
}

static void see_remote_exit(struct fprobe *probe, unsigned long ip, unsigned long return_ip,
			    struct ftrace_regs *fregs, void *data)
{
	kapi_remote_end(container_of(probe, struct remote_probe, probe)->which,
			*(unsigned int *)data);
}

#define REMOTE_PROBE(_which, _name) {					\
	.probe = {							\
		.entry_handler = see_remote_entry,			\
		.exit_handler = see_remote_exit,			\
		.entry_data_size = sizeof(unsigned int),		\
	},								\
	.which = _which,						\
	.name = _name,							\
}

/* Changing another process's limits and taking its files go through these. */
static struct remote_probe remote_probes[KAPI_REMOTES] = {
	[KAPI_REMOTE_LIMITS] = REMOTE_PROBE(KAPI_REMOTE_LIMITS, "do_prlimit"),
	[KAPI_REMOTE_FILES] = REMOTE_PROBE(KAPI_REMOTE_FILES, "fget_task"),
};

/* Whether some calls were missed. */
bool kapi_misses_remote(enum kapi_remote which)
{
	/* It only rises. */
	return data_race(remote_probes[which].probe.nmissed);
}

/* If a probe fails, its function counts as always running. */
static void observe_remote(void)
{
	struct remote_probe *p;

	for (p = remote_probes; p < remote_probes + ARRAY_SIZE(remote_probes); p++)
		if (register_fprobe_syms(&p->probe, &p->name, 1))
			kapi_remote_begin(p->which);
}

static void unobserve_remote(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(remote_probes); i++)
		unregister_fprobe_async(&remote_probes[i].probe);
}

/* === Page faults ========================================================== */

static int see_fault_entry(struct fprobe *probe, unsigned long ip, unsigned long return_ip,
			   struct ftrace_regs *fregs, void *data)
{
	return !kapi_running_call();
}

static void see_fault_exit(struct fprobe *probe, unsigned long ip, unsigned long return_ip,
			   struct ftrace_regs *fregs, void *data)
{
	struct kapi_call *call;

	if (ftrace_regs_get_return_value(fregs) & VM_FAULT_ERROR)
		kapi_for_each_running(call)
			call->failed_faults++;
}

/* Page faults, those of get_user_pages() included. */
static struct fprobe faults_probe = {
	.entry_handler = see_fault_entry,
	.exit_handler = see_fault_exit,
};

static bool sees_faults;

bool kapi_sees_faults(void)
{
	/* It only rises. */
	return sees_faults && !data_race(faults_probe.nmissed);
}

static void observe_faults(void)
{
	const char *name = "handle_mm_fault";

	sees_faults = !register_fprobe_syms(&faults_probe, &name, 1);
}

/* === The switch =========================================================== */

/*
 * fprobe warns if a function returns after all fprobes were removed and a new one was added.
 * So keep one, on a function that nobody else calls, while calls may be running.
 */
static noinline __used void kapi_measure_preemption(void)
{
	barrier();
}

static int see_own_preemption(struct fprobe *probe, unsigned long ip, unsigned long return_ip,
			      struct ftrace_regs *fregs, void *data)
{
	WRITE_ONCE(probe_preemption, preempt_count() - preemption_of_loop());
	return 1;
}

static void see_nothing(struct fprobe *probe, unsigned long ip, unsigned long return_ip,
			struct ftrace_regs *fregs, void *data)
{
}

static struct fprobe last_probe = {
	.entry_handler = see_own_preemption,
	.exit_handler = see_nothing,
};

/* This may sleep, so preempt_count is 0: any more is the probe's. */
static int add_last_probe(void)
{
	unsigned long ip = ftrace_location((unsigned long)kapi_measure_preemption);
	int ret = 0;

	if (!fprobe_is_registered(&last_probe))
		ret = register_fprobe_ips(&last_probe, &ip, 1);
	WRITE_ONCE(probe_preemption, -1);
	kapi_measure_preemption();
	if (!ret && READ_ONCE(probe_preemption) < 0)
		ret = -ENODEV;
	return ret;
}

/* Called while no call is observed and none that was is still running. */
void kapi_all_calls_over(void)
{
	unregister_fprobe_async(&last_probe);
}

static const struct fprobe functions_probe = {
	.entry_handler = see_entry,
	.exit_handler = see_exit,
	.entry_data_size = sizeof(struct kapi_call *),
};

/**
 * kapi_observe - observe the functions of a set
 * @set: not observed so far
 *
 * Return: 0, -ENOMEM, or what fprobe says.
 */
int kapi_observe(struct kapi_watch_set *set)
{
	unsigned long *ips __free(kfree) = kcalloc(set->count, sizeof(*ips), GFP_KERNEL);
	unsigned int i;

	if (!set->count)
		return 0;
	if (!ips)
		return -ENOMEM;
	for (i = 0; i < set->count; i++)
		ips[i] = set->watch[i]->ip;
	set->probe = functions_probe;
	return register_fprobe_ips(&set->probe, ips, i);
}

/* If it is observed; waits until none of its handlers runs. */
void kapi_unobserve(struct kapi_watch_set *set)
{
	unregister_fprobe(&set->probe);
}

/* What others do matters until the last call is over. */
static void remove_calls(void)
{
	struct kapi_watch_set *set;

	list_for_each_entry(set, &kapi_watch_sets, list)
		unregister_fprobe_async(&set->probe);
	synchronize_rcu();
	unobserve_remote();
	unregister_fprobe_async(&faults_probe);
	synchronize_rcu();
}

static int observe_all(void)
{
	struct kapi_watch_set *set;
	int ret = 0;

	list_for_each_entry(set, &kapi_watch_sets, list)
		ret = ret ?: kapi_observe(set);
	return ret;
}

static int add_calls(void)
{
	int ret = add_last_probe();

	if (ret)
		return ret;
	observe_remote();
	observe_faults();
	ret = observe_all();
	if (ret) {
		pr_warn("no function can be observed: %pe\n", ERR_PTR(ret));
		remove_calls();
	}
	return ret;
}

const struct kapi_probe kapi_probe_calls = {
	.add = add_calls,
	.remove = remove_calls,
};
