#!/bin/bash
# Stress and fault injection: everything at once under KASAN, UBSAN, KCSAN, lockdep and
# kmemleak, failing allocations, malformed sections, a hundred thousand specs. Prints a
# table of what was tried and what happened. SECONDS_EACH (600) is the duration of the
# "all at once" part in each kernel of FLAVOURS.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

flavours=${FLAVOURS:-uml-kasan x86-kasan x86-kcsan}
duration=${SECONDS_EACH:-600}
tree=${KAPI_TREE:-$("$HARNESS/stage.sh")}
out=$BUILD/faults
mkdir -p "$out"
: >"$out/table"

# row FAULT KERNEL WHAT-HAPPENED [bad]
row() {
	printf '%-45s %-10s %s%s\n' "$1" "$2" "${4:+NOT OK: }" "$3" | tee -a "$out/table" >&2
}

# boot NAME FLAVOUR [OPTION]... COMMAND: its output is in $out/NAME, the log in NAME.log
boot() {
	local name=$1 kernel
	kernel=$("$HARNESS/build.sh" "$tree" "$2")
	"$HARNESS/boot.sh" -t $((duration * 3 + 1800)) -m 2048 -l "$out/$name.log" "${@:3:$# - 3}" \
		-k rcupdate.rcu_cpu_stall_suppress=1 "$kernel" \
		"$("$HARNESS/initramfs.sh" "$tree" "$kernel")" "${*: -1}" >"$out/$name"
}

# The first thing that the kernel complained of
complaint() {
	grep -Em1 'BUG:|WARNING:|UBSAN:|Oops|Kernel panic|INFO: (possible|suspicious|trying|task)' "$1" | sed 's/^\[[^]]*\] *//' | cut -c 1-60
}

# KCSAN looks at all of the kernel; what counts is what races with the series' code.
own_functions() {
	find "$1/kernel/api" -name '*.o' ! -path '*/tests/*' -exec nm --defined-only {} + |
		awk '$2 ~ /^[tT]$/ { print $3 }' | sort -u
}

races() {
	{ grep -o 'KCSAN: data-race in .*' "$out/$1.log" || true; } |
		grep -wFf <(own_functions "$BUILD/$2-$(name_of "$tree")") || true
}

# Counts are forgotten all the time, but the log has every violation.
violated() {
	grep -cE 'kapi: [^ ]+ [^ ]+ \(.*\): (misused: )?expected ' "$out/$1.log" || true
}

# Leaks are those in whose stack the series' code is.
leaks() {
	grep -c '^leak: .*kapi_' "$out/$1" || true
}

# A run without reports means something only if KCSAN finds the races in its own test. Not
# all of that test's thread counts need to pass: on a busy machine some time out.
awake() {
	local reports
	boot awake "$1" -w -k kunit.filter_glob=kcsan.test_basic true || true
	reports=$(grep -c 'KCSAN: data-race in test_kernel_' "$out/awake.log" || true)
	if grep -qE '\] +ok [0-9]+ threads=' "$out/awake.log" && [ "$reports" != 0 ]; then
		row "races that KCSAN has to find" "$1" "found, $reports times"
	else
		row "races that KCSAN has to find" "$1" "not found" bad
	fi
}

kunit() {
	local name=kunit-$1 passed failed options=(-k "kunit.filter_glob=kapi*")
	[ "$1" != x86-kcsan ] || options+=(-w)
	boot "$name" "$1" "${options[@]}" true || true
	passed=$(grep -cE '\] +ok ' "$out/$name.log" || true)
	failed=$(grep -cE '\] *not ok ' "$out/$name.log" || true)
	if [ "$failed" = 0 ] && [ "$passed" -gt 100 ] && [ -z "$(races "$name" "$1")" ] &&
		{ [ "$1" = x86-kcsan ] || [ -z "$(complaint "$out/$name.log")" ]; }; then
		row "KUnit tests" "$1" "$passed passed, no complaint"
	else
		row "KUnit tests" "$1" "$passed passed, $failed failed, $(complaint "$out/$name.log")" bad
	fi
}

# named KUNIT-CASE WHAT WHAT-HAPPENS: a case of those that ran above says so
named() {
	if grep -qE "\] +ok [0-9]+ $1" "$out/kunit-$first.log"; then
		row "$2" "$first" "$3"
	else
		row "$2" "$first" "$1 failed or did not run" bad
	fi
}

selftests() {
	local name=selftests-$1 ran
	# shellcheck disable=SC2016 # for the shell of the kernel that boots
	boot "$name" "$1" -a -k kunit.enable=0 \
		'for test in *_test; do echo "= $test"; ./$test || echo "FAILED $test"; done' ||
		{ row "selftests, want of memory among them" "$1" "$(complaint "$out/$name.log")" bad && return; }
	ran=$(grep -c '^ok ' "$out/$name" || true)
	if grep -q '^not ok\|^FAILED' "$out/$name" || [ "$ran" -lt 100 ]; then
		row "selftests, want of memory among them" "$1" "$(grep -m1 '^not ok' "$out/$name")" bad
	else
		row "selftests, want of memory among them" "$1" "$ran passed, no complaint"
	fi
	sed -nE 's/^# .*fault_test[^:]*:[0-9]*:[a-z_]*:(.*)/\1/p' "$out/$name" | while read -r line; do
		row "  its n-th allocation fails, for all n" "$1" "$line"
	done
}

at_once() {
	local name=commotion-$1 what="all at once for $duration s" deeds options=()
	[ "$1" != x86-kcsan ] || options=(-w)
	boot "$name" "$1" "${options[@]}" -k kunit.enable=0 \
		"DURATION=$duration
$(cat "$HARNESS/guest/commotion.sh")" ||
		{ row "$what" "$1" "$(complaint "$out/$name.log")" bad && return; }
	deeds=$(awk '$1 == "deed" { printf "%s%s %d", sep, $2, $3; sep = ", "; failed += $4 }
		END { exit failed }' "$out/$name") || deeds+=" (some failed)"
	if [[ $deeds == *failed* ]] || ! grep -q '^left as before' "$out/$name" ||
		! grep -q '^left off' "$out/$name" || ! grep -qx 'missed 0' "$out/$name" ||
		! grep -q '^sys_mlock returns  *[1-9]' "$out/$name" ||
		[ "$(violated "$name")" != 0 ] || [ "$(leaks "$name")" != 0 ] ||
		[ -n "$(races "$name" "$1")" ]; then
		row "$what" "$1" "$deeds; $(violated "$name") violated, $(leaks "$name") leaked; $(races "$name" "$1" | head -n 2)" bad
	else
		row "$what" "$1" "no complaint; as before; 0 violated"
		row "  namely" "$1" "$deeds"
	fi
	[[ $1 != *-kasan ]] || row "  looked for leaks" "$1" "$(leaks "$name")$(grep -q 'kmemleak scanned' "$out/$name" || echo ', but kmemleak did not run')"
}

first=${flavours%% *}
for flavour in $flavours; do
	[ "$flavour" != x86-kcsan ] || awake "$flavour"
	kunit "$flavour"
	[ "$flavour" != "$first" ] || {
		named registry_refuses_truncated_section "a section that is cut off" "refused whole, with the reason"
		named registry_refuses_misaligned_section "a section at an odd address" "refused whole, with the reason"
		named scale_zeros_are_rejected "100,000 structs of zeros" "each refused, with the reason"
		named scale_all_are_found "100,000 specs" "all found"
		named registry_escapes_bad_names "a name of control characters" "refused, escaped where it is shown"
		named registry_keeps_first_of_two "two specs of one name" "the second refused"
	}
	[ "$flavour" = x86-kcsan ] || selftests "$flavour"
	at_once "$flavour"
done
cat "$out/table"
! grep -q 'NOT OK' "$out/table"
