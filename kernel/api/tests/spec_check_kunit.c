// SPDX-License-Identifier: GPL-2.0
/*
 * What makes a spec unfit: one case for each message, written in the vocabulary where
 * the macros let it pass, and by hand where they do not.
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/signal.h>

#include "synthetic.h"

KAPI_CONDITION(always, (), true);
KAPI_CONDITION(fd_odd, (int, fd), fd & 1);
KAPI_CONDITION(path_of_fd, (int, fd, const char *, path), fd && path);
KAPI_CONDITION(other_name, (int, file), file & 1);
KAPI_CONDITION(other_type, (unsigned int, fd), fd & 1);
KAPI_CONDITION(too_long, (int, fd, const char *, path, int, mode), fd && path && mode);
KAPI_VALUE(fd_value, (int, fd), fd);

static const struct kapi_condition __kapi_cond_nameless = { .text = "t", .params = "" };

#define NAMED(_name)	.name = _name, .first = __COUNTER__ % KAPI_MAX_CLAUSES,
#define RETURNS_0	KAPI_RETURNS(int, KAPI_RETURN_EXACT, "0", .success_value = 0)
#define PROCESS		KAPI_CONTEXT(KAPI_CTX_PROCESS)
#define FD		KAPI_ARG(int, fd, "a number")

/* Nothing but what is given; and what makes a good spec beside it. */
#define BARE(...)	(&(const struct kernel_api_spec){ __VA_ARGS__ })
#define SPEC_OF(_name, ...)						\
	BARE(NAMED(_name) KAPI_DESCRIPTION("made up") PROCESS RETURNS_0 __VA_ARGS__)
#define SPEC(...)	SPEC_OF("f", __VA_ARGS__)
#define SYSCALL(...)	SPEC_OF("sys_f", __VA_ARGS__)

/* A clause that no macro makes. */
#define CLAUSE(_struct, _kind, ...)	__KAPI_CLAUSE(_struct, _kind) __VA_ARGS__ },
#define PARAM(...)							\
	CLAUSE(kapi_param_spec, KAPI_PARAMS, .name = "p", .description = "d", __VA_ARGS__)
#define ERROR(...)	CLAUSE(kapi_error_spec, KAPI_ERRORS, __VA_ARGS__)
#define RULE(...)	CLAUSE(kapi_constraint_spec, KAPI_CONSTRAINTS, .name = "r", __VA_ARGS__)
#define ENSURED(...)	CLAUSE(kapi_constraint_spec, KAPI_POSTCONDITIONS, .name = "e", __VA_ARGS__)
#define CAPABILITY(...)							\
	CLAUSE(kapi_capability_spec, KAPI_CAPABILITIES,			\
	       .action = KAPI_CAP_BYPASS_CHECK, __VA_ARGS__)
#define SIGNAL(...)	CLAUSE(kapi_signal_spec, KAPI_SIGNALS, __VA_ARGS__)
#define LOCK(...)	CLAUSE(kapi_lock_spec, KAPI_LOCKS, .name = "l", __VA_ARGS__)
#define EFFECT(...)							\
	CLAUSE(kapi_side_effect_spec, KAPI_SIDE_EFFECTS, .name = "s",	\
	       .target = "s", .description = "d", __VA_ARGS__)

DEFINE_KAPI_CLAUSES(inner)
	KAPI_FAILS(-EINTR, "c")
KAPI_END_CLAUSES;

DEFINE_KAPI_CLAUSES(outer)
	FD
	KAPI_INCLUDE(inner)
KAPI_END_CLAUSES;

DEFINE_KAPI_CLAUSES(fd_and_eintr)
	FD
	KAPI_FAILS(-EINTR, "c")
KAPI_END_CLAUSES;

struct spec_case {
	const char *desc;
	const char *reason;
	const struct kernel_api_spec *spec;
};

static const struct spec_case spec_cases[] = {
	/* The spec as a whole. */
	{ "no name", "the spec has no name", BARE(PROCESS) },
	{ "empty name", "the spec has no name", BARE(NAMED("")) },
	{ "a path for a name", "the name is not a C identifier", BARE(NAMED("../../etc")) },
	{ "name begins with digit", "the name begins with a digit", BARE(NAMED("2nd")) },
	{ "name not ASCII", "the name is not a C identifier", BARE(NAMED("caf\xe9")) },
	{ "no description", "spec: no description; give it", BARE(NAMED("f") PROCESS RETURNS_0) },
	{ "empty notes", "spec: notes is empty", SPEC(.notes = "") },
	{ "odd failure", "spec: failure is 3, which has no name",
	  SPEC(.failure = KAPI_FAILURE_COUNT) },
	{ "no context", "context: where may it be called from? add KAPI_CONTEXT()",
	  BARE(NAMED("f") KAPI_DESCRIPTION("d") RETURNS_0) },
	{ "sleeps in hardirq", "context: what may sleep cannot be called in atomic",
	  BARE(NAMED("f") KAPI_DESCRIPTION("d") RETURNS_0
	       .context = KAPI_CTX_SLEEPABLE | KAPI_CTX_HARDIRQ) },
	{ "sleeps always and if", "context: all calls may sleep, or those of KAPI_MAY_SLEEP_IF()",
	  BARE(NAMED("f") KAPI_DESCRIPTION("d") RETURNS_0
	       KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_SLEEPABLE) KAPI_MAY_SLEEP_IF(always)) },
	{ "sleeps by other parameters", "context: condition fd_odd has more parameters than the function; leave out (int fd)",
	  SPEC(KAPI_MAY_SLEEP_IF(fd_odd)) },
	{ "wrong count", "locks: the count says 2, the spec has 1",
	  SPEC(KAPI_LOCK_COUNT(2) KAPI_TAKES(l, KAPI_LOCK_MUTEX, "c")) },
	{ "count of none", "capabilities: the count says 1, the spec has 0",
	  SPEC(KAPI_CAPABILITY_COUNT(1)) },
	{ "plain lock without name", ".locks[0]: no name; write .lock_name",
	  SPEC(.locks[0] = { .lock_type = KAPI_LOCK_MUTEX }) },
	{ "plain lock with a description only", ".locks[0]: no name; write .lock_name",
	  SPEC(.locks[0] = { .description = "d" }) },
	{ "block in a block", "block inner is included by another block; include both",
	  SPEC(KAPI_INCLUDE(outer)) },

	/* The return value. */
	{ "no return value", "returns: no type_name",
	  BARE(NAMED("f") KAPI_DESCRIPTION("d") PROCESS) },
	{ "odd return check", "returns: check_type is 9, which has no name",
	  BARE(NAMED("f") KAPI_DESCRIPTION("d") PROCESS
	       .return_spec = { "int", "d", .check_type = KAPI_RETURN_CHECK_COUNT }) },
	{ "return range missing", "returns: KAPI_RETURN_RANGE needs .success_min and",
	  BARE(NAMED("f") KAPI_DESCRIPTION("d") PROCESS
	       KAPI_RETURNS(int, KAPI_RETURN_RANGE, "d")) },
	{ "return range reversed", "returns: .success_min is above .success_max",
	  BARE(NAMED("f") KAPI_DESCRIPTION("d") PROCESS
	       KAPI_RETURNS(int, KAPI_RETURN_RANGE, "d", .success_min = 7)) },

	/* Any clause. */
	{ "clause without name", "errors: no name; give it", SPEC(ERROR(.code = -EINTR)) },
	{ "empty text", "locks[l]: description is empty; write it or leave it out",
	  SPEC(LOCK(.description = "")) },
	{ "condition without name", "constraints[r]: a condition without a name; define it",
	  SPEC(RULE(.cond = &__kapi_cond_nameless, .error = -EINTR)
	       KAPI_FAILS(-EINTR, "c")) },
	{ "condition on another name",
	  "constraints[other_name]: parameter 1 of condition other_name must be (int fd)",
	  SPEC(KAPI_INCLUDE(fd_and_eintr) KAPI_FAILS_IF(-EINTR, other_name)) },
	{ "condition on another type", "constraints[other_type]: parameter 1 of condition other_type must be (int fd)",
	  SPEC(KAPI_INCLUDE(fd_and_eintr) KAPI_MAY_FAIL_IF(-EINTR, other_type)) },
	{ "condition on too much", "ensures[too_long]: condition too_long has more parameters than the function; leave out (int mode)",
	  SPEC(FD KAPI_ARG(const char *, path, "d") KAPI_ENSURES(too_long)) },
	{ "condition of capability",
	  "capabilities[CAP_KILL]: condition fd_odd has more parameters than the function; leave out (int fd)",
	  SPEC(KAPI_FAILS(-EPERM, "c") KAPI_LACKS(-EPERM, CAP_KILL, fd_odd)) },
	{ "value on another parameter", "side_effects[fd_value]: condition fd_value has more parameters than",
	  SPEC(KAPI_CHANGES(fd_value, KAPI_UNCHANGED, "t", "d")) },
	{ "unless on another parameter", "side_effects[always]: condition fd_odd has more parameters than",
	  SPEC(KAPI_CHANGES(always, KAPI_UNCHANGED, "t", "d", KAPI_UNLESS(fd_odd))) },
	{ "when on another parameter", "ensures[always]: condition fd_odd has more parameters than",
	  SPEC(KAPI_ENSURES(always, KAPI_WHEN(fd_odd))) },

	/* Parameters. */
	{ "parameter twice", "params[fd.2]: there is one of this name above; rename one",
	  SPEC(FD FD) },
	{ "odd type of parameter", "params[p]: type is 14, which has no name",
	  SPEC(PARAM(.type_name = "int", .type = KAPI_TYPE_COUNT)) },
	{ "range missing", "params[p]: KAPI_CONSTRAINT_RANGE without KAPI_PARAM_RANGE()",
	  SPEC(PARAM(.type_name = "int", .constraint_type = KAPI_CONSTRAINT_RANGE)) },
	{ "range not asked for", "params[p]: KAPI_PARAM_RANGE() and KAPI_CONSTRAINT_RANGE",
	  SPEC(PARAM(.type_name = "int", .constraint_type = KAPI_CONSTRAINT_MASK,
		     .valid_mask = 1, .has_range = true)) },
	{ "mask not asked for", "params[p]: .valid_mask and KAPI_CONSTRAINT_MASK",
	  SPEC(PARAM(.type_name = "int", .valid_mask = 1)) },
	{ "mask missing", "params[p]: .valid_mask and KAPI_CONSTRAINT_MASK",
	  SPEC(PARAM(.type_name = "int", .constraint_type = KAPI_CONSTRAINT_MASK)) },
	{ "constraint untold", "params[p]: describe this constraint in .constraints",
	  SPEC(PARAM(.type_name = "int", .constraint_type = KAPI_CONSTRAINT_CUSTOM)) },
	{ "values untold", "params[p]: describe this constraint in .constraints",
	  SPEC(PARAM(.type_name = "int", .constraint_type = KAPI_CONSTRAINT_ENUM)) },
	{ "error for no value", "params[p]: which values give the error? use KAPI_BITS()",
	  SPEC(KAPI_FAILS(-EINTR, "c") PARAM(.type_name = "int", .error = -EINTR)) },
	{ "parameter's error", "params[p]: its error -",
	  SPEC(KAPI_ARG(int, p, "d", KAPI_BITS(1, -EINTR))) },
	{ "parameter's type", "params[p]: unsupported type umode_t for a checked parameter",
	  SPEC(KAPI_FAILS(-EINTR, "c") KAPI_ARG(umode_t, p, "d", KAPI_BITS(1, -EINTR))) },

	/* Errors. */
	{ "positive error", "errors[EINTR]: code 4 is outside [-4095, -1]",
	  SPEC(ERROR(.name = "EINTR", .code = EINTR)) },
	{ "error too low", "errors[EINTR]: code -4097 is outside",
	  SPEC(ERROR(.name = "EINTR", .code = -MAX_ERRNO - 2)) },
	{ "error that user space never sees",
	  "errors[ERESTARTSYS]: user space never sees ERESTARTSYS",
	  SYSCALL(KAPI_FAILS(-ERESTARTSYS, "c")) },
	{ "error twice", "errors[EINTR.2]: EINTR is there already; join the conditions",
	  SPEC(KAPI_FAILS(-EINTR, "c") KAPI_FAILS(-EINTR, "d")) },
	{ "error twice by a block", "errors[EINTR.2]: EINTR is there already",
	  SPEC(KAPI_INCLUDE(fd_and_eintr) KAPI_FAILS(-EINTR, "c")) },
	{ "closed without a reason", "errors[EINTR]: no clause gives a reason for EINTR",
	  SPEC(KAPI_FAILS(-EINTR, "c", KAPI_ONLY)) },
	{ "closed with the reason of another", "errors[EINTR]: no clause gives a reason for EINTR",
	  SPEC(KAPI_FAILS(-EINTR, "c", KAPI_ONLY) KAPI_FAILS(-EPERM, "c")
	       KAPI_FAILS_IF(-EPERM, always)) },

	/* Constraints, and what success ensures. */
	{ "constraint without a word", "constraints[r]: says nothing; describe it",
	  SPEC(RULE()) },
	{ "constraint's error", "constraints[always]: its error -",
	  SPEC(KAPI_FAILS_IF(-EINTR, always)) },
	{ "error without condition", "constraints[r]: a condition and its error go together",
	  SPEC(KAPI_FAILS(-EINTR, "c") RULE(.description = "d", .error = -EINTR)) },
	{ "condition without error", "constraints[r]: a condition and its error go together",
	  SPEC(RULE(.cond = &__kapi_cond_always)) },
	{ "early without condition", "constraints[r]: .may and .early need a condition;",
	  SPEC(RULE(.description = "d", .early = true)) },
	{ "may without condition", "constraints[r]: .may and .early need a condition;",
	  SPEC(RULE(.description = "d", .may = true)) },
	{ "early and may", "constraints[always]: what is early is certain; drop KAPI_EARLY",
	  SPEC(KAPI_FAILS(-EINTR, "c") KAPI_MAY_FAIL_IF(-EINTR, always, KAPI_EARLY)) },
	{ "ensured by words", "ensures[e]: what success ensures is a condition",
	  SPEC(ENSURED(.description = "d")) },
	{ "ensured with an error", "ensures[e]: what success ensures is a condition",
	  SPEC(KAPI_FAILS(-EINTR, "c")
	       ENSURED(.cond = &__kapi_cond_always, .error = -EINTR)) },

	{ "required of user space", "constraints[always]: nothing can be required of user space",
	  SYSCALL(KAPI_REQUIRES(always)) },
	{ "required, or an error", "constraints[always]: what the caller must see to",
	  SPEC(KAPI_FAILS(-EINTR, "c") KAPI_FAILS_IF(-EINTR, always, .required = true)) },
	{ "required in words", "constraints[r]: what the caller must see to",
	  SPEC(RULE(.description = "d", .required = true)) },
	{ "required on success", "ensures[always]: what success ensures is a condition",
	  SPEC(KAPI_ENSURES(always, .required = true)) },

	/* NULL. */
	{ "NULL of an int", "errors[NULL]: KAPI_NULL is the failure of KAPI_RETURN_POINTER",
	  SPEC(KAPI_FAILS(KAPI_NULL, "c")) },
	{ "NULL, but not named so", "errors[E]: KAPI_NULL is the failure of",
	  SPEC(ERROR(.name = "E", .code = KAPI_NULL)) },
	{ "NULL undeclared", "constraints[always]: NULL is not among the errors; add KAPI_FAILS",
	  SPEC(KAPI_FAILS_IF(KAPI_NULL, always)) },

	/* Capabilities. */
	{ "odd capability", "capabilities[CAP_X]: 41 is not a capability; write CAP_xxx",
	  SPEC(CAPABILITY(.name = "CAP_X", .capability = CAP_LAST_CAP + 1)) },
	{ "capability's condition alone", "capabilities[CAP_KILL]: a condition and its error",
	  SPEC(CAPABILITY(.name = "CAP_KILL", .capability = CAP_KILL,
			  .cond = &__kapi_cond_always)) },
	{ "capability's error alone", "capabilities[CAP_KILL]: a condition and its error",
	  SPEC(KAPI_FAILS(-EPERM, "c") CAPABILITY(.name = "CAP_KILL", .capability = CAP_KILL,
						  .error = -EPERM)) },
	{ "capability's error", "capabilities[CAP_KILL]: its error -",
	  SPEC(KAPI_LACKS(-EPERM, CAP_KILL, always)) },

	/* Signals. */
	{ "signal 0", "signals[FATAL]: 0 is not a signal; write SIGxxx",
	  SPEC(KAPI_SIGNAL(0, 0, "FATAL", KAPI_SIGNAL_RECEIVE, KAPI_SIGNAL_ACTION_RETURN)
	       KAPI_SIGNAL_END) },
	{ "signal too high", "signals[s]: 65 is not a signal",
	  SPEC(SIGNAL(.name = "s", .signum = _NSIG + 1, .direction = KAPI_SIGNAL_SEND)) },
	{ "signal too low", "signals[s]: -3 is not a signal",
	  SPEC(SIGNAL(.name = "s", .signum = KAPI_SIGNAL_ANY - 1,
		      .direction = KAPI_SIGNAL_SEND)) },
	{ "signal's error", "signals[any_fatal]: its error -",
	  SPEC(KAPI_INTERRUPTED(-EINTR, KAPI_SIGNAL_ANY_FATAL, "c")) },
	{ "no direction", "signals[SIGKILL]: direction is not set; combine its flags",
	  SPEC(SIGNAL(.name = "SIGKILL", .signum = SIGKILL)) },
	{ "odd direction", "signals[SIGKILL]: direction is 0x20, with bits that have no name",
	  SPEC(SIGNAL(.name = "SIGKILL", .signum = SIGKILL, .direction = 0x20)) },

	/* Locks. */
	{ "lock twice", "locks[l.2]: there is one of this name above; rename one",
	  SPEC(LOCK() LOCK()) },
	{ "lock twice, once as plain fields", "locks[l.2]: there is one of this name above",
	  SPEC(LOCK() .locks[0] = { .lock_name = "l" }) },
	{ "odd lock type", "locks[l]: type is 10, which has no name",
	  SPEC(LOCK(.type = KAPI_LOCK_TYPE_COUNT)) },
	{ "odd lock mode", "locks[l]: mode is 4, which has no name",
	  SPEC(LOCK(.class_name = "c", .mode = KAPI_LOCK_MODE_COUNT)) },
	{ "lock leaked", "locks[l]: acquired but never released; add KAPI_LOCK_RELEASED",
	  SPEC(LOCK(.acquired = true)) },
	{ "lock kept by nobody", "locks[l]: acquired but never released",
	  SPEC(LOCK(.held_on_entry = true)) },
	{ "lock not acquired", "locks[l]: released but never acquired; add KAPI_LOCK_ACQUIRED",
	  SPEC(LOCK(.released = true)) },
	{ "mode without class", "locks[l]: how it is taken can only be checked by its class",
	  SPEC(LOCK(KAPI_FOR_READ)) },
	{ "always without class", "locks[l]: how it is taken can only be checked by its class",
	  SPEC(LOCK(.always = true)) },
	{ "always without acquired", "locks[l]: always taken but not acquired",
	  SPEC(LOCK(.class_name = "c", .held_on_entry = true, .held_on_exit = true,
		    .always = true)) },
	{ "guard that is not seen", "locks[l]: only \"&mm->mmap_lock\" is observed",
	  SPEC(KAPI_TAKES(l, KAPI_LOCK_MUTEX, "c", KAPI_GUARDS)) },
	{ "on success, but given back", "locks[l]: held on success only, so it is acquired",
	  SPEC(KAPI_TAKES(l, KAPI_LOCK_MUTEX, "c", .on_success = true)) },
	{ "on success, and no more", "locks[l]: held on success only, so it is acquired",
	  SPEC(LOCK(.on_success = true)) },
	{ "lock of user space", "locks[l]: user space holds no lock; drop KAPI_LOCK_HELD_ENTRY",
	  SYSCALL(KAPI_CALLER_HOLDS(l, KAPI_LOCK_MUTEX, "c")) },
	{ "empty lock class", "locks[l]: class is empty", SPEC(LOCK(.class_name = "")) },
	{ "lock class twice", "locks[m]: c is the class of a lock above; join the two",
	  SPEC(KAPI_TAKES(l, KAPI_LOCK_MUTEX, "c") KAPI_TAKES(m, KAPI_LOCK_MUTEX, "c")) },

	/* Effects. */
	{ "reversible or not", "side_effects[s]: reversible and irreversible; drop one",
	  SPEC(EFFECT(.type = KAPI_EFFECT_IRREVERSIBLE, .reversible = true)) },
	{ "value without relation", "side_effects[s]: value and relation go together",
	  SPEC(EFFECT(.value = &__kapi_cond_always)) },
	{ "relation without value", "side_effects[s]: value and relation go together",
	  SPEC(EFFECT(.relation = KAPI_UNCHANGED)) },
	{ "odd relation", "side_effects[s]: relation is 7, which has no name",
	  SPEC(EFFECT(.value = &__kapi_cond_always, .relation = KAPI_RELATION_COUNT)) },
	{ "unless without value", "side_effects[s]: KAPI_UNLESS() without a value",
	  SPEC(EFFECT(KAPI_UNLESS(always))) },
	{ "transition without end", "state_trans[door]: no to; give it",
	  SPEC(CLAUSE(kapi_state_trans_spec, KAPI_STATE_TRANS, .name = "door", .from = "open",
		      .description = "d")) },
};

KUNIT_ARRAY_PARAM_DESC(spec, spec_cases, desc);

static void spec_check_rejects(struct kunit *test)
{
	const struct spec_case *c = test->param_value;
	char reason[KAPI_REASON_LEN] = "";

	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(c->spec, reason));
	KUNIT_EXPECT_TRUE_MSG(test, str_has_prefix(reason, c->reason),
			      "got \"%s\", not \"%s\"", reason, c->reason);
	KUNIT_EXPECT_NULL_MSG(test, strchr(reason, '\n'), "more than one mistake: %s", reason);
}

/* An initialiser cannot make a bool that is neither true nor false. */
static void spec_check_rejects_odd_bool(struct kunit *test)
{
	struct kapi_lock_spec lock = { .name = "l" };
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN];

	memset(&lock.acquired, 2, sizeof(lock.acquired));
	synthetic_add(&spec, &lock);
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_STREQ(test, reason, "locks[l]: acquired is 2, neither true nor false");
}

static const struct kernel_api_spec *const misnamed =
	SPEC(ERROR(.name = "EAGAIN", .code = -EINTR));

/* Needs the kernel's own table of error names. */
static void spec_check_rejects_misnamed_error(struct kunit *test)
{
	char reason[KAPI_REASON_LEN];

	if (!IS_ENABLED(CONFIG_SYMBOLIC_ERRNAME))
		kunit_skip(test, "needs CONFIG_SYMBOLIC_ERRNAME");
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(misnamed, reason));
	KUNIT_EXPECT_STREQ(test, reason, "errors[EAGAIN]: code -4 is EINTR, not EAGAIN");
}

/* An error that the kernel has no name for needs a name of its own. */
static void spec_check_rejects_error_name_twice(struct kunit *test)
{
	static const struct kapi_error_spec errors[] = {
		{ .name = "ENOSUCH", .code = -3000, .kind = KAPI_ERRORS },
		{ .name = "ENOSUCH", .code = -3001, .kind = KAPI_ERRORS },
	};
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN];

	synthetic_add(&spec, &errors[0]);
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	synthetic_add(&spec, &errors[1]);
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_STREQ(test, reason,
			   "errors[ENOSUCH.2]: ENOSUCH is there already; join the conditions");
}

static const struct kernel_api_spec *const undeclared =
	SPEC(KAPI_INTERRUPTED(-EINTR, SIGKILL, "c"));

/* What is to be written, in full. */
static void spec_check_says_what_to_write(struct kunit *test)
{
	char reason[KAPI_REASON_LEN];

	if (!IS_ENABLED(CONFIG_SYMBOLIC_ERRNAME))
		kunit_skip(test, "needs CONFIG_SYMBOLIC_ERRNAME");
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(undeclared, reason));
	KUNIT_EXPECT_STREQ(test, reason,
			   "signals[SIGKILL]: its error -EINTR is not among the errors; add KAPI_FAILS(-EINTR, ...)");
}

static void spec_check_rejects_long_name(struct kunit *test)
{
	char *name = kunit_kzalloc(test, NAME_MAX + 2, GFP_KERNEL);
	struct kernel_api_spec spec = synthetic_spec(name);
	char reason[KAPI_REASON_LEN];

	KUNIT_ASSERT_NOT_NULL(test, name);
	memset(name, 'x', NAME_MAX);
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	name[NAME_MAX] = 'x';
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_STREQ(test, reason, "the name is longer than NAME_MAX, 255");
}

static const struct kernel_api_spec *const wrong_all_over =
	SYSCALL(KAPI_LOCK_COUNT(1) ERROR(.code = -EPERM) ERROR(.name = "EINTR", .code = 4)
	     KAPI_FAILS(-ERESTARTSYS, "c") .locks[0] = { .acquired = true });

/* All mistakes are told at once, and none hides another. */
static void spec_check_tells_all(struct kunit *test)
{
	char reason[KAPI_REASON_LEN];

	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(wrong_all_over, reason));
	KUNIT_EXPECT_STREQ(test, reason,
			   "locks: the count says 1, the spec has 0; correct it or leave it out\n"
			   ".locks[0]: no name; write .lock_name\n"
			   "errors: no name; give it\n"
			   "errors[EINTR]: code 4 is outside [-4095, -1]\n"
			   "errors[ERESTARTSYS]: user space never sees ERESTARTSYS; write EINTR, and .restartable");
}

static const struct kernel_api_spec *const nameless_params =
	SPEC(CLAUSE(kapi_param_spec, KAPI_PARAMS, .description = "d") FD
	     KAPI_ENSURES(fd_odd));

/* A name that is missing is no name to compare with. */
static void spec_check_tells_beside_null(struct kunit *test)
{
	char reason[KAPI_REASON_LEN];

	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(nameless_params, reason));
	KUNIT_EXPECT_STREQ(test, reason,
			   "params: no name; give it\n"
			   "ensures[fd_odd]: parameter 1 of condition fd_odd must be (? ?), as the function's");
}

/* As many as there is room for. */
static void spec_check_tells_many(struct kunit *test)
{
	static const struct kapi_error_spec positive = {
		.name = "EINTR", .code = EINTR, .kind = KAPI_ERRORS,
	};
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN + 1];
	unsigned int i;

	for (i = 0; i < KAPI_MAX_CLAUSES; i++)
		spec.clause[i] = &positive;
	reason[KAPI_REASON_LEN] = 'x';
	KUNIT_EXPECT_EQ(test, -EINVAL, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_EQ(test, strlen(reason), KAPI_REASON_LEN - 1);
	KUNIT_EXPECT_EQ(test, reason[KAPI_REASON_LEN], 'x');
}

static const struct spec_case good_cases[] = {
	{ "the least", NULL, SPEC() },
	{ "a syscall needs no context", NULL,
	  BARE(NAMED("sys_f") KAPI_DESCRIPTION("d") KAPI_RETURNS_ZERO("0")) },
	{ "sleeps if", NULL,
	  BARE(NAMED("f") KAPI_DESCRIPTION("d") RETURNS_0 KAPI_MAY_SLEEP_IF(always)) },
	{ "sleeps if, in atomic context", NULL,
	  BARE(NAMED("f") KAPI_DESCRIPTION("d") RETURNS_0 KAPI_CONTEXT(KAPI_CTX_NO_SLEEP)
	       KAPI_MAY_SLEEP_IF(always)) },
	{ "counts that are right", NULL,
	  SPEC(KAPI_PARAM_COUNT(1) KAPI_ERROR_COUNT(1) KAPI_LOCK_COUNT(2)
	       KAPI_INCLUDE(fd_and_eintr) KAPI_TAKES(l, KAPI_LOCK_MUTEX, "c")
	       .locks[0] = { .lock_name = "m", .lock_type = KAPI_LOCK_MUTEX }) },
	{ "a range of 0 only", NULL, SPEC(KAPI_FAILS(-EINTR, "c")
					  KAPI_ARG(int, p, "d", KAPI_BETWEEN(0, 0, -EINTR))) },
	{ "a range without a constraint", NULL,
	  SPEC(PARAM(.type_name = "int", .has_range = true)) },
	{ "errors that are not listed", NULL,
	  BARE(NAMED("f") KAPI_DESCRIPTION("d") PROCESS
	       KAPI_RETURNS(int, KAPI_RETURN_ERROR_CHECK, "d") KAPI_OTHER_ERRORS("the file's")) },
	{ "reasons", NULL,
	  SPEC(KAPI_INCLUDE(fd_and_eintr) KAPI_FAILS(-EPERM, "c", KAPI_ONLY)
	       KAPI_FAILS_IF(-EINTR, fd_odd, KAPI_EARLY) KAPI_LACKS(-EPERM, CAP_KILL, always)
	       KAPI_MAY_FAIL_IF(-EINTR, always) KAPI_INTERRUPTED(-EINTR, SIGKILL, "c")) },
	{ "a rule in words", NULL, SPEC(RULE(.description = "d")) },
	{ "the first of two parameters", NULL,
	  SPEC(FD KAPI_ARG(const char *, path, "d") KAPI_ENSURES(fd_odd)) },
	{ "another way to write a type", NULL,
	  SPEC(FD KAPI_PARAM(1, "path", "const char  __user*", "d") KAPI_PARAM_END
	       KAPI_ENSURES(path_of_fd)) },
	{ "a lock that says nothing", NULL, SPEC(LOCK()) },
	{ "the caller's lock", NULL,
	  SPEC(LOCK(.held_on_entry = true, .held_on_exit = true)) },
	{ "a lock given back for the caller", NULL,
	  SPEC(LOCK(.held_on_entry = true, .released = true)) },
	{ "a lock function", NULL, SPEC(KAPI_LOCKS_ON_SUCCESS(l, KAPI_LOCK_MUTEX, "c")) },
	{ "what the caller must see to", NULL,
	  SPEC(KAPI_REQUIRES(always, KAPI_WHEN(always))
	       KAPI_CALLER_HOLDS(l, KAPI_LOCK_MUTEX, "c", KAPI_FOR_WRITE)) },
	{ "a guard", NULL,
	  SPEC(KAPI_TAKES(l, KAPI_LOCK_RWSEM, "&mm->mmap_lock", KAPI_GUARDS, .always = true)) },
	{ "one name for clauses of two kinds", NULL,
	  SPEC(LOCK() EFFECT(.type = KAPI_EFFECT_SCHEDULE)
	       RULE(.description = "d") ENSURED(.cond = &__kapi_cond_always)) },
	{ "what an effect does", NULL,
	  SPEC(FD KAPI_CHANGES(fd_value, KAPI_UNCHANGED, "t", "d", KAPI_UNLESS(always))
	       KAPI_CHANGES(fd_value, KAPI_INCREASES, "t", "d", KAPI_WHEN(fd_odd))) },
};

KUNIT_ARRAY_PARAM_DESC(good, good_cases, desc);

static void spec_check_accepts(struct kunit *test)
{
	const struct spec_case *c = test->param_value;
	char reason[KAPI_REASON_LEN];

	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(c->spec, reason));
	KUNIT_EXPECT_STREQ(test, reason, "");
}

/* A full spec has no NULL. */
static void spec_check_accepts_full(struct kunit *test)
{
	static const struct kapi_constraint_spec rule = {
		.name = "r", .description = "d", .kind = KAPI_CONSTRAINTS,
	};
	struct kernel_api_spec spec = synthetic_spec("f");
	char reason[KAPI_REASON_LEN];

	for (int i = 0; i < KAPI_MAX_CLAUSES; i++)
		synthetic_add(&spec, &rule);
	spec.constraint_count = KAPI_MAX_CLAUSES;
	KUNIT_EXPECT_EQ(test, 0, kapi_check_spec(&spec, reason));
	KUNIT_EXPECT_EQ(test, kapi_count_clauses(&spec), KAPI_MAX_CLAUSES + 5);
}

static struct kunit_case spec_check_cases[] = {
	KUNIT_CASE_PARAM(spec_check_rejects, spec_gen_params),
	KUNIT_CASE(spec_check_rejects_odd_bool),
	KUNIT_CASE(spec_check_rejects_misnamed_error),
	KUNIT_CASE(spec_check_rejects_error_name_twice),
	KUNIT_CASE(spec_check_says_what_to_write),
	KUNIT_CASE(spec_check_rejects_long_name),
	KUNIT_CASE(spec_check_tells_all),
	KUNIT_CASE(spec_check_tells_beside_null),
	KUNIT_CASE(spec_check_tells_many),
	KUNIT_CASE_PARAM(spec_check_accepts, good_gen_params),
	KUNIT_CASE(spec_check_accepts_full),
	{}
};

static struct kunit_suite spec_check_suite = {
	.name = "kapi_spec_check",
	.test_cases = spec_check_cases,
};

kunit_test_suite(spec_check_suite);
