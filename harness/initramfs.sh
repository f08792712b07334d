#!/bin/bash
# initramfs.sh TREE UML: prints the path of an initramfs with busybox, the
# kselftests and their modules. It takes no root rights to make one.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

uml=$2
selftests=$("$HARNESS/selftests.sh" "$1" "$uml")
image=$uml/initramfs.cpio
busybox=$(command -v busybox) || die "busybox is not installed" "run harness/setup.sh"

contents() {
	cat <<-LIST
		dir /bin 755 0 0
		dir /dev 755 0 0
		dir /tests 755 0 0
		nod /dev/console 600 0 0 c 5 1
		file /init $HARNESS/init 755 0 0
		file /bin/busybox $busybox 755 0 0
		slink /bin/sh busybox 777 0 0
	LIST
	# Executables and what is kept beside them, but no intermediate files.
	find "$selftests/kselftest/kapi" -maxdepth 1 -type f ! -name '*.[do]' ! -name '.*' |
		sort | while read -r file; do
		echo "file /tests/$(basename "$file") $file 755 0 0"
	done
	find "$selftests/test_modules" -name '*.ko' | sort | while read -r file; do
		echo "file /tests/$(basename "$file") $file 644 0 0"
	done
}

contents >"$image.list"
"$uml/usr/gen_init_cpio" "$image.list" >"$image.part" ||
	die "the initramfs could not be made" "see $image.list"
mv "$image.part" "$image"
echo "$image"
