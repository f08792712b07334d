#!/bin/bash
# commit-series.sh BASE: with GIT_DIR set, turns series/ into commits on top of
# the commit BASE and prints the id of the last one. It works in an index of
# its own; no work tree is touched, and equal input gives equal ids.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=series-files.sh
. "$HARNESS/series-files.sh"

scratch=$(mktemp -d "$BUILD/commit.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export GIT_INDEX_FILE=$scratch/index

signed_off() {
	message_of "$1" | git stripspace
	printf '\nSigned-off-by: %s <%s>\n' "$GIT_AUTHOR_NAME" "$GIT_AUTHOR_EMAIL"
}

# An index entry for each whole file of the patch
whole_files() {
	local path until mode blob
	while IFS=$'\t' read -r path until; do
		[ "${path%.patch}" = "$path" ] || continue
		mode=100644
		[ ! -x "$ROOT/$path" ] || mode=100755
		content_of "$ROOT/$path" "$until" >"$scratch/content" ||
			die "$path has no line that matches \"$until\", in series/$(basename "$1")"
		blob=$(git hash-object -w --no-filters "$scratch/content")
		printf '%s %s\t%s\n' "$mode" "$blob" "$path"
	done < <(paths_of "$1")
}

apply_edits() {
	local path
	while IFS=$'\t' read -r path _; do
		[ "${path%.patch}" != "$path" ] || continue
		git apply --cached --whitespace=nowarn "$ROOT/$path" 2>"$scratch/why" && continue
		sed 's/^/  /' "$scratch/why" >&2
		die "$path does not apply to $BASE_NAME" \
			"fit it to that kernel's file (git diff there makes a new one), or choose another base" \
			"nothing was changed"
	done < <(paths_of "$1")
}

commit=$1
git read-tree "$commit"
tree=$(git rev-parse "$commit^{tree}")
for file in $(series_files); do
	whole_files "$file" >"$scratch/entries"
	git update-index --index-info <"$scratch/entries"
	apply_edits "$file"
	before=$tree
	tree=$(git write-tree)
	[ "$tree" != "$before" ] || die "series/$(basename "$file") changes nothing" \
		"give it files that the patches before it do not carry already"
	signed_off "$file" >"$scratch/message"
	commit=$(git commit-tree -p "$commit" -F "$scratch/message" "$tree")
done

# An older kernel lacks some of what the series uses: one more commit, for that.
release=$(git cat-file blob "$1:Makefile" | awk '/^(VERSION|PATCHLEVEL) = / { printf "%s%s", dot, $3; dot = "." }')
fit=$HARNESS/bases/$release.patch
if [ -f "$fit" ]; then
	git apply --cached "$fit" || die "${fit#"$ROOT/"} does not apply to $BASE_NAME with the series" \
		"make it anew for the series as it is now; nothing was changed"
	sed '/^diff --git /,$d' "$fit" | git stripspace >"$scratch/message"
	commit=$(git commit-tree -p "$commit" -F "$scratch/message" "$(git write-tree)")
fi
echo "$commit"
