/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Machine-readable API specifications, written beside the code they describe.
 *
 * How to write one: Documentation/dev-tools/kernel-api-spec.rst
 */
#ifndef _LINUX_KERNEL_API_SPEC_H
#define _LINUX_KERNEL_API_SPEC_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/kapi_call.h>
#include <linux/limits.h>
#include <linux/signal_types.h>
#include <linux/types.h>

/*
 * Most entries of each kind that one spec can hold. A slot that is not used
 * costs one NULL pointer, so these are as small as the largest known callers
 * allow.
 */
#define KAPI_MAX_PARAMS		8
#define KAPI_MAX_ERRORS		32
#define KAPI_MAX_SIGNALS	8
#define KAPI_MAX_SIDE_EFFECTS	12
#define KAPI_MAX_STATE_TRANS	8
#define KAPI_MAX_CONSTRAINTS	12
#define KAPI_MAX_CAPABILITIES	4

/*
 * Every enum below starts at 1, so that a field left out is not mistaken for a
 * choice made, and ends in a count that kernel/api/vocabulary.c ties its names
 * to. The exceptions are those for which "none" is a choice.
 */

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

/* What a parameter or a return value holds. */
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

/* How a parameter is passed; a mask, see KAPI_PARAM_FLAGS(). */
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
	KAPI_RETURN_ERROR_CHECK, /* failure is one of the errors, all else success */
	KAPI_RETURN_FD,		/* success is a file descriptor, 0 or more */
	KAPI_RETURN_NO_RETURN,	/* does not come back */
	KAPI_RETURN_VOID,	/* comes back with nothing */
	KAPI_RETURN_CHECK_COUNT
} __packed;

enum kapi_lock_type {
	KAPI_LOCK_NONE,		/* lockless by other means, told in the description */
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
	KAPI_LOCK_MODE_GUARD,	/* for write where the snapshot's state is changed */
	KAPI_LOCK_MODE_COUNT
} __packed;

/* How often a lock is taken by a call that succeeds. */
enum kapi_lock_taken {
	KAPI_LOCK_TAKEN_SOMETIMES,
	KAPI_LOCK_TAKEN_ALWAYS,
	KAPI_LOCK_TAKEN_ONCE,	/* always, and never a second time */
	KAPI_LOCK_TAKEN_COUNT
} __packed;

/* What a successful call does to a value of the spec's snapshot. */
enum kapi_relation {
	KAPI_NO_RELATION,
	KAPI_IS_CLEARED,	/* 0 afterwards */
	KAPI_STAYS,		/* the same as before */
	KAPI_FALLS,		/* lower than before */
	KAPI_RISES,		/* higher than before */
	KAPI_NEVER_RISES,	/* lower, or the same */
	KAPI_RELATION_COUNT
} __packed;

/* What a call that fails leaves of the state in the spec's snapshot. */
enum kapi_failure {
	KAPI_FAILURE_UNTOLD,
	KAPI_FAILURE_IS_ATOMIC,	/* all as it was */
	KAPI_FAILURE_IS_PARTIAL, /* some may be done, unless an early check failed */
	KAPI_FAILURE_COUNT
} __packed;

/* What the call does with a signal; a mask. */
#define KAPI_SIGNAL_RECEIVE	BIT(0)
#define KAPI_SIGNAL_SEND	BIT(1)
#define KAPI_SIGNAL_HANDLE	BIT(2)
#define KAPI_SIGNAL_BLOCK	BIT(3)
#define KAPI_SIGNAL_IGNORE	BIT(4)
#define KAPI_SIGNAL_ALL		(BIT(5) - 1)

/* Instead of a signal's number: any signal that ends the task. */
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
 * The data. Texts are string literals; a member said to be optional may be
 * NULL. x86-64 GCC places an object of 32 bytes or more at a multiple of 32,
 * whatever its type asks for: so the entries of which a spec has most are 32
 * bytes there.
 */

/**
 * struct kapi_param_spec - a parameter, in the order of the prototype
 * @name: as in the prototype; compared with SYSCALL_DEFINE's at boot
 * @type_name: the C type; compared likewise
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
 * @value: optional: the snapshot's value that shows what is made of it, from 1
 * @relation: how a call that succeeds changes that value
 */
struct kapi_param_spec {
	const char *name;
	const char *type_name;
	const char *description;
	const char *constraints;
	s64 min_value;
	s64 max_value;
	u64 valid_mask;
	u8 flags;
	enum kapi_type type;
	enum kapi_constraint_type constraint_type;
	bool has_range;
	u8 value;
	s16 error;
	enum kapi_relation relation;
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
 * @name: the code's name, as errname() has it
 * @condition: when it is returned
 * @description: more on it
 * @code: in [-MAX_ERRNO, -1]
 * @closed: for no other reason than those that the spec's clauses give
 */
struct kapi_error_spec {
	const char *name;
	const char *condition;
	const char *description;
	s32 code;
	bool closed;
};

/**
 * struct kapi_signal_spec - a signal that the call receives, sends or blocks
 * @name: the signal's name
 * @condition: optional: when
 * @description: optional: more on it
 * @signum: the number, KAPI_SIGNAL_ANY_FATAL or KAPI_SIGNAL_ANY
 * @error: optional: the code returned because of it, one of the spec's errors
 * @direction: KAPI_SIGNAL_RECEIVE and the like
 * @action: enum kapi_signal_action
 * @restartable: the call is restarted after the handler (SA_RESTART)
 */
struct kapi_signal_spec {
	const char *name;
	const char *condition;
	const char *description;
	s16 signum;
	s16 error;
	u8 direction;
	enum kapi_signal_action action;
	bool restartable;
};

/**
 * struct kapi_lock_spec - a lock that the call takes, gives back or needs
 * @name: the lock's name in the code
 * @description: optional: for what, and when
 * @class_name: optional: the name of its lockdep class, to observe it by; or the
 *	option without which there is no such lock, if @absent
 * @type: enum kapi_lock_type
 * @acquired: the call takes it
 * @released: the call gives it back
 * @held_on_entry: the caller holds it
 * @held_on_exit: it is still held on return
 * @mode: enum kapi_lock_mode
 * @taken: enum kapi_lock_taken
 * @absent: this kernel is configured without it
 */
struct kapi_lock_spec {
	const char *name;
	const char *description;
	const char *class_name;
	enum kapi_lock_type type;
	bool acquired;
	bool released;
	bool held_on_entry;
	bool held_on_exit;
	enum kapi_lock_mode mode;
	enum kapi_lock_taken taken;
	bool absent;
};

/**
 * struct kapi_side_effect_spec - what the call changes beside its result
 * @target: what is changed
 * @description: how
 * @condition: optional: when; without it, on every success
 * @type: KAPI_EFFECT_*
 * @reversible: another call can undo it
 * @value: optional: the snapshot's value that shows it, counted from 1
 * @relation: how that value changes
 */
struct kapi_side_effect_spec {
	const char *target;
	const char *description;
	const char *condition;
	u16 type;
	bool reversible;
	u8 value;
	enum kapi_relation relation;
};

/**
 * struct kapi_state_trans_spec - a change of an object from one state to another
 * @object: what changes
 * @from: the state before
 * @to: the state after
 * @description: more on it
 * @condition: optional: when; without it, on every success
 * @value: optional: the snapshot's value that shows it, counted from 1
 * @relation: how that value changes
 */
struct kapi_state_trans_spec {
	const char *object;
	const char *from;
	const char *to;
	const char *description;
	const char *condition;
	u8 value;
	enum kapi_relation relation;
};

/**
 * struct kapi_constraint_spec - a rule over several parameters, or over state
 * @name: a short name
 * @description: the rule
 * @expression: optional: the rule as a C expression
 * @error: optional: the code returned when it is broken
 * @value: optional: the snapshot's value that is not 0 then, counted from 1
 * @may: it may be returned then, and only then; not that it must
 * @early: looked at before anything is changed
 */
struct kapi_constraint_spec {
	const char *name;
	const char *description;
	const char *expression;
	s16 error;
	u8 value;
	bool may;
	bool early;
};

/**
 * struct kapi_capability_spec - a capability that changes what the call does
 * @name: as in capability.h
 * @allows: optional: what its holder may do
 * @without: optional: what happens to all others
 * @condition: optional: when it is looked at
 * @error: optional: the code returned to those who need it and lack it
 * @capability: CAP_*
 * @action: enum kapi_cap_action
 * @value: optional: the snapshot's value that is not 0 for those, counted from 1
 */
struct kapi_capability_spec {
	const char *name;
	const char *allows;
	const char *without;
	const char *condition;
	s16 error;
	u8 capability;
	enum kapi_cap_action action;
	u8 value;
};

/*
 * A value for which there is nothing to tell: what it counts is not there, or it
 * cannot be read, or what happened to it is not certain to be the call's doing.
 */
#define KAPI_NO_VALUE		BIT_ULL(63)

/* When a snapshot is read. */
enum kapi_moment {
	KAPI_AT_ENTRY,		/* without the spec's lock */
	KAPI_AT_LOCK,		/* when it was first taken */
	KAPI_AT_UNLOCK,		/* when it is first given back, or was held for write */
	KAPI_AT_LATER_UNLOCK,	/* when it is given back again, held for read */
	KAPI_AT_EXIT,		/* of a call that never took it */
};

/**
 * struct kapi_snapshot - how to read the state that the clauses speak of
 * @read: fills in @now, which is KAPI_NO_VALUE until something is read. At entry and
 *	exit, what no lock protects; the rest is added when the spec's lock is taken,
 *	and when it is given back. @before is what was read first, or NULL while it
 *	is; @args are the call's arguments, as they lie in registers. Runs in the task
 *	that makes the call, with whatever locks that holds: it neither sleeps nor
 *	allocates, and changes nothing.
 * @names: of the values
 * @needs: optional: for each value the option without which there is none, or
 *	NULL if this kernel has it
 * @late: bits of those values that speak of what comes after the spec's lock was
 *	given back; others may have changed that state
 * @limits: bits of those that depend on the caller's resource limits, which another
 *	process may change at any time
 * @count: of @names; what @read stores from here on is its own
 * @reasons: so many of these, the first ones, are reasons for errors and no state that
 *	a failure could leave changed
 * @guarded: the first value behind @reasons that the spec's lock does not guard; what is
 *	before it changes only while that is held for write, see KAPI_LOCK_GUARDS
 * @counters: so many of these, the last ones, count what others do, too, whatever
 *	lock is held; no failure is held to them
 */
struct kapi_snapshot {
	void (*read)(u64 *now, const u64 *before, const unsigned long *args,
		     enum kapi_moment when);
	const char *const *names;
	const char *const *needs;
	u64 late;
	u64 limits;
	u8 count;
	u8 reasons;
	u8 guarded;
	u8 counters;
};

/*
 * Of every spec in .kapi_specs, and of the section (KAPI_SPECS in
 * asm-generic/vmlinux.lds.h). Without it the compiler may align an object more
 * than its type and tear a hole into the array.
 */
#define KAPI_SPEC_ALIGN		8

/**
 * struct kernel_api_spec - the specification of one function
 * @name: the function; a syscall as sys_NAME, whatever the architecture's prefix
 * @description: one line
 * @long_desc: optional: some paragraphs
 * @since_version: optional: the first release with it
 * @examples: optional: code
 * @notes: optional: what has no place elsewhere
 * @other_errors: optional: whose errors it returns, too, so that they cannot be listed
 * @return_spec: the return value
 * @snapshot: optional: reads the state that clauses with a value speak of
 * @context: KAPI_CTX_*
 * @snapshot_lock: the lock under which to read it, counted from 1; 0 for none
 * @failure: what a call that fails leaves of that state; enum kapi_failure
 * @param_count: optional: number of @params, as written; 0 if not
 * @error_count: likewise for @errors
 * @signal_count: likewise for @signals
 * @lock_count: likewise for @locks
 * @side_effect_count: likewise for @side_effects
 * @state_trans_count: likewise for @state_trans
 * @constraint_count: likewise for @constraints
 * @capability_count: likewise for @capabilities
 * @params: entries, without gaps, the rest NULL; so are all that follow
 * @errors: see @params
 * @signals: see @params
 * @locks: see @params
 * @side_effects: see @params
 * @state_trans: see @params
 * @constraints: see @params
 * @capabilities: see @params
 *
 * Constant data in section .kapi_specs, for as long as its vmlinux or module.
 */
struct kernel_api_spec {
	const char *name;
	const char *description;
	const char *long_desc;
	const char *since_version;
	const char *examples;
	const char *notes;
	const char *other_errors;
	struct kapi_return_spec return_spec;
	const struct kapi_snapshot *snapshot;
	u8 context;
	u8 snapshot_lock;
	enum kapi_failure failure;
	u8 param_count;
	u8 error_count;
	u8 signal_count;
	u8 lock_count;
	u8 side_effect_count;
	u8 state_trans_count;
	u8 constraint_count;
	u8 capability_count;
	const struct kapi_param_spec *params[KAPI_MAX_PARAMS];
	const struct kapi_error_spec *errors[KAPI_MAX_ERRORS];
	const struct kapi_signal_spec *signals[KAPI_MAX_SIGNALS];
	const struct kapi_lock_spec *locks[KAPI_MAX_LOCKS];
	const struct kapi_side_effect_spec *side_effects[KAPI_MAX_SIDE_EFFECTS];
	const struct kapi_state_trans_spec *state_trans[KAPI_MAX_STATE_TRANS];
	const struct kapi_constraint_spec *constraints[KAPI_MAX_CONSTRAINTS];
	const struct kapi_capability_spec *capabilities[KAPI_MAX_CAPABILITIES];
} __aligned(KAPI_SPEC_ALIGN);

/* .kapi_specs is read as an array. */
static_assert(sizeof(struct kernel_api_spec) % KAPI_SPEC_ALIGN == 0);

/*
 * The vocabulary.
 *
 * Every check here is a constant expression inside the initialiser, so that the
 * compiler points at the clause; its message says what to write instead. What
 * the compiler cannot see, kernel/api/spec_check.c looks at when the spec is
 * registered. __KAPI_OK() is 0, or an error; sparse does not see the checks.
 */
#define __KAPI_OK(cond, msg)	BUILD_BUG_ON_ZERO(!(cond), msg)

/* A string literal that is not empty: a pointer or a NULL has another type. */
#define __KAPI_IS_TEXT(text)						\
	(__same_type(text, char[sizeof(text)]) && sizeof(text) > 1 &&	\
	 __builtin_constant_p(text) && __builtin_strlen(text) == sizeof(text) - 1)
#define __KAPI_TEXT(text, what)						\
	(&(text)[__KAPI_OK(__KAPI_IS_TEXT(text), what ": write a non-empty string literal")])

#define __KAPI_INDEX(i, max, what)					\
	((i) + __KAPI_OK((i) >= 0 && (i) < (max),			\
			 what ": the index goes from 0 to " #max " - 1"))

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

/* The name of an option; one that is misspelt so would always be off. */
#define __KAPI_OPTION(str, what)					\
	(&(str)[__KAPI_OK(__KAPI_STARTS(str, "CONFIG_"), what ": write CONFIG_xxx")])

#ifdef CONFIG_KAPI_SPEC
#define __kapi_spec_object	__used __section(".kapi_specs") __aligned(KAPI_SPEC_ALIGN)
#else
#define __kapi_spec_object	__maybe_unused
#endif

/* Begins an object, in which what the compiler only warns of is an error. */
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
 * fields of struct kernel_api_spec. The same field or index given twice is an
 * error.
 */
#define DEFINE_KERNEL_API_SPEC(_name)					\
	__KAPI_BEGIN(kernel_api_spec, __kapi_spec_object, __kapi_spec_##_name) \
		.name = &(#_name)[__KAPI_OK(sizeof(#_name) > 1,	\
			"DEFINE_KERNEL_API_SPEC(): write the name of the function")],

/* The declaration takes the semicolon that follows. */
#define KAPI_END_SPEC							\
	};								\
	__diag_pop();							\
	struct kernel_api_spec

/*
 * A clause that several specs have is written once: DEFINE_KAPI_LOCK(id, ...) is as
 * KAPI_LOCK(i, ...), but ends with KAPI_DEFINE_END, and KAPI_USE_LOCK(i, id) is it;
 * likewise the other kinds.
 */
#define __KAPI_DEFINE(_struct, _id)	__KAPI_BEGIN(_struct, __maybe_unused, _id)
#define KAPI_DEFINE_END			KAPI_END_SPEC

#define KAPI_DESCRIPTION(_text)						\
	.description = __KAPI_TEXT(_text, "KAPI_DESCRIPTION"),

#define KAPI_LONG_DESC(_text)						\
	.long_desc = __KAPI_TEXT(_text, "KAPI_LONG_DESC"),

/**
 * KAPI_CONTEXT - where the function may be called from
 * @_flags: KAPI_CTX_*
 */
#define KAPI_CONTEXT(_flags)						\
	.context = __KAPI_MASK(_flags, KAPI_CTX_ALL, "KAPI_CONTEXT(" #_flags ")") + \
		   __KAPI_OK(!((_flags) & KAPI_CTX_SLEEPABLE) ||	\
			     !((_flags) & KAPI_CTX_NO_SLEEP),		\
			     "KAPI_CONTEXT(" #_flags "): "		\
			     "what may sleep cannot be called in atomic context; drop one"),

/**
 * KAPI_SNAPSHOT - the state that clauses with a value speak of
 * @_snapshot: a static const struct kapi_snapshot
 *
 * Read at entry and at exit. With KAPI_SNAPSHOT_LOCK(), just after that lock is
 * first taken and just before it is given back, the first time or for write: then
 * nobody else can change in between what the lock protects, of which page tables are
 * no part, unless it was taken for write twice.
 */
#define KAPI_SNAPSHOT(_snapshot)					\
	.snapshot = &(_snapshot),

/**
 * KAPI_SNAPSHOT_LOCK - the lock under which the snapshot is read
 * @_i: index of a KAPI_LOCK(), which must be the mmap_lock of the caller
 */
#define KAPI_SNAPSHOT_LOCK(_i)						\
	.snapshot_lock = 1 + __KAPI_INDEX(_i, KAPI_MAX_LOCKS,		\
					  "KAPI_SNAPSHOT_LOCK(" #_i ")"),

/* A snapshot's function, which is only there for the validator. */
#define KAPI_SNAPSHOT_READ(_fn)						\
	.read = IS_ENABLED(CONFIG_KAPI_RUNTIME_CHECKS) ? (_fn) : NULL

/* Of a value's needs: an option that this kernel lacks. */
#define KAPI_VALUE_NEEDS(_option)					\
	(IS_ENABLED(_option) ? NULL :					\
		__KAPI_OPTION(#_option, "KAPI_VALUE_NEEDS(" #_option ")"))

/* A call that fails leaves the state of the snapshot as it was. */
#define KAPI_FAILURE_ATOMIC						\
	.failure = KAPI_FAILURE_IS_ATOMIC,

/*
 * It may have done some of it: not if a parameter is not valid, a capability is
 * missing or a KAPI_CONSTRAINT_EARLY is broken, and never to a value that
 * KAPI_STAYS.
 */
#define KAPI_FAILURE_PARTIAL						\
	.failure = KAPI_FAILURE_IS_PARTIAL,

/* Of an effect or a transition: the value that shows it, and how. */
#define __KAPI_CHECK(_value, _relation, what)				\
	.value = 1 + __KAPI_INDEX(_value, KAPI_MAX_VALUES,		\
				  what "(" #_value ", " #_relation ")"), \
	.relation = __KAPI_ENUM(_relation, 1, KAPI_RELATION_COUNT,	\
				what "(" #_value ", " #_relation ")"),

/* Of a clause that is a reason for an error: its code; str is that as written. */
#define __KAPI_REASON(code, str, what)					\
	.error = (code) +						\
		__KAPI_OK(__KAPI_STARTS(str, "-E") && (code) < 0 && (code) >= -MAX_ERRNO, \
			  what ": the code is negative and not below -MAX_ERRNO, as in -EINTR"),

#define __KAPI_PARAM(_name, _type, _desc, what)				\
	.name = __KAPI_TEXT(_name, what "), name"),			\
	.type_name = __KAPI_TEXT(_type, what "), type"),		\
	.description = __KAPI_TEXT(_desc, what "), description"),

/**
 * KAPI_PARAM - begin a parameter
 * @_i: its place in the prototype, from 0
 * @_name: its name there
 * @_type: its C type there
 * @_desc: what it means
 *
 * Ends with KAPI_PARAM_END. Inside: KAPI_PARAM_FLAGS(), KAPI_PARAM_RANGE(),
 * KAPI_PARAM_ERROR(), KAPI_PARAM_CHECK(), .type, .constraint_type, .constraints,
 * .valid_mask.
 */
#define KAPI_PARAM(_i, _name, _type, _desc)				\
	.params[__KAPI_INDEX(_i, KAPI_MAX_PARAMS, "KAPI_PARAM(" #_i ")")] = \
		&(const struct kapi_param_spec) {			\
		__KAPI_PARAM(_name, _type, _desc, "KAPI_PARAM(" #_i)
#define DEFINE_KAPI_PARAM(_id, _name, _type, _desc)			\
	__KAPI_DEFINE(kapi_param_spec, _id)				\
	__KAPI_PARAM(_name, _type, _desc, "DEFINE_KAPI_PARAM(" #_id)
#define KAPI_USE_PARAM(_i, _id)						\
	.params[__KAPI_INDEX(_i, KAPI_MAX_PARAMS, "KAPI_USE_PARAM(" #_i ", " #_id ")")] = &(_id),
#define KAPI_PARAM_END	},

#define KAPI_PARAM_FLAGS(_flags)					\
	.flags = __KAPI_MASK(_flags, KAPI_PARAM_ALL, "KAPI_PARAM_FLAGS(" #_flags ")"),

#define KAPI_PARAM_RANGE(_min, _max)					\
	.min_value = (_min) +						\
		__KAPI_OK(__KAPI_IN_ORDER(_min, _max),			\
			  "KAPI_PARAM_RANGE(" #_min ", " #_max "): "	\
			  "the minimum comes first, and is not above S64_MAX"), \
	.max_value = (_max),						\
	.has_range = true,

/**
 * KAPI_PARAM_ERROR - what comes of a value that is not valid
 * @_code: the error returned; for KAPI_CONSTRAINT_RANGE and KAPI_CONSTRAINT_MASK
 */
#define KAPI_PARAM_ERROR(_code)						\
	__KAPI_REASON(_code, #_code, "KAPI_PARAM_ERROR(" #_code ")")

/* What is made of it, a rounding say, and what shows that: see KAPI_EFFECT_CHECK(). */
#define KAPI_PARAM_CHECK(_value, _relation)				\
	__KAPI_CHECK(_value, _relation, "KAPI_PARAM_CHECK")

/**
 * KAPI_RETURN - begin the return value
 * @_type: its C type
 * @_desc: what it means
 *
 * Ends with KAPI_RETURN_END. Inside: .type, .check_type and, as that asks for,
 * .success_value or .success_min and .success_max.
 */
#define KAPI_RETURN(_type, _desc)					\
	.return_spec = {							\
		.type_name = __KAPI_TEXT(_type, "KAPI_RETURN, type"),	\
		.description = __KAPI_TEXT(_desc, "KAPI_RETURN, description"),
#define KAPI_RETURN_END	},

#define __KAPI_ERROR(_code, _name, _cond, _desc, str, what)		\
	.code = (_code) +						\
		__KAPI_OK((_code) < 0 && (_code) >= -MAX_ERRNO,		\
			  what ", " str "): "				\
			  "the code is negative and not below -MAX_ERRNO, as in -EINTR") + \
		__KAPI_OK(__KAPI_SAME_NAME(str, "-" _name) &&		\
			  __KAPI_STARTS(_name, "E"),			\
			  what ", " str "): "				\
			  "write code and name alike, as in -EINTR, \"EINTR\""), \
	.name = __KAPI_TEXT(_name, what "), name"),			\
	.condition = __KAPI_TEXT(_cond, what "), condition"),		\
	.description = __KAPI_TEXT(_desc, what "), description"),

/**
 * KAPI_ERROR - an error that the function may return
 * @_i: index, from 0 without gaps
 * @_code: negative and symbolic: -EINTR
 * @_name: the same as text: "EINTR"
 * @_cond: when it is returned
 * @_desc: more on it
 *
 * Clauses can give reasons for it: KAPI_PARAM_ERROR(), KAPI_CONSTRAINT_CHECK() or _MAY(),
 * KAPI_CAP_CHECK(). There may be others, unless it is a KAPI_ERROR_CLOSED().
 */
#define KAPI_ERROR(_i, _code, _name, _cond, _desc)			\
	.errors[__KAPI_INDEX(_i, KAPI_MAX_ERRORS, "KAPI_ERROR(" #_i ")")] = \
		&(const struct kapi_error_spec) {			\
		__KAPI_ERROR(_code, _name, _cond, _desc, #_code, "KAPI_ERROR(" #_i) },

/* One that the function returns for no other reason than those that its clauses give. */
#define KAPI_ERROR_CLOSED(_i, _code, _name, _cond, _desc)		\
	.errors[__KAPI_INDEX(_i, KAPI_MAX_ERRORS, "KAPI_ERROR_CLOSED(" #_i ")")] = \
		&(const struct kapi_error_spec) {			\
		__KAPI_ERROR(_code, _name, _cond, _desc, #_code, "KAPI_ERROR_CLOSED(" #_i) \
		.closed = true },
#define DEFINE_KAPI_ERROR_CLOSED(_id, _code, _name, _cond, _desc)	\
	__KAPI_DEFINE(kapi_error_spec, _id)				\
	__KAPI_ERROR(_code, _name, _cond, _desc, #_code, "DEFINE_KAPI_ERROR_CLOSED(" #_id) \
	.closed = true,							\
	KAPI_DEFINE_END
#define DEFINE_KAPI_ERROR(_id, _code, _name, _cond, _desc)		\
	__KAPI_DEFINE(kapi_error_spec, _id)				\
	__KAPI_ERROR(_code, _name, _cond, _desc, #_code, "DEFINE_KAPI_ERROR(" #_id) \
	KAPI_DEFINE_END
#define KAPI_USE_ERROR(_i, _id)						\
	.errors[__KAPI_INDEX(_i, KAPI_MAX_ERRORS, "KAPI_USE_ERROR(" #_i ", " #_id ")")] = &(_id),

/*
 * Errors that nobody can list, as they are somebody else's: what a file's ->read()
 * returns, say. An error that is not declared is then no violation.
 */
#define KAPI_OTHER_ERRORS(_text)					\
	.other_errors = __KAPI_TEXT(_text, "KAPI_OTHER_ERRORS"),

#define __KAPI_SIGNAL(_signum, _name, _direction, _action, str, what)	\
	.signum = (_signum) +						\
		__KAPI_OK((_signum) >= KAPI_SIGNAL_ANY && (_signum) <= _NSIG, \
			  what ", " str "): "				\
			  "write SIGxxx, KAPI_SIGNAL_ANY_FATAL or KAPI_SIGNAL_ANY") + \
		__KAPI_OK((_signum) <= 0 ||				\
			  __KAPI_SAME_NAME(str, _name),			\
			  what ", " str "): "				\
			  "write number and name alike, as in SIGKILL, \"SIGKILL\""), \
	.name = __KAPI_TEXT(_name, what "), name"),			\
	.direction = __KAPI_MASK(_direction, KAPI_SIGNAL_ALL,		\
				 what "), direction"),			\
	.action = __KAPI_ENUM(_action, 0, KAPI_SIGNAL_ACTION_COUNT,	\
			      what "), action"),

/**
 * KAPI_SIGNAL - begin a signal
 * @_i: index, from 0 without gaps
 * @_signum: its number, SIGxxx; KAPI_SIGNAL_ANY_FATAL; or KAPI_SIGNAL_ANY, which is
 *	also for signals that somebody else chooses, F_SETSIG say. 0 compiles, as it has
 *	been in use for "any", and is rejected when it is registered
 * @_name: its name: of a SIGxxx, the same as text
 * @_direction: KAPI_SIGNAL_RECEIVE, _SEND, _HANDLE, _BLOCK, _IGNORE
 * @_action: KAPI_SIGNAL_ACTION_*
 *
 * Ends with KAPI_SIGNAL_END. Inside: KAPI_SIGNAL_CONDITION(),
 * KAPI_SIGNAL_DESC(), KAPI_SIGNAL_RESTARTABLE, KAPI_SIGNAL_ERROR().
 */
#define KAPI_SIGNAL(_i, _signum, _name, _direction, _action)		\
	.signals[__KAPI_INDEX(_i, KAPI_MAX_SIGNALS, "KAPI_SIGNAL(" #_i ")")] = \
		&(const struct kapi_signal_spec) {			\
		__KAPI_SIGNAL(_signum, _name, _direction, _action, #_signum, "KAPI_SIGNAL(" #_i)
#define DEFINE_KAPI_SIGNAL(_id, _signum, _name, _direction, _action)	\
	__KAPI_DEFINE(kapi_signal_spec, _id)				\
	__KAPI_SIGNAL(_signum, _name, _direction, _action, #_signum, "DEFINE_KAPI_SIGNAL(" #_id)
#define KAPI_USE_SIGNAL(_i, _id)					\
	.signals[__KAPI_INDEX(_i, KAPI_MAX_SIGNALS, "KAPI_USE_SIGNAL(" #_i ", " #_id ")")] = &(_id),
#define KAPI_SIGNAL_END	},

#define KAPI_SIGNAL_CONDITION(_text)					\
	.condition = __KAPI_TEXT(_text, "KAPI_SIGNAL_CONDITION"),
#define KAPI_SIGNAL_DESC(_text)						\
	.description = __KAPI_TEXT(_text, "KAPI_SIGNAL_DESC"),
#define KAPI_SIGNAL_RESTARTABLE						\
	.restartable = true,
#define KAPI_SIGNAL_ERROR(_code)					\
	__KAPI_REASON(_code, #_code, "KAPI_SIGNAL_ERROR(" #_code ")")

#define __KAPI_LOCK(_name, _type, what)					\
	.name = __KAPI_TEXT(_name, what "), name"),			\
	.type = __KAPI_ENUM(_type, 0, KAPI_LOCK_TYPE_COUNT,		\
			    what "), type"),

/**
 * KAPI_LOCK - begin a lock
 * @_i: index, from 0 without gaps
 * @_name: the lock's name
 * @_type: KAPI_LOCK_MUTEX and the like
 *
 * Ends with KAPI_LOCK_END. Inside: at least one of KAPI_LOCK_ACQUIRED,
 * KAPI_LOCK_RELEASED, KAPI_LOCK_HELD_ENTRY, KAPI_LOCK_HELD_EXIT; and
 * KAPI_LOCK_DESC(). To have it checked: KAPI_LOCK_CLASS() or
 * KAPI_LOCK_CLASS_IF(), and what is true of KAPI_LOCK_READ, KAPI_LOCK_WRITE or
 * KAPI_LOCK_GUARDS, and of KAPI_LOCK_ALWAYS or KAPI_LOCK_ONCE.
 */
#define KAPI_LOCK(_i, _name, _type)					\
	.locks[__KAPI_INDEX(_i, KAPI_MAX_LOCKS, "KAPI_LOCK(" #_i ")")] = \
		&(const struct kapi_lock_spec) {			\
		__KAPI_LOCK(_name, _type, "KAPI_LOCK(" #_i)
#define DEFINE_KAPI_LOCK(_id, _name, _type)				\
	__KAPI_DEFINE(kapi_lock_spec, _id)				\
	__KAPI_LOCK(_name, _type, "DEFINE_KAPI_LOCK(" #_id)
#define KAPI_USE_LOCK(_i, _id)						\
	.locks[__KAPI_INDEX(_i, KAPI_MAX_LOCKS, "KAPI_USE_LOCK(" #_i ", " #_id ")")] = &(_id),
#define KAPI_LOCK_END	},

#define KAPI_LOCK_ACQUIRED	.acquired = true,
#define KAPI_LOCK_RELEASED	.released = true,
#define KAPI_LOCK_HELD_ENTRY	.held_on_entry = true,
#define KAPI_LOCK_HELD_EXIT	.held_on_exit = true,
#define KAPI_LOCK_DESC(_text)						\
	.description = __KAPI_TEXT(_text, "KAPI_LOCK_DESC"),

/* Every call that succeeds takes it; KAPI_LOCK_ONCE: and no call does so twice. */
#define KAPI_LOCK_ALWAYS	.taken = KAPI_LOCK_TAKEN_ALWAYS,
#define KAPI_LOCK_ONCE		.taken = KAPI_LOCK_TAKEN_ONCE,
#define KAPI_LOCK_READ		.mode = KAPI_LOCK_MODE_READ,
#define KAPI_LOCK_WRITE		.mode = KAPI_LOCK_MODE_WRITE,
/* What the snapshot shows is changed only while it is held for write, however often. */
#define KAPI_LOCK_GUARDS	.mode = KAPI_LOCK_MODE_GUARD,

/**
 * KAPI_LOCK_CLASS - the lockdep class by which a lock is observed
 * @_name: its name, as in /proc/lockdep; "&mm->mmap_lock" is the caller's own,
 *	and is observed without lockdep
 */
#define KAPI_LOCK_CLASS(_name)						\
	.class_name = __KAPI_TEXT(_name, "KAPI_LOCK_CLASS"),

/**
 * KAPI_LOCK_CLASS_IF - the class of a lock that not every kernel has
 * @_option: CONFIG_xxx, without which there is no such lock
 * @_name: see KAPI_LOCK_CLASS()
 */
#define KAPI_LOCK_CLASS_IF(_option, _name)				\
	.class_name = IS_ENABLED(_option) ?				\
		__KAPI_TEXT(_name, "KAPI_LOCK_CLASS_IF") :		\
		__KAPI_OPTION(#_option, "KAPI_LOCK_CLASS_IF(" #_option ")"), \
	.absent = !IS_ENABLED(_option),

#define __KAPI_SIDE_EFFECT(_type, _target, _desc, what)			\
	.type = __KAPI_MASK(_type, KAPI_EFFECT_ALL,			\
			    what "), type"),				\
	.target = __KAPI_TEXT(_target, what "), target"),		\
	.description = __KAPI_TEXT(_desc, what "), description"),

/**
 * KAPI_SIDE_EFFECT - begin a side effect
 * @_i: index, from 0 without gaps
 * @_type: KAPI_EFFECT_*
 * @_target: what is changed
 * @_desc: how
 *
 * Ends with KAPI_SIDE_EFFECT_END. Inside: KAPI_EFFECT_CONDITION(),
 * KAPI_EFFECT_REVERSIBLE, KAPI_EFFECT_CHECK().
 */
#define KAPI_SIDE_EFFECT(_i, _type, _target, _desc)			\
	.side_effects[__KAPI_INDEX(_i, KAPI_MAX_SIDE_EFFECTS, "KAPI_SIDE_EFFECT(" #_i ")")] = \
		&(const struct kapi_side_effect_spec) {			\
		__KAPI_SIDE_EFFECT(_type, _target, _desc, "KAPI_SIDE_EFFECT(" #_i)
#define DEFINE_KAPI_SIDE_EFFECT(_id, _type, _target, _desc)		\
	__KAPI_DEFINE(kapi_side_effect_spec, _id)			\
	__KAPI_SIDE_EFFECT(_type, _target, _desc, "DEFINE_KAPI_SIDE_EFFECT(" #_id)
#define KAPI_USE_SIDE_EFFECT(_i, _id)					\
	.side_effects[__KAPI_INDEX(_i, KAPI_MAX_SIDE_EFFECTS,		\
			"KAPI_USE_SIDE_EFFECT(" #_i ", " #_id ")")] = &(_id),
#define KAPI_SIDE_EFFECT_END	},

#define KAPI_EFFECT_CONDITION(_text)					\
	.condition = __KAPI_TEXT(_text, "KAPI_EFFECT_CONDITION"),
#define KAPI_EFFECT_REVERSIBLE	.reversible = true,

/**
 * KAPI_EFFECT_CHECK - what shows a side effect
 * @_value: index of one of the snapshot's values
 * @_relation: how it changes: KAPI_IS_CLEARED, KAPI_STAYS, KAPI_FALLS,
 *	KAPI_RISES, KAPI_NEVER_RISES
 */
#define KAPI_EFFECT_CHECK(_value, _relation)				\
	__KAPI_CHECK(_value, _relation, "KAPI_EFFECT_CHECK")

#define __KAPI_STATE_TRANS(_object, _from, _to, _desc, what)		\
	.object = __KAPI_TEXT(_object, what "), object"),		\
	.from = __KAPI_TEXT(_from, what "), from"),			\
	.to = __KAPI_TEXT(_to, what "), to"),				\
	.description = __KAPI_TEXT(_desc, what "), description"),

/**
 * KAPI_STATE_TRANS - begin a state transition
 * @_i: index, from 0 without gaps
 * @_object: what changes
 * @_from: the state before
 * @_to: the state after
 * @_desc: more on it
 *
 * Ends with KAPI_STATE_TRANS_END. Inside: KAPI_STATE_TRANS_COND(),
 * KAPI_STATE_TRANS_CHECK().
 */
#define KAPI_STATE_TRANS(_i, _object, _from, _to, _desc)		\
	.state_trans[__KAPI_INDEX(_i, KAPI_MAX_STATE_TRANS, "KAPI_STATE_TRANS(" #_i ")")] = \
		&(const struct kapi_state_trans_spec) {			\
		__KAPI_STATE_TRANS(_object, _from, _to, _desc, "KAPI_STATE_TRANS(" #_i)
#define DEFINE_KAPI_STATE_TRANS(_id, _object, _from, _to, _desc)	\
	__KAPI_DEFINE(kapi_state_trans_spec, _id)			\
	__KAPI_STATE_TRANS(_object, _from, _to, _desc, "DEFINE_KAPI_STATE_TRANS(" #_id)
#define KAPI_USE_STATE_TRANS(_i, _id)					\
	.state_trans[__KAPI_INDEX(_i, KAPI_MAX_STATE_TRANS,		\
			"KAPI_USE_STATE_TRANS(" #_i ", " #_id ")")] = &(_id),
#define KAPI_STATE_TRANS_END	},

#define KAPI_STATE_TRANS_COND(_text)					\
	.condition = __KAPI_TEXT(_text, "KAPI_STATE_TRANS_COND"),
/* See KAPI_EFFECT_CHECK(). */
#define KAPI_STATE_TRANS_CHECK(_value, _relation)			\
	__KAPI_CHECK(_value, _relation, "KAPI_STATE_TRANS_CHECK")

#define __KAPI_CAPABILITY(_cap, _name, _action, str, what)		\
	.capability = (_cap) +						\
		__KAPI_OK(cap_valid(_cap),				\
			  what ", " str "): write CAP_xxx") +		\
		__KAPI_OK(__KAPI_SAME_NAME(str, _name) &&		\
			  __KAPI_STARTS(_name, "CAP_"),			\
			  what ", " str "): "				\
			  "write number and name alike, as in CAP_CHOWN, \"CAP_CHOWN\""), \
	.name = __KAPI_TEXT(_name, what "), name"),			\
	.action = __KAPI_ENUM(_action, 1, KAPI_CAP_ACTION_COUNT,	\
			      what "), action"),

/**
 * KAPI_CAPABILITY - begin a capability
 * @_i: index, from 0 without gaps
 * @_cap: CAP_xxx
 * @_name: the same as text: "CAP_xxx"
 * @_action: KAPI_CAP_BYPASS_CHECK and the like
 *
 * Ends with KAPI_CAPABILITY_END. Inside: KAPI_CAP_ALLOWS(), KAPI_CAP_WITHOUT(),
 * KAPI_CAP_CONDITION(), KAPI_CAP_CHECK().
 */
#define KAPI_CAPABILITY(_i, _cap, _name, _action)			\
	.capabilities[__KAPI_INDEX(_i, KAPI_MAX_CAPABILITIES, "KAPI_CAPABILITY(" #_i ")")] = \
		&(const struct kapi_capability_spec) {			\
		__KAPI_CAPABILITY(_cap, _name, _action, #_cap, "KAPI_CAPABILITY(" #_i)
#define DEFINE_KAPI_CAPABILITY(_id, _cap, _name, _action)		\
	__KAPI_DEFINE(kapi_capability_spec, _id)			\
	__KAPI_CAPABILITY(_cap, _name, _action, #_cap, "DEFINE_KAPI_CAPABILITY(" #_id)
#define KAPI_USE_CAPABILITY(_i, _id)					\
	.capabilities[__KAPI_INDEX(_i, KAPI_MAX_CAPABILITIES,		\
			"KAPI_USE_CAPABILITY(" #_i ", " #_id ")")] = &(_id),
#define KAPI_CAPABILITY_END	},

#define KAPI_CAP_ALLOWS(_text)						\
	.allows = __KAPI_TEXT(_text, "KAPI_CAP_ALLOWS"),
#define KAPI_CAP_WITHOUT(_text)						\
	.without = __KAPI_TEXT(_text, "KAPI_CAP_WITHOUT"),
#define KAPI_CAP_CONDITION(_text)					\
	.condition = __KAPI_TEXT(_text, "KAPI_CAP_CONDITION"),

/**
 * KAPI_CAP_CHECK - what comes of it if the capability is needed and not there
 * @_value: index of the snapshot's value that is not 0 then
 * @_code: the error returned
 */
#define KAPI_CAP_CHECK(_value, _code)					\
	.value = 1 + __KAPI_INDEX(_value, KAPI_MAX_VALUES,		\
				  "KAPI_CAP_CHECK(" #_value ", " #_code ")"), \
	__KAPI_REASON(_code, #_code, "KAPI_CAP_CHECK(" #_value ", " #_code ")")

#define __KAPI_CONSTRAINT(_name, _desc, what)				\
	.name = __KAPI_TEXT(_name, what "), name"),			\
	.description = __KAPI_TEXT(_desc, what "), description"),

/**
 * KAPI_CONSTRAINT - begin a rule over several parameters, or over state
 * @_i: index, from 0 without gaps
 * @_name: a short name
 * @_desc: the rule
 *
 * Ends with KAPI_CONSTRAINT_END. Inside: KAPI_CONSTRAINT_EXPR(),
 * KAPI_CONSTRAINT_CHECK() or KAPI_CONSTRAINT_MAY(), KAPI_CONSTRAINT_EARLY.
 */
#define KAPI_CONSTRAINT(_i, _name, _desc)				\
	.constraints[__KAPI_INDEX(_i, KAPI_MAX_CONSTRAINTS, "KAPI_CONSTRAINT(" #_i ")")] = \
		&(const struct kapi_constraint_spec) {			\
		__KAPI_CONSTRAINT(_name, _desc, "KAPI_CONSTRAINT(" #_i)
#define DEFINE_KAPI_CONSTRAINT(_id, _name, _desc)			\
	__KAPI_DEFINE(kapi_constraint_spec, _id)			\
	__KAPI_CONSTRAINT(_name, _desc, "DEFINE_KAPI_CONSTRAINT(" #_id)
#define KAPI_USE_CONSTRAINT(_i, _id)					\
	.constraints[__KAPI_INDEX(_i, KAPI_MAX_CONSTRAINTS,		\
			"KAPI_USE_CONSTRAINT(" #_i ", " #_id ")")] = &(_id),
#define KAPI_CONSTRAINT_END	},

#define KAPI_CONSTRAINT_EXPR(_text)					\
	.expression = __KAPI_TEXT(_text, "KAPI_CONSTRAINT_EXPR"),

/**
 * KAPI_CONSTRAINT_CHECK - how to see that a rule is broken, and what comes of it
 * @_value: index of the snapshot's value that is not 0 then
 * @_code: the error returned, and not returned unless some rule that leads to it is
 *	broken
 *
 * The call may fail for another reason first, but it does not succeed.
 */
#define KAPI_CONSTRAINT_CHECK(_value, _code)				\
	.value = 1 + __KAPI_INDEX(_value, KAPI_MAX_VALUES,		\
				  "KAPI_CONSTRAINT_CHECK(" #_value ", " #_code ")"), \
	__KAPI_REASON(_code, #_code, "KAPI_CONSTRAINT_CHECK(" #_value ", " #_code ")")

/* Likewise, of a rule that may be broken without harm: it may succeed, too. */
#define KAPI_CONSTRAINT_MAY(_value, _code)				\
	.may = true,							\
	.value = 1 + __KAPI_INDEX(_value, KAPI_MAX_VALUES,		\
				  "KAPI_CONSTRAINT_MAY(" #_value ", " #_code ")"), \
	__KAPI_REASON(_code, #_code, "KAPI_CONSTRAINT_MAY(" #_value ", " #_code ")")

/* The rule is looked at before anything is changed; see KAPI_FAILURE_PARTIAL. */
#define KAPI_CONSTRAINT_EARLY	.early = true,

#endif /* _LINUX_KERNEL_API_SPEC_H */
