// SPDX-License-Identifier: GPL-2.0
/*
 * What the files of kernel/api/ call and user space does not have; and what fails here.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

void fail(const char *path, const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "kapi: %s: ", path);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(CANNOT_TELL);
}

void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		fail("memory", "there is not enough");
	return memory;
}

/* Makes room for one more behind @count entries. */
void *grow(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array;
	array = reallocarray(array, count ? 2 * count : 1, size);
	if (!array)
		fail("memory", "there is not enough");
	return array;
}

/* Members are 1, 2 or 8 bytes wide. */
void put_number(void *member, size_t size, u64 number)
{
	switch (size) {
	case sizeof(u8):
		*(u8 *)member = number;
		break;
	case sizeof(u16):
		*(u16 *)member = number;
		break;
	case sizeof(u64):
		*(u64 *)member = number;
		break;
	default:
		abort();
	}
}

/* === printf =============================================================== */

/* One conversion, "%#llx" say, of those that kernel/api/ uses. */
struct conversion {
	char text[16];
	bool is_long;
	int stars;
};

/* Returns what follows it; of "%pe", an error code, the "e" belongs to it. */
static const char *parse_conversion(const char *fmt, struct conversion *c)
{
	size_t len = 1 + strcspn(fmt + 1, "csduxp%") + 1;

	if (len >= sizeof(c->text))
		abort();
	*c = (struct conversion) { .is_long = memchr(fmt, 'l', len) || memchr(fmt, 'z', len) };
	c->stars = memchr(fmt, '*', len) ? 1 : 0;
	memcpy(c->text, fmt, len);
	return fmt + len + (fmt[len - 1] == 'p' ? 1 : 0);
}

#define print_as(type)							\
	(c->stars ? snprintf(buf, size, c->text, stars, va_arg(*args, type)) : \
		    snprintf(buf, size, c->text, va_arg(*args, type)))

static int print_one(char *buf, size_t size, const struct conversion *c, va_list *args)
{
	int stars = c->stars ? va_arg(*args, int) : 0;

	switch (c->text[strlen(c->text) - 1]) {
	case '%':
		return snprintf(buf, size, "%%");
	case 's':
		return print_as(const char *);
	case 'p':
		return snprintf(buf, size, "%ld", va_arg(*args, long));
	}
	if (c->is_long)
		return print_as(long long);
	return print_as(int);
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list list)
{
	struct conversion c;
	size_t len = 0;
	va_list args;

	va_copy(args, list);
	while (*fmt && len + 1 < size) {
		if (*fmt != '%') {
			buf[len++] = *fmt++;
			continue;
		}
		fmt = parse_conversion(fmt, &c);
		len += print_one(buf + len, size - len, &c, &args);
	}
	va_end(args);
	len = min(len, size - 1);
	buf[len] = '\0';
	return len;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}
