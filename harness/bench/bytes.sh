#!/bin/bash
# bytes.sh TREE: how many bytes each option of the series takes in an x86-64 kernel
# without debugging, beside the unpatched kernel and beside CONFIG_FTRACE_SYSCALLS.
# Prints "NAME SIZE SYMBOLS TASK" for each step: bytes of vmlinux in memory, what
# bloat-o-meter says of it and the step before, sizeof(struct task_struct).
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

tree=$1
out=$BUILD/bench/options
base=$BUILD/bench/base
patched=$BUILD/bench/patched
mkdir -p "$out" "$base" "$patched"
# shellcheck source=../flavours/x86-plain
. "$HARNESS/flavours/x86-plain"

base_source() {
	git -C "$tree" worktree prune &&
		{ [ -d "$out/source" ] || git -C "$tree" worktree add -q --detach "$out/source" refs/kapi/base; } &&
		git -C "$out/source" reset -q --hard refs/kapi/base
}

# build SOURCE DIRECTORY [-d|-e OPTION]...: from the flavour, without KUnit
build() {
	local make=(make -C "$1" ARCH=x86_64 O="$2" -j"$JOBS")
	cat "${fragments[@]}" >"$2/fragment" &&
		"${make[@]}" KCONFIG_ALLCONFIG="$2/fragment" allnoconfig &&
		"$tree/scripts/config" --file "$2/.config" -d KUNIT "${@:3}" &&
		"${make[@]}" olddefconfig && "${make[@]}" bzImage
}

task_struct() {
	printf '%d' "0x$(nm -S "$1" | awk '$4 == "init_task" { print $2 }')"
}

# step NAME SOURCE DIRECTORY [-d|-e OPTION]...: compared with the step before
step() {
	local name=$1 symbols=0 vmlinux=$out/$1.vmlinux
	shift
	logged "$BUILD/bench-$name.log" "building $name" build "$@" || die "$name does not build"
	cp "$2/vmlinux" "$vmlinux"
	[ -z "${before:-}" ] || symbols=$("$tree/scripts/bloat-o-meter" "$before" "$vmlinux" |
		sed -n 's/.*(\([-+0-9]*\))$/\1/p' | head -n 1)
	before=$vmlinux
	echo "$name $(size "$vmlinux" | awk 'NR == 2 { print $4 }') ${symbols:-0} $(task_struct "$vmlinux")"
}

fragments=("${fragments[@]/#/$HARNESS/config/}")
fragments=("${fragments[@]/%/.config}")
logged "$BUILD/bench-base.log" "the unpatched source" base_source
step without-FTRACE_SYSCALLS "$out/source" "$base" -d FTRACE_SYSCALLS
step unpatched "$out/source" "$base"
step off "$tree" "$patched" -d KAPI_SPEC
step KAPI_SPEC "$tree" "$patched" -d KAPI_SPEC_DEBUGFS
step KAPI_SPEC_DEBUGFS "$tree" "$patched" -d KAPI_RUNTIME_CHECKS
step KAPI_RUNTIME_CHECKS "$tree" "$patched"
