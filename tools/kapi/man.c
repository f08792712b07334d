// SPDX-License-Identifier: GPL-2.0
/*
 * A spec as a man page: what the text says, line by line.
 */
#include <stdlib.h>
#include <string.h>
#include <linux/ctype.h>
#include <linux/seq_file.h>

#include "tool.h"

static char *render_text(const struct kernel_api_spec *spec)
{
	struct seq_file m = {};
	char *text = NULL;
	size_t size;

	m.file = open_memstream(&text, &size);
	if (!m.file)
		fail("memory", "there is not enough");
	kapi_render(&m, &kapi_text_ops, spec);
	if (fclose(m.file))
		fail("memory", "there is not enough");
	return text;
}

/* What roff would take for its own is escaped. */
static void put_roff(const char *line)
{
	if (*line == '.' || *line == '\'')
		fputs("\\&", stdout);
	for (; *line; line++) {
		if (*line == '\\')
			fputs("\\e", stdout);
		else if (*line == '-')
			fputs("\\-", stdout);
		else
			putchar(*line);
	}
	putchar('\n');
}

/* A line at the left is the title of a list, with a colon. */
static bool is_title(const char *line)
{
	return *line && *line != ' ' && line[strlen(line) - 1] == ':';
}

static void put_title(char *line)
{
	printf(".fi\n.SH ");
	for (; line[1]; line++)
		putchar(toupper(*line));
	printf("\n.nf\n");
}

void show_man(const struct kernel_api_spec *spec)
{
	char *text = render_text(spec), *rest = text;
	char *line = strsep(&rest, "\n");

	printf(".TH \"%s\" 9 \"\" \"Linux\" \"Kernel API\"\n.SH NAME\n", spec->name);
	put_roff(line);
	printf(".SH DESCRIPTION\n.nf\n");
	while ((line = strsep(&rest, "\n")) && rest) {
		if (is_title(line))
			put_title(line);
		else
			put_roff(line);
	}
	printf(".fi\n");
	free(text);
}
