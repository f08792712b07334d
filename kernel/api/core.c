// SPDX-License-Identifier: GPL-2.0
/*
 * Where specs come from: vmlinux at boot, modules as they come and go.
 */
#define pr_fmt(fmt) "kapi: " fmt

#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/module.h>

#include "kapi.h"
#include "debugfs.h"

extern const struct kernel_api_spec __start_kapi_specs[];
extern const struct kernel_api_spec __stop_kapi_specs[];

DEFINE_KAPI_NOTE(vmlinux_note, __used);

/**
 * kapi_function_address - where the function of a spec is
 * @spec: a spec of a function that is no system call
 * @owner: the module that it is in; NULL for vmlinux
 *
 * Context: may sleep; @owner must not go meanwhile.
 * Return: the address; 0 if there is no such function.
 */
unsigned long kapi_function_address(const struct kernel_api_spec *spec,
				    const struct module *owner)
{
	char name[MODULE_NAME_LEN + KSYM_NAME_LEN];

	if (!owner)
		return kallsyms_lookup_name(spec->name);
	snprintf(name, sizeof(name), "%s:%s", kapi_owner_name(owner), spec->name);
	return kallsyms_lookup_name(name);
}

static int count_symbol(void *count, unsigned long address)
{
	(*(unsigned int *)count)++;
	return 0;
}

/**
 * kapi_has_namesake - whether several symbols of vmlinux have a name, as static ones may
 * @name: the name
 *
 * Context: may sleep.
 * Return: true if the name is ambiguous.
 */
bool kapi_has_namesake(const char *name)
{
	unsigned int count = 0;

	kallsyms_on_each_match_symbol(count_symbol, name, &count);
	return count > 1;
}

/* Rejects a name that no function has, or that several symbols have. */
static int check_function(const struct kernel_api_spec *spec, const struct module *owner,
			  char *reason)
{
	if (!IS_ENABLED(CONFIG_KALLSYMS))
		return 0;
	if (!kapi_function_address(spec, owner))
		return kapi_complain(reason, "kallsyms has no function of this name: misspelt, inlined or not built?");
	if (!owner && kapi_has_namesake(spec->name))
		return kapi_complain(reason, "kallsyms has several symbols of this name: give the function one of its own");
	return 0;
}

static int __init check_vmlinux_spec(const struct kernel_api_spec *spec,
				     const struct module *owner, char *reason)
{
	int ret = kapi_check_syscall(spec, reason);

	return ret || kapi_is_syscall(spec) ? ret : check_function(spec, owner, reason);
}

#ifdef CONFIG_MODULES
/* No syscall is modular: a module must not speak for one that has no spec. */
static int check_module_spec(const struct kernel_api_spec *spec, const struct module *owner,
			     char *reason)
{
	if (kapi_is_syscall(spec))
		return kapi_complain(reason, "modules have no syscalls; only specs of syscalls begin with sys_");
	return check_function(spec, owner, reason);
}

static void module_coming(const struct module *mod)
{
	int ret = kapi_registry_add(&kapi_registry, mod, mod->kapi_specs,
				    mod->kapi_specs_size, check_module_spec);

	if (ret)
		pr_warn("%s: specs not registered: %pe\n", mod->name, ERR_PTR(ret));
	kapi_watch_module(mod, mod->kapi_specs_size / sizeof(*mod->kapi_specs));
	kapi_debugfs_add(mod);
}

static void module_going(const struct module *mod)
{
	kapi_debugfs_remove(mod);
	kapi_unwatch_module(mod);
	kapi_registry_remove(&kapi_registry, mod);
}

/* A module's bad spec never keeps the module from loading. */
static int module_notify(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct module *mod = data;

	/* Its functions may be learned even if it has no specs. */
	if (event == MODULE_STATE_COMING && mod->kapi_specs_size)
		module_coming(mod);
	else if (event == MODULE_STATE_GOING)
		module_going(mod);
	return NOTIFY_OK;
}

/* Runs before fprobe's notifier forgets the functions of a module that goes. */
static struct notifier_block module_nb = {
	.notifier_call = module_notify,
	.priority = 1,
};

static void __init watch_modules(void)
{
	register_module_notifier(&module_nb);
}
#else
static inline void watch_modules(void) { }
#endif

/* After debugfs (core_initcall), before any initcall could load a module. */
static int __init kapi_init(void)
{
	size_t bytes = (void *)__stop_kapi_specs - (void *)__start_kapi_specs;
	int ret;

	ret = kapi_registry_add(&kapi_registry, NULL, __start_kapi_specs, bytes,
				check_vmlinux_spec);
	if (ret)
		pr_warn("specs of vmlinux not registered: %pe\n", ERR_PTR(ret));
	kapi_index_syscalls();
	kapi_validate_init();
	kapi_debugfs_init();
	kapi_debugfs_add(NULL);
	watch_modules();
	return 0;
}
postcore_initcall(kapi_init);
