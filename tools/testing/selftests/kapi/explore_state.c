// SPDX-License-Identifier: GPL-2.0
/* Moves at random, with arguments that make sense more often than not. */
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "explore.h"

#ifndef MAP_DROPPABLE
#define MAP_DROPPABLE		8
#endif
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED	24
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#define MADV_GUARD_REMOVE	103
#endif

size_t page_size(void)
{
	static size_t size;

	if (!size)
		size = sysconf(_SC_PAGESIZE);
	return size;
}

static unsigned long any_start(struct rng *rng, const struct program *p)
{
	unsigned long start;

	if (below(rng, 2) && pick_edge(rng, p, &start))
		return start;
	return AREA + below(rng, AREA_PAGES) * page_size();
}

static unsigned long any_slot(struct rng *rng, const struct program *p)
{
	unsigned long fd;

	if (below(rng, 2) && pick_used(rng, p, FD, &fd))
		return fd;
	return FIRST_FD + below(rng, FDS);
}

/* Now and then enough for a huge page, where there are some. */
static unsigned long any_length(struct rng *rng)
{
	if (!below(rng, 100) && !access("/sys/kernel/mm/transparent_hugepage", F_OK))
		return 4 << 20;
	return (1 + below(rng, below(rng, 4) ? 4 : AREA_PAGES)) * page_size();
}

static unsigned long any_mapping(struct rng *rng)
{
	static const unsigned long types[] = {
		MAP_PRIVATE, MAP_PRIVATE, MAP_PRIVATE, MAP_SHARED, MAP_DROPPABLE,
		MAP_PRIVATE | MAP_HUGETLB,
	};
	static const unsigned long flags[] = {
		0, 0, 0, MAP_LOCKED, MAP_GROWSDOWN, MAP_NORESERVE, MAP_POPULATE, MAP_STACK,
	};

	return PICK(rng, types) | PICK(rng, flags);
}

/* For madvise(), without advice that takes pages from the whole system. */
static unsigned long any_advice(struct rng *rng)
{
	static const unsigned char advice[] = {
		MADV_DONTNEED, MADV_DONTNEED, MADV_FREE, MADV_REMOVE, MADV_DONTFORK,
		MADV_MERGEABLE, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_WIPEONFORK,
		MADV_COLD, MADV_PAGEOUT, MADV_POPULATE_READ, MADV_POPULATE_WRITE,
		MADV_POPULATE_WRITE, MADV_POPULATE_WRITE, MADV_DONTNEED_LOCKED,
		MADV_GUARD_INSTALL, MADV_GUARD_INSTALL, MADV_GUARD_REMOVE,
	};

	return PICK(rng, advice);
}

static unsigned long any_of(struct rng *rng, const struct values *known, unsigned long other)
{
	return known->count && below(rng, 4) ? known->value[below(rng, known->count)] : other;
}

/* Of files or bytes; more often about as much as a program uses. */
static unsigned long any_limit_value(struct rng *rng)
{
	static const unsigned int numbers[] = { 0, 0, 1, 10, 12, 16, 64 };

	return below(rng, 2) ? PICK(rng, numbers) :
	       below(rng, 1 + below(rng, 2 * AREA_PAGES)) * page_size() + below(rng, 2);
}

static unsigned long any_open_flags(struct rng *rng)
{
	static const unsigned long flags[] = {
		0, 0, 0, O_NONBLOCK, O_APPEND, O_CLOEXEC, O_PATH, O_PATH, O_DIRECT, O_TMPFILE,
	};

	return below(rng, 3) | PICK(rng, flags);
}

static unsigned long any_of_kind(struct rng *rng, const struct program *p, enum kind kind)
{
	static const int prots[] = {
		PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE,
		PROT_READ, PROT_READ, PROT_NONE, PROT_WRITE, PROT_READ | PROT_EXEC,
	};
	static const int sharing[] = { 0, CLONE_VM, CLONE_FILES, CLONE_FS | CLONE_FILES };

	switch (kind) {
	case START:
		return any_start(rng, p);
	case LENGTH:
		return any_length(rng);
	case PROT:
		return PICK(rng, prots);
	case MAPPING:
		return any_mapping(rng);
	case ADVICE:
		return any_advice(rng);
	case FD:
		return any_slot(rng, p);
	case FILE_KIND:
		return below(rng, 8);
	case OPEN_FLAGS:
		return any_open_flags(rng);
	case SIZE:
		return below(rng, 8) ? any_length(rng) : any_size(rng, p);
	case LIMIT:
		return any_of(rng, &specs.limits, below(rng, 2) ? RLIMIT_DATA : RLIMIT_STACK);
	case LIMIT_VALUE:
		return any_limit_value(rng);
	case CAPABILITY:
		return any_of(rng, &specs.capabilities, below(rng, 2) ? -1UL : below(rng, 40));
	case NTH:
		return 1 + below(rng, 1 + below(rng, 1 + below(rng, 20)));
	case USECS:
		return 1 + below(rng, 20000);
	case SHARING:
		return PICK(rng, sharing);
	case SMALL:
		return below(rng, 8);
	case WORD:
		return any_of(rng, &specs.words, 0) |
		       any_of(rng, &specs.words, 1 << below(rng, 31));
	}
	return 0;
}

static const struct move *pick_move(struct rng *rng)
{
	const struct move *move;
	int sum = 0;

	for (move = moves; move->name; move++)
		sum += move->weight;
	sum = below(rng, sum);
	for (move = moves; (sum -= move->weight) >= 0; move++)
		;
	return move;
}

struct step any_move(struct rng *rng, const struct program *p)
{
	struct step step = { .move = pick_move(rng) };
	int i;

	for (i = 0; i < step.move->args; i++)
		step.arg[i] = any_of_kind(rng, p, step.move->kind[i]);
	return step;
}

void make_move(const struct step *step)
{
	const unsigned long *arg = step->arg;

	switch (step->move->args) {
	case 0:
		return step->move->fn0();
	case 1:
		return step->move->fn1(arg[0]);
	case 2:
		return step->move->fn2(arg[0], arg[1]);
	case 3:
		return step->move->fn3(arg[0], arg[1], arg[2]);
	default:
		return step->move->fn4(arg[0], arg[1], arg[2], arg[3]);
	}
}
