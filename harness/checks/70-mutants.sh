#!/bin/bash
# The validator names the bugs of harness/mutants/: here one or two of each kind,
# `make mutants` tries all. And it reports no correct rewrite of harness/controls/.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

kinds=(returns-einval returns-one returns-erestartsys returns-eintr-if-contended
	mmap-lock-leaked mmap-lock-downgraded mmap-lock-for-read mmap-lock-not-taken
	mutex-held i-mmap-rwsem-held leaves-preemption-off leaves-interrupts-off
	sends-sigchld-to-the-parent def-flags-kept locked-vm-kept vma-skipped-read-only
	clears-flags-if-killed spec-without-an-error spec-page-table-lock-for-read
	mlock-without-privilege-is-enomem mlock-limit-counts-twice mlock-gap-accepted
	mlock-half-faulted-in mlock-limit-after-the-change mlock-page-too-many
	mlock2-unknown-flag-accepted mlock2-spec-param-renamed munlock-offset-forgotten
	munlock-asks-for-privilege mlockall-limit-for-future mlockall-eintr-of-populate
	check-return-any-error observe-dead-task mlock-no-access-is-eagain
	munlock-onfault-pages-stay-mlocked munlock-ended-by-any-signal check-null-needs-no-reason)
one_of=$(IFS='|' && echo "${kinds[*]}")
MUTANTS="^($one_of)$" "$HARNESS/mutants.sh" >&2 || true
awk -F '\t' '
	$2 == "caught" { print "ok mutant." $1; next }
	{ print "not ok mutant." $1 " - " $2 ": " $4 }' "$BUILD/mutants/results"
[ "$(wc -l <"$BUILD/mutants/results")" = ${#kinds[@]} ] ||
	echo "not ok mutant - not every one was tried"

# Correct rewrites are not reported.
"$HARNESS/mutants.sh" controls >&2 || true
awk -F '\t' '
	$2 == "passed" { print "ok control." $1; next }
	{ print "not ok control." $1 " - " $2 ": " $4 }' "$BUILD/mutants/results"
[ "$(wc -l <"$BUILD/mutants/results")" = "$(grep -c '^== ' "$HARNESS"/controls/*.txt)" ] ||
	echo "not ok control - not every one was tried"
