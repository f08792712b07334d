/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of kernel/api share.
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
 * The validator, with CONFIG_KAPI_RUNTIME_CHECKS: see validate.h.
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

/* Names of an enum's values, or of a mask's bits; NULL for those not in use. */
struct kapi_names {
	const char *const *name;
	unsigned int count;
};

enum kapi_field_kind {
	KAPI_FIELD_TEXT,	/* const char *, must be given */
	KAPI_FIELD_OPT_TEXT,	/* const char *, or NULL */
	KAPI_FIELD_ENUM,	/* an index into @names */
	KAPI_FIELD_FLAGS,	/* a mask of bits in @names */
	KAPI_FIELD_BOOL,
	KAPI_FIELD_NUMBER,	/* signed */
	KAPI_FIELD_OPT_ERRNO,	/* an error code, 0 if not given */
	KAPI_FIELD_UPPER,	/* an upper bound; the lower one precedes it */
	KAPI_FIELD_BITS,	/* unsigned, shown in hexadecimal */
	KAPI_FIELD_OPT_ENUM,	/* an index into @names, 0 if not given */
	KAPI_FIELD_VALUE,	/* a value of the snapshot, from 1; 0 if not given */
};

/**
 * struct kapi_field - a member of a clause, for checking and rendering alike
 * @key: what it is called in the output
 * @names: for KAPI_FIELD_ENUM and _FLAGS
 * @offset: in the clause's struct
 * @size: bytes
 * @kind: enum kapi_field_kind
 * @only_if: the member counts only if the u8 at @if_offset is @if_value
 * @if_offset: see @only_if
 * @if_value: see @only_if
 */
struct kapi_field {
	const char *key;
	const struct kapi_names *names;
	u16 offset;
	u8 size;
	u8 kind;
	bool only_if;
	u16 if_offset;
	u8 if_value;
};

struct kapi_fields {
	const struct kapi_field *field;
	unsigned int count;
};

/**
 * struct kapi_category - a kind of clause of which a spec may have several
 * @key: what it is called in the output: the member of struct kernel_api_spec
 * @fields: the members of an entry
 * @entries: offset of the array of pointers to entries
 * @count: offset of the hand-written count
 * @max: length of the array
 */
struct kapi_category {
	const char *key;
	const struct kapi_fields *fields;
	u16 entries;
	u16 count;
	u8 max;
};

enum kapi_category_id {
	KAPI_PARAMS,
	KAPI_ERRORS,
	KAPI_SIGNALS,
	KAPI_LOCKS,
	KAPI_SIDE_EFFECTS,
	KAPI_STATE_TRANS,
	KAPI_CONSTRAINTS,
	KAPI_CAPABILITIES,
	KAPI_CATEGORIES
};

extern const struct kapi_category kapi_categories[KAPI_CATEGORIES];
extern const struct kapi_fields kapi_spec_fields;
extern const struct kapi_fields kapi_return_fields;

#define kapi_for_each_field(f, fields)					\
	for (f = (fields)->field; f < (fields)->field + (fields)->count; f++)

const void *kapi_clause(const struct kernel_api_spec *spec,
			const struct kapi_category *cat, unsigned int i);
unsigned int kapi_count_entries(const struct kernel_api_spec *spec,
				const struct kapi_category *cat);
bool kapi_field_applies(const struct kapi_field *f, const void *clause);
const char *kapi_field_text(const struct kapi_field *f, const void *clause);
s64 kapi_field_value(const struct kapi_field *f, const void *clause);

/* === Clauses ============================================================== */

/* The rules that go for every spec; they are its first clauses. */
enum kapi_rule {
	KAPI_RULE_CONTEXT,
	KAPI_RULE_RETURN,
	KAPI_RULE_LOCKS,
	KAPI_RULE_SIGNALS,
	KAPI_RULE_FAILURE,	/* only with KAPI_FAILURE_ATOMIC or _PARTIAL */
	KAPI_RULE_OTHER_ERRORS,	/* only with KAPI_OTHER_ERRORS(), and prose */
	KAPI_RULES
};

struct kapi_clause_ref {
	enum kapi_category_id category;
	unsigned int i;
	const void *clause;
};

/* Room for what kapi_clause_label() writes. */
#define KAPI_LABEL_LEN		24

bool kapi_find_clause(const struct kernel_api_spec *spec, unsigned int n,
		      struct kapi_clause_ref *ref);
unsigned int kapi_clause_end(const struct kernel_api_spec *spec);
bool kapi_has_clause(const struct kernel_api_spec *spec, unsigned int n);
bool kapi_is_checkable(const struct kernel_api_spec *spec, unsigned int n);
bool kapi_is_decidable(const struct kernel_api_spec *spec, unsigned int n);
unsigned int kapi_count_clauses(const struct kernel_api_spec *spec);
unsigned int kapi_count_decidable(const struct kernel_api_spec *spec);
const char *kapi_not_here(const struct kernel_api_spec *spec, unsigned int n);
bool kapi_is_mmap_lock(const struct kapi_lock_spec *lock);
bool kapi_has_class(const struct kapi_lock_spec *lock);
bool kapi_knows_type(const struct kapi_param_spec *p);
bool kapi_knows_register(const struct kernel_api_spec *spec, unsigned int i, bool is_64bit);
s64 kapi_argument(const struct kapi_param_spec *p, unsigned long arg);
const char *kapi_clause_label(const struct kernel_api_spec *spec, unsigned int n, char *buf);
const char *kapi_clause_text(const struct kernel_api_spec *spec, unsigned int n);

/* Codes that user space never sees: the call is restarted, or fails with EINTR. */
static inline bool kapi_is_restart(long ret)
{
	return ret == -ERESTARTSYS || ret == -ERESTARTNOINTR ||
	       ret == -ERESTARTNOHAND || ret == -ERESTART_RESTARTBLOCK;
}

/* === Checking ============================================================= */

/* Room for why a spec was rejected, and for one of the reasons; longer ones are cut. */
#define KAPI_REASON_LEN		768
#define KAPI_MISTAKE_LEN	256

int kapi_check_spec(const struct kernel_api_spec *spec, char *reason);
__printf(2, 3) int kapi_complain(char *reason, const char *fmt, ...);

/* === Syscalls ============================================================= */

static inline bool kapi_is_syscall(const struct kernel_api_spec *spec)
{
	return str_has_prefix(spec->name, "sys_");
}

#ifdef CONFIG_FTRACE_SYSCALLS
int kapi_check_params(const struct kernel_api_spec *spec,
		      const struct syscall_metadata *meta, char *reason);
int kapi_check_syscall(const struct kernel_api_spec *spec, char *reason);
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

/* The name stands here again, so that a search touches nothing else. */
struct kapi_entry {
	const char *name;
	const struct kernel_api_spec *spec;
	const struct module *owner;
};

/* A mistake for which a spec was not accepted; its strings are copies. */
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
	struct mutex lock;	/* see above */
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

typedef int (*kapi_check_fn)(const struct kernel_api_spec *spec, char *reason);

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

/* === Rendering ============================================================ */

struct kapi_emit_ops;

/**
 * struct kapi_emit - where the walk over a spec writes
 * @m: the output
 * @spec: the spec
 * @ops: the format
 * @depth: how many groups are open
 * @fresh: nothing has been written into the innermost group yet
 * @heading: the format's own: of a group that is open but empty so far
 */
struct kapi_emit {
	struct seq_file *m;
	const struct kernel_api_spec *spec;
	const struct kapi_emit_ops *ops;
	unsigned int depth;
	bool fresh;
	const char *heading;
};

/**
 * struct kapi_emit_ops - a format
 * @open: begin a group: @key and a list or not; an item of a list has no key
 * @close: end it
 * @text: a string, which may hold anything
 * @words: the names of the bits set in @mask
 * @number: a number, ready to print
 * @flag: a truth value
 */
struct kapi_emit_ops {
	void (*open)(struct kapi_emit *e, const char *key, bool list);
	void (*close)(struct kapi_emit *e, bool list);
	void (*text)(struct kapi_emit *e, const char *key, const char *text);
	void (*words)(struct kapi_emit *e, const char *key,
		      const struct kapi_names *names, u64 mask);
	void (*number)(struct kapi_emit *e, const char *key, const char *digits);
	void (*flag)(struct kapi_emit *e, const char *key, bool value);
};

/*
 * Version of the JSON layout; tools look at it first. It changes when a key goes
 * or its meaning changes, not when one is added.
 */
#define KAPI_JSON_VERSION	1

extern const struct kapi_emit_ops kapi_text_ops;
extern const struct kapi_emit_ops kapi_json_ops;

void kapi_render(struct seq_file *m, const struct kapi_emit_ops *ops,
		 const struct kernel_api_spec *spec);
unsigned int kapi_utf8_len(const char *s);

/* === Validator ============================================================ */

#ifdef CONFIG_KAPI_RUNTIME_CHECKS
bool kapi_is_watched(const struct kernel_api_spec *spec);
void kapi_validate_init(void);
void kapi_validate_debugfs_init(struct dentry *dir);
#else
static inline bool kapi_is_watched(const struct kernel_api_spec *spec)
{
	return false;
}

static inline void kapi_validate_init(void) { }
static inline void kapi_validate_debugfs_init(struct dentry *dir) { }
#endif

#endif /* _KERNEL_API_KAPI_H */
