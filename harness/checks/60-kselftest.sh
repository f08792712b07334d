#!/bin/bash
# The series' kselftests, run in user space of the kernel of each flavour. On arm64, those
# whose result depends on the architecture: how functions are observed, and page tables.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

status=0
run() {
	"$HARNESS/run-selftests.sh" "$1" "$KAPI_TREE" "${@:2}" || status=1
}

run kselftest "$KAPI_UML" "$KAPI_INITRAMFS"
run kselftest.x86 "$KAPI_X86" "$KAPI_X86_INITRAMFS"
run kselftest.arm64 "$KAPI_ARM64" "$KAPI_ARM64_INITRAMFS" \
	functions_test module_test learn_test fault_test mlock_test munlock_test
exit $status
