/* SPDX-License-Identifier: GPL-2.0 */
#undef _NSIG
#define _NSIG		128	/* the most that an architecture has */
