// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to look at a function of some hundred instructions: its spec, if the
 * validator is on; or an empty probe, if "probe" says "fprobe" or "kretprobe". "ticks" is
 * what a call takes, the least of many batches; see harness/bench/calls.c.
 */
#include <linux/errno.h>
#include <linux/fprobe.h>
#include <linux/kernel_api_spec.h>
#include <linux/kprobes.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/timex.h>

#define CALLS	200	/* of a batch */
#define BATCHES	50

static char *probe = "";
module_param(probe, charp, 0400);

static unsigned long ticks = ULONG_MAX;
module_param(ticks, ulong, 0400);

static noinline __noclone int probe_cost_work(int n)
{
	int i;

	for (i = 0; i < 46; i++)
		asm volatile("" : "+r" (n));
	return n;
}

DEFINE_KERNEL_API_SPEC(probe_cost_work)
	KAPI_DESCRIPTION("Count")
	KAPI_CONTEXT(KAPI_CTX_PROCESS)
	KAPI_ARG(int, n, "what to return")
	KAPI_RETURNS(int, KAPI_RETURN_ERROR_CHECK, "n")
KAPI_END_SPEC;

static int see_entry(struct fprobe *fp, unsigned long ip, unsigned long return_ip,
		     struct ftrace_regs *fregs, void *data)
{
	return 0;
}

static void see_exit(struct fprobe *fp, unsigned long ip, unsigned long return_ip,
		     struct ftrace_regs *fregs, void *data)
{
}

static struct fprobe empty_fprobe = {
	.entry_handler = see_entry,
	.exit_handler = see_exit,
	.entry_data_size = sizeof(long),
};

static int see_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	return 0;
}

static struct kretprobe empty_kretprobe = {
	.kp.addr = (kprobe_opcode_t *)probe_cost_work,
	.entry_handler = see_return,
	.handler = see_return,
	.data_size = sizeof(long),
};

static int add_probe(void)
{
	const char *name = "probe_cost_work";

	if (!strcmp(probe, "fprobe"))
		return register_fprobe_syms(&empty_fprobe, &name, 1);
	if (!strcmp(probe, "kretprobe"))
		return register_kretprobe(&empty_kretprobe);
	return *probe ? -EINVAL : 0;
}

static void remove_probe(void)
{
	if (!strcmp(probe, "fprobe"))
		unregister_fprobe(&empty_fprobe);
	if (!strcmp(probe, "kretprobe"))
		unregister_kretprobe(&empty_kretprobe);
}

static unsigned long batch(void)
{
	cycles_t start = get_cycles();
	int i;

	for (i = 0; i < CALLS; i++)
		probe_cost_work(i);
	return (get_cycles() - start) / CALLS;
}

/* When the module is there: before that, none of its functions has been probed. */
static int measure(const char *text, const struct kernel_param *param)
{
	int i, ret = add_probe();

	if (ret)
		return ret;
	for (i = 0; i < BATCHES; i++)
		ticks = min(ticks, batch());
	remove_probe();
	return 0;
}

static const struct kernel_param_ops measure_ops = {
	.set = measure,
};

module_param_cb(measure, &measure_ops, NULL, 0200);

MODULE_DESCRIPTION("What it costs to look at a function");
MODULE_LICENSE("GPL");
