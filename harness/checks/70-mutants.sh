#!/bin/bash
# The validator names the bugs of harness/mutants/: here four of them, `make
# mutants` tries all.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

kinds=(returns-one leaves-interrupts-off sends-sigchld-to-the-parent mmap-lock-retaken)
one_of=$(IFS='|' && echo "${kinds[*]}")
MUTANTS="^($one_of)$" "$HARNESS/mutants.sh" >&2 || true
awk -F '\t' '
	$2 == "caught" { print "ok mutant." $1; next }
	{ print "not ok mutant." $1 " - " $2 ": " $4 }' "$BUILD/mutants/results"
[ "$(wc -l <"$BUILD/mutants/results")" = ${#kinds[@]} ] ||
	echo "not ok mutant - not every one was tried"
