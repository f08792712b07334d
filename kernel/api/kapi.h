/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Declarations that the files of kernel/api share.
 *
 *   vocabulary.c   names of the enums, and of the fields of every clause
 *   clauses.c      every clause by a number, and whether it can be checked
 *   spec_check.c   is a spec fit to be registered?
 *   registry.c     the sorted index of all specs
 *   core.c         boot and modules
 *   syscall.c      syscall metadata: parameters, numbers
 *   render.c       the walk over a spec; emit_text.c, emit_json.c: its formats
 *   sequence.c     all specs, one after the other
 *   debugfs.c      the files
 *
 * The validator, with CONFIG_KAPI_RUNTIME_CHECKS: see validate/validate.h.
 */
#ifndef _KERNEL_API_KAPI_H
#define _KERNEL_API_KAPI_H

#include <linux/errno.h>
#include <linux/kernel_api_spec.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/string.h>

struct dentry;
struct module;
struct seq_file;
struct syscall_metadata;

/* === Vocabulary =========================================================== */

/**
 * struct kapi_names - names of an enum's values, or of a mask's bits
 * @name: in JSON; NULL for those not in use
 * @words: optional: in text; NULL for what goes without saying
 * @count: number of both
 */
struct kapi_names {
	const char *const *name;
	const char *const *words;
	unsigned int count;
};

enum kapi_field_kind {
	KAPI_FIELD_TEXT,	/* const char *, must be given */
	KAPI_FIELD_OPT_TEXT,	/* const char *, or NULL */
	KAPI_FIELD_ENUM,	/* an index into @names */
	KAPI_FIELD_OPT_ENUM,	/* an index into @names, 0 if not given */
	KAPI_FIELD_FLAGS,	/* a mask of bits in @names */
	KAPI_FIELD_OPT_FLAGS,	/* likewise, 0 if none */
	KAPI_FIELD_BOOL,
	KAPI_FIELD_NUMBER,	/* signed */
	KAPI_FIELD_OPT_ERRNO,	/* an error code, 0 if not given */
	KAPI_FIELD_UPPER,	/* an upper bound; the lower one precedes it */
	KAPI_FIELD_BITS,	/* unsigned, shown in hexadecimal */
	KAPI_FIELD_CONDITION,	/* const struct kapi_condition *, or NULL */
};

/**
 * struct kapi_field - a member of a clause, for checking and rendering alike
 * @key: its name in JSON
 * @say: optional: its text; "%" is its value, "\n" begins a line and "\t" moves to the
 *	column of texts
 * @because: optional: likewise if the clause is shown under an error as its reason
 * @if_not: optional: the text if it is false
 * @names: for KAPI_FIELD_ENUM and _FLAGS
 * @offset: in the clause's struct
 * @size: bytes
 * @kind: enum kapi_field_kind
 * @only_if: the member counts only if the u8 at @if_offset is @if_value
 * @if_offset: see @only_if
 * @if_value: see @only_if
 * @implied: optional: the meaning of 0 or false
 */
struct kapi_field {
	const char *key;
	const char *say;
	const char *because;
	const char *if_not;
	const struct kapi_names *names;
	u16 offset;
	u8 size;
	u8 kind;
	bool only_if;
	u16 if_offset;
	u8 if_value;
	s64 (*implied)(const void *clause);
};

struct kapi_fields {
	const struct kapi_field *field;
	unsigned int count;
};

/**
 * struct kapi_category - a kind of clauses
 * @key: its name in JSON and labels
 * @title: its name in text
 * @fields: the members of a clause
 * @count: offset of the hand-written count in the spec; 0 if there is none
 */
struct kapi_category {
	const char *key;
	const char *title;
	const struct kapi_fields *fields;
	u16 count;
};

/* By enum kapi_kind. */
extern const struct kapi_category kapi_categories[KAPI_KINDS];
/* In the order in which they are numbered and shown. */
extern const enum kapi_kind kapi_kinds[KAPI_KINDS];
extern const struct kapi_fields kapi_spec_fields;
extern const struct kapi_fields kapi_spec_head_fields;
extern const struct kapi_fields kapi_spec_last_fields;
extern const struct kapi_fields kapi_return_fields;
extern const struct kapi_fields kapi_param_reason_fields;

#define kapi_for_each_field(f, fields)					\
	for (f = (fields)->field; f < (fields)->field + (fields)->count; f++)

bool kapi_field_applies(const struct kapi_field *f, const void *clause);
const void *kapi_field_pointer(const struct kapi_field *f, const void *clause);
s64 kapi_field_value(const struct kapi_field *f, const void *clause);

/* === Clauses ============================================================== */

/* The position of a walk over the clauses of a spec. Starts as { .spec = spec }. */
struct kapi_walk {
	const struct kernel_api_spec *spec;
	const struct kapi_clauses *block;
	unsigned int slot;
	unsigned int inner;
	unsigned int plain;
};

const struct kapi_clause *kapi_next_clause(struct kapi_walk *walk);
const void *kapi_next_of_kind(struct kapi_walk *walk, enum kapi_kind kind);

/* All clauses of a kind, in their order; @c is a pointer to their struct. */
#define kapi_for_each_clause(c, _spec, _kind)				\
	for (struct kapi_walk __walk = { .spec = (_spec) };		\
	     (c = kapi_next_of_kind(&__walk, _kind));)

/* Rules for every spec; they are its first clauses. */
enum kapi_rule {
	KAPI_RULE_CONTEXT,
	KAPI_RULE_CALLER,	/* only of functions that cannot be called from everywhere */
	KAPI_RULE_RETURN,
	KAPI_RULE_LOCKS,
	KAPI_RULE_SIGNALS,
	KAPI_RULE_FAILURE,	/* only with KAPI_FAILURE_ATOMIC or _PARTIAL */
	KAPI_RULE_OTHER_ERRORS,	/* only with KAPI_OTHER_ERRORS(), and prose */
	KAPI_RULES
};

/**
 * struct kapi_clause_ref - a clause found by its number
 * @kind: what it is
 * @i: its index among those of its kind
 * @clause: the clause; NULL for a rule
 */
struct kapi_clause_ref {
	enum kapi_kind kind;
	unsigned int i;
	const struct kapi_clause *clause;
};

/* Room for what kapi_clause_label() writes; longer names are cut. */
#define KAPI_LABEL_LEN		64

unsigned int kapi_count_entries(const struct kernel_api_spec *spec, enum kapi_kind kind);
bool kapi_find_clause(const struct kernel_api_spec *spec, unsigned int n,
		      struct kapi_clause_ref *ref);
unsigned int kapi_clause_end(const struct kernel_api_spec *spec);
bool kapi_has_clause(const struct kernel_api_spec *spec, unsigned int n);
bool kapi_is_checkable(const struct kernel_api_spec *spec, unsigned int n);
bool kapi_is_decidable(const struct kernel_api_spec *spec, unsigned int n);
unsigned int kapi_count_clauses(const struct kernel_api_spec *spec);
unsigned int kapi_count_decidable(const struct kernel_api_spec *spec);
const char *kapi_not_here(const struct kernel_api_spec *spec, unsigned int n);
const char *kapi_clause_label(const struct kernel_api_spec *spec, unsigned int n, char *buf);
const char *kapi_clause_text(const struct kernel_api_spec *spec, unsigned int n);
const struct kapi_condition *kapi_clause_condition(const struct kapi_clause *clause);
s32 kapi_clause_error(const struct kapi_clause *clause);
bool kapi_is_mmap_lock(const struct kapi_lock_spec *lock);
bool kapi_knows_type(const struct kapi_param_spec *p);
s64 kapi_argument(const struct kapi_param_spec *p, unsigned long arg);
long kapi_return_value(const struct kernel_api_spec *spec, unsigned long reg);

/* A lock that says nothing else is taken and released. */
static inline bool kapi_says_nothing(const struct kapi_lock_spec *l)
{
	return !l->acquired && !l->released && !l->held_on_entry && !l->held_on_exit;
}

/* Error codes that user space never sees: the call restarts, or fails with EINTR. */
static inline bool kapi_is_restart(long ret)
{
	return ret == -ERESTARTSYS || ret == -ERESTARTNOINTR ||
	       ret == -ERESTARTNOHAND || ret == -ERESTART_RESTARTBLOCK;
}

/* === Checking ============================================================= */

/* Room for all reasons why a spec was rejected, and for one; longer ones are cut. */
#define KAPI_REASON_LEN		768
#define KAPI_MISTAKE_LEN	256

int kapi_check_spec(const struct kernel_api_spec *spec, char *reason);
__printf(2, 3) int kapi_complain(char *reason, const char *fmt, ...);
const char *kapi_skip_noise(const char *s);

/* === Syscalls ============================================================= */

static inline bool kapi_is_syscall(const struct kernel_api_spec *spec)
{
	return str_has_prefix(spec->name, "sys_");
}

#ifdef CONFIG_FTRACE_SYSCALLS
int kapi_check_params(const struct kernel_api_spec *spec,
		      const struct syscall_metadata *meta, char *reason);
int kapi_check_syscall(const struct kernel_api_spec *spec, char *reason);
const struct syscall_metadata *kapi_find_syscall(const char *name);
unsigned long kapi_syscall_address(const char *name);
void kapi_index_syscalls(void);
const struct kernel_api_spec *kapi_spec_by_nr(unsigned int nr);
#else
static inline int kapi_check_syscall(const struct kernel_api_spec *spec, char *reason)
{
	return 0;
}

static inline void kapi_index_syscalls(void) { }
#endif

/* === Registry ============================================================= */

/* The name is repeated here, so that a search touches nothing else. */
struct kapi_entry {
	const char *name;
	const struct kernel_api_spec *spec;
	const struct module *owner;
};

/* A mistake for which a spec was rejected; the strings are copies. */
struct kapi_reject {
	struct list_head list;
	const struct module *owner;
	char name[64];
	char reason[KAPI_MISTAKE_LEN];
};

/**
 * struct kapi_registry - the specs known, sorted by name
 * @lock: guards all below; held while specs are looked at, since a module takes
 *	its specs with it
 * @entries: sorted, names are unique
 * @count: number of @entries
 * @generation: changes with @entries
 * @rejects: struct kapi_reject
 */
struct kapi_registry {
	struct mutex lock;	/* guards all below */
	struct kapi_entry *entries;
	size_t count;
	unsigned long generation;
	struct list_head rejects;
};

#define KAPI_REGISTRY_INIT(_name) {				\
	.lock = __MUTEX_INITIALIZER((_name).lock),		\
	.rejects = LIST_HEAD_INIT((_name).rejects),		\
}

extern struct kapi_registry kapi_registry;

typedef int (*kapi_check_fn)(const struct kernel_api_spec *spec,
			     const struct module *owner, char *reason);

int kapi_registry_add(struct kapi_registry *reg, const struct module *owner,
		      const struct kernel_api_spec *specs, size_t bytes,
		      kapi_check_fn check);
void kapi_registry_remove(struct kapi_registry *reg, const struct module *owner);
size_t kapi_registry_lower_bound(struct kapi_registry *reg, const char *name);
const struct kernel_api_spec *kapi_registry_find(struct kapi_registry *reg,
						 const char *name);
const struct kernel_api_spec *kapi_registry_next(struct kapi_registry *reg,
						 const struct module *owner,
						 const struct kernel_api_spec *prev);
const char *kapi_owner_name(const struct module *owner);

#define kapi_for_each_spec(spec, reg, owner)				\
	for (spec = kapi_registry_next(reg, owner, NULL); spec;		\
	     spec = kapi_registry_next(reg, owner, spec))

/* === Boot and modules ===================================================== */

bool kapi_has_namesake(const char *name);
unsigned long kapi_function_address(const struct kernel_api_spec *spec,
				    const struct module *owner);

/* === Rendering ============================================================ */

struct kapi_emit_ops;

/**
 * struct kapi_emit - where the walk over a spec writes
 * @m: the output
 * @spec: the spec
 * @ops: the format
 * @clause: the clause that is being written, or was last, for tools/kapi
 * @depth: how many groups are open
 * @fresh: nothing has been written into the innermost group yet
 * @flow: of text: where it stands
 */
struct kapi_emit {
	struct seq_file *m;
	const struct kernel_api_spec *spec;
	const struct kapi_emit_ops *ops;
	const struct kapi_clause *clause;
	unsigned int depth;
	bool fresh;
	struct {
		const char *title;	/* of a list that is empty so far */
		const char *head;	/* the first text of the item */
		unsigned int column;
		unsigned int margin;	/* where lines begin */
		unsigned int indent;	/* where they go on after a wrap */
		unsigned int lines;	/* to be ended before the next word */
		unsigned int blanks;	/* likewise to be written */
		bool tab;		/* likewise */
	} flow;
};

/* Groups that are open while the reason for an error is written. */
#define KAPI_REASON_DEPTH	5	/* spec, errors, error, reasons, reason */

/**
 * struct kapi_emit_ops - a format
 * @open: begin a group: @key and a list or not, @title if it has one; an item of a list
 *	has neither
 * @close: end it
 * @text: a string, which may hold anything
 * @condition: a condition
 * @choice: the name of an enum's value
 * @words: the names of the bits set in @mask
 * @number: a number, ready to print
 * @flag: a truth value
 * @put: of text: lay out a value, with what is said before and after it; tools/kapi has
 *	others
 */
struct kapi_emit_ops {
	void (*open)(struct kapi_emit *e, const char *key, const char *title, bool list);
	void (*close)(struct kapi_emit *e, bool list);
	void (*text)(struct kapi_emit *e, const struct kapi_field *f, const char *text);
	void (*condition)(struct kapi_emit *e, const struct kapi_field *f,
			  const struct kapi_condition *cond);
	void (*choice)(struct kapi_emit *e, const struct kapi_field *f, unsigned int value);
	void (*words)(struct kapi_emit *e, const struct kapi_field *f, u64 mask);
	void (*number)(struct kapi_emit *e, const struct kapi_field *f, const char *digits);
	void (*flag)(struct kapi_emit *e, const struct kapi_field *f, bool value);
	void (*put)(struct kapi_emit *e, const char *before, const char *value,
		    const char *after);
};

/*
 * Version of the JSON layout; tools look at it first. It changes when a key goes
 * or its meaning changes, not when one is added.
 */
#define KAPI_JSON_VERSION	2

extern const struct kapi_emit_ops kapi_text_ops;
extern const struct kapi_emit_ops kapi_json_ops;

void kapi_render(struct seq_file *m, const struct kapi_emit_ops *ops,
		 const struct kernel_api_spec *spec);
void kapi_json_begin(struct seq_file *m);
void kapi_json_end(struct seq_file *m);
unsigned int kapi_utf8_len(const char *s);
bool kapi_is_unprintable(const char *s, unsigned int len);

/* === Validator ============================================================ */

#ifdef CONFIG_KAPI_RUNTIME_CHECKS
bool kapi_is_watched(const struct kernel_api_spec *spec);
void kapi_watch_module(const struct module *mod, size_t count);
void kapi_unwatch_module(const struct module *mod);
void kapi_validate_init(void);
void kapi_validate_debugfs_init(struct dentry *dir);
#else
static inline bool kapi_is_watched(const struct kernel_api_spec *spec)
{
	return false;
}

static inline void kapi_watch_module(const struct module *mod, size_t count) { }
static inline void kapi_unwatch_module(const struct module *mod) { }
static inline void kapi_validate_init(void) { }
static inline void kapi_validate_debugfs_init(struct dentry *dir) { }
#endif

#endif /* _KERNEL_API_KAPI_H */
