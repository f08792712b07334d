#!/bin/bash
# Prints the path of a work tree that holds the base kernel with the series on
# top, as real commits. Only the files that differ from the last time are
# written, so that an incremental build stays incremental. What somebody else put
# there, commits or edits, is never overwritten.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=series-files.sh
. "$HARNESS/series-files.sh"

source=$("$HARNESS/fetch.sh")
base=$(git --git-dir="$source" rev-parse --verify 'HEAD^{commit}')
if [ -n "$KSRC" ]; then
	where=$(cd "$KSRC" && pwd -P)
	name=ksrc-$(basename "$where")-$(cksum <<<"$where" | cut -d' ' -f1)
	export BASE_NAME=$where
else
	name=$(basename "$source" .git)
	export BASE_NAME=$name
fi
tree=$BUILD/$name
git=$tree/.git
only_one_run "$BUILD/$name.lock"

# The sender signs the series off; for a build, any name will do.
author=$(git -C "$ROOT" config user.name || git -C "$ROOT" log -1 --format=%an 2>/dev/null || echo nobody)
email=$(git -C "$ROOT" config user.email || git -C "$ROOT" log -1 --format=%ae 2>/dev/null || echo nobody@localhost)
when=$(git -C "$ROOT" log -1 --format=%ct 2>/dev/null || echo 0)
export GIT_AUTHOR_NAME=$author GIT_AUTHOR_EMAIL=$email GIT_AUTHOR_DATE="@$when +0000"
export GIT_COMMITTER_NAME=$author GIT_COMMITTER_EMAIL=$email GIT_COMMITTER_DATE="@$when +0000"

in_tree() {
	git -C "$tree" "$@"
}

# A repository of its own that borrows the base's objects, not a linked work
# tree: the base's repository may be the user's, and is never written to.
prepare_tree() {
	need_space "$BUILD" 2500 "the staged kernel tree"
	git init -q -b series "$tree.part"
	git -C "$tree.part" config gc.auto 0
	git -C "$tree.part" config core.autocrlf false
	touch "$tree.part/.git/moving"
	mv "$tree.part" "$tree"
}

borrow_objects() {
	local objects shallow
	objects=$(git --git-dir="$source" rev-parse --path-format=absolute --git-path objects)
	shallow=$(git --git-dir="$source" rev-parse --path-format=absolute --git-path shallow)
	echo "$objects" >"$git/objects/info/alternates"
	[ ! -f "$shallow" ] || cp "$shallow" "$git/shallow"
}

# refuse WHAT WHAT-TO-DO...
refuse() {
	die "$1" "to build it as it stands: make build TREE=$tree (or shell, explore, tool)" "${@:2}"
}

# refs/kapi/series is the last commit that this script left here. Trees of an older
# version have no such record; but all that it commits bears one date, and what
# others commit on top another.
recall() {
	local top last
	! in_tree rev-parse -q --verify refs/kapi/series >/dev/null || return 0
	top=$(in_tree rev-parse -q --verify refs/heads/series || in_tree rev-parse -q --verify HEAD) ||
		return 0
	last=$(in_tree log --reverse --ancestry-path --format='%at %ct %H' "refs/kapi/base..$top" |
		awk 'NR == 1 { date = $1 $2 } $1 $2 != date { other = 1 } !other { last = $3 } END { print last }')
	in_tree update-ref refs/kapi/series "${last:-refs/kapi/base}"
	rm -f "$git/kapi-key"
}

refuse_operation() {
	local mark how
	while read -r mark how; do
		[ ! -e "$git/$mark" ] || refuse "a git ${how% *} is under way in $tree" \
			"to go on, finish it, or undo it: git -C $tree $how"
	done <<-MARKS
		rebase-apply/applying am --abort
		rebase-apply rebase --abort
		rebase-merge rebase --abort
		MERGE_HEAD merge --abort
		CHERRY_PICK_HEAD cherry-pick --abort
		REVERT_HEAD revert --abort
		BISECT_LOG bisect reset
	MARKS
}

refuse_branch() {
	local branch keep='' back="switch series"
	branch=$(in_tree symbolic-ref -q --short HEAD || true)
	[ "$branch" != series ] || return 0
	[ -n "$branch" ] || keep="git -C $tree switch -c mine && "
	in_tree rev-parse -q --verify refs/heads/series >/dev/null ||
		back="switch -c series kapi/series"
	refuse "$tree has ${branch:-no branch} checked out, not series" \
		"to keep that and go on: ${keep}git -C $tree $back"
}

# A tree that is half-way is at one of two commits.
refuse_commits() {
	local head how=--keep
	head=$(in_tree rev-parse -q --verify HEAD) || return 0
	[ "$head" != "$(in_tree rev-parse refs/kapi/series)" ] || return 0
	[ "$head" != "$(cat "$git/moving" 2>/dev/null)" ] || return 0
	[ ! -e "$git/moving" ] || how=--soft
	refuse "$tree has commits that are not of this script: $(in_tree log -1 --format='%h %s')" \
		"to keep them on a branch and go on:" \
		"  git -C $tree branch mine && git -C $tree reset $how kapi/series"
}

refuse_edited() {
	local edited
	edited=$(in_tree status --porcelain --untracked-files=normal | sed -n '1,5s/^...//p')
	[ -z "$edited" ] || refuse "$tree was edited by hand: ${edited//$'\n'/, }" \
		"to put that away and go on: git -C $tree stash push --include-untracked" \
		"a change of the series is made in this repository, not there"
}

# While the mark "moving" stands, the tree is half-way to the commit that it names.
move_tree() {
	rm -f "$git/kapi-key" "$git/index.lock" "$git/HEAD.lock"
	echo "$1" >"$git/moving"
	logged "$BUILD/checkout.log" "checking out $(basename "$tree")" \
		git -C "$tree" reset -q --hard "$1" || die "$tree could not be written" \
		"make room on the disk and run it again"
	in_tree update-ref refs/kapi/series "$1"
	rm "$git/moving"
}

finish_move() {
	local commit
	commit=$(cat "$git/moving" 2>/dev/null) || return 0
	[ -z "$commit" ] || move_tree "$commit"
}

# Debian's .gitignore ends in lines that hide whatever is new, which would be lost to
# git status, git add and refuse_edited(). The base without them is a commit of its own.
base_that_hides_nothing() {
	local ignored blob list
	ignored=$(in_tree cat-file blob "$1:.gitignore" 2>/dev/null) || true
	if ! grep -qx '/\*' <<<"$ignored"; then
		echo "$1"
		return
	fi
	blob=$(grep -vxE '/\*|!/debian/' <<<"$ignored" | in_tree hash-object -w --stdin)
	list=$(in_tree ls-tree "$1" | sed "s/ [0-9a-f]*\t\.gitignore\$/ $blob\t.gitignore/")
	export GIT_AUTHOR_NAME="Linux source" GIT_AUTHOR_EMAIL=linux@localhost GIT_AUTHOR_DATE='@0 +0000'
	export GIT_COMMITTER_NAME="Linux source" GIT_COMMITTER_EMAIL=linux@localhost GIT_COMMITTER_DATE='@0 +0000'
	in_tree commit-tree -p "$1" -m "Let git see new files" "$(in_tree mktree <<<"$list")"
}

check_series
[ -d "$tree" ] || prepare_tree
borrow_objects
recall
refuse_operation
refuse_branch
refuse_commits
finish_move
base=$(base_that_hides_nothing "$base")
key=$(series_key "$base" "$author" "$email" "$when")
if [ "$key" != "$(cat "$git/kapi-key" 2>/dev/null)" ]; then
	[ -e "$git/moving" ] || refuse_edited
	say "committing the series on $BASE_NAME"
	commit=$(GIT_DIR=$git "$HARNESS/commit-series.sh" "$base")
	in_tree update-ref refs/kapi/base "$base"
	move_tree "$commit"
	echo "$key" >"$git/kapi-key"
fi
# Also after a move: it may have taken away what hid a file.
refuse_edited
echo "$tree"
