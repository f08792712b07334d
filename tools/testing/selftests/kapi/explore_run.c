// SPDX-License-Identifier: GPL-2.0
/* Runs a program in a process of its own; makes it smaller; prints it as C. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "explore.h"

/* === To run it ============================================================ */

static void make_step(const struct step *step)
{
	const unsigned long *a = step->arg;

	if (step->move)
		make_move(step);
	else
		syscall(step->spec->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void live(const struct program *p)
{
	sigset_t none;
	int i;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prepare();
	for (i = 0; i < p->steps; i++)
		make_step(&p->step[i]);
	_exit(0);
}

static long long cpu_time(pid_t pid)
{
	struct timespec t = { 0 };
	clockid_t clock;

	if (!clock_getcpuclockid(pid, &clock))
		clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Whether there was a signal within 5 ms. */
static bool is_signaled(void)
{
	const struct timespec wait = { .tv_nsec = 5000000 };
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	return sigtimedwait(&child, NULL, &wait) == SIGCHLD;
}

/* Kills a program that sleeps for 10 ms or runs for 2 s. */
static void wait_for(pid_t pid)
{
	long long used = -1, now;
	int still = 0, ticks = 0;

	while (!waitpid(pid, NULL, WNOHANG)) {
		if (is_signaled())
			continue;
		now = cpu_time(pid);
		still = now == used ? still + 1 : 0;
		used = now;
		if (still == 2 || ++ticks == 400)
			kill(pid, SIGKILL);
	}
}

/* The caller is the first of its pid namespace, so kill(-1) stays inside. */
void run_program(const struct program *p)
{
	pid_t pid = fork();

	if (!pid)
		live(p);
	if (pid < 0)
		return;
	wait_for(pid);
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

/* === To make it smaller =================================================== */

static bool leave_one_out(struct program *p, bool (*is_still)(const struct program *p))
{
	struct program smaller;
	int i;

	for (i = p->steps - 1; i >= 0; i--) {
		smaller = *p;
		remove_step(&smaller, i);
		if (is_still(&smaller)) {
			*p = smaller;
			return true;
		}
	}
	return false;
}

/* Removes steps as long as is_still() holds for the rest. */
void leave_steps_out(struct program *p, bool (*is_still)(const struct program *p))
{
	while (leave_one_out(p, is_still))
		;
}

/* === To print it ========================================================== */

#define MOST_FUNCTIONS	64

struct function {
	const char *start, *name, *end;	/* with the comment in front of it */
	bool is_used;
};

static const char *find_name(const char *start, const char *end)
{
	const char *paren = strstr(start, "\nstatic ");

	if (!paren || paren >= end)
		return NULL;
	paren = strchr(paren, '(');
	while (paren[-1] == '_' || (paren[-1] >= 'a' && paren[-1] <= 'z'))
		paren--;
	return paren;
}

static int find_functions(const char *text, struct function *f)
{
	const char *end;
	int n = 0;

	while (n < MOST_FUNCTIONS && (end = strstr(text, "\n}\n"))) {
		end += 3;
		f[n] = (struct function){ text, find_name(text, end), end };
		if (f[n].name && !strncmp(text, "\n/* ===", 7))
			f[n].start = strstr(text + 1, "\n\n") + 1;
		n += !!f[n].name;
		text = end;
	}
	return n;
}

static bool is_named(const struct function *f, const char *name)
{
	size_t len = strcspn(f->name, "(");

	return strlen(name) == len && !strncmp(f->name, name, len);
}

static bool is_mentioned(const struct function *f, const struct function *by)
{
	size_t len = strcspn(f->name, "(");
	const char *s;

	for (s = strchr(by->name, '{'); s < by->end; s++)
		if (!strncmp(s, f->name, len) && !strchr("_abcdefghijklmnopqrstuvwxyz", s[len]) &&
		    strchr(" \t(", s[-1]))
			return true;
	return false;
}

static bool is_used(const struct program *p, const struct function *f, int i, int count)
{
	int n;

	for (n = 0; n < p->steps; n++)
		if (p->step[n].move && is_named(&f[i], p->step[n].move->name))
			return true;
	for (n = i + 1; n < count; n++)
		if (f[n].is_used && is_mentioned(&f[i], &f[n]))
			return true;
	return false;
}

static void print_functions(const struct program *p, const char *text)
{
	struct function f[MOST_FUNCTIONS];
	int i, count = find_functions(text, f);

	for (i = count - 1; i >= 0; i--)
		f[i].is_used = is_used(p, f, i, count);
	for (i = 0; i < count; i++)
		if (f[i].is_used)
			printf("%.*s", (int)(f[i].end - f[i].start), f[i].start);
}

static void print_step(const struct step *step)
{
	int i, args = step->spec ? step->spec->params : step->move->args;

	if (step->spec)
		printf("\tsyscall(__NR_%s", step->spec->name + 4);
	else
		printf("\t%s(", step->move->name);
	for (i = 0; i < args; i++)
		printf("%s%#lx", i || step->spec ? ", " : "", step->arg[i]);
	printf(");\n");
}

/* To be compiled and run as it is, while the validator is on. */
void print_program(const struct program *p, const char *title)
{
	const char *text = strstr(moves_source(), "#define _GNU_SOURCE");
	const char *line = strstr(text, "/* =====");
	int i;

	printf("\n/* %s */\n%.*s", title, (int)(line - text - 1), text);
	print_functions(p, strchr(line, '\n') + 1);
	printf("\nint main(void)\n{\n\tprepare();\n");
	for (i = 0; i < p->steps; i++)
		print_step(&p->step[i]);
	printf("\treturn 0;\n}\n\n");
	fflush(stdout);
}
