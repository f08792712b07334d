// SPDX-License-Identifier: GPL-2.0
/*
 * Where specs come from: an image or specs.json, compressed or not; a directory of modules;
 * a running kernel's debugfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

/* More than any image has; compressed files can become arbitrarily large. */
#define MAX_SIZE	(1024UL * 1024 * 1024)

/* === Files ================================================================ */

/* Saves memory: only pages that are read are loaded. Pipes cannot be mapped. */
static bool map(struct file *file, int fd)
{
	struct stat st;
	void *data;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size)
		return false;
	data = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return false;
	file->data = data;
	file->size = st.st_size;
	file->is_mapped = true;
	return true;
}

static void release(struct file *file)
{
	if (file->is_mapped)
		munmap(file->data, file->size);
	else
		free(file->data);
	file->is_mapped = false;
}

/* === Compressed files ===================================================== */

static const struct {
	const char magic[7];
	const char *program;
} formats[] = {
	{ "\x1f\x8b", "gzip" },
	{ "\xfd\x37zXZ", "xz" },
	{ "\x28\xb5\x2f\xfd", "zstd" },
};

static const char *program_for(const struct file *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		size_t len = strlen(formats[i].magic);

		if (file->size >= len && !memcmp(file->data, formats[i].magic, len))
			return formats[i].program;
	}
	return NULL;
}

/* Returns a descriptor to read its output from. */
static int start(const char *program, const char *path, pid_t *pid)
{
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC))
		fail(path, "no pipe to %s: %s", program, strerror(errno));
	*pid = fork();
	if (*pid < 0)
		fail(path, "%s cannot be started: %s", program, strerror(errno));
	if (!*pid) {
		int input = open(path, O_RDONLY);

		if (input >= 0 && dup2(input, STDIN_FILENO) >= 0 &&
		    dup2(pipes[1], STDOUT_FILENO) >= 0)
			execlp(program, program, "-dc", NULL);
		_exit(127);
	}
	close(pipes[1]);
	return pipes[0];
}

static void read_all(struct file *file, int fd)
{
	size_t room = 0;
	ssize_t got;

	release(file);
	file->size = 0;
	file->data = NULL;
	do {
		if (room == file->size) {
			room = room ? 2 * room : 1 << 16;
			if (room > MAX_SIZE)
				fail(file->path, "it is larger than %lu bytes", MAX_SIZE);
			file->data = realloc(file->data, room);
			if (!file->data)
				fail(file->path, "not enough memory");
		}
		got = read(fd, file->data + file->size, room - file->size);
		if (got < 0)
			fail(file->path, "%s", strerror(errno));
		file->size += got;
	} while (got);
}

static void decompress(struct file *file, const char *program)
{
	int fd, status;
	pid_t pid;

	fd = start(program, file->path, &pid);
	read_all(file, fd);
	close(fd);
	if (waitpid(pid, &status, 0) != pid || status)
		fail(file->path, "%s -dc failed: not installed, or the file is damaged", program);
}

void read_file(struct file *file, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *program;

	if (fd < 0)
		fail(path, "%s", strerror(errno));
	*file = (struct file) { .path = strdup(path) };
	if (!map(file, fd))
		read_all(file, fd);
	close(fd);
	program = program_for(file);
	if (program)
		decompress(file, program);
}

/* Releases files without specs: there may be thousands of such modules. */
static bool read_specs_or_release(struct specs *specs, struct file *file)
{
	bool has_specs = read_image(specs, file);

	if (!has_specs)
		release(file);
	return has_specs;
}

/* Whether there are specs in it. */
static bool read_specs(struct specs *specs, const char *path)
{
	struct file file;

	read_file(&file, path);
	if (file.size >= 4 && !memcmp(file.data, "\177ELF", 4))
		return read_specs_or_release(specs, &file);
	if (file.size && file.data[strspn(file.data, " \t\r\n")] == '{')
		return read_json(specs, &file);
	fail(path, "neither an ELF image nor JSON; for a kernel, use vmlinux, not the boot image");
}

/* === Directories ========================================================== */

/* Global, as nftw() passes no context to its callback. */
static struct specs *found_specs;
static size_t found_images;

static bool is_module(const char *path)
{
	static const char *const ends[] = { ".ko", ".ko.gz", ".ko.xz", ".ko.zst" };

	size_t len = strlen(path);

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (len > strlen(ends[i]) && !strcmp(path + len - strlen(ends[i]), ends[i]))
			return true;
	return false;
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	bool is_vmlinux = ftw->level == 1 && !strcmp(path + ftw->base, "vmlinux");

	if (type == FTW_F && (is_vmlinux || is_module(path)))
		found_images += read_specs(found_specs, path);
	return 0;
}

static void read_directory(struct specs *specs, const char *path)
{
	char json[PATH_MAX];

	scnprintf(json, sizeof(json), "%s/specs.json", path);
	if (!access(json, F_OK)) {
		read_specs(specs, json);
		return;
	}
	found_specs = specs;
	found_images = 0;
	if (nftw(path, visit, 16, FTW_PHYS))
		fail(path, "%s", strerror(errno));
	if (!found_images)
		fail(path, "no specs in any module below it, nor in its vmlinux");
}

/* Adds what is there; to be sorted. */
void read_source(struct specs *specs, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		fail(path, "%s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		read_directory(specs, path);
	else if (!read_specs(specs, path))
		fail(path, "it has no specs; was it built with CONFIG_KAPI_SPEC?");
}
