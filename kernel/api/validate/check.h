/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of checking share; see validate.h. */
#ifndef _KERNEL_API_CHECK_H
#define _KERNEL_API_CHECK_H

#include <linux/compiler_attributes.h>
#include <linux/types.h>

#include "validate.h"

bool kapi_is_error(long ret);
bool kapi_is_success(const struct kapi_call *call);
bool kapi_has_failed(const struct kapi_call *call);
bool kapi_is_returned(const struct kapi_call *call, s32 code);
bool kapi_is_declared_error(const struct kernel_api_spec *spec, long ret);
bool kapi_may_restart(const struct kernel_api_spec *spec);
bool kapi_is_in_doubt(const struct kapi_call *call, const struct kapi_check *check);
bool kapi_is_may(const struct kapi_check *check);
bool kapi_failed_early(const struct kapi_call *call);
bool kapi_is_other_case(const struct kapi_call *call, const struct kapi_check *check);
const char *kapi_changed_value(const struct kapi_call *call);

__printf(2, 3) void kapi_expected(struct kapi_reason *why, const char *fmt, ...);
__printf(2, 3) enum kapi_result kapi_observed(struct kapi_reason *why, const char *fmt, ...);
enum kapi_result kapi_violated_return(struct kapi_reason *why, const char *what, long ret);

/* Violated; most often nobody asks why, and nothing is formatted. */
#define kapi_violated(why, _expected, ...)				\
	((why) ? (kapi_expected(why, "%s", _expected), kapi_observed(why, __VA_ARGS__)) : \
		 KAPI_VIOLATED)

/* All checks of the spec that a call is checked by. */
#define kapi_for_each_check(c, call)					\
	for (c = (call)->watch->checks;					\
	     c < (call)->watch->checks + (call)->watch->check_count; c++)

/* Likewise: the caller broke what it must see to. */
#define kapi_misused(why, _expected, ...)				\
	(kapi_violated(why, _expected, __VA_ARGS__), KAPI_MISUSED)

#define KAPI_CHECK(_name)						\
	enum kapi_result kapi_check_##_name(const struct kapi_call *call, \
					    const struct kapi_check *check, \
					    struct kapi_reason *why)

KAPI_CHECK(reason);
KAPI_CHECK(error);
KAPI_CHECK(signal);
KAPI_CHECK(sent);
KAPI_CHECK(lock);
KAPI_CHECK(other_locks);
KAPI_CHECK(effect);
KAPI_CHECK(ensures);
KAPI_CHECK(failure);
KAPI_CHECK(called_from);
KAPI_CHECK(caller_holds);
KAPI_CHECK(required);

#endif /* _KERNEL_API_CHECK_H */
