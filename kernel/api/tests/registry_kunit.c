// SPDX-License-Identifier: GPL-2.0
/* The index: order, lookup, duplicates, owners, and sections that are no array. */
#include <kunit/test.h>

#include "synthetic.h"

#define COUNT	100

static int add(struct kapi_registry *reg, const struct module *owner,
	       const struct kernel_api_spec *specs, size_t count)
{
	return kapi_registry_add(reg, owner, specs, count * sizeof(*specs), NULL);
}

static const struct kapi_reject *last_reject(struct kunit *test, struct kapi_registry *reg)
{
	KUNIT_ASSERT_FALSE(test, list_empty(&reg->rejects));
	return list_last_entry(&reg->rejects, struct kapi_reject, list);
}

static void expect_sorted(struct kunit *test, const struct kapi_registry *reg)
{
	size_t i;

	for (i = 1; i < reg->count; i++)
		KUNIT_EXPECT_LT(test, strcmp(reg->entries[i - 1].spec->name,
					     reg->entries[i].spec->name), 0);
}

static void registry_finds_all(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, COUNT);
	size_t i;

	KUNIT_ASSERT_EQ(test, 0, add(reg, NULL, specs, COUNT));
	KUNIT_EXPECT_EQ(test, reg->count, COUNT);
	KUNIT_EXPECT_TRUE(test, list_empty(&reg->rejects));
	expect_sorted(test, reg);
	for (i = 0; i < COUNT; i++)
		KUNIT_EXPECT_PTR_EQ(test, &specs[i], kapi_registry_find(reg, specs[i].name));
}

static void registry_finds_nothing_else(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);

	KUNIT_EXPECT_NULL(test, kapi_registry_find(reg, "f_00000000"));
	KUNIT_ASSERT_EQ(test, 0, add(reg, NULL, synthetic_specs(test, COUNT), COUNT));
	KUNIT_EXPECT_NULL(test, kapi_registry_find(reg, ""));
	KUNIT_EXPECT_NULL(test, kapi_registry_find(reg, "f_"));
	KUNIT_EXPECT_NULL(test, kapi_registry_find(reg, "f_000000000"));
	KUNIT_EXPECT_NULL(test, kapi_registry_find(reg, "zzz"));
}

/* Sections are merged, whichever order their names are in. */
static void registry_merges(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, COUNT);
	size_t i;

	for (i = 0; i < COUNT; i += 10)
		KUNIT_ASSERT_EQ(test, 0, add(reg, NULL, specs + i, 10));
	KUNIT_EXPECT_EQ(test, reg->count, COUNT);
	expect_sorted(test, reg);
	for (i = 0; i < COUNT; i++)
		KUNIT_EXPECT_PTR_EQ(test, &specs[i], kapi_registry_find(reg, specs[i].name));
}

static void registry_keeps_first_of_two(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, 3);
	const struct kapi_reject *r;

	specs[2].name = specs[0].name;
	KUNIT_ASSERT_EQ(test, 0, add(reg, NULL, specs, 3));
	KUNIT_EXPECT_EQ(test, reg->count, 2);
	KUNIT_EXPECT_PTR_EQ(test, &specs[0], kapi_registry_find(reg, specs[0].name));
	r = last_reject(test, reg);
	KUNIT_EXPECT_STREQ(test, r->name, specs[0].name);
	KUNIT_EXPECT_STREQ(test, r->reason, "vmlinux has a spec of this name already; keep one");
}

/* A module cannot replace an existing spec; only its own specs are removed. */
static void registry_tells_owners_apart(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, 2);
	struct kernel_api_spec modular[2] = { specs[0], synthetic_spec("g") };
	struct module *mod = kunit_kzalloc(test, sizeof(*mod), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mod);
	KUNIT_ASSERT_EQ(test, 0, add(reg, NULL, specs, 2));
	KUNIT_ASSERT_EQ(test, 0, add(reg, mod, modular, 2));
	KUNIT_EXPECT_EQ(test, reg->count, 3);
	KUNIT_EXPECT_PTR_EQ(test, &specs[0], kapi_registry_find(reg, specs[0].name));
	KUNIT_EXPECT_PTR_EQ(test, &modular[1], kapi_registry_find(reg, "g"));
	KUNIT_EXPECT_PTR_EQ(test, last_reject(test, reg)->owner, mod);

	kapi_registry_remove(reg, mod);
	KUNIT_EXPECT_EQ(test, reg->count, 2);
	KUNIT_EXPECT_NULL(test, kapi_registry_find(reg, "g"));
	KUNIT_EXPECT_PTR_EQ(test, &specs[0], kapi_registry_find(reg, specs[0].name));
	KUNIT_EXPECT_TRUE(test, list_empty(&reg->rejects));
	expect_sorted(test, reg);
}

static void registry_leaves_bad_spec_out(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, 3);

	specs[1].description = NULL;
	KUNIT_ASSERT_EQ(test, 0, add(reg, NULL, specs, 3));
	KUNIT_EXPECT_EQ(test, reg->count, 2);
	KUNIT_EXPECT_NULL(test, kapi_registry_find(reg, specs[1].name));
	KUNIT_EXPECT_STREQ(test, last_reject(test, reg)->name, specs[1].name);
	KUNIT_EXPECT_STREQ(test, last_reject(test, reg)->reason, "spec: no description; give it");
}

/* A line for each mistake, as `rejected` shows them. */
static void registry_tells_each_mistake(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, 1);

	specs[0].error_count = 1;
	specs[0].lock_count = 2;
	KUNIT_ASSERT_EQ(test, 0, add(reg, NULL, specs, 1));
	KUNIT_EXPECT_EQ(test, reg->count, 0);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&reg->rejects), 2);
	KUNIT_EXPECT_STREQ(test, last_reject(test, reg)->name, specs[0].name);
	KUNIT_EXPECT_STREQ(test, last_reject(test, reg)->reason,
			   "errors: the count says 1, the spec has 0; correct it or leave it out");
}

static int refuse(const struct kernel_api_spec *spec, const struct module *owner, char *reason)
{
	return kapi_complain(reason, "refused\033[31m");
}

static void registry_asks_further_check(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, 1);

	KUNIT_ASSERT_EQ(test, 0, kapi_registry_add(reg, NULL, specs, sizeof(*specs), refuse));
	KUNIT_EXPECT_EQ(test, reg->count, 0);
	KUNIT_EXPECT_STREQ(test, last_reject(test, reg)->reason, "refused\\e[31m");
}

/* Control characters in a rejected name do not reach a terminal. */
static void registry_escapes_bad_names(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec bad[2] = { synthetic_spec("a\033[31m\n"), synthetic_spec(NULL) };

	KUNIT_ASSERT_EQ(test, 0, add(reg, NULL, bad, 2));
	KUNIT_EXPECT_EQ(test, reg->count, 0);
	KUNIT_EXPECT_STREQ(test, last_reject(test, reg)->name, "(null)");
	KUNIT_EXPECT_STREQ(test, list_first_entry(&reg->rejects, struct kapi_reject, list)->name,
			   "a\\e[31m\\n");
}

static void registry_refuses_truncated_section(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, 2);
	size_t bytes = 2 * sizeof(*specs) - 8;
	char expected[32];

	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_registry_add(reg, NULL, specs, bytes, NULL));
	KUNIT_EXPECT_EQ(test, reg->count, 0);
	snprintf(expected, sizeof(expected), "the section has %zu bytes", bytes);
	KUNIT_EXPECT_NOT_NULL(test, strstr(last_reject(test, reg)->reason, expected));
}

static void registry_refuses_misaligned_section(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, 2);

	KUNIT_EXPECT_EQ(test, -EINVAL, add(reg, NULL, (void *)specs + 4, 1));
	KUNIT_EXPECT_EQ(test, reg->count, 0);
	KUNIT_EXPECT_STREQ(test, last_reject(test, reg)->reason,
			   "the section is not aligned to 8 bytes");
}

static void registry_takes_empty_section(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);

	KUNIT_EXPECT_EQ(test, 0, kapi_registry_add(reg, NULL, NULL, 0, NULL));
	KUNIT_EXPECT_EQ(test, reg->count, 0);
	KUNIT_EXPECT_NULL(test, kapi_registry_find(reg, "f"));
}

/* In vmlinux, only the specs of the suite kapi_syscall are rejected. */
static bool is_to_be_rejected(const struct kapi_reject *r)
{
	return !strcmp(r->name, "getppid") || !strcmp(r->name, "kapi_test_namesake") ||
	       strstr(r->name, "kapi_test_no_such_");
}

static void registry_accepts_vmlinux(struct kunit *test)
{
	const struct kapi_reject *r;

	guard(mutex)(&kapi_registry.lock);
	list_for_each_entry(r, &kapi_registry.rejects, list)
		KUNIT_EXPECT_TRUE_MSG(test, r->owner || is_to_be_rejected(r), "%s: %s", r->name,
				      r->reason);
}

/* See syscall_kunit.c. */
static noinline __used void kapi_test_namesake(void)
{
	barrier();
}

static struct kunit_case registry_cases[] = {
	KUNIT_CASE(registry_finds_all),
	KUNIT_CASE(registry_finds_nothing_else),
	KUNIT_CASE(registry_merges),
	KUNIT_CASE(registry_keeps_first_of_two),
	KUNIT_CASE(registry_tells_owners_apart),
	KUNIT_CASE(registry_leaves_bad_spec_out),
	KUNIT_CASE(registry_tells_each_mistake),
	KUNIT_CASE(registry_asks_further_check),
	KUNIT_CASE(registry_escapes_bad_names),
	KUNIT_CASE(registry_refuses_truncated_section),
	KUNIT_CASE(registry_refuses_misaligned_section),
	KUNIT_CASE(registry_takes_empty_section),
	KUNIT_CASE(registry_accepts_vmlinux),
	{}
};

static struct kunit_suite registry_suite = {
	.name = "kapi_registry",
	.test_cases = registry_cases,
};

kunit_test_suite(registry_suite);

MODULE_DESCRIPTION("KUnit tests of API specifications");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
