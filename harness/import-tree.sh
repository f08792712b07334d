#!/bin/bash
# Prints the path of a git repository whose HEAD is the user's own kernel tree
# (KSRC). Nothing is ever written to that tree.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=user-tree.sh
. "$HARNESS/user-tree.sh"

tree=$(source_of KSRC)
refuse_applied "$tree"

if is_git_tree "$tree"; then
	git -C "$tree" rev-parse -q --verify 'HEAD^{commit}' >/dev/null ||
		die "the git repository $tree has no commit" "commit the kernel source there first"
	git --no-optional-locks -C "$tree" diff --quiet HEAD 2>/dev/null ||
		say "note: HEAD of $tree is the base; changes there that are not committed are left out"
	git -C "$tree" rev-parse --absolute-git-dir
	exit
fi

name=import-$(basename "$tree")-$(cksum <<<"$tree" | cut -d' ' -f1)
repository=$BUILD/$name.git
only_one_run "$BUILD/$name.lock"
if [ ! -d "$repository" ]; then
	need_space "$BUILD" 3000 "importing $tree"
	git init -q --bare "$repository.part"
	git -C "$repository.part" config gc.auto 0
	git -C "$repository.part" config core.looseCompression 1
	git -C "$repository.part" config core.autocrlf false
	mv "$repository.part" "$repository"
fi
export GIT_DIR=$repository
rm -f "$GIT_DIR/index.lock"
# Distributions have a .gitignore that ignores the source: it does not count.
read_tree() {
	git -C "$tree" --work-tree="$tree" add -A -f -- . \
		':!*.o' ':!*.a' ':!*.ko' ':!*.cmd' ':!*.mod' ':!vmlinux*'
}
logged "$BUILD/import.log" "reading $tree" read_tree ||
	die "$tree could not be read" "see $BUILD/import.log"
export GIT_AUTHOR_NAME="Linux source" GIT_AUTHOR_EMAIL=linux@localhost GIT_AUTHOR_DATE='@0 +0000'
export GIT_COMMITTER_NAME="Linux source" GIT_COMMITTER_EMAIL=linux@localhost GIT_COMMITTER_DATE='@0 +0000'
commit=$(git commit-tree -m "Linux source tree $(basename "$tree")" "$(git write-tree)")
git update-ref --no-deref HEAD "$commit"
echo "$repository"
