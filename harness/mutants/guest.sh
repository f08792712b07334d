#!/bin/sh
# Runs in the booted kernel, with the clauses of $spec that the mutant should violate in
# $clauses: runs $tests, then the explorer for $explore seconds, until one of them is
# violated, if the spec is not rejected, and prints what the kernel says. A test may hang, or
# be what the mutant kills.
# shellcheck disable=SC2154 # spec, clauses, tests, explore and limit are set in front of this
kapi=/sys/kernel/debug/kapi

violated() {
	! grep -qE "^vmlinux $spec:" $kapi/rejected || return 0
	while read -r name label _ count _ misused _; do
		[ "$name" = "$spec" ] || continue
		case " $clauses " in
		*" $label "*) case $count$misused in *[1-9]*) return 0 ;; esac ;;
		esac
	done <$kapi/coverage
	return 1
}

run_tests() {
	for test in $tests; do
		"/tests/$test"
	done
	[ "$explore" != 0 ] || return
	echo "==== explorer"
	/tests/explore -s 1 -t "$explore"
}

run_tests >/tmp/output 2>&1 &
running=$!
seconds=0
while [ -d /proc/$running ] && ! grep -q '^State:.*Z' /proc/$running/status 2>/dev/null; do
	sleep 1
	seconds=$((seconds + 1))
	if violated || [ $seconds -ge "$limit" ]; then
		kill -KILL $running
		break
	fi
done
echo "==== tests"
cat /tmp/output
echo "==== rejected"
cat $kapi/rejected
echo "==== coverage"
cat $kapi/coverage
echo "==== violations"
cat $kapi/violations
echo "==== end"
