// SPDX-License-Identifier: GPL-2.0
/*
 * Specs as reStructuredText, a section each, to be included anywhere.
 */
#include <string.h>
#include <linux/ctype.h>

#include "doc.h"

static const char *rst_escape(char c)
{
	static const char *const escaped[] = {
		['\\'] = "\\\\", ['`'] = "\\`", ['*'] = "\\*", ['_'] = "\\_", ['|'] = "\\|",
		['\t'] = "    ",
	};

	return (u8)c < ARRAY_SIZE(escaped) ? escaped[(u8)c] : NULL;
}

/* A literal has no escapes. */
static void rst_code(FILE *file, const char *s, size_t len)
{
	if (memchr(s, '`', len) || isspace(s[0]) || isspace(s[len - 1])) {
		put_escaped(file, rst_escape, s, len);
		return;
	}
	fputs("``", file);
	put_escaped(file, NULL, s, len);
	fputs("``", file);
}

static void rst_heading(const struct doc *doc)
{
	printf("\n%s\n", doc->line);
	for (size_t i = 0; i < doc->size; i++)
		putchar('~');
	printf("\n\n");
}

static void rst_section(const char *title)
{
	printf("\n**%s**\n\n", title);
}

/* One that could be taken for an option, an item of a list or anything else is escaped. */
static const char *guard(const char *line)
{
	if (isalpha(*line) && !strpbrk(line, ".)"))
		return "";
	return ispunct(*line) && *line != '\\' ? "\\" : "\\ ";
}

static void rst_term(const struct doc *doc)
{
	const char *line = doc->line + strspn(doc->line, " \t");

	printf("\n%s%s\n", guard(line), line);
}

/* In a line block, lines end where they do here. */
static void rst_text(const struct doc *doc)
{
	static const char *const margin[] = { "", "  ", "    " };

	if (doc->place == DOC_REASON && !doc->lines)
		printf("  - | %s\n", doc->line);
	else
		printf("%s|%s%s\n", margin[doc->place], *doc->line ? " " : "", doc->line);
}

const struct doc_format doc_rst = {
	.end = "",
	.escape = rst_escape,
	.code = rst_code,
	.around = { [DOC_TERM] = { "", "" }, [DOC_REASON] = { "\n", "" } },
	.heading = rst_heading,
	.section = rst_section,
	.term = rst_term,
	.text = rst_text,
};
