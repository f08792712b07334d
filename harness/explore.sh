#!/bin/bash
# Calls made from the specs alone, in states made at random: SECONDS_EACH (600) of them in
# each kernel of FLAVOURS (uml), the first with SEED (one at random). Prints what clauses were
# exercised, spec by spec; of those that were violated a C program that does it, and fails.
# The tree is that of tree.sh.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

seconds=${SECONDS_EACH:-600}
tree=$("$HARNESS/tree.sh")
status=0
for flavour in ${FLAVOURS:-uml}; do
	kernel=$("$HARNESS/build.sh" "$tree" "$flavour")
	initramfs=$("$HARNESS/initramfs.sh" "$tree" "$kernel")
	say "exploring for $seconds s on $flavour"
	"$HARNESS/boot.sh" -t $((seconds + 300)) -k kunit.enable=0 -l "$BUILD/explore-$flavour.log" \
		"$kernel" "$initramfs" "./explore -t $seconds -s ${SEED:-$RANDOM}" || status=1
done
exit $status
