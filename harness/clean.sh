#!/bin/bash
# Removes build/, unless a staged tree there has work that is nowhere else.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# somebodys TREE: a commit or an edit that stage.sh did not make
somebodys() {
	git -C "$1" rev-list -n 1 HEAD --branches --glob=refs/stash --not refs/kapi/series
	git -C "$1" status --porcelain
}

# A linked work tree, with a file .git, has its branches in the staged tree.
for git in "$BUILD"/*/.git/; do
	tree=$(dirname "$git")
	git -C "$tree" rev-parse -q --verify refs/kapi/series >/dev/null 2>&1 || continue
	[ -z "$(somebodys "$tree")" ] ||
		die "$tree has commits, edits or a stash that are not of the series" \
			"to save commits: git -C $tree format-patch kapi/series..BRANCH" \
			"what is left can go with: rm -rf $BUILD"
done
rm -rf "$BUILD"
