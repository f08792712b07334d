// SPDX-License-Identifier: GPL-2.0
/*
 * Calls every system call that has a spec, with arguments that the spec
 * suggests, in random states, to find violations that no test was written for.
 * Programs that exercise a new clause or a new combination of clauses are kept
 * and mutated.
 *
 * usage: explore [-s SEED] [-n PROGRAMS] [-t SECONDS]
 *
 * For each violated clause, it prints a C program that reproduces it.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest.h"
#include "explore.h"
#include "fault.h"
#include "kapi_coverage.h"

#define FIRST_PROGRAMS	40	/* run twice: one seed, same programs */

static struct {
	unsigned int seed;
	unsigned long programs;
	unsigned int seconds;
} options = { .seed = 1 };

/* What coverage said at the start, before a program, and after it. */
static struct coverage first, last, now;

/* === Violations =========================================================== */

static bool *is_reported;	/* of each line of coverage */
static int wanted;		/* the line that is to be violated */

static bool is_violated(const struct program *p)
{
	int n;

	for (n = 0; n < (is_timed(p) ? 20 : 3); n++) {
		long long before = now.line[wanted].violated;

		run_program(p);
		if (!read_coverage(&now) && now.line[wanted].violated > before)
			return true;
	}
	return false;
}

static void print_violation(const struct program *p)
{
	const struct line *line = &now.line[wanted];
	char title[512], *text = kapi_read("violations"), *rest = text, *s, *found = "";

	snprintf(title, sizeof(title), "%s %s ", line->spec, line->clause);
	while ((s = strsep(&rest, "\n")))
		if (strstr(s, title))
			found = strstr(s, title);
	if (*found)
		snprintf(title, sizeof(title), "%s", found);
	print_program(p, title);
	free(text);
}

/* Reports each clause once. Returns how many were reported now. */
static int report(const struct program *p)
{
	struct program smaller = *p;
	int i, count = 0;

	for (i = 0; i < now.count; i++) {
		if (is_reported[i] || now.line[i].violated <= last.line[i].violated)
			continue;
		is_reported[i] = true;
		count++;
		wanted = i;
		leave_steps_out(&smaller, is_violated);
		print_violation(&smaller);
		smaller = *p;
	}
	return count;
}

/* === The loop ============================================================= */

struct tally {
	unsigned long programs, calls;
	unsigned long long digest;		/* of all arguments */
	unsigned long long first_digest;	/* of those of the first programs */
	int violated;
};

static void count_calls(struct tally *t, const struct program *p)
{
	int i, n;

	for (i = 0; i < p->steps; i++) {
		t->calls += !!p->step[i].spec;
		for (n = 0; n < MOST_ARGS; n++)
			t->digest = (t->digest ^ p->step[i].arg[n]) * 0x100000001b3ULL;
	}
	if (++t->programs == FIRST_PROGRAMS)
		t->first_digest = t->digest;
}

static double now_in_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void swap_readings(void)
{
	struct coverage c = last;

	last = now;
	now = c;
}

static void read_again(void)
{
	swap_readings();
	if (read_coverage(&now) || now.count != last.count)
		ksft_exit_fail_msg("coverage cannot be read any more\n");
}

static void explore_once(struct tally *t, struct rng *rng)
{
	struct program p = any_program(rng, find_weights(&now));
	enum news news;

	count_calls(t, &p);
	run_program(&p);
	read_again();
	t->violated += report(&p);
	news = is_timed(&p) ? NO_NEWS : learn(&last, &now);
	if (news)
		keep_program(&p, news == NEW_CLAUSE);
}

/* From nothing, whatever was learned before. */
static struct tally explore(unsigned long programs, unsigned int seconds)
{
	struct rng rng = { options.seed * 0x9e3779b97f4a7c15ULL + 1 };
	double end = now_in_seconds() + seconds;
	struct tally t = { 0 };

	forget_all(&now);
	read_again();
	while (t.programs < programs &&
	       (t.programs < FIRST_PROGRAMS || now_in_seconds() < end))
		explore_once(&t, &rng);
	return t;
}

/* === What came of it ====================================================== */

static bool is_exercised(int i)
{
	return now.line[i].held > first.line[i].held ||
	       now.line[i].violated > first.line[i].violated;
}

/* Returns whether any call was made that was checked. */
static bool print_spec(const struct spec *spec)
{
	int i, all = 0, exercised = 0, others = 0;

	for (i = 0; i < now.count; i++) {
		if (strcmp(now.line[i].spec, spec->name))
			continue;
		others += !now.line[i].is_checkable && is_exercised(i);
		all += now.line[i].is_checkable;
		exercised += now.line[i].is_checkable && is_exercised(i);
		if (now.line[i].is_checkable && !is_exercised(i))
			ksft_print_msg("%s %s was not exercised, %lld undecided\n", spec->name,
				       now.line[i].clause,
				       now.line[i].undecided - first.line[i].undecided);
	}
	ksft_print_msg("%s: %d of %d checkable clauses exercised, and %d others\n", spec->name,
		       exercised, all, others);
	return exercised;
}

static bool print_specs(void)
{
	bool are_all_called = true;
	int n;

	for (n = 0; n < specs.count; n++)
		are_all_called &= print_spec(&specs.spec[n]);
	return are_all_called;
}

/* === To begin and end ===================================================== */

static void print_tally(const struct tally *t, double seconds)
{
	ksft_print_msg("seed %u: %lu programs, %lu calls, %.0f a second, digest %016llx\n",
		       options.seed, t->programs, t->calls, t->calls / seconds,
		       (unsigned long long)t->digest);
}

/* Holds only while no other process makes calls that are counted. */
static bool is_repeated(const struct tally *t)
{
	struct tally again;

	if (t->programs < FIRST_PROGRAMS)
		return true;
	again = explore(FIRST_PROGRAMS, -1U);
	return again.digest == t->first_digest;
}

/* Prints only after all calls: the reader's read() calls would be counted. */
static void run_tests(void)
{
	double start = now_in_seconds(), end;
	bool is_same;
	struct tally t;

	t = explore(options.programs ?: -1UL, options.seconds ?: -1U);
	end = now_in_seconds();
	is_same = is_repeated(&t);
	print_tally(&t, end - start);
	ksft_set_plan(3);
	ksft_test_result(!t.violated, "no_clause_is_violated\n");
	ksft_test_result(print_specs(), "every_call_is_made\n");
	ksft_test_result(is_same, "same_seed_same_calls\n");
}

/*
 * Runs as the first process of a pid namespace, so programs can only kill their
 * own. Sleeps a little first, so that the test header has been read by then.
 */
static int run_inside(void)
{
	char *json = kapi_read("specs.json");
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	if (!json || !read_specs(json))
		ksft_exit_skip("specs.json has no system call\n");
	usleep(100000);
	if (read_coverage(&first) || read_coverage(&last) || read_coverage(&now))
		ksft_exit_fail_msg("coverage cannot be read\n");
	is_reported = calloc(now.count, sizeof(*is_reported));
	run_tests();
	ksft_finished();
}

static int run_below(void)
{
	int status = 0;
	pid_t pid;

	if (unshare(CLONE_NEWPID))
		ksft_exit_skip("needs CONFIG_PID_NS\n");
	fflush(stdout);
	pid = fork();
	if (!pid)
		exit(run_inside());
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return KSFT_FAIL;
	return WEXITSTATUS(status);
}

static unsigned long parse_number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (!*text || *end) {
		fprintf(stderr, "explore: %s is no number\n", text);
		exit(2);
	}
	return value;
}

static void parse_options(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "s:n:t:")) != -1) {
		if (c == 's') {
			options.seed = parse_number(optarg);
		} else if (c == 'n') {
			options.programs = parse_number(optarg);
		} else if (c == 't') {
			options.seconds = parse_number(optarg);
		} else {
			fprintf(stderr, "usage: explore [-s SEED] [-n PROGRAMS] [-t SECONDS]\n");
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	struct rlimit none = { 0 };
	bool was_on;
	int ret;

	parse_options(argc, argv);
	if (!options.programs && !options.seconds) {
		options.programs = 250;
		options.seconds = 20;
	}
	ksft_print_header();
	if (geteuid())
		ksft_exit_skip("only root can read debugfs\n");
	if (!kapi_can_switch())
		ksft_exit_skip("no " KAPI_DIR "/validate: CONFIG_KAPI_RUNTIME_CHECKS=y\n");
	was_on = kapi_is_on();
	if (kapi_switch(true))
		ksft_exit_fail_msg("the validator cannot be switched on\n");
	setrlimit(RLIMIT_CORE, &none);
	can_fail_allocations();
	ret = run_below();
	put_back_fault_settings();
	kapi_switch(was_on);
	return ret;
}
