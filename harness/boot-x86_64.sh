# shellcheck shell=bash disable=SC2034,SC2154 # shared with boot.sh
# Sourced by boot.sh: a kernel in QEMU. Its messages have the first serial line,
# the command has the second. The processor is always emulated: not every
# machine has KVM, and some only seem to. One thread emulates all processors: with
# several threads, QEMU 7.2 may run a breakpoint that another processor has just removed,
# which breaks ftrace's code patching.
limit=${limit:-240}
machine=(qemu-system-x86_64 -accel "tcg,thread=single" -cpu "max,la57=off" -smp "$cpus" -m "${memory:-1024}"
	-nodefaults -no-user-config -display none -no-reboot
	-kernel "$kernel/arch/x86/boot/bzImage" -initrd "$scratch/initramfs"
	-append "console=ttyS0 ignore_loglevel tsc=reliable panic=-1 kapi_tty=ttyS1 ${arguments[*]}"
	-device "pci-testdev,membar=16M"
	-chardev "file,id=log,path=/dev/fd/3" -serial chardev:log)
if [ -n "$nodes" ]; then
	half=$((${memory:-1024} / 2))
	machine+=(-smp "sockets=2,cores=$((cpus / 2)),threads=1" -object "memory-backend-ram,id=low,size=${half}M"
		-object "memory-backend-ram,id=high,size=${half}M"
		-numa "node,memdev=low,cpus=0-$((cpus / 2 - 1))"
		-numa "node,memdev=high,cpus=$((cpus / 2))-$((cpus - 1))")
fi
if [ -n "$icount" ]; then
	# Counting takes one processor.
	machine+=(-smp 1 -icount "shift=0,sleep=off")
fi
for_shell=(-chardev "stdio,id=command,signal=off" -serial chardev:command)
for_command=(-chardev "file,id=command,path=/dev/fd/1" -serial chardev:command)
