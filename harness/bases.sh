#!/bin/bash
# The series on other base kernels (BASES, 7.2 and 6.12): KUnit and the kselftests on
# UML.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# run NAME TREE FLAVOUR
run() {
	local kernel initramfs
	kernel=$("$HARNESS/build.sh" "$2" "$3")
	initramfs=$("$HARNESS/initramfs.sh" "$2" "$kernel")
	"$HARNESS/run-kunit.sh" "$1.kunit" "$kernel" "$initramfs"
	"$HARNESS/run-selftests.sh" "$1.kselftest" "$2" "$kernel" "$initramfs"
	grep -qx CONFIG_KAPI_RUNTIME_CHECKS=y "$kernel/.config" ||
		echo "skip $1.validator - this kernel cannot have it"
}

# If this base cannot be fetched, do not test the fallback under its name.
on_base() {
	local tree
	tree=$(KSRC='' BASE=$1 "$HARNESS/stage.sh")
	if [ "$(basename "$tree")" != "linux-$1" ]; then
		echo "skip base-$1 - its source cannot be had, see $BUILD/fetch-$1.log"
		return
	fi
	export BASE=$1
	[ "$1" = 7.2 ] || export KAPI_MAY_SKIP=yes
	run "base-$1" "$tree" uml
}

for base in ${BASES:-7.2 6.12}; do
	on_base "$base"
done | tee "$BUILD/bases"
! grep -q '^not ok' "$BUILD/bases"
