/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/limits.h>

#ifndef S64_MAX
#define S64_MAX		0x7fffffffffffffffLL
#endif
