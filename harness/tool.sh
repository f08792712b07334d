#!/bin/bash
# Builds tools/kapi of the tree of tree.sh as a kernel developer would, outside of the tree,
# and prints the path of the program.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=${KAPI_TREE:-$("$HARNESS/tree.sh")}
out=$BUILD/tool-$(name_of "$tree")
mkdir -p "$out"
logged "$BUILD/tool.log" "building tools/kapi" \
	make -C "$tree/tools/kapi" -j"$JOBS" OUTPUT="$out/" "$@" ||
	die "tools/kapi does not build"
echo "$out/kapi"
