# shellcheck shell=bash
# Sourced by scripts that take a kernel tree from the user: checks on that tree.

# source_of VARIABLE: the path of the Linux source tree that the user names in it
source_of() {
	local tree
	tree=$(cd "${!1}" 2>/dev/null && pwd -P) ||
		die "$1=${!1} is no directory" "give the path of a Linux source tree"
	if [ ! -f "$tree/Kconfig" ] || ! grep -qs '^VERSION = ' "$tree/Makefile"; then
		die "$1=${!1} is no Linux source tree: it has no Kconfig, or a Makefile without VERSION" \
			"give the top directory of a Linux source tree"
	fi
	echo "$tree"
}

# A plain tree may well lie inside some other git repository.
is_git_tree() {
	[ "$(git -C "$1" rev-parse --show-toplevel 2>/dev/null)" = "$1" ]
}

# refuse_applied TREE: the series cannot be applied twice. Of a git tree HEAD counts.
refuse_applied() {
	if is_git_tree "$1"; then
		git -C "$1" cat-file -e HEAD:lib/Kconfig.kapi 2>/dev/null || return 0
	else
		[ -f "$1/lib/Kconfig.kapi" ] || return 0
	fi
	die "the series is applied to KSRC=$KSRC already" \
		"to build it as it stands: make build TREE=$1" \
		"to boot it, too:          make shell TREE=$1"
}
