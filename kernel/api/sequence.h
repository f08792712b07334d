/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_API_SEQUENCE_H
#define _KERNEL_API_SEQUENCE_H

#include <linux/seq_file.h>

struct kapi_registry;

extern const struct seq_operations kapi_list_sops;
extern const struct seq_operations kapi_json_sops;

int kapi_sequence_open(struct file *file, struct kapi_registry *reg,
		       const struct seq_operations *ops);

#endif /* _KERNEL_API_SEQUENCE_H */
