// SPDX-License-Identifier: GPL-2.0
/* Text and JSON of one spec, with strings as bad as they come. */
#include <kunit/test.h>
#include <linux/seq_file.h>

#include "synthetic.h"

#define SIZE	8192

/* What a terminal would obey, what JSON must escape, and what is no UTF-8. */
static void __used kapi_test_strings(void)
{
}

DEFINE_KERNEL_API_SPEC(kapi_test_strings)
	KAPI_DESCRIPTION("quote \" backslash \\ slash / tab \t bell \a delete \x7f")
	KAPI_LONG_DESC("first line\nsecond line\n\n  indented \"third\"\n")
	KAPI_CONTEXT(KAPI_CTX_PROCESS)
	KAPI_RETURN("int", "UTF-8: \xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7")
		.type = KAPI_TYPE_INT,
		.check_type = KAPI_RETURN_EXACT,
	KAPI_RETURN_END
	.examples = "escape \033[31m C1 \xc2\x9b[31m return \r",
	.notes = "no UTF-8: \xff \xc3( \xe2\x82 \xed\xa0\x80 \xf0\x80\x80\x80 \xc0\xaf",
KAPI_END_SPEC;

static char *render(struct kunit *test, const struct kapi_emit_ops *ops,
		    const struct kernel_api_spec *spec)
{
	struct seq_file m = { .buf = kunit_kzalloc(test, SIZE, GFP_KERNEL), .size = SIZE };

	KUNIT_ASSERT_NOT_NULL(test, m.buf);
	kapi_render(&m, ops, spec);
	KUNIT_ASSERT_FALSE(test, seq_has_overflowed(&m));
	m.buf[m.count] = '\0';
	return m.buf;
}

#define EXPECT_IN(test, text, what)					\
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(text, what), "no '%s' in '%s'", what, text)

static void render_json_escapes(struct kunit *test)
{
	char *json = render(test, &kapi_json_ops, &__kapi_spec_kapi_test_strings);

	EXPECT_IN(test, json, "\"quote \\\" backslash \\\\ slash / tab \\u0009 bell \\u0007 delete \\u007f\"");
	EXPECT_IN(test, json, "\"first line\\nsecond line\\n\\n  indented \\\"third\\\"\\n\"");
	EXPECT_IN(test, json, "\"UTF-8: \xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7\"");
	EXPECT_IN(test, json, "\"escape \\u001b[31m C1 \\u009b[31m return \\u000d\"");
	EXPECT_IN(test, json, "\"no UTF-8: \\ufffd \\ufffd( \\ufffd\\ufffd \\ufffd\\ufffd\\ufffd \\ufffd\\ufffd\\ufffd\\ufffd \\ufffd\\ufffd\"");
}

static void render_text_escapes(struct kunit *test)
{
	char *text = render(test, &kapi_text_ops, &__kapi_spec_kapi_test_strings);

	EXPECT_IN(test, text, "quote \" backslash \\ slash / tab \t bell \\x07 delete \\x7f");
	EXPECT_IN(test, text, "UTF-8: \xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7\n");
	EXPECT_IN(test, text, "escape \\x1b[31m C1 \\xc2\\x9b[31m return \\x0d\n");
	EXPECT_IN(test, text, "no UTF-8: \\xff \\xc3( \\xe2\\x82 \\xed\\xa0\\x80 ");
	KUNIT_EXPECT_NULL(test, strpbrk(text, "\033\a\r\x7f"));
}

/* Newlines are the author's; none of them leaves blanks at the end of a line. */
static void render_text_lines(struct kunit *test)
{
	char *text = render(test, &kapi_text_ops, &__kapi_spec_kapi_test_strings);

	EXPECT_IN(test, text, "  long_desc       first line\n"
			      "                  second line\n"
			      "\n"
			      "                    indented \"third\"\n"
			      "  context         process\n");
	KUNIT_EXPECT_NULL(test, strstr(text, "\x20\n"));
}

static void render_text_drops_blanks(struct kunit *test)
{
	struct kernel_api_spec spec = synthetic_spec("f");

	spec.notes = "\n\nfirst \x20\n  \x20\n\n  second\x20\n\x20\n";
	EXPECT_IN(test, render(test, &kapi_text_ops, &spec),
		  "  notes           first\n\n\n                    second\n\nreturns:");
}

static unsigned int longest_line(const char *text)
{
	unsigned int longest = 0;

	while (*text) {
		unsigned int len = strcspn(text, "\n");

		longest = max(longest, len);
		text += len + !!text[len];
	}
	return longest;
}

static void render_text_wraps(struct kunit *test)
{
	struct kernel_api_spec spec = synthetic_spec("f");
	char *words = kunit_kzalloc(test, 1001, GFP_KERNEL);
	char *text;

	KUNIT_ASSERT_NOT_NULL(test, words);
	spec.notes = words;
	memset(words, 'x', 1000);
	for (int i = 4; i < 1000; i += 5)
		words[i] = ' ';
	words[999] = 'x';
	text = render(test, &kapi_text_ops, &spec);
	KUNIT_EXPECT_LE(test, longest_line(text), 80);
	KUNIT_EXPECT_GT(test, longest_line(text), 75);
	KUNIT_EXPECT_NULL(test, strstr(text, "\x20\n"));

	/* A word that is too long for any line has one of its own. */
	memset(words, 'x', 100);
	words[100] = '\0';
	text = render(test, &kapi_text_ops, &spec);
	EXPECT_IN(test, text, "  notes           xxx");
	KUNIT_EXPECT_EQ(test, longest_line(text), 118);
}

static unsigned int count_lines(const char *text)
{
	unsigned int n = 0;

	while (*text)
		n += *text++ == '\n';
	return n;
}

/* A wide character is one column, and several bytes. */
static void render_text_counts_columns(struct kunit *test)
{
	struct kernel_api_spec spec = synthetic_spec("f");
	char words[200] = "";

	/* 12 words of 4 and a blank fit behind the key, the 13th does not. */
	for (int i = 0; i < 13; i++)
		strcat(words, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 ");
	spec.notes = words;
	EXPECT_IN(test, render(test, &kapi_text_ops, &spec),
		  "\xc3\xa9\n                  \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\n\nreturns:");
	words[12 * 9] = '\0';
	EXPECT_IN(test, render(test, &kapi_text_ops, &spec), "\xc3\xa9\n\nreturns:");
	KUNIT_EXPECT_EQ(test, count_lines(render(test, &kapi_text_ops, &spec)), 11);
}

/* Every key of the JSON is in the text, but for what does not hold or is empty. */
static void render_formats_agree(struct kunit *test)
{
	static const struct kapi_lock_spec lock = {
		.name = "l", .type = KAPI_LOCK_MUTEX, .acquired = true, .released = true,
	};
	struct kernel_api_spec spec = synthetic_spec("f");
	char *json, *text;

	spec.locks[0] = &lock;
	json = render(test, &kapi_json_ops, &spec);
	text = render(test, &kapi_text_ops, &spec);
	KUNIT_EXPECT_STREQ(test, json,
			   "{\n"
			   " \"name\": \"f\",\n"
			   " \"description\": \"made up\",\n"
			   " \"context\": [\"process\"],\n"
			   " \"returns\": {\n"
			   "  \"type_name\": \"int\",\n"
			   "  \"type\": \"int\",\n"
			   "  \"description\": \"0\",\n"
			   "  \"check_type\": \"exact\",\n"
			   "  \"success_value\": 0},\n"
			   " \"params\": [],\n"
			   " \"errors\": [],\n"
			   " \"signals\": [],\n"
			   " \"locks\": [\n"
			   "  {\n"
			   "   \"name\": \"l\",\n"
			   "   \"type\": \"mutex\",\n"
			   "   \"held_on_entry\": false,\n"
			   "   \"acquired\": true,\n"
			   "   \"released\": true,\n"
			   "   \"held_on_exit\": false}],\n"
			   " \"side_effects\": [],\n"
			   " \"state_trans\": [],\n"
			   " \"constraints\": [],\n"
			   " \"capabilities\": []}");
	KUNIT_EXPECT_STREQ(test, text,
			   "  name            f\n"
			   "  description     made up\n"
			   "  context         process\n"
			   "\n"
			   "returns:\n"
			   "  type_name       int\n"
			   "  type            int\n"
			   "  description     0\n"
			   "  check_type      exact\n"
			   "  success_value   0\n"
			   "\n"
			   "locks:\n"
			   "- name            l\n"
			   "  type            mutex\n"
			   "  acquired        yes\n"
			   "  released        yes\n");
}

/* How a clause is checked is shown only where it is. */
static void render_checks(struct kunit *test)
{
	static const struct kapi_lock_spec lock = {
		.name = "l", .class_name = "&x->l", .acquired = true, .released = true,
		.mode = KAPI_LOCK_MODE_WRITE, .taken = KAPI_LOCK_TAKEN_ONCE,
	};
	static const struct kapi_lock_spec absent = {
		.name = "m", .class_name = "CONFIG_M", .acquired = true, .released = true,
		.absent = true, .mode = KAPI_LOCK_MODE_READ, .taken = KAPI_LOCK_TAKEN_ALWAYS,
	};
	struct kernel_api_spec spec = synthetic_spec("f");
	char *json, *text;

	spec.locks[0] = &lock;
	spec.locks[1] = &absent;
	spec.failure = KAPI_FAILURE_IS_ATOMIC;
	json = render(test, &kapi_json_ops, &spec);
	EXPECT_IN(test, json, "\"class\": \"&x->l\",\n   \"mode\": \"write\",\n   \"taken\": \"once\"}");
	EXPECT_IN(test, json, "\"only_with\": \"CONFIG_M\",\n   \"mode\": \"read\",\n   \"taken\": \"always\"}");
	EXPECT_IN(test, json, "\"failure\": \"atomic\"");
	KUNIT_EXPECT_NULL(test, strstr(json, "\"class\": \"CONFIG_M\""));
	text = render(test, &kapi_text_ops, &spec);
	EXPECT_IN(test, text, "  class           &x->l\n  mode            write\n  taken           once\n");
	EXPECT_IN(test, text, "  only_with       CONFIG_M\n  mode            read\n  taken           always\n");
	EXPECT_IN(test, text, "  failure         atomic\n");
}

static void render_values(struct kunit *test)
{
	static const char *const names[] = { "first", "second" };
	static const struct kapi_snapshot snapshot = { .names = names, .count = 2 };
	static const struct kapi_side_effect_spec effect = {
		.target = "t", .description = "d", .type = KAPI_EFFECT_MODIFY_STATE,
		.value = 2, .relation = KAPI_IS_CLEARED,
	};
	static const struct kapi_state_trans_spec trans = {
		.object = "o", .from = "f", .to = "t", .description = "d",
		.value = 1, .relation = KAPI_NEVER_RISES,
	};
	static const struct kapi_state_trans_spec prose = {
		.object = "p", .from = "f", .to = "t", .description = "last",
	};
	struct kernel_api_spec spec = synthetic_spec("f");
	char *json, *text;

	spec.snapshot = &snapshot;
	spec.side_effects[0] = &effect;
	spec.state_trans[0] = &trans;
	spec.state_trans[1] = &prose;
	json = render(test, &kapi_json_ops, &spec);
	EXPECT_IN(test, json, "\"value\": \"second\",\n   \"relation\": \"is_cleared\"}");
	EXPECT_IN(test, json, "\"value\": \"first\",\n   \"relation\": \"never_rises\"}");
	EXPECT_IN(test, json, "\"description\": \"last\"}");
	text = render(test, &kapi_text_ops, &spec);
	EXPECT_IN(test, text, "  value           second\n  relation        is_cleared\n");
	EXPECT_IN(test, text, "  value           first\n  relation        never_rises\n");
}

static void render_numbers(struct kunit *test)
{
	static const struct kapi_param_spec range = {
		.name = "p", .type_name = "size_t", .description = "d", .flags = KAPI_PARAM_IN,
		.type = KAPI_TYPE_UINT, .constraint_type = KAPI_CONSTRAINT_RANGE,
		.min_value = 0, .max_value = -1, .has_range = true,
	};
	static const struct kapi_param_spec mask = {
		.name = "q", .type_name = "int", .description = "d", .flags = KAPI_PARAM_IN,
		.type = KAPI_TYPE_INT, .constraint_type = KAPI_CONSTRAINT_MASK,
		.valid_mask = 0x13,
	};
	static const struct kapi_signal_spec sig = {
		.name = "SIGKILL", .signum = SIGKILL, .direction = KAPI_SIGNAL_RECEIVE,
		.error = -EINTR,
	};
	struct kernel_api_spec spec = synthetic_spec("f");
	char expected[32];
	char *json;

	spec.params[0] = &range;
	spec.params[1] = &mask;
	spec.signals[0] = &sig;
	spec.return_spec.check_type = KAPI_RETURN_RANGE;
	spec.return_spec.success_min = -20;
	spec.return_spec.success_max = -1;
	json = render(test, &kapi_json_ops, &spec);
	EXPECT_IN(test, json, "\"min_value\": 0,\n   \"max_value\": 18446744073709551615}");
	EXPECT_IN(test, json, "\"valid_mask\": \"0x13\"");
	EXPECT_IN(test, json, "\"success_min\": -20,\n  \"success_max\": -1}");
	KUNIT_EXPECT_NULL(test, strstr(json, "success_value"));
	snprintf(expected, sizeof(expected), "\"error\": \"%pe\"", ERR_PTR(-EINTR));
	EXPECT_IN(test, json, expected);
}

struct utf8_case {
	const char *bytes;
	unsigned int len;
};

static const struct utf8_case utf8_cases[] = {
	{ "a", 1 },
	{ "\x7f", 1 },
	{ "\xc2\x80", 2 },
	{ "\xdf\xbf", 2 },
	{ "\xe0\xa0\x80", 3 },
	{ "\xed\x9f\xbf", 3 },
	{ "\xee\x80\x80", 3 },
	{ "\xf0\x90\x80\x80", 4 },
	{ "\xf4\x8f\xbf\xbf", 4 },
	{ "\x80", 0 },			/* continuation alone */
	{ "\xc1\xbf", 0 },		/* overlong */
	{ "\xe0\x9f\xbf", 0 },		/* overlong */
	{ "\xf0\x8f\xbf\xbf", 0 },	/* overlong */
	{ "\xed\xa0\x80", 0 },		/* surrogate */
	{ "\xf4\x90\x80\x80", 0 },	/* above U+10FFFF */
	{ "\xf5\x80\x80\x80", 0 },
	{ "\xc3", 0 },			/* cut */
	{ "\xe2\x82", 0 },
	{ "\xf0\x9f\x90", 0 },
	{ "\xc3\x28", 0 },
};

static void render_utf8(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(utf8_cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, kapi_utf8_len(utf8_cases[i].bytes),
				    utf8_cases[i].len, "case %zu", i);
}

static struct kunit_case render_cases[] = {
	KUNIT_CASE(render_json_escapes),
	KUNIT_CASE(render_text_escapes),
	KUNIT_CASE(render_text_lines),
	KUNIT_CASE(render_text_drops_blanks),
	KUNIT_CASE(render_text_wraps),
	KUNIT_CASE(render_text_counts_columns),
	KUNIT_CASE(render_formats_agree),
	KUNIT_CASE(render_checks),
	KUNIT_CASE(render_values),
	KUNIT_CASE(render_numbers),
	KUNIT_CASE(render_utf8),
	{}
};

static struct kunit_suite render_suite = {
	.name = "kapi_render",
	.test_cases = render_cases,
};

kunit_test_suite(render_suite);

MODULE_DESCRIPTION("KUnit tests of the output of API specifications");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
