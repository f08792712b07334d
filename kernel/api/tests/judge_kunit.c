// SPDX-License-Identifier: GPL-2.0
/*
 * The rules by which a call is judged: each kept and broken, and what makes it
 * neither. Every case is judged twice, with the reason asked for and without.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/signal.h>
#include <linux/sizes.h>

#include "judging.h"

/* === Context ============================================================== */

struct context_case {
	const char *desc;
	struct kapi_context entry;
	struct kapi_context exit;
	struct verdict verdict;
};

static const struct context_case context_cases[] = {
	{ "as at entry", {}, {}, KEPT },
	{ "interrupts off as before", { .irqs_off = true }, { .irqs_off = true }, KEPT },
	{ "interrupts left off", {}, { .irqs_off = true },
	  BROKEN("interrupts as at entry", "interrupts off") },
	{ "interrupts switched on", { .irqs_off = true }, {},
	  BROKEN("interrupts as at entry", "interrupts on") },
	{ "preemption off as before", { .preempt_count = 1 }, { .preempt_count = 1 }, KEPT },
	{ "preemption left off", {}, { .preempt_count = 0x101 },
	  BROKEN("preempt_count as at entry", "0x101, at entry 0x0") },
	{ "preemption switched on", { .preempt_count = 2 }, { .preempt_count = 1 },
	  BROKEN("preempt_count as at entry", "0x1, at entry 0x2") },
};

KUNIT_ARRAY_PARAM_DESC(context, context_cases, desc);

static void judge_context(struct kunit *test)
{
	const struct context_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->call.entry = c->entry;
	t->end.context = c->exit;
	expect_verdict(test, t, "context", &c->verdict);
}

/* === Return value ========================================================= */

struct return_case {
	const char *desc;
	enum kapi_return_check check;
	long ret;
	struct verdict verdict;
	bool restartable;
	bool open;
};

#define UNEXPECTED(_observed)	BROKEN("success or a declared error", _observed)

/* Success is -3 to 7 if it is a range; the errors are EINTR and EINVAL. */
static const struct return_case return_cases[] = {
	{ "exact", KAPI_RETURN_EXACT, 0, KEPT },
	{ "exact, declared", KAPI_RETURN_EXACT, -EINTR, KEPT },
	{ "exact, declared last", KAPI_RETURN_EXACT, -EINVAL, KEPT },
	{ "exact, undeclared", KAPI_RETURN_EXACT, -ENOMEM, UNEXPECTED("-ENOMEM") },
	{ "exact, positive", KAPI_RETURN_EXACT, 1, UNEXPECTED("1") },
	{ "exact, positive error", KAPI_RETURN_EXACT, EINTR, UNEXPECTED("4") },
	{ "exact, last error", KAPI_RETURN_EXACT, -MAX_ERRNO, UNEXPECTED("-4095") },
	{ "exact, below errors", KAPI_RETURN_EXACT, -MAX_ERRNO - 1, UNEXPECTED("-4096") },
	{ "range, lowest", KAPI_RETURN_RANGE, -3, KEPT },
	{ "range, highest", KAPI_RETURN_RANGE, 7, KEPT },
	{ "range, declared", KAPI_RETURN_RANGE, -EINTR, KEPT },
	{ "range, above", KAPI_RETURN_RANGE, 8, UNEXPECTED("8") },
	{ "range, below", KAPI_RETURN_RANGE, -EIO, UNEXPECTED("-EIO") },
	{ "fd, lowest", KAPI_RETURN_FD, 0, KEPT },
	{ "fd, highest", KAPI_RETURN_FD, INT_MAX, KEPT },
	{ "fd, undeclared", KAPI_RETURN_FD, -EBADF, UNEXPECTED("-EBADF") },
	{ "fd, below errors", KAPI_RETURN_FD, -MAX_ERRNO - 1, UNEXPECTED("-4096") },
#ifdef CONFIG_64BIT
	{ "fd, no int", KAPI_RETURN_FD, INT_MAX + 1L, UNEXPECTED("a value of 16M or more") },
#endif
	{ "exact, large", KAPI_RETURN_EXACT, SZ_16M - 1, UNEXPECTED("16777215") },
	{ "exact, perhaps an address", KAPI_RETURN_EXACT, SZ_16M,
	  UNEXPECTED("a value of 16M or more") },
	{ "exact, low", KAPI_RETURN_EXACT, 1 - SZ_16M, UNEXPECTED("-16777215") },
	{ "exact, perhaps a kernel address", KAPI_RETURN_EXACT, -SZ_16M,
	  UNEXPECTED("a value of 16M or more") },
	{ "address", KAPI_RETURN_ERROR_CHECK, LONG_MIN, KEPT },
	{ "address, below errors", KAPI_RETURN_ERROR_CHECK, -MAX_ERRNO - 1, KEPT },
	{ "address, declared", KAPI_RETURN_ERROR_CHECK, -EINTR, KEPT },
	{ "address, last error", KAPI_RETURN_ERROR_CHECK, -MAX_ERRNO, UNEXPECTED("-4095") },
	{ "address, undeclared", KAPI_RETURN_ERROR_CHECK, -EPERM, UNEXPECTED("-EPERM") },
	{ "void", KAPI_RETURN_VOID, -ENOMEM, KEPT },
	{ "no return", KAPI_RETURN_NO_RETURN, 0, UNEXPECTED("0") },
	{ "ERESTARTSYS", KAPI_RETURN_EXACT, -ERESTARTSYS,
	  UNEXPECTED("a restart code, -512") },
	{ "ERESTARTNOINTR", KAPI_RETURN_EXACT, -ERESTARTNOINTR,
	  UNEXPECTED("a restart code, -513") },
	{ "ERESTARTNOHAND", KAPI_RETURN_EXACT, -ERESTARTNOHAND,
	  UNEXPECTED("a restart code, -514") },
	{ "ERESTART_RESTARTBLOCK", KAPI_RETURN_EXACT, -ERESTART_RESTARTBLOCK,
	  UNEXPECTED("a restart code, -516") },
	{ "ERESTARTSYS, declared", KAPI_RETURN_EXACT, -ERESTARTSYS, KEPT, true },
	{ "ERESTARTNOINTR, declared", KAPI_RETURN_EXACT, -ERESTARTNOINTR, KEPT, true },
	{ "ERESTARTNOHAND, declared", KAPI_RETURN_EXACT, -ERESTARTNOHAND, KEPT, true },
	{ "ERESTART_RESTARTBLOCK, declared", KAPI_RETURN_EXACT, -ERESTART_RESTARTBLOCK,
	  KEPT, true },
	{ "no restart code", KAPI_RETURN_EXACT, -515, UNEXPECTED("-ENOIOCTLCMD"), true },
	{ "others' errors, undeclared", KAPI_RETURN_FD, -ECANCELED, UNDECIDED, .open = true },
	{ "others' errors, declared", KAPI_RETURN_FD, -EINVAL, KEPT, .open = true },
	{ "others' errors, restart code", KAPI_RETURN_FD, -ERESTARTSYS, UNDECIDED, .open = true },
	{ "others' errors, success", KAPI_RETURN_FD, 3, KEPT, .open = true },
	{ "others' errors, no error", KAPI_RETURN_FD, -MAX_ERRNO - 1, UNEXPECTED("-4096"),
	  .open = true },
	{ "others' errors, positive", KAPI_RETURN_EXACT, 1, UNEXPECTED("1"), .open = true },
};

KUNIT_ARRAY_PARAM_DESC(return, return_cases, desc);

static void judge_return(struct kunit *test)
{
	const struct return_case *c = test->param_value;
	struct kapi_signal_spec signal = { .signum = SIGUSR1, .restartable = c->restartable };
	struct trial *t = new_trial(test);

	t->spec.return_spec.check_type = c->check;
	t->spec.other_errors = c->open ? "what a file returns" : NULL;
	if (c->check == KAPI_RETURN_RANGE) {
		t->spec.return_spec.success_min = -3;
		t->spec.return_spec.success_max = 7;
	}
	t->spec.signals[0] = &signal;
	t->end.ret = c->ret;
	expect_verdict(test, t, "returns", &c->verdict);
}

static void judge_exact_value(struct kunit *test)
{
	static const struct verdict kept = KEPT, broken = UNEXPECTED("0");
	struct trial *t = new_trial(test);

	t->spec.return_spec.success_value = 5;
	expect_verdict(test, t, "returns", &broken);
	t->end.ret = 5;
	expect_verdict(test, t, "returns", &kept);
}

static void judge_errors(struct kunit *test)
{
	static const struct verdict kept = KEPT, not_seen = NOT_SEEN;
	struct trial *t = new_trial(test);

	expect_verdict(test, t, "errors[0]", &not_seen);
	expect_verdict(test, t, "errors[1]", &not_seen);
	t->end.ret = -EINVAL;
	expect_verdict(test, t, "errors[0]", &not_seen);
	expect_verdict(test, t, "errors[1]", &kept);
	t->end.ret = EINVAL;
	expect_verdict(test, t, "errors[1]", &not_seen);
}

/* A call that may be restarted fails with EINTR if it is not. */
static void judge_error_of_restart(struct kunit *test)
{
	static const struct kapi_signal_spec restarts = { .signum = SIGUSR1, .restartable = true };
	static const struct verdict kept = KEPT, not_seen = NOT_SEEN;
	struct trial *t = new_trial(test);

	t->end.ret = -ERESTARTSYS;
	expect_verdict(test, t, "errors[0]", &not_seen);
	t->spec.signals[0] = &restarts;
	expect_verdict(test, t, "errors[0]", &kept);
	expect_verdict(test, t, "errors[1]", &not_seen);
	t->end.ret = -ERESTARTNOHAND;
	expect_verdict(test, t, "errors[0]", &kept);
	t->end.ret = -ERESTART_RESTARTBLOCK;
	expect_verdict(test, t, "errors[0]", &kept);
	t->end.ret = -ERESTARTNOINTR;
	expect_verdict(test, t, "errors[0]", &not_seen);
}

/* === Signals ============================================================== */

struct signal_case {
	const char *desc;
	struct kapi_signal_spec signal;
	long ret;
	struct verdict verdict;
	int pending;
	int sent;
	bool fatal;
};

#define RECEIVE(_signum, ...)	\
	{ .name = "s", .signum = _signum, .direction = KAPI_SIGNAL_RECEIVE, ##__VA_ARGS__ }
#define SEND(_signum)	\
	{ .name = "s", .signum = _signum, .direction = KAPI_SIGNAL_SEND }
#define FATAL			RECEIVE(KAPI_SIGNAL_ANY_FATAL, .error = -EINTR)
#define ANY			RECEIVE(KAPI_SIGNAL_ANY, .error = -EINTR)
#define USR1			RECEIVE(SIGUSR1, .error = -EINTR)
#define USR1_RESTARTS		RECEIVE(SIGUSR1, .error = -EINTR, .restartable = true)
#define WITHOUT_IT(_error)	BROKEN("the signal pending", _error " without it")

static const struct signal_case signal_cases[] = {
	{ "fatal, success", FATAL, 0, NOT_SEEN, .fatal = true },
	{ "fatal, other error", FATAL, -EINVAL, NOT_SEEN, .fatal = true },
	{ "fatal, pending", FATAL, -EINTR, KEPT, .fatal = true },
	{ "fatal, none", FATAL, -EINTR, WITHOUT_IT("-EINTR") },
	{ "fatal, another pending", FATAL, -EINTR, WITHOUT_IT("-EINTR"), .pending = SIGUSR1 },
	{ "any, fatal", ANY, -EINTR, UNDECIDED, .fatal = true },
	{ "any, pending", ANY, -EINTR, KEPT, .pending = SIGUSR1 },
	{ "any, last signal", ANY, -EINTR, KEPT, .pending = _NSIG },
	{ "any, none", ANY, -EINTR, UNDECIDED },
	{ "any, success", ANY, 0, NOT_SEEN, .pending = SIGUSR1 },
	{ "SIGUSR1, success", USR1, 0, NOT_SEEN, .pending = SIGUSR1 },
	{ "SIGUSR1, pending", USR1, -EINTR, KEPT, .pending = SIGUSR1 },
	{ "SIGUSR1, none", USR1, -EINTR, UNDECIDED },
	{ "SIGUSR1, another pending", USR1, -EINTR, UNDECIDED, .pending = SIGUSR2 },
	{ "SIGUSR1, fatal pending", USR1, -EINTR, UNDECIDED, .fatal = true },
	{ "restart undeclared", USR1, -ERESTARTSYS,
	  BROKEN("no restart", "a restart code, -512"), .pending = SIGUSR1 },
	{ "restart undeclared, fatal", FATAL, -ERESTARTSYS,
	  BROKEN("no restart", "a restart code, -512"), .fatal = true },
	{ "restart, pending", USR1_RESTARTS, -ERESTARTSYS, KEPT, .pending = SIGUSR1 },
	{ "restart, none", USR1_RESTARTS, -ERESTARTNOHAND, UNDECIDED },
	{ "no error", RECEIVE(SIGUSR1), -EINTR, NOT_SEEN },
	{ "send, sent", SEND(SIGUSR1), 0, KEPT, .sent = SIGUSR1 },
	{ "send, not sent", SEND(SIGUSR1), 0, NOT_SEEN, .pending = SIGUSR1 },
	{ "send, another sent", SEND(SIGUSR1), 0, NOT_SEEN, .sent = SIGUSR2 },
	{ "send, last signal", SEND(_NSIG), 0, KEPT, .sent = _NSIG },
	{ "send, any", SEND(KAPI_SIGNAL_ANY_FATAL), 0, NOT_SEEN, .sent = SIGKILL },
};

KUNIT_ARRAY_PARAM_DESC(signal, signal_cases, desc);

static void judge_signal(struct kunit *test)
{
	const struct signal_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.signals[0] = &c->signal;
	if (c->pending)
		sigaddset(&t->end.pending, c->pending);
	if (c->sent)
		sigaddset(&t->call.sent, c->sent);
	t->end.fatal = c->fatal;
	t->end.ret = c->ret;
	expect_verdict(test, t, "signals[0]", &c->verdict);
}

/* Of several signals that may be the reason, one is enough. */
struct reason_case {
	const char *desc;
	struct kapi_signal_spec signal[2];
	long ret;
	struct verdict verdict[2];
	bool fatal;
};

static const struct reason_case reason_cases[] = {
	{ "none", { USR1, FATAL }, -EINTR, { UNDECIDED, UNDECIDED } },
	{ "the other", { USR1, FATAL }, -EINTR, { NOT_SEEN, KEPT }, .fatal = true },
	{ "only one restarts", { USR1_RESTARTS, FATAL }, -ERESTARTSYS,
	  { UNDECIDED, NOT_SEEN } },
	{ "neither restarts", { USR1, FATAL }, -ERESTARTSYS,
	  { BROKEN("no restart", "a restart code, -512"),
	    BROKEN("no restart", "a restart code, -512") } },
	{ "another error", { RECEIVE(SIGUSR1, .error = -EINVAL), FATAL }, -EINTR,
	  { NOT_SEEN, WITHOUT_IT("-EINTR") } },
};

KUNIT_ARRAY_PARAM_DESC(reason, reason_cases, desc);

static void judge_reason(struct kunit *test)
{
	const struct reason_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.signals[0] = &c->signal[0];
	t->spec.signals[1] = &c->signal[1];
	t->end.fatal = c->fatal;
	t->end.ret = c->ret;
	expect_verdict(test, t, "signals[0]", &c->verdict[0]);
	expect_verdict(test, t, "signals[1]", &c->verdict[1]);
}

struct sent_case {
	const char *desc;
	struct kapi_signal_spec signal;
	int sent[2];
	struct verdict verdict;
	bool passed_over;
};

#define SENT(_observed)	BROKEN("no other signal sent", _observed)

static const struct sent_case sent_cases[] = {
	{ "none", SEND(SIGHUP), {}, KEPT },
	{ "declared", SEND(SIGHUP), { SIGHUP }, KEPT },
	{ "undeclared", SEND(SIGHUP), { SIGQUIT }, SENT("signal 3 sent") },
	{ "both", SEND(SIGHUP), { SIGHUP, SIGQUIT }, SENT("signal 3 sent") },
	{ "declared to be received", RECEIVE(SIGHUP), { SIGHUP }, SENT("signal 1 sent") },
	{ "the last of all", SEND(SIGHUP), { 64 }, SENT("signal 64 sent") },
	{ "any may be sent", SEND(KAPI_SIGNAL_ANY), { SIGHUP, 64 }, KEPT },
	{ "any may be received", RECEIVE(KAPI_SIGNAL_ANY), { SIGHUP }, SENT("signal 1 sent") },
	{ "one passed over", SEND(SIGHUP), {}, UNDECIDED, true },
	{ "one passed over, one declared", SEND(SIGHUP), { SIGHUP }, UNDECIDED, true },
	{ "one passed over, one not", SEND(SIGHUP), { SIGQUIT }, SENT("signal 3 sent"), true },
};

KUNIT_ARRAY_PARAM_DESC(sent, sent_cases, desc);

static void judge_sent(struct kunit *test)
{
	const struct sent_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.signals[0] = &c->signal;
	t->call.passed_over = c->passed_over;
	for (int i = 0; i < ARRAY_SIZE(c->sent) && c->sent[i]; i++)
		sigaddset(&t->call.sent, c->sent[i]);
	expect_verdict(test, t, "signals", &c->verdict);
}

/* === Locks ================================================================ */

struct lock_case {
	const char *desc;
	struct kapi_lock_spec lock;
	struct kapi_lock_seen seen;
	struct verdict verdict;
	long ret;
};

#define A_LOCK(_class, ...)	{ .name = "l", .class_name = _class, ##__VA_ARGS__ }
#define INNER(...)		\
	A_LOCK("c", .acquired = true, .released = true, ##__VA_ARGS__)
#define MMAP_LOCK(...)		\
	A_LOCK("&mm->mmap_lock", .acquired = true, .released = true, ##__VA_ARGS__)
#define KEPT_LOCK		A_LOCK("c", .acquired = true, .held_on_exit = true)
#define CALLERS_LOCK		A_LOCK("c", .held_on_entry = true, .released = true)
#define ALWAYS			INNER(.taken = KAPI_LOCK_TAKEN_ALWAYS)
#define ONCE			INNER(.taken = KAPI_LOCK_TAKEN_ONCE)
#define FOR_READ		INNER(.mode = KAPI_LOCK_MODE_READ)
#define FOR_WRITE		INNER(.mode = KAPI_LOCK_MODE_WRITE)

/* Taken for read and for write, and given back. */
#define SEEN(_read, _write, _released)	{ _read, _write, _released }

static const struct lock_case lock_cases[] = {
	{ "sometimes, not taken", INNER(), SEEN(0, 0, 0), NOT_SEEN },
	{ "sometimes, taken", INNER(), SEEN(0, 1, 1), KEPT },
	{ "sometimes, taken for read", INNER(), SEEN(1, 0, 1), KEPT },
	{ "sometimes, taken often", INNER(), SEEN(3, 4, 7), KEPT },
	{ "always, taken", ALWAYS, SEEN(0, 1, 1), KEPT },
	{ "always, taken twice", ALWAYS, SEEN(1, 1, 2), KEPT },
	{ "always, not taken", ALWAYS, SEEN(0, 0, 0), BROKEN("taken", "success without it") },
	{ "always, not taken, error", ALWAYS, SEEN(0, 0, 0), NOT_SEEN, -EINTR },
	{ "always, not taken, odd error", ALWAYS, SEEN(0, 0, 0), NOT_SEEN, 1 },
	{ "once, taken", ONCE, SEEN(0, 1, 1), KEPT },
	{ "once, taken twice", ONCE, SEEN(0, 2, 2), BROKEN("taken once", "taken 2 times") },
	{ "once, both ways", ONCE, SEEN(1, 1, 2), BROKEN("taken once", "taken 2 times") },
	{ "once, taken twice, error", ONCE, SEEN(0, 2, 2),
	  BROKEN("taken once", "taken 2 times"), -EINTR },
	{ "once, not taken", ONCE, SEEN(0, 0, 0), BROKEN("taken", "success without it") },
	{ "once, not taken, error", ONCE, SEEN(0, 0, 0), NOT_SEEN, -EINTR },
	{ "write, taken so", FOR_WRITE, SEEN(0, 1, 1), KEPT },
	{ "write, taken for read", FOR_WRITE, SEEN(1, 0, 1),
	  BROKEN("taken for write", "taken for read") },
	{ "write, taken for both", FOR_WRITE, SEEN(1, 1, 2),
	  BROKEN("taken for write", "taken for read") },
	{ "write, downgraded", FOR_WRITE, { .write = 1, .released = 1, .downgraded = true },
	  BROKEN("held for write", "downgraded to read") },
	{ "once, downgraded", ONCE, { .write = 1, .released = 1, .downgraded = true }, KEPT },
	{ "read, taken so", FOR_READ, SEEN(1, 0, 1), KEPT },
	{ "read, taken for write", FOR_READ, SEEN(0, 1, 1),
	  BROKEN("taken for read", "taken for write") },
	{ "leaked", INNER(), SEEN(0, 1, 0),
	  BROKEN("given back", "taken 1 times, given back 0 times") },
	{ "leaked one of two", INNER(), SEEN(1, 1, 1),
	  BROKEN("given back", "taken 2 times, given back 1 times") },
	{ "leaked, error", INNER(), SEEN(0, 1, 0),
	  BROKEN("given back", "taken 1 times, given back 0 times"), -EINTR },
	{ "given back twice", INNER(), SEEN(0, 1, 2),
	  BROKEN("given back", "taken 1 times, given back 2 times") },
	{ "given back, not taken", INNER(), SEEN(0, 0, 1),
	  BROKEN("given back", "taken 0 times, given back 1 times") },
	{ "held on exit, kept", KEPT_LOCK, SEEN(0, 1, 0), KEPT },
	{ "held on exit, given back", KEPT_LOCK, SEEN(0, 1, 1),
	  BROKEN("kept", "taken 1 times, given back 1 times") },
	{ "held on entry, given back", CALLERS_LOCK, SEEN(0, 0, 1), KEPT },
	{ "held on entry, given back twice", CALLERS_LOCK, SEEN(0, 0, 2),
	  BROKEN("given back", "taken 0 times, given back 2 times") },
	{ "too many reads", FOR_WRITE, SEEN(U16_MAX, 0, 0), UNDECIDED },
	{ "too many writes", INNER(), SEEN(0, U16_MAX, 3), UNDECIDED },
	{ "too many releases", INNER(), SEEN(0, 3, U16_MAX), UNDECIDED },
	{ "just not too many", INNER(), SEEN(32767, 32767, 65534), KEPT },
	{ "another taken for read", FOR_WRITE,
	  { .write = 1, .released = 1, .passed_over = true }, KEPT },
	{ "only another taken for read", ONCE, { .passed_over = true }, UNDECIDED },
	{ "another, not taken", INNER(), { .passed_over = true }, NOT_SEEN },
	{ "absent", A_LOCK("CONFIG_C", .acquired = true, .released = true, .absent = true,
			   .taken = KAPI_LOCK_TAKEN_ALWAYS), SEEN(0, 0, 0), NOT_SEEN },
	{ "no class", A_LOCK(NULL, .acquired = true, .released = true), SEEN(0, 1, 0),
	  NOT_SEEN },
};

KUNIT_ARRAY_PARAM_DESC(lock, lock_cases, desc);

/* Not the first lock of the spec, so that each finds its own count. */
static void judge_lock(struct kunit *test)
{
	static const struct kapi_lock_spec first = INNER();
	const struct lock_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.locks[0] = &first;
	t->spec.locks[1] = &c->lock;
	t->call.lock[1] = c->seen;
	t->end.ret = c->ret;
	expect_verdict(test, t, "locks[1]", &c->verdict);
}

struct others_case {
	const char *desc;
	struct kapi_lock_spec lock;
	struct kapi_lock_seen seen;
	int others_held;
	struct verdict verdict;
	const char *held;
};

#define HELD(_observed)		BROKEN("no other lock held", _observed)
#define GIVEN_BACK(_observed)	BROKEN("no lock of the caller given back", _observed)
#define UNOBSERVED		A_LOCK(NULL, .acquired = true, .held_on_exit = true)

static const struct others_case others_cases[] = {
	{ "none", INNER(), SEEN(0, 0, 0), 0, KEPT },
	{ "the caller's own", INNER(), SEEN(0, 0, 0), 0, KEPT, "m" },
	{ "one more", INNER(), SEEN(0, 0, 0), 1, HELD("m held"), "m" },
	{ "one more, unnamed", INNER(), SEEN(0, 0, 0), 1, HELD("a lock held") },
	{ "one less", INNER(), SEEN(0, 0, 0), -1, GIVEN_BACK("1 given back") },
	{ "three less", INNER(), SEEN(0, 0, 0), -3, GIVEN_BACK("3 given back") },
	{ "the spec's own given back", INNER(), SEEN(0, 2, 2), 0, KEPT },
	{ "the spec's own leaked", INNER(), SEEN(0, 1, 0), 0, KEPT },
	{ "the spec's own and another", INNER(), SEEN(0, 1, 0), 1, HELD("m held"), "m" },
	{ "the spec's own instead", INNER(), SEEN(0, 1, 0), -1, GIVEN_BACK("1 given back") },
	{ "the spec's own, too many", INNER(), SEEN(0, U16_MAX, 0), 0, KEPT },
	{ "declared to be held", KEPT_LOCK, SEEN(0, 1, 0), 0, KEPT },
	{ "absent, declared to be held", A_LOCK("CONFIG_C", .acquired = true,
						.held_on_exit = true, .absent = true),
	  SEEN(0, 0, 0), 0, KEPT },
	{ "unobserved, held", UNOBSERVED, SEEN(0, 0, 0), 1, KEPT, "l" },
	{ "unobserved, not held", UNOBSERVED, SEEN(0, 0, 0), 0, GIVEN_BACK("1 given back") },
};

KUNIT_ARRAY_PARAM_DESC(others, others_cases, desc);

static void judge_other_locks(struct kunit *test)
{
	const struct others_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.locks[0] = &c->lock;
	t->call.lock[0] = c->seen;
	t->call.others_held = c->others_held;
	t->end.held = c->held;
	expect_verdict(test, t, "locks", &c->verdict);
}

/* === State ================================================================ */

static const char *const value_names[] = { "other", "pages" };

static const struct kapi_snapshot snapshot = { .names = value_names, .count = 2 };

static const struct kapi_snapshot counting = {
	.names = value_names, .count = 2, .counters = 1,
};

static const struct kapi_snapshot reasoning = {
	.names = value_names, .count = 2, .reasons = 1,
};

#define NO_VALUE	KAPI_NO_VALUE

struct value_case {
	const char *desc;
	enum kapi_relation relation;
	u64 before;
	u64 after;
	struct verdict verdict;
	long ret;
};

static const struct value_case value_cases[] = {
	{ "no relation", KAPI_NO_RELATION, 3, 4, NOT_SEEN },
	{ "cleared", KAPI_IS_CLEARED, 3, 0, KEPT },
	{ "cleared in part", KAPI_IS_CLEARED, 3, 1, BROKEN("0", "pages was 3, is 1") },
	{ "not cleared", KAPI_IS_CLEARED, 3, 3, BROKEN("0", "pages was 3, is 3") },
	{ "nothing to clear", KAPI_IS_CLEARED, 0, 0, NOT_SEEN },
	{ "set instead", KAPI_IS_CLEARED, 0, 1, BROKEN("0", "pages was 0, is 1") },
	{ "stays", KAPI_STAYS, 3, 3, KEPT },
	{ "stays 0", KAPI_STAYS, 0, 0, KEPT },
	{ "stays, rises", KAPI_STAYS, 3, 4, BROKEN("as before", "pages was 3, is 4") },
	{ "stays, falls", KAPI_STAYS, 3, 2, BROKEN("as before", "pages was 3, is 2") },
	{ "falls", KAPI_FALLS, 3, 2, KEPT },
	{ "falls, stays", KAPI_FALLS, 3, 3, BROKEN("less than before", "pages was 3, is 3") },
	{ "falls, rises", KAPI_FALLS, 3, 4, BROKEN("less than before", "pages was 3, is 4") },
	{ "rises", KAPI_RISES, 3, 4, KEPT },
	{ "rises, stays", KAPI_RISES, 3, 3, BROKEN("more than before", "pages was 3, is 3") },
	{ "rises, falls", KAPI_RISES, 3, 2, BROKEN("more than before", "pages was 3, is 2") },
	{ "never rises, falls", KAPI_NEVER_RISES, 3, 2, KEPT },
	{ "never rises, stays", KAPI_NEVER_RISES, 3, 3, NOT_SEEN },
	{ "never rises, rises", KAPI_NEVER_RISES, 3, 4,
	  BROKEN("no more than before", "pages was 3, is 4") },
	{ "no value before", KAPI_IS_CLEARED, NO_VALUE, 3, NOT_SEEN },
	{ "no value after", KAPI_IS_CLEARED, 3, NO_VALUE, UNDECIDED },
	{ "no value at all", KAPI_STAYS, NO_VALUE, NO_VALUE, NOT_SEEN },
	{ "an error", KAPI_IS_CLEARED, 3, 3, NOT_SEEN, -EINTR },
	{ "neither success nor error", KAPI_IS_CLEARED, 3, 3, NOT_SEEN, 1 },
};

KUNIT_ARRAY_PARAM_DESC(value, value_cases, desc);

/* As an effect and as a transition; of "no relation", the value is not given. */
static void judge_value(struct kunit *test)
{
	const struct value_case *c = test->param_value;
	u8 value = c->relation ? 2 : 0;
	struct kapi_side_effect_spec effect = { .value = value, .relation = c->relation };
	struct kapi_state_trans_spec trans = { .value = value, .relation = c->relation };
	struct trial *t = new_trial(test);

	t->spec.snapshot = &snapshot;
	t->spec.side_effects[0] = &effect;
	t->spec.state_trans[0] = &trans;
	t->call.before[1] = c->before;
	t->call.after[1] = c->after;
	t->end.ret = c->ret;
	expect_verdict(test, t, "side_effects[0]", &c->verdict);
	expect_verdict(test, t, "state_trans[0]", &c->verdict);
}

/* Whether others could have changed the state, and whether that matters. */
struct sharing_case {
	const char *desc;
	bool at_entry;
	bool at_exit;
	bool locked;
	struct kapi_lock_seen seen;
	u64 after;
	struct verdict verdict;
};

#define NOT_CLEARED	BROKEN("0", "pages was 3, is 1")

static const struct sharing_case sharing_cases[] = {
	{ "alone", false, false, false, SEEN(0, 0, 0), 1, NOT_CLEARED },
	{ "shared at entry", true, false, false, SEEN(0, 0, 0), 1, UNDECIDED },
	{ "shared at exit", false, true, false, SEEN(0, 0, 0), 1, UNDECIDED },
	{ "shared, but cleared", true, true, false, SEEN(0, 0, 0), 0, KEPT },
	{ "shared, locked", true, true, true, SEEN(0, 1, 1), 1, NOT_CLEARED },
	{ "shared, locked for read", true, true, true, SEEN(1, 0, 1), 1, NOT_CLEARED },
	{ "shared, locked twice", true, true, true, SEEN(0, 2, 2), 1, UNDECIDED },
	{ "shared, then for read", true, true, true, SEEN(3, 1, 4), 1, NOT_CLEARED },
	{ "shared, lock not seen", true, true, false, SEEN(0, 1, 1), 1, UNDECIDED },
	{ "alone, locked twice", false, false, true, SEEN(0, 2, 2), 1, NOT_CLEARED },
};

KUNIT_ARRAY_PARAM_DESC(sharing, sharing_cases, desc);

static void judge_sharing(struct kunit *test)
{
	static const struct kapi_side_effect_spec effect = {
		.value = 2, .relation = KAPI_IS_CLEARED,
	};
	static const struct kapi_lock_spec first = INNER(), second = MMAP_LOCK();
	const struct sharing_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.snapshot = &snapshot;
	t->spec.snapshot_lock = 2;
	t->spec.locks[0] = &first;
	t->spec.locks[1] = &second;
	t->spec.side_effects[0] = &effect;
	t->call.before[1] = 3;
	t->call.after[1] = c->after;
	t->call.lock[1] = c->seen;
	t->call.locked = c->locked;
	t->call.shared = c->at_entry;
	t->end.shared = c->at_exit;
	expect_verdict(test, t, "side_effects[0]", &c->verdict);
}

/* What took the lock, or changed limits, may have been somebody else. */
struct doubt_case {
	const char *desc;
	u64 late;
	u64 limits;
	bool passed_over;
	bool limits_changed;
	struct verdict verdict;
};

static const struct doubt_case doubt_cases[] = {
	{ "late", BIT_ULL(1), 0, false, true, NOT_CLEARED },
	{ "late, lock passed over", BIT_ULL(1), 0, true, false, UNDECIDED },
	{ "not late, lock passed over", BIT_ULL(0), 0, true, false, NOT_CLEARED },
	{ "of limits", 0, BIT_ULL(1), true, false, NOT_CLEARED },
	{ "of limits, changed", 0, BIT_ULL(1), false, true, UNDECIDED },
	{ "not of limits, changed", 0, BIT_ULL(0), false, true, NOT_CLEARED },
};

KUNIT_ARRAY_PARAM_DESC(doubt, doubt_cases, desc);

static void judge_doubt(struct kunit *test)
{
	static const struct kapi_side_effect_spec effect = {
		.value = 2, .relation = KAPI_IS_CLEARED,
	};
	static const struct kapi_lock_spec lock = MMAP_LOCK();
	const struct doubt_case *c = test->param_value;
	const struct kapi_snapshot doubtful = {
		.names = value_names, .count = 2, .late = c->late, .limits = c->limits,
	};
	struct trial *t = new_trial(test);

	t->spec.snapshot = &doubtful;
	t->spec.snapshot_lock = 1;
	t->spec.locks[0] = &lock;
	t->spec.side_effects[0] = &effect;
	t->call.before[1] = 3;
	t->call.after[1] = 1;
	t->call.lock[0] = (struct kapi_lock_seen)
		{ .write = 1, .released = 1, .passed_over = c->passed_over };
	t->call.locked = true;
	t->end.limits_changed = c->limits_changed;
	expect_verdict(test, t, "side_effects[0]", &c->verdict);
}

/* What a lock guards is changed only while it is held for write. */
struct guard_case {
	const char *desc;
	struct kapi_lock_seen seen;
	u64 after;		/* it was 3 */
	struct verdict verdict;
	bool locked;
	bool shared;
	bool changed_for_read;
	bool unguarded;
};

#define CHANGED_WHILE(_held)	\
	BROKEN("changes only while held for write", "pages changed while held " _held)

static const struct guard_case guard_cases[] = {
	{ "not taken, nothing changed", SEEN(0, 0, 0), 3, NOT_SEEN },
	{ "not taken, changed", SEEN(0, 0, 0), 1, CHANGED_WHILE("by nobody") },
	{ "not taken, changed, shared", SEEN(0, 0, 0), 1, NOT_SEEN, .shared = true },
	{ "for write", SEEN(0, 1, 1), 1, KEPT, .locked = true },
	{ "for write twice", SEEN(0, 2, 2), 1, KEPT, .locked = true },
	{ "for read, then for write", SEEN(2, 1, 3), 1, KEPT, .locked = true },
	{ "for read, nothing changed", SEEN(1, 0, 1), 3, KEPT, .locked = true },
	{ "for read, changed", SEEN(1, 0, 1), 1, CHANGED_WHILE("for read"), .locked = true },
	{ "for read, changed, shared", SEEN(1, 0, 1), 1, CHANGED_WHILE("for read"),
	  .locked = true, .shared = true },
	{ "for read, what it does not guard", SEEN(1, 0, 1), 1, KEPT, .locked = true,
	  .unguarded = true },
	{ "downgraded", { .write = 1, .released = 1, .downgraded = true }, 1, KEPT,
	  .locked = true },
	{ "downgraded, then changed", { .write = 1, .released = 1, .downgraded = true }, 1,
	  BROKEN("changes only while held for write", "state changed while held for read"),
	  .locked = true, .changed_for_read = true },
	{ "leaked", SEEN(0, 1, 0), 1,
	  BROKEN("given back", "taken 1 times, given back 0 times"), .locked = true },
};

KUNIT_ARRAY_PARAM_DESC(guard, guard_cases, desc);

static void judge_guard(struct kunit *test)
{
	static const struct kapi_lock_spec lock = MMAP_LOCK(.mode = KAPI_LOCK_MODE_GUARD);
	const struct guard_case *c = test->param_value;
	const struct kapi_snapshot guarded = {
		.names = value_names, .count = 2, .guarded = c->unguarded ? 1 : 2,
	};
	struct trial *t = new_trial(test);

	t->spec.snapshot = &guarded;
	t->spec.snapshot_lock = 1;
	t->spec.locks[0] = &lock;
	t->call.before[1] = 3;
	t->call.after[1] = c->after;
	t->call.lock[0] = c->seen;
	t->call.locked = c->locked;
	t->call.shared = c->shared;
	t->call.changed_for_read = c->changed_for_read;
	expect_verdict(test, t, "locks[0]", &c->verdict);
}

struct failure_case {
	const char *desc;
	u64 before[3];
	u64 after[3];
	long ret;
	struct verdict verdict;
	bool shared;
	bool not_atomic;
	const struct kapi_snapshot *snapshot;
};

#define CHANGED(_observed)	BROKEN("nothing changed", _observed)

/* The snapshot has two values, the third is its own affair. */
static const struct failure_case failure_cases[] = {
	{ "unchanged", { 2, 3 }, { 2, 3 }, -EINTR, KEPT },
	{ "undeclared error", { 2, 3 }, { 2, 3 }, -EIO, KEPT },
	{ "first changed", { 2, 3 }, { 1, 3 }, -EINTR, CHANGED("other was 2, is 1") },
	{ "last changed", { 2, 3 }, { 2, 4 }, -EINTR, CHANGED("pages was 3, is 4") },
	{ "snapshot's own changed", { 2, 3, 4 }, { 2, 3, 5 }, -EINTR, KEPT },
	{ "shared, unchanged", { 2, 3 }, { 2, 3 }, -EINTR, KEPT, .shared = true },
	{ "shared, changed", { 2, 3 }, { 2, 4 }, -EINTR, UNDECIDED, .shared = true },
	{ "one known", { NO_VALUE, 3 }, { 2, 3 }, -EINTR, KEPT },
	{ "one known, changed", { 2, 3 }, { NO_VALUE, 4 }, -EINTR,
	  CHANGED("pages was 3, is 4") },
	{ "nothing known", { NO_VALUE, 3 }, { 2, NO_VALUE }, -EINTR, NOT_SEEN },
	{ "success", { 2, 3 }, { 1, 4 }, 0, NOT_SEEN },
	{ "no error", { 2, 3 }, { 1, 4 }, 1, NOT_SEEN },
	{ "below errors", { 2, 3 }, { 1, 4 }, -MAX_ERRNO - 1, NOT_SEEN },
	{ "not atomic", { 2, 3 }, { 1, 4 }, -EINTR, NOT_SEEN, .not_atomic = true },
	{ "counter changed", { 2, 3 }, { 2, 4 }, -EINTR, KEPT, .snapshot = &counting },
	{ "beside a counter", { 2, 3 }, { 1, 4 }, -EINTR, CHANGED("other was 2, is 1"),
	  .snapshot = &counting },
	{ "reason changed", { 2, 3 }, { 1, 3 }, -EINTR, KEPT, .snapshot = &reasoning },
	{ "beside a reason", { 2, 3 }, { 1, 4 }, -EINTR, CHANGED("pages was 3, is 4"),
	  .snapshot = &reasoning },
};

KUNIT_ARRAY_PARAM_DESC(failure, failure_cases, desc);

static void judge_failure(struct kunit *test)
{
	const struct failure_case *c = test->param_value;
	struct trial *t = new_trial(test);

	t->spec.snapshot = c->snapshot ?: &snapshot;
	t->spec.failure = c->not_atomic ? KAPI_FAILURE_UNTOLD : KAPI_FAILURE_IS_ATOMIC;
	memcpy(t->call.before, c->before, sizeof(c->before));
	memcpy(t->call.after, c->after, sizeof(c->after));
	t->call.shared = c->shared;
	t->end.ret = c->ret;
	expect_verdict(test, t, "failure", &c->verdict);
}

/* Of what may be done in part: the first value stays, and one is a reason. */
struct partial_case {
	const char *desc;
	u64 before[3];
	u64 after[3];
	struct verdict verdict;
	unsigned long arg;
	bool shared;
	bool early;
};

#define DID_NOT_STAY(_observed)	BROKEN("as before", _observed)

static const struct partial_case partial_cases[] = {
	{ "nothing done", { 2, 3 }, { 2, 3 }, NOT_SEEN },
	{ "part done", { 2, 3 }, { 2, 1 }, KEPT },
	{ "did not stay", { 2, 3 }, { 1, 1 }, DID_NOT_STAY("other was 2, is 1") },
	{ "did not stay, nothing else", { 2, 3 }, { 1, 3 }, DID_NOT_STAY("other was 2, is 1") },
	{ "did not stay, shared", { 2, 3 }, { 1, 3 }, NOT_SEEN, .shared = true },
	{ "part done, shared", { 2, 3 }, { 2, 1 }, NOT_SEEN, .shared = true },
	{ "late reason, part done", { 2, 3, 1 }, { 2, 1, 1 }, KEPT },
	{ "early reason, nothing done", { 2, 3, 1 }, { 2, 3, 1 }, KEPT, .early = true },
	{ "early reason, part done", { 2, 3, 1 }, { 2, 1, 1 }, CHANGED("pages was 3, is 1"),
	  .early = true },
	{ "early reason unknown", { 2, 3, NO_VALUE }, { 2, 1, 1 }, KEPT, .early = true },
	{ "no early reason", { 2, 3, 0 }, { 2, 1, 0 }, KEPT, .early = true },
	{ "bad parameter, nothing done", { 2, 3 }, { 2, 3 }, KEPT, .arg = 2 },
	{ "bad parameter, part done", { 2, 3 }, { 2, 1 }, CHANGED("pages was 3, is 1"),
	  .arg = 2 },
};

KUNIT_ARRAY_PARAM_DESC(partial, partial_cases, desc);

static void judge_partial_failure(struct kunit *test)
{
	static const char *const names[] = { "other", "pages", "reason" };
	static const struct kapi_snapshot three = { .names = names, .count = 3 };
	static const struct kapi_side_effect_spec stays = { .value = 1, .relation = KAPI_STAYS };
	static const struct kapi_state_trans_spec falls = { .value = 2, .relation = KAPI_FALLS };
	static const struct kapi_param_spec param = {
		.name = "p", .type_name = "int", .error = -EINVAL,
		.constraint_type = KAPI_CONSTRAINT_MASK, .valid_mask = 1,
	};
	const struct partial_case *c = test->param_value;
	const struct kapi_constraint_spec rule = { .value = 3, .error = -EINTR, .early = c->early };
	struct trial *t = new_trial(test);

	t->spec.snapshot = &three;
	t->spec.failure = KAPI_FAILURE_IS_PARTIAL;
	t->spec.side_effects[0] = &stays;
	t->spec.state_trans[0] = &falls;
	t->spec.params[0] = &param;
	t->spec.constraints[0] = &rule;
	memcpy(t->call.before, c->before, sizeof(c->before));
	memcpy(t->call.after, c->after, sizeof(c->after));
	t->call.args[0] = c->arg;
	t->call.shared = c->shared;
	t->end.ret = -EINTR;
	expect_verdict(test, t, "failure", &c->verdict);
}

/* A capability that is not there is seen before anything is changed. */
static void judge_failure_without_capability(struct kunit *test)
{
	static const struct kapi_capability_spec capability = { .value = 1, .error = -EINTR };
	static const struct verdict changed = CHANGED("pages was 3, is 1");
	struct trial *t = new_trial(test);

	t->spec.snapshot = &snapshot;
	t->spec.failure = KAPI_FAILURE_IS_PARTIAL;
	t->spec.capabilities[0] = &capability;
	t->call.before[0] = 1;
	t->call.after[0] = 1;
	t->call.before[1] = 3;
	t->call.after[1] = 1;
	t->end.ret = -EINTR;
	expect_verdict(test, t, "failure", &changed);
}

/* === All of a spec ======================================================== */

/* Prose is never seen, and there is no judging by what is not there. */
static void judge_prose(struct kunit *test)
{
	static const struct kapi_param_spec param = { .name = "p", .type_name = "int" };
	static const struct kapi_constraint_spec rule = { .name = "r" };
	static const struct kapi_capability_spec cap = { .name = "c" };
	static const struct verdict not_seen = NOT_SEEN;
	struct trial *t = new_trial(test);
	struct kapi_check check;

	t->spec.params[0] = &param;
	t->spec.constraints[0] = &rule;
	t->spec.capabilities[0] = &cap;
	expect_verdict(test, t, "params[0]", &not_seen);
	expect_verdict(test, t, "constraints[0]", &not_seen);
	expect_verdict(test, t, "capabilities[0]", &not_seen);
	KUNIT_EXPECT_FALSE(test, kapi_find_check(&t->spec, kapi_clause_end(&t->spec), &check));
}

static void fill(struct trial *t)
{
	static const struct kapi_error_spec error = { .name = "EPERM", .code = -EPERM };
	static const struct kapi_lock_spec lock = ALWAYS;
	int i;

	for (i = 0; i < KAPI_MAX_ERRORS; i++)
		t->spec.errors[i] = &error;
	for (i = 0; i < KAPI_MAX_LOCKS; i++) {
		t->spec.locks[i] = &lock;
		t->call.lock[i] = (struct kapi_lock_seen) { .write = 1, .released = 1 };
	}
}

/* Full categories have no NULL behind them. */
static void judge_full(struct kunit *test)
{
	static const struct verdict kept = KEPT, not_seen = NOT_SEEN;
	struct trial *t = new_trial(test);

	fill(t);
	expect_verdict(test, t, "locks[0]", &kept);
	expect_verdict(test, t, "locks[11]", &kept);
	expect_verdict(test, t, "locks", &kept);
	expect_verdict(test, t, "errors[31]", &not_seen);
	t->end.ret = -EPERM;
	expect_verdict(test, t, "errors[31]", &kept);
	expect_verdict(test, t, "returns", &kept);
}

static struct kunit_case judge_cases[] = {
	KUNIT_CASE_PARAM(judge_context, context_gen_params),
	KUNIT_CASE_PARAM(judge_return, return_gen_params),
	KUNIT_CASE(judge_exact_value),
	KUNIT_CASE(judge_errors),
	KUNIT_CASE(judge_error_of_restart),
	KUNIT_CASE_PARAM(judge_signal, signal_gen_params),
	KUNIT_CASE_PARAM(judge_reason, reason_gen_params),
	KUNIT_CASE_PARAM(judge_sent, sent_gen_params),
	KUNIT_CASE_PARAM(judge_lock, lock_gen_params),
	KUNIT_CASE_PARAM(judge_other_locks, others_gen_params),
	KUNIT_CASE_PARAM(judge_value, value_gen_params),
	KUNIT_CASE_PARAM(judge_sharing, sharing_gen_params),
	KUNIT_CASE_PARAM(judge_doubt, doubt_gen_params),
	KUNIT_CASE_PARAM(judge_guard, guard_gen_params),
	KUNIT_CASE_PARAM(judge_failure, failure_gen_params),
	KUNIT_CASE_PARAM(judge_partial_failure, partial_gen_params),
	KUNIT_CASE(judge_failure_without_capability),
	KUNIT_CASE(judge_prose),
	KUNIT_CASE(judge_full),
	{}
};

static struct kunit_suite judge_suite = {
	.name = "kapi_judge",
	.test_cases = judge_cases,
};

kunit_test_suite(judge_suite);

MODULE_DESCRIPTION("KUnit tests of how calls are held to API specifications");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
