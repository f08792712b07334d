#!/bin/bash
# Runs every check in harness/checks/ and counts their result lines: "ok NAME",
# "not ok NAME - why" and "skip NAME - why". KAPI_CHECKS=regex picks some.
#
# The checks find the staged tree, the UML build and the initramfs in KAPI_TREE,
# KAPI_UML and KAPI_INITRAMFS. Another flavour, say x86-rt, is built if a check
# speaks of KAPI_X86_RT: that is its build, KAPI_X86_RT_INITRAMFS its initramfs.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

checks=()
for check in "$HARNESS"/checks/[0-9]*; do
	if [ -x "$check" ] && [[ $check =~ ${KAPI_CHECKS:-.} ]]; then
		checks+=("$check")
	fi
done
[ ${#checks[@]} -gt 0 ] || die "no check is named like KAPI_CHECKS=$KAPI_CHECKS"

KAPI_TREE=$("$HARNESS/stage.sh")
# The fallback kernel cannot have the validator, which half of the checks are for.
if [ "$(basename "$KAPI_TREE")" = linux-6.12 ]; then
	say "ON LINUX 6.12 ONLY THIS IS CHECKED: series, macros, JSON; KUnit and selftests on UML"
	mapfile -t checks < <(printf '%s\n' "${checks[@]}" | grep -E '/(10|20|30|65|90)-')
	export BASES=6.12
fi
KAPI_UML=$("$HARNESS/build.sh" "$KAPI_TREE" uml)
KAPI_INITRAMFS=$("$HARNESS/initramfs.sh" "$KAPI_TREE" "$KAPI_UML")
export KAPI_TREE KAPI_UML KAPI_INITRAMFS

# build_for_checks FLAVOUR VARIABLE
build_for_checks() {
	local kernel initramfs
	kernel=$("$HARNESS/build.sh" "$KAPI_TREE" "$1")
	initramfs=$("$HARNESS/initramfs.sh" "$KAPI_TREE" "$kernel")
	export "$2=$kernel" "$2_INITRAMFS=$initramfs"
}

for file in "$HARNESS"/flavours/*; do
	flavour=$(basename "$file")
	variable=KAPI_${flavour^^}
	variable=${variable//-/_}
	if [ "$flavour" != uml ] && grep -qw "$variable" "${checks[@]}"; then
		build_for_checks "$flavour" "$variable"
	fi
done

logs=$BUILD/checks
rm -rf "$logs"
mkdir -p "$logs"
count() {
	{ grep -ahc "$1" "$logs"/*.log || true; } | awk '{ n += $1 } END { print n + 0 }'
}

# A check that dies, or says nothing, has failed whatever it printed before.
run() {
	local name log status=0 start=$EPOCHSECONDS
	name=$(basename "$1" .sh)
	log=$logs/$name.log
	say "check $name"
	"$1" 2>&1 | tee "$log" || status=$?
	if [ $status != 0 ] && ! grep -aq '^not ok ' "$log"; then
		echo "not ok $name - it ended with status $status" | tee -a "$log"
	elif ! grep -aEq '^(not ok|ok|skip) ' "$log"; then
		echo "not ok $name - it reported no result" | tee -a "$log"
	fi
	say "check $name: $((EPOCHSECONDS - start)) s"
}

for check in "${checks[@]}"; do
	run "$check"
done

passed=$(count '^ok ') failed=$(count '^not ok ') skipped=$(count '^skip ')
if [ "$failed" != 0 ]; then
	echo
	echo "failed:"
	grep -ah '^not ok ' "$logs"/*.log | sed 's/^/  /'
fi
[ "$skipped" = 0 ] && skipped='' || skipped=", $skipped skipped"
echo "kapi: $passed passed, $failed failed$skipped"
if [ "$failed" != 0 ]; then exit 1; fi
