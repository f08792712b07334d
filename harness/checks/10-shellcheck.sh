#!/bin/bash
# Every shell script of this repository passes shellcheck, style included.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

find "$HARNESS" "$ROOT/.ci" "$ROOT/tools" -type f 2>/dev/null | sort | while read -r file; do
	case $file in
	*.sh | */init | */.ci/run) ;;
	*) head -n 1 "$file" | grep -aq '^#!.*sh$' || continue ;;
	esac
	name=shellcheck.${file#"$ROOT/"}
	if shellcheck -S style "$file"; then
		echo "ok $name"
	else
		echo "not ok $name - see above"
	fi
done
