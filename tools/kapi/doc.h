/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KAPI_DOC_H
#define _KAPI_DOC_H

#include <linux/seq_file.h>

#include "tool.h"

/* What a line of text belongs to; each lies within the one before it. */
enum doc_place {
	DOC_SPEC,
	DOC_TERM,
	DOC_REASON,
};

/**
 * struct doc - a spec on its way into a format
 * @m: the line that is being made
 * @line: it, in the format
 * @size: its bytes
 * @format: the format
 * @spec: the spec
 * @clause: the clause whose text it is
 * @place: where the line belongs
 * @lines: lines put since the last term, reason or section
 * @blanks: empty lines since the last of these lines
 * @has_heading: the heading has been put
 * @has_sections: a section has begun
 * @has_term: the term of the clause has been put
 * @is_code: the value being put is a condition
 */
struct doc {
	struct seq_file m;
	char *line;
	size_t size;
	const struct doc_format *format;
	const struct kernel_api_spec *spec;
	const struct kapi_clause *clause;
	enum doc_place place;
	unsigned int lines;
	unsigned int blanks;
	bool has_heading;
	bool has_sections;
	bool has_term;
	bool is_code;
};

typedef const char *(*escape_fn)(char c);

/**
 * struct doc_format - how a document is written, to standard output
 * @begin: what comes before the first spec; NULL if nothing does
 * @end: what comes behind the last
 * @escape: what stands for a character that has a meaning; NULL for others
 * @code: writes a condition into a line; NULL if it looks like all else
 * @around: what comes before and behind all terms of a section, and all reasons of one
 * @heading: the line that names a spec
 * @section: a title
 * @term: a line that says what the next lines are about
 * @text: such a line
 */
struct doc_format {
	void (*begin)(const struct specs *specs);
	const char *end;
	escape_fn escape;
	void (*code)(FILE *file, const char *s, size_t len);
	const char *around[DOC_REASON + 1][2];
	void (*heading)(const struct doc *doc);
	void (*section)(const char *title);
	void (*term)(const struct doc *doc);
	void (*text)(const struct doc *doc);
};

extern const struct doc_format doc_html;
extern const struct doc_format doc_man;
extern const struct doc_format doc_rst;

void show_document(const struct specs *specs, const struct doc_format *format);
void put_escaped(FILE *file, escape_fn escape, const char *s, size_t len);
const char *escape_xml(char c);

#endif /* _KAPI_DOC_H */
