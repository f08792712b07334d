#!/bin/bash
# The KUnit tests, run by the booting kernel of each flavour: each case is one
# result.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

# run NAME KERNEL INITRAMFS
run() {
	local name=$1 log=$BUILD/$1.log status=0
	"$HARNESS/boot.sh" -l "$log" "$2" "$3" true || status=$?
	grep -Ev '(epollctl|Run /init)' "$log" | awk -v depth=1 -v prefix="$name." -f "$HARNESS/ktap.awk"
	sed -n 's/.*: figure: /figure: /p' "$log"
	if [ $status = 0 ]; then
		echo "ok $name.boot"
	else
		echo "not ok $name.boot - see $log"
	fi
}

run kunit "$KAPI_UML" "$KAPI_INITRAMFS"
run kunit.x86 "$KAPI_X86" "$KAPI_X86_INITRAMFS"
run kunit.arm64 "$KAPI_ARM64" "$KAPI_ARM64_INITRAMFS"

# What `make kunit` builds: kunit.py refuses a .kunitconfig that cannot be had.
if (cd "$KAPI_TREE" && tools/testing/kunit/kunit.py config --kunitconfig=kernel/api \
	--build_dir="$BUILD/kunit-config" >"$BUILD/kunit-config.log" 2>&1); then
	echo "ok kunit.kunitconfig"
else
	echo "not ok kunit.kunitconfig - see $BUILD/kunit-config.log"
fi
