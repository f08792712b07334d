// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches BPF programs to memory allocation and context switches, the latter
 * also through a perf event. They record the user stack by build IDs, for which
 * they try to take mmap_lock for read, whatever the task is doing. Stays in the
 * background until killed.
 */
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int create_stack_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_STACK_TRACE,
		.map_flags = BPF_F_STACK_BUILD_ID,
		.key_size = sizeof(int),
		.value_size = 16 * sizeof(struct bpf_stack_build_id),
		.max_entries = 1024,
	};

	return bpf(BPF_MAP_CREATE, &attr);
}

static int load_program(int map, enum bpf_prog_type type)
{
	const struct bpf_insn program[] = {
		/* r1 is the context. r2 = map */
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 2, .src_reg = BPF_PSEUDO_MAP_FD,
		  .imm = map },
		{ 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3,
		  .imm = BPF_F_USER_STACK | BPF_F_FAST_STACK_CMP | BPF_F_REUSE_STACKID },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_stackid },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = type,
		.insns = (unsigned long)program,
		.insn_cnt = sizeof(program) / sizeof(*program),
		.license = (unsigned long)"GPL",
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

static int attach(int program, const char *tracepoint)
{
	union bpf_attr attr = {
		.raw_tracepoint = { .name = (unsigned long)tracepoint, .prog_fd = program },
	};

	return bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
}

static int attach_to_perf(int program, int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CONTEXT_SWITCHES,
		.sample_period = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, 0);

	return fd < 0 ? -1 : ioctl(fd, PERF_EVENT_IOC_SET_BPF, program);
}

static int attach_all(int map)
{
	static const char *const tracepoints[] = {
		"mm_page_alloc", "kmem_cache_alloc", "sched_switch",
	};
	int program = load_program(map, BPF_PROG_TYPE_RAW_TRACEPOINT), cpu;
	size_t i;

	for (i = 0; i < sizeof(tracepoints) / sizeof(*tracepoints); i++)
		if (attach(program, tracepoints[i]) < 0)
			return -1;
	program = load_program(map, BPF_PROG_TYPE_PERF_EVENT);
	for (cpu = sysconf(_SC_NPROCESSORS_ONLN) - 1; cpu >= 0; cpu--)
		if (attach_to_perf(program, cpu))
			return -1;
	return 0;
}

int main(void)
{
	if (attach_all(create_stack_map())) {
		perror("no BPF program was attached");
		return 1;
	}
	if (daemon(0, 0))
		return 1;
	for (;;)
		pause();
}
