/* SPDX-License-Identifier: GPL-2.0 */
/* The validator as a test sees it: its switch, and what coverage says. */
#ifndef KAPI_COVERAGE_H
#define KAPI_COVERAGE_H

#include <stdbool.h>

#include "kapi_debugfs.h"

#define KAPI_LINES	128

/* A line of coverage. What is not counted in this kernel is -1. */
struct kapi_line {
	char clause[64];
	char text[96];
	long long held, violated, undecided, misused;
};

struct kapi_coverage {
	const char *spec;
	struct kapi_line line[KAPI_LINES];
	int count;
};

static inline int kapi_write(const char *name, const char *text)
{
	int fd = kapi_open(name, O_WRONLY);
	ssize_t len = strlen(text), ret;

	if (fd < 0)
		return -1;
	ret = write(fd, text, len);
	close(fd);
	return ret == len ? 0 : -1;
}

static inline bool kapi_is_on(void)
{
	char *text = kapi_read("validate");
	bool on = text && *text == '1';

	free(text);
	return on;
}

static inline int kapi_switch(bool on)
{
	return kapi_write("validate", on ? "1" : "0");
}

static inline bool kapi_parse_line(const char *text, const char *spec, struct kapi_line *line)
{
	char name[64], held[24], violated[24], undecided[24], misused[24];
	int len;

	if (sscanf(text, "%63s %63s %23s %23s %23s %23s %n", name, line->clause, held, violated,
		   undecided, misused, &len) != 6 || strcmp(name, spec))
		return false;
	snprintf(line->text, sizeof(line->text), "%.*s", (int)strcspn(text + len, "\n"),
		 text + len);
	line->held = *held == '-' ? -1 : atoll(held);
	line->violated = *violated == '-' ? -1 : atoll(violated);
	line->undecided = *undecided == '-' ? -1 : atoll(undecided);
	line->misused = *misused == '-' ? -1 : atoll(misused);
	return true;
}

/* All lines of one spec; none if coverage cannot be read. */
static inline struct kapi_coverage kapi_coverage(const char *spec)
{
	struct kapi_coverage c = { .spec = spec };
	char *text = kapi_read("coverage"), *line, *rest = text;

	while ((line = strsep(&rest, "\n")) && c.count < KAPI_LINES)
		c.count += kapi_parse_line(line, spec, &c.line[c.count]);
	free(text);
	return c;
}

static inline const struct kapi_line *kapi_find_line(const struct kapi_coverage *c,
						     const char *clause)
{
	int i;

	for (i = 0; i < c->count; i++)
		if (!strcmp(c->line[i].clause, clause))
			return &c->line[i];
	return NULL;
}

static inline long long kapi_held(const char *spec, const char *clause)
{
	struct kapi_coverage c = kapi_coverage(spec);
	const struct kapi_line *line = kapi_find_line(&c, clause);

	return line ? line->held : -1;
}

#endif /* KAPI_COVERAGE_H */
