#!/bin/bash
# The series' kselftests, run in user space of the kernel of each flavour. QEMU has one
# thread for all processors of a guest: two guests at a time.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

run() {
	"$HARNESS/run-selftests.sh" "$1" "$KAPI_TREE" "$2" "$3"
}

status=0
run kselftest "$KAPI_UML" "$KAPI_INITRAMFS" || status=1
run kselftest.arm64 "$KAPI_ARM64" "$KAPI_ARM64_INITRAMFS" >"$BUILD/kselftest.arm64" &
run kselftest.x86 "$KAPI_X86" "$KAPI_X86_INITRAMFS" || status=1
wait $! || status=1
cat "$BUILD/kselftest.arm64"
exit $status
