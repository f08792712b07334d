#!/bin/bash
# The series' kselftests, run in user space of the UML kernel: each line of
# their KTAP is one result.
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

for test in $tests; do
	output=$BUILD/kselftest-$test.log
	status=0
	"$HARNESS/boot.sh" -l "$BUILD/kselftest-$test.boot.log" -k kunit.enable=0 \
		"$KAPI_UML" "$KAPI_INITRAMFS" "./$test" >"$output" || status=$?
	awk -v depth=0 -v prefix="kselftest.$test." -f "$HARNESS/ktap.awk" "$output"
	# What this kernel lacks was left out of harness/uml.config by mistake.
	grep -q '^ok ' "$output" && ! grep -q '^ok .*# SKIP' "$output" ||
		echo "not ok kselftest.$test.all-ran - some were skipped, see $output"
	# 4 is kselftest's way to say "skipped".
	case $status in
	0 | 4) ;;
	*) echo "not ok kselftest.$test - status $status, see $output" ;;
	esac
done
