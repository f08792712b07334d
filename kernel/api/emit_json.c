// SPDX-License-Identifier: GPL-2.0
/*
 * A spec as JSON (RFC 8259), valid whatever the strings contain.
 */
#include <linux/ctype.h>
#include <linux/seq_file.h>
#include <linux/string_choices.h>
#include <kunit/visibility.h>

#include "kapi.h"

/* One character; each byte that is not UTF-8 becomes U+FFFD. */
static unsigned int put_char(struct seq_file *m, const char *s)
{
	unsigned int len = kapi_utf8_len(s);

	if (!len)
		seq_puts(m, "\\ufffd");
	else if (*s == '"' || *s == '\\')
		seq_printf(m, "\\%c", *s);
	else if (*s == '\n')
		seq_puts(m, "\\n");
	else if (len == 1 && iscntrl(*s))
		seq_printf(m, "\\u%04x", *s);
	else if (len == 2 && (u8)s[0] == 0xc2 && (u8)s[1] < 0xa0)
		seq_printf(m, "\\u%04x", (u8)s[1]);	/* C1: terminals act on it */
	else
		seq_write(m, s, len);
	return len ?: 1;
}

static void put_string(struct seq_file *m, const char *s)
{
	seq_putc(m, '"');
	while (*s)
		s += put_char(m, s);
	seq_putc(m, '"');
}

/* What precedes a value: a comma, a line of its own, its key. */
static void begin_value(struct kapi_emit *e, const char *key)
{
	if (!e->fresh)
		seq_putc(e->m, ',');
	e->fresh = false;
	if (e->depth)
		seq_printf(e->m, "\n%*s", e->depth, "");
	if (key) {
		put_string(e->m, key);
		seq_puts(e->m, ": ");
	}
}

static void json_open(struct kapi_emit *e, const char *key, const char *title, bool list)
{
	begin_value(e, key);
	seq_putc(e->m, list ? '[' : '{');
}

static void json_close(struct kapi_emit *e, bool list)
{
	seq_putc(e->m, list ? ']' : '}');
}

static void json_text(struct kapi_emit *e, const struct kapi_field *f, const char *text)
{
	begin_value(e, f->key);
	put_string(e->m, text);
}

static void json_condition(struct kapi_emit *e, const struct kapi_field *f,
			   const struct kapi_condition *cond)
{
	begin_value(e, f->key);
	seq_puts(e->m, "{\"name\": ");
	put_string(e->m, cond->name);
	seq_puts(e->m, ", \"params\": ");
	put_string(e->m, cond->params);
	seq_puts(e->m, ", \"text\": ");
	put_string(e->m, cond->text);
	seq_putc(e->m, '}');
}

static void json_choice(struct kapi_emit *e, const struct kapi_field *f, unsigned int value)
{
	json_text(e, f, f->names->name[value]);
}

static void json_words(struct kapi_emit *e, const struct kapi_field *f, u64 mask)
{
	const char *sep = "";
	unsigned int i;

	begin_value(e, f->key);
	seq_putc(e->m, '[');
	for (i = 0; i < f->names->count; i++) {
		if (!(mask & BIT_ULL(i)))
			continue;
		seq_puts(e->m, sep);
		put_string(e->m, f->names->name[i]);
		sep = ", ";
	}
	seq_putc(e->m, ']');
}

static void json_number(struct kapi_emit *e, const struct kapi_field *f, const char *digits)
{
	begin_value(e, f->key);
	seq_puts(e->m, digits);
}

static void json_flag(struct kapi_emit *e, const struct kapi_field *f, bool value)
{
	json_number(e, f, str_true_false(value));
}

const struct kapi_emit_ops kapi_json_ops = {
	.open = json_open,
	.close = json_close,
	.text = json_text,
	.condition = json_condition,
	.choice = json_choice,
	.words = json_words,
	.number = json_number,
	.flag = json_flag,
};
EXPORT_SYMBOL_IF_KUNIT(kapi_json_ops);

/* Begins a document; specs follow, separated by commas. */
void kapi_json_begin(struct seq_file *m)
{
	seq_printf(m, "{\"version\": %d, \"specs\": [\n", KAPI_JSON_VERSION);
}

void kapi_json_end(struct seq_file *m)
{
	seq_puts(m, "\n]}\n");
}
