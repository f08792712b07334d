#!/bin/bash
# The validator names the bugs of harness/mutants/: here one or two of each kind. And it
# reports no correct rewrite of harness/controls/: here every third. `make mutants` and
# `make controls` try all.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

# try_each WHAT RESULT NAME...: tries these; what is good has this RESULT
try_each() {
	local what=$1 good=$2 one_of
	shift 2
	one_of=$(IFS='|' && echo "$*")
	MUTANTS="^($one_of)$" "$HARNESS/mutants.sh" "$what" >&2 || true
	awk -F '\t' -v what="${what%s}" -v good="$good" '
		$2 == good { print "ok " what "." $1; next }
		{ print "not ok " what "." $1 " - " $2 ": " $4 }' "$BUILD/mutants/results"
	[ "$(wc -l <"$BUILD/mutants/results")" = $# ] ||
		echo "not ok ${what%s} - not every one was tried"
}

try_each mutants caught returns-einval returns-erestartsys mmap-lock-leaked mmap-lock-not-taken \
	mutex-held leaves-preemption-off sends-sigchld-to-the-parent def-flags-kept \
	locked-vm-kept vma-skipped-read-only clears-flags-if-killed spec-without-an-error \
	spec-page-table-lock-for-read mlock-without-privilege-is-enomem \
	mlock-limit-counts-twice mlock-half-faulted-in mlock2-unknown-flag-accepted \
	mlock2-spec-param-renamed munlock-offset-forgotten munlock-asks-for-privilege \
	mlockall-eintr-of-populate check-return-any-error observe-dead-task \
	mlock-no-access-is-eagain munlock-onfault-pages-stay-mlocked \
	munlock-ended-by-any-signal check-null-needs-no-reason
# shellcheck disable=SC2046 # one argument each
try_each controls passed $(sed -n 's/^== //p' "$HARNESS"/controls/*.txt | sed -n '1~3p')
