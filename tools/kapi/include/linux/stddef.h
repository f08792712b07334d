/* SPDX-License-Identifier: GPL-2.0 */
#include <stddef.h>

#define sizeof_field(TYPE, MEMBER)	sizeof((*(TYPE *)NULL).MEMBER)
