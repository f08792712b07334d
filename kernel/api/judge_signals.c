// SPDX-License-Identifier: GPL-2.0
/* The signals that a call received and sent. */
#include <linux/err.h>
#include <linux/signal.h>

#include "kapi.h"
#include "judge.h"
#include "validate.h"

static bool is_pending(const struct kapi_end *end, int signum)
{
	if (signum == KAPI_SIGNAL_ANY_FATAL)
		return end->fatal;
	if (signum == KAPI_SIGNAL_ANY)
		return !sigisemptyset((sigset_t *)&end->pending);
	return sigismember((sigset_t *)&end->pending, signum);
}

/* The call may have returned what it did because of this signal. */
static bool may_be_reason(const struct kapi_evidence *e, const struct kapi_signal_spec *s)
{
	if (kapi_is_restart(e->end->ret))
		return s->restartable;
	return s->error && s->error == e->end->ret;
}

/*
 * A thread being killed is told so itself. Any other signal may have been taken by
 * another thread, or discarded by SIGCONT; and a wait ends for what is no signal, too:
 * the freezer, task work, livepatch.
 */
static bool may_be_gone(const struct kapi_signal_spec *s)
{
	return s->signum != KAPI_SIGNAL_ANY_FATAL;
}

/* One signal is reason enough, whichever of them it is. */
static enum kapi_verdict judge_interruption(const struct kapi_evidence *e,
					    const struct kapi_signal_spec *s,
					    struct kapi_finding *why)
{
	const struct kapi_signal_spec *other;
	bool gone = false;
	unsigned int i;

	if (is_pending(e->end, s->signum))
		return KAPI_KEPT;
	for (i = 0; i < KAPI_MAX_SIGNALS && (other = e->spec->signals[i]); i++) {
		if (!may_be_reason(e, other))
			continue;
		if (is_pending(e->end, other->signum))
			return KAPI_NOT_SEEN;
		gone |= may_be_gone(other);
	}
	if (gone)
		return KAPI_UNDECIDED;
	return kapi_broken(why, "the signal pending", "%pe without it", ERR_PTR(e->end->ret));
}

KAPI_JUDGE(signal)
{
	const struct kapi_signal_spec *s = check->clause;

	if (s->direction & KAPI_SIGNAL_SEND)
		return s->signum > 0 && sigismember((sigset_t *)&e->call->sent, s->signum) ?
			KAPI_KEPT : KAPI_NOT_SEEN;
	if (!s->error)
		return KAPI_NOT_SEEN;
	if (kapi_is_restart(e->end->ret) && !kapi_may_restart(e->spec))
		return kapi_broken_return(why, "no restart", e->end->ret);
	return may_be_reason(e, s) ? judge_interruption(e, s, why) : KAPI_NOT_SEEN;
}

static bool may_send(const struct kernel_api_spec *spec, int signum)
{
	unsigned int i;

	for (i = 0; i < KAPI_MAX_SIGNALS && spec->signals[i]; i++)
		if (spec->signals[i]->direction & KAPI_SIGNAL_SEND &&
		    (spec->signals[i]->signum == signum ||
		     spec->signals[i]->signum == KAPI_SIGNAL_ANY))
			return true;
	return false;
}

KAPI_JUDGE(sent)
{
	sigset_t *sent = (sigset_t *)&e->call->sent;
	int signum;

	for (signum = 1; signum <= _NSIG && !sigisemptyset(sent); signum++)
		if (sigismember(sent, signum) && !may_send(e->spec, signum))
			return kapi_broken(why, "no other signal sent", "signal %d sent", signum);
	return e->call->passed_over ? KAPI_UNDECIDED : KAPI_KEPT;
}
