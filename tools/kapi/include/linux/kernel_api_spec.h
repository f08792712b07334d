/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/kernel.h>
#include "../../../../include/linux/kernel_api_spec.h"
