# shellcheck shell=bash disable=SC2154 # sourced by mutants.sh
# Building and booting one mutant.
#
# Each worker has a copy of the kernel's build directory and the staged tree for
# its source, which is never edited: a source file in the build directory comes
# before the one at the same place in the tree. Only .c files can be mutated so, and
# headers that lie beside them.

workers=$((JOBS < 4 ? JOBS : 4))

check_all_apply() {
	local name
	while IFS=$'\t' read -r name _; do
		"$mutate" apply "$name" "$tree" "$work/one" >"$work/paths" || exit 99
		! grep -v '\.[ch]$' "$work/paths" ||
			die "mutant $name changes a file that is no .c file, nor a header beside one"
		rm -rf "$work/one"
	done <"$work/list"
}

start_workers() {
	local n
	need_space "$work" $((workers * 300)) "$workers copies of the kernel's build"
	for ((n = 1; n <= workers; n++)); do
		rsync -a --delete "$kernel/" "$work/$n/"
		keep_objtool $n
		build_kernel $n start || die "the copied kernel does not build" \
			"see $work/log/start.build"
	done
}

# In another directory, objtool is built again, and all that it looks at would be after it.
keep_objtool() {
	[ -e "$kernel/tools/objtool/objtool" ] || return 0
	make -C "$tree" ARCH="$(arch_of "$kernel")" O="$work/$1" prepare >"$work/log/prepare.build" 2>&1
	find "$work/$1/tools" -exec touch -r "$kernel/tools/objtool/objtool" {} +
}

# build_kernel WORKER NAME
build_kernel() {
	make -C "$tree" ARCH="$(arch_of "$kernel")" O="$work/$1" >"$work/log/$2.build" 2>&1 9>&-
}

# The test that calls what a spec is of; those of "kunit" ran before the programs start.
test_of() {
	case $1 in
	mlock2) echo mlock_test ;;
	dup3 | mprotect | mremap | lseek | read | epoll_ctl | fcntl) echo general_test ;;
	*_fd_flags | down_*) echo functions_test ;;
	wait_* | mutex_* | *dup* | vmalloc*) echo kunit ;;
	*) echo "$1_test" ;;
	esac
}

# boot_kernel WORKER NAME CLAUSES TEST...: the tests' output is NAME.output, the
# kernel's log NAME.boot. A kernel that has said enough, but hangs, is not waited for.
boot_kernel() {
	local log=$work/log/$2 boot left=15 kunit=kunit.enable=0 tests=${*:4} explore=0
	if [ "$tests" = kunit ]; then
		kunit=kunit.filter_glob=kapi_functions tests=
	elif [ -n "$3" ]; then
		explore=$explorer_seconds
	fi
	"$HARNESS/boot.sh" -w -l "$log.boot" -t $((guest_limit + explore + 60)) -k $kunit \
		"$work/$1" "$initramfs" "clauses='$3' limit=$((guest_limit + explore)) spec=$spec \
explore=$explore tests='$tests'
$(cat "$HARNESS/mutants/guest.sh")" >"$log.output" 2>"$log.errors" 9>&- &
	boot=$!
	while nap 1 && kill -0 $boot 2>/dev/null; do
		[ -z "$(among "$(named_in_log "$2")" "$3")" ] || left=$((left - 1))
		[ $left -gt 0 ] || kill $boot 2>/dev/null || true
	done
	wait $boot || true
}

# section NAME TITLE: of what the guest printed
section() {
	awk -v title="==== $2" '/^==== / { in_it = $0 == title; next } in_it' \
		"$work/log/$1.output"
}

named_in_log() {
	sed -nE "s/.*kapi: $spec ([^ ]+) \(.*\): (misused: )?expected .*/\1/p" "$work/log/$1.boot" 2>/dev/null || true
}

# named_by_validator NAME: the clauses that the validator calls violated, in coverage or
# in the log of a kernel that did not get there
named_by_validator() {
	{
		section "$1" coverage | awk -v spec="$spec" '$1 ~ "^" spec "$" && ($4 > 0 || $6 > 0) { print $2 }'
		named_in_log "$1"
	} | sort -u
}

# What was found wrong with the spec, at boot and by the compiler. An entry of "rejected"
# goes on in lines of its own, one for each mistake.
named_at_boot() {
	section "$1" rejected | awk -v spec="$spec" '
		/^[^ :]+ [^ :]+: / { in_it = $2 ~ "^" spec ":$"; sub(/^[^ ]+ [^ ]+ /, "") }
		in_it && match($0, /^[^: ]+: /) { print substr($0, 1, RLENGTH - 2) }'
}

# A clause is known by what is written in its macro: "KAPI_FAILS_IF(-EINVAL, wraps)". Of a
# condition that does not exist, it is the macro that stands below.
named_by_compiler() {
	awk '
		function name(macro, args) {
			sub(/.*, /, "", args)
			sub(/^-/, "", args)
			gsub(/ /, "_", args)
			if (macro == "KAPI_CONTEXT")
				print "context"
			else if (macro in kinds)
				print kinds[macro] "[" args "]"
		}
		BEGIN {
			kinds["KAPI_ARG"] = "params"
			kinds["KAPI_FAILS"] = kinds["KAPI_ERROR"] = "errors"
			kinds["KAPI_FAILS_IF"] = kinds["KAPI_MAY_FAIL_IF"] = "constraints"
			kinds["KAPI_LACKS"] = kinds["KAPI_CAPABILITY"] = "capabilities"
			kinds["KAPI_INTERRUPTED"] = kinds["KAPI_SENDS"] = "signals"
			kinds["KAPI_TAKES"] = kinds["KAPI_LOCKS_ON_SUCCESS"] = "locks"
			kinds["KAPI_CHANGES"] = "side_effects"
			kinds["KAPI_ENSURES"] = "ensures"
		}
		match($0, /static assertion failed: "KAPI_[A-Z_]+\([^()"]*\)/) {
			text = substr($0, RSTART + 26, RLENGTH - 27)
			macro = text
			sub(/\(.*/, "", macro)
			name(macro, substr(text, length(macro) + 2))
		}
		match($0, /__kapi_cond_[^ ]+ undeclared/) {
			missing = substr($0, RSTART + 12, RLENGTH - 12)
			sub(/[^a-z0-9_].*/, "", missing)
		}
		missing && match($0, /in expansion of macro [^ ]*KAPI_[A-Z_]+/) {
			text = substr($0, RSTART, RLENGTH)
			sub(/.*KAPI_/, "KAPI_", text)
			name(text, missing)
			missing = ""
		}' "$work/log/$1.build"
}

# among NAMES CLAUSES: the first name that is among the clauses
among() {
	tr ' ' '\n' <<<"$2" | grep -xF -m1 -f <(echo "$1") || true
}

# What happened instead, for one that was not caught
say_why() {
	local name=$1 others
	others=$(named_by_validator "$name" | paste -sd ' ')
	if [ -n "$others" ]; then
		echo "only $others named"
	elif ! grep -q '^==== end' "$work/log/$name.output"; then
		echo "the kernel ended or hung, and named none"
	else
		section "$name" tests | awk -F ': ' '
			/not seen: |never seen: / { seen[$2] = 1 }
			/^not ok / { failed++ }
			END {
				if (!failed) why = "nothing noticed"
				else why = "none named, but " failed " tests failed"
				print why
			}'
	fi
}

# find_result NAME CLAUSES: "caught<tab>BY" or "missed<tab>WHY"
find_result() {
	local by hit
	for by in validator boot; do
		case $by in
		validator) hit=$(among "$(named_by_validator "$1")" "$2") ;;
		boot) hit=$(among "$(named_at_boot "$1")" "$2") ;;
		esac
		if [ -n "$hit" ]; then
			! grep -q '^==== explorer' "$work/log/$1.output" || by+=", explorer"
			printf 'caught\t%s: %s\n' "$by" "$hit"
			return
		fi
	done
	printf 'missed\t%s\n' "$(say_why "$1")"
}

# failed_test WORKER NAME: the first KUnit test that fails in the built kernel
failed_test() {
	"$HARNESS/boot.sh" -w -l "$work/log/$2.boot" -t $((guest_limit + 60)) "$work/$1" \
		"$initramfs" true >/dev/null 2>&1 9>&- || true
	sed -nE 's/.* not ok [0-9]+ ([a-z0-9_]+).*/\1/p' "$work/log/$2.boot" | head -n 1
}

# A bug of the validator itself, which a test of it must notice
try_validator() {
	local hit
	hit=$(failed_test "$1" "$2")
	if [ -n "$hit" ]; then
		printf 'caught\tkunit: %s\n' "$hit"
	else
		printf 'missed\tno KUnit test failed\n'
	fi
}

try_mutant() {
	local worker=$1 name=$2 clauses=$3 hit
	if ! build_kernel "$worker" "$name"; then
		hit=$(among "$(named_by_compiler "$name")" "$clauses")
		if [ -n "$hit" ]; then
			printf 'caught\tcompiler: %s\n' "$hit"
		else
			printf 'error\tdoes not compile: %s\n' \
				"$(grep -m1 -o 'error: .*' "$work/log/$name.build" || echo "$work/log/$name.build")"
		fi
		return
	fi
	if [ "$clauses" = kunit ]; then
		try_validator "$worker" "$name"
		return
	fi
	boot_kernel "$worker" "$name" "$clauses" "$(test_of "${spec#sys_}")"
	find_result "$name" "$clauses"
}

# try_control WORKER NAME: "passed", or "reported<tab>WHAT"
try_control() {
	local name=$2 why
	spec=$any_spec
	build_kernel "$1" "$name" || {
		printf 'error\tdoes not compile: %s\n' \
			"$(grep -m1 -o 'error: .*' "$work/log/$name.build" || echo "$work/log/$name.build")"
		return
	}
	# shellcheck disable=SC2086 # one argument each
	boot_kernel "$1" "$name" "" $all_tests
	why=$(complaints "$name")
	printf '%s\t%s\n' "$([ -n "$why" ] && echo reported || echo passed)" "$why"
}

# run_mutant WORKER NAME CLAUSES NEEDS SURVIVES SPEC
run_mutant() {
	local worker=$1 name=$2 clauses=$3 needs=$4 survives=$5 start=$EPOCHSECONDS result path
	spec=$6
	if [ "$needs" != - ] && ! grep -qx "$needs=y" "$kernel/.config"; then
		result=skipped$'\t'"this kernel has no $needs"
	else
		"$mutate" apply "$name" "$tree" "$work/$worker" >"$work/$worker.paths"
		result=$("$try" "$worker" "$name" "$clauses")
		while read -r path; do
			rm -f "$work/$worker/$path" "$work/$worker/${path%.c}.o"
		done <"$work/$worker.paths"
	fi
	case $survives$result in
	-*) ;;
	*missed*) result=survived${result#missed} ;;
	*caught*) result+=" (\"Survives:\" is wrong)" ;;
	esac
	printf '%s\t%s\t%s\n' "${spec#sys_} $clauses" "$result" $((EPOCHSECONDS - start)) |
		awk -F '\t' -v OFS='\t' -v name="$name" '{ print name, $2, $1, $3, $4 }' \
			>"$work/result/$name"
	say "mutant $name: $(cut -f 2,4 "$work/result/$name" | tr '\t' ' ')"
}

# Each worker takes every so many-th of the list.
run_worker() {
	local name clauses needs survives of
	while IFS=$'\t' read -r name clauses needs survives of; do
		run_mutant "$1" "$name" "$clauses" "$needs" "$survives" "$of" || exit
	done < <(awk -v w="$1" -v all=$workers 'NR % all == w % all' "$work/list")
}

run_all() {
	local n pids=()
	trap 'kill "${pids[@]}"; exit 130' INT TERM HUP
	for ((n = 1; n <= workers; n++)); do
		run_worker $n </dev/null &
		pids+=($!)
	done
	for n in "${pids[@]}"; do
		wait "$n" || die "a worker ended early" "see $work/log/"
	done
	trap - INT TERM HUP
}

any_spec='sys_m[a-z0-9]+'
all_tests="mlock_test munlock_test mlockall_test munlockall_test mlock_correct_test"

# complaints NAME: of a kernel without a bug, what there is to complain about
complaints() {
	local bad
	bad=$(named_by_validator "$1"; named_at_boot "$1")
	if [ -n "$bad" ]; then
		echo "reported: ${bad//$'\n'/ }"
	elif ! grep -q '^==== end' "$work/log/$1.output"; then
		echo "the tests did not come to an end"
	elif [ "$(section "$1" tests | grep -c '^# Totals:.* fail:0 ')" != "$(wc -w <<<"$all_tests")" ]; then
		echo "a test fails: $(section "$1" tests | grep -m1 '^not ok' || true)"
	fi
}

# Without a bug nothing is violated, and everything is seen.
check_baseline() {
	local why
	spec=$any_spec
	# shellcheck disable=SC2086 # one argument each
	boot_kernel "$1" none "" $all_tests
	why=$(complaints none)
	[ -z "$why" ] || die "the kernel without a mutant: $why" "see $work/log/none.output and none.boot"
}
