#!/bin/bash
# Walks the series commit by commit, as a bisection would: each builds without a
# warning with all the options that it has, and, where it touches existing files,
# without any; each boots and passes the KUnit tests that it has. Then what `make check`
# looks at of each patch: checkpatch, maintainers, and that git am makes the same tree.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=$("$HARNESS/stage.sh")
walk=$BUILD/linux-walk
kernel=$BUILD/uml-walk
off=$BUILD/uml-walk-off
only_one_run "$BUILD/walk.lock"
# shellcheck source=flavours/uml
. "$HARNESS/flavours/uml"
fragments=("${fragments[@]/#/$HARNESS/config/}")

# Only what differs from the commit before is written, so that builds are incremental.
step_to() {
	[ -d "$walk" ] || { git -C "$tree" worktree prune &&
		git -C "$tree" worktree add -q --no-checkout --detach "$walk" "$1"; } || return
	git -C "$walk" reset -q --hard "$1"
}

# build DIRECTORY WHAT-IS-LEFT-OUT [TARGET]...
build() {
	local make=(make -C "$walk" ARCH="$arch" O="$1" -j"$JOBS")
	mkdir -p "$1"
	cat "${fragments[@]/%/.config}" | { grep -v "$2" || true; } >"$1/fragment"
	"${make[@]}" KCONFIG_ALLCONFIG="$1/fragment" allnoconfig && "${make[@]}" "${@:3}"
}

# warnings LOG: from what the series brings along
warnings() {
	grep -E "$(touched_regex "$tree")[^ ]*(warning|error):" "$1"
}

# result NAME WORKED LOG
result() {
	if [ "$2" != 0 ]; then
		echo "not ok $1 - see $3"
	elif warnings "$3"; then
		echo "not ok $1 - warnings, see $3"
	else
		echo "ok $1"
	fi
}

# Early commits have no test: then booting is all.
boot() {
	local log=$BUILD/$1.boot.log initramfs
	initramfs=$("$HARNESS/initramfs.sh" "$walk" "$kernel") || return
	"$HARNESS/boot.sh" -l "$log" "$kernel" "$initramfs" true &&
		! grep -E '\] *not ok ' "$log" &&
		echo "figure: $1: $(grep -cE '\] +ok ' "$log") KUnit tests passed"
}

# check_commit COMMIT: its result lines
check_commit() {
	local name log objects status=0
	name=walk.$(git -C "$tree" log -1 --format=%f "$1")
	log=$BUILD/$name.log
	logged "$log" "building $name" build "$kernel" ' ' || status=$?
	result "$name.build" $status "$log"
	if boot "$name"; then
		echo "ok $name.boot"
	else
		echo "not ok $name.boot - see $BUILD/$name.boot.log"
	fi
	mapfile -t objects < <(touched_objects "$walk" HEAD^)
	[ ${#objects[@]} = 0 ] && return
	status=0
	logged "$log" "the same without its options" build "$off" KAPI_SPEC "${objects[@]}" || status=$?
	result "$name.off" $status "$log"
}

for commit in $(git -C "$tree" rev-list --reverse refs/kapi/base..series); do
	step_to "$commit" || die "$walk cannot be written" "make room on the disk and run it again"
	check_commit "$commit"
done | tee "$BUILD/walk"
KAPI_TREE=$tree "$HARNESS/checks/20-series.sh" | tee -a "$BUILD/walk"
! grep '^not ok' "$BUILD/walk" >&2 || exit 1
