#!/bin/bash
# The KUnit tests, run by the booting kernel of each flavour.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

"$HARNESS/run-kunit.sh" kunit "$KAPI_UML" "$KAPI_INITRAMFS"
"$HARNESS/run-kunit.sh" kunit.x86 "$KAPI_X86" "$KAPI_X86_INITRAMFS"
"$HARNESS/run-kunit.sh" kunit.arm64 "$KAPI_ARM64" "$KAPI_ARM64_INITRAMFS"

# What `make kunit` builds: kunit.py refuses a .kunitconfig that cannot be had.
if (cd "$KAPI_TREE" && tools/testing/kunit/kunit.py config --kunitconfig=kernel/api \
	--build_dir="$BUILD/kunit-config" >"$BUILD/kunit-config.log" 2>&1); then
	echo "ok kunit.kunitconfig"
else
	echo "not ok kunit.kunitconfig - see $BUILD/kunit-config.log"
fi
