// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a first spec of a function, in C, to paste above it. It states what is
 * known and marks what the author must find out. It declares only errors that a
 * call returned, and those that a mask in the source gives.
 */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "draft.h"

#define LEARNED		"/sys/kernel/debug/kapi/learn"
#define BTF		"/sys/kernel/btf/vmlinux"
/* At most so many KAPI_TAKES(); further locks are only named in a comment. */
#define MAX_LOCKS	8
/* A lock taken by fewer than one in so many calls that succeeded is not named. */
#define RARE		10

/* Calls whose end was seen, or of these, those that succeeded. */
static unsigned long count_calls(const struct function *f, bool only_succeeded)
{
	unsigned long sum = 0;
	const struct seen *s;

	for_each_seen(s, f, "result")
		sum += s->calls;
	for_each_seen(s, f, "error")
		sum += only_succeeded ? 0 : s->calls;
	return sum;
}

static bool has_seen(const struct function *f, const char *kind, const char *which)
{
	const struct seen *s;

	for_each_seen(s, f, kind)
		if (!which || !strcmp(s->which, which))
			return true;
	return false;
}

/* Neither the end of a comment nor that of a string. */
static void put_text(const char *text, bool in_string)
{
	for (; *text; text++) {
		if (in_string && (*text == '"' || *text == '\\'))
			putchar('\\');
		putchar(*text);
		if (!in_string && *text == '*' && text[1] == '/')
			putchar(' ');
	}
}

/* === What it is =========================================================== */

static void draft_head(const struct function *f)
{
	puts("/*\n * Draft: replace everything marked \"find out\", then remove this comment.");
	printf(" * Seen: %lu calls, of which %lu succeeded. What they did not do is not here.\n",
	       count_calls(f, false), count_calls(f, true));
	if (f->missed)
		printf(" * No room was left for %lu errors, locks or signals.\n", f->missed);
	puts(" */");
}

/* Pointers that are passed to a system call are user pointers. */
static void put_type(const struct function *f, const char *type)
{
	const char *star = strchr(type, '*');

	if (!is_syscall(f) || !star || strstr(type, "__user"))
		printf("%s", type);
	else
		printf("%.*s__user %s", (int)(star - type), type, star);
}

/* By its name; nothing else tells it from a number. */
static bool is_descriptor(const struct param *p)
{
	size_t len = strlen(p->name);

	return !strchr(p->type, '*') && strstr(p->type, "int") &&
	       len >= 2 && !strcmp(p->name + len - 2, "fd");
}

static void draft_params(const struct function *f)
{
	const struct param *p;

	if (!f->has_params)
		puts("\t/* Find out: a KAPI_ARG() for each parameter, as it is defined */");
	for (p = f->param; p < f->param + f->params; p++) {
		printf("\tKAPI_ARG(");
		put_type(f, p->type);
		printf(", %s, \"find out: what it means\"", p->name);
		if (is_descriptor(p))
			printf(", .type = KAPI_TYPE_FD");
		if (p->mask)
			printf(",\n\t\t KAPI_BITS(%s, %s)", p->mask, p->error);
		puts(")");
	}
}

/* === The result =========================================================== */

static bool is_type(const struct function *f, const char *type)
{
	return f->returns && !strcmp(f->returns, type);
}

static bool is_always_zero(const struct function *f)
{
	const struct seen *s;

	for_each_seen(s, f, "result")
		if (strcmp(s->which, "zero"))
			return false;
	return has_seen(f, "result", NULL);
}

static const char *check_of(const struct function *f)
{
	if (is_type(f, "void"))
		return "KAPI_RETURN_VOID";
	if (is_type(f, "bool") || is_type(f, "_Bool"))
		return "KAPI_RETURN_BOOL";
	if (f->returns && strchr(f->returns, '*') && !has_seen(f, "error", NULL))
		return "KAPI_RETURN_POINTER";
	return is_always_zero(f) ? "KAPI_RETURN_EXACT" : "KAPI_RETURN_ERROR_CHECK";
}

static void draft_result(const struct function *f)
{
	const char *check = check_of(f), *end = "";
	const struct seen *s;

	if (!f->returns)
		puts("\t/* Find out: the type of the result */");
	printf("\tKAPI_RETURNS(%s, %s, \"find out: what it means\"",
	       is_type(f, "_Bool") ? "bool" : f->returns ?: "int", check);
	puts(!strcmp(check, "KAPI_RETURN_EXACT") ? ", .success_value = 0)" : ")");
	if (!has_seen(f, "result", NULL) || is_always_zero(f) || is_type(f, "void"))
		return;
	printf("\t/* Seen:");
	for_each_seen(s, f, "result") {
		printf("%s %s in %lu calls", end, s->which, s->calls);
		end = ",";
	}
	puts("; find out: which values it can have */");
}

/* === Errors and signals =================================================== */

static bool is_restart(const struct seen *s)
{
	return !strncmp(s->which, "-ERESTART", 9) && strcmp(s->which, "-ERESTART");
}

static void draft_error(const struct function *f, const char *error, unsigned long calls)
{
	if (isalpha(error[1]))
		printf("\tKAPI_FAILS(%s, \"find out: when\")\t/* seen in %lu of %lu calls */\n",
		       error, calls, count_calls(f, false));
	else
		printf("\t/* Find out: error %s, without a name, in %lu calls */\n", error,
		       calls);
}

/* What user space sees of a call that may be restarted is EINTR. */
static void draft_interrupted(const struct function *f)
{
	unsigned long restarts = 0, interrupts = 0;
	const struct seen *s;

	for_each_seen(s, f, "error") {
		restarts += is_restart(s) ? s->calls : 0;
		interrupts += !strcmp(s->which, "-EINTR") ? s->calls : 0;
	}
	if (!restarts && !interrupts)
		return;
	draft_error(f, "-EINTR", restarts + interrupts);
	printf("\tKAPI_INTERRUPTED(-EINTR, KAPI_SIGNAL_ANY, \"find out: while it waits\"%s)\n",
	       restarts ? ", .restartable = true" : "");
}

/* Whether one of the first parameters, up to @end, gives it. */
static bool is_of_mask(const struct function *f, const struct param *end, const char *error)
{
	const struct param *p;

	for (p = f->param; p < end; p++)
		if (p->error && !strcmp(p->error, error))
			return true;
	return false;
}

/* A mask's error must be declared; the source shows that it is returned. */
static void draft_errors_of_masks(const struct function *f)
{
	const struct param *p;

	for (p = f->param; p < f->param + f->params; p++) {
		if (p->error && !has_seen(f, "error", p->error) && !is_of_mask(f, p, p->error))
			printf("\tKAPI_FAILS(%s, \"find out: when\")\t/* only in the source */\n",
			       p->error);
	}
}

/* A caller may turn such an error into another: only ask about it. */
static void draft_errors_named(const struct function *f)
{
	const char *before = "\t/* Find out whether it returns, as its source names them:";
	const char *end = "";

	for (size_t i = 0; i < f->named_count; i++) {
		if (has_seen(f, "error", f->named[i]) ||
		    is_of_mask(f, f->param + f->params, f->named[i]))
			continue;
		printf("%s %s", before, f->named[i]);
		before = "";
		end = " */\n";
	}
	printf("%s", end);
}

static void draft_errors(const struct function *f)
{
	const struct seen *s;

	if (is_type(f, "void"))
		return;
	if (has_seen(f, "error", NULL))
		puts("\t/* Find out: the reasons, KAPI_FAILS_IF(); if that is all, KAPI_ONLY */");
	for_each_seen(s, f, "error")
		if (!is_restart(s) && strcmp(s->which, "-EINTR"))
			draft_error(f, s->which, s->calls);
	draft_interrupted(f);
	draft_errors_of_masks(f);
	draft_errors_named(f);
	puts("\tKAPI_OTHER_ERRORS(\"find out: those that no call returned\")");
}

static void draft_signals(const struct function *f)
{
	const struct seen *s;

	for_each_seen(s, f, "signal") {
		const char *name = sigabbrev_np(atoi(s->which));

		if (name)
			printf("\tKAPI_SENDS(SIG%s, \"find out: when\")\t/* seen in %lu calls */\n",
			       name, s->calls);
		else
			printf("\t/* Find out: signal %s, in %lu calls */\n", s->which, s->calls);
	}
}

/* === Locks ================================================================ */

static bool is_for_write(const struct seen *s)
{
	return strstr(s->which, "write");
}

static bool is_spinning(const struct seen *s)
{
	return !strncmp(s->which, "spinning", 8);
}

/* The same, in the other mode. */
static const struct seen *other_mode(const struct function *f, const struct seen *lock)
{
	const struct seen *s;

	for_each_seen(s, f, "lock")
		if (s != lock && !strcmp(s->class, lock->class))
			return s;
	return NULL;
}

/* What only lockdep takes for a lock. */
static bool is_pretended(const char *class)
{
	return !strcmp(class, "fs_reclaim") || !strncmp(class, "mmu_notifier_", 13) ||
	       strstr(class, "-wait-type-override");
}

/* Once for both modes; a longer class may have been cut. */
static bool is_claimed(const struct function *f, const struct seen *s)
{
	const struct seen *other = other_mode(f, s);
	unsigned long succeeded = s->succeeded + (other ? other->succeeded : 0);

	return succeeded && succeeded >= count_calls(f, true) && strlen(s->class) < 47 &&
	       !(other && other < s) && !is_pretended(s->class);
}

static const char *type_of(const struct seen *s, const struct seen *other)
{
	bool has_readers = other || !is_for_write(s);

	if (is_spinning(s))
		return has_readers ? "KAPI_LOCK_RWLOCK" : "KAPI_LOCK_SPINLOCK";
	return has_readers || !strcmp(s->class, "&mm->mmap_lock") ? "KAPI_LOCK_RWSEM" :
								    "KAPI_LOCK_MUTEX";
}

/* "file_lock" of "&newf->file_lock" */
static const char *last_word(const char *class, int *len)
{
	const char *end = class + strlen(class), *begin;

	while (end > class && !isalnum(end[-1]) && end[-1] != '_')
		end--;
	for (begin = end; begin > class && (isalnum(begin[-1]) || begin[-1] == '_'); begin--)
		;
	*len = end - begin;
	return begin;
}

/* Two locks that are called the same get numbers. */
static void put_lock_name(const struct function *f, const struct seen *lock)
{
	int len, other_len, number = 1;
	const char *name = last_word(lock->class, &len), *other;
	const struct seen *s;

	for (s = next_seen(f, f->seen, "lock"); s != lock; s = next_seen(f, s + 1, "lock")) {
		other = last_word(s->class, &other_len);
		number += is_claimed(f, s) && len == other_len && !strncmp(name, other, len);
	}
	printf("%s%.*s", !len || isdigit(*name) ? "lock_" : "", len, name);
	if (number > 1)
		printf("_%d", number);
}

static void put_seen_lock(const struct seen *s)
{
	printf("\t/* %s, for %s: in %lu calls, %lu of which succeeded: ",
	       is_spinning(s) ? "spins" : "may sleep", is_for_write(s) ? "write" : "read",
	       s->calls, s->succeeded);
	put_text(s->class, false);
	puts(" */");
}

static void draft_lock(const struct function *f, const struct seen *s)
{
	const struct seen *other = other_mode(f, s);

	put_seen_lock(s);
	if (other)
		put_seen_lock(other);
	printf("\tKAPI_TAKES(");
	put_lock_name(f, s);
	printf(", %s, \"", type_of(s, other));
	put_text(s->class, true);
	printf("\"");
	if (!other && !strcmp(type_of(s, other), "KAPI_LOCK_RWSEM"))
		printf(", %s", is_for_write(s) ? "KAPI_FOR_WRITE" : "KAPI_FOR_READ");
	puts(")");
}

static void draft_locks(const struct function *f)
{
	unsigned int claimed = 0, rare = 0;
	const struct seen *s;

	if (has_seen(f, "lock", NULL))
		puts("\t/* Find out: which of these locks somebody relies on, and for what */");
	for_each_seen(s, f, "lock") {
		if (is_pretended(s->class))
			continue;
		if (is_claimed(f, s) && claimed++ < MAX_LOCKS)
			draft_lock(f, s);
		else if (s->succeeded * RARE < count_calls(f, true) || !s->succeeded)
			rare++;
		else if (!other_mode(f, s) || !is_claimed(f, other_mode(f, s)))
			put_seen_lock(s);
	}
	if (rare)
		printf("\t/* Seen, too: %u locks in fewer of those that succeeded */\n", rare);
}

/* === Context ============================================================== */

static bool takes_sleeping_lock(const struct function *f)
{
	const struct seen *s;

	for_each_seen(s, f, "lock")
		if (!is_spinning(s))
			return true;
	return false;
}

/* A system call's goes without saying. */
static void draft_context(const struct function *f)
{
	const bool is_atomic = has_seen(f, "from", "atomic") || has_seen(f, "from", "softirq") ||
			       has_seen(f, "from", "hardirq");
	const struct seen *s;

	if (is_syscall(f))
		return;
	for_each_seen(s, f, "from")
		printf("\t/* Seen: called from %s, %lu times */\n", s->which, s->calls);
	printf("\tKAPI_CONTEXT(KAPI_CTX_PROCESS%s%s%s)\n",
	       has_seen(f, "from", "softirq") ? " | KAPI_CTX_SOFTIRQ" : "",
	       has_seen(f, "from", "hardirq") ? " | KAPI_CTX_HARDIRQ" : "",
	       !is_atomic && takes_sleeping_lock(f) ? " | KAPI_CTX_SLEEPABLE" : "");
	puts("\t/* Find out: from where else it may be called, and whether it may sleep */");
}

/* === The command ========================================================== */

static void draft_spec(const struct function *f)
{
	draft_head(f);
	printf("DEFINE_KERNEL_API_SPEC(%s)\n", function_name(f));
	puts("\tKAPI_DESCRIPTION(\"find out: what it does, in a line\")");
	draft_context(f);
	draft_params(f);
	draft_result(f);
	draft_errors(f);
	draft_locks(f);
	draft_signals(f);
	puts("\t/* Find out: what a call that succeeds ensures and changes, KAPI_ENSURES() */");
	puts("KAPI_END_SPEC;");
}

struct paths {
	const char **path;
	size_t count;
};

static void add_path(struct paths *paths, const char *path)
{
	paths->path = grow(paths->path, paths->count, sizeof(*paths->path));
	paths->path[paths->count++] = path;
}

/* Adds up all recordings; without any, reads the running kernel's. */
static void read_all(struct function *f, const struct paths *learned, const char *btf,
		     const struct paths *definitions)
{
	const char *path = LEARNED;

	if (!learned->count)
		read_learned(f, path);
	for (size_t i = 0; i < learned->count; i++)
		read_learned(f, path = learned->path[i]);
	if (!f->is_seen)
		fail(path, "nothing of %s; write its name to " LEARNED " before calls are made",
		     f->name);
	if (is_syscall(f))
		f->returns = "long";
	if (btf || (!learned->count && !access(BTF, R_OK)))
		read_prototype(f, btf ?: BTF);
	for (size_t i = 0; i < definitions->count; i++)
		read_definition(f, definitions->path[i]);
}

enum status draft(int argc, char **argv)
{
	struct paths learned = {}, definitions = {};
	const char *btf = NULL;
	int c;

	while ((c = getopt(argc, argv, "l:s:c:")) != -1) {
		if (c == 's')
			btf = optarg;
		else if (c == 'l' || c == 'c')
			add_path(c == 'l' ? &learned : &definitions, optarg);
		else
			fail_usage();
	}
	if (!argv[optind])
		fail_usage();
	puts("#include <linux/kernel_api_spec.h>\t/* to be moved to the others */");
	for (argv += optind; *argv; argv++) {
		struct function f = { .name = *argv };

		read_all(&f, &learned, btf, &definitions);
		puts("");
		draft_spec(&f);
	}
	return SAME;
}
