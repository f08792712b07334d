// SPDX-License-Identifier: GPL-2.0
/*
 * Checks specs of syscalls against the metadata that SYSCALL_DEFINEx() recorded.
 *
 * This needs CONFIG_FTRACE_SYSCALLS. Without it nothing is compared, no syscall number is
 * known, and this file is not built.
 */
#include <linux/array_size.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace_events.h>
#include <kunit/visibility.h>
#include <trace/syscall.h>
#include <asm/syscall.h>

#include "kapi.h"

/* The table of pointers is init memory; the metadata is not. */
extern struct syscall_metadata *__start_syscalls_metadata[];
extern struct syscall_metadata *__stop_syscalls_metadata[];

#define for_each_syscall_meta(m)					\
	for (m = __start_syscalls_metadata;				\
	     m < __stop_syscalls_metadata; m++)

static const struct kernel_api_spec **spec_by_nr __ro_after_init;

static bool same_type(const char *a, const char *b)
{
	for (;; a++, b++) {
		a = kapi_skip_noise(a);
		b = kapi_skip_noise(b);
		if (*a != *b)
			return false;
		if (!*a)
			return true;
	}
}

static int check_param(const struct kapi_param_spec *p, unsigned int i,
		       const struct syscall_metadata *meta, char *reason)
{
	if (strcmp(p->name, meta->args[i]))
		return kapi_complain(reason, "params[%s]: in its place SYSCALL_DEFINE%u has %s",
				     p->name, meta->nb_args, meta->args[i]);
	if (!same_type(p->type_name, meta->types[i]))
		return kapi_complain(reason, "params[%s]: of type %s, but %s in SYSCALL_DEFINE%u",
				     p->name, p->type_name, meta->types[i], meta->nb_args);
	return 0;
}

/**
 * kapi_check_params - are these the syscall's parameters?
 * @spec: a spec that kapi_check_spec() accepted
 * @meta: what SYSCALL_DEFINEx() recorded
 * @reason: see kapi_check_spec()
 *
 * Return: 0, or -EINVAL.
 */
int kapi_check_params(const struct kernel_api_spec *spec,
		      const struct syscall_metadata *meta, char *reason)
{
	unsigned int params = kapi_count_entries(spec, KAPI_PARAMS), i = 0;
	const struct kapi_param_spec *p;
	int ret = 0;

	if (params != meta->nb_args)
		return kapi_complain(reason, "params: the spec has %u, SYSCALL_DEFINE%u has %u",
				     params, meta->nb_args, meta->nb_args);
	kapi_for_each_clause(p, spec, KAPI_PARAMS)
		ret = check_param(p, i++, meta, reason) ?: ret;
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_check_params);

static const struct syscall_metadata *__init find_meta(const char *name)
{
	struct syscall_metadata **meta;

	for_each_syscall_meta(meta)
		if (!strcmp((*meta)->name, name))
			return *meta;
	return NULL;
}

/* A syscall's function does not have its plain name: no function would match. */
static int __init check_prefix(const struct kernel_api_spec *spec, char *reason)
{
	char name[KSYM_NAME_LEN];

	snprintf(name, sizeof(name), "sys_%s", spec->name);
	if (kallsyms_lookup_name(spec->name) || !find_meta(name))
		return 0;
	return kapi_complain(reason, "no function has this name, but a syscall: write DEFINE_KERNEL_API_SPEC(%s)",
			     name);
}

/**
 * kapi_syscall_address - where the function of a system call is
 * @name: sys_NAME
 *
 * Context: may sleep.
 * Return: the address, a stub's if the kernel is built without the call; or 0.
 */
unsigned long kapi_syscall_address(const char *name)
{
	static const char *const prefixes[] = {
		"", "__x64_", "__ia32_", "__arm64_", "__riscv_", "__s390x_",
	};
	char symbol[KSYM_NAME_LEN];
	unsigned long address = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(prefixes) && !address; i++) {
		snprintf(symbol, sizeof(symbol), "%s%s", prefixes[i], name);
		address = kallsyms_lookup_name(symbol);
	}
	return address;
}

/**
 * kapi_find_syscall - find a syscall's metadata, even after init memory is freed
 * @name: sys_NAME
 *
 * Context: may sleep.
 * Return: the metadata; NULL if this kernel has no such system call.
 */
const struct syscall_metadata *kapi_find_syscall(const char *name)
{
	const struct syscall_metadata *meta;
	struct trace_event_file *file;
	char event[KSYM_NAME_LEN];

	snprintf(event, sizeof(event), "sys_enter%s", name + strlen("sys"));
	file = trace_get_event_file(NULL, "syscalls", event);
	if (IS_ERR(file))
		return NULL;
	meta = file->event_call->data;
	trace_put_event_file(file);
	return meta;
}

/**
 * kapi_check_syscall - check a spec of vmlinux against the syscall's metadata
 * @spec: a spec that kapi_check_spec() accepted
 * @reason: see kapi_check_spec()
 *
 * Return: 0, also for a spec that is not a syscall's; or -EINVAL.
 */
int __init kapi_check_syscall(const struct kernel_api_spec *spec, char *reason)
{
	const struct syscall_metadata *meta;

	if (!kapi_is_syscall(spec))
		return check_prefix(spec, reason);
	meta = find_meta(spec->name);
	if (meta)
		return kapi_check_params(spec, meta, reason);
	if (kapi_syscall_address(spec->name))
		return kapi_complain(reason, "this kernel is built without this syscall");
	return kapi_complain(reason, "no SYSCALL_DEFINE has this name: misspelt?");
}

static void __init index_syscall(const struct syscall_metadata *meta)
{
	if (meta->syscall_nr >= 0 && meta->syscall_nr < NR_syscalls)
		spec_by_nr[meta->syscall_nr] = kapi_registry_find(&kapi_registry, meta->name);
}

/**
 * kapi_index_syscalls - build the table behind kapi_spec_by_nr()
 *
 * Context: boot, after ftrace has filled in the numbers and before init memory
 * is freed. Specs of syscalls are never in modules, so the table is final.
 */
void __init kapi_index_syscalls(void)
{
	struct syscall_metadata **meta;

	spec_by_nr = kcalloc(NR_syscalls, sizeof(*spec_by_nr), GFP_KERNEL);
	if (!spec_by_nr)
		return;
	for_each_syscall_meta(meta)
		index_syscall(*meta);
}

/**
 * kapi_spec_by_nr - a native syscall's spec
 * @nr: any number
 *
 * Context: any. One load, no lock.
 * Return: the spec, or NULL if there is none, or no metadata.
 */
const struct kernel_api_spec *kapi_spec_by_nr(unsigned int nr)
{
	return spec_by_nr && nr < NR_syscalls ? spec_by_nr[nr] : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(kapi_spec_by_nr);
