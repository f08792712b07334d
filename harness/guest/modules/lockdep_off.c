// SPDX-License-Identifier: GPL-2.0
/* Switches lockdep off, as its first finding does; it cannot be switched on again. */
#include <linux/debug_locks.h>
#include <linux/module.h>

static int __init lockdep_off_init(void)
{
	debug_locks_off();
	return 0;
}
module_init(lockdep_off_init);

MODULE_DESCRIPTION("Switches lockdep off");
MODULE_LICENSE("GPL");
