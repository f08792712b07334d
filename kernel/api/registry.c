// SPDX-License-Identifier: GPL-2.0
/*
 * All specs known, as one array sorted by name.
 *
 * A section of specs is checked, sorted and merged at once: n log n for the section plus
 * one pass over the existing entries. Specs come and go with modules, which is rare, so the
 * array keeps no room to grow.
 */
#define pr_fmt(fmt) "kapi: " fmt

#include <linux/cleanup.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "kapi.h"

struct kapi_registry kapi_registry = KAPI_REGISTRY_INIT(kapi_registry);
EXPORT_SYMBOL_IF_KUNIT(kapi_registry);

const char *kapi_owner_name(const struct module *owner)
{
	return owner ? module_name((struct module *)owner) : "vmlinux";
}

/* === Rejects ============================================================== */

/* Names and reasons may contain anything: logs and keeps a printable form of them. */
static void reject_for(struct kapi_registry *reg, const struct module *owner,
		       const char *name, const char *reason, int reason_len)
{
	struct kapi_reject *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int len = strnlen(name ?: "(null)", sizeof(r->name));

	pr_warn_ratelimited("%s: %*pE rejected: %*pE\n", kapi_owner_name(owner),
			    len, name ?: "(null)", reason_len, reason);
	if (!r)
		return;
	r->owner = owner;
	scnprintf(r->name, sizeof(r->name), "%*pE", len, name ?: "(null)");
	scnprintf(r->reason, sizeof(r->reason), "%*pE", reason_len, reason);
	list_add_tail(&r->list, &reg->rejects);
}

/* One line for each mistake. */
static void reject(struct kapi_registry *reg, const struct module *owner,
		   const char *name, const char *reason)
{
	while (*reason) {
		int len = strcspn(reason, "\n");

		reject_for(reg, owner, name, reason, len);
		reason += len + (reason[len] == '\n');
	}
}

static void drop_rejects(struct kapi_registry *reg, const struct module *owner)
{
	struct kapi_reject *r, *next;

	list_for_each_entry_safe(r, next, &reg->rejects, list) {
		if (r->owner != owner)
			continue;
		list_del(&r->list);
		kfree(r);
	}
}

/* === Lookup =============================================================== */

/**
 * kapi_registry_lower_bound - the place of a name, or where it would be
 * @reg: the registry, locked
 * @name: any
 *
 * Return: the index of the first entry that does not sort before @name.
 */
size_t kapi_registry_lower_bound(struct kapi_registry *reg, const char *name)
{
	size_t low = 0, high = reg->count;

	lockdep_assert_held(&reg->lock);
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(reg->entries[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/**
 * kapi_registry_find - a spec by its name
 * @reg: the registry
 * @name: any
 *
 * Context: may sleep. The caller must make sure that the module of the spec stays.
 * Return: the spec, or NULL.
 */
const struct kernel_api_spec *kapi_registry_find(struct kapi_registry *reg,
						 const char *name)
{
	size_t i;

	guard(mutex)(&reg->lock);
	i = kapi_registry_lower_bound(reg, name);
	if (i == reg->count || strcmp(reg->entries[i].name, name))
		return NULL;
	return reg->entries[i].spec;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_registry_find);

/* === Adding =============================================================== */

/* By name; of two with the same name the first in the section is kept. */
static int cmp_entries(const void *a, const void *b)
{
	const struct kapi_entry *l = a, *r = b;
	int ret = strcmp(l->name, r->name);

	return ret ?: cmp_int((unsigned long)l->spec, (unsigned long)r->spec);
}

static size_t check_section(struct kapi_registry *reg, const struct module *owner,
			    const struct kernel_api_spec *specs, size_t count,
			    kapi_check_fn check, struct kapi_entry *accepted)
{
	char reason[KAPI_REASON_LEN];
	size_t i, n = 0;

	for (i = 0; i < count; i++) {
		int ret = kapi_check_spec(&specs[i], reason);

		if (!ret && check)
			ret = check(&specs[i], owner, reason);
		if (ret)
			reject(reg, owner, specs[i].name, reason);
		else
			accepted[n++] = (struct kapi_entry){ specs[i].name, &specs[i], owner };
	}
	return n;
}

static void reject_duplicate(struct kapi_registry *reg, const struct kapi_entry *entry,
			     const struct kapi_entry *first)
{
	char reason[KAPI_REASON_LEN] = "";

	kapi_complain(reason, "%s has a spec of this name already; keep one",
		      kapi_owner_name(first->owner));
	reject(reg, entry->owner, entry->name, reason);
}

/* A registered spec sorts before a new one with the same name. */
static size_t merge(struct kapi_registry *reg, const struct kapi_entry *added,
		    size_t count, struct kapi_entry *merged)
{
	size_t i = 0, j = 0, n = 0;

	while (i < reg->count || j < count) {
		const struct kapi_entry *next;

		if (j == count || (i < reg->count &&
				   strcmp(reg->entries[i].name, added[j].name) <= 0))
			next = &reg->entries[i++];
		else
			next = &added[j++];
		if (n && !strcmp(merged[n - 1].name, next->name))
			reject_duplicate(reg, next, &merged[n - 1]);
		else
			merged[n++] = *next;
	}
	return n;
}

static void replace_entries(struct kapi_registry *reg, struct kapi_entry *entries,
			    size_t count)
{
	kvfree(reg->entries);
	reg->entries = entries;
	reg->count = count;
	reg->generation++;
}

static int check_bounds(const struct kernel_api_spec *specs, size_t bytes, char *reason)
{
	if (bytes % sizeof(*specs))
		return kapi_complain(reason, "the section has %zu bytes, which is no multiple of %zu; rebuild all of it with one compiler and configuration",
				     bytes, sizeof(*specs));
	if (!IS_ALIGNED((unsigned long)specs, __alignof__(*specs)))
		return kapi_complain(reason, "the section is not aligned to %zu bytes",
				     __alignof__(*specs));
	return 0;
}

/**
 * kapi_registry_add - register a section of specs
 * @reg: the registry
 * @owner: the module they belong to, NULL for vmlinux
 * @specs: the section
 * @bytes: its length
 * @check: checks beyond kapi_check_spec(), or NULL
 *
 * Bad specs are left out and recorded with the reason. A section that cannot be an array of
 * specs is rejected as a whole.
 *
 * Context: may sleep.
 * Return: 0, -EINVAL for a section rejected whole, or -ENOMEM.
 */
int kapi_registry_add(struct kapi_registry *reg, const struct module *owner,
		      const struct kernel_api_spec *specs, size_t bytes,
		      kapi_check_fn check)
{
	struct kapi_entry *added __free(kvfree) = NULL;
	size_t count = bytes / sizeof(*specs);
	struct kapi_entry *merged;
	char reason[KAPI_REASON_LEN] = "";

	guard(mutex)(&reg->lock);
	if (check_bounds(specs, bytes, reason)) {
		reject(reg, owner, ".kapi_specs", reason);
		return -EINVAL;
	}
	added = kvmalloc_array(count, sizeof(*added), GFP_KERNEL);
	merged = kvmalloc_array(size_add(reg->count, count), sizeof(*merged), GFP_KERNEL);
	if (!added || !merged) {
		kvfree(merged);
		return -ENOMEM;
	}
	count = check_section(reg, owner, specs, count, check, added);
	sort(added, count, sizeof(*added), cmp_entries, NULL);
	replace_entries(reg, merged, merge(reg, added, count, merged));
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_registry_add);

/**
 * kapi_registry_remove - forget all of an owner's specs and rejects
 * @reg: the registry
 * @owner: see kapi_registry_add()
 *
 * Context: may sleep. When it returns, nobody who holds @reg->lock to read specs sees
 * these any more.
 */
void kapi_registry_remove(struct kapi_registry *reg, const struct module *owner)
{
	size_t i, n = 0;

	guard(mutex)(&reg->lock);
	drop_rejects(reg, owner);
	for (i = 0; i < reg->count; i++)
		if (reg->entries[i].owner != owner)
			reg->entries[n++] = reg->entries[i];
	if (n == reg->count)
		return;
	reg->count = n;
	reg->generation++;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_registry_remove);

/**
 * kapi_registry_next - the next of an owner's specs
 * @reg: the registry
 * @owner: see kapi_registry_add()
 * @prev: the one before, or NULL for the first
 *
 * Context: may sleep; @owner's specs must neither come nor go meanwhile.
 * Return: the spec, or NULL if there is no other.
 */
const struct kernel_api_spec *kapi_registry_next(struct kapi_registry *reg,
						 const struct module *owner,
						 const struct kernel_api_spec *prev)
{
	size_t i;

	guard(mutex)(&reg->lock);
	i = prev ? kapi_registry_lower_bound(reg, prev->name) + 1 : 0;
	for (; i < reg->count; i++)
		if (reg->entries[i].owner == owner)
			return reg->entries[i].spec;
	return NULL;
}
