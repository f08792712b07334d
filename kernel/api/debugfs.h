/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_API_DEBUGFS_H
#define _KERNEL_API_DEBUGFS_H

struct module;

#ifdef CONFIG_KAPI_SPEC_DEBUGFS
void kapi_debugfs_init(void);
void kapi_debugfs_add(const struct module *owner);
void kapi_debugfs_remove(const struct module *owner);
#else
static inline void kapi_debugfs_init(void) { }
static inline void kapi_debugfs_add(const struct module *owner) { }
static inline void kapi_debugfs_remove(const struct module *owner) { }
#endif

#endif /* _KERNEL_API_DEBUGFS_H */
