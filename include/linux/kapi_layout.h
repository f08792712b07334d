/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The layout of API specifications: an ELF note in each image that has specs.
 * tools/kapi needs it to read specs of any architecture and compiler.
 */
#ifndef _LINUX_KAPI_LAYOUT_H
#define _LINUX_KAPI_LAYOUT_H

#include <linux/align.h>
#include <linux/stddef.h>
#include <linux/types.h>

/* The note's type changes when this list or the meaning of a member changes. */
#define KAPI_NOTE_NAME		"kapi"
#define KAPI_LAYOUT_VERSION	1

/*
 * s(STRUCT), followed by m(STRUCT, MEMBER) for each member that the tool reads.
 * The head that all clauses share is listed once, as kapi_clause.
 */
#define KAPI_LAYOUT(s, m)						\
	s(kapi_condition)						\
	m(kapi_condition, name) m(kapi_condition, text)			\
	m(kapi_condition, params)		\
	s(kapi_clause)							\
	m(kapi_clause, name) m(kapi_clause, needs)			\
	m(kapi_clause, when) m(kapi_clause, kind)			\
	s(kapi_param_spec)						\
	m(kapi_param_spec, flags) m(kapi_param_spec, type)		\
	m(kapi_param_spec, constraint_type) m(kapi_param_spec, has_range) \
	m(kapi_param_spec, error) m(kapi_param_spec, type_name)		\
	m(kapi_param_spec, description) m(kapi_param_spec, constraints)	\
	m(kapi_param_spec, min_value) m(kapi_param_spec, max_value)	\
	m(kapi_param_spec, valid_mask)					\
	s(kapi_return_spec)						\
	m(kapi_return_spec, type_name) m(kapi_return_spec, description)	\
	m(kapi_return_spec, success_value) m(kapi_return_spec, success_max) \
	m(kapi_return_spec, type) m(kapi_return_spec, check_type)	\
	s(kapi_error_spec)						\
	m(kapi_error_spec, closed) m(kapi_error_spec, is_null)		\
	m(kapi_error_spec, code)					\
	m(kapi_error_spec, condition) m(kapi_error_spec, description)	\
	s(kapi_constraint_spec)						\
	m(kapi_constraint_spec, may) m(kapi_constraint_spec, early)	\
	m(kapi_constraint_spec, required) m(kapi_constraint_spec, error) \
	m(kapi_constraint_spec, description)				\
	m(kapi_constraint_spec, expression) m(kapi_constraint_spec, cond) \
	s(kapi_capability_spec)						\
	m(kapi_capability_spec, capability) m(kapi_capability_spec, action) \
	m(kapi_capability_spec, error) m(kapi_capability_spec, allows)	\
	m(kapi_capability_spec, without) m(kapi_capability_spec, condition) \
	m(kapi_capability_spec, cond)					\
	s(kapi_signal_spec)						\
	m(kapi_signal_spec, direction) m(kapi_signal_spec, action)	\
	m(kapi_signal_spec, restartable) m(kapi_signal_spec, signum)	\
	m(kapi_signal_spec, error) m(kapi_signal_spec, target)		\
	m(kapi_signal_spec, condition) m(kapi_signal_spec, description)	\
	s(kapi_lock_spec)						\
	m(kapi_lock_spec, type) m(kapi_lock_spec, acquired)		\
	m(kapi_lock_spec, released) m(kapi_lock_spec, held_on_entry)	\
	m(kapi_lock_spec, held_on_exit) m(kapi_lock_spec, on_success)	\
	m(kapi_lock_spec, always) m(kapi_lock_spec, mode)		\
	m(kapi_lock_spec, description) m(kapi_lock_spec, class_name)	\
	s(kapi_side_effect_spec)					\
	m(kapi_side_effect_spec, relation) m(kapi_side_effect_spec, reversible) \
	m(kapi_side_effect_spec, type) m(kapi_side_effect_spec, target)	\
	m(kapi_side_effect_spec, description) m(kapi_side_effect_spec, condition) \
	m(kapi_side_effect_spec, value) m(kapi_side_effect_spec, unless) \
	s(kapi_state_trans_spec)					\
	m(kapi_state_trans_spec, from) m(kapi_state_trans_spec, to)	\
	m(kapi_state_trans_spec, description) m(kapi_state_trans_spec, condition) \
	s(kapi_clauses)							\
	m(kapi_clauses, first) m(kapi_clauses, clause)			\
	s(kernel_api_spec)						\
	m(kernel_api_spec, name) m(kernel_api_spec, description)	\
	m(kernel_api_spec, long_desc) m(kernel_api_spec, since_version)	\
	m(kernel_api_spec, examples) m(kernel_api_spec, notes)		\
	m(kernel_api_spec, replacement) m(kernel_api_spec, other_errors) \
	m(kernel_api_spec, may_sleep) m(kernel_api_spec, return_spec)	\
	m(kernel_api_spec, context) m(kernel_api_spec, failure)		\
	m(kernel_api_spec, deprecated) m(kernel_api_spec, in_order)	\
	m(kernel_api_spec, first)					\
	m(kernel_api_spec, param_count) m(kernel_api_spec, error_count)	\
	m(kernel_api_spec, signal_count) m(kernel_api_spec, lock_count)	\
	m(kernel_api_spec, side_effect_count) m(kernel_api_spec, state_trans_count) \
	m(kernel_api_spec, constraint_count) m(kernel_api_spec, capability_count) \
	m(kernel_api_spec, locks) m(kernel_api_spec, clause)

/* A struct, or a member of the last struct before it. */
struct kapi_place {
	u16 offset;
	u16 size;
};

#define __KAPI_PLUS_ONE(...)		+ 1
#define __KAPI_PLACE_STRUCT(s)		{ 0, sizeof(struct s) },
#define __KAPI_PLACE_MEMBER(s, m)	{ offsetof(struct s, m), sizeof_field(struct s, m) },

struct kapi_note {
	u32 name_size;
	u32 desc_size;
	u32 type;
	char name[ALIGN(sizeof(KAPI_NOTE_NAME), 4)];
	struct kapi_place place[0 KAPI_LAYOUT(__KAPI_PLUS_ONE, __KAPI_PLUS_ONE)];
};

#define DEFINE_KAPI_NOTE(_name, _attributes)				\
	static const struct kapi_note _attributes			\
	__section(".note." KAPI_NOTE_NAME) __aligned(4) _name = {	\
		.name_size = sizeof(KAPI_NOTE_NAME),			\
		.desc_size = sizeof_field(struct kapi_note, place),	\
		.type = KAPI_LAYOUT_VERSION,				\
		.name = KAPI_NOTE_NAME,					\
		.place = { KAPI_LAYOUT(__KAPI_PLACE_STRUCT, __KAPI_PLACE_MEMBER) }, \
	}

#endif /* _LINUX_KAPI_LAYOUT_H */
