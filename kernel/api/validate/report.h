/* SPDX-License-Identifier: GPL-2.0 */
/* What is known of violations, and what is done about them. */
#ifndef _KERNEL_API_REPORT_H
#define _KERNEL_API_REPORT_H

#include <linux/sched.h>
#include <linux/time64.h>

#include "validate.h"

/* So many are kept; a new one replaces the oldest. */
#define KAPI_VIOLATIONS		64

/**
 * struct kapi_violation - a clause that a call violated
 * @when: seconds since the epoch
 * @pid: of the task, in the initial namespace
 * @comm: its name then
 * @spec: the spec
 * @clause: see kapi_find_clause()
 * @misused: it is the caller who broke it
 * @why: what was expected and what was observed
 * @caller: of a function that is no system call, in words
 */
struct kapi_violation {
	time64_t when;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	const struct kernel_api_spec *spec;
	unsigned int clause;
	bool misused;
	struct kapi_reason why;
	char caller[64];
};

#define KAPI_VIOLATION_FORMAT	"%sexpected %s, observed %s%s"
#define KAPI_VIOLATION_ARGS(v)						\
	(v)->misused ? "misused: " : "", (v)->why.expected, (v)->why.observed, (v)->caller

enum kapi_reaction {
	KAPI_REACTION_LOG,
	KAPI_REACTION_WARN,
	KAPI_REACTION_PANIC,
};

bool kapi_violation_from(loff_t *number, struct kapi_violation *v);
const char *kapi_reaction(void);
int kapi_set_reaction(const char *name);

#endif /* _KERNEL_API_REPORT_H */
