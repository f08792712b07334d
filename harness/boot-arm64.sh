# shellcheck shell=bash disable=SC2034,SC2154 # shared with boot.sh
# Sourced by boot.sh: a kernel in QEMU. Its messages have the first serial line, the
# command has one on the PCI bus. One thread emulates all processors: with several
# threads, QEMU 7.2 sometimes runs stale code after another processor has patched it,
# and a tracepoint that was switched on stays off on one processor.
limit=${limit:-360}
machine=(qemu-system-aarch64 -accel "tcg,thread=single" -M "virt,gic-version=3" -cpu cortex-a57 -smp "$cpus"
	-m "${memory:-1024}" -nodefaults -no-user-config -display none -no-reboot
	-kernel "$kernel/arch/arm64/boot/Image" -initrd "$scratch/initramfs"
	-append "console=ttyAMA0 ignore_loglevel panic=-1 kapi_tty=ttyS0 ${arguments[*]}"
	-device "pci-testdev,membar=16M"
	-chardev "file,id=log,path=/dev/fd/3" -serial chardev:log -device "pci-serial,chardev=command")
if [ -n "$icount" ]; then
	# Counting takes one processor.
	machine+=(-smp 1 -icount "shift=0,sleep=off")
fi
for_shell=(-chardev "stdio,id=command,signal=off")
for_command=(-chardev "file,id=command,path=/dev/fd/1")
