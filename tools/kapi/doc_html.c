// SPDX-License-Identifier: GPL-2.0
/*
 * Specs as one page for reviewers, which needs no other file.
 */
#include <string.h>

#include "doc.h"

static const char head[] =
"<!DOCTYPE html>\n"
"<html lang=\"en\">\n"
"<meta charset=\"utf-8\">\n"
"<meta name=\"viewport\" content=\"width=device-width\">\n"
"<title>Kernel API specifications</title>\n"
"<style>\n"
"body { max-width: 60em; margin: auto; padding: 1em; font-family: sans-serif;\n"
"       line-height: 1.4; color: #111; background: #fff }\n"
"h2 { margin-top: 2.5em; border-bottom: 1px solid #999 }\n"
"dt { margin-top: .5em; font-weight: bold }\n"
"dd { margin-left: 2em }\n"
"p, dd, li { white-space: pre-wrap; overflow-wrap: anywhere }\n"
"ul { margin: 0; padding-left: 1.5em; white-space: normal }\n"
"code { background: #eee }\n"
"small { float: right; margin-left: 1em; font-weight: normal; color: #555 }\n"
"small.unchecked { font-style: italic }\n"
"table { border-spacing: 1em 0 }\n"
"td { vertical-align: top }\n"
"</style>\n"
"<body>\n"
"<h1>Kernel API specifications</h1>\n"
"<p>A clause marked as not checked is prose or only allows something. The"
" validator checks all others, if the kernel has the options they need.\n"
"<table>\n";

const char *escape_xml(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

static void put_xml(const char *s)
{
	put_escaped(stdout, escape_xml, s, strlen(s));
}

static void html_begin(const struct specs *specs)
{
	fputs(head, stdout);
	for (size_t i = 0; i < specs->count; i++) {
		const struct kernel_api_spec *spec = specs->item[i].spec;

		printf("<tr><td><a href=\"#%s\">%s</a><td>", spec->name, spec->name);
		put_xml(spec->description);
		printf("<td>%u clauses\n", kapi_count_clauses(spec));
	}
	printf("</table>\n");
}

static void html_code(FILE *file, const char *s, size_t len)
{
	fputs("<code>", file);
	put_escaped(file, escape_xml, s, len);
	fputs("</code>", file);
}

static void html_heading(const struct doc *doc)
{
	printf("<h2 id=\"%s\">%s</h2>\n", doc->spec->name, doc->line);
}

static void html_section(const char *title)
{
	printf("<h3>%s</h3>\n", title);
}

static unsigned int number_of(const struct doc *doc)
{
	struct kapi_clause_ref ref;
	unsigned int n = KAPI_RULES;

	while (kapi_find_clause(doc->spec, n, &ref) && ref.clause != doc->clause)
		n++;
	return n;
}

/* What a clause is called in coverage, and whether a kernel can contradict it. */
static void put_label(const struct doc *doc)
{
	unsigned int n = number_of(doc);
	char label[KAPI_LABEL_LEN];
	bool is_checked = kapi_is_checkable(doc->spec, n);

	printf("<small%s>", is_checked ? "" : " class=\"unchecked\"");
	put_xml(kapi_clause_label(doc->spec, n, label));
	printf("%s</small>", is_checked ? "" : ", not checked");
}

static void html_term(const struct doc *doc)
{
	printf("<dt>");
	if (doc->clause)
		put_label(doc);
	printf("%s<dd>", doc->line);
}

/* White space is shown as it is, so there is none between elements. */
static void html_text(const struct doc *doc)
{
	static const char *const element[] = { "<p>", "", "<li>" };

	if (doc->lines)
		putchar('\n');
	else
		printf("%s", element[doc->place]);
	if (doc->place == DOC_REASON && !doc->lines)
		put_label(doc);
	printf("%s", doc->line);
}

const struct doc_format doc_html = {
	.begin = html_begin,
	.end = "</html>\n",
	.escape = escape_xml,
	.code = html_code,
	.around = {
		[DOC_TERM] = { "<dl>", "</dl>\n" },
		[DOC_REASON] = { "<ul>", "</ul>" },
	},
	.heading = html_heading,
	.section = html_section,
	.term = html_term,
	.text = html_text,
};
