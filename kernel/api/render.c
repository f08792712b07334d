// SPDX-License-Identifier: GPL-2.0
/*
 * The walk over a spec. It is the only one: formats differ in kapi_emit_ops.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <kunit/visibility.h>

#include "kapi.h"

/* === Fields =============================================================== */

static __printf(3, 4) void render_number(struct kapi_emit *e, const struct kapi_field *f,
					 const char *fmt, ...)
{
	char buf[24];
	va_list args;

	va_start(args, fmt);
	vscnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	e->ops->number(e, f, buf);
}

/* An upper bound that is signed below the lower one is unsigned, such as ULONG_MAX. */
static void render_upper(struct kapi_emit *e, const struct kapi_field *f,
			 const void *clause, s64 value)
{
	s64 lower = *(const s64 *)(clause + f->offset - sizeof(s64));

	render_number(e, f, value < lower ? "%llu" : "%lld", value);
}

static const struct kapi_error_spec *find_error(const struct kernel_api_spec *spec, s32 code)
{
	const struct kapi_error_spec *error;

	kapi_for_each_clause(error, spec, KAPI_ERRORS)
		if (error->code == code)
			return error;
	return NULL;
}

/* By name, as numbers differ between architectures. */
static void render_errno(struct kapi_emit *e, const struct kapi_field *f, s64 value)
{
	const struct kapi_error_spec *error = find_error(e->spec, value);
	char buf[24];

	if (error)
		scnprintf(buf, sizeof(buf), "%s%s", error->is_null ? "" : "-", error->name);
	else
		scnprintf(buf, sizeof(buf), "%pe", ERR_PTR(value));
	e->ops->text(e, f, buf);
}

static void render_bits(struct kapi_emit *e, const struct kapi_field *f, s64 value)
{
	char buf[24];

	scnprintf(buf, sizeof(buf), "%#llx", value);
	e->ops->text(e, f, buf);
}

static bool is_left_out(const struct kapi_field *f, s64 value)
{
	return !value && (f->kind == KAPI_FIELD_OPT_ENUM || f->kind == KAPI_FIELD_OPT_FLAGS ||
			  f->kind == KAPI_FIELD_OPT_ERRNO);
}

static void render_value(struct kapi_emit *e, const struct kapi_field *f, const void *clause)
{
	s64 value = kapi_field_value(f, clause);

	if (!value && f->implied)
		value = f->implied(clause);
	if (is_left_out(f, value))
		return;
	switch (f->kind) {
	case KAPI_FIELD_ENUM:
	case KAPI_FIELD_OPT_ENUM:
		e->ops->choice(e, f, value);
		break;
	case KAPI_FIELD_FLAGS:
	case KAPI_FIELD_OPT_FLAGS:
		e->ops->words(e, f, value);
		break;
	case KAPI_FIELD_BOOL:
		e->ops->flag(e, f, value);
		break;
	case KAPI_FIELD_OPT_ERRNO:
		render_errno(e, f, value);
		break;
	case KAPI_FIELD_UPPER:
		render_upper(e, f, clause, value);
		break;
	case KAPI_FIELD_BITS:
		render_bits(e, f, value);
		break;
	default:
		render_number(e, f, "%lld", value);
	}
}

static void render_field(struct kapi_emit *e, const struct kapi_field *f, const void *clause)
{
	bool is_text = f->kind == KAPI_FIELD_TEXT || f->kind == KAPI_FIELD_OPT_TEXT;
	const void *p;

	if (!kapi_field_applies(f, clause))
		return;
	if (!is_text && f->kind != KAPI_FIELD_CONDITION) {
		render_value(e, f, clause);
		return;
	}
	p = kapi_field_pointer(f, clause);
	if (p && is_text)
		e->ops->text(e, f, p);
	else if (p)
		e->ops->condition(e, f, p);
}

static void render_fields(struct kapi_emit *e, const struct kapi_fields *fields,
			  const void *clause)
{
	const struct kapi_field *f;

	kapi_for_each_field(f, fields)
		render_field(e, f, clause);
}

/* === Groups =============================================================== */

static void open(struct kapi_emit *e, const char *key, const char *title, bool list)
{
	e->ops->open(e, key, title, list);
	e->depth++;
	e->fresh = true;
}

static void open_clause(struct kapi_emit *e, const struct kapi_clause *c)
{
	e->clause = c;
	open(e, NULL, NULL, false);
}

static void close(struct kapi_emit *e, bool list)
{
	e->depth--;
	e->ops->close(e, list);
	e->fresh = false;
}

/* The reason for an error: its place among all reasons, and its kind. */
static const struct kapi_field order_field = { .key = "order", .because = "%. " };
static const struct kapi_field kind_field = { .key = "kind" };

/* The valid values of a parameter are shown with it, not again here. */
static void render_reason(struct kapi_emit *e, const struct kapi_clause *c, unsigned int order)
{
	const struct kapi_category *cat = &kapi_categories[c->kind];

	open_clause(e, c);
	if (e->spec->in_order)
		render_number(e, &order_field, "%u", order);
	e->ops->text(e, &kind_field, cat->key);
	render_fields(e, c->kind == KAPI_PARAMS ? &kapi_param_reason_fields : cat->fields, c);
	close(e, false);
}

static void render_reasons(struct kapi_emit *e, s32 code)
{
	struct kapi_walk walk = { .spec = e->spec };
	const struct kapi_clause *c;
	unsigned int order = 0;

	open(e, "reasons", NULL, true);
	while ((c = kapi_next_clause(&walk))) {
		order += !!kapi_clause_error(c);
		if (kapi_clause_error(c) == code)
			render_reason(e, c, order);
	}
	close(e, true);
}

/* Reasons are shown under their errors only; parameters have a place of their own. */
static bool is_elsewhere(const struct kapi_emit *e, const struct kapi_clause *c)
{
	s32 code = kapi_clause_error(c);

	return code && c->kind != KAPI_PARAMS && find_error(e->spec, code);
}

static void render_category(struct kapi_emit *e, enum kapi_kind kind)
{
	const struct kapi_category *cat = &kapi_categories[kind];
	const struct kapi_clause *c;

	open(e, cat->key, cat->title, true);
	kapi_for_each_clause(c, e->spec, kind) {
		if (is_elsewhere(e, c))
			continue;
		open_clause(e, c);
		render_fields(e, cat->fields, c);
		if (kind == KAPI_ERRORS)
			render_reasons(e, ((const struct kapi_error_spec *)c)->code);
		close(e, false);
	}
	close(e, true);
}

/**
 * kapi_render - write out a spec
 * @m: where
 * @ops: in which format
 * @spec: a spec that was accepted
 */
void kapi_render(struct seq_file *m, const struct kapi_emit_ops *ops,
		 const struct kernel_api_spec *spec)
{
	struct kapi_emit e = { .m = m, .spec = spec, .ops = ops, .fresh = true };
	unsigned int i;

	open(&e, NULL, NULL, false);
	render_fields(&e, &kapi_spec_head_fields, spec);
	open(&e, "returns", NULL, false);
	render_fields(&e, &kapi_return_fields, &spec->return_spec);
	close(&e, false);
	for (i = 0; i < KAPI_KINDS; i++)
		render_category(&e, kapi_kinds[i]);
	render_fields(&e, &kapi_spec_last_fields, spec);
	close(&e, false);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_render);

/**
 * kapi_utf8_len - the length of a UTF-8 character
 * @s: a string, not at its end
 *
 * Follows RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
 *
 * Return: its bytes, 1 to 4; 0 if it is not UTF-8.
 */
unsigned int kapi_utf8_len(const char *s)
{
	static const u32 smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const u8 *b = s;
	unsigned int i, len;
	u32 c;

	if (b[0] < 0x80)
		return 1;
	len = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
	c = b[0] & (0x7f >> len);
	if (b[0] < 0xc2 || b[0] > 0xf4)
		return 0;
	for (i = 1; i < len; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (b[i] & 0x3f);
	}
	if (c < smallest[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return len;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_utf8_len);
