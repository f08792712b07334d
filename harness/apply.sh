#!/bin/bash
# Puts the series on the current branch of the user's own git tree, or leaves
# that tree exactly as it was.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=user-tree.sh
. "$HARNESS/user-tree.sh"

[ -n "$KSRC" ] || die "KSRC is not set" "run: make apply KSRC=/path/to/linux"
tree=$(source_of KSRC)
is_git_tree "$tree" ||
	die "KSRC=$KSRC is no git work tree" "git am needs one: git init there and commit the source first"
refuse_applied "$tree"
[ -z "$(git -C "$tree" status --porcelain --untracked-files=no)" ] ||
	die "$tree has changes that are not committed" "commit or stash them first"
operation=$(git -C "$tree" rev-parse --absolute-git-dir)/rebase-apply
[ ! -e "$operation" ] ||
	die "a git am or rebase is under way in $tree" "finish it or abort it first"

# The series is made for the canonical base, not for the tree it goes to.
series=$(KSRC='' "$HARNESS/series.sh")
mapfile -t patches < <(find "$series" -name '*.patch' ! -name '0000-*' | sort)
before=$(git -C "$tree" rev-parse HEAD)

# The patches must not depend on the user's settings.
am() {
	git -C "$tree" -c commit.gpgSign=false -c am.threeWay=false am "$@"
}

give_up() {
	local failed=''
	[ ! -f "$operation/next" ] || failed=${patches[$(<"$operation/next") - 1]##*/}
	am --abort >/dev/null 2>&1 || true
	[ "$(git -C "$tree" rev-parse HEAD)" = "$before" ] ||
		git -C "$tree" reset -q --keep "$before"
	sed -n 's/^error: /  /p' "$BUILD/apply.log" >&2
	die "${failed:-the series} does not apply to $tree, which is left as it was" \
		"the series is known to apply to Linux $BASE; this tree is Linux $(version)" \
		"by hand: git -C $tree am --reject $series/000[1-9]-*.patch," \
		"then mend what the *.rej files show, git add it, git am --continue"
}

version() {
	awk -F ' = ' '/^(VERSION|PATCHLEVEL|SUBLEVEL) = / { printf "%s%s", dot, $2; dot = "." }' "$tree/Makefile"
}

trap 'give_up' INT TERM
logged "$BUILD/apply.log" "applying ${#patches[@]} patches to $tree" am "${patches[@]}" 2>/dev/null || give_up
say "applied: git -C $tree log -${#patches[@]} shows the patches; git reset --keep $before undoes it"
