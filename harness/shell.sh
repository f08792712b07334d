#!/bin/bash
# An interactive shell in the booted kernel, as root; "exit" ends it. The kernel is
# that of tree.sh.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=$("$HARNESS/tree.sh")
kernel=$("$HARNESS/build.sh" "$tree")
initramfs=$("$HARNESS/initramfs.sh" "$tree" "$kernel")
say "the kernel's messages are in $BUILD/boot.log; exit ends the shell"
exec "$HARNESS/boot.sh" -k kunit.enable=0 "$kernel" "$initramfs"
