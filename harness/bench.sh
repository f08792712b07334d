#!/bin/bash
# What a system call costs: instructions per call with the validator off and on,
# beside the kernel's own tracing of all system calls (events/syscalls), in one
# boot of each of two kernels: one with lockdep and one without. QEMU counts the
# instructions, so the figures do not depend on how busy this machine is.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=$("$HARNESS/stage.sh")
out=$BUILD/bench
mkdir -p "$out"
gcc -O2 -Wall -static -o "$out/calls" "$HARNESS/bench/calls.c" ||
	die "harness/bench/calls.c does not compile"

# Each section begins with a line "= NAME".
# shellcheck disable=SC2016 # for the shell of the kernel that boots
session='
	tracing=/sys/kernel/tracing
	echo = off; calls || exit
	echo 1 >/sys/kernel/debug/kapi/validate || exit
	echo = validator; calls || exit
	echo 0 >/sys/kernel/debug/kapi/validate || exit
	echo 1 >$tracing/events/syscalls/enable || exit
	echo = tracing; calls || exit
	echo 0 >$tracing/events/syscalls/enable
	echo = off-again; calls'

measure() {
	local flavour=$1 kernel initramfs
	kernel=$("$HARNESS/build.sh" "$tree" "$flavour")
	initramfs=$(KAPI_PROGRAMS=$out/calls "$HARNESS/initramfs.sh" "$tree" "$kernel")
	say "counting instructions on $flavour"
	"$HARNESS/boot.sh" -i -k kunit.enable=0 -l "$out/$flavour.log" "$kernel" "$initramfs" \
		"$session" >"$out/$flavour"
}

# The cost of a mode is what it adds to the call.
table() {
	awk -v kernel="$1" '
		$1 == "=" { mode = $2; next }
		mode == "off" { calls[++n] = $1 }
		{ ticks[mode, $1] = $2 }
		END {
			for (i = 1; i <= n; i++) {
				call = calls[i]
				off = ticks["off", call]
				on = ticks["validator", call]
				trace = ticks["tracing", call]
				printf "%-12s %-17s %8d %8d %10d %9d %6.2f %8d\n", kernel, call, off,
					on, trace, on - off, (on - off) / (trace - off),
					ticks["off-again", call]
			}
		}' "$out/$1"
}

for flavour in x86-plain x86; do
	measure $flavour
done
echo "Instructions per call (-icount shift=0); ratio: what the validator adds,"
echo "to what events/syscalls adds"
printf '%-12s %-17s %8s %8s %10s %9s %6s %8s\n' \
	kernel call off on tracing added ratio off-again
for flavour in x86-plain x86; do
	table $flavour
done
