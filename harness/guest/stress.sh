#!/bin/sh
# Runs in the booted kernel: $CALLS calls of each of the mlock family under all sorts of other
# load, with the validator on. Prints coverage and violations at the end.
# shellcheck disable=SC2154 # CALLS is set in front of this
kapi=/sys/kernel/debug/kapi
cd /tmp || exit

# Programs built, over and over, from a dozen files.
build_forever() {
	mkdir build && cd build || exit
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		echo "int f$i(int n) { return n ? n * f$i(n - 1) : $i; }" >f$i.c
		echo "all: f$i.o"
		printf 'f%s.o: f%s.c\n\ttcc -c -nostdinc f%s.c\n' $i $i $i
	done >rules
	{ echo 'all:' && cat rules; } >Makefile
	while make -s -j2; do
		rm -f ./*.o
		: >built
	done
}

load_modules_forever() {
	while insmod /tests/kapi_test_specs.ko && rmmod kapi_test_specs; do
		: >/tmp/module
	done
}

# Under ptrace, and what strace runs under a seccomp filter of its own.
trace_forever() {
	while strace -f -o /dev/null mlock_load 400 &&
		strace -f --seccomp-bpf -e trace=munlockall,mlock -o /dev/null mlock_load 400; do
		: >/tmp/traced
	done
}

# Not every stressor runs in every kernel; those that do not say so and end.
stress_forever() {
	while :; do
		stress-ng -q --temp-path /tmp -t 20 --oom-avoid --mlock 1 --mmap 1 --mmap-bytes 8m \
			--vm 1 --vm-bytes 8m --fork 1 --signal 1 --seccomp 1 --ptrace 1 \
			--mlockmany 1 >/tmp/stress-ng.log 2>&1
		: >/tmp/stressed
	done
}

echo 0 >$kapi/coverage
echo 1 >$kapi/validate || exit
# The others get what mlock_load leaves them, a fifth or so.
renice 10 $$ >/dev/null
for load in build load_modules trace stress; do
	# Not as a redirection of the function, for which the shell keeps the old one.
	(exec >/tmp/$load.log 2>&1 && ${load}_forever) &
done
renice 0 $$ >/dev/null
mlock_load $((CALLS / 2)) "${SEED:-1}"
# Half of the calls are made when lockdep is on no longer, if it ever was.
insmod /tests/lockdep_off.ko && echo "load lockdep_off"
mlock_load $((CALLS / 2)) "$((${SEED:-1} + 1))"

# Each of the others got somewhere, too.
seconds=0
for file in build/built module traced stressed; do
	until [ -e $file ] || [ $seconds -ge 120 ]; do
		sleep 1
		seconds=$((seconds + 1))
	done
	[ -e $file ] && echo "load $file"
done
echo 0 >$kapi/validate
cat $kapi/coverage
sed 's/^/violation: /' $kapi/violations
