/* SPDX-License-Identifier: GPL-2.0 */
/* How the tests of the judge have a clause judged. */
#ifndef _KERNEL_API_TESTS_JUDGING_H
#define _KERNEL_API_TESTS_JUDGING_H

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "../kapi.h"
#include "../validate.h"
#include "synthetic.h"

/* All that a verdict is made of. Without a change, nothing is broken. */
struct trial {
	struct kernel_api_spec spec;
	struct kapi_call call;
	struct kapi_end end;
};

static const struct kapi_error_spec eintr = {
	.name = "EINTR", .condition = "c", .description = "d", .code = -EINTR,
};

static const struct kapi_error_spec einval = {
	.name = "EINVAL", .condition = "c", .description = "d", .code = -EINVAL, .closed = true,
};

static inline struct trial *new_trial(struct kunit *test)
{
	struct trial *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->spec = synthetic_spec("f");
	t->spec.errors[0] = &eintr;
	t->spec.errors[1] = &einval;
	return t;
}

/* What is told of a clause that is broken. */
struct verdict {
	enum kapi_verdict is;
	const char *expected;
	const char *observed;
};

#define KEPT			{ KAPI_KEPT }
#define NOT_SEEN		{ KAPI_NOT_SEEN }
#define UNDECIDED		{ KAPI_UNDECIDED }
#define BROKEN(_expected, _observed)	{ KAPI_BROKEN, _expected, _observed }

static inline void expect_text(struct kunit *test, const char *text, const char *wanted)
{
	/* Errors have names only with this option. */
	if (wanted && strstr(wanted, "-E") && !IS_ENABLED(CONFIG_SYMBOLIC_ERRNAME))
		return;
	KUNIT_EXPECT_STREQ(test, text, wanted ?: "");
}

static inline void expect_verdict(struct kunit *test, const struct trial *t,
				  const char *label, const struct verdict *wanted)
{
	struct kapi_evidence e = { &t->spec, &t->call, &t->end };
	unsigned int n = clause_labelled(&t->spec, label);
	struct kapi_finding why = {};
	struct kapi_check check;

	KUNIT_ASSERT_TRUE(test, kapi_find_check(&t->spec, n, &check));
	KUNIT_EXPECT_EQ(test, check.n, n);
	KUNIT_EXPECT_EQ_MSG(test, check.judge(&e, &check, NULL), wanted->is, "%s", label);
	KUNIT_EXPECT_EQ_MSG(test, check.judge(&e, &check, &why), wanted->is, "%s", label);
	expect_text(test, why.expected, wanted->expected);
	expect_text(test, why.observed, wanted->observed);
}

#endif /* _KERNEL_API_TESTS_JUDGING_H */
