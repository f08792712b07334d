// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/kapi: the specs, for people and for programs.
 *
 * specs/NAME and json/NAME need no lock: removing them waits for their readers.
 * The files that show all specs take the registry's lock for each buffer; see struct
 * kapi_cursor.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

#include "debugfs.h"
#include "kapi.h"
#include "sequence.h"

static struct dentry *kapi_dir, *specs_dir, *json_dir;

/* === One spec ============================================================= */

static int specs_show(struct seq_file *m, void *v)
{
	kapi_render(m, &kapi_text_ops, m->private);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(specs);

static int json_show(struct seq_file *m, void *v)
{
	kapi_json_begin(m);
	kapi_render(m, &kapi_json_ops, m->private);
	kapi_json_end(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(json);

static void create_files(const struct kernel_api_spec *spec)
{
	debugfs_create_file(spec->name, 0400, specs_dir, (void *)spec, &specs_fops);
	debugfs_create_file(spec->name, 0400, json_dir, (void *)spec, &json_fops);
}

static void remove_files(const struct kernel_api_spec *spec)
{
	debugfs_lookup_and_remove(spec->name, specs_dir);
	debugfs_lookup_and_remove(spec->name, json_dir);
}

void kapi_debugfs_add(const struct module *owner)
{
	const struct kernel_api_spec *spec;

	kapi_for_each_spec(spec, &kapi_registry, owner)
		create_files(spec);
}

/* Waits for readers, which may take long: so not under the registry's lock. */
void kapi_debugfs_remove(const struct module *owner)
{
	const struct kernel_api_spec *spec;

	kapi_for_each_spec(spec, &kapi_registry, owner)
		remove_files(spec);
}

/* === All specs ============================================================ */

static int sequence_open(struct inode *inode, struct file *file)
{
	return kapi_sequence_open(file, &kapi_registry, inode->i_private);
}

static const struct file_operations sequence_fops = {
	.owner = THIS_MODULE,
	.open = sequence_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

/* === Rejects ============================================================== */

static void *rejected_start(struct seq_file *m, loff_t *pos)
{
	mutex_lock(&kapi_registry.lock);
	return seq_list_start(&kapi_registry.rejects, *pos);
}

static void *rejected_next(struct seq_file *m, void *v, loff_t *pos)
{
	return seq_list_next(v, &kapi_registry.rejects, pos);
}

static void rejected_stop(struct seq_file *m, void *v)
{
	mutex_unlock(&kapi_registry.lock);
}

static int rejected_show(struct seq_file *m, void *v)
{
	const struct kapi_reject *r = list_entry(v, struct kapi_reject, list);

	seq_printf(m, "%s %s: %s\n", kapi_owner_name(r->owner), r->name, r->reason);
	return 0;
}

static const struct seq_operations rejected_sops = {
	.start = rejected_start,
	.next = rejected_next,
	.stop = rejected_stop,
	.show = rejected_show,
};
DEFINE_SEQ_ATTRIBUTE(rejected);

void __init kapi_debugfs_init(void)
{
	kapi_dir = debugfs_create_dir("kapi", NULL);
	specs_dir = debugfs_create_dir("specs", kapi_dir);
	json_dir = debugfs_create_dir("json", kapi_dir);
	debugfs_create_file("list", 0400, kapi_dir, (void *)&kapi_list_sops, &sequence_fops);
	debugfs_create_file("specs.json", 0400, kapi_dir, (void *)&kapi_json_sops,
			    &sequence_fops);
	debugfs_create_file("rejected", 0400, kapi_dir, NULL, &rejected_fops);
	kapi_validate_debugfs_init(kapi_dir);
}
