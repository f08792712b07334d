// SPDX-License-Identifier: GPL-2.0
/*
 * specs.json as specs: what kernel/api/render.c writes, read by the same tables.
 *
 * There, reasons are listed under their errors, numbered if they are checked in
 * order. Here, they go back to their places among the parameters.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "tool.h"

/**
 * struct reason - what stands under an error as a reason for it
 * @error: the error
 * @order: the number it has there, or 0
 * @param: of a parameter, which stands among the parameters, its name
 * @clause: of another, the clause; NULL once it is in the spec
 */
struct reason {
	const struct json *error;
	unsigned int order;
	const char *param;
	struct kapi_clause *clause;
};

struct reader {
	const struct file *file;
	const char *name;
	struct kernel_api_spec *spec;
	struct reason *reason;
	size_t reasons;
	unsigned int clauses;
};

/* === Fields =============================================================== */

static int find_name(const struct reader *r, const struct kapi_field *f, const char *name)
{
	for (unsigned int i = 0; i < f->names->count; i++)
		if (f->names->name[i] && !strcmp(f->names->name[i], name))
			return i;
	fail(r->file->path, "%s: this program does not know %s \"%s\"", r->name, f->key, name);
}

static s64 parse_enum(const struct reader *r, const struct kapi_field *f,
		      const struct json *object)
{
	const char *name = json_text(object, f->key);

	return name ? find_name(r, f, name) : 0;
}

static s64 parse_flags(const struct reader *r, const struct kapi_field *f,
		       const struct json *object)
{
	const struct json *name;
	s64 mask = 0;

	json_for_each(name, json_get(object, f->key, JSON_LIST))
		if (name->text)
			mask |= BIT(find_name(r, f, name->text));
	return mask;
}

/* What does not fit as signed is an upper bound that is meant unsigned. */
static s64 parse_number(const struct kapi_field *f, const struct json *object)
{
	const struct json *number = json_get(object, f->key, JSON_NUMBER);

	if (!number)
		return 0;
	return *number->text == '-' ? strtoll(number->text, NULL, 10) :
				      (s64)strtoull(number->text, NULL, 10);
}

static s64 parse_bits(const struct kapi_field *f, const struct json *object)
{
	const char *digits = json_text(object, f->key);

	return digits ? strtoull(digits, NULL, 16) : 0;
}

static s64 parse_flag(const struct kapi_field *f, const struct json *object)
{
	const struct json *word = json_get(object, f->key, JSON_WORD);

	return word && !strcmp(word->text, "true");
}

/* By name, as the numbers are those of the kernel's architecture. */
static s64 parse_errno(const struct reader *r, const struct kapi_field *f,
		       const struct json *object)
{
	const char *name = json_text(object, f->key);
	const struct kapi_error_spec *error;

	if (!name)
		return 0;
	kapi_for_each_clause(error, r->spec, KAPI_ERRORS)
		if (error->name && !strcmp(error->name, name + (*name == '-')))
			return error->code;
	fail(r->file->path, "%s: %s is not among its errors", r->name, name);
}

static s64 parse_value(const struct reader *r, const struct kapi_field *f,
		       const struct json *object)
{
	switch (f->kind) {
	case KAPI_FIELD_ENUM:
	case KAPI_FIELD_OPT_ENUM:
		return parse_enum(r, f, object);
	case KAPI_FIELD_FLAGS:
	case KAPI_FIELD_OPT_FLAGS:
		return parse_flags(r, f, object);
	case KAPI_FIELD_BOOL:
		return parse_flag(f, object);
	case KAPI_FIELD_OPT_ERRNO:
		return parse_errno(r, f, object);
	case KAPI_FIELD_BITS:
		return parse_bits(f, object);
	default:
		return parse_number(f, object);
	}
}

static const struct kapi_condition *parse_condition(const struct json *object, const char *key)
{
	const struct json *value = json_get(object, key, JSON_OBJECT);
	struct kapi_condition *cond;

	if (!value)
		return NULL;
	cond = allocate(1, sizeof(*cond));
	cond->name = json_text(value, "name");
	cond->params = json_text(value, "params");
	cond->text = json_text(value, "text");
	return cond;
}

static void parse_field(const struct reader *r, const struct kapi_field *f,
			const struct json *object, void *clause)
{
	void *member = clause + f->offset;

	if (!kapi_field_applies(f, clause))
		return;
	if (f->kind == KAPI_FIELD_CONDITION)
		*(const struct kapi_condition **)member = parse_condition(object, f->key);
	else if (f->kind == KAPI_FIELD_TEXT || f->kind == KAPI_FIELD_OPT_TEXT)
		*(const char **)member = json_text(object, f->key);
	else
		put_number(member, f->size, parse_value(r, f, object));
}

static void parse_fields(const struct reader *r, const struct kapi_fields *fields,
			 const struct json *object, void *clause)
{
	const struct kapi_field *f;

	kapi_for_each_field(f, fields)
		parse_field(r, f, object, clause);
}

/* === Clauses ============================================================== */

/* Into blocks, as there may be more than a spec has slots. */
static void add_clause(struct reader *r, struct kapi_clause *clause)
{
	unsigned int slot = r->clauses % KAPI_MAX_CLAUSES;
	unsigned int n = r->clauses++ / KAPI_MAX_CLAUSES;
	struct kapi_clauses *block;

	if (n == KAPI_MAX_CLAUSES)
		fail(r->file->path, "%s: it has too many clauses", r->name);
	if (!slot) {
		block = allocate(1, sizeof(*block));
		block->kind = KAPI_INCLUDED;
		block->first = KAPI_MAX_CLAUSES - 1;
		r->spec->clause[n] = block;
	}
	block = (struct kapi_clauses *)r->spec->clause[n];
	block->clause[slot] = clause;
}

/* Room for a clause of any kind. */
union any_clause {
	struct kapi_param_spec param;
	struct kapi_error_spec error;
	struct kapi_constraint_spec constraint;
	struct kapi_capability_spec capability;
	struct kapi_signal_spec signal;
	struct kapi_lock_spec lock;
	struct kapi_side_effect_spec side_effect;
	struct kapi_state_trans_spec state_trans;
};

/* Without a code, the failure is NULL or false rather than an error. */
static void set_null(struct kapi_error_spec *error)
{
	error->is_null = true;
	error->code = KAPI_NULL;
}

static struct kapi_clause *parse_clause(struct reader *r, enum kapi_kind kind,
					const struct json *object)
{
	struct kapi_clause *clause = allocate(1, sizeof(union any_clause));
	struct kapi_param_spec *param = (void *)clause;

	clause->kind = kind;
	if (kind == KAPI_ERRORS && !json_get(object, "code", JSON_NUMBER))
		set_null((void *)clause);
	parse_fields(r, kapi_categories[kind].fields, object, clause);
	if (kind == KAPI_PARAMS)
		param->has_range = param->constraint_type == KAPI_CONSTRAINT_RANGE;
	return clause;
}

static unsigned int order_of(const struct json *reason)
{
	const struct json *order = json_get(reason, "order", JSON_NUMBER);

	return order ? strtoul(order->text, NULL, 10) : 0;
}

static enum kapi_kind kind_of(const struct reader *r, const struct json *reason)
{
	const char *key = json_text(reason, "kind");

	for (unsigned int kind = 0; key && kind < KAPI_KINDS; kind++)
		if (!strcmp(key, kapi_categories[kind].key))
			return kind;
	fail(r->file->path, "%s: this program does not know a reason of kind \"%s\"", r->name,
	     key ?: "");
}

static void parse_reason(struct reader *r, const struct json *error, const struct json *object)
{
	enum kapi_kind kind = kind_of(r, object);
	struct reason reason = { .error = error, .order = order_of(object) };

	if (kind == KAPI_PARAMS)
		reason.param = json_text(object, "name");
	else
		reason.clause = parse_clause(r, kind, object);
	r->reason = grow(r->reason, r->reasons, sizeof(reason));
	r->reason[r->reasons++] = reason;
}

/* Parsing a reason looks its error up by name, so all errors come first. */
static void parse_errors(struct reader *r, const struct json *list)
{
	const struct json *error, *reason;

	json_for_each(error, list)
		add_clause(r, parse_clause(r, KAPI_ERRORS, error));
	json_for_each(error, list)
		json_for_each(reason, json_get(error, "reasons", JSON_LIST))
			parse_reason(r, error, reason);
}

/* By number; those without keep their order. */
static void sort_reasons(struct reader *r)
{
	for (size_t i = 1; i < r->reasons; i++) {
		struct reason reason = r->reason[i];
		size_t j;

		for (j = i; j && r->reason[j - 1].order > reason.order; j--)
			r->reason[j] = r->reason[j - 1];
		r->reason[j] = reason;
	}
}

static void add_reason(struct reader *r, struct reason *reason)
{
	if (reason->clause)
		add_clause(r, reason->clause);
	reason->clause = NULL;
}

/* Reasons that come before a parameter: by number, or under the same error. */
static void add_reasons_before(struct reader *r, const char *param)
{
	size_t end = 0, i;

	while (end < r->reasons && strcmp(r->reason[end].param ?: "", param ?: ""))
		end++;
	for (i = 0; end < r->reasons && i < end; i++)
		if (r->reason[i].order || r->reason[i].error == r->reason[end].error)
			add_reason(r, &r->reason[i]);
}

static void parse_params(struct reader *r, const struct json *list)
{
	const struct json *param;

	sort_reasons(r);
	json_for_each(param, list) {
		add_reasons_before(r, json_text(param, "name"));
		add_clause(r, parse_clause(r, KAPI_PARAMS, param));
	}
	for (size_t i = 0; i < r->reasons; i++)
		add_reason(r, &r->reason[i]);
}

static void parse_others(struct reader *r, const struct json *object, enum kapi_kind kind)
{
	const struct json *clause;

	if (kind == KAPI_PARAMS || kind == KAPI_ERRORS)
		return;
	json_for_each(clause, json_get(object, kapi_categories[kind].key, JSON_LIST))
		add_clause(r, parse_clause(r, kind, clause));
}

/* === Specs ================================================================ */

static const struct kernel_api_spec *parse_spec(const struct file *file,
						const struct json *object)
{
	struct kernel_api_spec *spec = allocate(1, sizeof(*spec));
	struct reader r = {
		.file = file, .spec = spec, .name = json_text(object, "name") ?: "a spec",
	};

	spec->first = KAPI_MAX_CLAUSES - 1;
	parse_fields(&r, &kapi_spec_fields, object, spec);
	parse_fields(&r, &kapi_return_fields, json_get(object, "returns", JSON_OBJECT),
		     &spec->return_spec);
	parse_errors(&r, json_get(object, "errors", JSON_LIST));
	parse_params(&r, json_get(object, "params", JSON_LIST));
	for (unsigned int i = 0; i < KAPI_KINDS; i++)
		parse_others(&r, object, kapi_kinds[i]);
	free(r.reason);
	return spec;
}

static void check_version(const struct file *file, const struct json *document)
{
	const struct json *version = json_get(document, "version", JSON_NUMBER);

	if (!version)
		fail(file->path, "it does not say of which version it is; is it a specs.json?");
	if (strtoul(version->text, NULL, 10) != KAPI_JSON_VERSION)
		fail(file->path, "it is of version %s, but this program knows %d; use the one from its kernel tree",
		     version->text, KAPI_JSON_VERSION);
}

/* The owner is not in the JSON. Returns true even if it has no specs. */
bool read_json(struct specs *specs, const struct file *file)
{
	const struct json *document = json_parse(file), *list, *object;

	check_version(file, document);
	list = json_get(document, "specs", JSON_LIST);
	if (!list)
		fail(file->path, "it has no list of specs");
	json_for_each(object, list)
		specs_add(specs, parse_spec(file, object), "-", file->path);
	return true;
}
