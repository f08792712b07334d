# shellcheck shell=bash
# Getting linux-source-VERSION from the mirror that this system already uses.

mirror() {
	local codename
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	# shellcheck disable=SC2016 # these are apt's own variables
	apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' |
		awk -v codename="$codename" '$1 == "Debian" && $2 == codename { print $3; exit }'
}

# New kernels for a stable release are in its backports.
suite() {
	local codename
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	case ${KAPI_SUITE:-$codename} in
	"${KAPI_SUITE:-}") echo "$KAPI_SUITE" ;;
	bookworm | trixie) echo trixie-backports ;;
	*) return 1 ;;
	esac
}

# private_apt DIR: an apt configuration of our own, so that the system's stays
# untouched; signatures are checked against Debian's keys as ever.
private_apt() {
	local dir=$1 uri release
	uri=$(mirror)
	release=$(suite) || {
		echo "no suite is known for this Debian release: set KAPI_SUITE, for example to trixie-backports"
		return 1
	}
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
		private_apt "$2/apt" || exit
		export APT_CONFIG=$2/apt/apt.conf
		apt-get update -q -o APT::Update::Error-Mode=any || exit
	fi
	apt-get download -q "linux-source-$1"
)
