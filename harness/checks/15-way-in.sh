#!/bin/bash
# The workflow of a spec author: edits and commits in a tree are noticed, kept and
# built, and each refusal names a way to continue that works. Most of it is tested on
# a kernel tree with only the files that the series touches.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

scratch=$BUILD/way-in
small=$scratch/linux
staged=$BUILD/ksrc-linux-$(cksum <<<"$small" | cut -d' ' -f1)
unset KSRC TREE

clean_up() {
	rm -rf "$scratch" "$staged" "$staged.lock" "$BUILD/uml-$(basename "$staged").lock"
}
clean_up
trap clean_up EXIT
mkdir -p "$small"
# Nobody's own settings count.
printf '[user]\n\tname = User\n\temail = user@localhost\n' >"$scratch/gitconfig"
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$scratch/gitconfig

stage() {
	KSRC=$small "$HARNESS/stage.sh"
}

result() {
	if [ "$2" = 0 ]; then
		echo "ok way-in.$1"
	else
		tail -n 20 "$scratch/output"
		echo "not ok way-in.$1 - $3"
	fi
}

# passes NAME COMMAND...
passes() {
	local status=0
	"${@:2}" >"$scratch/output" 2>&1 || status=1
	result "$1" $status "it failed: ${*:2}"
}

# refuses NAME WORDS COMMAND...: the command fails, and says so in these words
refuses() {
	local status=0
	if "${@:3}" >"$scratch/output" 2>&1; then
		result "$1" 1 "this was not refused: ${*:3}"
	else
		cp "$scratch/output" "$scratch/refusal"
		grep -qF -e "$2" "$scratch/refusal" || status=1
		result "$1" $status "it does not say \"$2\""
	fi
}

# What the last refusal says that one can do to go on
as_told() {
	local how
	how=$(sed -n '/ go on/s/[^:]*: .*: \(git -C .*\)/\1/p; s/^kapi:   \(git -C .*\)/\1/p' "$scratch/refusal")
	[ -n "$how" ] && eval "$how"
}

# goes_on NAME: as told, and then the series is what is there
goes_on() {
	passes "$1.told" as_told
	passes "$1.goes-on" stage
	passes "$1.series-is-there" git -C "$staged" diff --quiet refs/kapi/series
}

small_kernel() {
	local files
	mapfile -t files < <(git -C "$KAPI_TREE" diff --name-only --diff-filter=M refs/kapi/base series)
	git -C "$KAPI_TREE" archive refs/kapi/base Makefile Kconfig .gitignore "${files[@]}" | tar -x -C "$small"
	# As Debian has it
	echo '/*' >>"$small/.gitignore"
	git init -q "$small"
	git -C "$small" add -A -f
	git -C "$small" commit -q -m base
}

# The series then has to be committed anew.
move_base() {
	git -C "$small" commit -q --allow-empty -m "another base"
}

commit_in_staged() {
	echo "# $1" >>"$staged/Makefile"
	git -C "$staged" commit -q -a -m "$1"
}

holds_commit() {
	[ "$(git -C "$staged" log -1 --format=%s "$1")" = "$2" ]
}

check_commits() {
	commit_in_staged mine
	refuses commit "reset --keep" stage
	move_base
	refuses commit-when-the-series-moved "reset --keep" stage
	passes commit.is-there holds_commit HEAD mine
	goes_on commit
	passes commit.kept holds_commit mine mine

	git -C "$staged" switch -q mine
	refuses branch "has mine checked out" stage
	goes_on branch
	git -C "$staged" switch -q --detach mine
	git -C "$staged" branch -q -D mine
	refuses detached "has no branch checked out" stage
	goes_on detached
	passes detached.kept holds_commit mine mine
	git -C "$staged" branch -q -D mine
}

check_operations() {
	GIT_SEQUENCE_EDITOR='sed -i 1s/pick/edit/' git -C "$staged" rebase -q -i HEAD^ 2>/dev/null
	refuses rebase "a git rebase is under way" stage
	goes_on rebase
	printf 'Subject: none\n\n---\n--- a/none\n+++ b/none\n@@ -1 +1 @@\n-a\n+b\n' >"$scratch/patch"
	git -C "$staged" am -q "$scratch/patch" >/dev/null 2>&1 || true
	refuses am "a git am is under way" stage
	goes_on am
}

# What an older version of stage.sh, or one that was killed, leaves behind
check_leftovers() {
	git -C "$staged" update-ref -d refs/kapi/series
	move_base
	passes unrecorded stage
	commit_in_staged old
	git -C "$staged" update-ref -d refs/kapi/series
	move_base
	refuses unrecorded-commit "reset --keep" stage
	passes unrecorded-commit.is-there holds_commit HEAD old
	goes_on unrecorded-commit
	git -C "$staged" branch -q -M mine old

	git -C "$staged" rev-parse refs/kapi/base >"$staged/.git/moving"
	rm "$staged/Makefile"
	passes killed stage
	passes killed.series-is-there git -C "$staged" diff --quiet refs/kapi/series
	commit_in_staged late
	git -C "$staged" rev-parse refs/kapi/base >"$staged/.git/moving"
	refuses killed-commit "reset --soft" stage
	goes_on killed-commit
	passes killed-commit.kept holds_commit mine late
}

check_edits() {
	echo >>"$staged/Makefile"
	refuses edit "by hand: Makefile" stage
	goes_on edit
	echo >"$staged/mm/new.c"
	passes new-file.git-shows grep -qx '?? mm/new.c' <(git -C "$staged" status --short)
	refuses new-file "by hand: mm/new.c" stage
	goes_on new-file
	passes new-file.kept git -C "$staged" rev-parse -q --verify 'stash^3:mm/new.c'
}

# In a copy, as it would take away what the other checks need
check_clean() {
	local copy=$scratch/copy
	mkdir -p "$copy/build"
	cp -r "$HARNESS" "$copy"
	cp -a "$staged" "$copy/build/linux"
	refuses clean "not of the series" "$copy/harness/clean.sh"
	git -C "$copy/build/linux" stash clear
	git -C "$copy/build/linux" branch -q -D mine old
	passes clean.nothing-else "$copy/harness/clean.sh"
	passes clean.done [ ! -e "$copy/build" ]
}

check_applied() {
	local way plain=$scratch/plain
	mkdir "$plain"
	git -C "$staged" archive HEAD | tar -x -C "$plain"
	for way in "$staged" "$plain"; do
		refuses "applied.${way##*/}" "make build TREE=$way" env KSRC="$way" "$HARNESS/stage.sh"
	done
	refuses applied.apply "make build TREE=$staged" env KSRC="$staged" "$HARNESS/apply.sh"
}

build() {
	env TREE="$1" "${@:2}" "$HARNESS/build.sh" "" uml
}

check_refused_trees() {
	refuses tree.without-the-series "make apply KSRC=$small" build "$small"
	refuses tree.none "is no directory" build "$scratch/none"
	refuses tree.and-ksrc "both TREE and KSRC" build "$staged" KSRC="$small"
	refuses tree.other-commands "make build, shell, explore and tool only" make -C "$ROOT" demo TREE="$staged"
	touch "$staged/.config"
	refuses tree.built-in-place "make -C $staged mrproper" build "$staged"
	rm "$staged/.config"
	passes tree.names-differ [ "$(name_of /a/linux)" != "$(name_of /b/linux)" ]
}

state_of_tree() {
	git -C "$KAPI_TREE" status --porcelain --ignored
}

restore_tree() {
	git -C "$KAPI_TREE" checkout -q -- lib/Kconfig.kapi kernel/api/Makefile
	rm -f "$KAPI_TREE/kernel/api/way_in.c"
}

# An edit, a new file and a new option, in the tree of the other checks. Whether the
# kernel was configured anew shows in the option: the smallest configuration has it off.
check_dirty_tree() {
	local before
	trap 'restore_tree; clean_up' EXIT
	printf '\nconfig KAPI_WAY_IN\n\tbool "Asked for"\n\tdefault y\n' >>"$KAPI_TREE/lib/Kconfig.kapi"
	echo 'obj-y += way_in.o' >>"$KAPI_TREE/kernel/api/Makefile"
	echo 'const char kapi_way_in[] = "new file";' >"$KAPI_TREE/kernel/api/way_in.c"
	before=$(state_of_tree)
	passes tree.dirty build "$KAPI_TREE"
	passes tree.dirty.same-directory [ "$(tail -n 1 "$scratch/output")" = "$KAPI_UML" ]
	passes tree.dirty.new-file grep -q ' kapi_way_in$' "$KAPI_UML/System.map"
	passes tree.dirty.new-option grep -qx '# CONFIG_KAPI_WAY_IN is not set' "$KAPI_UML/.config"
	passes tree.dirty.nothing-written [ "$(state_of_tree)" = "$before" ]
	restore_tree
	trap clean_up EXIT
	passes tree.restored "$HARNESS/build.sh" "$KAPI_TREE" uml
}

check_programs() {
	local n list='' image
	for n in {1..60}; do
		cp /bin/true "$scratch/a-program-with-a-name-$n"
		list+=" $scratch/a-program-with-a-name-$n"
	done
	passes programs env KAPI_PROGRAMS="$list" "$HARNESS/initramfs.sh" "$KAPI_TREE" "$KAPI_UML"
	image=$(tail -n 1 "$scratch/output")
	passes programs.all-there [ "$(grep -ao 'usr/bin/a-program-with-a-name-[0-9]*' "$image" | sort -u | wc -l)" = 60 ]
	rm -f "$image" "$image".*
}

small_kernel
passes staged stage
check_commits
check_operations
check_leftovers
check_edits
check_clean
check_applied
check_refused_trees
check_dirty_tree
check_programs
