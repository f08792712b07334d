/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kapi

#if !defined(_TRACE_KAPI_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_KAPI_H

#include <linux/tracepoint.h>

/*
 * A call that violated a clause of its spec returns, or a caller breaks a rule
 * of the function it calls (misused). The caller is 0 for system calls. The
 * format has no double quotes: user space sees them unescaped and fails to
 * parse them.
 */
TRACE_EVENT(kapi_violation,
	    TP_PROTO(const char *spec, const char *clause,
		     const char *expected, const char *observed, bool misused,
		     unsigned long caller),

	    TP_ARGS(spec, clause, expected, observed, misused, caller),

	    TP_STRUCT__entry(__string(spec, spec)
			     __string(clause, clause)
			     __string(expected, expected)
			     __string(observed, observed)
			     __field(bool, misused)
			     __field(unsigned long, caller)),

	    TP_fast_assign(__assign_str(spec);
			   __assign_str(clause);
			   __assign_str(expected);
			   __assign_str(observed);
			   __entry->misused = misused;
			   __entry->caller = caller;),

	    TP_printk("spec=%s clause=%s expected='%s' observed='%s' misused=%d caller=%pS",
		      __get_str(spec), __get_str(clause),
		      __get_str(expected), __get_str(observed), __entry->misused,
		      (void *)__entry->caller)
);

#endif /* _TRACE_KAPI_H */

/* This part must be outside protection */
#include <trace/define_trace.h>
