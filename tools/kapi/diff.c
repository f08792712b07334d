// SPDX-License-Identifier: GPL-2.0
/*
 * What changed of a contract, clause by clause.
 */
#include <stdlib.h>
#include <string.h>
#include <linux/ctype.h>
#include <linux/seq_file.h>

#include "diff.h"

/**
 * struct place - a clause of a spec
 * @label: what it is called
 * @clause: itself
 * @position: where it stands among all clauses of the spec
 * @other: the same clause in the other spec, or NULL
 */
struct place {
	char label[KAPI_LABEL_LEN];
	const struct kapi_clause *clause;
	unsigned int position;
	struct place *other;
};

/* One of the two specs that are compared. */
struct side {
	const struct kernel_api_spec *spec;
	struct place *place;
	unsigned int count;
};

/* === Output =============================================================== */

static const char *const change_names[] = {
	[TEXT_ONLY] = "text only",
	[STRICTER] = "stricter",
	[LAXER] = "laxer",
	[DIFFERENT] = "changed",
	[ADDED] = "added",
	[REMOVED] = "removed",
};

/* Lines of their own, as texts may be long and have several. */
static void print_value(char sign, const char *value)
{
	if (!value)
		return;
	printf("  %c ", sign);
	for (const char *c = value; *c; c++) {
		if (*c == '\n')
			printf("\n  %c ", sign);
		else if (iscntrl(*c))
			printf("\\x%02x", *c);
		else
			putchar(*c);
	}
	putchar('\n');
}

static void text_change(const char *name, const char *label, enum change change,
			const char *key, const char *old, const char *new)
{
	printf("%s%s%s: %s%s%s\n", name, *label ? " " : "", label, change_names[change],
	       key ? ": " : "", key ?: "");
	print_value('-', old);
	print_value('+', new);
}

static void json_member(struct kapi_emit *e, const char *key, const char *text)
{
	const struct kapi_field field = { .key = key };

	if (text)
		kapi_json_ops.text(e, &field, text);
}

static void json_change(struct diff *diff, const char *name, const char *label,
			enum change change, const char *key, const char *old, const char *new)
{
	struct seq_file m = { .file = stdout };
	struct kapi_emit e = { .m = &m, .fresh = true };

	printf("%s\n", diff->changes ? "," : "");
	kapi_json_ops.open(&e, NULL, NULL, false);
	e.depth = 1;
	e.fresh = true;
	json_member(&e, "spec", name);
	json_member(&e, "clause", *label ? label : NULL);
	json_member(&e, "change", change_names[change]);
	json_member(&e, "field", key);
	json_member(&e, "before", old);
	json_member(&e, "after", new);
	kapi_json_ops.close(&e, false);
}

static void report(struct diff *diff, const char *name, const char *label, enum change change,
		   const char *key, const char *old, const char *new)
{
	if (change == NO_CHANGE || (change == TEXT_ONLY && diff->ignores_text))
		return;
	if (diff->is_json)
		json_change(diff, name, label, change, key, old, new);
	else
		text_change(name, label, change, key, old, new);
	diff->changes++;
}

/* === Fields =============================================================== */

static void diff_fields(struct diff *diff, const char *label, const char *group,
			const struct kapi_fields *fields, const struct part *old,
			const struct part *new)
{
	const struct kapi_field *f;

	kapi_for_each_field(f, fields) {
		enum change change = compare_field(group, f, old, new);
		char *before, *after;

		if (change == NO_CHANGE)
			continue;
		before = field_text(f, old);
		after = field_text(f, new);
		report(diff, old->spec->name, label, change, f->key, before, after);
		free(before);
		free(after);
	}
}

/* === Clauses ============================================================== */

static unsigned int position_of(const struct kernel_api_spec *spec,
				const struct kapi_clause *clause)
{
	struct kapi_walk walk = { .spec = spec };
	unsigned int position = 0;

	while (kapi_next_clause(&walk) != clause)
		position++;
	return position;
}

static struct side list_clauses(const struct kernel_api_spec *spec)
{
	struct side side = { .spec = spec };
	struct kapi_clause_ref ref;

	side.place = allocate(kapi_clause_end(spec), sizeof(*side.place));
	for (; kapi_find_clause(spec, KAPI_RULES + side.count, &ref); side.count++) {
		struct place *place = &side.place[side.count];

		kapi_clause_label(spec, KAPI_RULES + side.count, place->label);
		place->clause = ref.clause;
		place->position = position_of(spec, ref.clause);
	}
	return side;
}

/* The error that a clause is a reason for, by its name. */
static const char *error_of(const struct side *side, const struct place *place)
{
	const struct kapi_error_spec *error;

	kapi_for_each_clause(error, side->spec, KAPI_ERRORS)
		if (error->code == kapi_clause_error(place->clause))
			return error->name;
	return "";
}

static bool is_same(const struct side *old, const struct place *a, const struct side *new,
		    const struct place *b, bool for_same_error)
{
	return a->clause->kind == b->clause->kind && !strcmp(a->clause->name, b->clause->name) &&
	       (!for_same_error || !strcmp(error_of(old, a), error_of(new, b)));
}

static void pair(const struct side *old, struct place *place, const struct side *new,
		 bool for_same_error)
{
	for (unsigned int i = 0; i < new->count && !place->other; i++) {
		struct place *other = &new->place[i];

		if (other->other || !is_same(old, place, new, other, for_same_error))
			continue;
		place->other = other;
		other->other = place;
	}
}

/* By name; of several that have one name, by their errors first. */
static void pair_all(const struct side *old, const struct side *new)
{
	for (unsigned int i = 0; i < old->count; i++)
		pair(old, &old->place[i], new, true);
	for (unsigned int i = 0; i < old->count; i++)
		pair(old, &old->place[i], new, false);
}

static void diff_clause(struct diff *diff, const struct side *old, const struct place *place,
			const struct side *new)
{
	const struct kapi_category *cat = &kapi_categories[place->clause->kind];
	const struct part before = { old->spec, place->clause };
	struct part after = { new->spec };

	if (!place->other) {
		report(diff, old->spec->name, place->label, REMOVED, NULL, NULL, NULL);
		return;
	}
	after.fields = place->other->clause;
	diff_fields(diff, place->label, cat->key, cat->fields, &before, &after);
}

/* === Order ================================================================ */

static int compare_positions(const void *a, const void *b)
{
	const struct place *const *l = a, *const *r = b;

	return (int)(*l)->position - (int)(*r)->position;
}

static bool is_param(const struct place *place)
{
	return place->clause->kind == KAPI_PARAMS;
}

static bool is_reason(const struct place *place)
{
	return kapi_clause_error(place->clause);
}

/* The names of those that are in both specs, in the order of this one. */
static char *order_text(const struct side *side, bool (*is_wanted)(const struct place *place))
{
	const struct place **list = allocate(side->count + 1, sizeof(*list));
	char *text = allocate(side->count + 1, KAPI_LABEL_LEN + 2);
	unsigned int i, count = 0;
	size_t len = 0;

	for (i = 0; i < side->count; i++)
		if (side->place[i].other && is_wanted(&side->place[i]))
			list[count++] = &side->place[i];
	qsort(list, count, sizeof(*list), compare_positions);
	for (i = 0; i < count; i++)
		len += sprintf(text + len, "%s%s", i ? ", " : "", list[i]->clause->name);
	free(list);
	return text;
}

static void diff_order(struct diff *diff, const char *label, const struct side *old,
		       const struct side *new, bool (*is_wanted)(const struct place *place))
{
	char *before = order_text(old, is_wanted), *after = order_text(new, is_wanted);

	if (strcmp(before, after))
		report(diff, old->spec->name, label, DIFFERENT, "order", before, after);
	free(before);
	free(after);
}

/* === Specs ================================================================ */

static void diff_clauses(struct diff *diff, const struct kernel_api_spec *old,
			 const struct kernel_api_spec *new)
{
	struct side before = list_clauses(old), after = list_clauses(new);
	unsigned int i;

	pair_all(&before, &after);
	for (i = 0; i < before.count; i++)
		diff_clause(diff, &before, &before.place[i], &after);
	for (i = 0; i < after.count; i++)
		if (!after.place[i].other)
			report(diff, new->name, after.place[i].label, ADDED, NULL, NULL, NULL);
	diff_order(diff, "params", &before, &after, is_param);
	if (old->in_order && new->in_order)
		diff_order(diff, "errors", &before, &after, is_reason);
	free(before.place);
	free(after.place);
}

static void diff_specs(struct diff *diff, const struct kernel_api_spec *old,
		       const struct kernel_api_spec *new)
{
	struct part before = { old, old }, after = { new, new };

	diff_fields(diff, "", "spec", &kapi_spec_fields, &before, &after);
	before.fields = &old->return_spec;
	after.fields = &new->return_spec;
	diff_fields(diff, "returns", "returns", &kapi_return_fields, &before, &after);
	diff_clauses(diff, old, new);
}

/* A spec in only one set is just reported as added or removed. */
void diff_named(struct diff *diff, const char *name)
{
	const struct item *old = specs_find(&diff->past, name);
	const struct item *new = specs_find(&diff->base, name);

	if (old && new)
		diff_specs(diff, old->spec, new->spec);
	else if (!specs_rejected(old ? &diff->base : &diff->past, name))
		report(diff, name, "", old ? REMOVED : ADDED, NULL, NULL, NULL);
}

/* Both are sorted. */
void diff_all(struct diff *diff)
{
	const struct specs *past = &diff->past, *base = &diff->base;
	size_t i = 0, j = 0;

	while (i < past->count || j < base->count) {
		const char *old = i < past->count ? past->item[i].spec->name : NULL;
		const char *new = j < base->count ? base->item[j].spec->name : NULL;
		int order = !old ? 1 : !new ? -1 : strcmp(old, new);

		diff_named(diff, order <= 0 ? old : new);
		i += order <= 0;
		j += order >= 0;
	}
}
