#!/bin/bash
# fetch.sh [VERSION]: prints the path of a git repository whose HEAD is the
# base kernel - the user's own tree (KSRC), or Debian's source in the cache.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=debian-source.sh
. "$HARNESS/debian-source.sh"

fallback=6.12
version=${1:-$BASE}

if [ -n "$KSRC" ]; then
	exec "$HARNESS/import-tree.sh"
fi

# unpack DEB VERSION REPOSITORY
unpack() {
	local name
	name="$(dpkg-deb -f "$1" Package) $(dpkg-deb -f "$1" Version)" &&
		git init -q --bare "$3" &&
		git -C "$3" symbolic-ref HEAD refs/heads/base || return
	dpkg-deb --fsys-tarfile "$1" |
		tar -xO "./usr/src/linux-source-$2.tar.xz" | xz -dc |
		"$HARNESS/import-tar.py" refs/heads/base "$name" |
		# Level 1 is quicker than 0 here: less to write, and delta search is not worth it.
		git -c core.compression=1 -c pack.compression=1 -C "$3" \
			fast-import --quiet --done --depth=0
}

# get VERSION: what is half done stands under a temporary name and is thrown
# away by the next run; only the last step makes it visible.
get() {
	local part=$CACHE/part-$1
	rm -rf "$part"
	mkdir -p "$part" || die "cannot write to $CACHE" "set KAPI_CACHE to a directory of your own"
	need_space "$CACHE" 1200 "fetching linux-source-$1"
	logged "$BUILD/fetch-$1.log" "downloading linux-source-$1 (170 MB)" \
		download_source "$1" "$part" || { rm -rf "$part" && return 1; }
	logged "$BUILD/unpack.log" "importing linux-source-$1 (about half a minute)" \
		unpack "$part"/linux-source-*.deb "$1" "$part/git" || { rm -rf "$part" && return 1; }
	mv "$part/git" "$CACHE/linux-$1.git" && rm -rf "$part"
}

case $version in
7.2 | 7.3 | "$fallback") ;;
*) die "BASE=$version is none of 7.3, 7.2 and $fallback" "use KSRC=/path/to/linux for another tree" ;;
esac

repository=$CACHE/linux-$version.git
instead=$CACHE/linux-$fallback.git
only_one_run "$CACHE/lock"
if [ ! -d "$repository" ]; then
	# After a failure the substitute serves for a day before the next attempt.
	if [ ! -d "$instead" ] || [ -z "$(find "$CACHE/no-$version" -mmin -1440 2>/dev/null)" ]; then
		get "$version" || touch "$CACHE/no-$version"
	fi
fi
if [ ! -d "$repository" ]; then
	if [ "$version" = "$fallback" ] || { [ ! -d "$instead" ] && ! get "$fallback"; }; then
		die "no kernel source could be fetched" \
			"check the network, the disk and /etc/apt, and run it again - or use KSRC=/path/to/linux"
	fi
	say "******** Linux $version COULD NOT BE HAD: GOING ON WITH $fallback ********"
	say "why is in $BUILD/fetch-$version.log; the next attempt is tomorrow, or after: rm $CACHE/no-$version"
	repository=$instead
fi
echo "$repository"
