#!/bin/bash
# busybox.sh ARCH: prints the path of a static busybox for kernels of that
# architecture; one for another machine than this is fetched, and kept in the cache.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=debian-source.sh
. "$HARNESS/debian-source.sh"

if [ "$1" != arm64 ]; then
	command -v busybox || die "busybox is not installed" "run harness/setup.sh"
	exit
fi

fetch_busybox() {
	download_foreign busybox-static "$1" "$part" &&
		dpkg-deb --fsys-tarfile "$part"/busybox-static_*.deb |
		tar -xO --wildcards './*bin/busybox' >"$part/busybox" &&
		chmod 755 "$part/busybox"
}

busybox=$CACHE/busybox-$1
part=$CACHE/part-busybox-$1
only_one_run "$CACHE/busybox-lock"
if [ ! -x "$busybox" ]; then
	rm -rf "$part"
	mkdir -p "$part" || die "cannot write to $CACHE" "set KAPI_CACHE to a directory of your own"
	logged "$BUILD/fetch-busybox.log" "downloading busybox for $1" fetch_busybox "$1" ||
		die "busybox for $1 could not be fetched" "check the network and /etc/apt, and run it again"
	mv "$part/busybox" "$busybox"
	rm -rf "$part"
fi
echo "$busybox"
