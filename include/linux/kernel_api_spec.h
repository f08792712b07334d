/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Machine-readable API specifications, written beside the code they describe.
 *
 * How to write one: Documentation/dev-tools/kernel-api-spec.rst
 */
#ifndef _LINUX_KERNEL_API_SPEC_H
#define _LINUX_KERNEL_API_SPEC_H

#include <linux/args.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/kapi_layout.h>
#include <linux/kapi_state.h>
#include <linux/limits.h>
#include <linux/signal_types.h>
#include <linux/types.h>

/* Most clauses of a spec, or of a block of clauses; more of them do not compile. */
#define KAPI_MAX_CLAUSES	40
/* Most locks of a spec that are written as plain fields. */
#define KAPI_MAX_PLAIN_LOCKS	1

/*
 * Every enum below starts at 1, so that an omitted field is not mistaken for a choice, and
 * ends in a count, which kernel/api/vocabulary.c checks against its names. The exceptions are
 * enums in which "none" is a choice.
 */

/* The kinds of clauses. Locks are 0, as a lock written as a plain field has no kind. */
enum kapi_kind {
	KAPI_LOCKS,
	KAPI_PARAMS,
	KAPI_ERRORS,
	KAPI_CONSTRAINTS,
	KAPI_CAPABILITIES,
	KAPI_SIGNALS,
	KAPI_SIDE_EFFECTS,
	KAPI_STATE_TRANS,
	KAPI_POSTCONDITIONS,
	KAPI_KINDS,
	KAPI_INCLUDED = KAPI_KINDS,	/* a block of clauses */
} __packed;

/* Where a function may be called from; a mask, see KAPI_CONTEXT(). */
#define KAPI_CTX_PROCESS		BIT(0)
#define KAPI_CTX_SOFTIRQ		BIT(1)
#define KAPI_CTX_HARDIRQ		BIT(2)
#define KAPI_CTX_NMI			BIT(3)
#define KAPI_CTX_ATOMIC			BIT(4)
#define KAPI_CTX_SLEEPABLE		BIT(5)	/* the call may sleep */
#define KAPI_CTX_PREEMPT_DISABLED	BIT(6)
#define KAPI_CTX_IRQ_DISABLED		BIT(7)
#define KAPI_CTX_ALL			(BIT(8) - 1)
/* A call that may sleep cannot be made from any of these. */
#define KAPI_CTX_NO_SLEEP		(KAPI_CTX_ALL & ~(KAPI_CTX_PROCESS | KAPI_CTX_SLEEPABLE))

/* What a parameter or a return value holds; 0 if its C type says enough. */
enum kapi_type {
	KAPI_TYPE_VOID = 1,
	KAPI_TYPE_INT,
	KAPI_TYPE_UINT,
	KAPI_TYPE_PTR,
	KAPI_TYPE_STRUCT,
	KAPI_TYPE_UNION,
	KAPI_TYPE_ENUM,
	KAPI_TYPE_FUNC_PTR,
	KAPI_TYPE_ARRAY,
	KAPI_TYPE_FD,
	KAPI_TYPE_USER_PTR,
	KAPI_TYPE_PATH,
	KAPI_TYPE_CUSTOM,
	KAPI_TYPE_COUNT
} __packed;

/* How a parameter is passed; a mask. 0 is an input. */
#define KAPI_PARAM_IN		BIT(0)
#define KAPI_PARAM_OUT		BIT(1)
#define KAPI_PARAM_INOUT	(KAPI_PARAM_IN | KAPI_PARAM_OUT)
#define KAPI_PARAM_OPTIONAL	BIT(2)
#define KAPI_PARAM_CONST	BIT(3)
#define KAPI_PARAM_VOLATILE	BIT(4)
#define KAPI_PARAM_USER		BIT(5)
#define KAPI_PARAM_DMA		BIT(6)
#define KAPI_PARAM_ALIGNED	BIT(7)
#define KAPI_PARAM_ALL		(BIT(8) - 1)

/* Which values of a parameter are valid. */
enum kapi_constraint_type {
	KAPI_CONSTRAINT_NONE,
	KAPI_CONSTRAINT_RANGE,	/* KAPI_PARAM_RANGE(min, max) */
	KAPI_CONSTRAINT_MASK,	/* no bit outside .valid_mask */
	KAPI_CONSTRAINT_ENUM,	/* listed in .constraints */
	KAPI_CONSTRAINT_CUSTOM,	/* described in .constraints */
	KAPI_CONSTRAINT_TYPE_COUNT
} __packed;

/* How a return value tells success from failure. */
enum kapi_return_check {
	KAPI_RETURN_EXACT = 1,	/* success is .success_value */
	KAPI_RETURN_RANGE,	/* success is .success_min to .success_max */
	KAPI_RETURN_ERROR_CHECK, /* failure is -MAX_ERRNO to -1, or an ERR_PTR() */
	KAPI_RETURN_FD,		/* success is a file descriptor, 0 or more */
	KAPI_RETURN_POINTER,	/* failure is NULL */
	KAPI_RETURN_BOOL,	/* failure is 0 */
	KAPI_RETURN_NO_RETURN,	/* does not return */
	KAPI_RETURN_VOID,	/* returns nothing */
	KAPI_RETURN_CHECK_COUNT
} __packed;

enum kapi_lock_type {
	KAPI_LOCK_NONE,		/* lockless, see the description */
	KAPI_LOCK_MUTEX,
	KAPI_LOCK_SPINLOCK,
	KAPI_LOCK_RWLOCK,
	KAPI_LOCK_SEQLOCK,
	KAPI_LOCK_RCU,
	KAPI_LOCK_SEMAPHORE,
	KAPI_LOCK_RWSEM,
	KAPI_LOCK_LOCAL,
	KAPI_LOCK_CUSTOM,
	KAPI_LOCK_TYPE_COUNT
} __packed;

/* How a lock is taken. */
enum kapi_lock_mode {
	KAPI_LOCK_MODE_ANY,
	KAPI_LOCK_MODE_READ,
	KAPI_LOCK_MODE_WRITE,
	KAPI_LOCK_MODE_GUARD,	/* for write while what it guards is changed */
	KAPI_LOCK_MODE_COUNT
} __packed;

/* What a successful call does to a value. */
enum kapi_relation {
	KAPI_NO_RELATION,
	KAPI_BECOMES_ZERO,
	KAPI_UNCHANGED,
	KAPI_DECREASES,
	KAPI_INCREASES,
	KAPI_NOT_INCREASED,
	KAPI_BY_RESULT,		/* increases by what the call returns */
	KAPI_RELATION_COUNT
} __packed;

/* What a call that fails does to the state that the spec's values show. */
enum kapi_failure {
	KAPI_FAILURE_UNSPECIFIED,
	KAPI_FAILURE_IS_ATOMIC,	/* all as it was */
	KAPI_FAILURE_IS_PARTIAL, /* some may be changed, unless an early check failed */
	KAPI_FAILURE_COUNT
} __packed;

/* What the call does with a signal; a mask. */
#define KAPI_SIGNAL_RECEIVE	BIT(0)
#define KAPI_SIGNAL_SEND	BIT(1)
#define KAPI_SIGNAL_HANDLE	BIT(2)
#define KAPI_SIGNAL_BLOCK	BIT(3)
#define KAPI_SIGNAL_IGNORE	BIT(4)
#define KAPI_SIGNAL_ALL		(BIT(5) - 1)

/*
 * In place of an error code, for functions that fail by returning NULL or false. No function
 * returns this value.
 */
#define KAPI_NULL		(-MAX_ERRNO - 1)
#define KAPI_FALSE		KAPI_NULL

/* Instead of a signal's number: any signal that ends the task; any that others choose. */
#define KAPI_SIGNAL_ANY_FATAL	(-1)
#define KAPI_SIGNAL_ANY		(-2)

/* What the signal does to the call, or to the task. */
enum kapi_signal_action {
	KAPI_SIGNAL_ACTION_DEFAULT,
	KAPI_SIGNAL_ACTION_TERMINATE,
	KAPI_SIGNAL_ACTION_COREDUMP,
	KAPI_SIGNAL_ACTION_STOP,
	KAPI_SIGNAL_ACTION_CONTINUE,
	KAPI_SIGNAL_ACTION_CUSTOM,
	KAPI_SIGNAL_ACTION_RETURN,
	KAPI_SIGNAL_ACTION_RESTART,
	KAPI_SIGNAL_ACTION_QUEUE,
	KAPI_SIGNAL_ACTION_DISCARD,
	KAPI_SIGNAL_ACTION_TRANSFORM,
	KAPI_SIGNAL_ACTION_COUNT
} __packed;

/* What a side effect touches; a mask. */
#define KAPI_EFFECT_ALLOC_MEMORY	BIT(0)
#define KAPI_EFFECT_FREE_MEMORY		BIT(1)
#define KAPI_EFFECT_MODIFY_STATE	BIT(2)
#define KAPI_EFFECT_SIGNAL_SEND		BIT(3)
#define KAPI_EFFECT_FILE_POSITION	BIT(4)
#define KAPI_EFFECT_LOCK_ACQUIRE	BIT(5)
#define KAPI_EFFECT_LOCK_RELEASE	BIT(6)
#define KAPI_EFFECT_RESOURCE_CREATE	BIT(7)
#define KAPI_EFFECT_RESOURCE_DESTROY	BIT(8)
#define KAPI_EFFECT_SCHEDULE		BIT(9)
#define KAPI_EFFECT_HARDWARE		BIT(10)
#define KAPI_EFFECT_NETWORK		BIT(11)
#define KAPI_EFFECT_FILESYSTEM		BIT(12)
#define KAPI_EFFECT_PROCESS_STATE	BIT(13)
#define KAPI_EFFECT_IRREVERSIBLE	BIT(14)
#define KAPI_EFFECT_ALL			(BIT(15) - 1)

/* What a capability changes for its holder. */
enum kapi_cap_action {
	KAPI_CAP_BYPASS_CHECK = 1,
	KAPI_CAP_INCREASE_LIMIT,
	KAPI_CAP_OVERRIDE_RESTRICTION,
	KAPI_CAP_GRANT_PERMISSION,
	KAPI_CAP_MODIFY_BEHAVIOR,
	KAPI_CAP_ACCESS_RESOURCE,
	KAPI_CAP_PERFORM_OPERATION,
	KAPI_CAP_ACTION_COUNT
} __packed;

/*
 * Conditions.
 */

/**
 * struct kapi_condition - a condition or a value that the validator can evaluate
 * @name: its name in clauses and labels
 * @text: the C expression, as written
 * @params: the function's parameters, as written: "int fd, size_t count"
 * @eval: evaluates the expression; NULL without CONFIG_KAPI_RUNTIME_CHECKS
 */
struct kapi_condition {
	const char *name;
	const char *text;
	const char *params;
	s64 (*eval)(struct kapi_call *call, const unsigned long *args, long result);
};

/* m(place, type, name) for each parameter of a list (type, name, type, name...). */
#define __KAPI_EACH(m, ...)							\
	CONCATENATE(__KAPI_EACH, COUNT_ARGS(__VA_ARGS__))(m, __VA_ARGS__)
#define __KAPI_EACH0(m, ...)
#define __KAPI_EACH2(m, t, a)				m(0, t, a)
#define __KAPI_EACH4(m, t, a, ...)			\
	__KAPI_EACH2(m, t, a) m(1, __VA_ARGS__)
#define __KAPI_EACH6(m, t, a, u, b, ...)		\
	__KAPI_EACH4(m, t, a, u, b) m(2, __VA_ARGS__)
#define __KAPI_EACH8(m, t, a, u, b, v, c, ...)		\
	__KAPI_EACH6(m, t, a, u, b, v, c) m(3, __VA_ARGS__)
#define __KAPI_EACH10(m, t, a, u, b, v, c, w, d, ...)	\
	__KAPI_EACH8(m, t, a, u, b, v, c, w, d) m(4, __VA_ARGS__)
#define __KAPI_EACH12(m, t, a, u, b, v, c, w, d, x, e, ...) \
	__KAPI_EACH10(m, t, a, u, b, v, c, w, d, x, e) m(5, __VA_ARGS__)

#define __KAPI_DECLARED(i, t, a)	t a,
#define __KAPI_PASSED(i, t, a)		(__force t)args[i],
#define __KAPI_SHOWN(i, t, a)		", " #t " " #a
#define __KAPI_NO_COMMA(text)		(&(text)[sizeof(text) > 1 ? 2 : 0])

/* Two functions: the expression sees the parameters as the function has them. */
#define __KAPI_CONDITION(_id, _text, _params, ...)				\
	static inline s64 __kapi_expr_##_id(__KAPI_EACH(__KAPI_DECLARED, __KAPI_LIST _params) \
					    struct kapi_call *call, long result) \
	{								\
		return (__force s64)(__VA_ARGS__);			\
	}								\
	static inline s64 __kapi_eval_##_id(struct kapi_call *call,	\
					    const unsigned long *args, long result) \
	{								\
		return __kapi_expr_##_id(__KAPI_EACH(__KAPI_PASSED, __KAPI_LIST _params) \
					 call, result);			\
	}								\
	static const struct kapi_condition __maybe_unused __aligned(8) __kapi_cond_##_id = { \
		.name = #_id,						\
		.text = _text,						\
		.params = __KAPI_NO_COMMA("" __KAPI_EACH(__KAPI_SHOWN, __KAPI_LIST _params)), \
		.eval = IS_ENABLED(CONFIG_KAPI_RUNTIME_CHECKS) ? __kapi_eval_##_id : NULL, \
	}
#define __KAPI_LIST(...)	__VA_ARGS__
#define __KAPI_COUNT(...)	COUNT_ARGS(__VA_ARGS__)

/**
 * KAPI_CONDITION - a condition on parameters, state and result
 * @_id: its name
 * @_params: in parentheses, as for SYSCALL_DEFINEx(), types and names of the function's
 *	parameters, from the first on; or a macro that stands for these
 * @...: a C expression over the parameters, over "call", which the helpers of
 *	<linux/kapi_state.h> ask for, and over "result". It is shown as it is written
 *
 * The expression may run at any moment of a call, in the task that makes it: it must not
 * sleep, allocate or change anything. "result" is 0 until the call returns. It runs at exit,
 * too, even after a failure: it must not follow a pointer that the function may have freed.
 */
#define KAPI_CONDITION(_id, _params, ...)				\
	static_assert(__KAPI_COUNT(__KAPI_LIST _params) % 2 == 0,	\
		      "KAPI_CONDITION(" #_id "): write type, name for each parameter"); \
	__KAPI_CONDITION(_id, #__VA_ARGS__, _params, __VA_ARGS__)

/* A value is a condition whose number matters. */
#define KAPI_VALUE	KAPI_CONDITION

/*
 * The data. Texts are string literals; optional members may be NULL.
 */

/*
 * Members of every clause:
 * name: for its label, see kapi_clause_label()
 * needs: optional: an option that the clause needs and this kernel lacks
 * when: optional: the clause applies only to calls for which this holds at entry
 */
#define KAPI_CLAUSE_HEAD						\
	const char *name;						\
	const char *needs;						\
	const struct kapi_condition *when;				\
	enum kapi_kind kind

/* Any clause. */
struct kapi_clause {
	/* private: see KAPI_CLAUSE_HEAD */
	KAPI_CLAUSE_HEAD;
	/* public: */
};

/**
 * struct kapi_param_spec - a parameter, in the order of the prototype
 * @type_name: the C type; of a syscall, compared with SYSCALL_DEFINEx()
 * @description: what it means
 * @constraints: optional prose on the valid values
 * @min_value: lowest valid value, for KAPI_CONSTRAINT_RANGE
 * @max_value: highest valid value; unsigned if below @min_value as signed
 * @valid_mask: bits that may be set, for KAPI_CONSTRAINT_MASK
 * @flags: KAPI_PARAM_*
 * @type: enum kapi_type
 * @constraint_type: enum kapi_constraint_type
 * @has_range: KAPI_PARAM_RANGE() was given
 * @error: optional: the code returned for a value that is not valid
 */
struct kapi_param_spec {
	/* private: see KAPI_CLAUSE_HEAD */
	KAPI_CLAUSE_HEAD;
	/* public: */
	u8 flags;
	enum kapi_type type;
	enum kapi_constraint_type constraint_type;
	bool has_range;
	s16 error;
	const char *type_name;
	const char *description;
	const char *constraints;
	s64 min_value;
	s64 max_value;
	u64 valid_mask;
};

/**
 * struct kapi_return_spec - the return value
 * @type_name: the C type
 * @description: what it means
 * @success_value: for KAPI_RETURN_EXACT
 * @success_min: lowest value on success, for KAPI_RETURN_RANGE
 * @success_max: highest value on success
 * @type: enum kapi_type
 * @check_type: enum kapi_return_check
 */
struct kapi_return_spec {
	const char *type_name;
	const char *description;
	union {
		s64 success_value;
		s64 success_min;
	};
	s64 success_max;
	enum kapi_type type;
	enum kapi_return_check check_type;
};

/**
 * struct kapi_error_spec - an error code that the call may return
 * @closed: only for the reasons that the spec's clauses give
 * @is_null: @code is KAPI_NULL
 * @code: in [-MAX_ERRNO, -1], or KAPI_NULL
 * @condition: optional: when it is returned
 * @description: optional: more on it
 */
struct kapi_error_spec {
	/* private: see KAPI_CLAUSE_HEAD */
	KAPI_CLAUSE_HEAD;
	/* public: */
	bool closed;
	bool is_null;
	s16 code;
	const char *condition;
	const char *description;
};

/**
 * struct kapi_constraint_spec - a rule: a reason for an error, or what success ensures
 * @may: with @cond, the call may fail; not that it must
 * @early: checked before anything is changed
 * @required: the caller must ensure @cond
 * @error: optional: the code returned
 * @description: optional: the rule in words
 * @expression: optional: the rule as a C expression that nothing evaluates
 * @cond: optional: with @error, the call fails if this holds; else, this holds on success,
 *	or at entry if @required
 */
struct kapi_constraint_spec {
	/* private: see KAPI_CLAUSE_HEAD */
	KAPI_CLAUSE_HEAD;
	/* public: */
	bool may;
	bool early;
	bool required;
	s16 error;
	const char *description;
	const char *expression;
	const struct kapi_condition *cond;
};

/**
 * struct kapi_capability_spec - a capability that changes what the call does
 * @capability: CAP_*
 * @action: enum kapi_cap_action
 * @error: optional: the code returned to those who need it and lack it
 * @allows: optional: what its holder may do
 * @without: optional: what happens to all others
 * @condition: optional: when it is checked
 * @cond: optional: holds for those who need it and lack it
 */
struct kapi_capability_spec {
	/* private: see KAPI_CLAUSE_HEAD */
	KAPI_CLAUSE_HEAD;
	/* public: */
	u8 capability;
	enum kapi_cap_action action;
	s16 error;
	const char *allows;
	const char *without;
	const char *condition;
	const struct kapi_condition *cond;
};

/**
 * struct kapi_signal_spec - a signal that the call receives, sends or blocks
 * @direction: KAPI_SIGNAL_RECEIVE and the like
 * @action: enum kapi_signal_action
 * @restartable: the call is restarted after the handler (SA_RESTART)
 * @signum: the number, KAPI_SIGNAL_ANY_FATAL or KAPI_SIGNAL_ANY
 * @error: optional: the code returned because of it, one of the spec's errors
 * @target: optional: who gets it
 * @condition: optional: when
 * @description: optional: more on it
 */
struct kapi_signal_spec {
	/* private: see KAPI_CLAUSE_HEAD */
	KAPI_CLAUSE_HEAD;
	/* public: */
	u8 direction;
	enum kapi_signal_action action;
	bool restartable;
	s16 signum;
	s16 error;
	const char *target;
	const char *condition;
	const char *description;
};

/**
 * struct kapi_lock_spec - a lock that the call takes, releases or needs
 * @lock_name: another name for @name
 * @type: enum kapi_lock_type
 * @lock_type: another name for @type
 * @acquired: the call takes it; implied if neither this nor any of the next three is set
 * @released: the call releases it; likewise
 * @held_on_entry: the caller holds it
 * @held_on_exit: it is still held on return
 * @on_success: only a call that succeeds takes it, or holds it on return
 * @always: a call that succeeds takes it
 * @mode: enum kapi_lock_mode
 * @description: optional: for what, and when
 * @class_name: optional: the name of its lockdep class, to observe it by
 */
struct kapi_lock_spec {
	union {
		struct {
			/* private: see KAPI_CLAUSE_HEAD */
			KAPI_CLAUSE_HEAD;
			/* public: */
		};
		const char *lock_name;
	};
	union {
		enum kapi_lock_type type;
		enum kapi_lock_type lock_type;
	};
	bool acquired;
	bool released;
	bool held_on_entry;
	bool held_on_exit;
	bool on_success;
	bool always;
	enum kapi_lock_mode mode;
	const char *description;
	const char *class_name;
};

/**
 * struct kapi_side_effect_spec - what the call changes beside its result
 * @relation: how @value changes
 * @reversible: another call can undo it
 * @type: KAPI_EFFECT_*
 * @target: what is changed
 * @description: how
 * @condition: optional: when; without it, on every success
 * @value: optional: a number that shows it
 * @unless: optional: excuses the call if it holds at exit
 */
struct kapi_side_effect_spec {
	/* private: see KAPI_CLAUSE_HEAD */
	KAPI_CLAUSE_HEAD;
	/* public: */
	enum kapi_relation relation;
	bool reversible;
	u16 type;
	const char *target;
	const char *description;
	const char *condition;
	const struct kapi_condition *value;
	const struct kapi_condition *unless;
};

/**
 * struct kapi_state_trans_spec - a change of an object from one state to another
 * @from: the state before
 * @to: the state after
 * @description: more on it
 * @condition: optional: when; without it, on every success
 */
struct kapi_state_trans_spec {
	/* private: see KAPI_CLAUSE_HEAD */
	KAPI_CLAUSE_HEAD;
	/* public: */
	const char *from;
	const char *to;
	const char *description;
	const char *condition;
};

/**
 * struct kapi_clauses - clauses that several specs include
 * @first: see struct kernel_api_spec
 * @clause: NULL where there is none
 */
struct kapi_clauses {
	/* private: see KAPI_CLAUSE_HEAD */
	KAPI_CLAUSE_HEAD;
	/* public: */
	u8 first;
	const void *clause[KAPI_MAX_CLAUSES];
};

/*
 * The alignment of every spec in .kapi_specs, and of the section (KAPI_SPECS in
 * asm-generic/vmlinux.lds.h). Without it the compiler may align an object more than its type
 * needs and leave a hole in the array.
 */
#define KAPI_SPEC_ALIGN		8

/**
 * struct kernel_api_spec - the specification of one function
 * @name: the function; a syscall as sys_NAME, whatever the architecture's prefix
 * @description: one line
 * @long_desc: optional: some paragraphs
 * @since_version: optional: the first release with it
 * @examples: optional: code
 * @notes: optional: all else
 * @replacement: optional: what to use instead
 * @other_errors: optional: other code whose errors it returns, which cannot be listed
 * @may_sleep: optional: holds for calls that may sleep, if not all may
 * @return_spec: the return value
 * @context: KAPI_CTX_*; of a syscall, 0 is a process that may sleep
 * @failure: what a call that fails does to the values; enum kapi_failure
 * @deprecated: not to be used in new code
 * @in_order: the reasons for errors are checked in the order in which they stand here
 * @first: the slot before the first one that may be used in @clause
 * @param_count: optional: number of parameters, as written; 0 if not
 * @error_count: likewise of errors
 * @signal_count: likewise of signals
 * @lock_count: likewise of locks
 * @side_effect_count: likewise of side effects
 * @state_trans_count: likewise of state transitions
 * @constraint_count: likewise of constraints
 * @capability_count: likewise of capabilities
 * @locks: locks written as plain fields; a type of 0 and no name if there is none
 * @clause: what the macros add, in their order, starting after @first and wrapping around to
 *	it; NULL if unused
 *
 * Constant data in section .kapi_specs of vmlinux or a module.
 */
struct kernel_api_spec {
	const char *name;
	const char *description;
	const char *long_desc;
	const char *since_version;
	const char *examples;
	const char *notes;
	const char *replacement;
	const char *other_errors;
	const struct kapi_condition *may_sleep;
	struct kapi_return_spec return_spec;
	u8 context;
	enum kapi_failure failure;
	bool deprecated;
	bool in_order;
	u8 first;
	u8 param_count;
	u8 error_count;
	u8 signal_count;
	u8 lock_count;
	u8 side_effect_count;
	u8 state_trans_count;
	u8 constraint_count;
	u8 capability_count;
	struct kapi_lock_spec locks[KAPI_MAX_PLAIN_LOCKS];
	const void *clause[KAPI_MAX_CLAUSES];
} __aligned(KAPI_SPEC_ALIGN);

/* .kapi_specs is read as an array. */
static_assert(sizeof(struct kernel_api_spec) % KAPI_SPEC_ALIGN == 0);

/*
 * The vocabulary.
 *
 * Every check here is a constant expression inside the initialiser, so that the compiler
 * points at the clause; its message says what to write instead. kernel/api/spec_check.c
 * checks what the compiler cannot see, when the spec is registered. __KAPI_OK() is 0, or an
 * error; sparse does not see the checks.
 */
#define __KAPI_OK(cond, msg)	BUILD_BUG_ON_ZERO(!(cond), msg)

/* A string literal that is not empty: pointers and NULL have another type. */
#define __KAPI_IS_TEXT(text)						\
	(__same_type(text, char[sizeof(text)]) && sizeof(text) > 1 &&	\
	 __builtin_constant_p(text) && __builtin_strlen(text) == sizeof(text) - 1)
#define __KAPI_TEXT(text, what)						\
	(&(text)[__KAPI_OK(__KAPI_IS_TEXT(text), what ": write a non-empty string literal")])

/* A value of an enum or mask that starts at first and ends before count. */
#define __KAPI_ENUM(val, first, count, what)				\
	((val) + __KAPI_OK((val) >= (first) && (val) < (count),		\
			   what ": take one of the enum before " #count))
#define __KAPI_MASK(val, all, what)					\
	((val) + __KAPI_OK((val) != 0 && !((val) & ~(all)),		\
			   what ": combine flags of " #all))

/* Name and number of a constant must agree; str is the number as written. */
#define __KAPI_SAME_NAME(str, name)	(__builtin_strcmp(str, name) == 0)

/* Two integers of any types, but only a maximum may be above S64_MAX. */
#define __KAPI_IN_ORDER(min, max)					\
	((max) < 0 ? (min) < 0 && (s64)(min) <= (s64)(max) :		\
	 (min) < 0 ? (u64)(max) <= S64_MAX :				\
	 (u64)(min) <= S64_MAX && (u64)(min) <= (u64)(max))

#define __KAPI_STARTS(str, with)	(__builtin_strncmp(str, with, sizeof(with) - 1) == 0)

/* A name written without quotes, which would become part of it. */
#define __KAPI_WORDS(str, what)						\
	(&(str)[__KAPI_OK(!__KAPI_STARTS(str, "\""), what ": write it without quotes")])

/* The name of an option; one that is misspelt so would always be off. */
#define __KAPI_OPTION(str, what)					\
	(&(str)[__KAPI_OK(__KAPI_STARTS(str, "CONFIG_"), what ": write CONFIG_xxx")])

#ifdef CONFIG_KAPI_SPEC
#define __kapi_spec_object	__used __section(".kapi_specs") __aligned(KAPI_SPEC_ALIGN)
#else
#define __kapi_spec_object	__maybe_unused
#endif

/* That of vmlinux is in kernel/api/core.c; in a module, each file with specs keeps one. */
#if defined(MODULE) && defined(CONFIG_KAPI_SPEC)
DEFINE_KAPI_NOTE(__kapi_note, __maybe_unused);
#define __KAPI_KEEP_NOTE	__ADDRESSABLE(__kapi_note)
#else
#define __KAPI_KEEP_NOTE
#endif

/* Begins an object in which compiler warnings are errors. */
#define __KAPI_BEGIN(_struct, _attributes, _id)				\
	__diag_push();							\
	__diag_error(GCC, all, "-Woverride-init",			\
		     "a clause given twice would silently lose the first"); \
	__diag_error(clang, all, "-Winitializer-overrides",		\
		     "a clause given twice would silently lose the first"); \
	__diag_error(GCC, all, "-Wenum-compare", "a value must be of its enum"); \
	__diag_error(clang, all, "-Wenum-compare", "a value must be of its enum"); \
	__diag_error(GCC, all, "-Wenum-conversion", "a value must be of its enum"); \
	__diag_error(clang, all, "-Wenum-conversion", "a value must be of its enum"); \
	__diag_error(GCC, all, "-Wint-conversion", "a number is no text"); \
	__diag_error(clang, all, "-Wint-conversion", "a number is no text"); \
	__diag_error(GCC, all, "-Woverflow", "a value must fit its field"); \
	__diag_error(clang, all, "-Wconstant-conversion", "a value must fit its field"); \
	static const struct _struct _attributes _id = {
/**
 * DEFINE_KERNEL_API_SPEC - begin the specification of a function
 * @_name: the function's name; sys_NAME for SYSCALL_DEFINEx(NAME)
 *
 * Ends with KAPI_END_SPEC. In between, in any order: the clauses below and plain
 * fields of struct kernel_api_spec. The same field given twice is an error.
 */
#define DEFINE_KERNEL_API_SPEC(_name)					\
	__KAPI_KEEP_NOTE						\
	__KAPI_BEGIN(kernel_api_spec, __kapi_spec_object, __kapi_spec_##_name) \
		.name = &(#_name)[__KAPI_OK(sizeof(#_name) > 1,	\
			"DEFINE_KERNEL_API_SPEC(): write the name of the function")], \
		.first = __COUNTER__ % KAPI_MAX_CLAUSES,

/* The declaration takes the semicolon that follows. */
#define KAPI_END_SPEC							\
	};								\
	__diag_pop();							\
	struct kernel_api_spec

/**
 * DEFINE_KAPI_CLAUSES - begin clauses that several specs share
 * @_id: a name for KAPI_INCLUDE(); ends with KAPI_END_CLAUSES
 */
#define DEFINE_KAPI_CLAUSES(_id)					\
	__KAPI_BEGIN(kapi_clauses, __maybe_unused, __kapi_clauses_##_id) \
		.name = #_id,						\
		.kind = KAPI_INCLUDED,					\
		.first = __COUNTER__ % KAPI_MAX_CLAUSES,
#define KAPI_END_CLAUSES	KAPI_END_SPEC

/* Includes a block of clauses. A block cannot include another. */
#define KAPI_INCLUDE(_id)						\
	.clause[__COUNTER__ % KAPI_MAX_CLAUSES] = &__kapi_clauses_##_id,

/* Every clause takes the next slot. */
#define __KAPI_CLAUSE(_struct, _kind)					\
	.clause[__COUNTER__ % KAPI_MAX_CLAUSES] = &(const struct _struct) { \
		.kind = _kind,

/*
 * For any clause that takes further fields after its arguments.
 */
/* The clause applies only to calls for which this holds at entry. */
#define KAPI_WHEN(_id)		.when = &__kapi_cond_##_id
/* The clause has no meaning in a kernel without this option. */
#define KAPI_NEEDS(_option)						\
	.needs = IS_ENABLED(_option) ? NULL :				\
		__KAPI_OPTION(#_option, "KAPI_NEEDS(" #_option ")")

/*
 * Of the spec as a whole.
 */
#define KAPI_DESCRIPTION(_text)						\
	.description = __KAPI_TEXT(_text, "KAPI_DESCRIPTION"),
#define KAPI_LONG_DESC(_text)						\
	.long_desc = __KAPI_TEXT(_text, "KAPI_LONG_DESC"),
#define KAPI_EXAMPLES(_text)						\
	.examples = __KAPI_TEXT(_text, "KAPI_EXAMPLES"),
#define KAPI_NOTES(_text)						\
	.notes = __KAPI_TEXT(_text, "KAPI_NOTES"),
#define KAPI_SINCE_VERSION(_text)					\
	.since_version = __KAPI_TEXT(_text, "KAPI_SINCE_VERSION"),
#define KAPI_DEPRECATED		.deprecated = true,
#define KAPI_REPLACEMENT(_text)						\
	.replacement = __KAPI_TEXT(_text, "KAPI_REPLACEMENT"),

#define KAPI_PARAM_COUNT(_n)		.param_count = (_n),
#define KAPI_ERROR_COUNT(_n)		.error_count = (_n),
#define KAPI_SIGNAL_COUNT(_n)		.signal_count = (_n),
#define KAPI_LOCK_COUNT(_n)		.lock_count = (_n),
#define KAPI_SIDE_EFFECT_COUNT(_n)	.side_effect_count = (_n),
#define KAPI_STATE_TRANS_COUNT(_n)	.state_trans_count = (_n),
#define KAPI_CONSTRAINT_COUNT(_n)	.constraint_count = (_n),
#define KAPI_CAPABILITY_COUNT(_n)	.capability_count = (_n),

/**
 * KAPI_CONTEXT - where the function may be called from
 * @_flags: KAPI_CTX_*; a syscall does not need it
 */
#define KAPI_CONTEXT(_flags)						\
	.context = __KAPI_MASK(_flags, KAPI_CTX_ALL, "KAPI_CONTEXT(" #_flags ")") + \
		   __KAPI_OK(!((_flags) & KAPI_CTX_SLEEPABLE) ||	\
			     !((_flags) & KAPI_CTX_NO_SLEEP),		\
			     "KAPI_CONTEXT(" #_flags "): what may sleep cannot be called " \
			     "in atomic context; drop one, or use KAPI_MAY_SLEEP_IF()"),

/*
 * Only calls for which this holds may sleep, such as allocations with certain flags. It is
 * evaluated in any context: it may use only parameters and current.
 */
#define KAPI_MAY_SLEEP_IF(_id)	.may_sleep = &__kapi_cond_##_id,

/* A call that fails changes no value of the spec. */
#define KAPI_FAILURE_ATOMIC	.failure = KAPI_FAILURE_IS_ATOMIC,

/*
 * A call that fails may have changed some values: not if a parameter is not valid, a
 * capability is missing or an early constraint is broken; never one that is
 * KAPI_UNCHANGED, and no other away from what success makes of it.
 */
#define KAPI_FAILURE_PARTIAL	.failure = KAPI_FAILURE_IS_PARTIAL,

/* If several reasons hold, the first of them in the spec decides the error. */
#define KAPI_CHECKED_IN_ORDER	.in_order = true,

/*
 * Errors that cannot be listed because other code returns them, such as a file's ->read().
 * An undeclared error is then undecided.
 */
#define KAPI_OTHER_ERRORS(_text)					\
	.other_errors = __KAPI_TEXT(_text, "KAPI_OTHER_ERRORS"),

/*
 * Parameters and the result.
 */

/**
 * KAPI_ARG - a parameter; they stand in the order of the prototype
 * @_type: its C type
 * @_name: its name
 * @_desc: what it means
 * @...: optional: KAPI_BITS(), KAPI_BETWEEN(), .flags = KAPI_PARAM_OUT and the like
 */
#define KAPI_ARG(_type, _name, _desc, ...)				\
	__KAPI_CLAUSE(kapi_param_spec, KAPI_PARAMS)			\
		.name = __KAPI_WORDS(#_name, "KAPI_ARG, name"),		\
		.type_name = __KAPI_WORDS(#_type, "KAPI_ARG, type"),	\
		.description = __KAPI_TEXT(_desc, "KAPI_ARG(" #_name "), description"), \
		__VA_ARGS__ },

/* No other bit may be set, or the call fails with this error. */
#define KAPI_BITS(_mask, _code)						\
	.constraint_type = KAPI_CONSTRAINT_MASK,			\
	.valid_mask = (_mask),						\
	.error = __KAPI_CODE(_code, #_code, "KAPI_BITS(" #_mask ", " #_code ")")

/* A value below or above fails with this error. */
#define KAPI_BETWEEN(_min, _max, _code)					\
	.constraint_type = KAPI_CONSTRAINT_RANGE,			\
	__KAPI_RANGE(_min, _max, "KAPI_BETWEEN(" #_min ", " #_max ")"),	\
	.error = __KAPI_CODE(_code, #_code, "KAPI_BETWEEN(" #_min ", " #_max ", " #_code ")")

#define __KAPI_RANGE(_min, _max, what)					\
	.min_value = (_min) +						\
		__KAPI_OK(__KAPI_IN_ORDER(_min, _max),			\
			  what ": the minimum comes first, and is not above S64_MAX"), \
	.max_value = (_max),						\
	.has_range = true

/**
 * KAPI_RETURNS - the result
 * @_type: its C type
 * @_check: KAPI_RETURN_*
 * @_desc: what it means
 * @...: what @_check needs: .success_value, or .success_min and .success_max
 */
#define KAPI_RETURNS(_type, _check, _desc, ...)				\
	.return_spec = {						\
		.type_name = __KAPI_WORDS(#_type, "KAPI_RETURNS, type"), \
		.check_type = __KAPI_ENUM(_check, 1, KAPI_RETURN_CHECK_COUNT, \
					  "KAPI_RETURNS(" #_check ")"),	\
		.description = __KAPI_TEXT(_desc, "KAPI_RETURNS, description"), \
		__VA_ARGS__ },
#define KAPI_RETURNS_ZERO(_desc)					\
	KAPI_RETURNS(long, KAPI_RETURN_EXACT, _desc, .success_value = 0)
#define KAPI_RETURNS_FD(_desc)						\
	KAPI_RETURNS(long, KAPI_RETURN_FD, _desc)

/*
 * Errors and the reasons for them.
 */

/* An error code; str is the code as written. */
#define __KAPI_CODE(code, str, what)					\
	((code) + __KAPI_OK(__KAPI_STARTS(str, "KAPI_") ||		\
			    (__KAPI_STARTS(str, "-E") && (code) < 0 && (code) >= -MAX_ERRNO), \
			    what ": the code is negative and not below -MAX_ERRNO, as in -EINTR"))
/* The name without its prefix "-" or "KAPI_". */
#define __KAPI_CODE_NAME(str)		(&(str)[__KAPI_STARTS(str, "K") ? 5 : 1])

/**
 * KAPI_FAILS - an error that the function may return
 * @_code: negative and symbolic: -EINTR; or KAPI_NULL, KAPI_FALSE
 * @_cond: when it is returned
 * @...: optional: KAPI_ONLY, .description
 *
 * Its reasons are clauses of their own: KAPI_FAILS_IF(), KAPI_MAY_FAIL_IF(), KAPI_LACKS(),
 * KAPI_BITS(). There may be others, unless it is KAPI_ONLY.
 */
#define KAPI_FAILS(_code, _cond, ...)					\
	__KAPI_CLAUSE(kapi_error_spec, KAPI_ERRORS)			\
		.name = __KAPI_CODE_NAME(#_code),			\
		.is_null = (_code) == KAPI_NULL,			\
		.code = __KAPI_CODE(_code, #_code, "KAPI_FAILS(" #_code ")"), \
		.condition = __KAPI_TEXT(_cond, "KAPI_FAILS(" #_code "), condition"), \
		__VA_ARGS__ },

/* The error has only the reasons that the spec gives. */
#define KAPI_ONLY	.closed = true

/**
 * KAPI_FAILS_IF - a reason why the call fails
 * @_code: the error
 * @_id: a condition; while it holds the call does not succeed, though it may return
 *	another error
 * @...: optional: KAPI_EARLY, KAPI_WHEN(), KAPI_NEEDS(), .description
 */
#define KAPI_FAILS_IF(_code, _id, ...)					\
	__KAPI_CLAUSE(kapi_constraint_spec, KAPI_CONSTRAINTS)		\
		.name = #_id,						\
		.error = __KAPI_CODE(_code, #_code, "KAPI_FAILS_IF(" #_code ", " #_id ")"), \
		.cond = &__kapi_cond_##_id,				\
		__VA_ARGS__ },

/* A reason why it may fail, but need not. Evaluated at exit. */
#define KAPI_MAY_FAIL_IF(_code, _id, ...)				\
	__KAPI_CLAUSE(kapi_constraint_spec, KAPI_CONSTRAINTS)		\
		.name = #_id,						\
		.error = __KAPI_CODE(_code, #_code, "KAPI_MAY_FAIL_IF(" #_code ", " #_id ")"), \
		.may = true,						\
		.cond = &__kapi_cond_##_id,				\
		__VA_ARGS__ },

/* Checked before anything is changed; see KAPI_FAILURE_PARTIAL. */
#define KAPI_EARLY	.early = true

/**
 * KAPI_LACKS - an error for callers that lack a capability
 * @_code: the error
 * @_cap: CAP_xxx
 * @_id: a condition that holds for those who need it and lack it
 * @...: optional: .allows, .without
 */
#define KAPI_LACKS(_code, _cap, _id, ...)				\
	__KAPI_CLAUSE(kapi_capability_spec, KAPI_CAPABILITIES)		\
		.name = #_cap,						\
		.capability = (_cap) +					\
			__KAPI_OK(cap_valid(_cap) && __KAPI_STARTS(#_cap, "CAP_"), \
				  "KAPI_LACKS(" #_cap "): write CAP_xxx"), \
		.action = KAPI_CAP_BYPASS_CHECK,			\
		.error = __KAPI_CODE(_code, #_code, "KAPI_LACKS(" #_code ", " #_cap ")"), \
		.cond = &__kapi_cond_##_id,				\
		__VA_ARGS__ },

/**
 * KAPI_INTERRUPTED - a signal that ends the call
 * @_code: the error, usually -EINTR, for which a restart code counts, too
 * @_signum: SIGxxx, KAPI_SIGNAL_ANY_FATAL or KAPI_SIGNAL_ANY
 * @_cond: when
 * @...: optional: .restartable = true
 */
#define KAPI_INTERRUPTED(_code, _signum, _cond, ...)			\
	__KAPI_CLAUSE(kapi_signal_spec, KAPI_SIGNALS)			\
		.name = __KAPI_SIGNAL_NAME(_signum, #_signum),		\
		.signum = __KAPI_NAMED_SIGNUM(_signum, #_signum,	\
					      "KAPI_INTERRUPTED(" #_signum ")"), \
		.direction = KAPI_SIGNAL_RECEIVE,			\
		.action = KAPI_SIGNAL_ACTION_RETURN,			\
		.error = __KAPI_CODE(_code, #_code, "KAPI_INTERRUPTED(" #_code ")"), \
		.condition = __KAPI_TEXT(_cond, "KAPI_INTERRUPTED, condition"), \
		__VA_ARGS__ },

/* A signal that the call sends; KAPI_SIGNAL_ANY is one that others choose. */
#define KAPI_SENDS(_signum, _cond, ...)					\
	__KAPI_CLAUSE(kapi_signal_spec, KAPI_SIGNALS)			\
		.name = __KAPI_SIGNAL_NAME(_signum, #_signum),		\
		.signum = __KAPI_NAMED_SIGNUM(_signum, #_signum, "KAPI_SENDS(" #_signum ")"), \
		.direction = KAPI_SIGNAL_SEND,				\
		.condition = __KAPI_TEXT(_cond, "KAPI_SENDS, condition"), \
		__VA_ARGS__ },

#define __KAPI_SIGNAL_NAME(_signum, str)				\
	((_signum) == KAPI_SIGNAL_ANY ? "any" :				\
	 (_signum) == KAPI_SIGNAL_ANY_FATAL ? "any fatal" : (str))
#define __KAPI_SIGNUM(_signum, what)					\
	((_signum) + __KAPI_OK((_signum) >= KAPI_SIGNAL_ANY && (_signum) <= _NSIG, \
		what ": write SIGxxx, KAPI_SIGNAL_ANY_FATAL or KAPI_SIGNAL_ANY"))
/* In the short forms there is no name beside the number, and 0 is none. */
#define __KAPI_NAMED_SIGNUM(_signum, str, what)				\
	(__KAPI_SIGNUM(_signum, what) +					\
	 __KAPI_OK((_signum) < 0 || ((_signum) && __KAPI_STARTS(str, "SIG")), \
		what ": write SIGxxx, KAPI_SIGNAL_ANY_FATAL or KAPI_SIGNAL_ANY"))

/*
 * Locks.
 */

/**
 * KAPI_TAKES - a lock that the function takes and releases
 * @_name: its name
 * @_type: KAPI_LOCK_*
 * @_class: the name of its lockdep class, as in /proc/lockdep; "&mm->mmap_lock" is the
 *	caller's own, and is observed without lockdep
 * @...: optional: KAPI_FOR_READ, KAPI_FOR_WRITE, KAPI_GUARDS, .always = true,
 *	KAPI_NEEDS(), .description
 */
#define KAPI_TAKES(_name, _type, _class, ...)				\
	__KAPI_CLAUSE(kapi_lock_spec, KAPI_LOCKS)			\
		.name = __KAPI_WORDS(#_name, "KAPI_TAKES, name"),	\
		.type = __KAPI_ENUM(_type, 0, KAPI_LOCK_TYPE_COUNT,	\
				    "KAPI_TAKES(" #_name "), type"),	\
		.class_name = __KAPI_TEXT(_class, "KAPI_TAKES(" #_name "), class"), \
		.acquired = true,					\
		.released = true,					\
		__VA_ARGS__ },

/* A lock that it takes and leaves held if it succeeds, as lock functions do. */
#define KAPI_LOCKS_ON_SUCCESS(_name, _type, _class, ...)		\
	__KAPI_CLAUSE(kapi_lock_spec, KAPI_LOCKS)			\
		.name = __KAPI_WORDS(#_name, "KAPI_LOCKS_ON_SUCCESS, name"), \
		.type = __KAPI_ENUM(_type, 0, KAPI_LOCK_TYPE_COUNT,	\
				    "KAPI_LOCKS_ON_SUCCESS(" #_name "), type"), \
		.class_name = __KAPI_TEXT(_class, "KAPI_LOCKS_ON_SUCCESS(" #_name "), class"), \
		.acquired = true,					\
		.held_on_exit = true,					\
		.on_success = true,					\
		__VA_ARGS__ },

/* A lock that the caller must hold, and still holds when the function returns. */
#define KAPI_CALLER_HOLDS(_name, _type, _class, ...)			\
	__KAPI_CLAUSE(kapi_lock_spec, KAPI_LOCKS)			\
		.name = __KAPI_WORDS(#_name, "KAPI_CALLER_HOLDS, name"), \
		.type = __KAPI_ENUM(_type, 0, KAPI_LOCK_TYPE_COUNT,	\
				    "KAPI_CALLER_HOLDS(" #_name "), type"), \
		.class_name = __KAPI_TEXT(_class, "KAPI_CALLER_HOLDS(" #_name "), class"), \
		.held_on_entry = true,					\
		.held_on_exit = true,					\
		__VA_ARGS__ },

#define KAPI_FOR_READ		.mode = KAPI_LOCK_MODE_READ
#define KAPI_FOR_WRITE		.mode = KAPI_LOCK_MODE_WRITE
/* The values of the mm change only while it is held for write. */
#define KAPI_GUARDS		.mode = KAPI_LOCK_MODE_GUARD

/*
 * What a call does.
 */

/**
 * KAPI_REQUIRES - what the caller of a function must ensure
 * @_id: a condition that holds at entry
 * @...: optional: KAPI_WHEN(), KAPI_NEEDS(), .description
 *
 * Not for system calls: the kernel must handle whatever user space passes.
 */
#define KAPI_REQUIRES(_id, ...)						\
	__KAPI_CLAUSE(kapi_constraint_spec, KAPI_CONSTRAINTS)		\
		.name = #_id,						\
		.required = true,					\
		.cond = &__kapi_cond_##_id,				\
		__VA_ARGS__ },

/**
 * KAPI_ENSURES - what holds on success
 * @_id: a condition
 * @...: optional: KAPI_WHEN(), KAPI_NEEDS(), .description
 */
#define KAPI_ENSURES(_id, ...)						\
	__KAPI_CLAUSE(kapi_constraint_spec, KAPI_POSTCONDITIONS)		\
		.name = #_id,						\
		.cond = &__kapi_cond_##_id,				\
		__VA_ARGS__ },

/**
 * KAPI_CHANGES - what a call that succeeds does to a value
 * @_id: a value
 * @_relation: KAPI_BECOMES_ZERO, KAPI_UNCHANGED, KAPI_DECREASES, KAPI_INCREASES,
 *	KAPI_NOT_INCREASED, KAPI_BY_RESULT
 * @_target: what is changed, or must not be
 * @_desc: how
 * @...: optional: KAPI_UNLESS(), KAPI_WHEN(), KAPI_NEEDS(), .type = KAPI_EFFECT_*
 */
#define KAPI_CHANGES(_id, _relation, _target, _desc, ...)		\
	__KAPI_CLAUSE(kapi_side_effect_spec, KAPI_SIDE_EFFECTS)		\
		.name = #_id,						\
		.value = &__kapi_cond_##_id,				\
		.relation = __KAPI_ENUM(_relation, 1, KAPI_RELATION_COUNT, \
					"KAPI_CHANGES(" #_id "), relation"), \
		.target = __KAPI_TEXT(_target, "KAPI_CHANGES(" #_id "), target"), \
		.description = __KAPI_TEXT(_desc, "KAPI_CHANGES(" #_id "), description"), \
		__VA_ARGS__ },

/* Excuses the call if this condition holds at exit. */
#define KAPI_UNLESS(_id)	.unless = &__kapi_cond_##_id

/*
 * The long forms, with texts for everything. An index is for the reader only: clauses are in
 * the order in which they stand.
 */
#define __KAPI_INDEXED(_i)	__KAPI_OK((_i) >= 0, "the index goes from 0")

/**
 * KAPI_PARAM - begin a parameter
 * @_i: its place in the prototype, from 0
 * @_name: its name there
 * @_type: its C type there
 * @_desc: what it means
 *
 * Ends with KAPI_PARAM_END. Inside: KAPI_PARAM_FLAGS(), KAPI_PARAM_RANGE(), .type,
 * .constraint_type, .constraints, .valid_mask, .error.
 */
#define KAPI_PARAM(_i, _name, _type, _desc)				\
	__KAPI_CLAUSE(kapi_param_spec, KAPI_PARAMS + __KAPI_INDEXED(_i)) \
		.name = __KAPI_TEXT(_name, "KAPI_PARAM(" #_i "), name"), \
		.type_name = __KAPI_TEXT(_type, "KAPI_PARAM(" #_i "), type"), \
		.description = __KAPI_TEXT(_desc, "KAPI_PARAM(" #_i "), description"),
#define KAPI_PARAM_END	},
#define KAPI_PARAM_FLAGS(_flags)					\
	.flags = __KAPI_MASK(_flags, KAPI_PARAM_ALL, "KAPI_PARAM_FLAGS(" #_flags ")"),
#define KAPI_PARAM_RANGE(_min, _max)					\
	__KAPI_RANGE(_min, _max, "KAPI_PARAM_RANGE(" #_min ", " #_max ")"),

/* Ends with KAPI_RETURN_END. Inside: .type, .check_type and what that needs. */
#define KAPI_RETURN(_type, _desc)					\
	.return_spec = {						\
		.type_name = __KAPI_TEXT(_type, "KAPI_RETURN, type"),	\
		.description = __KAPI_TEXT(_desc, "KAPI_RETURN, description"),
#define KAPI_RETURN_END	},

/* Code and name must agree: -EINTR, "EINTR". */
#define KAPI_ERROR(_i, _code, _name, _cond, _desc)			\
	__KAPI_CLAUSE(kapi_error_spec, KAPI_ERRORS + __KAPI_INDEXED(_i)) \
		.code = __KAPI_CODE(_code, #_code, "KAPI_ERROR(" #_i ", " #_code ")") + \
			__KAPI_OK(__KAPI_SAME_NAME(#_code, "-" _name),	\
				  "KAPI_ERROR(" #_i ", " #_code "): "	\
				  "write code and name alike, as in -EINTR, \"EINTR\""), \
		.name = __KAPI_TEXT(_name, "KAPI_ERROR(" #_i "), name"), \
		.condition = __KAPI_TEXT(_cond, "KAPI_ERROR(" #_i "), condition"), \
		.description = __KAPI_TEXT(_desc, "KAPI_ERROR(" #_i "), description") },

/**
 * KAPI_SIGNAL - begin a signal
 * @_i: an index
 * @_signum: its number, SIGxxx; KAPI_SIGNAL_ANY_FATAL; or KAPI_SIGNAL_ANY, which is
 *	also for signals that others choose, as by F_SETSIG. 0 compiles, as it was once used
 *	for "any", but is rejected when it is registered
 * @_name: its name; for SIGxxx, the same as text
 * @_direction: KAPI_SIGNAL_RECEIVE, _SEND, _HANDLE, _BLOCK, _IGNORE
 * @_action: KAPI_SIGNAL_ACTION_*
 *
 * Ends with KAPI_SIGNAL_END. Inside: the macros that follow.
 */
#define KAPI_SIGNAL(_i, _signum, _name, _direction, _action)		\
	__KAPI_CLAUSE(kapi_signal_spec, KAPI_SIGNALS + __KAPI_INDEXED(_i)) \
		.signum = __KAPI_SIGNUM(_signum, "KAPI_SIGNAL(" #_i ", " #_signum ")") + \
			__KAPI_OK((_signum) <= 0 || __KAPI_SAME_NAME(#_signum, _name), \
				  "KAPI_SIGNAL(" #_i ", " #_signum "): "	\
				  "write number and name alike, as in SIGKILL, \"SIGKILL\""), \
		.name = __KAPI_TEXT(_name, "KAPI_SIGNAL(" #_i "), name"), \
		.direction = __KAPI_MASK(_direction, KAPI_SIGNAL_ALL,	\
					 "KAPI_SIGNAL(" #_i "), direction"), \
		.action = __KAPI_ENUM(_action, 0, KAPI_SIGNAL_ACTION_COUNT, \
				      "KAPI_SIGNAL(" #_i "), action"),
#define KAPI_SIGNAL_END	},
#define KAPI_SIGNAL_TARGET(_text)					\
	.target = __KAPI_TEXT(_text, "KAPI_SIGNAL_TARGET"),
#define KAPI_SIGNAL_CONDITION(_text)					\
	.condition = __KAPI_TEXT(_text, "KAPI_SIGNAL_CONDITION"),
#define KAPI_SIGNAL_DESC(_text)						\
	.description = __KAPI_TEXT(_text, "KAPI_SIGNAL_DESC"),
#define KAPI_SIGNAL_RESTARTABLE	.restartable = true,
#define KAPI_SIGNAL_ERROR(_code)					\
	.error = __KAPI_CODE(_code, #_code, "KAPI_SIGNAL_ERROR(" #_code ")"),

/* Ends with KAPI_LOCK_END. Without any of the next four it is acquired and released. */
#define KAPI_LOCK(_i, _name, _type)					\
	__KAPI_CLAUSE(kapi_lock_spec, KAPI_LOCKS + __KAPI_INDEXED(_i))	\
		.name = __KAPI_TEXT(_name, "KAPI_LOCK(" #_i "), name"),	\
		.type = __KAPI_ENUM(_type, 0, KAPI_LOCK_TYPE_COUNT, "KAPI_LOCK(" #_i "), type"),
#define KAPI_LOCK_END	},
#define KAPI_LOCK_ACQUIRED	.acquired = true,
#define KAPI_LOCK_RELEASED	.released = true,
#define KAPI_LOCK_HELD_ENTRY	.held_on_entry = true,
#define KAPI_LOCK_HELD_EXIT	.held_on_exit = true,
#define KAPI_LOCK_DESC(_text)						\
	.description = __KAPI_TEXT(_text, "KAPI_LOCK_DESC"),

/* Ends with KAPI_SIDE_EFFECT_END. Inside: KAPI_EFFECT_CONDITION(), _REVERSIBLE. */
#define KAPI_SIDE_EFFECT(_i, _type, _target, _desc)			\
	__KAPI_CLAUSE(kapi_side_effect_spec, KAPI_SIDE_EFFECTS + __KAPI_INDEXED(_i)) \
		.type = __KAPI_MASK(_type, KAPI_EFFECT_ALL, "KAPI_SIDE_EFFECT(" #_i "), type"), \
		.name = __KAPI_TEXT(_target, "KAPI_SIDE_EFFECT(" #_i "), target"), \
		.target = _target,					\
		.description = __KAPI_TEXT(_desc, "KAPI_SIDE_EFFECT(" #_i "), description"),
#define KAPI_SIDE_EFFECT_END	},
#define KAPI_EFFECT_CONDITION(_text)					\
	.condition = __KAPI_TEXT(_text, "KAPI_EFFECT_CONDITION"),
#define KAPI_EFFECT_REVERSIBLE	.reversible = true,

/* Ends with KAPI_STATE_TRANS_END. Inside: KAPI_STATE_TRANS_COND(). */
#define KAPI_STATE_TRANS(_i, _object, _from, _to, _desc)		\
	__KAPI_CLAUSE(kapi_state_trans_spec, KAPI_STATE_TRANS + __KAPI_INDEXED(_i)) \
		.name = __KAPI_TEXT(_object, "KAPI_STATE_TRANS(" #_i "), object"), \
		.from = __KAPI_TEXT(_from, "KAPI_STATE_TRANS(" #_i "), from"), \
		.to = __KAPI_TEXT(_to, "KAPI_STATE_TRANS(" #_i "), to"), \
		.description = __KAPI_TEXT(_desc, "KAPI_STATE_TRANS(" #_i "), description"),
#define KAPI_STATE_TRANS_END	},
#define KAPI_STATE_TRANS_COND(_text)					\
	.condition = __KAPI_TEXT(_text, "KAPI_STATE_TRANS_COND"),

/* Ends with KAPI_CAPABILITY_END. Inside: KAPI_CAP_ALLOWS(), _WITHOUT(), _CONDITION(). */
#define KAPI_CAPABILITY(_i, _cap, _name, _action)			\
	__KAPI_CLAUSE(kapi_capability_spec, KAPI_CAPABILITIES + __KAPI_INDEXED(_i)) \
		.capability = (_cap) +					\
			__KAPI_OK(cap_valid(_cap),			\
				  "KAPI_CAPABILITY(" #_i ", " #_cap "): write CAP_xxx") + \
			__KAPI_OK(__KAPI_SAME_NAME(#_cap, _name) && __KAPI_STARTS(#_cap, "CAP_"), \
				  "KAPI_CAPABILITY(" #_i ", " #_cap "): "	\
				  "write number and name alike, as in CAP_CHOWN, \"CAP_CHOWN\""), \
		.name = __KAPI_TEXT(_name, "KAPI_CAPABILITY(" #_i "), name"), \
		.action = __KAPI_ENUM(_action, 1, KAPI_CAP_ACTION_COUNT, \
				      "KAPI_CAPABILITY(" #_i "), action"),
#define KAPI_CAPABILITY_END	},
#define KAPI_CAP_ALLOWS(_text)						\
	.allows = __KAPI_TEXT(_text, "KAPI_CAP_ALLOWS"),
#define KAPI_CAP_WITHOUT(_text)						\
	.without = __KAPI_TEXT(_text, "KAPI_CAP_WITHOUT"),
#define KAPI_CAP_CONDITION(_text)					\
	.condition = __KAPI_TEXT(_text, "KAPI_CAP_CONDITION"),

/* Ends with KAPI_CONSTRAINT_END. Inside: KAPI_CONSTRAINT_EXPR(). */
#define KAPI_CONSTRAINT(_i, _name, _desc)				\
	__KAPI_CLAUSE(kapi_constraint_spec, KAPI_CONSTRAINTS + __KAPI_INDEXED(_i)) \
		.name = __KAPI_TEXT(_name, "KAPI_CONSTRAINT(" #_i "), name"), \
		.description = __KAPI_TEXT(_desc, "KAPI_CONSTRAINT(" #_i "), description"),
#define KAPI_CONSTRAINT_END	},
#define KAPI_CONSTRAINT_EXPR(_text)					\
	.expression = __KAPI_TEXT(_text, "KAPI_CONSTRAINT_EXPR"),

#endif /* _LINUX_KERNEL_API_SPEC_H */
