// SPDX-License-Identifier: GPL-2.0
/*
 * A spec for a person, at 80 columns.
 *
 * Keys stand in one column and values in another, wrapped at blanks. Newlines
 * and the blanks behind them are the author's. Anything a terminal would obey
 * is escaped.
 */
#include <linux/ctype.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "kapi.h"

#define COLUMNS		80
#define KEY_WIDTH	16
#define TAB_WIDTH	8	/* at the most */
#define ITEM_DEPTH	3	/* spec, list, item */

/* A control character, also of the C1 set (U+0080 to U+009F), or no UTF-8. */
static bool is_unprintable(const char *s, unsigned int len)
{
	return !len || (len == 1 && iscntrl(*s) && *s != '\t') ||
	       (len == 2 && (u8)s[0] == 0xc2 && (u8)s[1] < 0xa0);
}

/* Returns the bytes taken; *width is what they add to the line. */
static unsigned int put_char(struct seq_file *m, const char *s, unsigned int *width)
{
	unsigned int len = kapi_utf8_len(s);

	*width = *s == '\t' ? TAB_WIDTH : 1;
	if (is_unprintable(s, len)) {
		*width = strlen("\\x00");
		if (m)
			seq_printf(m, "\\x%02x", (u8)*s);
		return 1;
	}
	if (m)
		seq_write(m, s, len);
	return len;
}

/* Up to the next blank; without @m, only measures. Returns the end. */
static const char *put_word(struct seq_file *m, const char *s, unsigned int *column)
{
	unsigned int width;

	while (*s && *s != ' ' && *s != '\n') {
		s += put_char(m, s, &width);
		*column += width;
	}
	return s;
}

static void new_line(struct seq_file *m, unsigned int indent, unsigned int *column)
{
	seq_printf(m, "\n%*s", indent, "");
	*column = indent;
}

/*
 * Writes a word and the blanks before it, on the next line if it is too long.
 * Blanks before no word are dropped.
 */
static const char *put_wrapped(struct seq_file *m, const char *s, unsigned int indent,
			       unsigned int *column)
{
	unsigned int blanks = strspn(s, " "), end = *column + blanks;

	if (!s[blanks] || s[blanks] == '\n')
		return s + blanks;
	put_word(NULL, s + blanks, &end);
	if (end > COLUMNS && *column > indent) {
		new_line(m, indent, column);
	} else {
		seq_printf(m, "%*s", blanks, "");
		*column += blanks;
	}
	return put_word(m, s + blanks, column);
}

/* Ends a line; returns what follows, which begins with a word or is the end. */
static const char *put_newline(struct seq_file *m, const char *s, unsigned int indent,
			       unsigned int *column)
{
	unsigned int blanks;

	/* Lines of nothing but blanks are empty, those at the end are none. */
	if (!s[strspn(s, "\n ")])
		return s + strlen(s);
	for (s++; blanks = strspn(s, " "), s[blanks] == '\n'; s += blanks + 1)
		seq_putc(m, '\n');
	new_line(m, indent, column);
	return s;
}

static void put_text(struct seq_file *m, const char *s, unsigned int column)
{
	unsigned int indent = column;

	s += strspn(s, "\n");
	while (*s) {
		if (*s == '\n')
			s = put_newline(m, s, indent, &column);
		else
			s = put_wrapped(m, s, indent, &column);
	}
	seq_putc(m, '\n');
}

/*
 * A group's heading waits for its first key, as an empty group has none. Items
 * of a list are told apart by a dash before their first key.
 */
static unsigned int put_key(struct kapi_emit *e, const char *key)
{
	const char *mark = e->fresh && e->depth == ITEM_DEPTH ? "- " : "  ";

	if (e->heading)
		seq_printf(e->m, "\n%s:\n", e->heading);
	e->heading = NULL;
	e->fresh = false;
	seq_printf(e->m, "%s%-*s", mark, KEY_WIDTH, key);
	return strlen(mark) + KEY_WIDTH;
}

static void text_text(struct kapi_emit *e, const char *key, const char *text)
{
	put_text(e->m, text, put_key(e, key));
}

static void text_words(struct kapi_emit *e, const char *key,
		       const struct kapi_names *names, u64 mask)
{
	const char *sep = "";
	unsigned int i;

	put_key(e, key);
	for (i = 0; i < names->count; i++) {
		if (!(mask & BIT_ULL(i)))
			continue;
		seq_printf(e->m, "%s%s", sep, names->name[i]);
		sep = ", ";
	}
	seq_putc(e->m, '\n');
}

static void text_number(struct kapi_emit *e, const char *key, const char *digits)
{
	put_key(e, key);
	seq_printf(e->m, "%s\n", digits);
}

/* What does not hold goes without saying. */
static void text_flag(struct kapi_emit *e, const char *key, bool value)
{
	if (value)
		text_number(e, key, "yes");
}

static void text_open(struct kapi_emit *e, const char *key, bool list)
{
	if (key)
		e->heading = key;
}

static void text_close(struct kapi_emit *e, bool list)
{
	e->heading = NULL;
}

const struct kapi_emit_ops kapi_text_ops = {
	.open = text_open,
	.close = text_close,
	.text = text_text,
	.words = text_words,
	.number = text_number,
	.flag = text_flag,
};
EXPORT_SYMBOL_IF_KUNIT(kapi_text_ops);
