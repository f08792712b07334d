/* SPDX-License-Identifier: GPL-2.0 */
/* What conditions ask for when they run, which they do not here. */
struct kapi_call;
