// SPDX-License-Identifier: GPL-2.0
/*
 * The specs that calls are checked by, in sets: one for vmlinux, one for each module. Probes
 * read them without a lock: a set is freed when no probe can use it any more.
 */
#define pr_fmt(fmt) "kapi: " fmt

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <trace/syscall.h>
#include <asm/syscall.h>

#include "../kapi.h"
#include "validate.h"

/* Guards the list of sets, the counts, and the switch. */
DEFINE_MUTEX(kapi_watch_lock);
LIST_HEAD(kapi_watch_sets);

static struct kapi_watch *watch_by_nr[NR_syscalls];

/**
 * kapi_watch_by_nr - the spec that a call is checked by
 * @nr: the syscall's number, or anything else
 *
 * Context: any; one load.
 * Return: NULL if the call has no spec.
 */
struct kapi_watch *kapi_watch_by_nr(unsigned long nr)
{
	if (nr >= NR_syscalls)
		return NULL;
	return READ_ONCE(watch_by_nr[array_index_nospec(nr, NR_syscalls)]);
}

/* To walk all of them, with kapi_watch_lock held; NULL after the last. */
struct kapi_watch *kapi_watch_at(unsigned int i)
{
	struct kapi_watch_set *set;

	lockdep_assert_held(&kapi_watch_lock);
	list_for_each_entry(set, &kapi_watch_sets, list) {
		if (i < set->count)
			return set->watch[i];
		i -= set->count;
	}
	return NULL;
}

/* Likewise by the function's address. */
struct kapi_watch *kapi_watch_of(unsigned long address)
{
	const unsigned long ip = ftrace_location(address) ?: address;
	struct kapi_watch *watch;
	unsigned int i;

	for (i = 0; (watch = kapi_watch_at(i)); i++)
		if (watch->ip == ip)
			break;
	return watch;
}

/* Whether calls of the function are observed when the validator is on. */
bool kapi_is_watched(const struct kernel_api_spec *spec)
{
	const struct kapi_watch *watch;
	unsigned int i;

	guard(mutex)(&kapi_watch_lock);
	for (i = 0; (watch = kapi_watch_at(i)); i++)
		if (watch->spec == spec)
			return true;
	return false;
}

/* === A set of them ======================================================== */

static void free_set(struct kapi_watch_set *set)
{
	if (!set)
		return;
	while (set->count)
		kapi_watch_free(set->watch[--set->count]);
	kvfree(set->watch);
	kfree(set);
}

DEFINE_FREE(watch_set, struct kapi_watch_set *, free_set(_T))

static struct kapi_watch_set *create_set(const struct module *owner, size_t size)
{
	struct kapi_watch_set *set __free(watch_set) = kzalloc(sizeof(*set), GFP_KERNEL);

	if (!set)
		return NULL;
	set->owner = owner;
	set->watch = kvcalloc(size, sizeof(*set->watch), GFP_KERNEL);
	return set->watch ? no_free_ptr(set) : NULL;
}

static int compare_ip(const void *a, const void *b)
{
	const struct kapi_watch *x = *(const struct kapi_watch *const *)a;
	const struct kapi_watch *y = *(const struct kapi_watch *const *)b;

	return cmp_int(x->ip, y->ip);
}

/* The function must be traceable, unless tracepoints of system calls are used. */
static struct kapi_watch *watch_function(struct kapi_watch_set *set,
					 const struct kernel_api_spec *spec,
					 unsigned long address)
{
	const unsigned long ip = ftrace_location(address);
	struct kapi_watch *watch;

	if (!ip && !(IS_ENABLED(CONFIG_UML) && kapi_is_syscall(spec))) {
		pr_info("%s: cannot be traced, so it is not observed\n", spec->name);
		return NULL;
	}
	watch = kapi_watch_create(spec);
	if (!watch)
		return ERR_PTR(-ENOMEM);
	watch->address = address;
	watch->ip = ip ?: address;
	set->watch[set->count++] = watch;
	return watch;
}

static int watch_functions(struct kapi_watch_set *set)
{
	const struct kernel_api_spec *spec;
	unsigned long address;
	int ret = 0;

	kapi_for_each_spec(spec, &kapi_registry, set->owner) {
		if (kapi_is_syscall(spec) || ret)
			continue;
		address = kapi_function_address(spec, set->owner);
		ret = PTR_ERR_OR_ZERO(watch_function(set, spec, address));
	}
	sort(set->watch, set->count, sizeof(*set->watch), compare_ip, NULL);
	return ret;
}

/* === Of vmlinux =========================================================== */

/* Called once for each number; a call that has several is known by the last. */
static int __init watch_syscall(struct kapi_watch_set *set, unsigned int nr)
{
	const struct kernel_api_spec *spec = kapi_spec_by_nr(nr);
	struct kapi_watch *watch;

	if (!spec)
		return 0;
	watch = watch_function(set, spec, arch_syscall_addr(nr));
	if (IS_ERR_OR_NULL(watch))
		return PTR_ERR_OR_ZERO(watch);
	watch->is_syscall = true;
	watch_by_nr[nr] = watch;
	return 0;
}

static int __init watch_vmlinux(void)
{
	struct kapi_watch_set *set __free(watch_set) =
		create_set(NULL, NR_syscalls + kapi_registry.count);
	unsigned int nr;
	int ret = 0;

	if (!set)
		return -ENOMEM;
	for (nr = 0; nr < NR_syscalls && !ret; nr++)
		ret = watch_syscall(set, nr);
	ret = ret ?: watch_functions(set);
	if (ret)
		return ret;
	guard(mutex)(&kapi_watch_lock);
	list_add_tail(&no_free_ptr(set)->list, &kapi_watch_sets);
	return 0;
}

/**
 * kapi_validate_init - find the functions that have specs
 *
 * Context: boot, after kapi_index_syscalls().
 */
void __init kapi_validate_init(void)
{
	int ret = watch_vmlinux();

	if (!ret)
		return;
	pr_warn("no validator: %pe\n", ERR_PTR(ret));
	memset(watch_by_nr, 0, sizeof(watch_by_nr));
}

/* === Of modules =========================================================== */

/**
 * kapi_watch_module - watch the functions of a module, from now on
 * @mod: one that comes, with its specs registered
 * @count: the most specs it can have
 *
 * Context: may sleep. If memory runs out, they are not watched, which is logged.
 */
void kapi_watch_module(const struct module *mod, size_t count)
{
	struct kapi_watch_set *set __free(watch_set) = create_set(mod, count);
	int ret = set ? watch_functions(set) : -ENOMEM;

	guard(mutex)(&kapi_watch_lock);
	if (!ret && set->count)
		ret = kapi_validate_set(set);
	if (ret)
		pr_warn("%s: its functions are not observed: %pe\n", kapi_owner_name(mod),
			ERR_PTR(ret));
	else if (set->count)
		list_add_tail(&no_free_ptr(set)->list, &kapi_watch_sets);
}

static void drop_set(struct kapi_watch_set *set)
{
	list_del(&set->list);
	kapi_unobserve(set);
	kapi_disown_records(set);
	free_set(set);
}

/**
 * kapi_unwatch_module - forget the functions of a module
 * @mod: one that goes
 *
 * Context: may sleep. When it returns, the validator does not use the module any more, even
 * if a function of it never returns.
 */
void kapi_unwatch_module(const struct module *mod)
{
	struct kapi_watch_set *set, *next;

	guard(mutex)(&kapi_watch_lock);
	list_for_each_entry_safe(set, next, &kapi_watch_sets, list)
		if (set->owner == mod)
			drop_set(set);
	kapi_forget_violations_of(mod);
}

/* === Of functions that have no spec ======================================= */

static struct kapi_watch *watch_without_spec(struct kapi_watch_set *set,
					     const struct kapi_function *f)
{
	struct kapi_watch *watch = watch_function(set, f->spec, f->address);

	if (IS_ERR_OR_NULL(watch))
		return watch ?: ERR_PTR(-EOPNOTSUPP);
	watch->clauses = 0;
	watch->check_count = 0;
	watch->is_syscall = f->syscall;
	watch->asks_caller = !f->syscall;	/* to see it, wherever it calls from */
	watch->calls = alloc_percpu(unsigned int);
	return watch->calls ? watch : ERR_PTR(-ENOMEM);
}

/**
 * kapi_watch_add - observe a function that has no spec
 * @f: the function
 * @learned: what will be seen of it; of the watch from now on, but for an error
 *
 * Context: may sleep, with kapi_watch_lock held.
 * Return: 0; -EOPNOTSUPP if it cannot be traced; -ENOMEM, or what fprobe says.
 */
int kapi_watch_add(const struct kapi_function *f, struct kapi_learned *learned)
{
	struct kapi_watch_set *set __free(watch_set) = create_set(f->owner, 1);
	struct kapi_watch *watch;
	int ret;

	if (!set)
		return -ENOMEM;
	watch = watch_without_spec(set, f);
	if (IS_ERR(watch))
		return PTR_ERR(watch);
	watch->learned = learned;
	ret = kapi_validate_set(set);
	if (ret) {
		watch->learned = NULL;
		return ret;
	}
	if (f->syscall)
		WRITE_ONCE(watch_by_nr[f->syscall->syscall_nr], watch);
	list_add_tail(&no_free_ptr(set)->list, &kapi_watch_sets);
	return 0;
}

static void forget_nr(const struct kapi_watch *watch)
{
	unsigned int nr;

	for (nr = 0; nr < NR_syscalls; nr++)
		if (watch_by_nr[nr] == watch)
			WRITE_ONCE(watch_by_nr[nr], NULL);
	tracepoint_synchronize_unregister();
}

static struct kapi_watch_set *set_of(const struct kapi_watch *watch)
{
	struct kapi_watch_set *set;

	list_for_each_entry(set, &kapi_watch_sets, list)
		if (set->watch[0] == watch)
			return set;
	return NULL;	/* never: each is in one */
}

/**
 * kapi_watch_forget - do not learn a function any more
 * @watch: one that is learned
 *
 * Context: may sleep, with kapi_watch_lock held. Calls that are under way are not checked.
 */
void kapi_watch_forget(struct kapi_watch *watch)
{
	const struct kapi_watch_set only = { .count = 1, .watch = &watch };
	struct kapi_learned *learned = watch->learned;

	if (!watch->clauses) {
		forget_nr(watch);
		drop_set(set_of(watch));
		return;
	}
	WRITE_ONCE(watch->learned, NULL);
	kapi_disown_records(&only);
	kvfree(learned);
}
