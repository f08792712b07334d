#!/bin/bash
# mutants.sh [mutants|controls]: puts the bugs of harness/mutants/ into the kernel, one at a
# time, runs the validator's test in each and, if that names nothing, the explorer, and
# demands that the right clause is named.
# MUTANTS=REGEX picks some. Prints a table and the score; what it is made from is
# build/mutants/results: NAME<tab>RESULT<tab>CLAUSES<tab>HOW<tab>SECONDS. Fails
# if one is missed that is not known to survive, or, of all, fewer than 95 % are
# caught. With "controls" it takes the correct rewrites of harness/controls/ instead,
# and demands that none is reported and no test fails.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=${KAPI_TREE:-$("$HARNESS/stage.sh")}
kernel=${KAPI_UML:-$("$HARNESS/build.sh" "$tree")}
initramfs=${KAPI_INITRAMFS:-$("$HARNESS/initramfs.sh" "$tree" "$kernel")}
work=$BUILD/mutants
mutate=$HARNESS/mutants/mutate.py
guest_limit=90
explorer_seconds=60
[ "$(arch_of "$kernel")" = um ] || guest_limit=360
try=try_mutant
if [ "${1:-}" = controls ]; then
	export KAPI_MUTANTS=$HARNESS/controls
	try=try_control
fi
only_one_run "$work.lock"
mkdir -p "$work/one"
rm -rf "$work/log" "$work/result" "$work/results"
mkdir -p "$work/log" "$work/result"

# shellcheck source=mutants/run.sh
. "$HARNESS/mutants/run.sh"
# shellcheck source=mutants/score.sh
. "$HARNESS/mutants/score.sh"

"$mutate" list "${MUTANTS:-.}" >"$work/list" || exit 99
[ -s "$work/list" ] || die "no mutant is named like MUTANTS=$MUTANTS"
check_all_apply
start_workers
say "the kernel without a bug"
check_baseline 1
run_all
make_results
print_table
"${try/try/score}"
