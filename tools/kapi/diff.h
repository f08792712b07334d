/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KAPI_DIFF_H
#define _KAPI_DIFF_H

#include "tool.h"

enum change {
	NO_CHANGE,
	TEXT_ONLY,
	STRICTER,	/* less is allowed than before, of the kernel or of its callers */
	LAXER,		/* more is */
	DIFFERENT,	/* both, or it cannot be said */
	ADDED,
	REMOVED,
};

/* A clause, or what else has fields, in its spec. */
struct part {
	const struct kernel_api_spec *spec;
	const void *fields;
};

enum change compare_field(const char *group, const struct kapi_field *f,
			  const struct part *old, const struct part *new);
char *field_text(const struct kapi_field *f, const struct part *part);

#endif /* _KAPI_DIFF_H */
