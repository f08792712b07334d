// SPDX-License-Identifier: GPL-2.0
/* Learns from coverage which programs to keep and what to call more often. */
#include <stdlib.h>
#include <string.h>

#include "explore.h"

#define SETS	65536

/* By their hashes, the sets of clauses of one spec that a program has exercised. */
static bool is_known[SETS];

/* Of each line of coverage. */
static struct {
	bool is_guide;
	bool is_seen;	/* exercised by a program that does not depend on time */
} *lines;

/* Not functions, which others call; not locks, which depend on other load. */
static bool is_guide(const struct line *line)
{
	int n = 0;

	while (n < specs.count && strcmp(specs.spec[n].name, line->spec))
		n++;
	return n < specs.count && strncmp(line->clause, "locks[", 6);
}

void forget_all(const struct coverage *now)
{
	int i;

	free(lines);
	lines = calloc(now->count, sizeof(*lines));
	for (i = 0; i < now->count; i++)
		lines[i].is_guide = is_guide(&now->line[i]);
	memset(is_known, 0, sizeof(is_known));
	forget_programs();
}

static bool has_risen(const struct coverage *last, const struct coverage *now, int i)
{
	return now->line[i].held > last->line[i].held;
}

static bool is_first_of_spec(const struct coverage *now, int i)
{
	return !i || strcmp(now->line[i].spec, now->line[i - 1].spec);
}

static bool is_new_set(unsigned long long hash)
{
	bool *is_set = &is_known[(hash ^ hash >> 32) % SETS];
	bool is_new = hash && !*is_set;

	*is_set = true;
	return is_new;
}

/* What a program has exercised that others had not. */
enum news learn(const struct coverage *last, const struct coverage *now)
{
	bool is_new_clause = false, is_new = false;
	unsigned long long hash = 0;
	int i;

	for (i = 0; i < now->count; i++) {
		if (is_first_of_spec(now, i)) {
			is_new |= is_new_set(hash);
			hash = 0;
		}
		if (!lines[i].is_guide || !has_risen(last, now, i))
			continue;
		is_new_clause |= !lines[i].is_seen;
		lines[i].is_seen = true;
		hash = (hash ^ (i + 1)) * 0x9e3779b97f4a7c15ULL;
	}
	is_new |= is_new_set(hash);
	return is_new_clause ? NEW_CLAUSE : is_new ? NEW_SET : NO_NEWS;
}

/* A spec with many clauses not yet exercised is called more often. */
static unsigned int weight_of(const struct spec *spec, const struct coverage *now)
{
	unsigned int weight = 4;
	int i;

	for (i = 0; i < now->count; i++)
		if (!strcmp(now->line[i].spec, spec->name))
			weight += now->line[i].is_checkable && !lines[i].is_seen;
	return weight;
}

const unsigned int *find_weights(const struct coverage *now)
{
	static unsigned int *weights;
	int n;

	if (!weights)
		weights = calloc(specs.count, sizeof(*weights));
	for (n = 0; n < specs.count; n++)
		weights[n] = weight_of(&specs.spec[n], now);
	return weights;
}
