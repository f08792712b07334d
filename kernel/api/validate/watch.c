// SPDX-License-Identifier: GPL-2.0
/* Prepares a spec so that calls can be checked by it. */
#define pr_fmt(fmt) "kapi: " fmt

#include <linux/bits.h>
#include <linux/cleanup.h>
#include <linux/ctype.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "../kapi.h"
#include "validate.h"

void kapi_watch_free(struct kapi_watch *watch)
{
	if (!watch)
		return;
	kvfree(watch->learned);
	free_percpu(watch->calls);
	free_percpu(watch->counts);
	kfree(watch->forgotten);
	kfree(watch->limit);
	kfree(watch->checks);
	kfree(watch);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_watch_free);

DEFINE_FREE(watch, struct kapi_watch *, kapi_watch_free(_T))

/* Under the lock there is no result yet to ask for. */
static bool asks_for_result(const struct kapi_condition *cond)
{
	static const char word[] = "result";
	const char *s = cond->text;

	while ((s = strstr(s, word))) {
		bool begins = s == cond->text || !(isalnum(s[-1]) || s[-1] == '_');

		s += strlen(word);
		if (begins && !isalnum(*s) && *s != '_')
			return true;
	}
	return false;
}

/* The index of a condition's reading, counted from 1; 0 if there is no room. */
static u8 add_condition(struct kapi_watch *watch, const struct kapi_condition *cond)
{
	unsigned int i;

	if (!cond || !cond->eval)
		return 0;
	for (i = 0; i < watch->condition_count; i++)
		if (watch->condition[i] == cond)
			return i + 1;
	if (i == KAPI_MAX_CONDITIONS)
		return 0;
	watch->of_result |= asks_for_result(cond) ? BIT(i) : 0;
	watch->condition[watch->condition_count++] = cond;
	return i + 1;
}

static void add_lock(struct kapi_watch *watch, const struct kapi_lock_spec *lock)
{
	if (kapi_is_mmap_lock(lock)) {
		watch->mmap_lock = watch->lock_count;
		watch->guarded = lock->mode == KAPI_LOCK_MODE_GUARD;
	}
	watch->locks[watch->lock_count++] = lock;
}

/* False if a condition or a lock finds no room. */
static bool prepare(struct kapi_watch *watch, struct kapi_check *check)
{
	const struct kapi_clause *clause = check->clause;
	const struct kapi_condition *cond = kapi_clause_condition(clause);
	const struct kapi_condition *unless = NULL;

	if (clause->kind == KAPI_SIDE_EFFECTS)
		unless = ((const struct kapi_side_effect_spec *)clause)->unless;
	check->error = kapi_clause_error(clause);
	check->cond = add_condition(watch, cond);
	check->unless = add_condition(watch, unless);
	check->when = add_condition(watch, clause->when);
	if ((cond && !check->cond) || (unless && !check->unless) ||
	    (clause->when && !check->when))
		return false;
	if (clause->kind != KAPI_LOCKS)
		return true;
	if (watch->lock_count == KAPI_MAX_LOCKS)
		return false;
	check->place = watch->lock_count;
	add_lock(watch, (const struct kapi_lock_spec *)clause);
	return true;
}

static void warn_of(const struct kernel_api_spec *spec, unsigned int n)
{
	char label[KAPI_LABEL_LEN];

	pr_warn("%s %s: not checked, the spec has more than %u conditions or %u locks\n",
		spec->name, kapi_clause_label(spec, n, label), KAPI_MAX_CONDITIONS,
		KAPI_MAX_LOCKS);
}

/* Leaves out the clauses that this kernel cannot check. */
static void find_checks(struct kapi_watch *watch)
{
	const struct kernel_api_spec *spec = watch->spec;
	struct kapi_check *check = watch->checks;
	struct kapi_clause_ref ref;
	unsigned int n;

	for (n = 0; n < watch->clauses; n++) {
		*check = (struct kapi_check){
			.n = n,
			.check = kapi_find_check(spec, n),
			.caller = kapi_find_caller_check(spec, n),
		};
		if ((!check->check && !check->caller) || kapi_not_here(spec, n))
			continue;
		if (n >= KAPI_RULES && kapi_find_clause(spec, n, &ref)) {
			check->clause = ref.clause;
			check->place = ref.i;
		}
		if (check->clause && !prepare(watch, check)) {
			warn_of(spec, n);
			continue;
		}
		watch->asks_caller |= !!check->caller;
		check++;
	}
	watch->check_count = check - watch->checks;
}

static bool sleeps(const struct kapi_lock_spec *lock)
{
	return lock->type == KAPI_LOCK_MUTEX || lock->type == KAPI_LOCK_SEMAPHORE ||
	       lock->type == KAPI_LOCK_RWSEM;
}

static void look_at_locks(struct kapi_watch *watch)
{
	const struct kapi_lock_spec *lock;

	kapi_for_each_clause(lock, watch->spec, KAPI_LOCKS) {
		watch->has_unseen_locks |= !lock->class_name;
		watch->keeps_spinlocks |= !sleeps(lock) &&
					  lock->held_on_entry != lock->held_on_exit;
	}
}

/**
 * kapi_watch_create - prepare a spec so that calls can be checked by it
 * @spec: one that was accepted
 *
 * Return: to be freed by kapi_watch_free(); NULL if there is no memory.
 */
struct kapi_watch *kapi_watch_create(const struct kernel_api_spec *spec)
{
	struct kapi_watch *watch __free(watch) = kzalloc(sizeof(*watch), GFP_KERNEL);

	if (!watch)
		return NULL;
	watch->spec = spec;
	watch->clauses = kapi_clause_end(spec);
	watch->mmap_lock = -1;
	look_at_locks(watch);
	watch->checks = kcalloc(watch->clauses + 1, sizeof(*watch->checks), GFP_KERNEL);
	if (!watch->checks)
		return NULL;
	find_checks(watch);
	return no_free_ptr(watch);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_watch_create);
