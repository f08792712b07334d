// SPDX-License-Identifier: GPL-2.0
/* Text and JSON of one spec, with hostile strings. */
#include <kunit/test.h>
#include <linux/ctype.h>
#include <linux/seq_file.h>

#include "synthetic.h"

#define SIZE	16384

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

	EXPECT_IN(test, text, "quote \" backslash \\ slash / tab \t bell \\x07 delete\n  \\x7f\n");
	EXPECT_IN(test, text, "UTF-8: \xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7; success");
	EXPECT_IN(test, text, "escape \\x1b[31m C1 \\xc2\\x9b[31m return \\x0d\n");
	EXPECT_IN(test, text, "no UTF-8: \\xff \\xc3( \\xe2\\x82 \\xed\\xa0\\x80 ");
	KUNIT_EXPECT_NULL(test, strpbrk(text, "\033\a\r\x7f"));
}

/* Newlines are the author's; none of them leaves blanks at the end of a line. */
static void render_text_lines(struct kunit *test)
{
	char *text = render(test, &kapi_text_ops, &__kapi_spec_kapi_test_strings);

	EXPECT_IN(test, text, "\n"
			      "\n"
			      "  first line\n"
			      "  second line\n"
			      "\n"
			      "    indented \"third\"\n"
			      "\n"
			      "  Context:      process\n");
	KUNIT_EXPECT_NULL(test, strstr(text, "\x20\n"));
}

static void render_text_drops_blanks(struct kunit *test)
{
	struct kernel_api_spec spec = synthetic_spec("f");

	spec.notes = "\nfirst \x20\n\x20\n \x20\n  second \x20\n \x20\n";
	EXPECT_IN(test, render(test, &kapi_text_ops, &spec),
		  "  Notes:        first\n\n\n                  second\n");
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
	KUNIT_EXPECT_GT(test, longest_line(text), 74);
	KUNIT_EXPECT_NULL(test, strstr(text, "\x20\n"));

	/* A word that is too long for any line has one of its own. */
	memset(words, 'x', 100);
	words[100] = '\0';
	text = render(test, &kapi_text_ops, &spec);
	EXPECT_IN(test, text, "  Notes:        xxx");
	KUNIT_EXPECT_EQ(test, longest_line(text), 116);
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
		  "\xc3\xa9\n                \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\n");
	words[12 * 9] = '\0';
	KUNIT_EXPECT_NULL(test, strstr(render(test, &kapi_text_ops, &spec), "\xc3\xa9\n "));
}

KAPI_CONDITION(too_long, (size_t, len, int, flags), len > 100 && flags != 1);
KAPI_CONDITION(no_room, (size_t, len), len == 7);
KAPI_CONDITION(not_allowed, (), kapi_unknown(call) == 8);
KAPI_CONDITION(is_shared, (), kapi_unknown(call) == 9);
KAPI_CONDITION(may_wait, (), kapi_unknown(call) == 10);
KAPI_CONDITION(came_in, (), kapi_unknown(call) == 11);
KAPI_CONDITION(enough, (size_t, len), result == len);
KAPI_VALUE(used, (), kapi_unknown(call) + 12);

DEFINE_KAPI_CLAUSES(test_room)
	KAPI_MAY_FAIL_IF(-ENOMEM, no_room, KAPI_WHEN(is_shared),
			 .description = "Others may take it meanwhile.")
KAPI_END_CLAUSES;

/* Every kind of clause, with every text that it can have; not registered. */
static const struct kernel_api_spec contract_spec = {
	.name = "kapi_test_contract",
	.first = __COUNTER__ % KAPI_MAX_CLAUSES,
	KAPI_DESCRIPTION("take room, and give it a name")
	KAPI_LONG_DESC("Room is taken first, so that a name is never without it.")
	KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_PREEMPT_DISABLED)
	KAPI_MAY_SLEEP_IF(may_wait)
	KAPI_FAILURE_PARTIAL
	KAPI_CHECKED_IN_ORDER
	KAPI_DEPRECATED
	KAPI_REPLACEMENT("take_room()")
	KAPI_SINCE_VERSION("7.3")
	KAPI_OTHER_ERRORS("those of the owner's ->take()")
	KAPI_NOTES("It was slower once.")
	KAPI_EXAMPLES("p = take(4096, 1);\nif (!p)\n  return;")
	KAPI_RETURNS(long, KAPI_RETURN_RANGE, "the bytes taken",
		     .success_min = 0, .success_max = LONG_MAX)
	KAPI_ARG(size_t, len, "how much, in bytes", KAPI_BETWEEN(1, 4096, -EINVAL))
	KAPI_ARG(int, flags, "who else may use it", KAPI_BITS(0x13, -EINVAL),
		 .constraints = "bits 0 and 1 exclude each other")
	KAPI_ARG(int, fd, "the owner", .type = KAPI_TYPE_FD, .flags = KAPI_PARAM_INOUT)
	KAPI_FAILS(-EINVAL, "an argument makes no sense", KAPI_ONLY)
	KAPI_FAILS_IF(-EINVAL, too_long, KAPI_EARLY, .needs = "CONFIG_ROOM")
	KAPI_FAILS(-ENOMEM, "there is no room", .description = "Not even after waiting.")
	KAPI_INCLUDE(test_room)
	KAPI_FAILS(-EPERM, "the caller is not allowed to")
	KAPI_LACKS(-EPERM, CAP_CHOWN, not_allowed, .allows = "taking it from others",
		   .without = "there is only one's own", .condition = "for each page")
	KAPI_FAILS(-EINTR, "killed while waiting", KAPI_ONLY)
	KAPI_INTERRUPTED(-EINTR, KAPI_SIGNAL_ANY_FATAL, "it waits for room",
			 .restartable = true, .description = "What was taken stays taken.")
	KAPI_CONSTRAINT(0, "one_name", "no two names for one room")
		KAPI_CONSTRAINT_EXPR("names == rooms")
	KAPI_CONSTRAINT_END
	KAPI_CAPABILITY(0, CAP_KILL, "CAP_KILL", KAPI_CAP_OVERRIDE_RESTRICTION)
		KAPI_CAP_ALLOWS("waiting longer")
		KAPI_CAP_WITHOUT("it waits a minute")
		KAPI_CAP_CONDITION("before it waits")
	KAPI_CAPABILITY_END
	KAPI_SIGNAL(0, SIGUSR1, "SIGUSR1", KAPI_SIGNAL_SEND, KAPI_SIGNAL_ACTION_QUEUE)
		KAPI_SIGNAL_TARGET("the owner before")
		KAPI_SIGNAL_CONDITION("room changes hands")
		KAPI_SIGNAL_DESC("Once for each page.")
	KAPI_SIGNAL_END
	KAPI_TAKES(room_lock, KAPI_LOCK_RWSEM, "&room->lock", KAPI_GUARDS, .always = true,
		   .description = "to look for room")
	KAPI_LOCK(0, "outer", KAPI_LOCK_MUTEX)
		KAPI_LOCK_HELD_ENTRY
		KAPI_LOCK_HELD_EXIT
		KAPI_LOCK_DESC("so that nobody comes between")
	KAPI_LOCK_END
	KAPI_CHANGES(used, KAPI_BY_RESULT, "the room in use", "by what was free",
		     KAPI_UNLESS(came_in), .condition = "it was not there", .needs = "CONFIG_USE")
	KAPI_SIDE_EFFECT(0, KAPI_EFFECT_ALLOC_MEMORY | KAPI_EFFECT_IRREVERSIBLE, "a page",
			 "holds the name")
		KAPI_EFFECT_REVERSIBLE
	KAPI_SIDE_EFFECT_END
	KAPI_STATE_TRANS(0, "the room", "free", "taken", "it is nobody else's")
		KAPI_STATE_TRANS_COND("it was free")
	KAPI_STATE_TRANS_END
	KAPI_ENSURES(enough, .description = "No less than asked for.")
};

/* The text is long, and compared line by line, so that a change shows where it is. */
static const char *const contract[] = {
	"kapi_test_contract - take room, and give it a name",
	"",
	"  Room is taken first, so that a name is never without it.",
	"",
	"  Context:      process, preemption disabled",
	"  Sleeps if:    kapi_unknown(call) == 10",
	"  Deprecated:   not to be used in new code",
	"  Use instead:  take_room()",
	"  Since:        7.3",
	"  On failure:   some of it may be done, unless an early check failed.",
	"  Checks:       in the order of the numbers below",
	"  More errors:  those of the owner's ->take()",
	"  Returns:      long: the bytes taken; success is 0 to 9223372036854775807",
	"",
	"Parameters:",
	"  len           size_t: how much, in bytes; valid from 1 to 4096; else -EINVAL",
	"  flags         int: who else may use it; valid bits 0x13; bits 0 and 1 exclude",
	"                each other; else -EINVAL",
	"  fd            int, a file descriptor, in, out: the owner",
	"",
	"Errors:",
	"  -EINVAL       an argument makes no sense",
	"                For no other reason than:",
	"                1. fails if len is not valid",
	"                2. fails if flags is not valid",
	"                3. fails if too_long (early): len > 100 && flags != 1 (needs",
	"                  CONFIG_ROOM)",
	"  -ENOMEM       there is no room",
	"                Not even after waiting.",
	"                4. may fail if no_room: len == 7; only when kapi_unknown(call)",
	"                  == 9",
	"                  Others may take it meanwhile.",
	"  -EPERM        the caller is not allowed to",
	"                5. fails without CAP_CHOWN if kapi_unknown(call) == 8; looked",
	"                  at: for each page",
	"                  With it: taking it from others",
	"                  Without: there is only one's own",
	"  -EINTR        killed while waiting",
	"                For no other reason than:",
	"                6. on a signal (any fatal): it waits for room; the call returns;",
	"                  restarted after a handler",
	"                  What was taken stays taken.",
	"",
	"Rules:",
	"  one_name      names == rooms",
	"                no two names for one room",
	"",
	"Capabilities:",
	"  CAP_KILL      lifts a restriction; looked at: before it waits",
	"                With it: waiting longer",
	"                Without: it waits a minute",
	"",
	"Signals:",
	"  SIGUSR1       sent, target the owner before: room changes hands; it is queued",
	"                Once for each page.",
	"",
	"Locks:",
	"  room_lock     rwsem \"&room->lock\", taken for write while what it guards is",
	"                changed, on every success, given back: to look for room",
	"  outer         mutex, held by the caller, held on return: so that nobody comes",
	"                between",
	"",
	"Side effects:",
	"  used          the room in use: by what was free; if it was not there; not if",
	"                kapi_unknown(call) == 11 (needs CONFIG_USE); checked:",
	"                kapi_unknown(call) + 12 increases by what the call returns",
	"  a page        holds the name; allocates memory, cannot be undone; can be",
	"                undone",
	"",
	"Changes of state:",
	"  the room      from \"free\" to \"taken\": it is nobody else's; if it was free",
	"",
	"After success:",
	"  enough        result == len",
	"                No less than asked for.",
	"",
	"  Notes:        It was slower once.",
	"",
	"  Examples:     p = take(4096, 1);",
	"                if (!p)",
	"                  return;",
};

static void render_contract(struct kunit *test)
{
	char *text = render(test, &kapi_text_ops, &contract_spec);
	char *line;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(contract); i++) {
		line = strsep(&text, "\n");
		KUNIT_ASSERT_NOT_NULL(test, line);
		KUNIT_EXPECT_STREQ(test, line, contract[i]);
	}
	KUNIT_EXPECT_STREQ(test, text, "");
}

/* White space, which wrapping changes, is one blank each. */
static char *squeeze(struct kunit *test, const char *s)
{
	char *copy = kunit_kzalloc(test, strlen(s) + 1, GFP_KERNEL), *end = copy;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	for (; *s; s++)
		if (!isspace(*s))
			*end++ = *s;
		else if (end == copy || end[-1] != ' ')
			*end++ = ' ';
	return copy;
}

struct both {
	const char *text;
	const char *json;
};

/* In JSON, as a whole string; in the text, with other words around it. */
static void expect_in_both(struct kunit *test, const struct both *out, const char *what)
{
	char *quoted = kunit_kzalloc(test, strlen(what) + 3, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, quoted);
	sprintf(quoted, "\"%s\"", what);
	EXPECT_IN(test, out->text, squeeze(test, what));
	if (!strchr(what, '\n'))
		EXPECT_IN(test, out->json, quoted);
}

static void expect_fields(struct kunit *test, const struct both *out,
			  const struct kapi_fields *fields, const void *clause)
{
	const struct kapi_condition *cond;
	const struct kapi_field *f;

	kapi_for_each_field(f, fields) {
		if (f->kind == KAPI_FIELD_CONDITION) {
			cond = kapi_field_pointer(f, clause);
			if (cond)
				expect_in_both(test, out, cond->text);
		} else if (f->kind == KAPI_FIELD_TEXT || f->kind == KAPI_FIELD_OPT_TEXT) {
			if (kapi_field_pointer(f, clause))
				expect_in_both(test, out, kapi_field_pointer(f, clause));
		}
	}
}

static void render_says_all(struct kunit *test)
{
	const struct kernel_api_spec *spec = &contract_spec;
	struct kapi_walk walk = { .spec = spec };
	const struct kapi_clause *c;
	unsigned int kinds = 0;
	struct both out = {
		.text = squeeze(test, render(test, &kapi_text_ops, spec)),
		.json = render(test, &kapi_json_ops, spec),
	};

	expect_fields(test, &out, &kapi_spec_fields, spec);
	expect_fields(test, &out, &kapi_return_fields, &spec->return_spec);
	while ((c = kapi_next_clause(&walk))) {
		kinds |= BIT(c->kind);
		expect_fields(test, &out, kapi_categories[c->kind].fields, c);
	}
	KUNIT_EXPECT_EQ(test, kinds, BIT(KAPI_KINDS) - 1);
}

/* A word that is ours alone is for programs. */
static void render_no_internal_names(struct kunit *test)
{
	static const char *const names[] = {
		"KAPI_", "_type", "_value", "_mask", "has_", "_if", "may_sleep", "kind",
		"yes", "true", "false", "null", "signum",
	};
	char *text = render(test, &kapi_text_ops, &contract_spec);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		KUNIT_EXPECT_NULL_MSG(test, strstr(text, names[i]), "%s", names[i]);
	KUNIT_EXPECT_LE(test, longest_line(text), 80);
	KUNIT_EXPECT_NULL(test, strstr(text, "\x20\n"));
}

static unsigned int count(const char *s, const char *what)
{
	unsigned int n = 0;

	while ((s = strstr(s, what))) {
		s += strlen(what);
		n++;
	}
	return n;
}

/* What gives the reason for an error stands under it, and nowhere else. */
static void render_reasons(struct kunit *test)
{
	char *json = render(test, &kapi_json_ops, &contract_spec);

	EXPECT_IN(test, json, "\"reasons\": [\n"
			      "    {\n"
			      "     \"order\": 4,\n"
			      "     \"kind\": \"constraints\",\n"
			      "     \"may\": true,\n"
			      "     \"name\": \"no_room\",\n"
			      "     \"early\": false,\n"
			      "     \"required\": false,\n"
			      "     \"error\": \"-ENOMEM\",\n"
			      "     \"condition\": {\"name\": \"no_room\", \"params\": \"size_t len\", \"text\": \"len == 7\"},\n");
	EXPECT_IN(test, json, "\"kind\": \"params\",\n     \"name\": \"flags\"}");
	KUNIT_EXPECT_EQ(test, count(json, "\"name\": \"CAP_CHOWN\""), 1);
	KUNIT_EXPECT_EQ(test, count(json, "\"name\": \"any fatal\""), 1);
	KUNIT_EXPECT_EQ(test, count(json, "\"name\": \"CAP_KILL\""), 1);
}

/* A reason for an error that the spec does not have is not lost. */
static void render_reason_alone(struct kunit *test)
{
	static const struct kapi_constraint_spec rule = {
		.kind = KAPI_CONSTRAINTS, .name = "rule", .error = -EINTR, .description = "told",
	};
	struct kernel_api_spec spec = synthetic_spec("f");
	char expected[64];

	spec.clause[1] = &rule;
	snprintf(expected, sizeof(expected),
		 "Rules:\n  rule          else %pe\n                told\n", ERR_PTR(-EINTR));
	EXPECT_IN(test, render(test, &kapi_text_ops, &spec), expected);
	EXPECT_IN(test, render(test, &kapi_json_ops, &spec), "\"name\": \"rule\"");
}

/* Defaults of what a spec leaves out. */
static void render_implied(struct kunit *test)
{
	static const struct kapi_lock_spec lock = { .name = "l", .type = KAPI_LOCK_MUTEX };
	struct kernel_api_spec spec = synthetic_spec("sys_f");
	char *json, *text;

	spec.context = 0;
	spec.clause[1] = &lock;
	json = render(test, &kapi_json_ops, &spec);
	text = render(test, &kapi_text_ops, &spec);
	KUNIT_EXPECT_STREQ(test, json,
			   "{\n"
			   " \"name\": \"sys_f\",\n"
			   " \"description\": \"made up\",\n"
			   " \"context\": [\"process\", \"sleepable\"],\n"
			   " \"deprecated\": false,\n"
			   " \"checked_in_order\": false,\n"
			   " \"returns\": {\n"
			   "  \"type_name\": \"int\",\n"
			   "  \"description\": \"0\",\n"
			   "  \"check_type\": \"exact\",\n"
			   "  \"success_value\": 0},\n"
			   " \"params\": [],\n"
			   " \"errors\": [],\n"
			   " \"constraints\": [],\n"
			   " \"capabilities\": [],\n"
			   " \"signals\": [],\n"
			   " \"locks\": [\n"
			   "  {\n"
			   "   \"name\": \"l\",\n"
			   "   \"type\": \"mutex\",\n"
			   "   \"held_on_entry\": false,\n"
			   "   \"acquired\": true,\n"
			   "   \"on_success\": false,\n"
			   "   \"always\": false,\n"
			   "   \"released\": true,\n"
			   "   \"held_on_exit\": false}],\n"
			   " \"side_effects\": [],\n"
			   " \"state_trans\": [],\n"
			   " \"ensures\": []}");
	KUNIT_EXPECT_STREQ(test, text,
			   "sys_f - made up\n"
			   "\n"
			   "  Context:      process, may sleep\n"
			   "  Returns:      int: 0; success is 0\n"
			   "\n"
			   "Locks:\n"
			   "  l             mutex, taken, given back\n");
}

static void render_numbers(struct kunit *test)
{
	static const struct kapi_param_spec range = {
		.kind = KAPI_PARAMS, .name = "p", .type_name = "size_t", .description = "d",
		.constraint_type = KAPI_CONSTRAINT_RANGE, .max_value = -1, .has_range = true,
	};
	static const struct kapi_signal_spec sig = {
		.kind = KAPI_SIGNALS, .name = "SIGKILL", .signum = SIGKILL,
		.direction = KAPI_SIGNAL_RECEIVE, .error = -EINTR,
	};
	struct kernel_api_spec spec = synthetic_spec("f");
	char expected[32];
	char *json;

	spec.clause[1] = &range;
	spec.clause[2] = &sig;
	spec.return_spec.check_type = KAPI_RETURN_RANGE;
	spec.return_spec.success_min = -20;
	spec.return_spec.success_max = -1;
	json = render(test, &kapi_json_ops, &spec);
	EXPECT_IN(test, json, "\"min_value\": 0,\n   \"max_value\": 18446744073709551615}");
	EXPECT_IN(test, json, "\"success_min\": -20,\n  \"success_max\": -1}");
	KUNIT_EXPECT_NULL(test, strstr(json, "success_value"));
	snprintf(expected, sizeof(expected), "\"error\": \"%pe\"", ERR_PTR(-EINTR));
	EXPECT_IN(test, json, expected);
	EXPECT_IN(test, render(test, &kapi_json_ops, &contract_spec),
		  "\"valid_mask\": \"0x13\"");
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
	KUNIT_CASE(render_contract),
	KUNIT_CASE(render_says_all),
	KUNIT_CASE(render_no_internal_names),
	KUNIT_CASE(render_reasons),
	KUNIT_CASE(render_reason_alone),
	KUNIT_CASE(render_implied),
	KUNIT_CASE(render_numbers),
	KUNIT_CASE(render_utf8),
	{}
};

static struct kunit_suite render_suite = {
	.name = "kapi_render",
	.test_cases = render_cases,
};

kunit_test_suite(render_suite);
