#!/bin/bash
# The documentation builds, with no warning about what the series adds.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

page=dev-tools/kernel-api-spec
out=$BUILD/docs
log=$BUILD/docs.log
rm -rf "$out"
mkdir -p "$out"

if ! logged "$log" "building the documentation" \
	make -C "$KAPI_TREE" O="$out" SPHINXDIRS=dev-tools htmldocs; then
	echo "not ok docs.build - see $log"
elif grep -E '(kernel-api-spec|kernel_api_spec|dev-tools/index).*(WARNING|ERROR|warning|error)' "$log"; then
	echo "not ok docs.build - warnings, see $log"
else
	echo "ok docs.build"
fi

# The page is there, in the index, and has what kernel-doc takes from the header.
html=$(find "$out" -path "*$page.html" | head -n 1)
if [ -n "$html" ] && grep -q 'struct kernel_api_spec' "$html" &&
	grep -q kernel-api-spec "$(dirname "$html")/index.html"; then
	echo "ok docs.page"
else
	echo "not ok docs.page - $page.html is missing or empty, see $log"
fi
