#!/bin/bash
# What the macros must refuse, each mistake with its message, and what they must
# accept.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

status=0
for compiler in gcc "clang-$CLANG"; do
	"$HARNESS/compile-fail/run.sh" "$compiler" "$KAPI_UML" || status=$?
done
exit $status
