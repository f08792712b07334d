// SPDX-License-Identifier: GPL-2.0
/*
 * A function's prototype, as BTF has it: of the running kernel, a vmlinux, or an object
 * file. That of a module refers to its kernel's, and cannot be read on its own.
 */
#include <libelf.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "draft.h"

#define BTF_MAGIC	0xeb9f
#define MAX_DEPTH	16	/* a type of a type of a type */

enum {
	BTF_INT = 1, BTF_PTR, BTF_ARRAY, BTF_STRUCT, BTF_UNION, BTF_ENUM, BTF_FWD, BTF_TYPEDEF,
	BTF_VOLATILE, BTF_CONST, BTF_RESTRICT, BTF_FUNC, BTF_PROTO, BTF_VAR, BTF_DATASEC,
	BTF_FLOAT, BTF_DECL_TAG, BTF_TYPE_TAG, BTF_ENUM64, BTF_KINDS,
};

struct header {
	u16 magic;
	u8 version;
	u8 flags;
	u32 length;
	u32 types, types_size;
	u32 texts, texts_size;
};

struct type {
	u32 name;
	u32 info;
	u32 type;	/* or its size */
};

struct btf_param {
	u32 name;
	u32 type;
};

/**
 * struct btf - the types of an image
 * @path: the file
 * @texts: their names, with a 0 behind the last
 * @texts_size: of them
 * @type: by number; that of number 0 is void
 * @types: of them
 */
struct btf {
	const char *path;
	const char *texts;
	size_t texts_size;
	const struct type **type;
	size_t types;
};

static unsigned int kind_of(const struct type *t)
{
	return t->info >> 24 & 0x1f;
}

static unsigned int count_of(const struct type *t)
{
	return t->info & 0xffff;
}

/* Of what follows a type. */
static size_t size_behind(const struct type *t)
{
	static const u8 each[BTF_KINDS] = {
		[BTF_STRUCT] = 12, [BTF_UNION] = 12, [BTF_ENUM] = 8, [BTF_PROTO] = 8,
		[BTF_DATASEC] = 12, [BTF_ENUM64] = 12,
	};
	static const u8 once[BTF_KINDS] = {
		[BTF_INT] = 4, [BTF_ARRAY] = 12, [BTF_VAR] = 4, [BTF_DECL_TAG] = 4,
	};

	return once[kind_of(t)] + count_of(t) * each[kind_of(t)];
}

static const char *text_at(const struct btf *btf, u32 offset)
{
	if (offset >= btf->texts_size)
		fail(btf->path, "its BTF has no name at %u", offset);
	return btf->texts + offset;
}

static const struct type *type_of(const struct btf *btf, u32 number)
{
	if (number >= btf->types)
		fail(btf->path, "its BTF has no type %u", number);
	return btf->type[number];
}

/* === Reading ============================================================== */

static void read_types(struct btf *btf, const char *data, size_t size)
{
	static const struct type void_type;
	const struct type *t;
	size_t at = 0, left;

	btf->type = grow(btf->type, 0, sizeof(*btf->type));
	btf->type[btf->types++] = &void_type;
	for (; at < size; at += sizeof(*t) + size_behind(t)) {
		t = (const struct type *)(data + at);
		left = size - at;
		if (left < sizeof(*t) || kind_of(t) >= BTF_KINDS || !kind_of(t) ||
		    left < sizeof(*t) + size_behind(t))
			fail(btf->path, "its BTF has no type at %zu that is known", at);
		btf->type = grow(btf->type, btf->types, sizeof(*btf->type));
		btf->type[btf->types++] = t;
	}
}

static void read_btf(struct btf *btf, const char *data, size_t size)
{
	const struct header *h = (const struct header *)data;

	if (size < sizeof(*h) || h->magic != BTF_MAGIC)
		fail(btf->path, "no BTF of this machine's byte order is in it");
	if (h->version != 1 || h->length < sizeof(*h) || h->length > size ||
	    h->types > size - h->length || h->types_size > size - h->length - h->types ||
	    h->texts > size - h->length || h->texts_size > size - h->length - h->texts ||
	    h->types % 4 || h->length % 4)
		fail(btf->path, "its BTF is of another version, or was cut");
	btf->texts = data + h->length + h->texts;
	btf->texts_size = h->texts_size;
	if (!btf->texts_size || btf->texts[btf->texts_size - 1])
		fail(btf->path, "the names in its BTF have no end");
	read_types(btf, data + h->length + h->types, h->types_size);
}

/* Copies the section, as it may not be aligned in the file. */
static char *find_section(const struct file *file, size_t *size)
{
	Elf *elf;
	Elf_Scn *section = NULL;
	Elf_Data *data;
	GElf_Shdr header;
	size_t names;
	char *copy = NULL;

	elf_version(EV_CURRENT);
	elf = elf_memory(file->data, file->size);
	if (!elf || elf_getshdrstrndx(elf, &names))
		fail(file->path, "it cannot be read as an ELF file: %s", elf_errmsg(-1));
	while (!copy && (section = elf_nextscn(elf, section))) {
		const char *name = gelf_getshdr(section, &header) ?
				   elf_strptr(elf, names, header.sh_name) : NULL;

		if (!name || strcmp(name, ".BTF"))
			continue;
		data = elf_rawdata(section, NULL);
		if (!data || !data->d_buf)
			break;
		*size = data->d_size;
		copy = memcpy(allocate(1, *size), data->d_buf, *size);
	}
	elf_end(elf);
	if (!copy)
		fail(file->path, "it has no BTF; was it built with CONFIG_DEBUG_INFO_BTF?");
	return copy;
}

/* === Names ================================================================ */

/* As the kernel writes what DWARF has in another order. */
static const char *plain_name(const char *name)
{
	static const char *const names[][2] = {
		{ "long unsigned int", "unsigned long" },
		{ "long int", "long" },
		{ "long long unsigned int", "unsigned long long" },
		{ "long long int", "long long" },
		{ "short unsigned int", "unsigned short" },
		{ "short int", "short" },
		{ "_Bool", "bool" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i][0]))
			return names[i][1];
	return name;
}

static __printf(1, 2) const char *print(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		fail("memory", "there is not enough");
	va_end(args);
	return text;
}

/* The type in C; NULL if it has no name or would enclose the declared name. */
static const char *type_name(const struct btf *btf, u32 number, int depth)
{
	const struct type *t = type_of(btf, number);
	const char *name = text_at(btf, t->name), *of = NULL;

	switch (kind_of(t)) {
	case 0:
		return "void";
	case BTF_INT:
	case BTF_FLOAT:
	case BTF_TYPEDEF:
		return *name ? plain_name(name) : NULL;
	case BTF_STRUCT:
		return *name ? print("struct %s", name) : NULL;
	case BTF_UNION:
		return *name ? print("union %s", name) : NULL;
	case BTF_ENUM:
	case BTF_ENUM64:
		return *name ? print("enum %s", name) : NULL;
	case BTF_FWD:
		return print("%s %s", t->info >> 31 ? "union" : "struct", name);
	case BTF_PTR:
	case BTF_CONST:
	case BTF_VOLATILE:
	case BTF_RESTRICT:
	case BTF_TYPE_TAG:
		break;
	default:
		return NULL;
	}
	of = depth < MAX_DEPTH ? type_name(btf, t->type, depth + 1) : NULL;
	if (!of)
		return NULL;
	if (kind_of(t) == BTF_PTR)
		return print("%s%s*", of, of[strlen(of) - 1] == '*' ? "" : " ");
	if (kind_of(t) == BTF_TYPE_TAG)
		return strcmp(name, "user") ? of : print("%s __user", of);
	if (kind_of(t) == BTF_RESTRICT || kind_of(type_of(btf, t->type)) == BTF_PTR)
		return of;	/* a qualifier of the parameter itself */
	return print("%s %s", kind_of(t) == BTF_CONST ? "const" : "volatile", of);
}

/* === The command ========================================================== */

static const struct type *find_prototype(const struct btf *btf, const char *name)
{
	const struct type *t;

	for (size_t i = 0; i < btf->types; i++) {
		if (kind_of(btf->type[i]) != BTF_FUNC ||
		    strcmp(text_at(btf, btf->type[i]->name), name))
			continue;
		t = type_of(btf, btf->type[i]->type);
		return kind_of(t) == BTF_PROTO ? t : NULL;
	}
	return NULL;
}

/* Without those that have no name: what comes behind "...". */
static bool add_params(struct function *f, const struct btf *btf, const struct type *proto)
{
	const struct btf_param *p = (const struct btf_param *)(proto + 1);

	for (unsigned int i = 0; i < count_of(proto); i++) {
		const char *type = type_name(btf, p[i].type, 0), *name = text_at(btf, p[i].name);

		if (!type || !*name || !strcmp(type, "void"))
			return false;
		add_param(f, btf->path, type, name);
	}
	return true;
}

/* Adds what BTF says of a function, which need not be in it. */
void read_prototype(struct function *f, const char *path)
{
	const struct type *proto;
	struct btf btf = { .path = path };
	struct file file;
	size_t size;
	char *data;

	read_file(&file, path);
	data = file.data;
	size = file.size;
	if (size > 4 && !memcmp(data, "\177ELF", 4))
		data = find_section(&file, &size);
	read_btf(&btf, data, size);
	proto = find_prototype(&btf, function_name(f));
	if (!proto || is_syscall(f))
		return;
	f->params = 0;
	f->has_params = add_params(f, &btf, proto);
	f->params = f->has_params ? f->params : 0;
	f->returns = type_name(&btf, proto->type, 0);
}
