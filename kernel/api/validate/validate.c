// SPDX-License-Identifier: GPL-2.0
/*
 * The validator's switch.
 */
#define pr_fmt(fmt) "kapi: " fmt

#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/init.h>
#include <linux/limits.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/tracepoint.h>

#include "../kapi.h"
#include "validate.h"

/* Whether probes are registered. */
static bool validating;

/*
 * The probe of calls is registered last, so that all of a call is seen, and goes first: a
 * call that is running then is not checked. The exit of tasks is observed as long as there
 * are records.
 */
static const struct kapi_probe *const probes[] = {
	&kapi_probe_sched_process_exit,
	&kapi_probe_signal_generate,
	&kapi_probe_kmalloc,
	&kapi_probe_kmem_cache_alloc,
	&kapi_probe_mm_page_alloc,
	KAPI_FAULT_PROBES
	KAPI_LOCK_PROBES,
	&kapi_probe_calls,
};

static void remove_down_to(unsigned int *count, unsigned int keep)
{
	while (*count > keep)
		probes[--*count]->remove();
	tracepoint_synchronize_unregister();
}

/* A call that was running when the validator was switched off may still be. */
static void stop(unsigned int count)
{
	static bool any_left;

	remove_down_to(&count, min_t(unsigned int, count, ARRAY_SIZE(probes) - 1));
	remove_down_to(&count, min(count, 1U));
	any_left |= kapi_drop_all_calls();
	if (!any_left)
		kapi_all_calls_over();
	remove_down_to(&count, 0);
	kapi_records_free();
}

static int start(void)
{
	unsigned int i;
	int ret = kapi_records_create();

	for (i = 0; i < ARRAY_SIZE(probes) && !ret; i++) {
		ret = probes[i]->add();
		if (ret)
			stop(i);
	}
	return ret;
}

static int create_counts(void)
{
	struct kapi_watch *watch;
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && (watch = kapi_watch_at(i)); i++)
		ret = kapi_counts_create(watch);
	return ret;
}

/**
 * kapi_validate_set - observe a new set of functions if the validator is on
 * @set: not in kapi_watch_sets yet
 *
 * Context: may sleep, with kapi_watch_lock held.
 * Return: 0 or an error.
 */
int kapi_validate_set(struct kapi_watch_set *set)
{
	unsigned int i;
	int ret = 0;

	if (!validating)
		return 0;
	for (i = 0; i < set->count && !ret; i++)
		ret = kapi_counts_create(set->watch[i]);
	return ret ?: kapi_observe(set);
}

bool kapi_validating(void)
{
	return READ_ONCE(validating);
}

/**
 * kapi_validate - switch the validator on or off
 * @on: which
 *
 * Context: may sleep. Once it is off, none of its probes runs any more.
 * Return: 0; -ENOMEM, or what fprobe says, and then it is as before.
 */
int kapi_validate(bool on)
{
	int ret = 0;

	guard(mutex)(&kapi_watch_lock);
	if (on == validating)
		return 0;
	if (on)
		ret = create_counts() ?: start();
	else
		stop(ARRAY_SIZE(probes));
	if (!ret)
		WRITE_ONCE(validating, on);
	return ret;
}

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "kapi."

static bool validate_at_boot __initdata;
module_param_named(validate, validate_at_boot, bool, 0);

/* On each CPU, one in this many calls of each spec is checked. */
unsigned int kapi_every = 1;

static int set_every(const char *text, const struct kernel_param *param)
{
	return param_set_uint_minmax(text, param, 1, UINT_MAX);
}

static const struct kernel_param_ops every_ops = {
	.set = set_every,
	.get = param_get_uint,
};
module_param_cb(every, &every_ops, &kapi_every, 0);

/* Before the first process, and late enough for tracepoints. */
static int __init kapi_validate_start(void)
{
	int ret = validate_at_boot ? kapi_validate(true) : 0;

	if (ret)
		pr_warn("kapi.validate: not switched on: %pe\n", ERR_PTR(ret));
	return 0;
}
late_initcall(kapi_validate_start);
