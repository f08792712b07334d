// SPDX-License-Identifier: GPL-2.0
/*
 * An ELF file, of any class and byte order: what lies at an address, and where a pointer
 * leads to. Nothing in it is trusted.
 *
 * In a module, which is not linked, an address is an offset in the file.
 */
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

struct section {
	u64 address;
	u64 size;
	const char *bytes;
};

struct relocation {
	u64 where;
	u64 target;
};

/* === Lookup =============================================================== */

static int compare_sections(const void *a, const void *b)
{
	const struct section *l = a, *r = b;

	return l->address < r->address ? -1 : l->address > r->address;
}

static int compare_relocations(const void *a, const void *b)
{
	const struct relocation *l = a, *r = b;

	return l->where < r->where ? -1 : l->where > r->where;
}

/* The last section that begins at or below the address, if it reaches that far. */
static const struct section *find_section(const struct image *image, u64 address)
{
	size_t low = 0, high = image->sections;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (image->section[mid].address <= address)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || address - image->section[low - 1].address >= image->section[low - 1].size)
		fail(image->file->path, "nothing lies at %#llx, where a spec points to",
		     (unsigned long long)address);
	return &image->section[low - 1];
}

/* Bytes in the file; they need not be aligned. */
const char *image_bytes(const struct image *image, u64 address, u64 size)
{
	const struct section *section = find_section(image, address);
	u64 offset = address - section->address;

	if (size > section->size - offset)
		fail(image->file->path, "what a spec points to at %#llx goes beyond its section",
		     (unsigned long long)address);
	return section->bytes + offset;
}

const char *image_text(const struct image *image, u64 address)
{
	const struct section *section = find_section(image, address);
	u64 offset = address - section->address;

	if (!memchr(section->bytes + offset, '\0', section->size - offset))
		fail(image->file->path, "the text at %#llx has no end",
		     (unsigned long long)address);
	return section->bytes + offset;
}

/* An unsigned number of 1 to 8 bytes. */
u64 image_number(const struct image *image, const char *bytes, size_t size)
{
	bool is_big = image->is_swapped == (__BYTE_ORDER == __LITTLE_ENDIAN);
	u64 number = 0;

	for (size_t i = 0; i < size; i++)
		number = number << 8 | (u8)bytes[is_big ? i : size - 1 - i];
	return number;
}

/* Where the pointer at this address leads to; 0 if nowhere. */
u64 image_pointer(const struct image *image, u64 address)
{
	const struct relocation key = { .where = address }, *found;
	size_t size = image->is_64bit ? sizeof(u64) : sizeof(u32);

	found = !image->relocations ? NULL :
		bsearch(&key, image->relocation, image->relocations, sizeof(key),
			compare_relocations);
	return found ? found->target :
		image_number(image, image_bytes(image, address, size), size);
}

/* === Sections ============================================================= */

/* Whether it is in memory when the kernel runs, and in the file. */
static bool is_loaded(const GElf_Shdr *header)
{
	return header->sh_flags & SHF_ALLOC && header->sh_type != SHT_NOBITS && header->sh_size;
}

static u64 address_of(const struct image *image, const GElf_Shdr *header)
{
	return image->is_linked ? header->sh_addr : header->sh_offset;
}

static GElf_Shdr header_of(const struct image *image, Elf_Scn *scn)
{
	GElf_Shdr header;

	if (!scn || !gelf_getshdr(scn, &header))
		fail(image->file->path, "a section header cannot be read: %s", elf_errmsg(-1));
	return header;
}

static void add_section(struct image *image, const GElf_Shdr *header, const char *name)
{
	const struct file *file = image->file;

	if (header->sh_offset > file->size || header->sh_size > file->size - header->sh_offset)
		fail(file->path, "section %s goes beyond the end: is the file truncated?", name);
	image->section = grow(image->section, image->sections, sizeof(*image->section));
	image->section[image->sections++] = (struct section) {
		.address = address_of(image, header),
		.size = header->sh_size,
		.bytes = file->data + header->sh_offset,
	};
	if (!strcmp(name, ".kapi_specs")) {
		image->specs = address_of(image, header);
		image->specs_size = header->sh_size;
	}
}

/* === The note ============================================================= */

static Elf_Data *data_of(const struct image *image, Elf_Scn *scn)
{
	Elf_Data *data = elf_getdata(scn, NULL);

	if (!data)
		fail(image->file->path, "a section cannot be read: %s", elf_errmsg(-1));
	return data;
}

static void check_version(const struct image *image, const GElf_Nhdr *note)
{
	size_t size = sizeof_field(struct kapi_note, place);

	if (note->n_type != KAPI_LAYOUT_VERSION || note->n_descsz != size)
		fail(image->file->path, "its specs have layout %u of %u bytes, but this program knows %u of %zu; use the one from its kernel tree",
		     note->n_type, note->n_descsz, KAPI_LAYOUT_VERSION, size);
}

/* Each file of a module that has specs has a note, and all say the same. */
static void read_notes(struct image *image, Elf_Scn *scn)
{
	Elf_Data *data = data_of(image, scn);
	size_t offset = 0, name, desc;
	GElf_Nhdr note;

	while ((offset = gelf_getnote(data, offset, &note, &name, &desc))) {
		if (note.n_namesz != sizeof(KAPI_NOTE_NAME) ||
		    strcmp((char *)data->d_buf + name, KAPI_NOTE_NAME))
			continue;
		check_version(image, &note);
		image->places = (char *)data->d_buf + desc;
		image->places_size = note.n_descsz;
	}
}

/* === Relocations ========================================================== */

static void add_relocation(struct image *image, u64 where, u64 target)
{
	image->relocation = grow(image->relocation, image->relocations,
				 sizeof(*image->relocation));
	image->relocation[image->relocations++] = (struct relocation) { where, target };
}

/* 0 for a symbol that this file does not define. */
static u64 symbol_address(const struct image *image, Elf_Data *symbols, size_t index)
{
	GElf_Shdr header;
	GElf_Sym symbol;

	if (!index)
		return 0;
	if (!symbols || !gelf_getsym(symbols, index, &symbol))
		fail(image->file->path, "a relocation uses symbol %zu, which is not there", index);
	if (image->is_linked)
		return symbol.st_value;
	if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE)
		return 0;
	header = header_of(image, elf_getscn(image->elf, symbol.st_shndx));
	return address_of(image, &header) + symbol.st_value;
}

/* Relocations that the linker left for load time or for a relocated kernel. */
static void read_rela(struct image *image, Elf_Data *data, Elf_Data *symbols, u64 base)
{
	GElf_Rela rela;

	for (int i = 0; gelf_getrela(data, i, &rela); i++)
		add_relocation(image, base + rela.r_offset, rela.r_addend +
			       symbol_address(image, symbols, GELF_R_SYM(rela.r_info)));
}

/* REL: the addend is stored at the place of the pointer. */
static void read_rel(struct image *image, Elf_Data *data, Elf_Data *symbols, u64 base)
{
	size_t size = image->is_64bit ? sizeof(u64) : sizeof(u32);
	GElf_Rel rel;

	for (int i = 0; gelf_getrel(data, i, &rel); i++) {
		u64 where = base + rel.r_offset;
		u64 addend = image_number(image, image_bytes(image, where, size), size);

		add_relocation(image, where, addend +
			       symbol_address(image, symbols, GELF_R_SYM(rel.r_info)));
	}
}

/* Whether a table may relocate specs; @base is added to its offsets. */
static bool is_wanted(const struct image *image, const GElf_Shdr *table, u64 *base)
{
	GElf_Shdr header;

	*base = 0;
	if (table->sh_type != SHT_RELA && (table->sh_type != SHT_REL || image->is_linked))
		return false;
	if (image->is_linked)
		return table->sh_flags & SHF_ALLOC;
	header = header_of(image, elf_getscn(image->elf, table->sh_info));
	*base = address_of(image, &header);
	return is_loaded(&header) && !(header.sh_flags & SHF_EXECINSTR);
}

static void read_relocations(struct image *image, Elf_Scn *scn)
{
	GElf_Shdr table = header_of(image, scn);
	Elf_Data *data, *symbols = NULL;
	u64 base;

	if (!is_wanted(image, &table, &base))
		return;
	data = data_of(image, scn);
	if (table.sh_link)
		symbols = elf_getdata(elf_getscn(image->elf, table.sh_link), NULL);
	if (table.sh_type == SHT_RELA)
		read_rela(image, data, symbols, base);
	else
		read_rel(image, data, symbols, base);
}

/* === All of it ============================================================ */

static void open_elf(struct image *image)
{
	const struct file *file = image->file;
	GElf_Ehdr header;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory(file->data, file->size);
	if (!elf || !gelf_getehdr(elf, &header))
		fail(file->path, "not a valid ELF file: %s", elf_errmsg(-1));
	image->is_64bit = header.e_ident[EI_CLASS] == ELFCLASS64;
	image->is_swapped = (header.e_ident[EI_DATA] == ELFDATA2MSB) !=
			    (__BYTE_ORDER == __BIG_ENDIAN);
	image->is_linked = header.e_type != ET_REL;
	image->elf = elf;
}

static void read_sections(struct image *image)
{
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(image->elf, &names))
		fail(image->file->path, "its sections have no names: %s", elf_errmsg(-1));
	while ((scn = elf_nextscn(image->elf, scn))) {
		GElf_Shdr header = header_of(image, scn);

		const char *name = elf_strptr(image->elf, names, header.sh_name);

		if (is_loaded(&header))
			add_section(image, &header, name ?: "");
		if (header.sh_type == SHT_NOTE)
			read_notes(image, scn);
	}
	if (image->sections)
		qsort(image->section, image->sections, sizeof(*image->section), compare_sections);
}

/* Specs that were read stay valid: their texts are in the file, which is kept. */
void image_close(struct image *image)
{
	elf_end(image->elf);
	free(image->section);
	free(image->relocation);
}

/* Whether the file has specs at all. */
bool image_open(struct image *image, const struct file *file)
{
	Elf_Scn *scn = NULL;

	*image = (struct image) { .file = file };
	open_elf(image);
	read_sections(image);
	if (!image->specs_size) {
		image_close(image);
		return false;
	}
	if (!image->places)
		fail(file->path, "it has specs, but no note on their layout; was it made by another version of KAPI?");
	while ((scn = elf_nextscn(image->elf, scn)))
		read_relocations(image, scn);
	if (image->relocations)
		qsort(image->relocation, image->relocations, sizeof(*image->relocation),
		      compare_relocations);
	return true;
}
