#!/bin/bash
# From whatever this machine has to the specification of mlock, read out
# of a running kernel: as text, as JSON, the list of all specs, and what the
# validator saw of each clause under a load of real calls.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

spec=sys_mlock
debugfs=/sys/kernel/debug/kapi
tree=$("$HARNESS/stage.sh")
kernel=$("$HARNESS/build.sh" "$tree" uml)
initramfs=$("$HARNESS/initramfs.sh" "$tree" "$kernel")
output=$BUILD/demo
mkdir -p "$output"
rm -f "$output"/[1-4]

# One boot for all; a line of its own divides what they print.
divider="---- kapi demo ----"
say "booting, and making every clause happen (about half a minute)"
"$HARNESS/boot.sh" -k kunit.enable=0 "$kernel" "$initramfs" \
	"cd $debugfs && cat specs/$spec && echo '$divider' && cat json/$spec &&
		echo && echo '$divider' && cat list && echo '$divider' &&
		{ [ ! -e validate ] || { cd /tests && ./mlock_test >/tmp/log 2>&1 &&
		echo 1 >$debugfs/validate && ./mlock_load 10000 &&
		grep -E '^(#|$spec) ' $debugfs/coverage && cat $debugfs/violations; }; }" >"$output/all" || {
	cat "$output/all"
	die "the kernel did not show the specification of $spec"
}
awk -v dir="$output" -v divider="$divider" '
	BEGIN { part = 1 }
	$0 == divider { part++; next }
	{ print > (dir "/" part) }' "$output/all"

headline() {
	printf '\n==== %s ====\n\n' "$1"
}
headline "$debugfs/specs/$spec"
cat "$output/1"
headline "$debugfs/json/$spec, through a JSON parser"
python3 -m json.tool --no-ensure-ascii "$output/2" || die "the JSON is not valid" "it is in $output/2"
headline "$debugfs/list"
cat "$output/3"
[ -e "$output/4" ] || {
	say "no coverage: User Mode Linux of this base kernel has no tracepoints of system calls"
	exit
}
headline "$debugfs/coverage, after $(awk '$2 == "returns" { print $3 }' "$output/4") real calls"
cat "$output/4"
say "done"
