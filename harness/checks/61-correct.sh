#!/bin/bash
# The validator does not blame a call for what audit and rseq debugging do between its end
# and its exit tracepoint, nor for what BPF programs do during it. And the selftests leave
# the validator as they found it.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

for program in audit_rule bpf_stacks; do
	gcc -Wall -O2 -static -o "$BUILD/$program" "$HARNESS/guest/$program.c"
done
initramfs=$(KAPI_PROGRAMS="$BUILD/audit_rule $BUILD/bpf_stacks" "$HARNESS/initramfs.sh" "$KAPI_TREE" "$KAPI_X86")

KAPI_BOOT="audit=1 rseq_debug=1" KAPI_FIRST="audit_rule && bpf_stacks" \
	"$HARNESS/run-selftests.sh" kselftest.traced "$KAPI_TREE" "$KAPI_X86" "$initramfs" \
	mlock_test mlock_correct_test

for test in munlockall_test mlock_correct_test fault_test; do
	state=$("$HARNESS/boot.sh" -a -l "$BUILD/correct-switch.log" -k kunit.enable=0 -k kapi.validate=1 \
		"$KAPI_UML" "$KAPI_INITRAMFS" "./$test >/tmp/log 2>&1; cat /sys/kernel/debug/kapi/validate")
	if [ "$state" = 1 ]; then
		echo "ok switch-as-before.$test"
	else
		echo "not ok switch-as-before.$test - it leaves the validator at '$state'"
	fi
done
