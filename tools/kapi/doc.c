// SPDX-License-Identifier: GPL-2.0
/*
 * Specs as a document. The walk and the sentences are those of the text; which of them
 * is a title, a term or a line follows from the groups, newlines and tabs there.
 */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/* === Characters =========================================================== */

/* U+FFFE and U+FFFF are not allowed in XML. */
static bool is_no_character(const char *s, unsigned int len)
{
	return len == 3 && (!memcmp(s, "\xef\xbf\xbe", 3) || !memcmp(s, "\xef\xbf\xbf", 3));
}

static void put_plain(FILE *file, escape_fn escape, const char *s, size_t len)
{
	const char *instead;

	for (size_t i = 0; i < len; i++) {
		instead = escape ? escape(s[i]) : NULL;
		if (instead)
			fputs(instead, file);
		else
			putc(s[i], file);
	}
}

/* Shows control characters and invalid UTF-8 as hex escapes, like the text. */
void put_escaped(FILE *file, escape_fn escape, const char *s, size_t len)
{
	const char *end = s + len;
	char number[8];

	while (s < end) {
		unsigned int bytes = kapi_utf8_len(s);

		if (!kapi_is_unprintable(s, bytes) && !is_no_character(s, bytes)) {
			put_plain(file, escape, s, bytes);
			s += bytes;
			continue;
		}
		sprintf(number, "\\x%02x", (u8)*s++);
		put_plain(file, escape, number, strlen(number));
	}
}

/* === Lines and places ===================================================== */

static void begin_line(struct doc *doc)
{
	doc->m.file = open_memstream(&doc->line, &doc->size);
	if (!doc->m.file)
		fail("memory", "there is not enough");
}

/* Also strips trailing blanks. */
static void close_line(struct doc *doc)
{
	if (fclose(doc->m.file))
		fail("memory", "there is not enough");
	while (doc->size && doc->line[doc->size - 1] == ' ')
		doc->line[--doc->size] = '\0';
}

static void drop_line(struct doc *doc)
{
	free(doc->line);
	begin_line(doc);
}

/* At the beginning and at the end, empty lines are left out. */
static void put_blank_lines(struct doc *doc)
{
	struct doc blank = *doc;

	blank.line = "";
	for (unsigned int i = 0; doc->lines && i < doc->blanks; i++)
		doc->format->text(&blank);
}

static void enter(struct doc *doc, enum doc_place place)
{
	while (doc->place < place)
		fputs(doc->format->around[++doc->place][0], stdout);
	while (doc->place > place)
		fputs(doc->format->around[doc->place--][1], stdout);
	doc->lines = 0;
	doc->blanks = 0;
}

static void put_term(struct doc *doc)
{
	enter(doc, DOC_TERM);
	doc->format->term(doc);
	doc->has_term = true;
}

static void put_line(struct doc *doc)
{
	put_blank_lines(doc);
	doc->format->text(doc);
	doc->lines++;
	doc->blanks = 0;
}

/* The first line is the heading; a clause's first line is always a term. */
static void end_line(struct doc *doc)
{
	close_line(doc);
	if (!doc->has_heading)
		doc->format->heading(doc);
	else if (doc->size && doc->place == DOC_TERM && !doc->has_term)
		put_term(doc);
	else if (doc->size)
		put_line(doc);
	else
		doc->blanks++;
	doc->has_heading = true;
	drop_line(doc);
}

static void begin_section(struct doc *doc, const char *title)
{
	enter(doc, DOC_SPEC);
	doc->has_sections = true;
	doc->format->section(title);
}

/* After the first section, each field of the spec gets a section of its own. */
static void end_term(struct doc *doc)
{
	close_line(doc);
	if (doc->size && doc->has_sections && !doc->clause) {
		doc->line[strcspn(doc->line, ":")] = '\0';
		begin_section(doc, doc->line);
	} else if (doc->size) {
		put_term(doc);
	}
	drop_line(doc);
}

/* === The walk ============================================================= */

static struct doc *doc_of(const struct kapi_emit *e)
{
	return container_of(e->m, struct doc, m);
}

static void doc_open(struct kapi_emit *e, const char *key, const char *title, bool list)
{
	struct doc *doc = doc_of(e);

	if (title)
		e->flow.title = title;
	if (key || !e->depth)
		return;
	end_line(doc);
	if (e->flow.title)
		begin_section(doc, e->flow.title);
	doc->clause = e->clause;
	doc->has_term = e->depth + 1 == KAPI_REASON_DEPTH;
	enter(doc, doc->has_term ? DOC_REASON : DOC_TERM);
	e->flow.title = NULL;
	e->flow.head = NULL;
	e->flow.tab = false;
}

static void doc_close(struct kapi_emit *e, bool list)
{
	struct doc *doc = doc_of(e);

	e->flow.title = NULL;
	e->flow.head = NULL;
	if (e->depth > 1 || (e->depth && !list))
		return;
	end_line(doc);
	enter(doc, DOC_SPEC);
	doc->clause = NULL;
}

static void put_words(struct kapi_emit *e, const char *s, size_t len)
{
	struct doc *doc = doc_of(e);

	if (!len)
		return;
	if (doc->is_code && doc->format->code && strspn(s, " \t") < len)
		doc->format->code(doc->m.file, s, len);
	else
		put_escaped(doc->m.file, doc->format->escape, s, len);
	e->flow.tab = false;
}

/* A newline and a tab of ours divide lines and terms. */
static void put_ours(struct kapi_emit *e, const char *s)
{
	struct doc *doc = doc_of(e);

	for (; *s; s++) {
		if (*s == '\n')
			end_line(doc);
		else if (*s == '\t')
			end_term(doc);
		else
			put_plain(doc->m.file, doc->format->escape, s, 1);
		e->flow.tab = *s == '\t';
	}
}

/* The length without trailing newlines and blanks. */
static size_t length(const char *value)
{
	size_t len = strlen(value);

	while (len && strchr("\n ", value[len - 1]))
		len--;
	return len;
}

static void put_author(struct kapi_emit *e, const char *s, size_t len)
{
	const char *newline = memchr(s, '\n', len);

	while (newline) {
		put_words(e, s, newline - s);
		end_line(doc_of(e));
		len -= newline + 1 - s;
		s = newline + 1;
		newline = memchr(s, '\n', len);
	}
	put_words(e, s, len);
}

static void doc_put(struct kapi_emit *e, const char *before, const char *value,
		    const char *after)
{
	value += strspn(value, "\n");
	put_ours(e, before);
	put_author(e, value, length(value));
	put_ours(e, after);
}

static void doc_condition(struct kapi_emit *e, const struct kapi_field *f,
			  const struct kapi_condition *cond)
{
	doc_of(e)->is_code = true;
	kapi_text_ops.condition(e, f, cond);
	doc_of(e)->is_code = false;
}

/* === Documents ============================================================ */

static void show_spec(const struct kernel_api_spec *spec, const struct doc_format *format)
{
	struct kapi_emit_ops ops = kapi_text_ops;
	struct doc doc = { .format = format, .spec = spec };

	ops.open = doc_open;
	ops.close = doc_close;
	ops.put = doc_put;
	ops.condition = doc_condition;
	begin_line(&doc);
	kapi_render(&doc.m, &ops, spec);
	close_line(&doc);
	free(doc.line);
}

void show_document(const struct specs *specs, const struct doc_format *format)
{
	if (format->begin)
		format->begin(specs);
	for (size_t i = 0; i < specs->count; i++)
		show_spec(specs->item[i].spec, format);
	fputs(format->end, stdout);
}
