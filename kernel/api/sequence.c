// SPDX-License-Identifier: GPL-2.0
/*
 * All specs of a registry as a seq_file, in one buffer however many there are.
 */
#include <linux/cleanup.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "kapi.h"
#include "sequence.h"

/**
 * struct kapi_cursor - the position of a reader
 * @reg: the registry
 * @generation: of @reg, when @index was right
 * @index: the entry to show next
 * @name: its name, to find it again after entries came or went
 *
 * The lock is dropped between two buffers. Specs may come and go meanwhile, but every spec
 * that stays is shown exactly once.
 */
struct kapi_cursor {
	struct kapi_registry *reg;
	unsigned long generation;
	size_t index;
	char name[NAME_MAX + 1];
};

/* Positions: 0 is the head, then come the entries, then the end. */
static char sequence_end;

static void *current_entry(struct kapi_cursor *c)
{
	if (c->index < c->reg->count)
		return &c->reg->entries[c->index];
	return c->index == c->reg->count ? &sequence_end : NULL;
}

static void find_again(struct kapi_cursor *c)
{
	bool at_end = !*c->name;

	c->index = at_end ? c->reg->count : kapi_registry_lower_bound(c->reg, c->name);
}

static void *sequence_start(struct seq_file *m, loff_t *pos)
{
	struct kapi_cursor *c = m->private;

	mutex_lock(&c->reg->lock);
	if (!*pos) {
		c->index = 0;
		return SEQ_START_TOKEN;
	}
	if (c->generation != c->reg->generation && c->index != SIZE_MAX)
		find_again(c);
	return current_entry(c);
}

static void *sequence_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct kapi_cursor *c = m->private;

	++*pos;
	if (v == &sequence_end)
		c->index = SIZE_MAX;
	else if (v != SEQ_START_TOKEN)
		c->index++;
	return current_entry(c);
}

static void sequence_stop(struct seq_file *m, void *v)
{
	struct kapi_cursor *c = m->private;
	size_t i = c->index;

	c->generation = c->reg->generation;
	strscpy(c->name, i < c->reg->count ? c->reg->entries[i].name : "");
	mutex_unlock(&c->reg->lock);
}

/* === list ================================================================= */

/* The clauses of a spec that is not watched are only prose. */
static unsigned int count_checkable(const struct kernel_api_spec *spec)
{
	return kapi_is_watched(spec) ? kapi_count_decidable(spec) : 0;
}

static int list_show(struct seq_file *m, void *v)
{
	const struct kapi_entry *entry = v;

	if (v == SEQ_START_TOKEN)
		seq_puts(m, "# name owner clauses checkable\n");
	else if (v != &sequence_end)
		seq_printf(m, "%s %s %u %u\n", entry->name, kapi_owner_name(entry->owner),
			   kapi_count_clauses(entry->spec),
			   count_checkable(entry->spec));
	return 0;
}

const struct seq_operations kapi_list_sops = {
	.start = sequence_start,
	.next = sequence_next,
	.stop = sequence_stop,
	.show = list_show,
};
EXPORT_SYMBOL_IF_KUNIT(kapi_list_sops);

/* === specs.json =========================================================== */

static int json_show(struct seq_file *m, void *v)
{
	const struct kapi_entry *entry = v;

	if (v == SEQ_START_TOKEN) {
		kapi_json_begin(m);
	} else if (v == &sequence_end) {
		kapi_json_end(m);
	} else {
		/* The first entry shown is at position 1, whichever it is. */
		if (m->index > 1)
			seq_puts(m, ",\n");
		kapi_render(m, &kapi_json_ops, entry->spec);
	}
	return 0;
}

const struct seq_operations kapi_json_sops = {
	.start = sequence_start,
	.next = sequence_next,
	.stop = sequence_stop,
	.show = json_show,
};
EXPORT_SYMBOL_IF_KUNIT(kapi_json_sops);

/**
 * kapi_sequence_open - open a file that shows all specs
 * @file: the file
 * @reg: the registry
 * @ops: kapi_list_sops or kapi_json_sops
 *
 * Return: 0 or -ENOMEM. To be released with seq_release_private().
 */
int kapi_sequence_open(struct file *file, struct kapi_registry *reg,
		       const struct seq_operations *ops)
{
	struct kapi_cursor *c = __seq_open_private(file, ops, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->reg = reg;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_sequence_open);
