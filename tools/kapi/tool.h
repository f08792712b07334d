/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of tools/kapi share.
 *
 *   kapi.c         options and commands
 *   source.c       where specs come from: an image, specs.json, a running kernel
 *   image.c        an ELF file: bytes at an address, targets of pointers
 *   layout.c       an image's specs as structs of <linux/kernel_api_spec.h>
 *   json.c         a JSON parser; json_spec.c: specs.json as those structs
 *   specs.c        the specs read, checked and sorted
 *   doc.c          specs as a document; doc_man.c, doc_rst.c, doc_html.c: its formats
 *   diff.c         what changed between two sets of specs; compare.c: in one field
 *   cover.c        what runs exercised; cover_report.c: what is missing
 *   draft.c        a first spec of a function; draft.h
 *   kernel.c       kernel functions that kernel/api/ needs
 *
 * The vocabulary, the checks of specs and both formats are built from the files
 * in kernel/api/, unchanged.
 */
#ifndef _KAPI_TOOL_H
#define _KAPI_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../../kernel/api/kapi.h"

/* Exit codes, the same as those of scripts/check-uapi.sh. */
enum status {
	SAME,
	CHANGED,
	CANNOT_TELL,
};

/* Names the file and the reason, and ends the program. */
__noreturn __printf(2, 3) void fail(const char *path, const char *fmt, ...);
/* Says how it is used, and ends the program. */
__noreturn void fail_usage(void);
void *allocate(size_t count, size_t size);
void *grow(void *array, size_t count, size_t size);
void put_number(void *member, size_t size, u64 number);

/* === Specs ================================================================ */

/* A spec that the kernel would accept, the @number-th that was read. */
struct item {
	const struct kernel_api_spec *spec;
	const char *owner;
	const char *path;
	size_t number;
};

/**
 * struct specs - specs read, sorted by name once specs_sort() was called
 * @item: them
 * @count: of them
 * @reject: names of the specs that the kernel would reject
 * @rejected: how many
 */
struct specs {
	struct item *item;
	size_t count;
	const char **reject;
	size_t rejected;
};

void specs_add(struct specs *specs, const struct kernel_api_spec *spec, const char *owner,
	       const char *path);
bool specs_rejected(const struct specs *specs, const char *name);
void specs_sort(struct specs *specs);
const struct item *specs_find(const struct specs *specs, const char *name);

/* === Sources ============================================================== */

/* The contents of a file, decompressed. */
struct file {
	const char *path;
	char *data;
	size_t size;
	bool is_mapped;
};

void read_source(struct specs *specs, const char *path);
void read_file(struct file *file, const char *path);
bool read_image(struct specs *specs, const struct file *file);
bool read_json(struct specs *specs, const struct file *file);

/* === Images =============================================================== */

struct Elf;
struct section;
struct relocation;

/**
 * struct image - an ELF file that has specs
 * @file: the file
 * @elf: libelf's view of it
 * @is_64bit: the size of its pointers
 * @is_swapped: its byte order is not ours
 * @is_linked: a vmlinux, not a module
 * @section: the sections that are loaded into memory, sorted by address
 * @sections: how many
 * @relocation: pointers whose target is in a relocation, sorted by address
 * @relocations: how many
 * @specs: the address of .kapi_specs
 * @specs_size: its bytes
 * @places: struct kapi_place for each struct and member, as they lie in the file
 * @places_size: its bytes
 */
struct image {
	const struct file *file;
	struct Elf *elf;
	bool is_64bit;
	bool is_swapped;
	bool is_linked;
	struct section *section;
	size_t sections;
	struct relocation *relocation;
	size_t relocations;
	u64 specs;
	u64 specs_size;
	const char *places;
	size_t places_size;
};

bool image_open(struct image *image, const struct file *file);
void image_close(struct image *image);
const char *image_bytes(const struct image *image, u64 address, u64 size);
const char *image_text(const struct image *image, u64 address);
u64 image_number(const struct image *image, const char *bytes, size_t size);
u64 image_pointer(const struct image *image, u64 address);

/* === Comparing ============================================================ */

/**
 * struct diff - two sets of specs, sorted, and how to report their changes
 * @past: the old contracts
 * @base: the new ones
 * @is_json: print changes as JSON
 * @ignores_text: do not report changes of wording
 * @changes: how many were reported
 */
struct diff {
	struct specs past;
	struct specs base;
	bool is_json;
	bool ignores_text;
	size_t changes;
};

void diff_named(struct diff *diff, const char *name);
void diff_all(struct diff *diff);

/* === Coverage ============================================================= */

void cover_count(const char *path);
void cover_require(const char *path);
void cover_require_all(void);
enum status cover_report(bool is_junit);

/* === Drafts =============================================================== */

enum status draft(int argc, char **argv);

#endif /* _KAPI_TOOL_H */
