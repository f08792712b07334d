// SPDX-License-Identifier: GPL-2.0
/* Values for parameters, from nothing but the spec. */
#include <limits.h>
#include <string.h>

#include "explore.h"

/* Mostly in the area where moves map; also near it, or elsewhere. */
static unsigned long any_address(struct rng *rng, const struct program *p)
{
	static const unsigned long nowhere[] = {
		0, 1, 0x1000, AREA - 0x1000, LONG_MAX, (unsigned long)LONG_MIN, -0x1000UL, -1UL,
	};
	unsigned long page = AREA + below(rng, AREA_PAGES) * page_size();

	if (below(rng, 2) && pick_edge(rng, p, &page))
		return page;
	switch (below(rng, 8)) {
	case 0:
		return PICK(rng, nowhere);
	case 1:
		return page + below(rng, page_size());
	case 2:
		return page - 1 - below(rng, 64);
	default:
		return page;
	}
}

unsigned long any_size(struct rng *rng, const struct program *p)
{
	static const unsigned long odd[] = {
		0, 1, 4095, 4097, 0x7fffffff, 0x80000000, 0x7ffff000, 0xffffffff, LONG_MAX,
		-4096UL, -1UL, -AREA, 1UL << 20,
	};
	unsigned long pages = below(rng, 4) ? 1 + below(rng, 8) : below(rng, AREA_PAGES), size;

	if (!below(rng, 3) && pick_used(rng, p, LENGTH, &size))
		return size;
	switch (below(rng, 8)) {
	case 0:
		return PICK(rng, odd);
	case 1:
		return pages * page_size() + below(rng, 3) - 1;
	case 2:
		return below(rng, 64);
	default:
		return pages * page_size();
	}
}

static unsigned long any_fd(struct rng *rng, const struct program *p)
{
	static const int absurd[] = {
		-1, 0, 3, 9, 50, 63, 64, 255, 1 << 20, INT_MAX, INT_MIN, -100,
	};

	unsigned long fd;

	if (below(rng, 2) && pick_used(rng, p, FD, &fd))
		return fd;
	return below(rng, 6) ? FIRST_FD + below(rng, FDS) : (unsigned long)PICK(rng, absurd);
}

/* Valid, one bit off, all. Low bits are more likely to mean something. */
static unsigned long any_flags(struct rng *rng, unsigned long mask)
{
	unsigned long some = mask & any(rng);

	switch (below(rng, 12)) {
	case 0 ... 2:
		return some | 1UL << below(rng, below(rng, 2) ? 8 : 32);
	case 3:
		return -1UL;
	case 4:
		return 0;
	case 5:
		return mask;
	default:
		return some;
	}
}

static unsigned long in_range(struct rng *rng, const struct param *p)
{
	unsigned long width = p->max - p->min;

	switch (below(rng, 10)) {
	case 0:
		return p->min - 1;
	case 1:
		return p->max + 1;
	case 2:
		return p->max;
	default:
		return p->min + (width < UINT_MAX ? below(rng, width + 1) : any(rng));
	}
}

/* Those that conditions name come first, then what only the description does. */
static unsigned long one_hint(struct rng *rng, const struct values *hints)
{
	return hints->value[below(rng, 1 + below(rng, hints->count))];
}

/* One constant, two, none, or a value that is no constant. */
static unsigned long any_hint(struct rng *rng, const struct values *hints)
{
	switch (below(rng, 8)) {
	case 0 ... 1:
		return one_hint(rng, hints) | one_hint(rng, hints);
	case 2:
		return one_hint(rng, hints) + 1;
	case 3:
		return 0;
	default:
		return one_hint(rng, hints);
	}
}

static unsigned long any_int(struct rng *rng, const struct program *p)
{
	switch (below(rng, 4)) {
	case 0:
		return any_fd(rng, p);
	case 1:
		return 1UL << below(rng, 32);
	default:
		return below(rng, 17);
	}
}

/* A long may be anything. */
static unsigned long any_long(struct rng *rng, const struct program *p)
{
	switch (below(rng, 8)) {
	case 0 ... 2:
		return any_address(rng, p);
	case 3 ... 5:
		return any_size(rng, p);
	default:
		return any_int(rng, p);
	}
}

/* Only what is said of it, or its type. */
static unsigned long by_type(struct rng *rng, const struct program *p, const struct param *param)
{
	if (param->is_fd)
		return any_fd(rng, p);
	if (param->has_mask)
		return any_flags(rng, param->mask);
	if (param->has_range)
		return in_range(rng, param);
	if (strchr(param->type, '*'))
		return any_address(rng, p);
	if (!strcmp(param->type, "size_t") || strstr(param->type, "off_t"))
		return any_size(rng, p);
	return strstr(param->type, "long") ? any_long(rng, p) : any_int(rng, p);
}

/* An argument of a call of the program, of which those before it are there. */
unsigned long any_value(struct rng *rng, const struct program *p, const struct step *step, int i)
{
	const struct param *param = &step->spec->param[i];

	if (i && !below(rng, 10))
		return step->arg[below(rng, i)];
	if (param->hints.count && below(rng, 6) > (param->has_mask ? 4 : 1))
		return any_hint(rng, &param->hints);
	return by_type(rng, p, param);
}
