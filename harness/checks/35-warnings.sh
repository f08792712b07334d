#!/bin/bash
# No warning from W=1, from clang, from sparse or from kernel-doc in what the
# series adds or touches.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

dir=$BUILD/warnings
files=$(touched_regex "$KAPI_TREE")
mapfile -t targets < <(echo kernel/api/ && touched_objects "$KAPI_TREE")

# build NAME MAKE-ARGUMENT...: in a build directory of its own
build() {
	local name=$1 log=$BUILD/warnings-$1.log
	shift
	mkdir -p "$dir-$name"
	cp "$KAPI_UML/.config" "$dir-$name/.config"
	if ! logged "$log" "building with $*" build_touched "$name" "$@"; then
		echo "not ok warnings.$name - see $log"
	elif grep -E "$files.*(warning|error):" "$log" | grep -vE "$known"; then
		echo "not ok warnings.$name - see $log"
	else
		echo "ok warnings.$name"
	fi
}

build_touched() {
	local make=(make -C "$KAPI_TREE" ARCH=um O="$dir-$1" -j"$JOBS" "${@:2}")
	"${make[@]}" W= C=0 olddefconfig prepare
	"${make[@]}" "${targets[@]}"
}

known='^$'
build gcc W=1
build clang W=1 LLVM=-"$CLANG"

known=$SPARSE_STUMBLES
build sparse "${SPARSE[@]}"
grep -q 'CHECK .*kernel/api/core.c' "$BUILD/warnings-sparse.log" ||
	echo "not ok warnings.sparse-ran - see $BUILD/warnings-sparse.log"

while read -r file; do
	output=$("$KAPI_TREE/scripts/kernel-doc" -none -Wall "$KAPI_TREE/$file" 2>&1) || true
	if [ -z "$output" ]; then
		echo "ok kernel-doc.$file"
	else
		echo "$output"
		echo "not ok kernel-doc.$file"
	fi
done < <(cd "$KAPI_TREE" && find include/linux/k*api_* kernel/api -name '*.[ch]' | sort)
