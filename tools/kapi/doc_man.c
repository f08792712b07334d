// SPDX-License-Identifier: GPL-2.0
/*
 * Specs as man pages, one behind the other.
 */
#include <linux/ctype.h>

#include "doc.h"

/* Without escapes, roff turns most of these into quotes and accents. */
static const char *man_escape(char c)
{
	static const char *const escaped[] = {
		['\\'] = "\\e", ['-'] = "\\-", ['\''] = "\\(aq", ['`'] = "\\(ga",
		['^'] = "\\(ha", ['~'] = "\\(ti", ['\t'] = "    ",
	};

	return (u8)c < ARRAY_SIZE(escaped) ? escaped[(u8)c] : NULL;
}

static void man_heading(const struct doc *doc)
{
	printf(".TH \"%s\" 9 \"\" \"Linux\" \"Kernel API\"\n.nh\n.ad l\n"
	       ".SH NAME\n%s\n.SH DESCRIPTION\n",
	       doc->spec->name, doc->line);
}

static void man_section(const char *title)
{
	printf(".SH ");
	for (; *title; title++)
		putchar(toupper(*title));
	putchar('\n');
}

/* A dot at the start of a line is a command, a blank breaks the line. */
static const char *guard(const char *line)
{
	return *line == '.' || *line == ' ' ? "\\&" : "";
}

static void man_term(const struct doc *doc)
{
	printf(".TP\n%s%s\n", guard(doc->line), doc->line);
}

static void man_text(const struct doc *doc)
{
	if (!*doc->line) {
		puts(".sp");
		return;
	}
	if (doc->place == DOC_REASON && !doc->lines)
		puts(".IP \\(bu 2");
	else if (doc->lines && !doc->blanks)
		puts(".br");
	printf("%s%s\n", guard(doc->line), doc->line);
}

const struct doc_format doc_man = {
	.end = "",
	.escape = man_escape,
	.around = { [DOC_TERM] = { "", "" }, [DOC_REASON] = { ".RS\n", ".RE\n" } },
	.heading = man_heading,
	.section = man_section,
	.term = man_term,
	.text = man_text,
};
