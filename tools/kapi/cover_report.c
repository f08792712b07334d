// SPDX-License-Identifier: GPL-2.0
/*
 * Whether what is required was exercised: as KTAP, or as JUnit has it.
 */
#include <stdio.h>
#include <string.h>

#include "cover.h"
#include "doc.h"

enum result {
	HELD,
	NOT_HERE,
	UNDECIDED,
	MISSING,
	VIOLATED,
	MISUSED,
	RESULTS
};

static enum result result_of(const struct counted *clause)
{
	if (clause->violated)
		return VIOLATED;
	if (clause->misused)
		return MISUSED;
	if (clause->held)
		return HELD;
	if (clause->undecided)
		return UNDECIDED;
	return clause->missing ? NOT_HERE : MISSING;
}

/* A clause that is not required still counts if it was violated or misused. */
static bool is_shown(const struct counted *clause)
{
	return clause->is_required || clause->violated || clause->misused;
}

#define for_each_shown(clause)						\
	for (clause = counted_clauses; clause; clause = clause->next)	\
		if (is_shown(clause))

static void put(const char *text, escape_fn escape)
{
	put_escaped(stdout, escape, text, strlen(text));
}

/* Why it is not said to have held. */
static void put_reason(const struct counted *clause, escape_fn escape)
{
	switch (result_of(clause)) {
	case VIOLATED:
		printf("violated %llu times", clause->violated);
		break;
	case MISUSED:
		printf("misused %llu times", clause->misused);
		break;
	case UNDECIDED:
		printf("undecided %llu times, and never held", clause->undecided);
		break;
	case MISSING:
		printf("missing: not exercised");
		break;
	default:
		put(clause->missing ?: "", escape);
	}
}

/* === KTAP ================================================================= */

static void ktap_result(const struct counted *clause, unsigned int number)
{
	enum result result = result_of(clause);

	printf("%sok %u ", result <= NOT_HERE ? "" : "not ", number);
	put(clause->spec, NULL);
	putchar('.');
	put(clause->label, NULL);
	if (result != HELD)
		printf(result == NOT_HERE ? " # SKIP " : " # ");
	put_reason(clause, NULL);
	putchar('\n');
}

static void report_ktap(const unsigned int *count, unsigned int all)
{
	const struct counted *clause;
	unsigned int number = 0;

	printf("KTAP version 1\n1..%u\n", all);
	for_each_shown(clause)
		ktap_result(clause, ++number);
	printf("# held %u, violated %u, misused %u, missing %u, undecided %u, not decidable here %u\n",
	       count[HELD], count[VIOLATED], count[MISUSED], count[MISSING], count[UNDECIDED],
	       count[NOT_HERE]);
}

/* === JUnit ================================================================ */

static void junit_result(const struct counted *clause)
{
	enum result result = result_of(clause);

	printf("  <testcase classname=\"");
	put(clause->spec, escape_xml);
	printf("\" name=\"");
	put(clause->label, escape_xml);
	if (result == HELD) {
		puts("\"/>");
		return;
	}
	printf("\"><%s message=\"", result == NOT_HERE ? "skipped" : "failure");
	put_reason(clause, escape_xml);
	puts("\"/></testcase>");
}

static void report_junit(const unsigned int *count, unsigned int all)
{
	const struct counted *clause;

	puts("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	printf("<testsuite name=\"kapi\" tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\">\n",
	       all, all - count[HELD] - count[NOT_HERE], count[NOT_HERE]);
	for_each_shown(clause)
		junit_result(clause);
	puts("</testsuite>");
}

/* === Results ============================================================== */

enum status cover_report(bool is_junit)
{
	unsigned int count[RESULTS] = {}, all = 0;
	const struct counted *clause;

	for_each_shown(clause) {
		count[result_of(clause)]++;
		all++;
	}
	if (!all)
		fail("coverage", "there is no clause in it that a kernel could decide");
	if (is_junit)
		report_junit(count, all);
	else
		report_ktap(count, all);
	if (count[VIOLATED] || count[MISUSED] || count[MISSING])
		return CHANGED;
	return count[UNDECIDED] || count[NOT_HERE] ? CANNOT_TELL : SAME;
}
