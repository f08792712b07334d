#!/bin/bash
# Prints the path of a work tree that holds the base kernel with the series on
# top, as real commits. Only the files that differ from the last time are
# written, so that an incremental build stays incremental.
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
only_one_run "$BUILD/$name.lock"

# Whoever sends the series signs it off; to build it, anybody's name will do.
author=$(git -C "$ROOT" config user.name || git -C "$ROOT" log -1 --format=%an 2>/dev/null || echo nobody)
email=$(git -C "$ROOT" config user.email || git -C "$ROOT" log -1 --format=%ae 2>/dev/null || echo nobody@localhost)
when=$(git -C "$ROOT" log -1 --format=%ct 2>/dev/null || echo 0)
export GIT_AUTHOR_NAME=$author GIT_AUTHOR_EMAIL=$email GIT_AUTHOR_DATE="@$when +0000"
export GIT_COMMITTER_NAME=$author GIT_COMMITTER_EMAIL=$email GIT_COMMITTER_DATE="@$when +0000"

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

# While the mark "moving" stands, the tree is half-way between two states.
move_tree() {
	touch "$git/moving"
	rm -f "$git/index.lock" "$git/HEAD.lock"
	git -C "$tree" update-ref refs/kapi/base "$base"
	logged "$BUILD/checkout.log" "checking out $(basename "$tree")" \
		git -C "$tree" reset -q --hard "$1" || die "$tree could not be written" \
		"make room on the disk and run it again"
	echo "$key" >"$git/kapi-key"
	rm "$git/moving"
}

refuse_edited() {
	local edited
	edited=$(git -C "$tree" diff --name-only HEAD | head -n 5)
	[ -z "$edited" ] || die "$tree was edited by hand: ${edited//$'\n'/, }" \
		"move the change to this repository, then: git -C $tree checkout ."
}

check_series
git=$tree/.git
[ -d "$tree" ] || prepare_tree
borrow_objects
key=$(series_key "$base" "$author" "$email" "$when")
if [ -e "$git/moving" ] || [ "$key" != "$(cat "$git/kapi-key" 2>/dev/null)" ]; then
	[ -e "$git/moving" ] || refuse_edited
	say "committing the series on $BASE_NAME"
	commit=$(GIT_DIR=$git "$HARNESS/commit-series.sh" "$base")
	move_tree "$commit"
else
	refuse_edited
fi
echo "$tree"
