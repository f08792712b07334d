/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The explorer: makes calls of whatever has a spec, in states made at random.
 *
 * explore.c		the loop, and what it prints
 * explore_specs.c	what there is to call, as specs.json has it
 * explore_values.c	values for parameters, by type
 * explore_programs.c	programs: new ones, or mutations of useful ones
 * explore_state.c	arguments for moves
 * explore_moves.c	the moves: each changes the state of the process
 * explore_learn.c	what coverage says about which programs are useful
 * explore_run.c	runs a program; makes it smaller; prints it as C
 * explore_coverage.c	what the validator counted
 */
#ifndef KAPI_EXPLORE_H
#define KAPI_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>

#define MOST_ARGS	6
#define MOST_STEPS	24
#define MOST_HINTS	64
#define AREA		0x601fb000UL	/* as explore_moves.c has it */
#define AREA_PAGES	32
#define FIRST_FD	10	/* of those that moves open */
#define FDS		4

/* === Random numbers ======================================================= */

/* xorshift64*: a seed makes the same calls whatever the libc. */
struct rng {
	unsigned long long state;
};

static inline unsigned int any(struct rng *rng)
{
	rng->state ^= rng->state >> 12;
	rng->state ^= rng->state << 25;
	rng->state ^= rng->state >> 27;
	return rng->state * 0x2545f4914f6cdd1dULL >> 32;
}

static inline unsigned int below(struct rng *rng, unsigned int end)
{
	return any(rng) % end;
}

#define PICK(_rng, _array)	((_array)[below(_rng, sizeof(_array) / sizeof((_array)[0]))])

/* === Specs ================================================================ */

struct constant {
	const char *name;
	unsigned long value;
};

/* The last has no name. */
extern const struct constant constants[];

struct values {
	unsigned long value[MOST_HINTS];
	int count;
};

struct param {
	const char *name, *type;
	bool is_fd, has_mask, has_range;
	unsigned long mask, min, max;
	struct values hints;	/* constants that conditions on it name */
};

struct spec {
	const char *name;
	long nr;
	struct param param[MOST_ARGS];
	int params;
};

struct specs {
	struct spec *spec;
	int count;
	struct values limits, capabilities, words;	/* that conditions name */
};

extern struct specs specs;

int read_specs(char *json);

/* === Programs ============================================================= */

/* What an argument of a move is. */
enum kind {
	START, LENGTH, PROT, MAPPING, ADVICE, FD, FILE_KIND, OPEN_FLAGS, SIZE, LIMIT,
	LIMIT_VALUE, CAPABILITY, NTH, USECS, SHARING, SMALL, WORD,
};

struct move {
	const char *name;
	int weight;
	int args;
	enum kind kind[4];
	bool is_timed;	/* its effect depends on timing */
	union {
		void (*fn0)(void);
		void (*fn1)(unsigned long a);
		void (*fn2)(unsigned long a, unsigned long b);
		void (*fn3)(unsigned long a, unsigned long b, unsigned long c);
		void (*fn4)(unsigned long a, unsigned long b, unsigned long c, unsigned long d);
	};
};

/* The last has no name. */
extern const struct move moves[];

/* A call of what has a spec, or a move. */
struct step {
	const struct spec *spec;
	const struct move *move;
	unsigned long arg[MOST_ARGS];
};

struct program {
	struct step step[MOST_STEPS];
	int steps;
};

size_t page_size(void);
unsigned long any_size(struct rng *rng, const struct program *p);
unsigned long any_value(struct rng *rng, const struct program *p, const struct step *step, int i);
struct step any_move(struct rng *rng, const struct program *p);
void make_move(const struct step *step);
void prepare(void);
const char *moves_source(void);

bool pick_used(struct rng *rng, const struct program *p, enum kind what, unsigned long *value);
bool pick_edge(struct rng *rng, const struct program *p, unsigned long *addr);
bool is_timed(const struct program *p);
struct program any_program(struct rng *rng, const unsigned int *weights);
void keep_program(const struct program *p, bool is_clause);
void forget_programs(void);
void remove_step(struct program *p, int i);

void run_program(const struct program *p);
void leave_steps_out(struct program *p, bool (*is_still)(const struct program *p));
void print_program(const struct program *p, const char *title);

/* === Coverage ============================================================= */

struct line {
	char spec[48], clause[64];
	long long held, violated, undecided;
	bool is_checkable;
};

struct coverage {
	struct line *line;
	int count;
};

int read_coverage(struct coverage *c);

enum news {
	NO_NEWS,
	NEW_SET,	/* a new combination of clauses was exercised */
	NEW_CLAUSE,
};

void forget_all(const struct coverage *now);
enum news learn(const struct coverage *last, const struct coverage *now);
const unsigned int *find_weights(const struct coverage *now);

#endif /* KAPI_EXPLORE_H */
