#!/bin/bash
# The series' kselftests, run in user space of the kernel of each flavour.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

"$HARNESS/run-selftests.sh" kselftest "$KAPI_TREE" "$KAPI_UML" "$KAPI_INITRAMFS"
"$HARNESS/run-selftests.sh" kselftest.x86 "$KAPI_TREE" "$KAPI_X86" "$KAPI_X86_INITRAMFS"
"$HARNESS/run-selftests.sh" kselftest.arm64 "$KAPI_TREE" "$KAPI_ARM64" "$KAPI_ARM64_INITRAMFS"
