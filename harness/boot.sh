#!/bin/bash
# boot.sh [-k KERNEL-ARGUMENT]... [-l LOG] [-t SECONDS] UML INITRAMFS [COMMAND]
# Boots the UML kernel, runs the shell command COMMAND in it, prints what that
# prints and exits with its status; without one, gives a shell. The kernel's
# messages go to LOG (build/boot.log).
# A warning or worse in the kernel's log is a failure whatever COMMAND says.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

log=$BUILD/boot.log
limit=120
arguments=()
while getopts k:l:t: option; do
	case $option in
	k) arguments+=("$OPTARG") ;;
	l) log=$OPTARG ;;
	t) limit=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
uml=$1
initramfs=$2
scratch=$(mktemp -d "$BUILD/boot.XXXXXX")
kernel=

# UML runs as several processes, all in the session that it was started in.
# shellcheck disable=SC2317 # called by the trap
clean_up() {
	[ -z "$kernel" ] || pkill -KILL -s "$kernel" || true
	rm -rf "$scratch"
	[ ! -t 0 ] || stty sane || true
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# Archives can be chained: the command is one more file, at the end.
if [ $# -gt 2 ]; then
	printf '%s\n' "$3" >"$scratch/run.sh"
	echo "file /run.sh $scratch/run.sh 755 0 0" >"$scratch/list"
	"$uml/usr/gen_init_cpio" "$scratch/list" >"$scratch/run.cpio"
fi
cat "$initramfs" "$scratch"/run.cpio >"$scratch/initramfs" 2>/dev/null || [ $# = 2 ]

# The command has the first console, the kernel's messages have a serial line.
# What comes before there is one goes to standard error.
command=("$uml/linux" mem=512M initrd="$scratch/initramfs" uml_dir="$scratch"
	con=null "ssl0=null,fd:3" ssl=null console=ttyS0 ignore_loglevel
	panic=-1 "${arguments[@]}")

if [ $# = 2 ]; then
	"${command[@]}" "con0=fd:0,fd:1" 2>"$log.early" 3>"$log"
	exit
fi

# UML makes its output non-blocking, which a pipe or a terminal shared with
# others would suffer from: the output goes through a file.
status=0
setsid "${command[@]}" "con0=null,fd:1" </dev/null >"$scratch/output" 2>"$log.early" 3>"$log" &
kernel=$!
(nap "$limit" && : >"$scratch/late" && pkill -KILL -s $kernel) >/dev/null 2>&1 9>&- &
watchdog=$!
wait $kernel 2>/dev/null || status=$?
kill $watchdog 2>/dev/null || true
cat "$scratch/output"

bad() {
	[ -s "$log" ] || cp "$log.early" "$log"
	tail -n 40 "$log" >&2
	die "$1" "the kernel's log is $log"
}

trouble='BUG:|WARNING:|INFO: (possible|suspicious|trying|task)|Oops|Kernel panic|Call Trace:|\*\*\* DEADLOCK'
[ ! -e "$scratch/late" ] || bad "the kernel was still running after $limit s"
if grep -Eq "$trouble" "$log"; then
	grep -Em1 "$trouble" "$log" >&2
	bad "the kernel complained: $(grep -Em1 "$trouble" "$log")"
fi
result=$(sed -n 's/.*kapi-boot: status \([0-9]*\)$/\1/p' "$log" | tail -n 1)
[ -n "$result" ] || bad "the kernel ended (status $status) before the command did"
exit "$result"
