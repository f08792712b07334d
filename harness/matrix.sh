#!/bin/bash
# The series on several architectures, with GCC and with a current Clang: linked with
# all of its options, and what it touches compiled with each part off, with modules and
# without. W=1 throughout, sparse and Coccinelle on what is new; no warning may be there
# that the unpatched kernel does not give. ARCHS, COMPILERS and STEPS pick some.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

archs=${ARCHS:-um x86_64 i386 arm64 riscv s390}
compilers=${COMPILERS:-gcc clang}
CLANG=22
steps=${STEPS:-tests-as-modules no-modules no-validator no-debugfs off allnoconfig sparse coccinelle}
how=(W=1)
known='^$'
tree=${KAPI_TREE:-$("$HARNESS/stage.sh")}
out=$BUILD/matrix
base=$out/base
mkdir -p "$out"

# The unpatched kernel, for its warnings; only what differs is ever written.
base_tree() {
	[ -d "$base" ] || { git -C "$tree" worktree prune &&
		git -C "$tree" worktree add -q --no-checkout --detach "$base" refs/kapi/base; }
	git -C "$base" reset -q --hard refs/kapi/base
}

# kernel_make TREE DIRECTORY ARGUMENT...: for $arch with $compiler
kernel_make() {
	local tools=(CROSS_COMPILE="$(cross_of "$arch")")
	[ "$compiler" = gcc ] || tools=(LLVM=-"$CLANG")
	make -C "$1" ARCH="$arch" O="$2" "${tools[@]}" -j"$JOBS" "${@:3}"
}

# set_options DIRECTORY [-e|-d|-m OPTION]...: with all that follows from them
set_options() {
	local dir=$1
	shift
	[ $# = 0 ] || "$tree/scripts/config" --file "$dir/.config" "$@"
	kernel_make "$tree" "$dir" olddefconfig
}

has_option() {
	grep -q "^CONFIG_$2=" "$1/.config"
}

# What the series adds and touches, as far as this configuration has it
touched() {
	touched_objects "$tree" | grep -Ev '^(kernel/module|lib)/'
	! has_option "$1" MODULES || echo kernel/module/main.o
	! has_option "$1" FAULT_INJECTION || echo lib/fault-inject.o
	! has_option "$1" KAPI_SPEC || echo kernel/api/
}

# warnings LOG: one a line, without line numbers, as those differ
warnings() {
	{ grep -E '(warning|error): ' "$1" || true; } |
		sed -E "s,^$tree/|^$base/|^\.\./|^\./,,; s/:[0-9]+(:[0-9]+)?:/:/" | sort -u
}

# Objects of the base that a warning is of, or of a header that they include
warned_of() {
	grep -oE '^[^ ]*\.c:([0-9:]* (warning|error):)|from [^ ]*\.c:' "$1" |
		sed -E "s/^from //; s/:.*//; s,^$tree/|^\.\./|^\./,," | sort -u |
		while read -r file; do [ ! -f "$base/$file" ] || echo "${file%.c}.o"; done
}

# new_warnings NAME: those that the same objects of the base do not give
new_warnings() {
	local dir=$out/$1 objects
	warnings "$dir.log" >"$dir.warnings"
	[ -s "$dir.warnings" ] || return 0
	mapfile -t objects < <(warned_of "$dir.log")
	: >"$dir.base.log"
	[ ${#objects[@]} = 0 ] || build_base "$1" -k "${objects[@]}" || true
	warnings "$dir.base.log" | comm -23 "$dir.warnings" - | { grep -vE "$known" || true; }
}

# make_in SOURCE DIRECTORY ARGUMENT...
make_in() {
	kernel_make "$1" "$2" olddefconfig && kernel_make "$1" "$2" prepare &&
		kernel_make "$1" "$2" "${how[@]}" "${@:3}"
}

# build_base NAME ARGUMENT...: as NAME is configured, but unpatched
build_base() {
	mkdir -p "$out/$1.base"
	cp "$out/$1/.config" "$out/$1.base/.config"
	logged "$out/$1.base.log" "the same of the unpatched kernel" make_in "$base" "$out/$1.base" "${@:2}"
}

# result NAME: a line and, before it, what is new
result() {
	local new
	new=$(new_warnings "$1")
	if [ -n "$new" ]; then
		printf '%s\n' "$new"
		echo "not ok matrix.$1 - new warnings"
	else
		echo "ok matrix.$1"
	fi
}

# build NAME TARGET...: NAME is a configured directory in $out
build() {
	if logged "$out/$1.log" "building $1" make_in "$tree" "$out/$1" "${@:2}"; then
		result "$1"
	elif build_base "$1" mm/mlock.o; then
		echo "not ok matrix.$1 - it does not build, see $out/$1.log"
	else
		echo "ok matrix.$1 # SKIP neither does the unpatched kernel, see $out/$1.base.log"
	fi
}

# with WHAT [OPTIONS OF SCRIPTS/CONFIG]...: the touched files, configured otherwise
with() {
	local name=$arch-$compiler-$1
	mkdir -p "$out/$name"
	cp "$out/$arch-$compiler-all/.config" "$out/$name/.config"
	logged "$out/$name.log" "configuring $name" set_options "$out/$name" "${@:2}" || {
		echo "not ok matrix.$name - it cannot be configured, see $out/$name.log"
		return
	}
	# shellcheck disable=SC2046 # names without blanks
	build "$name" $(touched "$out/$name")
}

# configure NAME FRAGMENT...: from the smallest kernel there is
configure() {
	local name=$1
	shift
	mkdir -p "$out/$name"
	cat /dev/null "$@" >"$out/$name.fragment"
	logged "$out/$name.log" "configuring $name" kernel_make "$tree" "$out/$name" \
		KCONFIG_ALLCONFIG="$out/$name.fragment" allnoconfig && return
	echo "not ok matrix.$name - it cannot be configured, see $out/$name.log"
	return 1
}

# Everything on, and linked. What the architecture has none of it can do without.
all_on() {
	local name=$arch-$compiler-all option
	configure "$name" "$HARNESS"/config/{common,kapi,matrix}.config || return
	for option in KAPI_SPEC KAPI_SPEC_DEBUGFS KAPI_RUNTIME_CHECKS KAPI_KUNIT_TEST; do
		has_option "$out/$name" $option || echo "not ok matrix.$name - it cannot have $option"
	done
	build "$name" vmlinux
}

# The smallest kernel there is, with the specs and as it is
smallest() {
	local name=$arch-$compiler-allnoconfig
	configure "$name" || return
	# shellcheck disable=SC2046
	build "$name" $(touched "$out/$name")
	set_options "$out/$name" -e KAPI_SPEC >>"$out/$name.log" 2>&1
	mv "$out/$name" "$out/$name-specs"
	# shellcheck disable=SC2046
	build "$name-specs" $(touched "$out/$name-specs")
}

# Sparse, on what is compiled with everything on
sparse() {
	local how=("${SPARSE[@]}") known=$SPARSE_STUMBLES name=$arch-$compiler-sparse
	with sparse
	[ -e "$out/$name.base.log" ] || grep -q 'CHECK .*kernel/api/core.c' "$out/$name.log" ||
		echo "not ok matrix.$name-ran - see $out/$name.log"
}

# new_files DIRECTORY: copies of them, as coccicheck goes through directories
new_files() {
	local files
	mapfile -t files < <(git -C "$tree" diff --name-only --diff-filter=A refs/kapi/base series -- '*.[ch]')
	mkdir -p "$1"
	git -C "$tree" archive series "${files[@]}" | tar -x -C "$1"
}

# What the kernel's own Coccinelle scripts say of new files
cocci() {
	local log=$out/coccinelle.log
	new_files "$out/um-gcc-new"
	if ! logged "$log" "Coccinelle on the new files" make -C "$tree" ARCH=um \
		O="$out/um-gcc-all" coccicheck MODE=report M="$out/um-gcc-new"; then
		echo "not ok matrix.coccinelle - see $log"
	elif grep -E '^[^ ]*\.[ch]:[0-9]+' "$log"; then
		echo "not ok matrix.coccinelle - it found something"
	else
		echo "ok matrix.coccinelle - by $(grep -c '/spatch ' "$log") scripts"
	fi
}

# step NAME COMMAND...: if it is among those asked for
step() {
	[[ " $steps " != *" $1 "* ]] || "${@:2}"
}

rm -rf "$out"/*-*
logged "$out/base.log" "the unpatched kernel's source" base_tree
for arch in $archs; do
	for compiler in $compilers; do
		all_on
		step tests-as-modules with tests-as-modules -m KUNIT -m KAPI_KUNIT_TEST
		step no-modules with no-modules -d MODULES
		step no-validator with no-validator -d KAPI_RUNTIME_CHECKS
		step no-debugfs with no-debugfs -d DEBUG_FS
		step off with off -d KAPI_SPEC
		step allnoconfig smallest
		[ "$compiler" != gcc ] || step sparse sparse
		[ "$arch-$compiler" != um-gcc ] || step coccinelle cocci
		rm -rf "$out/$arch-$compiler"-*/
	done
done | tee "$out/results"
! grep -q '^not ok' "$out/results"
