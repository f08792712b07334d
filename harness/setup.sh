#!/bin/bash
# Installs the Debian packages of the groups named (see harness/packages),
# those that are missing and no others.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

wanted() {
	awk -v groups=" all $* " '
		/^#/ || NF == 0 { next }
		index(groups, " " $1 " ") { print $2 }' "$HARNESS/packages"
}

# Prints what is not there; dpkg-query fails when any is unknown, as it should.
missing() {
	{ dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null || true; } |
		awk '$1 ~ /^.i/ { print $2 }' | sort -u |
		comm -13 - <(printf '%s\n' "$@" | sort -u)
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		env DEBIAN_FRONTEND=noninteractive "$@"
	else
		sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

install_missing() {
	as_root apt-get install -y -q --no-install-recommends "$@"
}

update_then_install() {
	as_root apt-get update -q && install_missing "$@"
}

command -v dpkg-query >/dev/null ||
	die "this is no Debian system, so nothing can be installed for you" \
		"install what harness/packages lists, then set KAPI_NO_SETUP=1"
[ -z "${KAPI_NO_SETUP:-}" ] || exit 0

mapfile -t packages < <(wanted "$@")
mapfile -t absent < <(missing "${packages[@]}")
[ ${#absent[@]} -gt 0 ] || exit 0

by_hand="apt-get update && apt-get install --no-install-recommends ${absent[*]}"
[ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null ||
	die "packages are missing and this user may not install them" \
		"as root run: $by_hand"

need_space /usr 1500 "installing ${#absent[@]} packages"
say "missing packages: ${absent[*]}"
# The lists may be absent or older than the archive: refresh them only then.
install_missing "${absent[@]}" >"$BUILD/setup.log" 2>&1 ||
	logged "$BUILD/setup.log" "installing packages" update_then_install "${absent[@]}" ||
	die "the packages could not be installed" \
		"check the network and /etc/apt, or as root run: $by_hand"
