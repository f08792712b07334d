#!/bin/bash
# Looks for false alarms where they are most likely: on a distribution-like kernel with two
# nodes and four processors, under every load that may confuse the validator. Settings:
# CALLS of each of the mlock family (20,000), SECONDS_EACH of the explorer (600), FLAVOURS
# (x86-distro x86-distro-lockdep), SEED, and CASES, a directory of further C programs to
# run. Prints what each load did and, for each clause, how often it held, was violated or
# undecided. Fails if a clause was violated or a load did not run.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

calls=${CALLS:-20000}
seconds=${SECONDS_EACH:-600}
seed=${SEED:-$RANDOM}
tree=${KAPI_TREE:-$("$HARNESS/stage.sh")}
out=$BUILD/campaign
mkdir -p "$out/bin"
: >"$out/bin/local_config.h_gen"

# The kernel's own tests of mm that need no other machine than this, nor much time.
mm_selftests=(compaction_test cow droppable folio_split_race_test guard-regions gup_longterm
	gup_test hugetlb_fault_after_madv hugetlb-madvise hugetlb-mmap hugetlb-mremap hugetlb-shm
	hugetlb-soft-offline khugepaged ksm_functional_tests ksm_tests madv_populate
	map_fixed_noreplace map_populate mdwe_test memfd_secret memory-failure merge migration
	mkdirty mlock2-tests mlock-random-test mrelease_test mremap_dontunmap mremap_test
	mseal_test on-fault-limit pagemap_ioctl prctl_thp_disable process_madv protection_keys rmap
	soft-dirty split_huge_page_test thuge-gen transhuge-stress uffd-stress uffd-unit-tests
	uffd-wp-mremap)

# Not by their own Makefile, which writes to the tree and wants all libraries.
# shellcheck disable=SC2317 # called by logged
build_mm_selftests() {
	local tests=$tree/tools/testing/selftests test more
	for test in "${mm_selftests[@]}"; do
		more=
		case $test in
		uffd-*) more=uffd-common.c ;;
		protection_keys) more=pkey_util.c ;;
		esac
		(cd "$tests/mm" && gcc -w -O2 -mxsave -static -D_GNU_SOURCE= -I"$out/bin" -I"$tree" \
			-I"$tests" -isystem "$BUILD/selftests-$(name_of "$tree")/usr/include" \
			-isystem "$tree/tools/include/uapi" "$test.c" vm_util.c hugepage_settings.c \
			${more:+"$more"} -o "$out/bin/$test" -lrt -lpthread -lm -lcap -lnuma) || return
	done
}

# shellcheck disable=SC2317 # called by logged
build_programs() {
	local source
	for source in "$HARNESS"/guest/{audit_rule,bpf_stacks}.c ${CASES:+"$CASES"/*.c}; do
		gcc -w -O2 -static -pthread -o "$out/bin/$(basename "$source" .c)" "$source" || return
	done
	build_mm_selftests
}

# What CASES has, as it is called in the booted kernel
cases() {
	local source
	for source in ${CASES:+"$CASES"/*.c}; do
		basename "$source" .c
	done | tr '\n' ' '
}

run() {
	local flavour=$1 kernel initramfs programs
	kernel=$("$HARNESS/build.sh" "$tree" "$flavour")
	"$HARNESS/initramfs.sh" "$tree" "$kernel" >/dev/null	# has the kernel's headers made
	logged "$out/programs.log" "building programs for it" build_programs ||
		die "the programs for the campaign do not build"
	programs=$(find "$out/bin" -type f -perm -u+x | sort | tr '\n' ' ')
	initramfs=$(KAPI_PROGRAMS="stress-ng prlimit $programs" "$HARNESS/initramfs.sh" "$tree" "$kernel")
	say "checking on $flavour, with seed $seed"
	"$HARNESS/boot.sh" -a -n -c 4 -m 1536 -t $((1200 + seconds * 2 + calls / 20)) \
		-k kunit.enable=0 -k audit=1 -k rseq_debug=1 -k null_blk.nr_devices=0 -k rootfstype=ramfs -k numa_balancing=enable \
		-k rcupdate.rcu_cpu_stall_suppress=1 -l "$out/$flavour.log" "$kernel" "$initramfs" \
		"CALLS=$calls SECONDS_EACH=$seconds SEED=$seed MM_TESTS='${mm_selftests[*]}' CASES='$(cases)'
$(cat "$HARNESS/guest/campaign.sh")" >"$out/$flavour"
}

# Of each clause that was exercised, in each part: held, violated, undecided, misused; the
# share that was undecided, and why so.
table() {
	awk '
	$1 == "part" { part = $2 }
	$1 == "why:" {
		reason[part, $2, $3] = $5 " " $6
		for (i = 7; i < NF; i += 2)
			reason[part, $2, $3] = reason[part, $2, $3] ", " $i " " $(i + 1)
	}
	$3 ~ /^[0-9]+$/ && $5 ~ /^[0-9]+$/ && $1 !~ /^(#|kapi_test)/ && $3 + $4 + $5 + $6 {
		row[++rows] = part SUBSEP $1 SUBSEP $2
		counts[rows] = sprintf("%9s %8s %9s %7s %6.2f %%", $3, $4, $5, $6, 100 * $5 / ($3 + $4 + $5))
	}
	END {
		for (i = 1; i <= rows; i++) {
			split(row[i], of, SUBSEP)
			printf "%-9s %-28s %-31s %s %s\n", of[1], of[2], of[3], counts[i], reason[row[i]]
		}
	}' "$1"
}

# sum FILE COLUMN PART [CLAUSE]: of a table
sum() {
	awk -v column="$2" -v part="$3" -v clause="${4:-}" '
		$1 == part && (!clause || $3 == clause) { n += $column } END { print n + 0 }' "$1"
}

# figures FLAVOUR: of each part one line, of each clause over 2 % in processes alone another
figures() {
	local part table=$out/$1.table
	for part in alone beside explored selftests; do
		echo "figure: $1: $part: $(($(sum "$table" 4 $part returns) + $(sum "$table" 6 $part returns))) calls," \
			"$(sum "$table" 4 $part) clauses held, $(sum "$table" 5 $part) violated," \
			"$(sum "$table" 6 $part) undecided, $(sum "$table" 7 $part) misused"
	done
	awk -v flavour="$1" '$1 == "alone" && $8 > 2 && $5 != "-" {
		print "figure: " flavour ": over 2 % undecided: " $0 }' "$table"
}

# result FLAVOUR: one line
result() {
	local table=$out/$1.table idle
	idle=$(sed -nE 's/^load (.*) (rounds 0|was killed)$/\1/p' "$out/$1" | tr '\n' ' ')
	if awk '$5 + $7 > 0 { bad = 1 } END { exit !bad }' "$table"; then
		grep '^violation: ' "$out/$1" | sort | uniq -c | sort -rn | head -n 20
		echo "not ok campaign.$1 - a correct kernel is reported, see $out/$1"
	elif [ -n "$idle" ] || ! grep -q '^load' "$out/$1"; then
		echo "not ok campaign.$1 - these loads did not run, or not to the end: $idle"
	elif [ "$(sum "$table" 4 selftests returns)" = 0 ]; then
		echo "not ok campaign.$1 - it did not come to its end, see $out/$1"
	else
		echo "ok campaign.$1"
	fi
}

status=0
for flavour in ${FLAVOURS:-x86-distro x86-distro-lockdep}; do
	if ! run "$flavour"; then
		echo "not ok campaign.$flavour - the kernel failed, see $out/$flavour.log"
		status=1
	fi
	table "$out/$flavour" | tee "$out/$flavour.table"
	grep '^load\|^ran\|^ *[0-9]* ran ' "$out/$flavour" || true
	figures "$flavour"
	result "$flavour" | tee "$out/$flavour.result"
	! grep -q '^not ok' "$out/$flavour.result" || status=1
done
exit $status
