#!/bin/bash
# run-selftests.sh NAME TREE KERNEL INITRAMFS [TEST]...: the series' kselftests, or those
# named, each in a kernel of its own; each line of their KTAP is one result line,
# NAME.TEST.CASE. If the kernel has no validator, what is of use only with it is left out.
# KAPI_MAY_SKIP is set for an old kernel, which lacks some of what is tested; KAPI_BOOT is
# one more argument of the kernel, KAPI_FIRST a command to run before the test.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

name=$1
tree=$2
kernel=$3
initramfs=$4
validator=$(grep -x CONFIG_KAPI_RUNTIME_CHECKS=y "$kernel/.config" || true)

# As the Makefile has them
listed() {
	# shellcheck disable=SC2016 # for make
	printf 'include Makefile\nshow: ; @echo $(notdir $(TEST_GEN_PROGS) $(TEST_PROGS))\n' |
		make -s -C "$tree/tools/testing/selftests/kapi" -f - OUTPUT=/none show
}

result_of() {
	echo "$BUILD/${name//./-}-$1.result"
}

run() {
	local test=$1 output=$BUILD/${name//./-}-$1.log status=0 options=(-k "${KAPI_BOOT:-}")
	local start=$EPOCHSECONDS
	case $test in
	# It tells of every allocation that fails, with the stack.
	fault_test) options+=(-a) ;;
	# To see what the kernel forbids then.
	privilege_test) options+=(-k lockdown=integrity) ;;
	# Processes interfere that have a processor of their own.
	mlock_correct_test) options+=(-c 4) ;;
	esac
	"$HARNESS/boot.sh" "${options[@]}" -t 600 -l "${output%.log}.boot.log" -k kunit.enable=0 \
		"$kernel" "$initramfs" "${KAPI_FIRST:-true} && ./$test" >"$output" || status=$?
	awk -v depth=0 -v prefix="$name.$test." -f "$HARNESS/ktap.awk" "$output"
	# What this kernel lacks was left out of harness/config/ by mistake.
	grep -q '^ok ' "$output" && { [ -n "${KAPI_MAY_SKIP:-}" ] ||
		! grep '^ok .*# SKIP' "$output" | grep -qv 'fprobe does not outlive\|needs CONFIG_FPROBE\|no .vvar.'; } ||
		echo "not ok $name.$test.all-ran - some were skipped, see $output"
	# 4 is kselftest's way to say "skipped".
	case $status in
	0 | 4) ;;
	*) echo "not ok $name.$test - status $status, see $output" ;;
	esac
	say "$name.$test: $((EPOCHSECONDS - start)) s"
}

tests=("${@:5}")
[ $# -gt 4 ] || mapfile -t tests < <(listed | tr " " "\n")
[ ${#tests[@]} -gt 0 ] || { echo "not ok $name - no tests are listed" && exit 1; }

wanted=()
for test in "${tests[@]}"; do
	if [ -n "$validator" ] || [[ $test != m*lock*_test && $test != explore ]]; then
		wanted+=("$test")
	fi
done

# QEMU has one thread for all processors of a guest, and UML has one processor: as many
# guests at a time as there are processors here. Their results come in order.
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
for test in "${wanted[@]}"; do
	[ "$(jobs -rp | wc -l)" -lt "$JOBS" ] || wait -n
	run "$test" >"$(result_of "$test")" &
done
wait
for test in "${wanted[@]}"; do
	cat "$(result_of "$test")"
done
