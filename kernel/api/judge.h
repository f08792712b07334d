/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the judge share; see validate.h. */
#ifndef _KERNEL_API_JUDGE_H
#define _KERNEL_API_JUDGE_H

#include <linux/compiler_attributes.h>
#include <linux/types.h>

#include "validate.h"

/* === Of all parts ========================================================= */

bool kapi_is_error(long ret);
bool kapi_is_success(const struct kapi_evidence *e);
bool kapi_is_returned(const struct kapi_evidence *e, s32 code);
bool kapi_may_restart(const struct kernel_api_spec *spec);
bool kapi_others_interfere(const struct kapi_evidence *e, u8 value);
bool kapi_failed_early(const struct kapi_evidence *e);
const char *kapi_changed_value(const struct kapi_evidence *e);

__printf(2, 3) void kapi_expected(struct kapi_finding *why, const char *fmt, ...);
__printf(2, 3) enum kapi_verdict kapi_observed(struct kapi_finding *why, const char *fmt, ...);
enum kapi_verdict kapi_judge_value(const struct kapi_evidence *e, u8 value,
				   enum kapi_relation relation, struct kapi_finding *why);
enum kapi_verdict kapi_broken_return(struct kapi_finding *why, const char *what, long ret);

/*
 * Broken, and the reason where one is asked for: most often nobody does, and
 * nothing is formatted.
 */
#define kapi_broken(why, _expected, ...)				\
	((why) ? (kapi_expected(why, "%s", _expected), kapi_observed(why, __VA_ARGS__)) : \
		 KAPI_BROKEN)

/* === The parts ============================================================ */

#define KAPI_JUDGE(_name)						\
	enum kapi_verdict kapi_judge_##_name(const struct kapi_evidence *e, \
					     const struct kapi_check *check, \
					     struct kapi_finding *why)

KAPI_JUDGE(param);
KAPI_JUDGE(constraint);
KAPI_JUDGE(capability);
KAPI_JUDGE(error);
KAPI_JUDGE(signal);
KAPI_JUDGE(sent);
KAPI_JUDGE(lock);
KAPI_JUDGE(other_locks);
KAPI_JUDGE(effect);
KAPI_JUDGE(trans);
KAPI_JUDGE(failure);

#endif /* _KERNEL_API_JUDGE_H */
