#!/bin/bash
# initramfs.sh TREE KERNEL: prints the path of an initramfs with busybox, the
# kselftests and their modules for the kernel built in the directory KERNEL, and
# the programs of this machine that KAPI_PROGRAMS has the names or paths of, if
# it does. It takes no root rights to make one.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

kernel=$2
selftests=$("$HARNESS/selftests.sh" "$1" "$kernel")
image=$kernel/initramfs.cpio
busybox=$("$HARNESS/busybox.sh" "$(arch_of "$kernel")")

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
	find "$selftests" -maxdepth 1 -type f ! -name '*.[do]' ! -name '.*' |
		sort | while read -r file; do
		echo "file /tests/$(basename "$file") $file 755 0 0"
	done
	find "$kernel/modules" -name '*.ko' | sort | while read -r file; do
		echo "file /tests/$(basename "$file") $file 644 0 0"
	done
}

# make_archive LISTING-FUNCTION ARCHIVE
make_archive() {
	"$1" >"$2.list"
	"$kernel/usr/gen_init_cpio" "$2.list" >"$2.part" ||
		die "the initramfs could not be made" "see $2.list"
	mv "$2.part" "$2"
}

# Dynamically linked programs of this machine run in all our kernels that are x86-64. They
# stand before busybox in PATH, their libraries and loader where they do here.
programs() {
	local name path files=()
	printf 'dir /usr 755 0 0\ndir /usr/bin 755 0 0\n'
	for name in $KAPI_PROGRAMS; do
		path=$(command -v "$name") || die "$name is not installed" "add it to harness/packages"
		echo "file /usr/bin/$(basename "$name") $(realpath "$path") 755 0 0"
		mapfile -t -O ${#files[@]} files < <(libraries "$path")
	done
	printf '%s\n' "${files[@]}" | sort -u | with_directories
}

# A static program has none.
libraries() {
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' || true
}

with_directories() {
	awk 'NF {
		n = split($1, part, "/")
		dir = ""
		for (i = 2; i < n; i++) {
			dir = dir "/" part[i]
			if (!seen[dir]++) print "dir " dir " 755 0 0"
		}
		print "file " $1 " " $1 " 755 0 0"
	}'
}

make_archive contents "$image"
if [ -n "${KAPI_PROGRAMS:-}" ]; then
	# Archives can be chained. The list may be longer than a file's name can be.
	extended=$kernel/initramfs-$(sha256sum <<<"$KAPI_PROGRAMS" | cut -c 1-16).cpio
	make_archive programs "$extended.more"
	cat "$image" "$extended.more" >"$extended.part"
	mv "$extended.part" "$extended"
	image=$extended
fi
echo "$image"
