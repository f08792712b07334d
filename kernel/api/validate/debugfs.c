// SPDX-License-Identifier: GPL-2.0
/*
 * The validator's files in /sys/kernel/debug/kapi.
 */
#include <linux/cleanup.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/uaccess.h>

#include "../kapi.h"
#include "report.h"
#include "validate.h"

/* === validate ============================================================= */

static int validate_get(void *data, u64 *value)
{
	*value = kapi_validating();
	return 0;
}

static int validate_set(void *data, u64 value)
{
	return value > 1 ? -EINVAL : kapi_validate(value);
}

DEFINE_DEBUGFS_ATTRIBUTE(validate_fops, validate_get, validate_set, "%llu\n");

/* === every ================================================================ */

static int every_get(void *data, u64 *value)
{
	*value = READ_ONCE(kapi_every);
	return 0;
}

static int every_set(void *data, u64 value)
{
	if (!value || value > UINT_MAX)
		return -EINVAL;
	WRITE_ONCE(kapi_every, value);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE(every_fops, every_get, every_set, "%llu\n");

/* === missed =============================================================== */

static int missed_get(void *data, u64 *count)
{
	*count = kapi_missed_calls();
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE(missed_fops, missed_get, NULL, "%llu\n");

/* === Walking the specs ==================================================== */

/* 0 is the heading, then come the specs. */
static void *watch_at(loff_t pos)
{
	return pos ? kapi_watch_at(pos - 1) : SEQ_START_TOKEN;
}

static void *watches_start(struct seq_file *m, loff_t *pos)
{
	mutex_lock(&kapi_watch_lock);
	return watch_at(*pos);
}

static void *watches_next(struct seq_file *m, void *v, loff_t *pos)
{
	return watch_at(++*pos);
}

/* Until then, no module can take its specs away. */
static void watches_stop(struct seq_file *m, void *v)
{
	mutex_unlock(&kapi_watch_lock);
}

/* === coverage ============================================================= */

static void show_count(struct seq_file *m, const struct kapi_watch *watch, unsigned int n,
		       enum kapi_result result, bool is_counted)
{
	if (is_counted)
		seq_printf(m, " %9llu", kapi_count_of(watch, n, result));
	else
		seq_printf(m, " %9s", "-");
}

/* A clause that only allows something can be exercised, but not violated. */
static void show_counts(struct seq_file *m, const struct kapi_watch *watch, unsigned int n)
{
	bool is_here = !kapi_not_here(watch->spec, n);
	bool is_owed = kapi_find_check(watch->spec, n) && is_here;
	bool is_asked = kapi_find_caller_check(watch->spec, n) && is_here;

	show_count(m, watch, n, KAPI_HELD, is_owed || is_asked);
	show_count(m, watch, n, KAPI_VIOLATED, is_owed && kapi_is_decidable(watch->spec, n));
	show_count(m, watch, n, KAPI_UNDECIDED, is_owed || is_asked);
	show_count(m, watch, n, KAPI_MISUSED, is_asked);
}

static void show_clause(struct seq_file *m, const struct kapi_watch *watch, unsigned int n)
{
	const char *missing = kapi_not_here(watch->spec, n);
	const char *text = kapi_clause_text(watch->spec, n);
	char label[KAPI_LABEL_LEN];

	seq_printf(m, "%s %-27s", watch->spec->name, kapi_clause_label(watch->spec, n, label));
	show_counts(m, watch, n);
	seq_printf(m, "  %*pE", (int)strlen(text), text);
	if (!kapi_find_check(watch->spec, n) && !kapi_find_caller_check(watch->spec, n))
		seq_puts(m, " (prose)");
	else if (missing)
		seq_printf(m, " (needs %s)", missing);
	seq_putc(m, '\n');
}

/* A heading, then each clause of each spec. */
static int show_clauses(struct seq_file *m, void *v, const char *heading,
			void (*show)(struct seq_file *m, const struct kapi_watch *watch,
				     unsigned int n))
{
	const struct kapi_watch *watch = v;
	unsigned int n;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, heading);
		return 0;
	}
	for (n = 0; n < watch->clauses; n++)
		if (kapi_has_clause(watch->spec, n))
			show(m, watch, n);
	return 0;
}

static int coverage_show(struct seq_file *m, void *v)
{
	return show_clauses(m, v, "# spec clause held violated undecided misused text\n",
			    show_clause);
}

static const struct seq_operations coverage_sops = {
	.start = watches_start,
	.next = watches_next,
	.stop = watches_stop,
	.show = coverage_show,
};

static int coverage_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &coverage_sops);
}

/* Only "0" is taken, to avoid accidental resets. */
static ssize_t coverage_write(struct file *file, const char __user *buf, size_t count,
			      loff_t *pos)
{
	unsigned int value;
	int ret = kstrtouint_from_user(buf, count, 0, &value);

	if (ret)
		return ret;
	if (value)
		return -EINVAL;
	kapi_report_reset();
	return count;
}

static const struct file_operations coverage_fops = {
	.owner = THIS_MODULE,
	.open = coverage_open,
	.read = seq_read,
	.write = coverage_write,
	.llseek = seq_lseek,
	.release = seq_release,
};

/* === undecided ============================================================ */

static const char *const doubt_names[] = {
	"limits", "mm", "files", "file", "pages", "anybody",
	[KAPI_DOUBT_UNKNOWN] = "unknown",
	[KAPI_DOUBT_EXCUSED] = "excused",
	[KAPI_DOUBT_KILLED] = "killed",
	[KAPI_DOUBT_OTHER] = "other",
};

static_assert(ARRAY_SIZE(doubt_names) == KAPI_DOUBTS);

/* One call may count for several. */
static void show_doubts(struct seq_file *m, const struct kapi_watch *watch, unsigned int n)
{
	u64 undecided = kapi_count_of(watch, n, KAPI_UNDECIDED), count;
	char label[KAPI_LABEL_LEN];
	unsigned int i;

	if (!undecided)
		return;
	seq_printf(m, "%s %s %llu", watch->spec->name,
		   kapi_clause_label(watch->spec, n, label), undecided);
	for (i = 0; i < KAPI_DOUBTS; i++) {
		count = kapi_count_of(watch, n, KAPI_RESULTS + i);
		if (count)
			seq_printf(m, " %s %llu", doubt_names[i], count);
	}
	seq_putc(m, '\n');
}

static int undecided_show(struct seq_file *m, void *v)
{
	return show_clauses(m, v, "# spec clause undecided reason count ...\n", show_doubts);
}

static const struct seq_operations undecided_sops = {
	.start = watches_start,
	.next = watches_next,
	.stop = watches_stop,
	.show = undecided_show,
};
DEFINE_SEQ_ATTRIBUTE(undecided);

/* === violations =========================================================== */

static void *violations_start(struct seq_file *m, loff_t *pos)
{
	mutex_lock(&kapi_watch_lock);
	return kapi_violation_from(pos, m->private) ? m->private : NULL;
}

static void *violations_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return kapi_violation_from(pos, m->private) ? m->private : NULL;
}

static int violations_show(struct seq_file *m, void *data)
{
	const struct kapi_violation *v = data;
	const char *text = kapi_clause_text(v->spec, v->clause);
	char label[KAPI_LABEL_LEN];

	seq_printf(m, "%ptTs ", &v->when);
	seq_escape(m, v->comm, "\n\\ ");
	seq_printf(m, "[%d] %s %s (%*pE): " KAPI_VIOLATION_FORMAT "\n", v->pid, v->spec->name,
		   kapi_clause_label(v->spec, v->clause, label),
		   (int)strlen(text), text, KAPI_VIOLATION_ARGS(v));
	return 0;
}

static const struct seq_operations violations_sops = {
	.start = violations_start,
	.next = violations_next,
	.stop = watches_stop,
	.show = violations_show,
};

static int violations_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &violations_sops, sizeof(struct kapi_violation));
}

static const struct file_operations violations_fops = {
	.owner = THIS_MODULE,
	.open = violations_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

/* === learn ================================================================ */

static int learn_show(struct seq_file *m, void *v)
{
	const struct kapi_watch *watch = v;

	if (v != SEQ_START_TOKEN)
		kapi_show_learned(m, watch->learned);
	return 0;
}

static const struct seq_operations learn_sops = {
	.start = watches_start,
	.next = watches_next,
	.stop = watches_stop,
	.show = learn_show,
};

static int learn_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &learn_sops);
}

/* Names, separated by white space; none at all means "forget all". */
static ssize_t learn_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char *text __free(kfree) = count < PAGE_SIZE ? memdup_user_nul(buf, count) :
						       ERR_PTR(-E2BIG);
	char *rest, *name;
	int ret;

	if (IS_ERR(text))
		return PTR_ERR(text);
	rest = strim(text);
	ret = *rest ? 0 : kapi_learn("-");
	while (!ret && (name = strsep(&rest, " \t\n")))
		ret = *name ? kapi_learn(name) : 0;
	return ret ?: count;
}

static const struct file_operations learn_fops = {
	.owner = THIS_MODULE,
	.open = learn_open,
	.read = seq_read,
	.write = learn_write,
	.llseek = seq_lseek,
	.release = seq_release,
};

/* === on_violation ========================================================= */

static int on_violation_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s\n", kapi_reaction());
	return 0;
}

static ssize_t on_violation_write(struct file *file, const char __user *buf, size_t count,
				  loff_t *pos)
{
	char name[16];
	int ret;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	name[count] = '\0';
	ret = kapi_set_reaction(name);
	return ret ?: count;
}

DEFINE_SHOW_STORE_ATTRIBUTE(on_violation);

void __init kapi_validate_debugfs_init(struct dentry *dir)
{
	debugfs_create_file_unsafe("validate", 0600, dir, NULL, &validate_fops);
	debugfs_create_file_unsafe("every", 0600, dir, NULL, &every_fops);
	debugfs_create_file_unsafe("missed", 0400, dir, NULL, &missed_fops);
	debugfs_create_file("coverage", 0600, dir, NULL, &coverage_fops);
	debugfs_create_file("undecided", 0400, dir, NULL, &undecided_fops);
	debugfs_create_file("violations", 0400, dir, NULL, &violations_fops);
	debugfs_create_file("learn", 0600, dir, NULL, &learn_fops);
	debugfs_create_file("on_violation", 0600, dir, NULL, &on_violation_fops);
}
