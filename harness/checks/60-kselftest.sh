#!/bin/bash
# The series' kselftests, run in user space of the kernel of each flavour:
# each line of their KTAP is one result.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

tests=$(make -s -C "$KAPI_TREE/tools/testing/selftests/kapi" -f - OUTPUT=/none \
	show 2>/dev/null <<'MAKE' || true
include Makefile
show:
	@echo $(notdir $(TEST_GEN_PROGS) $(TEST_PROGS))
MAKE
)
[ -n "$tests" ] || {
	echo "skip kselftest - there are none"
	exit
}

# run NAME KERNEL INITRAMFS
run() {
	local name=$1 output=$BUILD/${1//./-}.log status=0 options=()
	case $test in
	# It tells of every allocation that fails, with the stack.
	fault_test) options=(-a) ;;
	# To see what the kernel forbids then.
	privilege_test) options=(-k lockdown=integrity) ;;
	esac
	"$HARNESS/boot.sh" "${options[@]}" -t 600 -l "${output%.log}.boot.log" -k kunit.enable=0 \
		"$2" "$3" "./$test" >"$output" || status=$?
	awk -v depth=0 -v prefix="$name." -f "$HARNESS/ktap.awk" "$output"
	# What this kernel lacks was left out of harness/config/ by mistake.
	grep -q '^ok ' "$output" && ! grep -q '^ok .*# SKIP' "$output" ||
		echo "not ok $name.all-ran - some were skipped, see $output"
	# 4 is kselftest's way to say "skipped".
	case $status in
	0 | 4) ;;
	*) echo "not ok $name - status $status, see $output" ;;
	esac
}

for test in $tests; do
	run "kselftest.$test" "$KAPI_UML" "$KAPI_INITRAMFS"
	run "kselftest.x86.$test" "$KAPI_X86" "$KAPI_X86_INITRAMFS"
	run "kselftest.arm64.$test" "$KAPI_ARM64" "$KAPI_ARM64_INITRAMFS"
done
