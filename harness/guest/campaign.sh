#!/bin/sh
# Runs in the booted kernel, in four parts: CALLS of each of the mlock family by processes
# that share nothing, without other load; as many by all kinds of processes, under every
# load; the explorer for $SECONDS_EACH seconds, under every load; and the selftests that
# must report nothing. Prints what each load did, and coverage and violations of each part.
# shellcheck disable=SC2154 # these, MM_TESTS and CASES are set in front of this
kapi=/sys/kernel/debug/kapi
cgroups=/cgroups
bad=/sys/kernel/config/nullb/bad
cd /tmp || exit

# === What a distribution's machine has =======================================

# Two swap devices: one compresses, the other fails at times.
set_up_swap() {
	echo 128M >/sys/block/zram0/disksize
	mount -t configfs none /sys/kernel/config && mkdir $bad &&
		echo 1 >$bad/memory_backed && echo 64 >$bad/size && echo 1 >$bad/power
	for device in /dev/zram0 /dev/bad; do
		mkswap $device >/dev/null && swapon $device || echo "NO SWAP on $device"
	done
}

set_up_cgroups() {
	mkdir $cgroups/small &&
		echo 24M >$cgroups/small/memory.max && echo 20M >$cgroups/small/memory.high
}

# in_cgroup CGROUP PROGRAM... The shells' own has no swap, see init.
in_cgroup() {
	cgroup=$cgroups/$1
	shift
	# shellcheck disable=SC2016 # for that shell
	sh -c 'echo 0 >"$0/cgroup.procs" && exec "$@"' "$cgroup" "$@"
}

set_up_memory() {
	echo 1 >/sys/kernel/mm/ksm/run
	echo 1 >/sys/kernel/mm/ksm/use_zero_pages
	echo 10 >/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs
	echo 32 >/proc/sys/vm/nr_hugepages
	echo 1 >/proc/sys/vm/unprivileged_userfaultfd
	echo 1 >/proc/sys/kernel/numa_balancing
}

set_up() {
	set_up_cgroups
	set_up_swap
	set_up_memory
	audit_rule
	nodes=$(find /sys/devices/system/node -maxdepth 1 -name "node[0-9]*" | wc -l)
	echo "set up: $(grep -c ^/dev /proc/swaps) swap devices, $nodes nodes," \
		"$(nproc) processors, preemption $(cat /sys/kernel/debug/sched/preempt)"
}

# === Loads: each is one round ================================================

load_mlock_in_small_cgroup() {
	in_cgroup small mlock_load 400 $((n + 1))
}

load_stress_vm() {
	stress vm
}

load_stress_filesystem() {
	stress filesystem
}

load_stress_scheduler() {
	stress scheduler
}

# watchdog and softlockup are for the machine as a whole.
stress() {
	in_cgroup . stress-ng -q --class "$1" --sequential 1 -t 2 --temp-path /tmp --oom-avoid \
		--exclude watchdog,softlockup,binderfs,cyclic
}

# run_one KIND PROGRAM...: the one whose turn it is
run_one() {
	kind=$1
	shift
	shift $((n % $#))
	in_cgroup . timeout -k 5 20 "$1"
	echo "$kind $1 ended with $?"
}

load_mm_selftests() {
	# shellcheck disable=SC2086 # several
	run_one mm $MM_TESTS
}

load_cases() {
	# shellcheck disable=SC2086 # several
	run_one case $CASES
}

# So many sectors as cannot be read or written for a while.
load_failing_swap() {
	echo +0-131071 >$bad/badblocks
	usleep 300000
	echo -0-131071 >$bad/badblocks
	usleep 1000000
}

# What is added last is used last.
load_swap_off_and_on() {
	for device in /dev/zram0 /dev/bad; do
		swapoff $device
		swapon $device
		sleep 5
	done
}

load_limits() {
	for pid in $(pidof mlock_load); do
		prlimit --pid "$pid" --memlock=0: && prlimit --pid "$pid" --memlock=65536:
	done
	sleep 2
}

load_cgroups() {
	for pid in $(pidof mlock_load); do
		echo "$pid" >$cgroups/small/cgroup.procs
		usleep 10000
		echo "$pid" >$cgroups/cgroup.procs
	done
	echo $((8 + n % 4 * 8))M >$cgroups/small/memory.max
	sleep 1
}

# With overcommit_memory at 2, no shell could fork. kselftest maps something for each test,
# so most of the time there is room for that.
load_sysctls() {
	echo $((n % 4 ? 128 : 50)) >/proc/sys/vm/max_map_count
	echo 512 >/proc/sys/fs/nr_open
	usleep 20000
	echo 65530 >/proc/sys/vm/max_map_count
	echo 1048576 >/proc/sys/fs/nr_open
	echo $((n % 2)) >/proc/sys/vm/overcommit_memory
	echo $((n % 2)) >/proc/sys/kernel/numa_balancing
	usleep 500000
}

load_memory() {
	huge=/sys/kernel/mm/transparent_hugepage
	echo 3 >/proc/sys/vm/drop_caches
	echo 1 >/proc/sys/vm/compact_memory
	for mode in never madvise always; do
		echo $mode >$huge/enabled
		usleep 300000
	done
	echo always >$huge/shmem_enabled
	echo $((n % 2 * 7)) >/sys/kernel/mm/lru_gen/enabled
	sleep 1
}

load_processors() {
	processor=/sys/devices/system/cpu/cpu$((1 + n % 3))
	echo 0 >$processor/online
	usleep 300000
	echo 1 >$processor/online
	usleep 300000
}

# Those who look at other processes, and reset what they see.
load_readers() {
	for pid in $(pidof mlock_load); do
		cat /proc/"$pid"/smaps /proc/"$pid"/numa_maps
		dd if=/proc/"$pid"/pagemap of=/dev/null bs=4k count=16
		echo 4 >/proc/"$pid"/clear_refs
	done
	sleep 1
}

# Others trace the same functions.
load_tracers() {
	trace=/sys/kernel/tracing
	echo 'p:kapi_mlock __x64_sys_mlock
r:kapi_mlock_end __x64_sys_mlock
p:kapi_down down_write_killable' >$trace/kprobe_events
	echo 1 >$trace/events/kprobes/enable
	echo 1 >$trace/events/mmap_lock/enable
	echo '__x64_sys_m*lock*' >$trace/set_ftrace_filter
	echo function >$trace/current_tracer
	sleep 1
	echo nop >$trace/current_tracer
	echo 0 >$trace/events/mmap_lock/enable
	echo 0 >$trace/events/kprobes/enable
	echo >$trace/kprobe_events
	sleep 1
}

loads="mlock_in_small_cgroup stress_vm stress_filesystem stress_scheduler mm_selftests
	failing_swap swap_off_and_on limits cgroups sysctls memory processors readers tracers"
[ -z "$CASES" ] || loads="$loads cases"

# In a shell of its own; each round leaves a mark.
again() {
	n=0
	while [ ! -e /tmp/stop ]; do
		"load_$1"
		n=$((n + 1))
		echo $n >"/tmp/rounds.$1"
	done
}

start_loads() {
	rm -f /tmp/stop
	bpf_stacks || echo "NO BPF"
	renice 3 $$ >/dev/null
	for load in $loads; do
		# Not as a redirection of the function, for which the shell keeps the old one.
		(exec >"/tmp/log.$load" 2>&1 && again "$load") &
		echo $! >"/tmp/pid.$load"
		echo "load $load began"
	done
	renice 0 $$ >/dev/null
}

stop_loads() {
	for load in $loads; do
		kill -0 "$(cat "/tmp/pid.$load")" 2>/dev/null || echo "load $load was killed"
	done
	: >/tmp/stop
	for load in $loads; do
		rounds=$(cat "/tmp/rounds.$load" 2>/dev/null || echo 0)
		echo "load $load rounds $rounds"
		[ "$rounds" != 0 ] || tail -n 3 "/tmp/log.$load"
	done
	# shellcheck disable=SC2086 # several
	killall -q -9 bpf_stacks stress-ng mlock_load $MM_TESTS $CASES
	echo -0-131071 >$bad/badblocks
	sed -n 's/^\(mm\|case\) \(.*\) ended with \(.*\)/ran \1 \2 \3/p' /tmp/log.mm_selftests \
		/tmp/log.cases 2>/dev/null | sort | uniq -c
}

# === Parts ===================================================================

# part NAME COMMAND...
part() {
	echo "part $1"
	log=/tmp/log.part.$1
	shift
	echo 0 >$kapi/coverage
	# Not to where what it leaves behind keeps the output open.
	"$@" >"$log" 2>&1
	grep "^ok\|^not ok\|^# seed\|exercised" "$log"
	echo "missed $(cat $kapi/missed 2>/dev/null)"
	cat $kapi/coverage
	sed 's/^/why: /' $kapi/undecided
	sed 's/^/violation: /' $kapi/violations
}

explore_for_a_while() {
	in_cgroup . explore -t "$SECONDS_EACH" -s "$SEED"
}

silent_selftests() {
	in_cgroup . mlock_correct_test
	in_cgroup . general_test
}

set_up
echo 1 >$kapi/validate || exit
part alone in_cgroup . mlock_load "$CALLS" "$SEED" alone
# Code is patched in a thousand places, which takes for ever once all processors are busy.
echo full >/sys/kernel/debug/sched/preempt
start_loads
part beside in_cgroup . mlock_load "$CALLS" "$SEED"
part explored explore_for_a_while
part selftests silent_selftests
stop_loads
echo 0 >$kapi/validate
