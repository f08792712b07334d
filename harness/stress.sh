#!/bin/bash
# No false alarm: calls of the mlock family are checked while stress-ng, a build, module
# loading, and processes under ptrace and seccomp run beside them; half of them when
# lockdep has been switched off. CALLS (of each of them in each kernel, 1,000,000) and FLAVOURS (the
# kernels) can be set. Prints figures and the clauses that were violated, and fails if
# any was.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

calls=${CALLS:-1000000}
flavours=${FLAVOURS:-uml x86 uml-plain uml-kasan x86-rt}
tree=${KAPI_TREE:-$("$HARNESS/stage.sh")}
out=$BUILD/stress
mkdir -p "$out"

# A quarter of the calls of a process that is killed are never made. On a machine
# that has other things to do, RCU stalls tell nothing of the kernel.
run() {
	local flavour=$1 kernel initramfs
	kernel=$("$HARNESS/build.sh" "$tree" "$flavour")
	initramfs=$(KAPI_PROGRAMS="stress-ng strace tcc make" "$HARNESS/initramfs.sh" "$tree" "$kernel")
	say "checking $calls calls of each on $flavour"
	"$HARNESS/boot.sh" -t $((300 + calls / 50)) -m 1024 -k kunit.enable=0 \
		-k rcupdate.rcu_cpu_stall_suppress=1 -l "$out/$flavour.log" \
		"$kernel" "$initramfs" "CALLS=$((calls * 5 / 4)) SEED=${SEED:-$RANDOM}
$(cat "$HARNESS/guest/stress.sh")" >"$out/$flavour"
}

count() {
	awk -v column="$2" '$1 ~ /^sys_/ && $column ~ /^[0-9]/ { n += $column } END { print n + 0 }' "$out/$1"
}

# Of the call of the family that was checked least.
checked() {
	awk '$1 ~ /^sys_mu?n?lock/ && $2 == "returns" { print $3 + $4 }' "$out/$1" |
		sort -n | head -n 1
}

# Of each clause that was undecided at times, how often.
undecided() {
	awk -v flavour="$1" '$1 ~ /^sys_/ && $5 ~ /^[1-9]/ {
		printf "figure: %s: %s %s undecided %d of %d\n", flavour, $1, $2, $5, $3 + $4 + $5
	}' "$out/$1"
}

# result FLAVOUR: one line
result() {
	local others
	others=$(grep -c '^load ' "$out/$1" || true)
	if [ "$(count "$1" 4)" != 0 ]; then
		grep '^violation: ' "$out/$1" | head -n 20
		echo "not ok stress.$1 - $(count "$1" 4) times violated, see $out/$1"
	elif [ "$others" != 5 ]; then
		echo "not ok stress.$1 - of 5 other loads only $others ran, see $out/$1"
	elif [ "$(checked "$1")" -lt "$calls" ]; then
		echo "not ok stress.$1 - only $(checked "$1") calls were checked"
	else
		echo "ok stress.$1"
	fi
	undecided "$1"
	echo "figure: $1: $(checked "$1") calls of each checked, $(count "$1" 3) clauses held, $(count "$1" 4) violated, $(count "$1" 5) undecided"
}

status=0
for flavour in $flavours; do
	if run "$flavour"; then
		result "$flavour" | tee "$out/$flavour.result"
		! grep -q '^not ok' "$out/$flavour.result" || status=1
	else
		echo "not ok stress.$flavour - the kernel failed, see $out/$flavour.log"
		status=1
	fi
done
exit $status
