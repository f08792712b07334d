#!/bin/bash
# The KUnit tests, run by the booting UML kernel: each case is one result.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

log=$BUILD/kunit.log
status=0
"$HARNESS/boot.sh" -l "$log" "$KAPI_UML" "$KAPI_INITRAMFS" true || status=$?
grep -Ev '(epollctl|Run /init)' "$log" | awk -v depth=1 -v prefix=kunit. -f "$HARNESS/ktap.awk"
sed -n 's/.*: figure: /figure: /p' "$log"
if [ $status = 0 ]; then
	echo "ok kunit.boot"
else
	echo "not ok kunit.boot - see $log"
fi

# What `make kunit` builds: kunit.py refuses a .kunitconfig that cannot be had.
if (cd "$KAPI_TREE" && tools/testing/kunit/kunit.py config --kunitconfig=kernel/api \
	--build_dir="$BUILD/kunit-config" >"$BUILD/kunit-config.log" 2>&1); then
	echo "ok kunit.kunitconfig"
else
	echo "not ok kunit.kunitconfig - see $BUILD/kunit-config.log"
fi
