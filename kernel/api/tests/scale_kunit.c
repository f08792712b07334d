// SPDX-License-Identifier: GPL-2.0
/* Very many specs: whether all are found, and the memory that a reader holds. */
#include <kunit/test.h>

#include "reader.h"
#include "synthetic.h"

#define FEW	100
#define MANY	10000
#define HUGE_NUMBER	100000

static void add(struct kunit *test, struct kapi_registry *reg,
		const struct kernel_api_spec *specs, size_t count)
{
	KUNIT_ASSERT_EQ(test, 0, kapi_registry_add(reg, NULL, specs,
						   count * sizeof(*specs), NULL));
}

/* The largest buffer that a reader of specs.json ever held, and all it read. */
static size_t read_json(struct kunit *test, struct kapi_registry *reg, size_t *total)
{
	struct reader *r = reader_open(test, reg, &kapi_json_sops);
	char *buf = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	size_t largest = 0;
	ssize_t ret;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	*total = 0;
	while ((ret = reader_read(r, buf, PAGE_SIZE)) > 0) {
		*total += ret;
		largest = max(largest, reader_buffer(r));
	}
	KUNIT_EXPECT_EQ(test, ret, 0);
	return largest;
}

static void scale_json_memory(struct kunit *test)
{
	struct kernel_api_spec *specs = synthetic_specs(test, MANY);
	struct kapi_registry *few = synthetic_registry(test);
	struct kapi_registry *many = synthetic_registry(test);
	size_t few_buffer, few_total, many_buffer, many_total;

	add(test, few, specs, FEW);
	add(test, many, specs, MANY);
	few_buffer = read_json(test, few, &few_total);
	many_buffer = read_json(test, many, &many_total);
	kunit_info(test, "figure: specs.json: %zu bytes of buffer for %zu read, %zu for %zu\n",
		   few_buffer, few_total, many_buffer, many_total);
	KUNIT_EXPECT_GT(test, many_total, few_total * 90);
	KUNIT_EXPECT_EQ(test, many_buffer, few_buffer);
}

/* === More than there will ever be ========================================= */

static void scale_all_are_found(struct kunit *test)
{
	struct kernel_api_spec *specs = synthetic_specs(test, HUGE_NUMBER);
	struct kapi_registry *reg = synthetic_registry(test);
	size_t found = 0;

	add(test, reg, specs, HUGE_NUMBER);
	KUNIT_EXPECT_EQ(test, reg->count, HUGE_NUMBER);
	for (size_t i = 0; i < HUGE_NUMBER; i++)
		found += kapi_registry_find(reg, specs[i].name) == &specs[i];
	KUNIT_EXPECT_EQ(test, found, HUGE_NUMBER);
	KUNIT_EXPECT_TRUE(test, list_empty(&reg->rejects));
}

/* Structs full of zeros are all rejected, with the reason. */
static void scale_zeros_are_rejected(struct kunit *test)
{
	const struct kernel_api_spec *specs = synthetic_alloc(test, HUGE_NUMBER, sizeof(*specs));
	struct kapi_registry *reg = synthetic_registry(test);
	struct kapi_reject *r;
	size_t refused = 0;

	add(test, reg, specs, HUGE_NUMBER);
	KUNIT_EXPECT_EQ(test, reg->count, 0);
	list_for_each_entry(r, &reg->rejects, list)
		refused += !strncmp(r->reason, "the spec has no name", 20);
	KUNIT_EXPECT_EQ(test, refused, HUGE_NUMBER);
}

static struct kunit_case scale_cases[] = {
	KUNIT_CASE_SLOW(scale_json_memory),
	KUNIT_CASE_SLOW(scale_all_are_found),
	KUNIT_CASE_SLOW(scale_zeros_are_rejected),
	{}
};

static struct kunit_suite scale_suite = {
	.name = "kapi_scale",
	.test_cases = scale_cases,
};

kunit_test_suite(scale_suite);
