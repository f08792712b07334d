#!/bin/bash
# run-kunit.sh NAME KERNEL INITRAMFS: the KUnit tests, run by that booting kernel; each
# case is one result line, NAME.SUITE.CASE.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

name=$1
log=$BUILD/$name.log
status=0
"$HARNESS/boot.sh" -l "$log" "$2" "$3" true || status=$?
grep -Ev '(epollctl|Run /init)' "$log" | awk -v depth=1 -v prefix="$name." -f "$HARNESS/ktap.awk"
sed -n 's/.*: figure: /figure: /p' "$log"
if [ $status = 0 ]; then
	echo "ok $name.boot"
else
	echo "not ok $name.boot - see $log"
fi
