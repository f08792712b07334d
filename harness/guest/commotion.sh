#!/bin/sh
# Runs in the booted kernel: all files read, a module loaded and unloaded while its threads
# call what is observed, the validator switched on and off, counts forgotten, and checked
# calls, all at once for $DURATION seconds. Prints how often each was done, and what is left
# of it all.
# shellcheck disable=SC2154 # DURATION is set in front of this
kapi=/sys/kernel/debug/kapi
cd /tmp || exit
end=$(($(date +%s) + DURATION))
function=
[ ! -e /sys/kernel/tracing/available_filter_functions ] || function=vfs_read

# A file of the module may be gone before it is opened, or while it is read.
read_all() {
	find $kapi -type f -exec cat {} + >/dev/null 2>&1
	cat $kapi/list $kapi/specs.json $kapi/coverage >/dev/null
}

load_and_unload() {
	insmod /tests/kapi_test_specs.ko busy=1 && usleep 20000 && rmmod kapi_test_specs
}

# No call may go without a record meanwhile.
switch() {
	echo 1 >$kapi/validate && usleep 20000 && missed=$(cat $kapi/missed) &&
		echo 0 >$kapi/validate && [ "$missed" = 0 ]
}

# A call with a spec, one that sleeps without one, and a function where they can be traced.
learn() {
	echo "sys_mlock sys_wait4 $function" >$kapi/learn && usleep 20000 && echo >$kapi/learn
}

forget() {
	echo 0 >$kapi/coverage && usleep 50000
}

call() {
	mlock_load 400 $((n + 1))
}

# In a shell of its own; ends with a line of what came of it.
again() {
	n=0
	failed=0
	while [ "$(date +%s)" -lt $end ]; do
		"$1" || failed=$((failed + 1))
		n=$((n + 1))
	done
	echo "deed $1 $n $failed"
}

cat $kapi/list $kapi/specs.json >before
for deed in read_all read_all load_and_unload switch learn forget call call; do
	again $deed &
done
wait
cat $kapi/list $kapi/specs.json | cmp - before && echo "left as before"
[ "$(cat $kapi/validate)" = 0 ] && echo "left off"
# What it sees must still be right.
echo 0 >$kapi/coverage
echo 1 >$kapi/validate
mlock_load 2000
echo "missed $(cat $kapi/missed)"
echo 0 >$kapi/validate
cat $kapi/coverage
sed 's/^/violation: /' $kapi/violations
if [ -e /sys/kernel/debug/kmemleak ]; then
	# An object must be found twice, and be five seconds old.
	for seconds in 6 6 6; do
		sleep $seconds
		echo scan >/sys/kernel/debug/kmemleak
	done
	echo "kmemleak scanned"
	sed 's/^/leak: /' /sys/kernel/debug/kmemleak
fi
