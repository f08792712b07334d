// SPDX-License-Identifier: GPL-2.0
/*
 * A spec for a person, at 80 columns.
 *
 * The text of a field comes from .say of its struct kapi_field. It follows that of the field
 * before it, wrapped at blanks. Newlines in a spec's texts, and the blanks after them, are
 * kept. Control characters are escaped.
 */
#include <linux/ctype.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "kapi.h"

#define COLUMNS		79	/* and one for a comma */
#define TAB_WIDTH	8	/* at the most */
#define MARGIN		2
#define TEXT_COLUMN	16

/* Written in one go: the text before a value, the value, the text after it. */
struct parts {
	const char *part[3];
	unsigned int i;
};

#define VALUE	1

/* === Words ================================================================ */

/* A control character, including C1 (U+0080 to U+009F), or not UTF-8. */
bool kapi_is_unprintable(const char *s, unsigned int len)
{
	return !len || (len == 1 && iscntrl(*s) && *s != '\t') ||
	       (len == 2 && (u8)s[0] == 0xc2 && (u8)s[1] < 0xa0);
}

/* Without @m, only measures. Returns the bytes used; adds to @column what they print. */
static unsigned int put_char(struct seq_file *m, const char *s, unsigned int *column)
{
	unsigned int len = kapi_utf8_len(s);

	if (kapi_is_unprintable(s, len)) {
		*column += strlen("\\x00");
		if (m)
			seq_printf(m, "\\x%02x", (u8)*s);
		return 1;
	}
	*column += *s == '\t' ? TAB_WIDTH : 1;
	if (m)
		seq_write(m, s, len);
	return len;
}

/* In a value, a tab is part of the text. */
static bool is_in_word(struct parts *p)
{
	char c;

	while (p->i < 2 && !*p->part[p->i])
		p->i++;
	c = *p->part[p->i];
	return c && c != ' ' && c != '\n' && (c != '\t' || p->i == VALUE);
}

static void put_word(struct seq_file *m, struct parts *p, unsigned int *column)
{
	while (is_in_word(p))
		p->part[p->i] += put_char(m, p->part[p->i], column);
}

/* === Between words ======================================================== */

static void put_blanks(struct kapi_emit *e, unsigned int count)
{
	seq_printf(e->m, "%*s", count, "");
	e->flow.column += count;
}

static void new_line(struct kapi_emit *e, unsigned int indent)
{
	seq_putc(e->m, '\n');
	e->flow.column = 0;
	put_blanks(e, indent);
}

static void drop_between(struct kapi_emit *e)
{
	e->flow.lines = 0;
	e->flow.blanks = 0;
}

/* Newlines, blanks and tabs wait for the next word, so that no line ends in blanks. */
static void put_between(struct kapi_emit *e, const struct parts *p)
{
	unsigned int end = e->flow.column + e->flow.blanks, lines = e->flow.lines;
	struct parts word = *p;

	put_word(NULL, &word, &end);
	for (; lines > 1; lines--)
		seq_putc(e->m, '\n');
	if (lines)
		new_line(e, e->flow.tab ? e->flow.margin : e->flow.indent);
	if (e->flow.tab)
		put_blanks(e, max_t(int, e->flow.indent - e->flow.column, 2));
	else if (e->flow.blanks && !e->flow.lines && end > COLUMNS)
		new_line(e, e->flow.indent);
	else
		put_blanks(e, e->flow.blanks);
	drop_between(e);
	e->flow.tab = false;
}

/* A newline of the text keeps its column, ours goes back to the margin. */
static void add_between(struct kapi_emit *e, char c, bool is_ours)
{
	if (c == ' ') {
		e->flow.blanks++;
		return;
	}
	e->flow.blanks = 0;
	e->flow.lines += c == '\n';
	e->flow.tab |= c == '\t';
	if (is_ours)
		e->flow.indent = c == '\t' ? TEXT_COLUMN : e->flow.margin;
}

static void text_put(struct kapi_emit *e, const char *before, const char *value,
		     const char *after)
{
	struct parts p = { .part = { before, value + strspn(value, "\n"), after } };

	while (p.i < ARRAY_SIZE(p.part)) {
		if (is_in_word(&p)) {
			put_between(e, &p);
			put_word(e->m, &p, &e->flow.column);
		} else if (*p.part[p.i]) {
			add_between(e, *p.part[p.i]++, p.i != VALUE);
		} else {
			p.i++;
		}
		/* Newlines and blanks at the end of a value are dropped. */
		if (p.i == VALUE && !p.part[VALUE][strspn(p.part[VALUE], "\n ")])
			p.part[VALUE] = "";
	}
}

/* === Fields =============================================================== */

static const char *what_to_say(struct kapi_emit *e, const struct kapi_field *f)
{
	const char *say = e->depth >= KAPI_REASON_DEPTH && f->because ? f->because : f->say;

	/* A comma needs something before it. */
	if (say && e->flow.tab)
		say += strspn(say, "\n\t,;: ");
	return say;
}

static void put_value(struct kapi_emit *e, const struct kapi_field *f, const char *value)
{
	const char *say = what_to_say(e, f) ?: "";
	const char *percent = strchr(say, '%');
	char before[24];

	if (!percent) {
		e->ops->put(e, say, "", "");
		return;
	}
	scnprintf(before, sizeof(before), "%.*s", (int)(percent - say), say);
	e->ops->put(e, before, value, percent + 1);
}

/* Shows a name once, even if it is the target, too. */
static void text_text(struct kapi_emit *e, const struct kapi_field *f, const char *text)
{
	if (e->flow.tab && e->flow.head && !strcmp(e->flow.head, text))
		return;
	put_value(e, f, text);
	if (!e->flow.head && f->say)
		e->flow.head = text;
}

static void text_condition(struct kapi_emit *e, const struct kapi_field *f,
			   const struct kapi_condition *cond)
{
	put_value(e, f, cond->text);
}

static const char *word(const struct kapi_names *names, unsigned int value)
{
	return names->words ? names->words[value] : names->name[value];
}

static void text_choice(struct kapi_emit *e, const struct kapi_field *f, unsigned int value)
{
	const char *text = word(f->names, value);

	if (text)
		put_value(e, f, text);
}

static void text_words(struct kapi_emit *e, const struct kapi_field *f, u64 mask)
{
	bool first = true;
	unsigned int i;

	for (i = 0; i < f->names->count; i++) {
		if (!(mask & BIT_ULL(i)))
			continue;
		if (first)
			put_value(e, f, word(f->names, i));
		else if (what_to_say(e, f) && *what_to_say(e, f))
			e->ops->put(e, ", ", word(f->names, i), "");
		first = false;
	}
}

static void text_flag(struct kapi_emit *e, const struct kapi_field *f, bool value)
{
	if (value)
		put_value(e, f, "");
	else if (f->if_not && e->depth >= KAPI_REASON_DEPTH)
		e->ops->put(e, f->if_not, "", "");
}

/* === Groups =============================================================== */

static void put_title(struct kapi_emit *e)
{
	if (e->flow.title)
		seq_printf(e->m, "\n\n%s:", e->flow.title);
	e->flow.title = NULL;
}

/* Items of a list begin a line, at the margin or, reasons, under the error's text. */
static void text_open(struct kapi_emit *e, const char *key, const char *title, bool list)
{
	bool is_reason = e->depth + 1 == KAPI_REASON_DEPTH;

	if (title)
		e->flow.title = title;
	if (key)
		return;
	drop_between(e);
	put_title(e);
	if (e->depth)
		new_line(e, is_reason ? TEXT_COLUMN : MARGIN);
	e->flow.margin = is_reason ? TEXT_COLUMN + 2 : MARGIN;
	e->flow.indent = e->flow.margin;
	e->flow.tab = false;
	e->flow.head = NULL;
}

static void text_close(struct kapi_emit *e, bool list)
{
	e->flow.title = NULL;
	e->flow.margin = MARGIN;
	e->flow.head = NULL;
	if (!e->depth)
		seq_putc(e->m, '\n');
}

const struct kapi_emit_ops kapi_text_ops = {
	.open = text_open,
	.close = text_close,
	.text = text_text,
	.condition = text_condition,
	.choice = text_choice,
	.words = text_words,
	.number = put_value,
	.flag = text_flag,
	.put = text_put,
};
EXPORT_SYMBOL_IF_KUNIT(kapi_text_ops);
