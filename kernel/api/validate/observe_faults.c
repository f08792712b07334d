// SPDX-License-Identifier: GPL-2.0
/*
 * Faults that are injected while a call runs. The kmem tracepoints do not show every
 * allocation that they fail, so each injected fault counts as one.
 */
#include <trace/events/fault_injection.h>

#include "validate.h"

static void probe_fault_injected(void *data, ssize_t size)
{
	struct kapi_call *call;

	kapi_for_each_running(call)
		call->failed_allocs++;
}

DEFINE_KAPI_PROBE(fault_injected);
