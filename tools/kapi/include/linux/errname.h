/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers are those of the image's architecture, so names are only known from its specs. */
static inline const char *errname(int err)
{
	return NULL;
}
