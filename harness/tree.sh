#!/bin/bash
# Prints the path of the kernel tree to build: the user's own (TREE), which has the
# series and is taken as it stands, or the staged one.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=user-tree.sh
. "$HARNESS/user-tree.sh"

[ -n "${TREE:-}" ] || exec "$HARNESS/stage.sh"
[ -z "$KSRC" ] || die "both TREE and KSRC are set" \
	"TREE=DIR builds DIR as it stands, KSRC=DIR builds a copy of it with the series: drop one"
tree=$(source_of TREE)
[ -f "$tree/lib/Kconfig.kapi" ] ||
	die "TREE=$TREE does not have the series: there is no lib/Kconfig.kapi" \
		"to put it there: make apply KSRC=$tree" \
		"to build a copy that has it: make build KSRC=$tree"
echo "$tree"
