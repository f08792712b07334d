#!/bin/bash
# build.sh [TREE [FLAVOUR]]: builds the staged tree as a kernel of one of the
# flavours in harness/flavours/, only what changed, and prints the build
# directory.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=${1:-$("$HARNESS/stage.sh")}
flavour=${2:-$FLAVOUR}
[ -f "$HARNESS/flavours/$flavour" ] ||
	die "there is no flavour $flavour" "there are: $(cd "$HARNESS/flavours" && echo *)"
# shellcheck source=flavours/uml
. "$HARNESS/flavours/$flavour"
fragments=("${fragments[@]/#/$HARNESS/config/}")
fragments=("${fragments[@]/%/.config}")
kernel=$BUILD/$flavour-$(basename "$tree" | sed 's/^linux-//')
only_one_run "$kernel.lock"

kernel_make() {
	make -C "$tree" ARCH="$arch" CROSS_COMPILE="$(cross_of "$arch")" O="$kernel" "$@"
}

# Kconfig files count too: a new option must not wait to be asked for.
config_key() {
	cat "${fragments[@]}" | sha256sum
	git -C "$tree" ls-tree -r HEAD -- lib/Kconfig.kapi lib/Kconfig.debug init/Kconfig \
		"arch/${arch/x86_64/x86}/Kconfig"
}

# What a fragment wants, but for those that take what there is
demanded() {
	local fragment
	for fragment in "${fragments[@]}"; do
		[[ $fragment == *-wanted.config ]] || grep '^CONFIG_' "$fragment"
	done
}

# Options vanish silently when a dependency is missing; say so instead.
check_config() {
	local absent
	absent=$(demanded | { grep -vxFf "$kernel/.config" || true; } | tr '\n' ' ')
	[ -z "$absent" ] || die "the configuration of $flavour cannot have: $absent" \
		"see what each depends on in the Kconfig files of $tree, then change harness/config/"
}

configure() {
	rm -f "$kernel/kapi-config"
	cat "${fragments[@]}" >"$kernel/fragment"
	logged "$BUILD/configure-$flavour.log" "configuring $flavour" \
		kernel_make KCONFIG_ALLCONFIG="$kernel/fragment" allnoconfig ||
		die "the $flavour kernel could not be configured"
	check_config
	config_key >"$kernel/kapi-config"
}

[ -d "$kernel" ] || need_space "$BUILD" 1500 "the $flavour kernel"
mkdir -p "$kernel"
config_key | cmp -s - "$kernel/kapi-config" || configure
logged "$BUILD/build-$flavour.log" "building $flavour" kernel_make -j"$JOBS" ||
	die "the $flavour kernel does not build"
echo "$kernel"
