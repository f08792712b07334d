// SPDX-License-Identifier: GPL-2.0
/*
 * The specs of an image as structs of this program.
 *
 * The image's note gives the place of each member in the image. Its place here
 * comes from the same list in <linux/kapi_layout.h>, in the same order.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum kind {
	STRUCT,
	NUMBER,
	FLAG,
	TEXT,
	CONDITION,
	CLAUSES,
	RETURN_SPEC,
	LOCKS,
};

/* Of a member, by its type. */
#define KIND_OF(member)							\
	(__same_type(member, bool) ? FLAG :				\
	 __same_type(member, const char *) ? TEXT :			\
	 __same_type(member, const struct kapi_condition *) ? CONDITION : \
	 __same_type(member, ((struct kapi_clauses *)NULL)->clause) ? CLAUSES : \
	 __same_type(member, struct kapi_return_spec) ? RETURN_SPEC :	\
	 __same_type(member, struct kapi_lock_spec[KAPI_MAX_PLAIN_LOCKS]) ? LOCKS : \
	 NUMBER)

#define STRUCT_HERE(s)	{ #s, 0, sizeof(struct s), STRUCT },
#define MEMBER_HERE(s, m)						\
	{ #s "." #m, offsetof(struct s, m), sizeof_field(struct s, m),	\
	  KIND_OF(((struct s *)NULL)->m) },

/* In the order of the note. */
static const struct {
	const char *name;
	unsigned int offset;
	unsigned int size;
	enum kind kind;
} here[] = {
	KAPI_LAYOUT(STRUCT_HERE, MEMBER_HERE)
};

/* The place of each struct in the note, and of each member. */
#define STRUCT_PLACE(s)		IN_##s,
#define MEMBER_PLACE(s, m)	IN_##s##_##m,
enum { KAPI_LAYOUT(STRUCT_PLACE, MEMBER_PLACE) };

/* By enum kapi_kind. */
static const unsigned int clause_place[] = {
	[KAPI_LOCKS] = IN_kapi_lock_spec,
	[KAPI_PARAMS] = IN_kapi_param_spec,
	[KAPI_ERRORS] = IN_kapi_error_spec,
	[KAPI_CONSTRAINTS] = IN_kapi_constraint_spec,
	[KAPI_CAPABILITIES] = IN_kapi_capability_spec,
	[KAPI_SIGNALS] = IN_kapi_signal_spec,
	[KAPI_SIDE_EFFECTS] = IN_kapi_side_effect_spec,
	[KAPI_STATE_TRANS] = IN_kapi_state_trans_spec,
	[KAPI_POSTCONDITIONS] = IN_kapi_constraint_spec,
	[KAPI_INCLUDED] = IN_kapi_clauses,
};

static_assert(ARRAY_SIZE(clause_place) == KAPI_INCLUDED + 1);

/* Blocks, clauses and conditions that several specs have are read once. */
struct object {
	u64 address;
	unsigned int place;
	void *copy;
};

struct reader {
	const struct image *image;
	void *objects;
};

/* === The note ============================================================= */

static struct kapi_place there(const struct image *image, unsigned int place)
{
	const char *bytes = image->places + place * sizeof(struct kapi_place);

	return (struct kapi_place) {
		.offset = image_number(image, bytes, sizeof(u16)),
		.size = image_number(image, bytes + sizeof(u16), sizeof(u16)),
	};
}

/* A member's size in the image; that of pointers and structs may differ. */
static unsigned int size_there(const struct image *image, unsigned int place)
{
	unsigned int pointer = image->is_64bit ? sizeof(u64) : sizeof(u32);

	switch (here[place].kind) {
	case TEXT:
	case CONDITION:
		return pointer;
	case CLAUSES:
		return KAPI_MAX_CLAUSES * pointer;
	case RETURN_SPEC:
		return there(image, IN_kapi_return_spec).size;
	case LOCKS:
		return KAPI_MAX_PLAIN_LOCKS * there(image, IN_kapi_lock_spec).size;
	default:
		return here[place].size;
	}
}

static void check_layout(const struct image *image)
{
	unsigned int whole = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(here); i++) {
		struct kapi_place place = there(image, i);

		if (here[i].kind == STRUCT)
			whole = place.size;
		else if (place.size != size_there(image, i))
			fail(image->file->path, "%s is %u bytes long instead of %u; use the program from its kernel tree",
			     here[i].name, place.size, size_there(image, i));
		if (!place.size || place.offset + place.size > whole)
			fail(image->file->path, "its note has %s outside of its struct",
			     here[i].name);
	}
}

static bool has_member(unsigned int place, unsigned int offset)
{
	for (place++; place < ARRAY_SIZE(here) && here[place].kind != STRUCT; place++)
		if (here[place].offset == offset)
			return true;
	return false;
}

static void check_members(const struct kapi_fields *fields, unsigned int place)
{
	const struct kapi_field *f;

	kapi_for_each_field(f, fields)
		if ((!has_member(place, f->offset) && !has_member(IN_kapi_clause, f->offset)) ||
		    (f->only_if && !has_member(place, f->if_offset)))
			fail("<linux/kapi_layout.h>", "a member for \"%s\" of struct %s is missing from KAPI_LAYOUT()",
			     f->key, here[place].name);
}

/* Catches a new member that was not added to KAPI_LAYOUT(). */
static void check_list(void)
{
	check_members(&kapi_spec_fields, IN_kernel_api_spec);
	check_members(&kapi_return_fields, IN_kapi_return_spec);
	for (unsigned int kind = 0; kind < KAPI_KINDS; kind++)
		check_members(kapi_categories[kind].fields, clause_place[kind]);
}

/* === Objects ============================================================== */

static int compare_objects(const void *a, const void *b)
{
	const struct object *l = a, *r = b;

	if (l->address != r->address)
		return l->address < r->address ? -1 : 1;
	return (int)l->place - (int)r->place;
}

/* The object at an address; @is_new if it is yet to be read. */
static struct object *find_object(struct reader *r, u64 address, unsigned int place, bool *is_new)
{
	struct object *object = allocate(1, sizeof(*object)), **found;

	*object = (struct object) { .address = address, .place = place };
	found = tsearch(object, &r->objects, compare_objects);
	*is_new = *found == object;
	if (*is_new)
		object->copy = allocate(1, here[place].size);
	else
		free(object);
	return *found;
}

static void read_struct(struct reader *r, unsigned int place, u64 address, void *copy);

static const struct kapi_condition *read_condition(struct reader *r, u64 address)
{
	struct object *object;
	bool is_new;

	if (!address)
		return NULL;
	object = find_object(r, address, IN_kapi_condition, &is_new);
	if (is_new)
		read_struct(r, IN_kapi_condition, address, object->copy);
	return object->copy;
}

static unsigned int kind_of(struct reader *r, u64 address)
{
	struct kapi_place place = there(r->image, IN_kapi_clause_kind);

	return image_number(r->image, image_bytes(r->image, address + place.offset, place.size),
			    place.size);
}

static const void *read_clause(struct reader *r, u64 address, bool is_in_block)
{
	struct object *object;
	unsigned int kind;
	bool is_new;

	if (!address)
		return NULL;
	kind = kind_of(r, address);
	if (kind >= ARRAY_SIZE(clause_place) || (is_in_block && kind == KAPI_INCLUDED))
		fail(r->image->file->path, "at %#llx is a clause of kind %u, which does not exist",
		     (unsigned long long)address, kind);
	object = find_object(r, address, clause_place[kind], &is_new);
	if (is_new) {
		read_struct(r, IN_kapi_clause, address, object->copy);
		read_struct(r, clause_place[kind], address, object->copy);
	}
	return object->copy;
}

static void read_clauses(struct reader *r, unsigned int place, u64 address, const void **copy)
{
	size_t size = r->image->is_64bit ? sizeof(u64) : sizeof(u32);

	for (unsigned int i = 0; i < KAPI_MAX_CLAUSES; i++)
		copy[i] = read_clause(r, image_pointer(r->image, address + i * size),
				      place == IN_kapi_clauses_clause);
}

static void read_locks(struct reader *r, u64 address, struct kapi_lock_spec *copy)
{
	for (unsigned int i = 0; i < KAPI_MAX_PLAIN_LOCKS; i++) {
		if (kind_of(r, address) != KAPI_LOCKS)
			fail(r->image->file->path, "at %#llx is no lock, where one must be",
			     (unsigned long long)address);
		read_struct(r, IN_kapi_clause, address, &copy[i]);
		read_struct(r, IN_kapi_lock_spec, address, &copy[i]);
		address += there(r->image, IN_kapi_lock_spec).size;
	}
}

static u64 read_number(struct reader *r, unsigned int place, u64 address)
{
	const char *bytes = image_bytes(r->image, address, here[place].size);
	u64 number = image_number(r->image, bytes, here[place].size);

	if (here[place].kind == FLAG && number > 1)
		fail(r->image->file->path, "%s at %#llx is %llu, neither true nor false",
		     here[place].name, (unsigned long long)address, (unsigned long long)number);
	return number;
}

static void read_member(struct reader *r, unsigned int place, u64 address, void *copy)
{
	switch (here[place].kind) {
	case TEXT:
		address = image_pointer(r->image, address);
		*(const char **)copy = address ? image_text(r->image, address) : NULL;
		break;
	case CONDITION:
		address = image_pointer(r->image, address);
		*(const struct kapi_condition **)copy = read_condition(r, address);
		break;
	case CLAUSES:
		read_clauses(r, place, address, copy);
		break;
	case RETURN_SPEC:
		read_struct(r, IN_kapi_return_spec, address, copy);
		break;
	case LOCKS:
		read_locks(r, address, copy);
		break;
	default:
		put_number(copy, here[place].size, read_number(r, place, address));
	}
}

static void read_struct(struct reader *r, unsigned int place, u64 address, void *copy)
{
	/* All of it must be there, in one section. */
	image_bytes(r->image, address, there(r->image, place).size);
	for (place++; place < ARRAY_SIZE(here) && here[place].kind != STRUCT; place++)
		read_member(r, place, address + there(r->image, place).offset,
			    copy + here[place].offset);
}

/* === Specs ================================================================ */

/* A module's name: its file name up to the first dot, with '-' as '_'. */
static const char *owner_of(const struct image *image)
{
	const char *slash = strrchr(image->file->path, '/');
	char *name;

	if (image->is_linked)
		return "vmlinux";
	name = strdup(slash ? slash + 1 : image->file->path);
	name[strcspn(name, ".")] = '\0';
	strreplace(name, '-', '_');
	return name;
}

/* Returns false for a file without any. */
bool read_image(struct specs *specs, const struct file *file)
{
	struct image image;
	struct reader r = { .image = &image };
	u64 offset, stride;
	const char *owner;

	check_list();
	if (!image_open(&image, file))
		return false;
	check_layout(&image);
	owner = owner_of(&image);
	stride = there(&image, IN_kernel_api_spec).size;
	if (image.specs_size % stride)
		fail(file->path, ".kapi_specs has %llu bytes, which is no multiple of %llu",
		     (unsigned long long)image.specs_size, (unsigned long long)stride);
	for (offset = 0; offset < image.specs_size; offset += stride) {
		struct kernel_api_spec *spec = allocate(1, sizeof(*spec));

		read_struct(&r, IN_kernel_api_spec, image.specs + offset, spec);
		specs_add(specs, spec, owner, file->path);
	}
	tdestroy(r.objects, free);
	image_close(&image);
	return true;
}
