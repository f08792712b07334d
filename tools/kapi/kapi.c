// SPDX-License-Identifier: GPL-2.0
/*
 * kapi - read, compare and gate API specifications of kernels that need not run
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <linux/seq_file.h>

#include "doc.h"
#include "tool.h"

#define RUNNING_KERNEL	"/sys/kernel/debug/kapi"

static const char usage[] =
"usage: kapi list [-s SOURCE]...\n"
"       kapi show [-s SOURCE]... [-f text|json|man|rst|html] [NAME]...\n"
"       kapi diff -p SOURCE [-b SOURCE] [-t] [-f text|json] [NAME]...\n"
"       kapi cover [-r REQUIRED] [-f ktap|junit] [COVERAGE]...\n"
"       kapi draft [-l LEARNED]... [-s SOURCE] [-c DEFINITION]... FUNCTION...\n"
"\n"
"SOURCE is a vmlinux, a module, a directory of modules, a saved specs.json, or debugfs\n"
"(" RUNNING_KERNEL ", which is taken without -s).\n";

void fail_usage(void)
{
	fputs(usage, stderr);
	exit(CANNOT_TELL);
}

/* === Options ============================================================== */

struct options {
	struct specs specs;
	const char *format;
	char **name;
	int names;
};

static void parse_options(struct options *o, int argc, char **argv)
{
	bool has_source = false;
	int c;

	*o = (struct options) { .format = "text" };
	while ((c = getopt(argc, argv, "s:f:")) != -1) {
		switch (c) {
		case 's':
			read_source(&o->specs, optarg);
			has_source = true;
			break;
		case 'f':
			o->format = optarg;
			break;
		default:
			fail_usage();
		}
	}
	if (!has_source)
		read_source(&o->specs, RUNNING_KERNEL);
	specs_sort(&o->specs);
	o->name = argv + optind;
	o->names = argc - optind;
}

/* Not all could be shown. */
static enum status status_of(const struct specs *specs)
{
	return specs->rejected ? CANNOT_TELL : SAME;
}

/* === list ================================================================= */

static enum status list(int argc, char **argv)
{
	struct options o;

	parse_options(&o, argc, argv);
	if (o.names)
		fail_usage();
	puts("# name owner clauses");
	for (size_t i = 0; i < o.specs.count; i++)
		printf("%s %s %u\n", o.specs.item[i].spec->name, o.specs.item[i].owner,
		       kapi_count_clauses(o.specs.item[i].spec));
	return status_of(&o.specs);
}

/* === show ================================================================= */

static void keep_named(struct options *o)
{
	struct specs kept = { .rejected = o->specs.rejected };

	for (int i = 0; i < o->names; i++) {
		const struct item *item = specs_find(&o->specs, o->name[i]);

		if (!item)
			fail(o->name[i], "there is no spec of this name");
		kept.item = grow(kept.item, kept.count, sizeof(*item));
		kept.item[kept.count++] = *item;
	}
	if (o->names)
		o->specs = kept;
}

static void show_text(const struct specs *specs)
{
	struct seq_file m = { .file = stdout };

	for (size_t i = 0; i < specs->count; i++) {
		if (i)
			seq_putc(&m, '\n');
		kapi_render(&m, &kapi_text_ops, specs->item[i].spec);
	}
}

static void show_json(const struct specs *specs)
{
	struct seq_file m = { .file = stdout };

	kapi_json_begin(&m);
	for (size_t i = 0; i < specs->count; i++) {
		if (i)
			seq_puts(&m, ",\n");
		kapi_render(&m, &kapi_json_ops, specs->item[i].spec);
	}
	kapi_json_end(&m);
}

static void show_as(const struct specs *specs, const char *format)
{
	if (!strcmp(format, "text"))
		show_text(specs);
	else if (!strcmp(format, "json"))
		show_json(specs);
	else if (!strcmp(format, "man"))
		show_document(specs, &doc_man);
	else if (!strcmp(format, "rst"))
		show_document(specs, &doc_rst);
	else if (!strcmp(format, "html"))
		show_document(specs, &doc_html);
	else
		fail_usage();
}

static enum status show(int argc, char **argv)
{
	struct options o;

	parse_options(&o, argc, argv);
	keep_named(&o);
	show_as(&o.specs, o.format);
	return o.names ? SAME : status_of(&o.specs);
}

/* === diff ================================================================= */

static void parse_diff_options(struct diff *diff, int argc, char **argv)
{
	bool has_past = false, has_base = false;
	int c;

	while ((c = getopt(argc, argv, "p:b:f:t")) != -1) {
		if (c == 'p') {
			read_source(&diff->past, optarg);
			has_past = true;
		} else if (c == 'b') {
			read_source(&diff->base, optarg);
			has_base = true;
		} else if (c == 't') {
			diff->ignores_text = true;
		} else if (c == 'f' && (!strcmp(optarg, "text") || !strcmp(optarg, "json"))) {
			diff->is_json = !strcmp(optarg, "json");
		} else {
			fail_usage();
		}
	}
	if (!has_past)
		fail_usage();
	if (!has_base)
		read_source(&diff->base, RUNNING_KERNEL);
	specs_sort(&diff->past);
	specs_sort(&diff->base);
}

static void diff_names(struct diff *diff, char **name)
{
	for (; *name; name++) {
		if (!specs_find(&diff->past, *name) && !specs_find(&diff->base, *name))
			fail(*name, "neither has a spec of this name");
		diff_named(diff, *name);
	}
}

/* Of these names, or of any. */
static bool has_rejects(const struct diff *diff, char **name)
{
	if (!*name)
		return diff->past.rejected || diff->base.rejected;
	for (; *name; name++)
		if (specs_rejected(&diff->past, *name) || specs_rejected(&diff->base, *name))
			return true;
	return false;
}

static enum status diff(int argc, char **argv)
{
	struct diff diff = {};

	parse_diff_options(&diff, argc, argv);
	if (diff.is_json)
		printf("{\"version\": 1, \"changes\": [");
	if (argv[optind])
		diff_names(&diff, argv + optind);
	else
		diff_all(&diff);
	if (diff.is_json)
		puts("\n]}");
	if (has_rejects(&diff, argv + optind))
		return CANNOT_TELL;
	return diff.changes ? CHANGED : SAME;
}

/* === cover ================================================================ */

static enum status cover(int argc, char **argv)
{
	static const struct option options[] = {
		{ "require", required_argument, NULL, 'r' },
		{},
	};
	const char *required = NULL;
	bool is_junit = false;
	int c;

	while ((c = getopt_long(argc, argv, "r:f:", options, NULL)) != -1) {
		if (c == 'r')
			required = optarg;
		else if (c == 'f' && (!strcmp(optarg, "ktap") || !strcmp(optarg, "junit")))
			is_junit = !strcmp(optarg, "junit");
		else
			fail_usage();
	}
	if (!argv[optind])
		cover_count(RUNNING_KERNEL "/coverage");
	for (argv += optind; *argv; argv++)
		cover_count(*argv);
	if (required)
		cover_require(required);
	else
		cover_require_all();
	return cover_report(is_junit);
}

/* === Commands ============================================================= */

static const struct {
	const char *name;
	enum status (*run)(int argc, char **argv);
} commands[] = {
	{ "list", list },
	{ "show", show },
	{ "diff", diff },
	{ "cover", cover },
	{ "draft", draft },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++) {
		enum status status;

		if (strcmp(argv[1], commands[i].name))
			continue;
		status = commands[i].run(argc - 1, argv + 1);
		if (fflush(stdout) || ferror(stdout))
			fail("standard output", "cannot be written");
		return status;
	}
	fail_usage();
}
