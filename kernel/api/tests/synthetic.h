/* SPDX-License-Identifier: GPL-2.0 */
/* Specs made up for tests: as many as asked for, all acceptable. */
#ifndef _KERNEL_API_TESTS_SYNTHETIC_H
#define _KERNEL_API_TESTS_SYNTHETIC_H

#include <kunit/test.h>
#include <kunit/resource.h>
#include <linux/mm.h>
#include <linux/sprintf.h>

#include "../kapi.h"

/* The least that a spec must say. */
static inline struct kernel_api_spec synthetic_spec(const char *name)
{
	return (struct kernel_api_spec) {
		.name = name,
		.description = "made up",
		.context = KAPI_CTX_PROCESS,
		.return_spec = {
			.type_name = "int",
			.description = "0",
			.check_type = KAPI_RETURN_EXACT,
		},
	};
}

/* As the macros do: it takes the next slot. */
static inline void synthetic_add(struct kernel_api_spec *spec, const void *clause)
{
	unsigned int i = 1;

	while (i < KAPI_MAX_CLAUSES && spec->clause[(spec->first + i) % KAPI_MAX_CLAUSES])
		i++;
	spec->clause[(spec->first + i) % KAPI_MAX_CLAUSES] = clause;
}

#define SYNTHETIC_NAME	"f_%08x"
#define SYNTHETIC_NAME_SIZE	sizeof("f_00000000")

/* A multiplicative hash, so that the names come in no order. */
static inline u32 synthetic_hash(size_t i)
{
	return i * 2654435761U;
}

KUNIT_DEFINE_ACTION_WRAPPER(synthetic_kvfree, kvfree, const void *);

static inline void *synthetic_alloc(struct kunit *test, size_t count, size_t size)
{
	void *p = kvcalloc(count, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, synthetic_kvfree, p));
	return p;
}

static inline struct kernel_api_spec *synthetic_specs(struct kunit *test, size_t count)
{
	struct kernel_api_spec *specs = synthetic_alloc(test, count, sizeof(*specs));
	char *name = synthetic_alloc(test, count, SYNTHETIC_NAME_SIZE);
	size_t i;

	for (i = 0; i < count; i++, name += SYNTHETIC_NAME_SIZE) {
		snprintf(name, SYNTHETIC_NAME_SIZE, SYNTHETIC_NAME, synthetic_hash(i));
		specs[i] = synthetic_spec(name);
	}
	return specs;
}

/* The number of the clause with this label; if there is none, one too high. */
static inline unsigned int clause_labelled(const struct kernel_api_spec *spec,
					   const char *label)
{
	unsigned int n, end = kapi_clause_end(spec);
	char buf[KAPI_LABEL_LEN];

	for (n = 0; n < end; n++)
		if (!strcmp(kapi_clause_label(spec, n, buf), label))
			break;
	return n;
}

/* The clause with this label, a pointer to its struct; or NULL. */
static inline const void *clause_of(const struct kernel_api_spec *spec, const char *label)
{
	struct kapi_clause_ref ref;

	return kapi_find_clause(spec, clause_labelled(spec, label), &ref) ? ref.clause : NULL;
}

static inline void free_registry(void *data)
{
	struct kapi_registry *reg = data;

	kapi_registry_remove(reg, NULL);
	kvfree(reg->entries);
}

/* An empty registry, gone with the test. */
static inline struct kapi_registry *synthetic_registry(struct kunit *test)
{
	struct kapi_registry *reg = kunit_kzalloc(test, sizeof(*reg), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, reg);
	mutex_init(&reg->lock);
	INIT_LIST_HEAD(&reg->rejects);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_registry, reg));
	return reg;
}

#endif /* _KERNEL_API_TESTS_SYNTHETIC_H */
