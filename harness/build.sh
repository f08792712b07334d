#!/bin/bash
# build.sh [TREE]: builds the staged tree as a UML kernel, only what changed,
# and prints the build directory: the kernel is its file "linux".
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=${1:-$("$HARNESS/stage.sh")}
uml=$BUILD/uml-$(basename "$tree" | sed 's/^linux-//')
fragments=("$HARNESS/uml.config" "$HARNESS/uml-wanted.config")
only_one_run "$uml.lock"

kernel_make() {
	make -C "$tree" ARCH=um O="$uml" "$@"
}

# Kconfig files count too: a new option must not wait to be asked for.
config_key() {
	sha256sum "${fragments[@]}"
	git -C "$tree" ls-tree -r HEAD -- lib/Kconfig.kapi lib/Kconfig.debug init/Kconfig arch/um/Kconfig
}

# Options vanish silently when a dependency is missing; say so instead.
check_config() {
	local absent
	absent=$(grep '^CONFIG_' "$HARNESS/uml.config" | { grep -vxFf "$uml/.config" || true; } | tr '\n' ' ')
	[ -z "$absent" ] || die "the kernel's configuration cannot have: $absent" \
		"see what each depends on in the Kconfig files of $tree, then change harness/uml.config"
}

configure() {
	rm -f "$uml/kapi-config"
	cat "${fragments[@]}" >"$uml/fragment"
	logged "$BUILD/configure.log" "configuring UML" \
		kernel_make KCONFIG_ALLCONFIG="$uml/fragment" allnoconfig ||
		die "the UML kernel could not be configured"
	check_config
	config_key >"$uml/kapi-config"
}

[ -d "$uml" ] || need_space "$BUILD" 1500 "the UML kernel"
mkdir -p "$uml"
config_key | cmp -s - "$uml/kapi-config" || configure
logged "$BUILD/build.log" "building UML" kernel_make -j"$JOBS" ||
	die "the UML kernel does not build"
echo "$uml"
