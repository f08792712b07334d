/* SPDX-License-Identifier: GPL-2.0 */
/* Allocations of the calling task that fail, by the kernel's fault injection. */
#ifndef KAPI_FAULT_H
#define KAPI_FAULT_H

#include <stdbool.h>

bool can_fail_allocations(void);
void put_back_fault_settings(void);
int fail_allocation(int n);
bool allocation_failed(void);

#endif /* KAPI_FAULT_H */
