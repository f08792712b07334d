// SPDX-License-Identifier: GPL-2.0
/* Allocations that are made to fail while a call runs: not all of these have a tracepoint. */
#include <linux/sched.h>
#include <linux/slab.h>
#include <trace/events/fault_injection.h>

#include "validate.h"

static void probe_fault_injected(void *data, ssize_t size)
{
	struct kapi_call *call;

	kapi_for_each_running(call)
		call->failed_allocs++;
}

DEFINE_KAPI_PROBE(fault_injected);
