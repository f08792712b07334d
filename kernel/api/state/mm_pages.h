/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_API_STATE_MM_PAGES_H
#define _KERNEL_API_STATE_MM_PAGES_H

#include <linux/bits.h>
#include <linux/types.h>

struct kapi_call;
struct kapi_mm_view;
struct vm_area_struct;

/* What is seen of a page; a mask. */
#define PAGE_THERE	BIT(0)	/* it is mapped */
#define PAGE_WANTED	BIT(1)	/* get_user_pages() would have to fault it in */
#define PAGE_EMPTY	BIT(2)	/* nothing is there, not even a swap entry */
#define PAGE_NEW	BIT(3)	/* likewise, anonymous: it needs only memory */
#define PAGE_UNREAD	BIT(4)	/* likewise, of a shared mapping whose file has not cached it */
#define PAGE_DIRTY	BIT(5)
#define PAGE_UNLOCKED	BIT(6)	/* nobody else maps it, and it is not mlocked */
#define PAGE_MLOCKED	BIT(7)	/* nobody else maps it, it is mlocked, with no other reference */
#define PAGE_ASTRAY	BIT(8)	/* on the wrong list, with no other reference */
#define PAGE_TO_LOCK	BIT(9)	/* mlock() must find it */
#define PAGE_TO_UNLOCK	BIT(10)	/* munlock() must find it; mlocked only once */
#define PAGE_FIRST	BIT(11)	/* it is new, and no other of its VMA comes before it */
#define PAGE_GUARD	BIT(12)	/* an anonymous one, of a guard region */

bool kapi_have_pages(struct kapi_call *call, unsigned long start, unsigned long end,
		     unsigned long flags);
struct vm_area_struct *kapi_look_again(struct kapi_mm_view *view, unsigned int i);

#endif /* _KERNEL_API_STATE_MM_PAGES_H */
