#!/bin/bash
# The series builds, without a warning, with each of its options off, without modules,
# without debugfs, and with its tests built in or as modules. Linked, as a missing stub
# shows only then; but where only the tests are built in, it is enough to compile.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

dir=$BUILD/configs
targets=(all)
mkdir -p "$dir"

kernel_make() {
	make -C "$KAPI_TREE" ARCH=um O="$dir" "$@"
}

configure() {
	kernel_make olddefconfig
}

# build NAME [CONFIG-COMMAND]... -- [EXPECTED LINE OF .config]...
build() {
	local name=$1 log=$BUILD/configs-$1.log
	shift
	while [ "$1" != -- ]; do
		"$KAPI_TREE/scripts/config" --file "$dir/.config" "$1" "$2"
		shift 2
	done
	shift
	logged "$log" "configuring $name" configure || return
	for line in "$@"; do
		grep -qxF "$line" "$dir/.config" || {
			echo "not ok configs.$name - .config has no line '$line'"
			return
		}
	done
	if ! logged "$log" "building $name" kernel_make -j"$JOBS" "${targets[@]}"; then
		echo "not ok configs.$name - see $log"
	elif grep -E '(kernel/api|mm/mlock|kernel/module|kernel_api_spec).*warning:' "$log"; then
		echo "not ok configs.$name - warnings, see $log"
	else
		echo "ok configs.$name"
	fi
}

# From the smallest kernel there is, in steps that leave most of it built.
echo CONFIG_64BIT=y >"$dir/64bit"
logged "$BUILD/configs.log" "configuring the smallest kernel" \
	kernel_make KCONFIG_ALLCONFIG="$dir/64bit" allnoconfig || exit
build smallest -e KAPI_SPEC -- CONFIG_KAPI_SPEC=y '# CONFIG_MODULES is not set' \
	'# CONFIG_DEBUG_FS is not set'
targets=(prepare kernel/api/ mm/mlock.o)
build no-modules -e DEBUG_FS -e KAPI_SPEC_DEBUGFS -e KUNIT -e KAPI_KUNIT_TEST -- \
	CONFIG_KAPI_KUNIT_TEST=y '# CONFIG_MODULES is not set'
targets=(all)
build tests-as-modules -e MODULES -m KUNIT -m KAPI_KUNIT_TEST -- \
	CONFIG_KAPI_KUNIT_TEST=m CONFIG_MODULES=y
build not-shown -d KAPI_SPEC_DEBUGFS -- \
	CONFIG_DEBUG_FS=y '# CONFIG_KAPI_SPEC_DEBUGFS is not set'

# With the option off nothing of the series is left to link: what it touches is
# compiled, and the linker script has no section for it.
targets=(mm/mlock.o kernel/module/main.o arch/um/kernel/vmlinux.lds)
build off -d KAPI_SPEC -- '# CONFIG_KAPI_SPEC is not set' CONFIG_MODULES=y
if grep -q kapi "$dir/arch/um/kernel/vmlinux.lds"; then
	echo "not ok configs.off-has-no-section - see $dir/arch/um/kernel/vmlinux.lds"
else
	echo "ok configs.off-has-no-section"
fi
