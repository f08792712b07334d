/* SPDX-License-Identifier: GPL-2.0 */
#include "../../../../include/linux/kernel_api_spec.h"
