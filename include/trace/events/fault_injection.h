/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM fault_injection

#if !defined(_TRACE_FAULT_INJECTION_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_FAULT_INJECTION_H

#include <linux/tracepoint.h>

/* A fault is injected. @size is what was passed to should_fail_ex(): bytes, for an allocation. */
TRACE_EVENT(fault_injected,
	    TP_PROTO(ssize_t size),

	    TP_ARGS(size),

	    TP_STRUCT__entry(__field(ssize_t, size)),

	    TP_fast_assign(__entry->size = size;),

	    TP_printk("size=%zd", __entry->size)
);

#endif /* _TRACE_FAULT_INJECTION_H */

/* This part must be outside protection */
#include <trace/define_trace.h>
