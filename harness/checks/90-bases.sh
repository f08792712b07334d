#!/bin/bash
# The same files on the other base kernel that they are made for.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

# shellcheck source=../tool/result.sh
. "$HARNESS/tool/result.sh"

BASES=${BASES:-7.2} "$HARNESS/bases.sh" || echo "not ok bases - one of them failed, see above"

# same_contracts KERNEL KERNEL: as README.md shows
same_contracts() {
	local status=0
	"$("$HARNESS/tool.sh")" diff -p "$1/vmlinux" -b "$2/vmlinux" || status=$?
	[ "$status" = "$(readme 'echo $?' | head -n 1)" ]
}

if [ -e "$BUILD/uml-7.2/vmlinux" ] && [ "$KAPI_UML" = "$BUILD/uml-7.3" ]; then
	result readme.7.2 same_contracts "$BUILD/uml-7.2" "$KAPI_UML"
fi
