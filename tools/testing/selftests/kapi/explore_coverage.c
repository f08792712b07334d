// SPDX-License-Identifier: GPL-2.0
/*
 * What the validator counted. Uses pread(), as read() may have a spec itself
 * and would be counted.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore.h"

#define MOST_LINES	4096

static ssize_t read_text(char *text, size_t size)
{
	int fd = open("/sys/kernel/debug/kapi/coverage", O_RDONLY | O_CLOEXEC);
	ssize_t len = 0, ret = -1;

	while (fd >= 0 && (ret = pread(fd, text + len, size - 1 - len, len)) > 0)
		len += ret;
	if (fd >= 0)
		close(fd);
	text[len] = '\0';
	return ret < 0 ? -1 : len;
}

/* Skips blanks. "-" means that nothing is counted, and gives 0. */
static char *parse_count(char *s, long long *count, bool *is_counted)
{
	while (*s == ' ')
		s++;
	*is_counted = *s != '-';
	*count = *is_counted ? strtoll(s, &s, 10) : 0;
	return *is_counted ? s : s + 1;
}

static char *parse_word(char *s, char *word, size_t size)
{
	size_t len;

	while (*s == ' ')
		s++;
	len = strcspn(s, " ");
	snprintf(word, size, "%.*s", (int)len, s);
	return s + len;
}

static void parse_line(char *s, struct line *line)
{
	bool is_seen;

	s = parse_word(s, line->spec, sizeof(line->spec));
	s = parse_word(s, line->clause, sizeof(line->clause));
	s = parse_count(s, &line->held, &is_seen);
	s = parse_count(s, &line->violated, &line->is_checkable);
	parse_count(s, &line->undecided, &is_seen);
}

/* Returns 0, or -1 if it cannot be read. */
int read_coverage(struct coverage *c)
{
	static char text[1 << 20];
	char *rest = text, *s;

	if (!c->line)
		c->line = calloc(MOST_LINES, sizeof(*c->line));
	if (!c->line || read_text(text, sizeof(text)) < 0)
		return -1;
	c->count = 0;
	while ((s = strsep(&rest, "\n")) && c->count < MOST_LINES)
		if (*s && *s != '#')
			parse_line(s, &c->line[c->count++]);
	return 0;
}
