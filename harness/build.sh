#!/bin/bash
# build.sh [TREE [FLAVOUR]]: builds a tree, the one of tree.sh, as a kernel of one of
# the flavours in harness/flavours/, only what changed, and prints the build
# directory. Nothing is written to the tree.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=${1:-$("$HARNESS/tree.sh")}
flavour=${2:-$FLAVOUR}
[ -f "$HARNESS/flavours/$flavour" ] ||
	die "there is no flavour $flavour" "there are: $(cd "$HARNESS/flavours" && echo *)"
# shellcheck source=flavours/uml
. "$HARNESS/flavours/$flavour"
fragments=("${fragments[@]/#/$HARNESS/config/}")
fragments=("${fragments[@]/%/.config}")
kernel=$BUILD/$flavour-$(name_of "$tree")
only_one_run "$kernel.lock"

kernel_make() {
	make -C "$tree" ARCH="$arch" CROSS_COMPILE="$(cross_of "$arch")" O="$kernel" "$@"
}

# Kconfig files count too, as they stand: a new option must not wait to be asked for.
config_key() {
	{
		cat "${fragments[@]}"
		cd "$tree" && find . -name .git -prune -o -type f -name 'Kconfig*' -print0 |
			sort -z | xargs -0 sha256sum
	} | sha256sum
}

# The kernel's make refuses such a tree, too, but with no word on its configuration.
refuse_built_in_place() {
	local path
	for path in .config include/config "arch/${arch/x86_64/x86}/include/generated"; do
		[ ! -e "$tree/$path" ] || die "$tree was built in place: it has $path" \
			"the kernel's make builds nowhere else before that is cleared away" \
			"copy its .config if you want to keep it, then: make -C $tree $(arch_in_place)mrproper"
	done
}

arch_in_place() {
	find "$tree"/arch/*/include/generated -maxdepth 0 2>/dev/null |
		sed -n '1s,.*/arch/\([^/]*\)/.*,ARCH=\1 ,p' || true
}

# The options that the fragments require; *-wanted.config only asks for its options
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

refuse_built_in_place
[ -d "$kernel" ] || need_space "$BUILD" 1500 "the $flavour kernel"
mkdir -p "$kernel"
config_key | cmp -s - "$kernel/kapi-config" || configure
logged "$BUILD/build-$flavour.log" "building $flavour" kernel_make -j"$JOBS" ||
	die "the $flavour kernel does not build"
echo "$kernel"
