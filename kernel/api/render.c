// SPDX-License-Identifier: GPL-2.0
/*
 * The walk over a spec. It is the only one: formats differ in kapi_emit_ops.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <kunit/visibility.h>

#include "kapi.h"

static __printf(3, 4) void render_number(struct kapi_emit *e, const struct kapi_field *f,
					 const char *fmt, ...)
{
	char buf[24];
	va_list args;

	va_start(args, fmt);
	vscnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	e->ops->number(e, f->key, buf);
}

/* A bound below the lower one, as signed, is meant unsigned: ULONG_MAX. */
static void render_upper(struct kapi_emit *e, const struct kapi_field *f,
			 const void *clause, s64 value)
{
	s64 lower = *(const s64 *)(clause + f->offset - sizeof(s64));

	render_number(e, f, value < lower ? "%llu" : "%lld", value);
}

static void render_bits(struct kapi_emit *e, const struct kapi_field *f, s64 value)
{
	char buf[24];

	scnprintf(buf, sizeof(buf), "%#llx", value);
	e->ops->text(e, f->key, buf);
}

/* By name, as numbers differ between architectures. */
static void render_errno(struct kapi_emit *e, const struct kapi_field *f, s64 value)
{
	char buf[24];

	scnprintf(buf, sizeof(buf), "%pe", ERR_PTR(value));
	if (value)
		e->ops->text(e, f->key, buf);
}

static void render_snapshot_value(struct kapi_emit *e, const struct kapi_field *f, s64 value)
{
	if (value)
		e->ops->text(e, f->key, e->spec->snapshot->names[value - 1]);
}

static void render_value(struct kapi_emit *e, const struct kapi_field *f, const void *clause)
{
	s64 value = kapi_field_value(f, clause);

	switch (f->kind) {
	case KAPI_FIELD_OPT_ENUM:
		if (!value)
			break;
		fallthrough;
	case KAPI_FIELD_ENUM:
		e->ops->text(e, f->key, f->names->name[value]);
		break;
	case KAPI_FIELD_VALUE:
		render_snapshot_value(e, f, value);
		break;
	case KAPI_FIELD_FLAGS:
		e->ops->words(e, f->key, f->names, value);
		break;
	case KAPI_FIELD_BOOL:
		e->ops->flag(e, f->key, value);
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
	if (!kapi_field_applies(f, clause))
		return;
	if (f->kind != KAPI_FIELD_TEXT && f->kind != KAPI_FIELD_OPT_TEXT)
		render_value(e, f, clause);
	else if (kapi_field_text(f, clause))
		e->ops->text(e, f->key, kapi_field_text(f, clause));
}

static void render_fields(struct kapi_emit *e, const struct kapi_fields *fields,
			  const void *clause)
{
	const struct kapi_field *f;

	kapi_for_each_field(f, fields)
		render_field(e, f, clause);
}

static void open(struct kapi_emit *e, const char *key, bool list)
{
	e->ops->open(e, key, list);
	e->depth++;
	e->fresh = true;
}

static void close(struct kapi_emit *e, bool list)
{
	e->depth--;
	e->ops->close(e, list);
	e->fresh = false;
}

static void render_group(struct kapi_emit *e, const char *key,
			 const struct kapi_fields *fields, const void *clause)
{
	open(e, key, false);
	render_fields(e, fields, clause);
	close(e, false);
}

static void render_category(struct kapi_emit *e, const struct kapi_category *cat,
			    const struct kernel_api_spec *spec)
{
	unsigned int i, count = kapi_count_entries(spec, cat);

	open(e, cat->key, true);
	for (i = 0; i < count; i++)
		render_group(e, NULL, cat->fields, kapi_clause(spec, cat, i));
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

	open(&e, NULL, false);
	ops->text(&e, "name", spec->name);
	render_fields(&e, &kapi_spec_fields, spec);
	render_group(&e, "returns", &kapi_return_fields, &spec->return_spec);
	for (i = 0; i < KAPI_CATEGORIES; i++)
		render_category(&e, &kapi_categories[i], spec);
	close(&e, false);
}
EXPORT_SYMBOL_IF_KUNIT(kapi_render);

/**
 * kapi_utf8_len - is there a character here that can be printed as it is?
 * @s: a string, not at its end
 *
 * Follows RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
 *
 * Return: its bytes, 1 to 4; 0 if this is no UTF-8.
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
