// SPDX-License-Identifier: GPL-2.0
/*
 * What it means for a contract that one of its fields changed.
 */
#include <stdlib.h>
#include <string.h>
#include <linux/string_choices.h>

#include "diff.h"

/* === Values =============================================================== */

static bool is_text(const struct kapi_field *f)
{
	return f->kind == KAPI_FIELD_TEXT || f->kind == KAPI_FIELD_OPT_TEXT;
}

static s64 value_of(const struct kapi_field *f, const void *fields)
{
	s64 value = kapi_field_value(f, fields);

	return !value && f->implied ? f->implied(fields) : value;
}

static const struct kapi_error_spec *error_of(const struct kapi_field *f,
					      const struct part *part)
{
	const struct kapi_error_spec *error;

	kapi_for_each_clause(error, part->spec, KAPI_ERRORS)
		if (error->code == kapi_field_value(f, part->fields))
			return error;
	return NULL;
}

/* What a field of text says, or one of an error code, which is known by its name. */
static const char *string_of(const struct kapi_field *f, const struct part *part)
{
	const struct kapi_error_spec *error;
	const struct kapi_condition *cond;

	if (is_text(f))
		return kapi_field_pointer(f, part->fields);
	if (f->kind == KAPI_FIELD_CONDITION) {
		cond = kapi_field_pointer(f, part->fields);
		return cond ? cond->text : NULL;
	}
	error = error_of(f, part);
	return error ? error->name : NULL;
}

static bool is_string(const struct kapi_field *f)
{
	return is_text(f) || f->kind == KAPI_FIELD_CONDITION || f->kind == KAPI_FIELD_OPT_ERRNO;
}

static char *flags_text(const struct kapi_field *f, u64 mask)
{
	char *text = strdup(""), *longer;

	for (unsigned int i = 0; i < f->names->count; i++) {
		if (!(mask & BIT_ULL(i)))
			continue;
		if (asprintf(&longer, "%s%s%s", text, *text ? ", " : "", f->names->name[i]) < 0)
			fail("memory", "there is not enough");
		free(text);
		text = longer;
	}
	return text;
}

static char *error_text(const struct kapi_error_spec *error)
{
	char *text = allocate(strlen(error->name) + 2, 1);

	sprintf(text, "%s%s", error->is_null ? "" : "-", error->name);
	return text;
}

static char *number_text(const struct kapi_field *f, s64 value)
{
	char buf[24];

	scnprintf(buf, sizeof(buf), f->kind == KAPI_FIELD_BITS ? "%#llx" : "%lld", value);
	return strdup(buf);
}

/* For people; NULL if nothing is said. */
char *field_text(const struct kapi_field *f, const struct part *part)
{
	const char *string = is_string(f) ? string_of(f, part) : NULL;
	s64 value;

	if (is_string(f) && !string)
		return NULL;
	value = string ? 0 : value_of(f, part->fields);
	switch (f->kind) {
	case KAPI_FIELD_TEXT:
	case KAPI_FIELD_OPT_TEXT:
	case KAPI_FIELD_CONDITION:
		return strdup(string);
	case KAPI_FIELD_OPT_ERRNO:
		return error_text(error_of(f, part));
	case KAPI_FIELD_ENUM:
	case KAPI_FIELD_OPT_ENUM:
		return f->names->name[value] ? strdup(f->names->name[value]) : NULL;
	case KAPI_FIELD_FLAGS:
	case KAPI_FIELD_OPT_FLAGS:
		return flags_text(f, value);
	case KAPI_FIELD_BOOL:
		return strdup(str_true_false(value));
	default:
		return number_text(f, value);
	}
}

/* === Rules ================================================================ */

/* By the values before and after, which differ; of a string, whether there is one. */
typedef enum change (*rule_fn)(s64 old, s64 new);

static enum change never(s64 old, s64 new)
{
	return NO_CHANGE;
}

static enum change different(s64 old, s64 new)
{
	return DIFFERENT;
}

static enum change more_is_stricter(s64 old, s64 new)
{
	return old < new ? STRICTER : LAXER;
}

static enum change more_is_laxer(s64 old, s64 new)
{
	return old < new ? LAXER : STRICTER;
}

/* An upper bound below 0 is one above S64_MAX. */
static enum change upper_bound(s64 old, s64 new)
{
	return (u64)old < (u64)new ? LAXER : STRICTER;
}

/* Saying something is stricter than saying nothing. */
static enum change given_is_stricter(s64 old, s64 new)
{
	if (!old != !new)
		return old ? LAXER : STRICTER;
	return DIFFERENT;
}

static enum change given_is_laxer(s64 old, s64 new)
{
	if (!old != !new)
		return old ? STRICTER : LAXER;
	return DIFFERENT;
}

/* Only whether there is a text matters; the text itself is prose. */
static enum change open_is_laxer(s64 old, s64 new)
{
	return !old == !new ? TEXT_ONLY : given_is_laxer(old, new);
}

static enum change bits_are_laxer(s64 old, s64 new)
{
	if (!(old & ~new))
		return LAXER;
	return new & ~old ? DIFFERENT : STRICTER;
}

/* If a call may sleep, that restricts its callers but frees the kernel. */
static enum change context(s64 old, s64 new)
{
	return (old ^ new) & KAPI_CTX_SLEEPABLE ? DIFFERENT : bits_are_laxer(old, new);
}

static enum change failure(s64 old, s64 new)
{
	static const s64 strictness[] = {
		[KAPI_FAILURE_IS_PARTIAL] = 1,
		[KAPI_FAILURE_IS_ATOMIC] = 2,
	};

	return more_is_stricter(strictness[old], strictness[new]);
}

/* Whether a value that does this does that as well. */
static bool implies(s64 one, s64 other)
{
	return !other || (other == KAPI_NOT_INCREASED &&
			  (one == KAPI_UNCHANGED || one == KAPI_DECREASES ||
			   one == KAPI_BECOMES_ZERO));
}

static enum change relation(s64 old, s64 new)
{
	if (implies(new, old))
		return STRICTER;
	return implies(old, new) ? LAXER : DIFFERENT;
}

/* Fields with a rule of their own; find_rule() has the rule for all others. */
static const struct {
	const char *group;	/* NULL: all that have this field */
	const char *key;
	rule_fn rule;
} rules[] = {
	{ NULL, "when", given_is_laxer },
	{ NULL, "needs", given_is_laxer },
	{ "spec", "context", context },
	{ "spec", "may_sleep_if", different },
	{ "spec", "deprecated", more_is_stricter },
	{ "spec", "failure", failure },
	{ "spec", "checked_in_order", more_is_stricter },
	{ "spec", "other_errors", open_is_laxer },
	{ "returns", "type_name", given_is_stricter },
	{ "returns", "success_min", more_is_stricter },
	{ "returns", "success_max", more_is_laxer },
	{ "params", "type_name", given_is_stricter },
	{ "params", "constraint_type", given_is_stricter },
	{ "params", "min_value", more_is_stricter },
	{ "params", "max_value", upper_bound },
	{ "params", "valid_mask", bits_are_laxer },
	{ "params", "error", given_is_stricter },
	{ "errors", "code", never },		/* these three: see the name */
	{ "capabilities", "capability", never },
	{ "signals", "signum", never },
	{ "errors", "closed", more_is_stricter },
	{ "constraints", "may", more_is_laxer },
	{ "constraints", "early", more_is_stricter },
	{ "constraints", "required", different },
	{ "locks", "class", given_is_stricter },
	{ "locks", "mode", given_is_stricter },
	{ "locks", "always", more_is_stricter },
	{ "side_effects", "relation", relation },
	{ "side_effects", "unless", given_is_laxer },
};

static rule_fn find_rule(const char *group, const struct kapi_field *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if ((!rules[i].group || !strcmp(rules[i].group, group)) &&
		    !strcmp(rules[i].key, f->key))
			return rules[i].rule;
	if (is_text(f))
		return NULL;
	return is_string(f) ? given_is_stricter : different;
}

static enum change compare_strings(const struct kapi_field *f, rule_fn rule,
				   const char *old, const char *new)
{
	if (old == new || (old && new && !strcmp(old, new)))
		return NO_CHANGE;
	return rule ? rule(!!old, !!new) : TEXT_ONLY;
}

/* A field that depends on another comes or goes with it: report only that. */
enum change compare_field(const char *group, const struct kapi_field *f,
			  const struct part *old, const struct part *new)
{
	rule_fn rule = find_rule(group, f);
	s64 before, after;

	if (!kapi_field_applies(f, old->fields) || !kapi_field_applies(f, new->fields))
		return NO_CHANGE;
	if (is_string(f))
		return compare_strings(f, rule, string_of(f, old), string_of(f, new));
	before = value_of(f, old->fields);
	after = value_of(f, new->fields);
	return before == after ? NO_CHANGE : rule(before, after);
}
