#!/bin/sh
# Runs in the booted kernel, with the clauses that the mutant should break in
# $clauses: runs the test until one of them is broken, and prints what the
# kernel says. The test may hang, or be what the mutant kills.
# shellcheck disable=SC2154 # clauses and limit are set in front of this
kapi=/sys/kernel/debug/kapi

broken() {
	while read -r _ label _ count _; do
		case " $clauses " in
		*" $label "*) [ "$count" = - ] || [ "$count" = 0 ] || return 0 ;;
		esac
	done <$kapi/coverage
	return 1
}

/tests/validate_test >/tmp/output 2>&1 &
test=$!
seconds=0
while [ -d /proc/$test ] && ! grep -q '^State:.*Z' /proc/$test/status 2>/dev/null; do
	sleep 1
	seconds=$((seconds + 1))
	if broken || [ $seconds -ge "$limit" ]; then
		kill -KILL $test
		break
	fi
done
echo "==== validate_test"
cat /tmp/output
echo "==== rejected"
cat $kapi/rejected
echo "==== coverage"
cat $kapi/coverage
echo "==== violations"
cat $kapi/violations
echo "==== end"
