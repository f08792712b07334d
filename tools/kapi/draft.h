/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of a function that has no spec yet.
 *
 *   learned.c      what the kernel saw its calls do
 *   btf.c          its prototype, as BTF has it
 *   definition.c   its definition in C: prototype, and masks that it checks
 *   draft.c        all of it as a first spec
 */
#ifndef _KAPI_DRAFT_H
#define _KAPI_DRAFT_H

#include <string.h>

#include "tool.h"

#define MAX_PARAMS	12

/**
 * struct param - a parameter
 * @type: its C type
 * @name: its name
 * @mask: bits that may be set, as the source has them; NULL if it says nothing of it
 * @error: what any other bit gives: "-EINVAL"
 */
struct param {
	const char *type;
	const char *name;
	const char *mask;
	const char *error;
};

/* Something that calls did; see Documentation/dev-tools/kernel-api-spec-validator.rst. */
struct seen {
	const char *kind;
	const char *which;
	const char *class;
	unsigned long calls;
	unsigned long succeeded;
};

/**
 * struct function - a function
 * @name: sys_NAME, if it is a system call
 * @returns: the type of its result; NULL if that is not known
 * @has_params: it is known which there are
 * @param: them
 * @params: of them
 * @is_seen: calls were recorded
 * @seen: what they did
 * @seen_count: of that
 * @missed: so often, the kernel had no room
 * @named: errors that its definition names, or that of a function which it calls
 * @named_count: of them
 */
struct function {
	const char *name;
	const char *returns;
	bool has_params;
	struct param param[MAX_PARAMS];
	size_t params;
	bool is_seen;
	struct seen *seen;
	size_t seen_count;
	unsigned long missed;
	const char **named;
	size_t named_count;
};

static inline bool is_syscall(const struct function *f)
{
	return !strncmp(f->name, "sys_", 4);
}

/* Without the module's. */
static inline const char *function_name(const struct function *f)
{
	const char *colon = strchr(f->name, ':');

	return colon ? colon + 1 : f->name;
}

void add_param(struct function *f, const char *path, const char *type, const char *name);
void read_learned(struct function *f, const char *path);
void read_prototype(struct function *f, const char *path);
void read_definition(struct function *f, const char *path);

const struct seen *next_seen(const struct function *f, const struct seen *s, const char *kind);

/* All that calls did of a kind. */
#define for_each_seen(s, f, kind)					\
	for (s = next_seen(f, (f)->seen, kind); s; s = next_seen(f, s + 1, kind))

#endif /* _KAPI_DRAFT_H */
