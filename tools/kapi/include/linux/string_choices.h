/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/types.h>

static inline const char *str_true_false(bool v)
{
	return v ? "true" : "false";
}
