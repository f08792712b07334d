// SPDX-License-Identifier: GPL-2.0
/*
 * What 10,000 specs cost: whether they are found, and the memory that a reader holds.
 * Times are printed beside each other, and nothing is expected of them. Tries are many
 * and short, and the best counts: the machine may have other things to do.
 */
#include <kunit/test.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>

#include "reader.h"
#include "synthetic.h"

#define FEW	100
#define MANY	10000
#define HUGE_NUMBER	100000
#define TRIES	30
#define LOOKUPS	100

static void add(struct kunit *test, struct kapi_registry *reg,
		const struct kernel_api_spec *specs, size_t count)
{
	KUNIT_ASSERT_EQ(test, 0, kapi_registry_add(reg, NULL, specs,
						   count * sizeof(*specs), NULL));
}

/* Picoseconds for each spec. */
static u64 time_registering(struct kunit *test, const struct kernel_api_spec *specs,
			    size_t count)
{
	struct kapi_registry *reg = synthetic_registry(test);
	u64 best = U64_MAX;

	for (int i = 0; i < TRIES; i++) {
		u64 start = ktime_get_ns();

		add(test, reg, specs, count);
		KUNIT_ASSERT_EQ(test, reg->count, count);
		best = min(best, ktime_get_ns() - start);
		kapi_registry_remove(reg, NULL);
	}
	return div_u64(best * 1000, count);
}

static void scale_registering(struct kunit *test)
{
	struct kernel_api_spec *specs = synthetic_specs(test, MANY);
	u64 few = time_registering(test, specs, FEW);
	u64 many = time_registering(test, specs, MANY);

	if (!few)
		kunit_skip(test, "the clock is too coarse");
	kunit_info(test, "figure: registering: %llu ns per spec for %d, %llu ns for %d (%llu%%)\n",
		   div_u64(few, 1000), FEW, div_u64(many, 1000), MANY,
		   div64_u64(many * 100, few));
}

static const struct kernel_api_spec *find_linear(const struct kernel_api_spec *specs,
						 size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(specs[i].name, name))
			return &specs[i];
	return NULL;
}

/* Names from all over the section; each must be found where it is. */
static u64 time_lookup(struct kunit *test, struct kapi_registry *reg,
		       const struct kernel_api_spec *specs)
{
	u64 best = U64_MAX;

	for (int try = 0; try < TRIES; try++) {
		u64 start = ktime_get_ns();
		size_t found = 0;

		for (size_t i = 0; i < MANY; i += MANY / LOOKUPS)
			found += &specs[i] == (reg ? kapi_registry_find(reg, specs[i].name) :
					       find_linear(specs, MANY, specs[i].name));
		best = min(best, ktime_get_ns() - start);
		KUNIT_ASSERT_EQ(test, found, LOOKUPS);
	}
	return best;
}

static void scale_lookup(struct kunit *test)
{
	struct kernel_api_spec *specs = synthetic_specs(test, MANY);
	struct kapi_registry *reg = synthetic_registry(test);
	u64 linear, sorted;

	add(test, reg, specs, MANY);
	linear = time_lookup(test, NULL, specs);
	sorted = time_lookup(test, reg, specs);
	if (!sorted)
		kunit_skip(test, "the clock is too coarse");
	kunit_info(test, "figure: lookup among %d: %llu ns linear strcmp, %llu ns index (%llu times faster)\n",
		   MANY, div_u64(linear, LOOKUPS), div_u64(sorted, LOOKUPS),
		   div64_u64(linear, sorted));
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

/* Not a pointer in them that is not NULL: each is refused, with the reason. */
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
	KUNIT_CASE_SLOW(scale_registering),
	KUNIT_CASE_SLOW(scale_lookup),
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

MODULE_DESCRIPTION("KUnit tests of the cost of many API specifications");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
