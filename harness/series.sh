#!/bin/bash
# Writes the series as it would be mailed, build/series/*.patch, and proves
# that `git am` makes the very same tree of it. Prints the directory. A line "@FILE" of
# the cover letter stands for that file.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=${1:-$("$HARNESS/stage.sh")}
out=$BUILD/series
cover=$ROOT/series/cover-letter.txt
only_one_run "$BUILD/series.lock"
[ -f "$cover" ] || die "series/cover-letter.txt is missing" "write it: subject, blank line, text"
[ "$(git -C "$tree" log -1 --format=%ae)" != nobody@localhost ] ||
	die "git does not know who you are, and every patch carries a Signed-off-by" \
		"run: git config --global user.name NAME; git config --global user.email ADDRESS"

# Use the commits' author as committer: git may have no user configured here.
GIT_COMMITTER_NAME=$(git -C "$tree" log -1 --format=%an)
GIT_COMMITTER_EMAIL=$(git -C "$tree" log -1 --format=%ae)
export GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL

description() {
	local line
	while IFS= read -r line; do
		if [[ $line == @* ]]; then
			sed 's/^/  /; s/ *$//' "$ROOT/${line#@}"
		else
			printf '%s\n' "$line"
		fi
	done <"$cover"
}

format() {
	git -C "$tree" -c format.thread=false -c branch.series.description="$(description)" \
		format-patch -q --no-color --cover-letter --numbered --base=refs/kapi/base \
		--cover-from-description=subject \
		-o "$1" refs/kapi/base..series
}

# In a work tree without files: only what the patches touch is written.
verify() {
	local work=$BUILD/series-verify patches
	mapfile -t patches < <(find "$1" -name '*.patch' ! -name '0000-*' | sort)
	rm -rf "$work"
	git -C "$tree" worktree prune &&
		git -C "$tree" worktree add -q --no-checkout --detach "$work" refs/kapi/base &&
		git -C "$work" sparse-checkout set --no-cone /none-but-what-is-touched &&
		git -C "$work" read-tree -m -u HEAD &&
		git -C "$work" -c commit.gpgSign=false am -q "${patches[@]}" &&
		git -C "$work" diff --exit-code --stat HEAD series &&
		git -C "$tree" worktree remove --force "$work"
}

rm -rf "$out.part"
logged "$BUILD/series.log" "writing the series" format "$out.part" ||
	die "git format-patch failed"
logged "$BUILD/series-verify.log" "applying it to a clean base kernel" verify "$out.part" ||
	die "the mailed series does not make the tree that was built" \
		"the patches are in $out.part"
rm -rf "$out"
mv "$out.part" "$out"
echo "$out"
