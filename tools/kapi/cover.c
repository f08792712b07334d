// SPDX-License-Identifier: GPL-2.0
/*
 * What runs exercised, as their debugfs files "coverage" say, against what is required.
 */
#include <ctype.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cover.h"

#define HEADER	"# spec clause held violated undecided misused text\n"

static void *by_name;
struct counted *counted_clauses;
static struct counted **end = &counted_clauses;

/* === Lines ================================================================ */

struct lines {
	struct file file;
	size_t offset;
	unsigned int number;
};

static __noreturn void wrong(const struct lines *l, const char *what)
{
	fail(l->file.path, "line %u: %s", l->number, what);
}

/* The next line, without its newline; NULL at the end. */
static char *next_line(struct lines *l)
{
	size_t left = l->file.size - l->offset;
	char *line = l->file.data + l->offset, *newline;

	if (!left)
		return NULL;
	l->number++;
	newline = memchr(line, '\n', left);
	if (!newline || memchr(line, '\0', newline - line))
		wrong(l, "it has no end; was the file cut?");
	*newline = '\0';
	l->offset += newline - line + 1;
	return line;
}

/* Returns the next word and moves @line past it; NULL if there is none. */
static char *next_word(char **line)
{
	char *word = *line + strspn(*line, " "), *end = word + strcspn(word, " ");

	*line = *end ? end + 1 : end;
	*end = '\0';
	return *word ? word : NULL;
}

/* === Counting ============================================================= */

static int compare_counted(const void *a, const void *b)
{
	const struct counted *l = a, *r = b;

	return strcmp(l->spec, r->spec) ?: strcmp(l->label, r->label);
}

static struct counted *find(const char *spec, const char *label)
{
	const struct counted key = { .spec = spec, .label = label };
	struct counted **found = tfind(&key, &by_name, compare_counted);

	return found ? *found : NULL;
}

static struct counted *add(const char *spec, const char *label)
{
	struct counted *clause = find(spec, label);

	if (clause)
		return clause;
	clause = allocate(1, sizeof(*clause));
	clause->spec = spec;
	clause->label = label;
	clause->missing = "";
	tsearch(clause, &by_name, compare_counted);
	*end = clause;
	end = &clause->next;
	return clause;
}

/* Whether there is a number; "-" stands where nothing can be counted. */
static bool add_count(const struct lines *l, char **line, unsigned long long *sum)
{
	const char *word = next_word(line);
	char *end;

	if (word && !strcmp(word, "-"))
		return false;
	if (!word || !isdigit(*word))
		wrong(l, "there is no number where one must be");
	*sum += strtoull(word, &end, 10);
	if (*end)
		wrong(l, "there is no number where one must be");
	return true;
}

/* What stands in parentheses behind the text: "prose", "needs CONFIG_LOCKDEP". */
static const char *reason_in(char *text)
{
	char *open = strrchr(text, '('), *close = strrchr(text, ')');

	if (!open || !close || close < open)
		return "not decidable";
	*close = '\0';
	return open + 1;
}

static void count_line(const struct lines *l, char *line)
{
	const char *spec = next_word(&line), *label = next_word(&line);
	struct counted *clause;
	bool is_counted;

	if (!spec || !label)
		wrong(l, "a spec and a clause must stand there");
	clause = add(spec, label);
	is_counted = add_count(l, &line, &clause->held);
	add_count(l, &line, &clause->violated);
	add_count(l, &line, &clause->undecided);
	add_count(l, &line, &clause->misused);
	if (is_counted)
		clause->missing = NULL;
	else if (clause->missing)
		clause->missing = reason_in(line);
}

void cover_count(const char *path)
{
	struct lines l = {};
	char *line;

	read_file(&l.file, path);
	if (l.file.size < strlen(HEADER) || memcmp(l.file.data, HEADER, strlen(HEADER)))
		fail(path, "not what debugfs has in kapi/coverage: its first line is another");
	next_line(&l);
	while ((line = next_line(&l)))
		count_line(&l, line);
}

/* === What is required ===================================================== */

/* All of a spec that can be decided. */
static void require_spec(const struct lines *l, const char *spec)
{
	bool is_found = false;

	for (struct counted *clause = counted_clauses; clause; clause = clause->next) {
		if (strcmp(clause->spec, spec))
			continue;
		clause->is_required |= !clause->missing;
		is_found = true;
	}
	if (!is_found)
		fail(l->file.path, "line %u: no run had a spec %s", l->number, spec);
}

static void require_clause(const struct lines *l, const char *spec, const char *label)
{
	struct counted *clause = find(spec, label);

	if (!clause)
		fail(l->file.path, "line %u: no run had a clause %s %s", l->number, spec, label);
	clause->is_required = true;
}

void cover_require(const char *path)
{
	bool is_empty = true;
	struct lines l = {};
	char *line;

	read_file(&l.file, path);
	while ((line = next_line(&l))) {
		const char *spec = next_word(&line), *label = next_word(&line);

		if (!spec || *spec == '#')
			continue;
		is_empty = false;
		if (label)
			require_clause(&l, spec, label);
		else
			require_spec(&l, spec);
	}
	if (is_empty)
		fail(path, "it names no spec and no clause, so nothing is required");
}

/* Without a list it is all that can be decided. */
void cover_require_all(void)
{
	for (struct counted *clause = counted_clauses; clause; clause = clause->next)
		clause->is_required = !clause->missing;
}
