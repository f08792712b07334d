// SPDX-License-Identifier: GPL-2.0
/* Random programs: new ones, or mutations of one that was useful. */
#include <string.h>

#include "explore.h"

#define MOST_KEPT	256

/* Programs that exercised a new clause, or a new combination of clauses. */
static struct store {
	struct program program[MOST_KEPT];
	unsigned int count;
} of_clauses, of_sets;

/* Of each, the oldest is forgotten if there are more. */
void keep_program(const struct program *p, bool is_clause)
{
	struct store *store = is_clause ? &of_clauses : &of_sets;

	store->program[store->count++ % MOST_KEPT] = *p;
}

void forget_programs(void)
{
	of_clauses.count = 0;
	of_sets.count = 0;
}

/* There is one. */
static const struct program *any_kept(struct rng *rng)
{
	const struct store *store = below(rng, 2) ? &of_clauses : &of_sets;

	if (!store->count)
		store = store == &of_sets ? &of_clauses : &of_sets;
	return &store->program[below(rng, store->count < MOST_KEPT ? store->count : MOST_KEPT)];
}

/* An argument of this kind from a random step, if it is a move with one. */
bool pick_used(struct rng *rng, const struct program *p, enum kind what, unsigned long *value)
{
	const struct step *step;
	int i;

	if (!p->steps)
		return false;
	step = &p->step[below(rng, p->steps)];
	for (i = 0; step->move && i < step->move->args; i++) {
		if (step->move->kind[i] == what) {
			*value = step->arg[i];
			return true;
		}
	}
	return false;
}

static bool is_in_area(unsigned long addr)
{
	return addr >= AREA && addr < AREA + AREA_PAGES * page_size();
}

/* The page where the range of a random step begins or ends, if it has one. */
bool pick_edge(struct rng *rng, const struct program *p, unsigned long *addr)
{
	const unsigned long *arg;
	unsigned long edge;

	if (!p->steps)
		return false;
	arg = p->step[below(rng, p->steps)].arg;
	edge = (below(rng, 2) ? arg[0] : arg[0] + arg[1] + page_size() - 1) & -page_size();
	if (!is_in_area(arg[0]) || !is_in_area(edge))
		return false;
	*addr = edge;
	return true;
}

/* Whether what comes of it may differ from time to time. */
bool is_timed(const struct program *p)
{
	int i;

	for (i = 0; i < p->steps; i++)
		if (p->step[i].move && p->step[i].move->is_timed)
			return true;
	return false;
}

static const struct spec *pick_spec(struct rng *rng, const unsigned int *weights)
{
	unsigned int sum = 0;
	int i;

	for (i = 0; i < specs.count; i++)
		sum += weights[i];
	sum = below(rng, sum);
	for (i = 0; sum >= weights[i]; i++)
		sum -= weights[i];
	return &specs.spec[i];
}

static struct step any_call(struct rng *rng, const struct program *p,
			    const unsigned int *weights)
{
	struct step step = { .spec = pick_spec(rng, weights) };
	int i;

	for (i = 0; i < step.spec->params; i++)
		step.arg[i] = any_value(rng, p, &step, i);
	return step;
}

static struct step any_step(struct rng *rng, const struct program *p,
			    const unsigned int *weights, bool is_call)
{
	return is_call ? any_call(rng, p, weights) : any_move(rng, p);
}

static void change_step(struct rng *rng, const struct program *p, struct step *step)
{
	int i;

	if (step->move) {
		*step = any_move(rng, p);
	} else if (step->spec->params) {
		i = below(rng, step->spec->params);
		step->arg[i] = any_value(rng, p, step, i);
	}
}

/* A copy of a step that is there; of a call, perhaps with one argument changed. */
static struct step any_again(struct rng *rng, const struct program *p)
{
	struct step step = p->step[below(rng, p->steps)];

	if (step.spec && below(rng, 2))
		change_step(rng, p, &step);
	return step;
}

/* Moves early and calls late, mostly; now and then an earlier step again. */
static struct program new_program(struct rng *rng, const unsigned int *weights)
{
	int steps = 2 + below(rng, MOST_STEPS - 4);
	struct program p = { .steps = 0 };
	struct step step;

	while (p.steps < steps) {
		if (p.steps && !below(rng, 16))
			step = any_again(rng, &p);
		else
			step = any_step(rng, &p, weights, (int)below(rng, steps) <= p.steps);
		p.step[p.steps++] = step;
	}
	return p;
}

static void insert_step(struct program *p, int i, const struct step *step)
{
	if (p->steps == MOST_STEPS)
		return;
	memmove(&p->step[i + 1], &p->step[i], (p->steps++ - i) * sizeof(*step));
	p->step[i] = *step;
}

void remove_step(struct program *p, int i)
{
	memmove(&p->step[i], &p->step[i + 1], (--p->steps - i) * sizeof(p->step[i]));
}

/* From here on, as another one ends. */
static void change_end(struct program *p, int i, const struct program *other)
{
	int n = other->steps - i;

	if (n <= 0)
		return;
	memcpy(&p->step[i], &other->step[i], n * sizeof(p->step[i]));
	p->steps = other->steps;
}

static void change(struct rng *rng, struct program *p, const unsigned int *weights)
{
	int i = below(rng, p->steps);
	struct step step;

	switch (below(rng, 8)) {
	case 0 ... 3:
		change_step(rng, p, &p->step[i]);
		break;
	case 4:
		step = any_step(rng, p, weights, below(rng, 2));
		insert_step(p, i, &step);
		break;
	case 5:
		step = any_again(rng, p);
		insert_step(p, i, &step);
		break;
	case 6:
		change_end(p, i, any_kept(rng));
		break;
	default:
		if (p->steps > 1)
			remove_step(p, i);
	}
}

/* @weights: of each spec, how often it is to be called compared with others. */
struct program any_program(struct rng *rng, const unsigned int *weights)
{
	struct program p;
	int n;

	if (!of_clauses.count || !below(rng, 3))
		return new_program(rng, weights);
	p = *any_kept(rng);
	for (n = 1 + below(rng, 3); n; n--)
		change(rng, &p, weights);
	return p;
}
