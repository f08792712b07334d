# shellcheck shell=bash
# Getting packages from the mirror that this system already uses: the source of a
# kernel, programs for another architecture.

mirror() {
	# shellcheck disable=SC2016 # these are apt's own variables
	apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' |
		awk -v codename="$(codename)" '$1 == "Debian" && $2 == codename { print $3; exit }'
}

codename() {
	# shellcheck source=/dev/null
	(. /etc/os-release && echo "${VERSION_CODENAME:-}")
}

# New kernels for a stable release are in its backports.
suite() {
	local codename
	codename=$(codename)
	case ${KAPI_SUITE:-$codename} in
	"${KAPI_SUITE:-}") echo "$KAPI_SUITE" ;;
	bookworm | trixie) echo trixie-backports ;;
	*) return 1 ;;
	esac
}

# private_apt DIR SUITE: an apt configuration of our own, so that the system's stays
# untouched; signatures are checked against Debian's keys as ever.
private_apt() {
	local dir=$1 uri release=$2
	uri=$(mirror)
	[ -n "$uri" ] || {
		echo "apt knows no Debian mirror yet: as root run apt-get update"
		return 1
	}
	mkdir -p "$dir"/state/lists/partial "$dir"/cache/archives/partial || return
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $release main" \
		>"$dir/sources.list"
	cat >"$dir/apt.conf" <<-CONF
		Dir::Etc::sourcelist "$dir/sources.list";
		Dir::Etc::sourceparts "-";
		Dir::State "$dir/state";
		Dir::State::status "/dev/null";
		Dir::Cache "$dir/cache";
		Acquire::Languages "none";
		Acquire::Retries "3";
		APT::Sandbox::User "root";
	CONF
}

# download_source VERSION DIR: leaves the .deb in DIR. In a subshell: neither
# the directory nor apt's configuration is to reach what comes after.
download_source() (
	cd "$2" || exit
	if [ "$1" != 6.12 ]; then
		release=$(suite) || {
			echo "no suite is known for this Debian release: set KAPI_SUITE, for example to trixie-backports"
			exit 1
		}
		private_apt "$2/apt" "$release" && update_private "$2" || exit
	fi
	apt-get download -q "linux-source-$1"
)

# update_private DIR: what apt-get is told from here on is in DIR
update_private() {
	export APT_CONFIG=$1/apt/apt.conf
	apt-get update -q -o APT::Update::Error-Mode=any
}

# download_foreign PACKAGE ARCHITECTURE DIR: this release's, for another architecture
download_foreign() (
	cd "$3" && private_apt "$3/apt" "$(codename)" &&
		echo "APT::Architecture \"$2\"; APT::Architectures \"$2\";" >>"$3/apt/apt.conf" &&
		update_private "$3" && apt-get download -q "$1:$2"
)
