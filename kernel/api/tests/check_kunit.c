// SPDX-License-Identifier: GPL-2.0
/*
 * The rules that apply to every call, and those for signals, locks and state:
 * cases in which each held, was violated, and was neither. Each case is checked
 * twice, with and without asking for the reason.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/signal.h>
#include <linux/sizes.h>

#include "checking.h"

DEFINE_TEST_SPEC(plain)
	KAPI_RETURNS_ZERO("0")
	KAPI_FAILS(-EINTR, "c")
	KAPI_FAILS(-EINVAL, "c")
	KAPI_FAILS(-EPERM, "c", KAPI_NEEDS(CONFIG_KAPI_OF_ANOTHER_KERNEL))
KAPI_END_SPEC;

/* === Context ============================================================== */

struct context_case {
	const char *desc;
	struct kapi_context entry;
	struct kapi_context exit;
	struct wanted wanted;
};

static const struct context_case context_cases[] = {
	{ "as at entry", {}, {}, HELD },
	{ "interrupts off as before", { .irqs_off = true }, { .irqs_off = true }, HELD },
	{ "interrupts left off", {}, { .irqs_off = true },
	  VIOLATED("interrupts as at entry", "interrupts off") },
	{ "interrupts switched on", { .irqs_off = true }, {},
	  VIOLATED("interrupts as at entry", "interrupts on") },
	{ "preemption off as before", { .preempt_count = 1 }, { .preempt_count = 1 }, HELD },
	{ "preemption left off", {}, { .preempt_count = 0x101 },
	  VIOLATED("preempt_count as at entry", "0x101, at entry 0x0") },
	{ "preemption switched on", { .preempt_count = 2 }, { .preempt_count = 1 },
	  VIOLATED("preempt_count as at entry", "0x1, at entry 0x2") },
};

KUNIT_ARRAY_PARAM_DESC(context, context_cases, desc);

static void check_context(struct kunit *test)
{
	const struct context_case *c = test->param_value;
	struct made_call *m = make_call(test, &plain);

	m->call.entry = c->entry;
	m->call.exit = c->exit;
	expect_wanted(test, m, "context", &c->wanted);
}

/* === Return value ========================================================= */

struct return_case {
	const char *desc;
	enum kapi_return_check check;
	long ret;
	struct wanted wanted;
	bool restartable;
	bool open;
};

#define UNEXPECTED(_observed)	VIOLATED("success or a declared error", _observed)

/* Success is -3 to 7 if it is a range; the errors are EINTR and EINVAL. */
static const struct return_case return_cases[] = {
	{ "exact", KAPI_RETURN_EXACT, 0, HELD },
	{ "exact, declared", KAPI_RETURN_EXACT, -EINTR, HELD },
	{ "exact, declared last", KAPI_RETURN_EXACT, -EINVAL, HELD },
	{ "exact, undeclared", KAPI_RETURN_EXACT, -ENOMEM, UNEXPECTED("-ENOMEM") },
	{ "exact, positive", KAPI_RETURN_EXACT, 1, UNEXPECTED("1") },
	{ "exact, positive error", KAPI_RETURN_EXACT, EINTR, UNEXPECTED("4") },
	{ "exact, last error", KAPI_RETURN_EXACT, -MAX_ERRNO, UNEXPECTED("-4095") },
	{ "exact, below errors", KAPI_RETURN_EXACT, -MAX_ERRNO - 1, UNEXPECTED("-4096") },
	{ "exact, declared for another kernel", KAPI_RETURN_EXACT, -EPERM,
	  UNEXPECTED("-EPERM") },
	{ "range, lowest", KAPI_RETURN_RANGE, -3, HELD },
	{ "range, highest", KAPI_RETURN_RANGE, 7, HELD },
	{ "range, declared", KAPI_RETURN_RANGE, -EINTR, HELD },
	{ "range, above", KAPI_RETURN_RANGE, 8, UNEXPECTED("8") },
	{ "range, below", KAPI_RETURN_RANGE, -EIO, UNEXPECTED("-EIO") },
	{ "fd, lowest", KAPI_RETURN_FD, 0, HELD },
	{ "fd, highest", KAPI_RETURN_FD, INT_MAX, HELD },
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
	{ "address", KAPI_RETURN_ERROR_CHECK, LONG_MIN, HELD },
	{ "address, below errors", KAPI_RETURN_ERROR_CHECK, -MAX_ERRNO - 1, HELD },
	{ "address, declared", KAPI_RETURN_ERROR_CHECK, -EINTR, HELD },
	{ "address, last error", KAPI_RETURN_ERROR_CHECK, -MAX_ERRNO, UNEXPECTED("-4095") },
	{ "address, undeclared", KAPI_RETURN_ERROR_CHECK, -EPERM, UNEXPECTED("-EPERM") },
	{ "pointer", KAPI_RETURN_POINTER, SZ_16M, HELD },
	{ "pointer, NULL", KAPI_RETURN_POINTER, 0, HELD },
	{ "pointer, an error", KAPI_RETURN_POINTER, -EPERM, UNEXPECTED("-EPERM") },
	{ "true", KAPI_RETURN_BOOL, 1, HELD },
	{ "false", KAPI_RETURN_BOOL, 0, HELD },
	{ "void", KAPI_RETURN_VOID, -ENOMEM, HELD },
	{ "no return", KAPI_RETURN_NO_RETURN, 0, UNEXPECTED("0") },
	{ "ERESTARTSYS", KAPI_RETURN_EXACT, -ERESTARTSYS,
	  UNEXPECTED("a restart code, -512") },
	{ "ERESTARTNOINTR", KAPI_RETURN_EXACT, -ERESTARTNOINTR,
	  UNEXPECTED("a restart code, -513") },
	{ "ERESTARTNOHAND", KAPI_RETURN_EXACT, -ERESTARTNOHAND,
	  UNEXPECTED("a restart code, -514") },
	{ "ERESTART_RESTARTBLOCK", KAPI_RETURN_EXACT, -ERESTART_RESTARTBLOCK,
	  UNEXPECTED("a restart code, -516") },
	{ "ERESTARTSYS, declared", KAPI_RETURN_EXACT, -ERESTARTSYS, HELD, true },
	{ "ERESTARTNOINTR, declared", KAPI_RETURN_EXACT, -ERESTARTNOINTR, HELD, true },
	{ "ERESTARTNOHAND, declared", KAPI_RETURN_EXACT, -ERESTARTNOHAND, HELD, true },
	{ "ERESTART_RESTARTBLOCK, declared", KAPI_RETURN_EXACT, -ERESTART_RESTARTBLOCK,
	  HELD, true },
	{ "no restart code", KAPI_RETURN_EXACT, -515, UNEXPECTED("-ENOIOCTLCMD"), true },
	{ "others' errors, undeclared", KAPI_RETURN_FD, -ECANCELED, UNDECIDED, .open = true },
	{ "others' errors, declared", KAPI_RETURN_FD, -EINVAL, HELD, .open = true },
	{ "others' errors, restart code", KAPI_RETURN_FD, -ERESTARTSYS, UNDECIDED, .open = true },
	{ "others' errors, success", KAPI_RETURN_FD, 3, HELD, .open = true },
	{ "others' errors, no error", KAPI_RETURN_FD, -MAX_ERRNO - 1, UNEXPECTED("-4096"),
	  .open = true },
	{ "others' errors, positive", KAPI_RETURN_EXACT, 1, UNEXPECTED("1"), .open = true },
};

KUNIT_ARRAY_PARAM_DESC(return, return_cases, desc);

static void check_return(struct kunit *test)
{
	const struct return_case *c = test->param_value;
	struct kapi_signal_spec signal = {
		.kind = KAPI_SIGNALS, .name = "SIGUSR1", .signum = SIGUSR1,
		.restartable = c->restartable,
	};
	struct made_call *m = make_call(test, spec_with(test, &plain, &signal, NULL));

	m->spec.return_spec.check_type = c->check;
	m->spec.other_errors = c->open ? "what a file returns" : NULL;
	if (c->check == KAPI_RETURN_RANGE) {
		m->spec.return_spec.success_min = -3;
		m->spec.return_spec.success_max = 7;
	}
	m->call.ret = c->ret;
	expect_wanted(test, m, "returns", &c->wanted);
}

static void check_exact_value(struct kunit *test)
{
	struct made_call *m = make_call(test, &plain);

	m->spec.return_spec.success_value = 5;
	expect(test, m, "returns", UNEXPECTED("0"));
	m->call.ret = 5;
	expect(test, m, "returns", HELD);
}

static void check_errors(struct kunit *test)
{
	struct made_call *m = make_call(test, &plain);

	expect(test, m, "errors[EINTR]", NOT_EXERCISED);
	m->call.ret = -EINVAL;
	expect(test, m, "errors[EINTR]", NOT_EXERCISED);
	expect(test, m, "errors[EINVAL]", HELD);
	m->call.ret = EINVAL;
	expect(test, m, "errors[EINVAL]", NOT_EXERCISED);
	KUNIT_EXPECT_NULL(test, find_check(m, "errors[EPERM]"));
}

DEFINE_TEST_SPEC(restarts)
	KAPI_RETURNS_ZERO("0")
	KAPI_FAILS(-EINTR, "c")
	KAPI_FAILS(-EINVAL, "c")
	KAPI_INTERRUPTED(-EINTR, SIGUSR1, "c", .restartable = true)
KAPI_END_SPEC;

/* A call that may be restarted fails with EINTR if it is not. */
static void check_error_of_restart(struct kunit *test)
{
	struct made_call *m = make_call(test, &restarts);
	struct made_call *other = make_call(test, &plain);

	m->call.ret = -ERESTARTSYS;
	other->call.ret = -ERESTARTSYS;
	expect(test, m, "errors[EINTR]", HELD);
	expect(test, m, "errors[EINVAL]", NOT_EXERCISED);
	expect(test, other, "errors[EINTR]", NOT_EXERCISED);
	m->call.ret = -ERESTARTNOHAND;
	expect(test, m, "errors[EINTR]", HELD);
	m->call.ret = -ERESTART_RESTARTBLOCK;
	expect(test, m, "errors[EINTR]", HELD);
	m->call.ret = -ERESTARTNOINTR;
	expect(test, m, "errors[EINTR]", NOT_EXERCISED);
}

/* === Signals ============================================================== */

#define RECEIVE(_signum, ...)						\
	{ .kind = KAPI_SIGNALS, .name = "s", .signum = _signum,		\
	  .direction = KAPI_SIGNAL_RECEIVE, ##__VA_ARGS__ }
#define SEND(_signum)							\
	{ .kind = KAPI_SIGNALS, .name = "s", .signum = _signum,		\
	  .direction = KAPI_SIGNAL_SEND }
#define FATAL			RECEIVE(KAPI_SIGNAL_ANY_FATAL, .error = -EINTR)
#define ANY			RECEIVE(KAPI_SIGNAL_ANY, .error = -EINTR)
#define USR1			RECEIVE(SIGUSR1, .error = -EINTR)
#define USR1_RESTARTS		RECEIVE(SIGUSR1, .error = -EINTR, .restartable = true)
#define WITHOUT_IT(_error)	VIOLATED("the signal pending", _error " without it")

struct signal_case {
	const char *desc;
	struct kapi_signal_spec signal;
	long ret;
	struct wanted wanted;
	int pending;
	int sent;
	bool fatal;
};

static const struct signal_case signal_cases[] = {
	{ "fatal, success", FATAL, 0, NOT_EXERCISED, .fatal = true },
	{ "fatal, other error", FATAL, -EINVAL, NOT_EXERCISED, .fatal = true },
	{ "fatal, pending", FATAL, -EINTR, HELD, .fatal = true },
	{ "fatal, none", FATAL, -EINTR, WITHOUT_IT("-EINTR") },
	{ "fatal, another pending", FATAL, -EINTR, WITHOUT_IT("-EINTR"), .pending = SIGUSR1 },
	{ "any, fatal", ANY, -EINTR, UNDECIDED, .fatal = true },
	{ "any, pending", ANY, -EINTR, HELD, .pending = SIGUSR1 },
	{ "any, last signal", ANY, -EINTR, HELD, .pending = _NSIG },
	{ "any, none", ANY, -EINTR, UNDECIDED },
	{ "any, success", ANY, 0, NOT_EXERCISED, .pending = SIGUSR1 },
	{ "SIGUSR1, success", USR1, 0, NOT_EXERCISED, .pending = SIGUSR1 },
	{ "SIGUSR1, pending", USR1, -EINTR, HELD, .pending = SIGUSR1 },
	{ "SIGUSR1, none", USR1, -EINTR, UNDECIDED },
	{ "SIGUSR1, another pending", USR1, -EINTR, UNDECIDED, .pending = SIGUSR2 },
	{ "SIGUSR1, fatal pending", USR1, -EINTR, UNDECIDED, .fatal = true },
	{ "restart undeclared", USR1, -ERESTARTSYS,
	  VIOLATED("no restart", "a restart code, -512"), .pending = SIGUSR1 },
	{ "restart undeclared, fatal", FATAL, -ERESTARTSYS,
	  VIOLATED("no restart", "a restart code, -512"), .fatal = true },
	{ "restart, pending", USR1_RESTARTS, -ERESTARTSYS, HELD, .pending = SIGUSR1 },
	{ "restart, none", USR1_RESTARTS, -ERESTARTNOHAND, UNDECIDED },
	{ "no error", RECEIVE(SIGUSR1), -EINTR, NOT_EXERCISED },
	{ "send, sent", SEND(SIGUSR1), 0, HELD, .sent = SIGUSR1 },
	{ "send, not sent", SEND(SIGUSR1), 0, NOT_EXERCISED, .pending = SIGUSR1 },
	{ "send, another sent", SEND(SIGUSR1), 0, NOT_EXERCISED, .sent = SIGUSR2 },
	{ "send, last signal", SEND(_NSIG), 0, HELD, .sent = _NSIG },
	{ "send, any", SEND(KAPI_SIGNAL_ANY_FATAL), 0, NOT_EXERCISED, .sent = SIGKILL },
};

KUNIT_ARRAY_PARAM_DESC(signal, signal_cases, desc);

static void check_signal(struct kunit *test)
{
	const struct signal_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &c->signal, NULL));

	if (c->pending)
		sigaddset(&m->call.pending, c->pending);
	if (c->sent)
		sigaddset(&m->call.sent, c->sent);
	m->call.fatal = c->fatal;
	m->call.ret = c->ret;
	expect_wanted(test, m, "signals[s]", &c->wanted);
}

/* Of several signals that may be the reason, one is enough. */
struct signals_case {
	const char *desc;
	struct kapi_signal_spec signal[2];
	long ret;
	struct wanted wanted[2];
	bool fatal;
};

static const struct signals_case signals_cases[] = {
	{ "none", { USR1, FATAL }, -EINTR, { UNDECIDED, UNDECIDED } },
	{ "the other", { USR1, FATAL }, -EINTR, { NOT_EXERCISED, HELD }, .fatal = true },
	{ "only one restarts", { USR1_RESTARTS, FATAL }, -ERESTARTSYS,
	  { UNDECIDED, NOT_EXERCISED } },
	{ "neither restarts", { USR1, FATAL }, -ERESTARTSYS,
	  { VIOLATED("no restart", "a restart code, -512"),
	    VIOLATED("no restart", "a restart code, -512") } },
	{ "another error", { RECEIVE(SIGUSR1, .error = -EINVAL), FATAL }, -EINTR,
	  { NOT_EXERCISED, WITHOUT_IT("-EINTR") } },
};

KUNIT_ARRAY_PARAM_DESC(signals, signals_cases, desc);

static void check_signals(struct kunit *test)
{
	const struct signals_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &c->signal[0],
							&c->signal[1]));

	m->call.fatal = c->fatal;
	m->call.ret = c->ret;
	expect_wanted(test, m, "signals[s]", &c->wanted[0]);
	expect_wanted(test, m, "signals[s.2]", &c->wanted[1]);
}

/* Where others' errors are passed on, -EINTR or a restart code may be one of them. */
static void check_signal_error_of_others(struct kunit *test)
{
	static const struct kapi_signal_spec usr1 = USR1, fatal = FATAL;
	struct made_call *m = make_call(test, spec_with(test, &plain, &fatal, NULL));

	m->spec.other_errors = "what a file returns";
	m->call.ret = -EINTR;
	expect(test, m, "signals[s]", UNDECIDED);
	m->spec.other_errors = NULL;
	expect(test, m, "signals[s]", WITHOUT_IT("-EINTR"));

	m = make_call(test, spec_with(test, &plain, &usr1, NULL));

	m->spec.other_errors = "what a file returns";
	m->call.ret = -ERESTARTSYS;
	expect(test, m, "signals[s]", UNDECIDED);
	m->spec.other_errors = NULL;
	expect(test, m, "signals[s]", VIOLATED("no restart", "a restart code, -512"));
}

struct sent_case {
	const char *desc;
	struct kapi_signal_spec signal;
	int sent[2];
	struct wanted wanted;
	int of_io;
};

#define SENT(_observed)	VIOLATED("no other signal sent", _observed)

static const struct sent_case sent_cases[] = {
	{ "none", SEND(SIGHUP), {}, HELD },
	{ "declared", SEND(SIGHUP), { SIGHUP }, HELD },
	{ "undeclared", SEND(SIGHUP), { SIGQUIT }, SENT("signal 3 sent") },
	{ "both", SEND(SIGHUP), { SIGHUP, SIGQUIT }, SENT("signal 3 sent") },
	{ "declared to be received", RECEIVE(SIGHUP), { SIGHUP }, SENT("signal 1 sent") },
	{ "the last of all", SEND(SIGHUP), { 64 }, SENT("signal 64 sent") },
	{ "any may be sent", SEND(KAPI_SIGNAL_ANY), { SIGHUP, 64 }, HELD },
	{ "any may be received", RECEIVE(KAPI_SIGNAL_ANY), { SIGHUP }, SENT("signal 1 sent") },
	{ "undeclared, of I/O", SEND(SIGHUP), {}, UNDECIDED, .of_io = SIGQUIT },
	{ "declared, of I/O", SEND(SIGHUP), {}, HELD, .of_io = SIGHUP },
	{ "both kinds", SEND(SIGHUP), { SIGQUIT }, SENT("signal 3 sent"), .of_io = SIGIO },
};

KUNIT_ARRAY_PARAM_DESC(sent, sent_cases, desc);

static void check_sent(struct kunit *test)
{
	const struct sent_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &c->signal, NULL));

	for (int i = 0; i < ARRAY_SIZE(c->sent) && c->sent[i]; i++)
		sigaddset(&m->call.sent, c->sent[i]);
	if (c->of_io)
		sigaddset(&m->call.sent_of_io, c->of_io);
	expect_wanted(test, m, "signals", &c->wanted);
}

/* === Locks ================================================================ */

struct lock_case {
	const char *desc;
	struct kapi_lock_spec lock;
	struct kapi_lock_seen seen;
	struct wanted wanted;
	long ret;
};

#define A_LOCK(_class, ...)						\
	{ .kind = KAPI_LOCKS, .name = "l", .class_name = _class, ##__VA_ARGS__ }
#define INNER(...)		\
	A_LOCK("c", .acquired = true, .released = true, ##__VA_ARGS__)
#define MMAP_LOCK(...)		\
	A_LOCK("&mm->mmap_lock", .acquired = true, .released = true, ##__VA_ARGS__)
#define LEFT_HELD		A_LOCK("c", .acquired = true, .held_on_exit = true)
#define CALLERS_LOCK		A_LOCK("c", .held_on_entry = true, .released = true)
#define ALWAYS			INNER(.always = true)
#define ON_SUCCESS							\
	A_LOCK("c", .acquired = true, .held_on_exit = true, .on_success = true)
#define FOR_READ		INNER(.mode = KAPI_LOCK_MODE_READ)
#define FOR_WRITE		INNER(.mode = KAPI_LOCK_MODE_WRITE)

/* Taken for read and for write, and given back. */
#define SEEN(_read, _write, _released)	{ _read, _write, _released }

static const struct lock_case lock_cases[] = {
	{ "sometimes, not taken", INNER(), SEEN(0, 0, 0), NOT_EXERCISED },
	{ "sometimes, taken", INNER(), SEEN(0, 1, 1), HELD },
	{ "sometimes, taken for read", INNER(), SEEN(1, 0, 1), HELD },
	{ "sometimes, taken often", INNER(), SEEN(3, 4, 7), HELD },
	{ "always, taken", ALWAYS, SEEN(0, 1, 1), HELD },
	{ "always, taken twice", ALWAYS, SEEN(1, 1, 2), HELD },
	{ "always, not taken", ALWAYS, SEEN(0, 0, 0), VIOLATED("taken", "success without it") },
	{ "always, not taken, error", ALWAYS, SEEN(0, 0, 0), NOT_EXERCISED, -EINTR },
	{ "always, not taken, odd error", ALWAYS, SEEN(0, 0, 0), NOT_EXERCISED, 1 },
	{ "write, taken so", FOR_WRITE, SEEN(0, 1, 1), HELD },
	{ "write, taken for read", FOR_WRITE, SEEN(1, 0, 1),
	  VIOLATED("taken for write", "taken for read") },
	{ "write, taken for both", FOR_WRITE, SEEN(1, 1, 2),
	  VIOLATED("taken for write", "taken for read") },
	{ "write, downgraded", FOR_WRITE, { .write = 1, .released = 1, .downgraded = true },
	  VIOLATED("held for write", "downgraded to read") },
	{ "read, taken so", FOR_READ, SEEN(1, 0, 1), HELD },
	{ "read, taken for write", FOR_READ, SEEN(0, 1, 1),
	  VIOLATED("taken for read", "taken for write") },
	{ "leaked", INNER(), SEEN(0, 1, 0),
	  VIOLATED("released", "acquired 1x, released 0x") },
	{ "leaked one of two", INNER(), SEEN(1, 1, 1),
	  VIOLATED("released", "acquired 2x, released 1x") },
	{ "leaked, error", INNER(), SEEN(0, 1, 0),
	  VIOLATED("released", "acquired 1x, released 0x"), -EINTR },
	{ "given back twice", INNER(), SEEN(0, 1, 2),
	  VIOLATED("released", "acquired 1x, released 2x") },
	{ "given back, not taken", INNER(), SEEN(0, 0, 1),
	  VIOLATED("released", "acquired 0x, released 1x") },
	{ "held on exit, so it is", LEFT_HELD, SEEN(0, 1, 0), HELD },
	{ "held on exit, given back", LEFT_HELD, SEEN(0, 1, 1),
	  VIOLATED("held", "acquired 1x, released 1x") },
	{ "held on entry, given back", CALLERS_LOCK, SEEN(0, 0, 1), HELD },
	{ "held on entry, given back twice", CALLERS_LOCK, SEEN(0, 0, 2),
	  VIOLATED("released", "acquired 0x, released 2x") },
	{ "held on success, so it is", ON_SUCCESS, SEEN(0, 1, 0), HELD },
	{ "held on success, released", ON_SUCCESS, SEEN(0, 1, 1),
	  VIOLATED("held", "acquired 1x, released 1x") },
	{ "held on success, failed", ON_SUCCESS, SEEN(0, 0, 0), NOT_EXERCISED, -EINTR },
	{ "held on success, failed and released", ON_SUCCESS, SEEN(0, 1, 1), HELD, -EINTR },
	{ "held on success, failed but held", ON_SUCCESS, SEEN(0, 1, 0),
	  VIOLATED("released", "acquired 1x, released 0x"), -EINTR },
	{ "too many reads", FOR_WRITE, SEEN(U16_MAX, 0, 0), UNDECIDED },
	{ "too many writes", INNER(), SEEN(0, U16_MAX, 3), UNDECIDED },
	{ "too many releases", INNER(), SEEN(0, 3, U16_MAX), UNDECIDED },
	{ "just not too many", INNER(), SEEN(32767, 32767, 65534), HELD },
};

KUNIT_ARRAY_PARAM_DESC(lock, lock_cases, desc);

/* Not the first lock of the spec, so that each finds its own count. */
static void check_lock(struct kunit *test)
{
	static const struct kapi_lock_spec first = INNER();
	const struct lock_case *c = test->param_value;
	struct made_call *m;

	skip_without_lockdep(test);
	m = make_call(test, spec_with(test, &plain, &first, &c->lock));
	m->call.lock[1] = c->seen;
	m->call.ret = c->ret;
	expect_wanted(test, m, "locks[l.2]", &c->wanted);
}

/* A lock without a class is not observed; nor is one that this kernel does not have. */
static void check_no_lock(struct kunit *test)
{
	static const struct kapi_lock_spec
		unobserved = A_LOCK(NULL, .acquired = true, .released = true),
		absent = INNER(.always = true, .needs = "CONFIG_C");
	struct made_call *m = make_call(test, spec_with(test, &plain, &unobserved, &absent));

	KUNIT_EXPECT_NULL(test, find_check(m, "locks[l]"));
	KUNIT_EXPECT_NULL(test, find_check(m, "locks[l.2]"));
}

struct others_case {
	const char *desc;
	struct kapi_lock_spec lock;
	struct kapi_lock_seen seen;
	int others_held;
	struct wanted wanted;
	const char *held;
};

#define LEFT(_observed)		VIOLATED("no other lock held", _observed)
#define RELEASED(_observed)	VIOLATED("no lock of the caller released", _observed)
#define UNOBSERVED		A_LOCK(NULL, .acquired = true, .held_on_exit = true)

static const struct others_case others_cases[] = {
	{ "none", INNER(), SEEN(0, 0, 0), 0, HELD },
	{ "the caller's own", INNER(), SEEN(0, 0, 0), 0, HELD, "m" },
	{ "one more", INNER(), SEEN(0, 0, 0), 1, LEFT("m held"), "m" },
	{ "one more, unnamed", INNER(), SEEN(0, 0, 0), 1, LEFT("a lock held") },
	{ "one less", INNER(), SEEN(0, 0, 0), -1, RELEASED("1 released") },
	{ "three less", INNER(), SEEN(0, 0, 0), -3, RELEASED("3 released") },
	{ "the spec's own released", INNER(), SEEN(0, 2, 2), 0, HELD },
	{ "the spec's own leaked", INNER(), SEEN(0, 1, 0), 0, HELD },
	{ "the spec's own and another", INNER(), SEEN(0, 1, 0), 1, LEFT("m held"), "m" },
	{ "the spec's own instead", INNER(), SEEN(0, 1, 0), -1, RELEASED("1 released") },
	{ "the spec's own, too many", INNER(), SEEN(0, U16_MAX, 0), 0, HELD },
	{ "declared to be held", LEFT_HELD, SEEN(0, 1, 0), 0, HELD },
	{ "unobserved, held", UNOBSERVED, SEEN(0, 0, 0), 1, HELD, "l" },
	{ "unobserved, not held", UNOBSERVED, SEEN(0, 0, 0), 0, RELEASED("1 released") },
};

KUNIT_ARRAY_PARAM_DESC(others, others_cases, desc);

static void check_other_locks(struct kunit *test)
{
	const struct others_case *c = test->param_value;
	struct made_call *m;

	skip_without_lockdep(test);
	m = make_call(test, spec_with(test, &plain, &c->lock, NULL));
	m->call.lock[0] = c->seen;
	m->call.others_held = c->others_held;
	m->call.held = c->held;
	if (IS_ENABLED(CONFIG_PREEMPT_RT) && m->call.watch->keeps_spinlocks)
		expect(test, m, "locks", NOT_EXERCISED);
	else
		expect_wanted(test, m, "locks", &c->wanted);
}

/* === Values =============================================================== */

/* They are never evaluated: each case says what they come to. */
KAPI_VALUE(other, (), 0);
KAPI_VALUE(pages, (), 0);
KAPI_CONDITION(meant, (), 0);
KAPI_CONDITION(excused, (), 0);
KAPI_CONDITION(lacking, (), 0);
KAPI_CONDITION(perhaps, (), 0);

struct value_case {
	const char *desc;
	enum kapi_relation relation;
	s64 before;
	s64 after;
	struct wanted wanted;
	long ret;
};

static const struct value_case value_cases[] = {
	{ "zero", KAPI_BECOMES_ZERO, 3, 0, HELD },
	{ "zero, in part", KAPI_BECOMES_ZERO, 3, 1, VIOLATED("0", "pages was 3, is 1") },
	{ "zero, not at all", KAPI_BECOMES_ZERO, 3, 3, VIOLATED("0", "pages was 3, is 3") },
	{ "zero as before", KAPI_BECOMES_ZERO, 0, 0, NOT_EXERCISED },
	{ "zero, set instead", KAPI_BECOMES_ZERO, 0, 1, VIOLATED("0", "pages was 0, is 1") },
	{ "unchanged", KAPI_UNCHANGED, 3, 3, HELD },
	{ "unchanged 0", KAPI_UNCHANGED, 0, 0, HELD },
	{ "unchanged, increases", KAPI_UNCHANGED, 3, 4,
	  VIOLATED("as before", "pages was 3, is 4") },
	{ "unchanged, decreases", KAPI_UNCHANGED, 3, 2,
	  VIOLATED("as before", "pages was 3, is 2") },
	{ "decreases", KAPI_DECREASES, 3, 2, HELD },
	{ "decreases, unchanged", KAPI_DECREASES, 3, 3,
	  VIOLATED("less than before", "pages was 3, is 3") },
	{ "decreases, increases", KAPI_DECREASES, 3, 4,
	  VIOLATED("less than before", "pages was 3, is 4") },
	{ "increases", KAPI_INCREASES, 3, 4, HELD },
	{ "increases, unchanged", KAPI_INCREASES, 3, 3,
	  VIOLATED("more than before", "pages was 3, is 3") },
	{ "increases, decreases", KAPI_INCREASES, 3, 2,
	  VIOLATED("more than before", "pages was 3, is 2") },
	{ "not increased, decreases", KAPI_NOT_INCREASED, 3, 2, HELD },
	{ "not increased, unchanged", KAPI_NOT_INCREASED, 3, 3, NOT_EXERCISED },
	{ "not increased, increases", KAPI_NOT_INCREASED, 3, 4,
	  VIOLATED("no more than before", "pages was 3, is 4") },
	{ "by result", KAPI_BY_RESULT, 3, 10, HELD, 7 },
	{ "by a result of 0", KAPI_BY_RESULT, 3, 3, HELD, 0 },
	{ "by less than the result", KAPI_BY_RESULT, 3, 9,
	  VIOLATED("more by the result", "pages was 3, is 9"), 7 },
	{ "down by the result", KAPI_BY_RESULT, 10, 3,
	  VIOLATED("more by the result", "pages was 10, is 3"), 7 },
	{ "unknown before", KAPI_BECOMES_ZERO, UNKNOWN, 3, NOT_EXERCISED },
	{ "unknown after", KAPI_BECOMES_ZERO, 3, UNKNOWN, UNDECIDED },
	{ "unknown", KAPI_UNCHANGED, UNKNOWN, UNKNOWN, NOT_EXERCISED },
	{ "an error", KAPI_BECOMES_ZERO, 3, 3, NOT_EXERCISED, -EINTR },
	{ "neither success nor error", KAPI_BECOMES_ZERO, 3, 3, NOT_EXERCISED, 9 },
};

KUNIT_ARRAY_PARAM_DESC(value, value_cases, desc);

#define A_VALUE(_id, _relation, ...)					\
	{ .kind = KAPI_SIDE_EFFECTS, .name = #_id, .value = &__kapi_cond_##_id, \
	  .relation = _relation, ##__VA_ARGS__ }

/* Success is 0 to 7. */
static void check_value(struct kunit *test)
{
	const struct value_case *c = test->param_value;
	const struct kapi_side_effect_spec effect = A_VALUE(pages, c->relation);
	struct made_call *m = make_call(test, spec_with(test, &plain, &effect, NULL));

	m->spec.return_spec.check_type = KAPI_RETURN_RANGE;
	m->spec.return_spec.success_max = 7;
	set_reading(test, m, pages, c->before, c->after);
	m->call.ret = c->ret;
	expect_wanted(test, m, "side_effects[pages]", &c->wanted);
}

/* What is prose is no check. */
static void check_prose(struct kunit *test)
{
	static const struct kapi_side_effect_spec prose = {
		.kind = KAPI_SIDE_EFFECTS, .name = "s", .target = "t", .description = "d",
	};
	static const struct kapi_constraint_spec ensured = {
		.kind = KAPI_POSTCONDITIONS, .name = "e", .description = "d",
	};
	struct made_call *m = make_call(test, spec_with(test, &plain, &prose, &ensured));

	KUNIT_EXPECT_NULL(test, find_check(m, "side_effects[s]"));
	KUNIT_EXPECT_NULL(test, find_check(m, "ensures[e]"));
	KUNIT_EXPECT_NULL(test, find_check(m, "failure"));
}

/* Whether a value is meant, and whether it is excused. */
struct meant_case {
	const char *desc;
	s64 meant;
	s64 excused;
	s64 after;		/* it was 3, and is to become 0 */
	struct wanted wanted;
	u8 shared;		/* who changes what the excuse and the case depend on */
};

#define NOT_ZERO	VIOLATED("0", "pages was 3, is 1")

static const struct meant_case meant_cases[] = {
	{ "meant", 1, 0, 0, HELD },
	{ "meant, not done", 1, 0, 1, NOT_ZERO },
	{ "not meant, not done", 0, 0, 1, NOT_EXERCISED },
	{ "not meant, done", 0, 0, 0, NOT_EXERCISED },
	{ "perhaps meant", UNKNOWN, 0, 1, NOT_EXERCISED },
	{ "excused", 1, 1, 1, UNDECIDED },
	{ "excused, done", 1, 1, 0, HELD },
	{ "perhaps excused", 1, UNKNOWN, 1, UNDECIDED },
	{ "shared, not done", 1, 0, 1, UNDECIDED, KAPI_OF_ANYBODY },
	{ "others share something else", 1, 0, 1, NOT_ZERO, KAPI_OF_FILES },
};

KUNIT_ARRAY_PARAM_DESC(meant, meant_cases, desc);

static void check_when_and_unless(struct kunit *test)
{
	static const struct kapi_side_effect_spec effect =
		A_VALUE(pages, KAPI_BECOMES_ZERO, KAPI_WHEN(meant), KAPI_UNLESS(excused));
	const struct meant_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &effect, NULL));

	set_reading(test, m, pages, 3, c->after);
	/* Only at entry, and only at exit. */
	set_reading(test, m, meant, c->meant, !c->meant);
	set_reading(test, m, excused, !c->excused, c->excused);
	set_owners(test, m, excused, KAPI_OF_ANYBODY);
	m->call.shared = c->shared;
	expect_wanted(test, m, "side_effects[pages]", &c->wanted);
}

/* If another task may have changed KAPI_WHEN(), the case is not known. */
static void check_when_shared(struct kunit *test)
{
	static const struct kapi_side_effect_spec effect =
		A_VALUE(pages, KAPI_BECOMES_ZERO, KAPI_WHEN(meant));
	struct made_call *m = make_call(test, spec_with(test, &plain, &effect, NULL));

	set_reading(test, m, pages, 3, 1);
	set_reading(test, m, meant, 1, 1);
	set_owners(test, m, meant, KAPI_OF_FILES);
	expect(test, m, "side_effects[pages]", NOT_ZERO);
	m->call.shared = KAPI_OF_FILES;
	expect(test, m, "side_effects[pages]", UNDECIDED);
}

/* === Owners =============================================================== */

struct owner_case {
	const char *desc;
	u8 before;
	u8 after;
	u8 shared;
	s64 value;		/* it was 3, and is to become 0 */
	struct wanted wanted;
};

static const struct owner_case owner_cases[] = {
	{ "the task's own", 0, 0, 0xff, 1, NOT_ZERO },
	{ "the mm's, alone", KAPI_OF_MM, KAPI_OF_MM, 0, 1, NOT_ZERO },
	{ "the mm's, shared", KAPI_OF_MM, KAPI_OF_MM, KAPI_OF_MM, 1, UNDECIDED },
	{ "the mm's at first", KAPI_OF_MM, 0, KAPI_OF_MM, 1, UNDECIDED },
	{ "the mm's at last", 0, KAPI_OF_MM, KAPI_OF_MM, 1, UNDECIDED },
	{ "the mm's, but done", KAPI_OF_MM, KAPI_OF_MM, KAPI_OF_MM, 0, HELD },
	{ "the mm's, files shared", KAPI_OF_MM, KAPI_OF_MM, KAPI_OF_FILES, 1, NOT_ZERO },
	{ "limits", KAPI_OF_LIMITS, KAPI_OF_LIMITS, 0, 1, NOT_ZERO },
	{ "limits, changed", KAPI_OF_LIMITS, KAPI_OF_LIMITS, KAPI_OF_LIMITS, 1, UNDECIDED },
	{ "files, alone", KAPI_OF_FILES, KAPI_OF_FILES, KAPI_OF_MM, 1, NOT_ZERO },
	{ "files, shared", KAPI_OF_FILES, KAPI_OF_FILES, KAPI_OF_FILES, 1, UNDECIDED },
	{ "a file, shared", KAPI_OF_FILE, KAPI_OF_FILE, KAPI_OF_FILE, 1, UNDECIDED },
	{ "pages, alone", KAPI_OF_PAGES, KAPI_OF_PAGES, 0, 1, NOT_ZERO },
	{ "pages, others ran", KAPI_OF_PAGES, KAPI_OF_PAGES, KAPI_OF_PAGES, 1, UNDECIDED },
	{ "anybody's", KAPI_OF_ANYBODY, KAPI_OF_ANYBODY, KAPI_OF_ANYBODY, 1, UNDECIDED },
	{ "of several", KAPI_OF_LIMITS | KAPI_OF_FILES, 0, KAPI_OF_FILES | KAPI_OF_MM, 1,
	  UNDECIDED },
};

KUNIT_ARRAY_PARAM_DESC(owner, owner_cases, desc);

static void check_owner(struct kunit *test)
{
	static const struct kapi_side_effect_spec effect = A_VALUE(pages, KAPI_BECOMES_ZERO);
	const struct owner_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &effect, NULL));
	unsigned int i = place_of(test, m, &__kapi_cond_pages);

	set_reading(test, m, pages, 3, c->value);
	m->call.before[i].of = c->before;
	m->call.after[i].of = c->after;
	m->call.shared = c->shared;
	expect_wanted(test, m, "side_effects[pages]", &c->wanted);
}

/* State read under the lock is not shared, unless the lock was taken twice. */
struct hold_case {
	const char *desc;
	bool at_lock[2];
	struct kapi_lock_seen seen;
	u8 shared;
	struct wanted wanted;
};

static const struct hold_case hold_cases[] = {
	{ "shared, locked", { true, true }, SEEN(0, 1, 1), KAPI_OF_MM, NOT_ZERO },
	{ "shared, locked for read", { true, true }, SEEN(1, 0, 1), KAPI_OF_MM, NOT_ZERO },
	{ "shared, locked twice", { true, true }, SEEN(0, 2, 2), KAPI_OF_MM, UNDECIDED },
	{ "shared, then for read", { true, true }, SEEN(3, 1, 4), KAPI_OF_MM, NOT_ZERO },
	{ "alone, locked twice", { true, true }, SEEN(0, 2, 2), 0, NOT_ZERO },
	{ "shared, twice, first reading", { true, false }, SEEN(0, 2, 2), KAPI_OF_MM,
	  UNDECIDED },
	{ "shared, twice, last reading", { false, true }, SEEN(0, 2, 2), KAPI_OF_MM,
	  UNDECIDED },
	{ "shared, twice, read without", { false, false }, SEEN(0, 2, 2), KAPI_OF_MM,
	  NOT_ZERO },
};

KUNIT_ARRAY_PARAM_DESC(hold, hold_cases, desc);

static void check_hold(struct kunit *test)
{
	static const struct kapi_lock_spec lock = MMAP_LOCK(.mode = KAPI_LOCK_MODE_GUARD);
	static const struct kapi_side_effect_spec effect = A_VALUE(pages, KAPI_BECOMES_ZERO);
	const struct hold_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &lock, &effect));

	set_reading(test, m, pages, 3, 1);
	set_at_lock(test, m, pages, c->at_lock[0], c->at_lock[1]);
	m->call.lock[0] = c->seen;
	m->call.locked = true;
	m->call.shared = c->shared;
	expect_wanted(test, m, "side_effects[pages]", &c->wanted);
}

/* What a lock guards is changed only while it is held for write. */
struct guard_case {
	const char *desc;
	struct kapi_lock_seen seen;
	s64 after;		/* it was 3 */
	struct wanted wanted;
	bool locked;
	bool changed_for_read;
	bool unguarded;		/* it was not read under the lock */
	u8 shared;
};

#define CHANGED_WHILE(_held)	\
	VIOLATED("changes only while held for write", "pages changed while held " _held)

static const struct guard_case guard_cases[] = {
	{ "not taken, nothing changed", SEEN(0, 0, 0), 3, NOT_EXERCISED },
	{ "not taken, changed", SEEN(0, 0, 0), 1, CHANGED_WHILE("by nobody") },
	{ "not taken, changed, shared", SEEN(0, 0, 0), 1, NOT_EXERCISED,
	  .shared = KAPI_OF_MM },
	{ "not taken, what it does not guard", SEEN(0, 0, 0), 1, NOT_EXERCISED,
	  .unguarded = true },
	{ "for write, changed", SEEN(0, 1, 1), 1, HELD, .locked = true },
	{ "for write, nothing changed", SEEN(0, 1, 1), 3, HELD, .locked = true },
	{ "for read, nothing changed", SEEN(1, 0, 1), 3, HELD, .locked = true },
	{ "for read, changed", SEEN(1, 0, 1), 1, CHANGED_WHILE("for read"), .locked = true },
	{ "for read, changed, shared", SEEN(1, 0, 1), 1, CHANGED_WHILE("for read"),
	  .locked = true, .shared = KAPI_OF_MM },
	{ "for read, what it does not guard", SEEN(1, 0, 1), 1, HELD, .locked = true,
	  .unguarded = true },
	{ "downgraded", { .write = 1, .released = 1, .downgraded = true }, 1, HELD,
	  .locked = true },
	{ "downgraded, then changed", { .write = 1, .released = 1, .downgraded = true }, 1,
	  VIOLATED("changes only while held for write", "state changed while held for read"),
	  .locked = true, .changed_for_read = true },
	{ "leaked", SEEN(0, 1, 0), 1,
	  VIOLATED("released", "acquired 1x, released 0x"), .locked = true },
};

KUNIT_ARRAY_PARAM_DESC(guard, guard_cases, desc);

static void check_guard(struct kunit *test)
{
	static const struct kapi_lock_spec lock = MMAP_LOCK(.mode = KAPI_LOCK_MODE_GUARD);
	static const struct kapi_side_effect_spec effect = A_VALUE(pages, KAPI_BECOMES_ZERO);
	const struct guard_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &lock, &effect));

	KUNIT_EXPECT_EQ(test, m->call.watch->mmap_lock, 0);
	KUNIT_EXPECT_TRUE(test, m->call.watch->guarded);
	set_reading(test, m, pages, 3, c->after);
	if (c->locked)
		set_at_lock(test, m, pages, !c->unguarded, !c->unguarded);
	else
		set_owners(test, m, pages, c->unguarded ? KAPI_OF_FILES : KAPI_OF_MM);
	m->call.lock[0] = c->seen;
	m->call.locked = c->locked;
	m->call.shared = c->shared;
	m->call.changed_for_read = c->changed_for_read;
	expect_wanted(test, m, "locks[l]", &c->wanted);
}

/* === What success ensures ================================================= */

struct ensures_case {
	const char *desc;
	s64 meant;
	s64 before;
	s64 after;
	struct wanted wanted;
	long ret;
	u8 shared;
};

#define IS_FALSE	VIOLATED("true on success", "excused is false")

static const struct ensures_case ensures_cases[] = {
	{ "true", 1, 0, 1, HELD },
	{ "true before, too", 1, 1, 1, HELD },
	{ "false", 1, 0, 0, IS_FALSE },
	{ "no longer true", 1, 1, 0, IS_FALSE },
	{ "unknown before", 1, UNKNOWN, 0, IS_FALSE },
	{ "unknown", 1, 1, UNKNOWN, UNDECIDED },
	{ "false, an error", 1, 0, 0, NOT_EXERCISED, -EINTR },
	{ "false, not meant", 0, 0, 0, NOT_EXERCISED },
	{ "false, perhaps meant", UNKNOWN, 0, 0, NOT_EXERCISED },
	{ "false, shared", 1, 0, 0, UNDECIDED, .shared = KAPI_OF_FILES },
	{ "true, shared", 1, 0, 1, HELD, .shared = KAPI_OF_FILES },
	{ "false, others share the mm", 1, 0, 0, IS_FALSE, .shared = KAPI_OF_MM },
};

KUNIT_ARRAY_PARAM_DESC(ensures, ensures_cases, desc);

static void check_ensures(struct kunit *test)
{
	static const struct kapi_constraint_spec rule = {
		.kind = KAPI_POSTCONDITIONS, .name = "excused",
		.cond = &__kapi_cond_excused, KAPI_WHEN(meant),
	};
	const struct ensures_case *c = test->param_value;
	struct made_call *m = make_call(test, spec_with(test, &plain, &rule, NULL));

	set_reading(test, m, excused, c->before, c->after);
	set_owners(test, m, excused, KAPI_OF_FILES);
	set_reading(test, m, meant, c->meant, c->meant);
	m->call.shared = c->shared;
	m->call.ret = c->ret;
	expect_wanted(test, m, "ensures[excused]", &c->wanted);
}

/* === After a failure ====================================================== */

DEFINE_TEST_SPEC(atomic)
	KAPI_RETURNS_ZERO("0")
	KAPI_FAILURE_ATOMIC
	KAPI_FAILS(-EINTR, "c")
	KAPI_CHANGES(other, KAPI_UNCHANGED, "t", "d")
	KAPI_CHANGES(pages, KAPI_DECREASES, "t", "d")
KAPI_END_SPEC;

struct failure_case {
	const char *desc;
	s64 before[2];
	s64 after[2];
	long ret;
	struct wanted wanted;
	u8 shared;
	bool at_lock;		/* what was read of pages at first */
};

#define CHANGED(_observed)	VIOLATED("nothing changed", _observed)

static const struct failure_case failure_cases[] = {
	{ "unchanged", { 2, 3 }, { 2, 3 }, -EINTR, HELD },
	{ "undeclared error", { 2, 3 }, { 2, 3 }, -EIO, HELD },
	{ "first changed", { 2, 3 }, { 1, 3 }, -EINTR, CHANGED("other was 2, is 1") },
	{ "last changed", { 2, 3 }, { 2, 4 }, -EINTR, CHANGED("pages was 3, is 4") },
	{ "shared, unchanged", { 2, 3 }, { 2, 3 }, -EINTR, HELD, KAPI_OF_MM },
	{ "shared, changed", { 2, 3 }, { 2, 4 }, -EINTR, UNDECIDED, KAPI_OF_MM },
	{ "shared, the other changed", { 2, 3 }, { 1, 4 }, -EINTR,
	  CHANGED("other was 2, is 1"), KAPI_OF_MM },
	{ "one known", { UNKNOWN, 3 }, { 2, 3 }, -EINTR, HELD },
	{ "one known, changed", { 2, 3 }, { UNKNOWN, 4 }, -EINTR,
	  CHANGED("pages was 3, is 4") },
	{ "nothing known", { UNKNOWN, 3 }, { 2, UNKNOWN }, -EINTR, NOT_EXERCISED },
	{ "one under the lock", { 2, 3 }, { 2, 4 }, -EINTR, HELD, .at_lock = true },
	{ "success", { 2, 3 }, { 1, 4 }, 0, NOT_EXERCISED },
	{ "no error", { 2, 3 }, { 1, 4 }, 1, NOT_EXERCISED },
	{ "below errors", { 2, 3 }, { 1, 4 }, -MAX_ERRNO - 1, NOT_EXERCISED },
};

KUNIT_ARRAY_PARAM_DESC(failure, failure_cases, desc);

static void check_failure(struct kunit *test)
{
	const struct failure_case *c = test->param_value;
	struct made_call *m = make_call(test, &atomic);

	set_reading(test, m, other, c->before[0], c->after[0]);
	set_reading(test, m, pages, c->before[1], c->after[1]);
	set_owners(test, m, pages, KAPI_OF_MM);
	set_at_lock(test, m, pages, c->at_lock, false);
	m->call.shared = c->shared;
	m->call.ret = c->ret;
	expect_wanted(test, m, "failure", &c->wanted);
}

/* A failed call may be partly done, but not if an early reason held. */
DEFINE_TEST_SPEC(partial)
	KAPI_RETURNS_ZERO("0")
	KAPI_FAILURE_PARTIAL
	KAPI_ARG(int, p, "d", KAPI_BITS(1, -EINVAL))
	KAPI_FAILS(-EINTR, "c")
	KAPI_FAILS(-EINVAL, "c")
	KAPI_FAILS(-EPERM, "c")
	KAPI_FAILS_IF(-EINTR, meant, KAPI_EARLY)
	KAPI_FAILS_IF(-EINTR, excused)
	KAPI_LACKS(-EPERM, CAP_CHOWN, lacking)
	KAPI_MAY_FAIL_IF(-EINTR, perhaps, KAPI_EARLY)
	KAPI_CHANGES(other, KAPI_UNCHANGED, "t", "d")
	KAPI_CHANGES(pages, KAPI_DECREASES, "t", "d")
KAPI_END_SPEC;

struct partial_case {
	const char *desc;
	s64 after[2];		/* they were 2 and 3 */
	struct wanted wanted;
	s64 early;
	s64 late;
	s64 lacking;
	s64 perhaps;
	unsigned long arg;
	u8 shared;
};

static const struct partial_case partial_cases[] = {
	{ "nothing done", { 2, 3 }, NOT_EXERCISED },
	{ "part done", { 2, 1 }, HELD },
	{ "undone", { 2, 4 }, CHANGED("pages was 3, is 4") },
	{ "undone, shared", { 2, 4 }, NOT_EXERCISED, .shared = KAPI_OF_MM },
	{ "another changed", { 1, 1 }, CHANGED("other was 2, is 1") },
	{ "another changed, nothing else", { 1, 3 }, CHANGED("other was 2, is 1") },
	{ "another changed, shared", { 1, 3 }, NOT_EXERCISED, .shared = KAPI_OF_MM },
	{ "part done, shared", { 2, 1 }, NOT_EXERCISED, .shared = KAPI_OF_MM },
	{ "late reason, part done", { 2, 1 }, HELD, .late = 1 },
	{ "early reason, nothing done", { 2, 3 }, HELD, .early = 1 },
	{ "early reason, part done", { 2, 1 }, CHANGED("pages was 3, is 1"), .early = 1 },
	{ "early reason unknown", { 2, 1 }, HELD, .early = UNKNOWN },
	{ "early reason, others may have taken it away", { 2, 1 }, HELD, .early = 1,
	  .shared = KAPI_OF_LIMITS },
	{ "perhaps an early reason", { 2, 1 }, HELD, .perhaps = 1 },
	{ "bad parameter, nothing done", { 2, 3 }, HELD, .arg = 2 },
	{ "bad parameter, part done", { 2, 1 }, CHANGED("pages was 3, is 1"), .arg = 2 },
	{ "no capability, part done", { 2, 1 }, CHANGED("pages was 3, is 1"), .lacking = 1 },
};

KUNIT_ARRAY_PARAM_DESC(partial, partial_cases, desc);

static void check_partial_failure(struct kunit *test)
{
	const struct partial_case *c = test->param_value;
	struct made_call *m = make_call(test, &partial);

	set_reading(test, m, other, 2, c->after[0]);
	set_reading(test, m, pages, 3, c->after[1]);
	set_owners(test, m, other, KAPI_OF_MM);
	set_owners(test, m, pages, KAPI_OF_MM);
	set_reading(test, m, meant, c->early, c->early);
	set_owners(test, m, meant, KAPI_OF_LIMITS);
	set_reading(test, m, excused, c->late, c->late);
	set_reading(test, m, lacking, c->lacking, c->lacking);
	set_reading(test, m, perhaps, c->perhaps, c->perhaps);
	m->call.args[0] = c->arg;
	m->call.shared = c->shared;
	m->call.ret = -EINTR;
	expect_wanted(test, m, "failure", &c->wanted);
}

/* === All of a spec ======================================================== */

/* A condition that several clauses have is read once. */
static void check_watch(struct kunit *test)
{
	static const struct kapi_side_effect_spec
		one = A_VALUE(pages, KAPI_UNCHANGED, KAPI_WHEN(meant)),
		two = A_VALUE(other, KAPI_UNCHANGED, KAPI_WHEN(meant));
	struct made_call *m = make_call(test, spec_with(test, &plain, &one, &two));
	const struct kapi_check *a = find_check(m, "side_effects[pages]");
	const struct kapi_check *b = find_check(m, "side_effects[other]");

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_EXPECT_EQ(test, m->call.watch->condition_count, 3);
	KUNIT_EXPECT_EQ(test, a->when, b->when);
	KUNIT_EXPECT_NE(test, a->cond, b->cond);
	KUNIT_EXPECT_EQ(test, m->call.watch->mmap_lock, -1);
	KUNIT_EXPECT_NULL(test, kapi_find_check(&m->spec, kapi_clause_end(&m->spec)));
}

/* Locks beyond the room that there is are not checked, and the others are. */
static void check_too_many_locks(struct kunit *test)
{
	static const struct kapi_lock_spec lock = ALWAYS;
	struct kernel_api_spec *spec = copy_of(test, &plain, sizeof(plain));
	struct made_call *m;
	int i;

	skip_without_lockdep(test);
	memset(spec->clause, 0, sizeof(spec->clause));
	for (i = 0; i <= KAPI_MAX_LOCKS; i++)
		spec->clause[i] = copy_of(test, &lock, sizeof(lock));
	spec->first = KAPI_MAX_CLAUSES - 1;
	m = make_call(test, spec);
	for (i = 0; i < KAPI_MAX_LOCKS; i++)
		m->call.lock[i] = (struct kapi_lock_seen)SEEN(0, 1, 1);
	expect(test, m, "locks[l]", HELD);
	expect(test, m, "locks[l.12]", HELD);
	KUNIT_EXPECT_NULL(test, find_check(m, "locks[l.13]"));
}

static struct kunit_case check_cases[] = {
	KUNIT_CASE_PARAM(check_context, context_gen_params),
	KUNIT_CASE_PARAM(check_return, return_gen_params),
	KUNIT_CASE(check_exact_value),
	KUNIT_CASE(check_errors),
	KUNIT_CASE(check_error_of_restart),
	KUNIT_CASE_PARAM(check_signal, signal_gen_params),
	KUNIT_CASE_PARAM(check_signals, signals_gen_params),
	KUNIT_CASE(check_signal_error_of_others),
	KUNIT_CASE_PARAM(check_sent, sent_gen_params),
	KUNIT_CASE_PARAM(check_lock, lock_gen_params),
	KUNIT_CASE(check_no_lock),
	KUNIT_CASE_PARAM(check_other_locks, others_gen_params),
	KUNIT_CASE_PARAM(check_value, value_gen_params),
	KUNIT_CASE(check_prose),
	KUNIT_CASE_PARAM(check_when_and_unless, meant_gen_params),
	KUNIT_CASE(check_when_shared),
	KUNIT_CASE_PARAM(check_owner, owner_gen_params),
	KUNIT_CASE_PARAM(check_hold, hold_gen_params),
	KUNIT_CASE_PARAM(check_guard, guard_gen_params),
	KUNIT_CASE_PARAM(check_ensures, ensures_gen_params),
	KUNIT_CASE_PARAM(check_failure, failure_gen_params),
	KUNIT_CASE_PARAM(check_partial_failure, partial_gen_params),
	KUNIT_CASE(check_watch),
	KUNIT_CASE(check_too_many_locks),
	{}
};

static struct kunit_suite check_suite = {
	.name = "kapi_check",
	.test_cases = check_cases,
};

kunit_test_suite(check_suite);
