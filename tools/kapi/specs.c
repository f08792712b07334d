// SPDX-License-Identifier: GPL-2.0
/*
 * The specs read. Those that the kernel would reject are left out, as there.
 */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static void reject(struct specs *specs, const char *path, const char *name, const char *reason)
{
	specs->reject = grow(specs->reject, specs->rejected, sizeof(*specs->reject));
	specs->reject[specs->rejected++] = name ?: "";
	fprintf(stderr, "kapi: %s: %s rejected: %s\n", path, name ?: "(null)", reason);
}

void specs_add(struct specs *specs, const struct kernel_api_spec *spec, const char *owner,
	       const char *path)
{
	char reason[KAPI_REASON_LEN];

	if (kapi_check_spec(spec, reason)) {
		reject(specs, path, spec->name, reason);
		return;
	}
	specs->item = grow(specs->item, specs->count, sizeof(*specs->item));
	specs->item[specs->count] = (struct item) {
		.spec = spec, .owner = owner, .path = path, .number = specs->count,
	};
	specs->count++;
}

static int compare_items(const void *a, const void *b)
{
	const struct item *l = a, *r = b;
	int ret = strcmp(l->spec->name, r->spec->name);

	return ret ?: (l->number > r->number) - (l->number < r->number);
}

/* By name; of two with one name the first stays. */
void specs_sort(struct specs *specs)
{
	size_t i, n = 0;

	if (!specs->count)
		return;
	qsort(specs->item, specs->count, sizeof(*specs->item), compare_items);
	for (i = 0; i < specs->count; i++) {
		struct item *item = &specs->item[i];

		if (n && !strcmp(item->spec->name, specs->item[n - 1].spec->name))
			reject(specs, item->path, item->spec->name,
			       "there is a spec of this name already");
		else
			specs->item[n++] = *item;
	}
	specs->count = n;
}

bool specs_rejected(const struct specs *specs, const char *name)
{
	for (size_t i = 0; i < specs->rejected; i++)
		if (!strcmp(specs->reject[i], name))
			return true;
	return false;
}

static int compare_name(const void *name, const void *item)
{
	return strcmp(name, ((const struct item *)item)->spec->name);
}

/* In what was sorted; NULL if there is none of this name. */
const struct item *specs_find(const struct specs *specs, const char *name)
{
	if (!specs->count)
		return NULL;
	return bsearch(name, specs->item, specs->count, sizeof(*specs->item), compare_name);
}
