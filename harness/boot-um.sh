# shellcheck shell=bash disable=SC2034,SC2154 # shared with boot.sh
# Sourced by boot.sh: a kernel that is a program. The command has the first
# console, the kernel's messages have a serial line. What comes before there is
# one goes to standard error.
limit=${limit:-120}
machine=("$kernel/linux" mem="${memory:-512}M" initrd="$scratch/initramfs" uml_dir="$scratch"
	con=null "ssl0=null,fd:3" ssl=null console=ttyS0 ignore_loglevel
	panic=-1 kapi_tty=tty0 "${arguments[@]}")
for_shell=("con0=fd:0,fd:1")
for_command=("con0=null,fd:1")
