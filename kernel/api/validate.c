// SPDX-License-Identifier: GPL-2.0
/*
 * The specs that the validator watches, and its switch.
 *
 * Only syscalls are watched, and only vmlinux has specs of syscalls: what is
 * built here at boot stays for good, and a probe needs no lock to look at it.
 */
#define pr_fmt(fmt) "kapi: " fmt

#include <linux/cleanup.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/percpu.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include <trace/syscall.h>
#include <asm/syscall.h>

#include "kapi.h"
#include "validate.h"

/* A broken clause is told in the log once in this time. */
#define LOG_INTERVAL	(5 * HZ)

static struct kapi_watch **watch_by_nr __ro_after_init;
static struct kapi_watch **watches __ro_after_init;
static unsigned int watch_count __ro_after_init;

/* Whether probes are registered; guards them, too. */
static DEFINE_MUTEX(switch_lock);
static bool validating;

/* Counts the times that it was switched: a record is of one session only. */
static unsigned int session;

/* === What is watched ====================================================== */

/**
 * kapi_watch_by_nr - the spec that a call is held to
 * @nr: the syscall's number, or anything else
 *
 * Context: any; one load.
 * Return: NULL if the call has no spec.
 */
struct kapi_watch *kapi_watch_by_nr(unsigned long nr)
{
	if (nr >= NR_syscalls)
		return NULL;
	return watch_by_nr[array_index_nospec(nr, NR_syscalls)];
}

/* For walks over all of them: NULL behind the last. */
struct kapi_watch *kapi_watch_at(unsigned int i)
{
	return i < watch_count ? watches[i] : NULL;
}

/* Whether calls of the function are observed when the validator is on. */
bool kapi_is_watched(const struct kernel_api_spec *spec)
{
	unsigned int i;

	for (i = 0; i < watch_count; i++)
		if (watches[i]->spec == spec)
			return true;
	return false;
}

static void free_watch(struct kapi_watch *watch)
{
	if (!watch)
		return;
	free_percpu(watch->counts);
	kfree(watch->forgotten);
	kfree(watch->limit);
	kfree(watch->checks);
	kfree(watch);
}

DEFINE_FREE(watch, struct kapi_watch *, free_watch(_T))

static int __init find_mmap_lock(const struct kernel_api_spec *spec)
{
	int i;

	for (i = 0; i < KAPI_MAX_LOCKS && spec->locks[i]; i++)
		if (kapi_is_mmap_lock(spec->locks[i]))
			return i;
	return -1;
}

/* What nothing in this kernel can contradict is not tried with every call. */
static void __init find_checks(struct kapi_watch *watch)
{
	const struct kernel_api_spec *spec = watch->spec;
	unsigned int n;

	for (n = 0; n < watch->clauses; n++) {
		if (kapi_is_decidable(spec, n) &&
		    kapi_find_check(spec, n, &watch->checks[watch->check_count]))
			watch->check_count++;
	}
}

static struct kapi_watch *__init create_watch(const struct kernel_api_spec *spec)
{
	unsigned int i, clauses = kapi_clause_end(spec);
	struct kapi_watch *watch __free(watch) = kzalloc(sizeof(*watch), GFP_KERNEL);

	if (!watch)
		return NULL;
	watch->spec = spec;
	watch->clauses = clauses;
	watch->mmap_lock = find_mmap_lock(spec);
	watch->counts = __alloc_percpu(size_mul(clauses, sizeof(struct kapi_counts)),
				       __alignof__(struct kapi_counts));
	watch->forgotten = kcalloc(clauses, sizeof(*watch->forgotten), GFP_KERNEL);
	watch->limit = kcalloc(clauses, sizeof(*watch->limit), GFP_KERNEL);
	watch->checks = kcalloc(clauses, sizeof(*watch->checks), GFP_KERNEL);
	if (!watch->counts || !watch->forgotten || !watch->limit || !watch->checks)
		return NULL;
	find_checks(watch);
	for (i = 0; i < clauses; i++) {
		ratelimit_state_init(&watch->limit[i], LOG_INTERVAL, 1);
		ratelimit_set_flags(&watch->limit[i], RATELIMIT_MSG_ON_RELEASE);
	}
	return no_free_ptr(watch);
}

/* Called once for each number; a call that has two is watched as two. */
static int __init watch_syscall(unsigned int nr)
{
	const struct kernel_api_spec *spec = kapi_spec_by_nr(nr);
	struct kapi_watch *watch;

	if (!spec)
		return 0;
	watch = create_watch(spec);
	if (!watch)
		return -ENOMEM;
	watch_by_nr[nr] = watch;
	watches[watch_count++] = watch;
	return 0;
}

static int __init watch_syscalls(void)
{
	unsigned int nr;
	int ret = 0;

	watch_by_nr = kvcalloc(NR_syscalls, sizeof(*watch_by_nr), GFP_KERNEL);
	watches = kvcalloc(NR_syscalls, sizeof(*watches), GFP_KERNEL);
	if (!watch_by_nr || !watches)
		return -ENOMEM;
	for (nr = 0; nr < NR_syscalls && !ret; nr++)
		ret = watch_syscall(nr);
	return ret;
}

/* === The switch =========================================================== */

/*
 * Whoever sees an entry must see all of the call, so entries come last. They go
 * first, together with exits: a call that is under way then is not judged.
 */
static const struct kapi_probe *const probes[] = {
	&kapi_probe_signal_generate,
	KAPI_LOCK_PROBES,
	&kapi_probe_sys_exit,
	&kapi_probe_sys_enter,
};

#define CALL_PROBES	2	/* the last ones */

static void remove_probes(unsigned int count)
{
	const unsigned int inner = ARRAY_SIZE(probes) - CALL_PROBES;

	while (count > inner)
		probes[--count]->remove();
	tracepoint_synchronize_unregister();
	while (count > 0)
		probes[--count]->remove();
	tracepoint_synchronize_unregister();
}

static int add_probes(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		ret = probes[i]->add();
		if (ret) {
			remove_probes(i);
			return ret;
		}
	}
	return 0;
}

/* Of a record left over from before, the exit may come in a later session. */
unsigned int kapi_session(void)
{
	return READ_ONCE(session);
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
 * Return: 0, or -ENOMEM, and then it is as before.
 */
int kapi_validate(bool on)
{
	int ret = 0;

	guard(mutex)(&switch_lock);
	if (on == validating)
		return 0;
	if (!watch_by_nr)
		return -ENOMEM;
	WRITE_ONCE(session, session + 1);
	if (on) {
		kapi_observe_begin();
		ret = add_probes();
	} else {
		remove_probes(ARRAY_SIZE(probes));
	}
	if (!ret)
		WRITE_ONCE(validating, on);
	return ret;
}

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "kapi."

static bool validate_at_boot __initdata;
module_param_named(validate, validate_at_boot, bool, 0);

/* Before the first process, and late enough for tracepoints. */
static int __init kapi_validate_start(void)
{
	int ret = validate_at_boot ? kapi_validate(true) : 0;

	if (ret)
		pr_warn("kapi.validate: not switched on: %pe\n", ERR_PTR(ret));
	return 0;
}
late_initcall(kapi_validate_start);

/**
 * kapi_validate_init - find the syscalls that have specs
 *
 * Context: boot, after kapi_index_syscalls().
 */
void __init kapi_validate_init(void)
{
	int ret = watch_syscalls();

	if (!ret)
		return;
	pr_warn("no validator: %pe\n", ERR_PTR(ret));
	while (watch_count)
		free_watch(watches[--watch_count]);
	kvfree(watches);
	kvfree(watch_by_nr);
	watch_by_nr = NULL;
}
