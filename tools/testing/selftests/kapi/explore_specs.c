// SPDX-License-Identifier: GPL-2.0
/*
 * Reads from specs.json which system calls have specs, and what these say about
 * parameters. Constants that a condition names are worth trying.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"

struct specs specs;

/* === JSON ================================================================= */

/* A value; numbers and the like are text, too. */
struct json {
	const char *key, *text;
	struct json *child, *next;
};

static void skip_blank(char **s)
{
	while (isspace((unsigned char)**s))
		++*s;
}

static bool take(char **s, char c)
{
	skip_blank(s);
	if (**s != c)
		return false;
	++*s;
	return true;
}

/* Unescapes in place: escapes are never shorter. Does not need \uXXXX. */
static char *parse_string(char **s)
{
	char *start = *s, *end = start;

	while (**s && **s != '"') {
		if (**s == '\\')
			++*s;
		*end++ = *(*s)++;
	}
	++*s;
	*end = '\0';
	return start;
}

static struct json *parse(char **s);

static struct json *parse_members(char **s, char last)
{
	struct json *first = NULL, **end = &first;

	while (!take(s, last)) {
		char *key = NULL;

		take(s, ',');
		if (last == '}' && take(s, '"')) {
			key = parse_string(s);
			take(s, ':');
		}
		*end = parse(s);
		if (!*end)
			return first;
		(*end)->key = key;
		end = &(*end)->next;
	}
	return first;
}

/* NULL at the end of the text, or if there is no memory. */
static struct json *parse(char **s)
{
	struct json *j;
	size_t len;

	skip_blank(s);
	j = **s ? calloc(1, sizeof(*j)) : NULL;
	if (!j)
		return NULL;
	if (take(s, '{')) {
		j->child = parse_members(s, '}');
	} else if (take(s, '[')) {
		j->child = parse_members(s, ']');
	} else if (take(s, '"')) {
		j->text = parse_string(s);
	} else {
		len = strcspn(*s, ",]}");
		j->text = strndup(*s, len);
		*s += len;
	}
	return j;
}

static const struct json *member(const struct json *j, const char *key)
{
	const struct json *m;

	for (m = j ? j->child : NULL; m; m = m->next)
		if (m->key && !strcmp(m->key, key))
			return m;
	return NULL;
}

static const char *text_of(const struct json *j, const char *key)
{
	const struct json *m = member(j, key);

	return m && m->text ? m->text : "";
}

/* === Constants ============================================================ */

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static void add_value(struct values *values, unsigned long value)
{
	int i;

	for (i = 0; i < values->count; i++)
		if (values->value[i] == value)
			return;
	if (values->count < MOST_HINTS)
		values->value[values->count++] = value;
}

/* The next name in a text, and its length; 0 at the end. */
static size_t next_name(const char **text)
{
	size_t len = 0;

	while (**text && !is_name(**text))
		++*text;
	while (is_name((*text)[len]))
		len++;
	return len;
}

static bool mentions(const char *text, const char *name)
{
	size_t len;

	for (; (len = next_name(&text)); text += len)
		if (strlen(name) == len && !strncmp(text, name, len))
			return true;
	return false;
}

/* Constants of this name; or, if there is none, that begin so: "PROT_GROWS", "F_*". */
static void add_named(struct values *values, const char *name, size_t len)
{
	const struct constant *c;
	bool is_exact = false;

	for (c = constants; c->name; c++)
		is_exact |= strlen(c->name) == len && !strncmp(c->name, name, len);
	if (!is_exact && len < 4 && name[len] != '*')
		return;
	for (c = constants; c->name; c++)
		if (!strncmp(c->name, name, len) && (!is_exact || strlen(c->name) == len))
			add_value(values, c->value);
}

static void add_all_named(struct values *values, const char *text)
{
	size_t len;

	for (; (len = next_name(&text)); text += len)
		if (isupper((unsigned char)*text))
			add_named(values, text, len);
}

/* As in kapi_rlimit(call, RLIMIT_NOFILE). */
static void add_argument(struct values *values, const char *text, const char *call)
{
	while ((text = strstr(text, call))) {
		text += strlen(call);
		if (isupper((unsigned char)*text))
			add_named(values, text, next_name(&text));
	}
}

static void add_condition(struct spec *spec, const char *text)
{
	int i;

	add_argument(&specs.limits, text, "kapi_rlimit(call, ");
	add_argument(&specs.capabilities, text, "kapi_capable(call, ");
	if (strstr(text, "kapi_user("))
		add_all_named(&specs.words, text);
	for (i = 0; i < spec->params; i++)
		if (mentions(text, spec->param[i].name))
			add_all_named(&spec->param[i].hints, text);
}

/* Wherever they stand in a spec. */
static void add_conditions(struct spec *spec, const struct json *j)
{
	for (; j; j = j->next) {
		if (member(j, "params") && *text_of(j, "text"))
			add_condition(spec, text_of(j, "text"));
		add_conditions(spec, j->child);
	}
}

/* === Specs ================================================================ */

static void add_param(struct spec *spec, const struct json *j)
{
	struct param *p = &spec->param[spec->params++];

	p->name = text_of(j, "name");
	p->type = text_of(j, "type_name");
	p->is_fd = !strcmp(text_of(j, "type"), "fd");
	p->has_mask = *text_of(j, "valid_mask");
	p->mask = strtoull(text_of(j, "valid_mask"), NULL, 0);
	p->has_range = *text_of(j, "min_value");
	p->min = strtoll(text_of(j, "min_value"), NULL, 0);
	p->max = strtoull(text_of(j, "max_value"), NULL, 0);
}

/* -1 if the headers that this was built with have no such call. */
static long number_of(const char *spec)
{
	const struct constant *c;

	for (c = constants; c->name; c++)
		if (!strncmp(c->name, "__NR_", 5) && !strncmp(spec, "sys_", 4) &&
		    !strcmp(c->name + 5, spec + 4))
			return c->value;
	return -1;
}

static void add_spec(const struct json *j)
{
	struct spec *spec = &specs.spec[specs.count];
	const struct json *params = member(j, "params"), *p;
	int i;

	spec->name = text_of(j, "name");
	spec->nr = number_of(spec->name);
	if (spec->nr < 0)
		return;
	for (p = params ? params->child : NULL; p && spec->params < MOST_ARGS; p = p->next)
		add_param(spec, p);
	add_conditions(spec, j->child);
	for (p = params ? params->child : NULL, i = 0; i < spec->params; p = p->next)
		add_all_named(&spec->param[i++].hints, text_of(p, "description"));
	specs.count++;
}

/* Fills in specs, which point into the text. Returns how many there are. */
int read_specs(char *json)
{
	const struct json *list = member(parse(&json), "specs"), *j;
	int most = 0;

	for (j = list ? list->child : NULL; j; j = j->next)
		most++;
	specs.spec = calloc(most + 1, sizeof(*specs.spec));
	for (j = list ? list->child : NULL; specs.spec && j; j = j->next)
		add_spec(j);
	return specs.count;
}
