#!/bin/bash
# One table of what the series costs, each figure beside one of the kernel's own from
# the same run: bytes of a spec and of each option, instructions of a system call with
# the validator off and on, and of reading debugfs.
# Instructions are counted by QEMU, so they do not depend on how busy this machine is.
# The table becomes Documentation/dev-tools/kernel-api-spec-figures.txt.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=$("$HARNESS/stage.sh")
out=$BUILD/bench
table=$ROOT/Documentation/dev-tools/kernel-api-spec-figures.txt
kallsyms=/proc/kallsyms
json=/sys/kernel/debug/kapi/specs.json
mkdir -p "$out"
gcc -O2 -Wall -static -o "$out/calls" "$HARNESS/bench/calls.c" ||
	die "harness/bench/calls.c does not compile"

# Each section begins with a line "= NAME".
# shellcheck disable=SC2016 # for the shell of the kernel that boots
session='
	tracing=/sys/kernel/tracing
	validate=/sys/kernel/debug/kapi/validate
	every=/sys/kernel/debug/kapi/every
	work=/sys/module/probe_cost/parameters
	work() {
		insmod /tests/probe_cost.ko "probe=$2" && echo 1 >$work/measure &&
			echo "$1 $(cat $work/ticks)" && rmmod probe_cost
	}
	echo = off; calls || exit
	[ -e $validate ] || exit 0
	echo 1 >$validate || exit
	echo = on; calls || exit
	echo 0 >$validate || exit
	echo 1 >$tracing/events/syscalls/enable || exit
	echo = tracing; calls || exit
	echo 0 >$tracing/events/syscalls/enable
	if [ -e /tests/probe_cost.ko ]; then
		echo = function
		work plain && work fprobe fprobe && work kretprobe kretprobe || exit
		echo 1 >$validate && work validated && echo 100 >$every && work sampled || exit
		echo 1 >$every && echo 0 >$validate || exit
	fi
	echo = files; calls '"$json $kallsyms"

# count NAME KERNEL INITRAMFS [OPTION]...: instructions; the first letter goes before
# the names of sections
count() {
	say "counting instructions on $1"
	"$HARNESS/boot.sh" -i -l "$out/$1.log" "${@:4}" "$2" "$3" \
		"$session" >"$out/$1"
}

# ticks NAME SECTION WHAT
ticks() {
	awk -v section="$2" -v what="$3" '
		$1 == "=" { here = $2 == section }
		here && $1 == what { print $2; found = 1 }
		END { exit !found }' "$out/$1" || die "no figure of $3 in $out/$1"
}

# metadata SYSCALL: bytes of what the kernel's own tracing has of it
metadata() {
	local size sum=0
	for size in $(nm -S "$out/patched/vmlinux" | awk -v call="_$1" '
		$4 ~ "^(__syscall_meta_|event_enter_|event_exit_|args_|types_)" call "$" { print $2 }'); do
		sum=$((sum + 16#$size))
	done
	[ $sum != 0 ] || die "no tracing metadata of $1 in $out/patched/vmlinux"
	echo $sum
}

# row WHAT VALUE [BESIDE VALUE]: with the ratio of the two
row() {
	if [ $# = 2 ]; then
		printf '%-35s %8s\n' "$1" "$2"
	else
		printf '%-35s %8s  %-21s %8s %6s\n' "$1" "$2" "$3" "$4" \
			"$(awk -v a="$2" -v b="$4" 'BEGIN { if (b + 0) printf "%.2f", a / b }')"
	fi
}

head_line() {
	printf '\n%-35s %8s  %-21s %8s %6s\n' "$1" KAPI "beside it" "" ratio
}

# step NAME COLUMN: of what bench/bytes.sh printed
step() {
	awk -v name="$1" -v column="$2" '$1 == name { print $column }' "$out/bytes"
}

grown() {
	echo $(($(step "$2" "$3") - $(step "$1" "$3")))
}

bytes_of_specs() {
	local count all text
	read -r _ count all _ text _ <<<"$(grep '^all ' "$out/specs")"
	head_line "bytes, of one system call"
	row "a spec, mean of $count, all included" $((all / count)) "its tracing metadata" "$(metadata mlock)"
	row "  struct kernel_api_spec" "$struct"
	row "  its clauses" $((all / count - struct - text / count - 24))
	row "  text" $((text / count))
	row "  the index" 24
}

bytes_of_options() {
	head_line "bytes of vmlinux"
	row "series applied, all off" "$(grown unpatched off 2)" "the unpatched vmlinux" "$(step unpatched 2)"
	row "CONFIG_KAPI_SPEC, with five specs" "$(step KAPI_SPEC 3)" "FTRACE_SYSCALLS" "$(step unpatched 3)"
	row "CONFIG_KAPI_SPEC_DEBUGFS" "$(step KAPI_SPEC_DEBUGFS 3)" "FTRACE_SYSCALLS" "$(step unpatched 3)"
	row "CONFIG_KAPI_RUNTIME_CHECKS" "$(step KAPI_RUNTIME_CHECKS 3)" "FTRACE_SYSCALLS" "$(step unpatched 3)"
	row "task_struct, with the validator" "$(grown KAPI_SPEC_DEBUGFS KAPI_RUNTIME_CHECKS 4)" \
		"task_struct without" "$(step unpatched 4)"
}

# call NAME CALL: what one mode and the other add
call() {
	local off on tracing
	off=$(ticks "$1" off "$2")
	on=$(ticks "$1" on "$2")
	tracing=$(ticks "$1" tracing "$2")
	row "$2 ($off), validator on" "+$((on - off))" "events/syscalls on" "+$((tracing - off))"
}

of_function() {
	ticks plain function "$1"
}

# added WHAT: to what a call of the function takes
added() {
	echo $(($(of_function "$1") - $(of_function plain)))
}

instructions() {
	local what
	head_line "instructions of a system call"
	for what in getpid munlockall mlock+munlockall; do
		row "$what, validator off" "$(ticks plain off $what)" "the unpatched kernel" \
			"$(ticks unpatched off $what)"
	done
	for what in getpid munlockall mlock+munlockall; do
		call plain $what
	done
	head_line "  the same with lockdep"
	for what in getpid munlockall mlock+munlockall; do
		call lockdep $what
	done
	head_line "instructions of a function"
	row "of $(of_function plain) itself, validated" "+$(added validated)" "an empty kretprobe" "+$(added kretprobe)"
	row "  one call in 100 (every)" "+$(added sampled)" "an empty fprobe" "+$(added fprobe)"
	head_line "instructions of other things"
	row "a byte of specs.json" "$(ticks plain files $json)" "of $kallsyms" "$(ticks plain files $kallsyms)"
}

"$HARNESS/bench/bytes.sh" "$tree" >"$out/bytes"
plain=$("$HARNESS/build.sh" "$tree" x86-plain)
lockdep=$("$HARNESS/build.sh" "$tree" x86)
initramfs=$(KAPI_PROGRAMS=$out/calls "$HARNESS/initramfs.sh" "$tree" "$plain")
of_lockdep=$(KAPI_PROGRAMS=$out/calls "$HARNESS/initramfs.sh" "$tree" "$lockdep")
"$HARNESS/spec-size.sh" "$tree" "$plain" >"$out/specs"
struct=$(printf '%d' "0x$(nm -S "$plain/mm/mlock.o" | awk '/kapi_spec_sys_mlock$/ { print $2 }')")
count unpatched "$out/base" "$initramfs"
count plain "$plain" "$initramfs" -k kunit.enable=0
count lockdep "$lockdep" "$of_lockdep" -k kunit.enable=0
{
	echo "Made by \"make bench\": Linux $(make -s -C "$tree" kernelversion), x86-64,"
	gcc --version | sed -n '1s/$/,/p'
	qemu-system-x86_64 --version | sed -n '1s/ (.*//p'
	bytes_of_specs
	bytes_of_options
	instructions
} | sed 's/ *$//' >"$out/figures.txt"
cp "$out/figures.txt" "$table"
cat "$table"
