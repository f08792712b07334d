// SPDX-License-Identifier: GPL-2.0
/*
 * kapi - read, compare and gate API specifications of kernels that need not run
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <linux/seq_file.h>

#include "tool.h"

#define RUNNING_KERNEL	"/sys/kernel/debug/kapi"

static const char usage[] =
"usage: kapi list [-s SOURCE]...\n"
"       kapi show [-s SOURCE]... [-f text|json] [NAME]...\n"
"\n"
"SOURCE is a vmlinux, a module, a directory of modules, a saved specs.json, or debugfs\n"
"(" RUNNING_KERNEL ", which is taken without -s).\n";

static void fail_usage(void) __attribute__((noreturn));

static void fail_usage(void)
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

/* What was left out may be what was asked for. */
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

static enum status show(int argc, char **argv)
{
	struct options o;

	parse_options(&o, argc, argv);
	keep_named(&o);
	if (!strcmp(o.format, "text"))
		show_text(&o.specs);
	else if (!strcmp(o.format, "json"))
		show_json(&o.specs);
	else
		fail_usage();
	return status_of(&o.specs);
}

/* === Commands ============================================================= */

static const struct {
	const char *name;
	enum status (*run)(int argc, char **argv);
} commands[] = {
	{ "list", list },
	{ "show", show },
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
