#!/bin/sh
# Runs in the booted kernel: a mixed workload under strace, with the validator
# off and on. What the calls returned must be the same.
kapi=/sys/kernel/debug/kapi

# shellcheck disable=SC2016 # for the shell under strace
work='
	mkdir d && cd d && for i in 1 2 3 4 5; do echo $i >f$i; done
	cat f* >all && sort -r all >sorted && cp sorted copy && mv copy moved
	ls -l . >/dev/null && find .. -name "f*" >/dev/null
	head -c 10000 /dev/zero | wc -c >size; rm f1 nothing 2>/dev/null
	ln -s f2 link && readlink link >/dev/null && cat link missing 2>/dev/null
	kill -USR1 999999 2>/dev/null; chmod 600 f3; cd .. && rm -r d'

# Addresses, process ids and times differ from run to run; names and results stay.
normal() {
	cat "$1".* | sed -E 's/0x[0-9a-f]+/ADDRESS/g; s/\{[^}]*\}/STRUCT/g; s/\[[^]]*\]/LIST/g' |
		sed -nE 's/^([a-z0-9_]+)\((.*)\) += (-?[0-9A-Zx?]+)( E[A-Z]+)?.*/\1 \3\4/p' |
		sed -E 's/^((v?fork|clone3?|wait4|getpid|gettid|getppid|set_tid_address|kill|tgkill|rt_sigreturn) )[0-9]+$/\1PID/' |
		sed -E 's/^(clock_gettime|times|time|getrandom|brk|newfstatat|fstat) .*/\1/' | sort
}

run() {
	mkdir "/tmp/$1" && cd "/tmp/$1" || exit
	strace -ff -o "/tmp/trace-$1" sh -c "$work" >"/tmp/out-$1" 2>&1
	cd /
	normal "/tmp/trace-$1" >"/tmp/calls-$1"
}

run off
echo 1 >$kapi/validate || exit
run on
echo 0 >$kapi/validate
echo "calls $(wc -l </tmp/calls-off)"
diff /tmp/calls-off /tmp/calls-on && diff /tmp/out-off /tmp/out-on && echo same
