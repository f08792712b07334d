// SPDX-License-Identifier: GPL-2.0
/* The signals that a call received and sent. */
#include <linux/err.h>
#include <linux/signal.h>

#include "../kapi.h"
#include "check.h"

static bool is_pending(const struct kapi_call *call, int signum)
{
	if (signum == KAPI_SIGNAL_ANY_FATAL)
		return call->fatal;
	if (signum == KAPI_SIGNAL_ANY)
		return !sigisemptyset((sigset_t *)&call->pending);
	return sigismember((sigset_t *)&call->pending, signum);
}

/* The call may have returned what it did because of this signal. */
static bool may_be_reason(const struct kapi_call *call, const struct kapi_signal_spec *s)
{
	if (kapi_is_restart(call->ret) && s->restartable)
		return true;
	return s->error && s->error == call->ret;
}

/*
 * A thread that is being killed has the signal pending itself. Another signal may have been
 * taken by another thread or discarded by SIGCONT; and a wait also ends without a signal: the
 * freezer, task work, livepatch.
 */
static bool may_be_gone(const struct kapi_signal_spec *s)
{
	return s->signum != KAPI_SIGNAL_ANY_FATAL;
}

/* One signal is reason enough, whichever of them it is. */
static enum kapi_result check_interruption(const struct kapi_call *call,
					   const struct kapi_signal_spec *s,
					   struct kapi_reason *why)
{
	const struct kapi_signal_spec *other;
	bool gone = false;

	if (is_pending(call, s->signum))
		return KAPI_HELD;
	kapi_for_each_clause(other, call->watch->spec, KAPI_SIGNALS) {
		if (!may_be_reason(call, other))
			continue;
		if (is_pending(call, other->signum))
			return KAPI_NOT_EXERCISED;
		gone |= may_be_gone(other);
	}
	if (gone || call->watch->spec->other_errors)
		return KAPI_UNDECIDED;
	return kapi_violated(why, "the signal pending", "%pe without it", ERR_PTR(call->ret));
}

static bool is_sent(const struct kapi_call *call, int signum)
{
	return sigismember((sigset_t *)&call->sent, signum) ||
	       sigismember((sigset_t *)&call->sent_of_io, signum);
}

KAPI_CHECK(signal)
{
	const struct kapi_signal_spec *s = (const void *)check->clause;

	if (s->direction & KAPI_SIGNAL_SEND)
		return s->signum > 0 && is_sent(call, s->signum) ? KAPI_HELD : KAPI_NOT_EXERCISED;
	if (!s->error)
		return KAPI_NOT_EXERCISED;
	if (kapi_is_restart(call->ret) && !kapi_may_restart(call->watch->spec) &&
	    !kapi_is_declared_error(call->watch->spec, call->ret))
		return call->watch->spec->other_errors ? KAPI_UNDECIDED :
			kapi_violated_return(why, "no restart", call->ret);
	return may_be_reason(call, s) ? check_interruption(call, s, why) : KAPI_NOT_EXERCISED;
}

static bool may_send(const struct kernel_api_spec *spec, int signum)
{
	const struct kapi_signal_spec *s;

	kapi_for_each_clause(s, spec, KAPI_SIGNALS)
		if (s->direction & KAPI_SIGNAL_SEND &&
		    (s->signum == signum || s->signum == KAPI_SIGNAL_ANY))
			return true;
	return false;
}

/* The first signal that is not declared, or 0. */
static int undeclared(const struct kapi_call *call, sigset_t sent)
{
	int signum;

	for (signum = 1; signum <= _NSIG && !sigisemptyset(&sent); signum++)
		if (sigismember(&sent, signum) && !may_send(call->watch->spec, signum))
			return signum;
	return 0;
}

KAPI_CHECK(sent)
{
	const int signum = undeclared(call, call->sent);

	if (signum)
		return kapi_violated(why, "no other signal sent", "signal %d sent", signum);
	return undeclared(call, call->sent_of_io) ? KAPI_UNDECIDED : KAPI_HELD;
}
