/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KAPI_JSON_H
#define _KAPI_JSON_H

#include <stdbool.h>
#include <stddef.h>

struct file;

enum json_type {
	JSON_TEXT,
	JSON_NUMBER,
	JSON_WORD,	/* true, false or null */
	JSON_LIST,
	JSON_OBJECT,
};

/**
 * struct json - a value
 * @type: what it is
 * @key: in an object, its name
 * @text: the value, unless a list or an object; of a text, without escapes
 * @first: of a list or an object, what is in it
 * @next: what follows in the list or object that it is in
 */
struct json {
	enum json_type type;
	const char *key;
	const char *text;
	struct json *first;
	struct json *next;
};

#define json_for_each(value, list)					\
	for (value = (list) ? (list)->first : NULL; value; value = (value)->next)

struct json *json_parse(const struct file *file);
const struct json *json_get(const struct json *object, const char *key, enum json_type type);
const char *json_text(const struct json *object, const char *key);

#endif /* _KAPI_JSON_H */
