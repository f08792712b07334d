#!/bin/bash
# boot.sh [OPTION]... KERNEL INITRAMFS [COMMAND]
# Boots the kernel that was built in the directory KERNEL, runs the shell command
# COMMAND in it, prints what that prints and exits with its status; without one,
# gives a shell. A warning or worse in the kernel's log is a failure whatever
# COMMAND says.
#   -k ARGUMENT  for the kernel, any number of them
#   -l LOG       where the kernel's messages go (build/boot.log)
#   -t SECONDS   after which it has failed (120, with QEMU 240)
#   -m MB        of memory (512, with QEMU 1024)
#   -c CPUS      processors, with QEMU (2)
#   -n           of memory and processors, two nodes half each; with QEMU, x86-64
#   -i           the clock counts instructions, one a nanosecond; with QEMU
#   -w           ignore warnings in the kernel's log
#   -a           ignore stack traces in the log, as of failed allocations
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

log=$BUILD/boot.log
limit=
memory=
cpus=2
trouble='BUG:|WARNING:|UBSAN:|INFO: (possible|suspicious|trying|task)|Oops|Kernel panic|\*\*\* DEADLOCK'
trace='|Call Trace:'
warnings=bad
icount=
nodes=
arguments=()
while getopts k:l:t:m:c:niwa option; do
	case $option in
	k) arguments+=("$OPTARG") ;;
	l) log=$OPTARG ;;
	t) limit=$OPTARG ;;
	m) memory=$OPTARG ;;
	c) cpus=$OPTARG ;;
	n) nodes=yes ;;
	i) icount=yes ;;
	w) warnings=good ;;
	a) trace= ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
kernel=$1
initramfs=$2
scratch=$(mktemp -d "$BUILD/boot.XXXXXX")
session=

# UML runs as several processes, all in the session that it was started in.
# shellcheck disable=SC2317 # called by the trap
clean_up() {
	[ -z "$session" ] || pkill -KILL -s "$session" || true
	rm -rf "$scratch"
	[ ! -t 0 ] || stty sane || true
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# Archives can be chained: the command is one more file, at the end.
if [ $# -gt 2 ]; then
	printf '%s\n' "$3" >"$scratch/run.sh"
	echo "file /run.sh $scratch/run.sh 755 0 0" >"$scratch/list"
	"$kernel/usr/gen_init_cpio" "$scratch/list" >"$scratch/run.cpio"
fi
cat "$initramfs" "$scratch"/run.cpio >"$scratch/initramfs" 2>/dev/null || [ $# = 2 ]

# shellcheck source=boot-x86_64.sh
. "$HARNESS/boot-$(arch_of "$kernel").sh"
if [ $# = 2 ]; then
	"${machine[@]}" "${for_shell[@]}" 2>"$log.early" 3>"$log"
	exit
fi

# The output goes through a file: UML makes its output non-blocking, which a
# pipe or a terminal shared with others would suffer from.
status=0
setsid "${machine[@]}" "${for_command[@]}" </dev/null >"$scratch/output" 2>"$log.early" 3>"$log" &
session=$!
(nap "$limit" && : >"$scratch/late" && pkill -KILL -s $session) >/dev/null 2>&1 9>&- &
watchdog=$!
wait $session 2>/dev/null || status=$?
kill $watchdog 2>/dev/null || true
# A serial line ends its lines as a terminal wants them.
sed -i "s/\r\$//" "$log"
cat "$scratch/output"

bad() {
	[ -s "$log" ] || cp "$log.early" "$log"
	tail -n 40 "$log" >&2
	die "$1" "the kernel's log is $log"
}

trouble+=$trace
[ ! -e "$scratch/late" ] || bad "the kernel was still running after $limit s"
if [ $warnings = bad ] && grep -Eq "$trouble" "$log"; then
	grep -Em1 "$trouble" "$log" >&2
	bad "the kernel log has a warning: $(grep -Em1 "$trouble" "$log")"
fi
result=$(sed -n 's/.*kapi-boot: status \([0-9]*\)$/\1/p' "$log" | tail -n 1)
[ -n "$result" ] || bad "the kernel ended (status $status) before the command did"
exit "$result"
