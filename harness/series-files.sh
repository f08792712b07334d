# shellcheck shell=bash
# Reading series/: each file there is one patch, its commit message followed by
# a line "Files:" and the paths that it carries, as they stand in this
# repository. "PATH until REGEX" carries only the part of the file before the
# first line that matches, so that a file can grow patch by patch.

series_files() {
	find "$ROOT/series" -name '[0-9]*.txt' | sort
}

message_of() {
	sed '/^Files:$/,$d' "$1"
}

# One "PATH<tab>REGEX" a line; the regex is empty for a whole file.
paths_of() {
	sed '1,/^Files:$/d; /^#/d; /^[[:space:]]*$/d; s/[[:space:]]*$//; s/ until /\t/' "$1" |
		awk -F '\t' '{ print $1 "\t" $2 }'
}

# What of a file the patch carries. The blank line above the cut goes too.
content_of() {
	local path=$1 until=$2
	[ -n "$until" ] || { cat "$path" && return; }
	grep -Eq -e "$until" "$path" || return
	UNTIL=$until awk '
		$0 ~ ENVIRON["UNTIL"] { exit }
		NF == 0 { blank = blank "\n"; next }
		{ printf "%s%s\n", blank, $0; blank = "" }' "$path"
}

# The overlay: all that belongs to the kernel rather than to this repository.
overlay_files() {
	if [ "$(git -C "$ROOT" rev-parse --show-toplevel 2>/dev/null)" = "$ROOT" ]; then
		git -C "$ROOT" ls-files -co --exclude-standard
	else
		(cd "$ROOT" && find . -type f -o -type l) | sed 's,^\./,,'
	fi | grep -Ev '^(harness|series|build|shared|reference|\.[^/]*)/' |
		grep -E '/|\.patch$' | while read -r path; do
		[ ! -e "$ROOT/$path" ] || echo "$path"
	done | sort
}

# Every overlay file is in some patch, and every patch has its files.
check_series() {
	local file path listed stray
	for file in $(series_files); do
		grep -q '^Files:$' "$file" || die "$file has no line \"Files:\""
		while IFS=$'\t' read -r path _; do
			[ -f "$ROOT/$path" ] || die "$path, in series/$(basename "$file"), does not exist" \
				"directories are not allowed: name every file"
		done < <(paths_of "$file")
	done
	listed=$(for file in $(series_files); do paths_of "$file"; done | cut -f1 | sort -u)
	stray=$(comm -23 <(overlay_files) <(echo "$listed") | head -n 5)
	[ -z "$stray" ] || die "in no patch of series/: ${stray//$'\n'/, }" \
		"add each to the list of the patch that it belongs to, or remove it"
}

# Everything that the commits are made from, for telling whether they changed.
series_key() {
	{
		printf '%s\n' "$@"
		# shellcheck disable=SC2046 # our own names, without blanks
		(cd "$ROOT" && overlay_files | xargs -r -d '\n' stat -c '%A %n' &&
			overlay_files | xargs -r -d '\n' sha256sum)
		series_files | xargs -r -d '\n' sha256sum
		sha256sum "$HARNESS"/{series-files,commit-series}.sh "$HARNESS"/bases/*
	} | sha256sum | cut -d' ' -f1
}
