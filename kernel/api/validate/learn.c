// SPDX-License-Identifier: GPL-2.0
/*
 * Records what calls of a function do, to help to write its first spec. Nothing is checked.
 *
 * A function without a spec is observed by one that claims nothing; calls of a function that
 * has a spec are checked as before. Calls may come from any context, so nothing is locked,
 * and what finds no room in the table is counted as missed.
 */
#define pr_fmt(fmt) "kapi: learn: " fmt

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <trace/syscall.h>

#include "../kapi.h"
#include "check.h"
#include "validate.h"

/* How many functions can be learned at a time. */
#define MAX_LEARNED	16
/* Entries for each function: locks, then all else. */
#define MAX_SEEN	(KAPI_LEARNED_LOCKS + 64)

/**
 * struct seen - something that calls did
 * @state: whether it is in use
 * @kind: the kind
 * @number: which of those
 * @class: of a lock, its class
 * @calls: how many did it
 * @succeeded: how many of these returned no error
 */
struct seen {
	atomic_t state;
	enum kapi_seen_kind kind;
	int number;
	char class[48];
	atomic_long_t calls;
	atomic_long_t succeeded;
};

enum { FREE, CLAIMED, READY };

/**
 * struct kapi_learned - what was seen of a function
 * @name: of the function
 * @spec: one that claims nothing, unless the function has its own
 * @syscall: its metadata; NULL if it is no system call
 * @missed: how often there was no room
 * @seen: locks first
 */
struct kapi_learned {
	char name[KSYM_NAME_LEN];
	struct kernel_api_spec spec;
	const struct syscall_metadata *syscall;
	atomic_long_t missed;
	struct seen seen[MAX_SEEN];
};

/* === Calls ================================================================ */

static bool claim(struct seen *s, enum kapi_seen_kind kind, int number, const char *class)
{
	if (atomic_read(&s->state) != FREE || atomic_cmpxchg(&s->state, FREE, CLAIMED) != FREE)
		return false;
	s->kind = kind;
	s->number = number;
	strscpy(s->class, class);
	atomic_set_release(&s->state, READY);
	return true;
}

static bool is_same(const struct seen *s, enum kapi_seen_kind kind, int number, const char *class)
{
	return atomic_read_acquire(&s->state) == READY && s->kind == kind &&
	       s->number == number && !strncmp(s->class, class, sizeof(s->class) - 1);
}

/* Two CPUs may claim an entry for the same thing; readers add the two up. */
static struct seen *find_seen(struct kapi_learned *l, enum kapi_seen_kind kind, int number,
			      const char *class)
{
	struct seen *s = l->seen + (kind == KAPI_SEEN_LOCK ? 0 : KAPI_LEARNED_LOCKS);
	const struct seen *end = l->seen +
				 (kind == KAPI_SEEN_LOCK ? KAPI_LEARNED_LOCKS : MAX_SEEN);

	for (; s < end; s++)
		if (is_same(s, kind, number, class) || claim(s, kind, number, class))
			return s;
	atomic_long_inc(&l->missed);
	return NULL;
}

static void count(struct seen *s, bool success)
{
	atomic_long_inc(&s->calls);
	if (success)
		atomic_long_inc(&s->succeeded);
}

static void see(struct kapi_learned *l, enum kapi_seen_kind kind, int number, bool success)
{
	struct seen *s = find_seen(l, kind, number, "");

	if (s)
		count(s, success);
}

/* NULL if it is not learned; pairs with the release in learn(). */
static struct kapi_learned *learned_of(const struct kapi_call *call)
{
	return READ_ONCE(call->watch->learned);
}

/**
 * kapi_learn_lock - note a lock that a call takes
 * @call: a running call
 * @how: enum kapi_seen_lock
 * @class: the name of its class
 *
 * Context: any task's.
 */
void kapi_learn_lock(struct kapi_call *call, int how, const char *class)
{
	struct kapi_learned *l = learned_of(call);
	struct seen *s = l ? find_seen(l, KAPI_SEEN_LOCK, how, class) : NULL;

	/* Preemption may take locks at any point here. */
	if (s)
		set_bit(s - l->seen, call->locks_seen);
}

/* Where a call comes from; enum kapi_seen_from. */
void kapi_learn_caller(const struct kapi_call *call, int from)
{
	struct kapi_learned *l = learned_of(call);

	if (l)
		see(l, KAPI_SEEN_FROM, from, true);
}

/* A value of unknown type is taken for an int if the upper half of the register is 0. */
static long result_of(const struct kapi_learned *l, const struct kapi_call *call)
{
	const bool is_known = l->syscall || call->watch->spec != &l->spec;

	return is_known || upper_32_bits(call->ret) ? call->ret : (s32)call->ret;
}

/* Does not tell a value that may be an address. */
static int kind_of(long result)
{
	if (result <= -SZ_16M || result >= SZ_16M)
		return KAPI_SEEN_LARGE;
	return result < 0 ? KAPI_SEEN_NEGATIVE : result ? KAPI_SEEN_POSITIVE : KAPI_SEEN_ZERO;
}

/**
 * kapi_learn_call - note what a call did
 * @call: its record, when it is over
 */
void kapi_learn_call(const struct kapi_call *call)
{
	struct kapi_learned *l = learned_of(call);
	unsigned int i;
	bool success;
	long result;

	if (!l)
		return;
	result = result_of(l, call);
	success = !kapi_is_error(result);
	see(l, success ? KAPI_SEEN_RESULT : KAPI_SEEN_ERROR, success ? kind_of(result) : result,
	    success);
	for_each_set_bit(i, call->locks_seen, KAPI_LEARNED_LOCKS)
		count(&l->seen[i], success);
	for (i = 1; i <= _NSIG; i++)
		if (sigismember((sigset_t *)&call->sent, i))
			see(l, KAPI_SEEN_SIGNAL, i, success);
}

/* === What was seen ======================================================== */

static void show_which(struct seq_file *m, const struct seen *s)
{
	static const char *const from[] = { "process", "atomic", "softirq", "hardirq" };
	static const char *const result[] = { "zero", "positive", "negative", "large" };
	static const char *const lock[] = {
		"sleeping_read", "sleeping_write", "spinning_read", "spinning_write",
	};

	switch (s->kind) {
	case KAPI_SEEN_ERROR:
		seq_printf(m, "error %pe", ERR_PTR(s->number));
		break;
	case KAPI_SEEN_SIGNAL:
		seq_printf(m, "signal %d", s->number);
		break;
	case KAPI_SEEN_RESULT:
		seq_printf(m, "result %s", result[s->number]);
		break;
	case KAPI_SEEN_FROM:
		seq_printf(m, "from %s", from[s->number]);
		break;
	case KAPI_SEEN_LOCK:
		seq_printf(m, "lock %s", lock[s->number]);
		break;
	}
}

static void show_params(struct seq_file *m, const struct kapi_learned *l)
{
	int i;

	for (i = 0; l->syscall && i < l->syscall->nb_args; i++)
		seq_printf(m, "%s param %s %s\n", l->name, l->syscall->types[i],
			   l->syscall->args[i]);
}

/**
 * kapi_show_learned - show what calls of a function did, one thing a line
 * @m: where to write it
 * @l: the function; NULL if it is not learned
 *
 * Context: may sleep, with kapi_watch_lock held.
 */
void kapi_show_learned(struct seq_file *m, const struct kapi_learned *l)
{
	const struct seen *s;

	if (!l)
		return;
	show_params(m, l);
	seq_printf(m, "%s missed %ld\n", l->name, atomic_long_read(&l->missed));
	for (s = l->seen; s < l->seen + MAX_SEEN; s++) {
		if (atomic_read_acquire(&s->state) != READY)
			continue;
		seq_printf(m, "%s ", l->name);
		show_which(m, s);
		seq_printf(m, " %ld %ld%s%s\n", atomic_long_read(&s->calls),
			   atomic_long_read(&s->succeeded), *s->class ? " " : "", s->class);
	}
}

/* === What to learn ======================================================== */

static struct kapi_learned *create_learned(const char *name)
{
	struct kapi_learned *l = kvzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return NULL;
	strscpy(l->name, name);
	l->spec.name = l->name;
	l->spec.return_spec.type_name = "long";
	if (kapi_is_syscall(&l->spec))
		l->syscall = kapi_find_syscall(l->name);
	return l;
}

/* With kapi_watch_lock held, a live module cannot go. */
static int find_owner(struct kapi_function *f)
{
	guard(rcu)();
	f->owner = __module_address(f->address);
	return f->owner && f->owner->state != MODULE_STATE_LIVE ? -ENOENT : 0;
}

static int find_function(const struct kapi_learned *l, struct kapi_function *f)
{
	if (!kapi_is_syscall(&l->spec) && kapi_has_namesake(l->name))
		return -ENOTUNIQ;
	if (!kapi_is_syscall(&l->spec))
		f->address = kallsyms_lookup_name(l->name);
	else if (l->syscall)
		f->address = kapi_syscall_address(l->name);
	f->syscall = l->syscall;
	return f->address ? find_owner(f) : -ENOENT;
}

/* A function that is watched already, for its spec or by another name, gets no second probe. */
static int learn_function(struct kapi_learned *l)
{
	struct kapi_function f = { .spec = &l->spec };
	int ret = find_function(l, &f);
	struct kapi_watch *watch;

	if (ret)
		return ret;
	watch = kapi_watch_of(f.address);
	if (!watch)
		return kapi_watch_add(&f, l);
	if (watch->learned)
		return -EEXIST;
	smp_store_release(&watch->learned, l);	/* complete; see learned_of() */
	return 0;
}

/* With "", any. */
static struct kapi_watch *find_learned(const char *name)
{
	struct kapi_watch *watch;
	unsigned int i;

	for (i = 0; (watch = kapi_watch_at(i)); i++)
		if (watch->learned && (!*name || !strcmp(watch->learned->name, name)))
			break;
	return watch;
}

static unsigned int count_learned(void)
{
	struct kapi_watch *watch;
	unsigned int i, n = 0;

	for (i = 0; (watch = kapi_watch_at(i)); i++)
		n += !!watch->learned;
	return n;
}

static int learn(const char *name)
{
	struct kapi_learned *l;
	int ret;

	if (find_learned(name))
		return 0;
	if (strlen(name) >= KSYM_NAME_LEN)
		return -ENOENT;
	if (count_learned() == MAX_LEARNED)
		return -ENOSPC;
	l = create_learned(name);
	if (!l)
		return -ENOMEM;
	ret = learn_function(l);
	if (ret)
		kvfree(l);
	return ret;
}

static int forget(const char *name)
{
	struct kapi_watch *watch = find_learned(name);

	if (*name && !watch)
		return -ENOENT;
	for (; watch; watch = *name ? NULL : find_learned(name))
		kapi_watch_forget(watch);
	return 0;
}

static const char *reason_of(int error)
{
	switch (error) {
	case -ENOENT:
		return "no such function, or it is not being learned";
	case -ENOTUNIQ:
		return "several have this name";
	case -EEXIST:
		return "it is being learned by another name";
	case -EOPNOTSUPP:
		return "cannot be traced";
	case -ENOSPC:
		return "too many functions are being learned";
	default:
		return "fprobe refused it, or there is no memory";
	}
}

/**
 * kapi_learn - note what calls of a function do, from now on
 * @name: the function; "-NAME" to stop, and forget what was seen; "-" for all
 *
 * Context: may sleep.
 * Return: 0; -ENOENT, -ENOTUNIQ, -EEXIST, -EOPNOTSUPP, -ENOSPC, -ENOMEM, or what fprobe
 * returns; the reason is logged.
 */
int kapi_learn(const char *name)
{
	int ret;

	guard(mutex)(&kapi_watch_lock);
	ret = *name == '-' ? forget(name + 1) : learn(name);
	if (ret)
		pr_info("%s: %s (%pe)\n", name, reason_of(ret), ERR_PTR(ret));
	return ret;
}
