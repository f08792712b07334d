/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KAPI_LINUX_STRING_H
#define _KAPI_LINUX_STRING_H

#include_next <linux/string.h>
#include <linux/kernel.h>

/* Without a size it is that of the array. */
#undef strscpy
#define strscpy(dest, src, ...)						\
	scnprintf(dest, CONCATENATE(strscpy_size, COUNT_ARGS(__VA_ARGS__))(dest, ##__VA_ARGS__), \
		  "%s", src)
#define strscpy_size0(dest)		(sizeof(dest) + __must_be_array(dest))
#define strscpy_size1(dest, size)	(size)

static inline size_t str_has_prefix(const char *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(s, prefix, len) ? 0 : len;
}

#endif /* _KAPI_LINUX_STRING_H */
