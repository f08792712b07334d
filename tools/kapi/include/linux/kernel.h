/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KAPI_LINUX_KERNEL_H
#define _KAPI_LINUX_KERNEL_H

#include_next <linux/kernel.h>

/* The C library's requires a message. */
#undef static_assert
#define static_assert(expr, ...)	_Static_assert(expr, "" __VA_ARGS__)

/* The one in tools/include lacks parentheses around its arguments. */
#undef max_t
#define max_t(type, x, y)	max((type)(x), (type)(y))

/* Nothing that is shown of an image depends on the options of its kernel. */
#define IS_ENABLED(option)	false

#endif /* _KAPI_LINUX_KERNEL_H */
