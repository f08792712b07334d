#!/bin/bash
# selftests.sh TREE KERNEL: builds the series' kselftests as a kernel developer
# would, linked statically, and modules for the kernel in the directory KERNEL, in
# modules/ there: those of the tests and the harness's own. Prints the directory of
# the programs.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=$1
kernel=$2
modules=$kernel/modules
arch=$(arch_of "$kernel")
cross=$(cross_of "$arch")
out=$BUILD/selftests-${cross}$(name_of "$tree")
tests=tools/testing/selftests/kapi
only_one_run "$out.lock"
mkdir -p "$out/kselftest/kapi" "$modules"

build_tests() {
	# UML exports no headers: these are the host's, as any user program's.
	local make=(make ARCH="${arch/um/x86_64}" CROSS_COMPILE="$cross" O="$out")
	if [ ! -d "$out/usr/include/linux" ]; then
		"${make[@]}" -C "$tree" -j"$JOBS" headers || return
	fi
	# The modules are for another kernel than the host's, see below.
	LDFLAGS=-static "${make[@]}" -C "$tree/tools/testing/selftests" \
		TARGETS=kapi TEST_GEN_MODS_DIR= SKIP_TARGETS=
}

# build_modules SOURCE NAME
# A copy, because a module is built where its source stands and the staged
# tree is to stay clean.
build_modules() {
	rsync -a --checksum "$1/" "$modules/$2/" &&
		make -C "$tree" ARCH="$arch" CROSS_COMPILE="$cross" O="$kernel" M="$modules/$2" \
			KBUILD_MODPOST_WARN= modules
}

if [ -f "$tree/$tests/Makefile" ]; then
	logged "$BUILD/selftests.log" "building the kselftests" build_tests ||
		die "the kselftests do not build"
fi
if [ -f "$tree/$tests/test_modules/Makefile" ]; then
	logged "$BUILD/test_modules.log" "building the test modules" \
		build_modules "$tree/$tests/test_modules" tests ||
		die "the test modules do not build"
fi
logged "$BUILD/harness_modules.log" "building the harness's modules" \
	build_modules "$HARNESS/guest/modules" harness ||
	die "the harness's modules do not build"
echo "$out/kselftest/kapi"
