// SPDX-License-Identifier: GPL-2.0
/* All specs as a file: none lost, none twice, while modules come and go. */
#include <kunit/test.h>

#include "reader.h"
#include "synthetic.h"

#define COUNT	100
#define LINES	(COUNT * 1024)

static void add(struct kunit *test, struct kapi_registry *reg, const struct module *owner,
		const struct kernel_api_spec *specs, size_t count)
{
	KUNIT_ASSERT_EQ(test, 0, kapi_registry_add(reg, owner, specs,
						   count * sizeof(*specs), NULL));
}

static size_t count_in(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text++)
		n++;
	return n;
}

static void expect_each_once(struct kunit *test, const char *text,
			     const struct kernel_api_spec *specs)
{
	size_t i;

	for (i = 0; i < COUNT; i++)
		KUNIT_EXPECT_EQ_MSG(test, count_in(text, specs[i].name), 1, "%s", specs[i].name);
}

/* Reads all, @size bytes at a time, with a call in between. */
static char *read_all(struct kunit *test, struct reader *r, size_t size,
		      void (*between)(struct kunit *test, unsigned int step))
{
	char *text = kunit_kzalloc(test, LINES, GFP_KERNEL);
	unsigned int step = 0;
	size_t len = 0;
	ssize_t ret;

	KUNIT_ASSERT_NOT_NULL(test, text);
	while (len + size < LINES && (ret = reader_read(r, text + len, size)) > 0) {
		len += ret;
		if (between)
			between(test, step++);
	}
	KUNIT_ASSERT_EQ(test, ret, 0);
	return text;
}

static void sequence_lists_all(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, COUNT);
	char *text;

	add(test, reg, NULL, specs, COUNT);
	text = read_all(test, reader_open(test, reg, &kapi_list_sops), 1000, NULL);
	expect_each_once(test, text, specs);
	KUNIT_EXPECT_EQ(test, count_in(text, "\n"), COUNT + 1);
	KUNIT_EXPECT_EQ(test, strncmp(text, "# name owner clauses checkable\n", 31), 0);
	KUNIT_EXPECT_EQ(test, count_in(text, " vmlinux 5 0\n"), COUNT);
}

static void sequence_reads_byte_by_byte(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, COUNT);

	add(test, reg, NULL, specs, COUNT);
	expect_each_once(test, read_all(test, reader_open(test, reg, &kapi_list_sops), 1, NULL),
			 specs);
}

/*
 * Half of the specs stay, while a module with names all over the alphabet comes
 * and goes between any two reads.
 */
static struct {
	struct kapi_registry *reg;
	struct module *mod;
	struct kernel_api_spec *specs;
} guest;

static void come_and_go(struct kunit *test, unsigned int step)
{
	if (step & 1)
		kapi_registry_remove(guest.reg, guest.mod);
	else
		add(test, guest.reg, guest.mod, guest.specs, COUNT);
}

static void sequence_survives_modules(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, 2 * COUNT);
	struct reader *r = reader_open(test, reg, &kapi_list_sops);

	guest.reg = reg;
	guest.specs = specs + COUNT;
	guest.mod = kunit_kzalloc(test, sizeof(*guest.mod), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, guest.mod);
	add(test, reg, NULL, specs, COUNT);
	expect_each_once(test, read_all(test, r, 50, come_and_go), specs);
	kapi_registry_remove(reg, guest.mod);
}

/* Whatever was there when it was read, the commas are right. */
static void sequence_json_is_one_document(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, 2);
	char *text;

	text = read_all(test, reader_open(test, reg, &kapi_json_sops), 1000, NULL);
	KUNIT_EXPECT_STREQ(test, text, "{\"version\": 2, \"specs\": [\n\n]}\n");

	add(test, reg, NULL, specs, 2);
	text = read_all(test, reader_open(test, reg, &kapi_json_sops), 1000, NULL);
	KUNIT_EXPECT_EQ(test, count_in(text, "\"version\": 2"), 1);
	KUNIT_EXPECT_EQ(test, count_in(text, "},\n{\n \"name\""), 1);
	KUNIT_EXPECT_EQ(test, count_in(text, "}\n]}\n"), 1);
}

static void sequence_json_survives_modules(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, 2 * COUNT);
	struct reader *r = reader_open(test, reg, &kapi_json_sops);
	char *text;

	guest.reg = reg;
	guest.specs = specs + COUNT;
	guest.mod = kunit_kzalloc(test, sizeof(*guest.mod), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, guest.mod);
	add(test, reg, NULL, specs, COUNT);
	text = read_all(test, r, 500, come_and_go);
	expect_each_once(test, text, specs);
	KUNIT_EXPECT_EQ(test, count_in(text, ",\n{\n"), count_in(text, "\n{\n \"name\"") - 1);
	kapi_registry_remove(reg, guest.mod);
}

/* Reading from any offset continues correctly. */
static void sequence_seeks(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct reader *r = reader_open(test, reg, &kapi_list_sops);
	char *text, part[101] = "";

	add(test, reg, NULL, synthetic_specs(test, COUNT), COUNT);
	text = read_all(test, r, 1000, NULL);
	for (loff_t pos = strlen(text) - 100; pos > 0; pos -= 333) {
		r->pos = pos;
		KUNIT_ASSERT_EQ(test, reader_read(r, part, 100), 100);
		KUNIT_EXPECT_EQ(test, strncmp(part, text + pos, 100), 0);
	}
}

static void sequence_rewinds(struct kunit *test)
{
	struct kapi_registry *reg = synthetic_registry(test);
	struct kernel_api_spec *specs = synthetic_specs(test, COUNT);
	struct reader *r = reader_open(test, reg, &kapi_list_sops);

	add(test, reg, NULL, specs, COUNT);
	read_all(test, r, 1000, NULL);
	r->pos = 0;
	expect_each_once(test, read_all(test, r, 1000, NULL), specs);
}

static struct kunit_case sequence_cases[] = {
	KUNIT_CASE(sequence_lists_all),
	KUNIT_CASE(sequence_reads_byte_by_byte),
	KUNIT_CASE(sequence_survives_modules),
	KUNIT_CASE(sequence_json_is_one_document),
	KUNIT_CASE(sequence_json_survives_modules),
	KUNIT_CASE(sequence_seeks),
	KUNIT_CASE(sequence_rewinds),
	{}
};

static struct kunit_suite sequence_suite = {
	.name = "kapi_sequence",
	.test_cases = sequence_cases,
};

kunit_test_suite(sequence_suite);
