// SPDX-License-Identifier: GPL-2.0
/* What the kernel saw calls of a function do: its debugfs file "learn". */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "draft.h"

struct line {
	const char *path;
	unsigned int number;
	char *text;
};

static __noreturn void wrong(const struct line *line)
{
	fail(line->path, "line %u: not what debugfs has in \"learn\"", line->number);
}

/* Returns the next word, and moves the text past it. */
static char *next_word(struct line *line)
{
	char *word = strsep(&line->text, " ");

	if (!word || !*word)
		wrong(line);
	return word;
}

static unsigned long next_number(struct line *line)
{
	char *end, *word = next_word(line);
	unsigned long number = strtoul(word, &end, 10);

	if (*end || *word == '-')
		wrong(line);
	return number;
}

void add_param(struct function *f, const char *path, const char *type, const char *name)
{
	if (f->params == MAX_PARAMS)
		fail(path, "%s has more than %d parameters there", f->name, MAX_PARAMS);
	f->param[f->params++] = (struct param) {
		.type = strdup(type),
		.name = strdup(name),
	};
}

/* "unsigned int fd" */
static void read_param(struct function *f, struct line *line)
{
	char *name = line->text ? strrchr(line->text, ' ') : NULL;

	if (!name)
		wrong(line);
	*name = '\0';
	if (!f->has_params)
		add_param(f, line->path, line->text, name + 1);
}

/* From @s on; NULL if there is none. */
const struct seen *next_seen(const struct function *f, const struct seen *s, const char *kind)
{
	for (; s < f->seen + f->seen_count; s++)
		if (!strcmp(s->kind, kind))
			return s;
	return NULL;
}

static bool is_same(const struct seen *a, const struct seen *b)
{
	return !strcmp(a->kind, b->kind) && !strcmp(a->which, b->which) &&
	       !strcmp(a->class, b->class);
}

/* What two tasks saw first at the same time is listed twice. */
static void add_seen(struct function *f, const struct seen *new)
{
	struct seen *s;

	for (s = f->seen; s < f->seen + f->seen_count && !is_same(s, new); s++)
		;
	if (s == f->seen + f->seen_count) {
		f->seen = grow(f->seen, f->seen_count, sizeof(*f->seen));
		f->seen[f->seen_count++] = *new;
		return;
	}
	s->calls += new->calls;
	s->succeeded += new->succeeded;
}

/* "error -EBADF 30 0", "lock sleeping_write 12 10 &mm->mmap_lock" */
static void read_seen(struct function *f, const char *kind, struct line *line)
{
	struct seen s = { .kind = strdup(kind) };

	s.which = strdup(next_word(line));
	s.calls = next_number(line);
	s.succeeded = next_number(line);
	s.class = strdup(line->text ?: "");
	if (s.succeeded > s.calls)
		wrong(line);
	add_seen(f, &s);
}

static void read_line(struct function *f, struct line *line)
{
	const char *name = next_word(line), *kind;

	if (strcmp(name, f->name))
		return;
	f->is_seen = true;
	kind = next_word(line);
	if (!strcmp(kind, "param"))
		read_param(f, line);
	else if (!strcmp(kind, "missed"))
		f->missed += next_number(line);
	else
		read_seen(f, kind, line);
}

/* Adds what was learned of the function; for system calls, also parameters. */
void read_learned(struct function *f, const char *path)
{
	FILE *file = fopen(path, "re");
	struct line line = { .path = path };
	char *text = NULL;
	size_t room = 0;

	if (!file)
		fail(path, "%s", strerror(errno));
	while (getline(&text, &room, file) > 0) {
		line.text = text;
		line.number++;
		text[strcspn(text, "\n")] = '\0';
		read_line(f, &line);
	}
	if (ferror(file))
		fail(path, "it cannot be read");
	fclose(file);
	free(text);
	f->has_params |= f->is_seen && is_syscall(f);
}
