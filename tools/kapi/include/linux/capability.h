/* SPDX-License-Identifier: GPL-2.0 */
#include "../../../../include/uapi/linux/capability.h"

#define cap_valid(x)	((x) >= 0 && (x) <= CAP_LAST_CAP)
