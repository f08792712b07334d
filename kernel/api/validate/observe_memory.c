// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations that fail while a call runs. kapi_alloc_failed() knows which failures are not
 * seen here.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include <trace/events/kmem.h>

#include "validate.h"

static void see_allocation(const void *ptr)
{
	struct kapi_call *call;

	if (likely(ptr))
		return;
	kapi_for_each_running(call)
		call->failed_allocs++;
}

static void probe_kmalloc(void *data, unsigned long call_site, const void *ptr,
			  size_t bytes_req, size_t bytes_alloc, gfp_t gfp_flags, int node)
{
	see_allocation(ptr);
}

static void probe_kmem_cache_alloc(void *data, unsigned long call_site, const void *ptr,
				   struct kmem_cache *s, gfp_t gfp_flags, int node)
{
	see_allocation(ptr);
}

static void probe_mm_page_alloc(void *data, struct page *page, unsigned int order,
				gfp_t gfp_flags, int migratetype)
{
	see_allocation(page);
}

DEFINE_KAPI_PROBE(kmalloc);
DEFINE_KAPI_PROBE(kmem_cache_alloc);
DEFINE_KAPI_PROBE(mm_page_alloc);
