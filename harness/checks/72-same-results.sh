#!/bin/bash
# System calls return the same with the validator on as with it off: a mixed
# workload under strace.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

# run NAME KERNEL
run() {
	local output=$BUILD/same-results-$1 initramfs
	initramfs=$(KAPI_PROGRAMS=strace "$HARNESS/initramfs.sh" "$KAPI_TREE" "$2")
	"$HARNESS/boot.sh" -l "$output.log" -k kunit.enable=0 "$2" "$initramfs" \
		"$(cat "$HARNESS/guest/same-results.sh")" >"$output" || true
	if ! awk '$1 == "calls" && $2 > 400 { enough = 1 } END { exit !enough }' "$output"; then
		echo "not ok same-results.$1 - too few calls were traced, see $output"
	elif grep -qx same "$output"; then
		echo "ok same-results.$1"
	else
		head -n 20 "$output"
		echo "not ok same-results.$1 - see $output"
	fi
}

run uml "$KAPI_UML"
run x86 "$KAPI_X86"
