#!/bin/bash
# trace-cmd and perf can read the trace event of violations. A KUnit suite that
# pretends to make system calls causes them.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

# record KERNEL PROGRAM COMMANDS: what they print of a run of the suite
record() {
	local initramfs
	initramfs=$(KAPI_PROGRAMS=$2 "$HARNESS/initramfs.sh" "$KAPI_TREE" "$1")
	"$HARNESS/boot.sh" -l "$BUILD/tracing-$2.log" -k kunit.filter_glob=kapi_observe \
		"$1" "$initramfs" "cd /tmp
break_clauses='echo 1 >/sys/kernel/debug/kunit/kapi_observe/run'
$3" >"$BUILD/tracing-$2${4:-}" || true
}

# expect PROGRAM FIELD...: an event with all of these
expect() {
	local program=$1 line field
	shift
	line=$(grep -a "kapi_violation: " "$BUILD/tracing-$program" || true)
	for field in "$@"; do
		line=$(grep -aF "$field" <<<"$line" || true)
	done
	if [ -n "$line" ]; then
		echo "ok tracing.$program"
	else
		tail -n 20 "$BUILD/tracing-$program"
		echo "not ok tracing.$program - it shows no event with $*"
	fi
}

fields=(spec=sys_munlockall 'clause=locks[mmap_lock]' "expected='released'"
	"observed='acquired 1x, released 0x'")

# shellcheck disable=SC2016 # for the shell of the kernel that boots
record "$KAPI_UML" trace-cmd 'trace-cmd record -q -e kapi:kapi_violation sh -c "$break_clauses" && trace-cmd report'
expect trace-cmd "${fields[@]}"
# shellcheck disable=SC2016
record "$KAPI_X86" perf 'perf record -q -a -o perf.data -e kapi:kapi_violation sh -c "$break_clauses" && perf script -i perf.data'
expect perf "${fields[@]}"

# As the documentation says, events can be chosen by their fields.
# shellcheck disable=SC2016
record "$KAPI_UML" trace-cmd 'trace-cmd record -q -e kapi:kapi_violation -f "clause ~ \"sig*\"" sh -c "$break_clauses" && trace-cmd report' -filter
if grep -aq 'kapi_violation: .*clause=signals' "$BUILD/tracing-trace-cmd-filter" &&
	! grep -a 'kapi_violation: ' "$BUILD/tracing-trace-cmd-filter" | grep -avq 'clause=signals'; then
	echo "ok tracing.filter"
else
	echo "not ok tracing.filter - see $BUILD/tracing-trace-cmd-filter"
fi
