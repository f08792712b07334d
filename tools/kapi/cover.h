/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KAPI_COVER_H
#define _KAPI_COVER_H

#include "tool.h"

/**
 * struct counted - a clause
 * @spec: whose it is
 * @label: what it is called
 * @missing: why the kernels that ran cannot decide it; NULL if one can
 * @held: how often it held, in all runs
 * @violated: likewise
 * @undecided: likewise
 * @misused: how often a caller broke the rule
 * @is_required: it was asked for by its name
 * @next: in the order of the files
 */
struct counted {
	const char *spec;
	const char *label;
	const char *missing;
	unsigned long long held;
	unsigned long long violated;
	unsigned long long undecided;
	unsigned long long misused;
	bool is_required;
	struct counted *next;
};

/* All that the files have, in their order. */
extern struct counted *counted_clauses;

#endif /* _KAPI_COVER_H */
