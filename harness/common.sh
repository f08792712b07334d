# shellcheck shell=bash
# Sourced by every script here: where things are, how to speak, how to fail.
#
# Standard output carries a script's result and nothing else, so that scripts
# can be chained: tree=$(harness/stage.sh). Progress goes to standard error.
set -Eeuo pipefail
# Report every unexpected failure. 99 is the status of die(), which has already
# printed its message.
trap '[ $? = 99 ] || echo "kapi: error: $(basename "$0"), line $LINENO: a command failed" >&2' ERR
export LC_ALL=C.UTF-8
# The kernel's make must not take up the options of ours, or the user's.
unset MAKEFLAGS MFLAGS MAKELEVEL KBUILD_OUTPUT ARCH CROSS_COMPILE O

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export ROOT
export HARNESS=$ROOT/harness
export BUILD=$ROOT/build
export CACHE=${KAPI_CACHE:-${XDG_CACHE_HOME:-${HOME:?is not set}/.cache}/kapi}
export BASE=${BASE:-7.3}
export KSRC=${KSRC:-}
export FLAVOUR=${FLAVOUR:-uml}
JOBS=${JOBS:-$(nproc)}
export JOBS
export KAPI_T0=${KAPI_T0:-$EPOCHSECONDS}

mkdir -p "$BUILD" || exit 1

say() {
	printf '[%3d s] %s\n' $((EPOCHSECONDS - KAPI_T0)) "$*" >&2
}

# die WHAT-IS-WRONG [WHAT-TO-DO]...: one line each
die() {
	printf 'kapi: error: %s\n' "$1" >&2
	shift
	if [ $# -gt 0 ]; then
		printf 'kapi: %s\n' "$@" >&2
	fi
	exit 99
}

# only_one_run LOCKFILE: two runs of the same step wait for each other. The
# lock goes with the process that holds it, however that ends.
only_one_run() {
	mkdir -p "$(dirname "$1")"
	exec 9>"$1" || die "cannot write $1" "give its directory to this user"
	if ! flock -n 9; then
		say "waiting for another run of $(basename "$0")"
		flock 9
	fi
}

# need_space DIR MEGABYTES WHAT-FOR
need_space() {
	local dir=$1 free
	while [ ! -d "$dir" ]; do dir=$(dirname "$dir"); done
	free=$(($(df -Pk "$dir" | awk 'NR == 2 { print $4 }') / 1024))
	[ "$free" -ge "$2" ] || die \
		"$3 needs $2 MB on the file system of $1; it has $free MB left" \
		"free some space (or set KAPI_CACHE to move the downloads) and run it again"
}

# Sleeps without a child process that could be left behind, by a timed read from
# an empty pipe.
nap() {
	read -r -t "$1" <> <(:) || true
}

# name_of TREE: what is built of it is named after it. Trees elsewhere are told apart
# by their whole path.
name_of() {
	local name
	name=$(basename "$1")
	if [ "$(dirname "$1")" = "$BUILD" ]; then
		echo "${name#linux-}"
	else
		echo "$name-$(cksum <<<"$1" | cut -d' ' -f1)"
	fi
}

# arch_of KERNEL: what the kernel that was built in that directory runs on
arch_of() {
	local option
	for option in UML:um ARM64:arm64 X86_64:x86_64; do
		grep -qx "CONFIG_${option%:*}=y" "$1/.config" || continue
		echo "${option#*:}"
		return
	done
	die "$1 is no kernel that this can boot" "build one with harness/build.sh"
}

# cross_of ARCH: what the names of GCC's tools for it begin with
cross_of() {
	case $1 in
	arm64) echo aarch64-linux-gnu- ;;
	riscv) echo riscv64-linux-gnu- ;;
	s390) echo s390x-linux-gnu- ;;
	esac
}

# touched_sources TREE [BASE]: the C files of its base that the series changes, or of BASE
touched_sources() {
	git -C "$1" diff --name-only --diff-filter=M "${2:-refs/kapi/base}" HEAD -- '*.c'
}

# touched_objects TREE [BASE]: kernel/sched/build_utility.c includes completion.c.
touched_objects() {
	touched_sources "$@" | sed '/completion/d; s/c$/o/'
}

# touched_regex TREE: matches the files that the series adds or changes
touched_regex() {
	printf '(include/(linux|trace/events)/kapi|kernel_api_spec|kernel/api/%s)' "$(touched_sources "$1" | sed 's/[.]c$//; s/^/|/' | tr -d '\n')"
}

# Clang, LLD and sparse as the checks use them. Debian's sparse does not know
# __typeof_unqual__, which the kernel uses if the compiler has it, and reports errors
# for every MODULE_LICENSE() and module_param(). Three files have warnings of their own.
# shellcheck disable=SC2034
CLANG=19	# what Debian 12 has without its security updates
# shellcheck disable=SC2034 # for those who source this
SPARSE=(C=2 CF=-D__typeof_unqual__=__typeof__)
# shellcheck disable=SC2034
SPARSE_STUMBLES='(_kunit|validate)\.c:.*bad constant expression|module/main\.c|kernel/fork\.c|fs/file\.c'

heartbeat() {
	local log=$1 what=$2 me=$$ last
	while nap 10 && kill -0 $me 2>/dev/null; do
		last=$(tail -n 1 "$log" | cut -c 1-60)
		say "$what${last:+: $(wc -l <"$log") lines of log, the last: $last}"
	done
}

# logged LOG WHAT COMMAND...: runs it with its output in LOG, a sign of life
# every ten seconds, and the end of the log if it fails. (A COMMAND that is a
# function must chain its steps with &&: "set -e" is off in a tested command.)
logged() {
	local log=$1 what=$2 status=0 beat
	shift 2
	mkdir -p "$(dirname "$log")"
	: >"$log" || die "cannot write $log"
	say "$what"
	heartbeat "$log" "$what" 9>&- &
	beat=$!
	"$@" >>"$log" 2>&1 9>&- || status=$?
	kill $beat 2>/dev/null || true
	wait $beat 2>/dev/null || true
	[ $status = 0 ] && return
	tail -n 30 "$log" >&2
	printf 'kapi: error: %s failed; the whole log is %s\n' "$what" "$log" >&2
	return $status
}
