// SPDX-License-Identifier: GPL-2.0
/*
 * A parser of JSON (RFC 8259).
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "tool.h"

/* More than a kernel writes, and few enough for the stack. */
#define MAX_DEPTH	32

struct parser {
	const struct file *file;
	const char *at;
	const char *end;
	unsigned int depth;
};

static __noreturn void wrong(const struct parser *p, const char *what)
{
	unsigned int line = 1;

	for (const char *c = p->file->data; c < p->at; c++)
		line += *c == '\n';
	fail(p->file->path, "line %u: %s", line, what);
}

/* === Characters =========================================================== */

static void skip_space(struct parser *p)
{
	while (p->at < p->end && strchr(" \t\r\n", *p->at) && *p->at)
		p->at++;
}

/* The next character; 0 at the end. */
static char peek(struct parser *p)
{
	skip_space(p);
	return p->at < p->end ? *p->at : '\0';
}

static bool take(struct parser *p, char c)
{
	if (peek(p) != c)
		return false;
	p->at++;
	return true;
}

static void expect(struct parser *p, char c)
{
	char what[] = "there is no 'x' where one must be";

	what[13] = c;
	if (!take(p, c))
		wrong(p, what);
}

/* === Texts ================================================================ */

static unsigned int parse_hex(struct parser *p)
{
	char digits[5] = "", *end;
	unsigned int code;

	if (p->end - p->at < 4)
		wrong(p, "a text has no end");
	memcpy(digits, p->at, 4);
	code = strtoul(digits, &end, 16);
	if (end != digits + 4 || strchr("+- ", *digits))
		wrong(p, "four hexadecimal digits must follow \\u");
	p->at += 4;
	return code;
}

static char *put_utf8(char *to, unsigned int code)
{
	if (code < 0x80) {
		*to++ = code;
	} else if (code < 0x800) {
		*to++ = 0xc0 | code >> 6;
		*to++ = 0x80 | (code & 0x3f);
	} else {
		*to++ = 0xe0 | code >> 12;
		*to++ = 0x80 | (code >> 6 & 0x3f);
		*to++ = 0x80 | (code & 0x3f);
	}
	return to;
}

/* What is above U+FFFF a kernel writes as it is. */
static char *parse_code(struct parser *p, char *to)
{
	unsigned int code = parse_hex(p);

	if (!code || (code >= 0xd800 && code < 0xe000))
		wrong(p, "\\u0000 and surrogates are not supported");
	return put_utf8(to, code);
}

static char *parse_escape(struct parser *p, char *to)
{
	static const char from[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *found;
	char c = p->at < p->end ? *p->at++ : '\0';

	if (c == 'u')
		return parse_code(p, to);
	found = c ? strchr(from, c) : NULL;
	if (!found)
		wrong(p, "an unknown escape in a text");
	*to++ = meant[found - from];
	return to;
}

/* No escape is shorter than what it stands for. */
static const char *parse_text(struct parser *p)
{
	const char *close;
	char *text, *to;

	expect(p, '"');
	for (close = p->at; close < p->end && *close != '"'; close++)
		close += *close == '\\';
	if (close >= p->end)
		wrong(p, "a text has no end");
	text = allocate(close - p->at + 1, 1);
	to = text;
	while (*p->at != '"') {
		if ((unsigned char)*p->at < ' ')
			wrong(p, "a control character in a text");
		if (*p->at == '\\') {
			p->at++;
			to = parse_escape(p, to);
		} else {
			*to++ = *p->at++;
		}
	}
	p->at++;
	return text;
}

/* === Values =============================================================== */

static const char *parse_bare(struct parser *p)
{
	const char *begin = p->at;

	while (p->at < p->end && *p->at && strchr("+-.0123456789Eaeflnrstu", *p->at))
		p->at++;
	if (p->at == begin)
		wrong(p, "a value is missing");
	return strndup(begin, p->at - begin);
}

static struct json *parse_value(struct parser *p);

static struct json *parse_item(struct parser *p, bool has_key)
{
	const char *key = NULL;
	struct json *item;

	if (has_key) {
		key = parse_text(p);
		expect(p, ':');
	}
	item = parse_value(p);
	item->key = key;
	return item;
}

static struct json *parse_items(struct parser *p, char close, bool has_key)
{
	struct json *first = NULL, **end = &first;

	if (++p->depth > MAX_DEPTH)
		wrong(p, "lists and objects are nested too deep");
	p->at++;
	while (!take(p, close)) {
		if (first)
			expect(p, ',');
		*end = parse_item(p, has_key);
		end = &(*end)->next;
	}
	p->depth--;
	return first;
}

static struct json *parse_value(struct parser *p)
{
	struct json *value = allocate(1, sizeof(*value));
	char c = peek(p);

	if (c == '{') {
		value->type = JSON_OBJECT;
		value->first = parse_items(p, '}', true);
	} else if (c == '[') {
		value->type = JSON_LIST;
		value->first = parse_items(p, ']', false);
	} else if (c == '"') {
		value->type = JSON_TEXT;
		value->text = parse_text(p);
	} else {
		value->type = c == '-' || (c >= '0' && c <= '9') ? JSON_NUMBER : JSON_WORD;
		value->text = parse_bare(p);
	}
	return value;
}

struct json *json_parse(const struct file *file)
{
	struct parser p = {
		.file = file, .at = file->data, .end = file->data + file->size,
	};
	struct json *value = parse_value(&p);

	if (peek(&p) || p.at != p.end)
		wrong(&p, "unexpected text after the end");
	return value;
}

/* Of an object; NULL if there is none of this key and type. */
const struct json *json_get(const struct json *object, const char *key, enum json_type type)
{
	const struct json *value;

	json_for_each(value, object)
		if (value->key && !strcmp(value->key, key) && value->type == type)
			return value;
	return NULL;
}

const char *json_text(const struct json *object, const char *key)
{
	const struct json *value = json_get(object, key, JSON_TEXT);

	return value ? value->text : NULL;
}
