#!/bin/bash
# spec-size.sh TREE KERNEL: what the specs in mm/mlock.c add to the mm/mlock.o of the
# kernel in the directory KERNEL, without the validator: the code of conditions is its
# own. One line for each, "SPEC OWN TEXT": the bytes that go if it goes, with its entry in
# the index, and those of them that are strings; at the end "all COUNT BYTES SHARED TEXT
# CODE", the last being what the conditions add with the validator. What is compiled on
# the way stays in build/size.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

INDEX_ENTRY=24		# struct kapi_entry, made at boot

tree=$1
kernel=$2
work=$BUILD/size
off=$work/off-$(basename "$kernel")
mkdir -p "$off"

build_off() {
	local make=(make -C "$tree" ARCH="$(arch_of "$kernel")" O="$off" -j"$JOBS")
	cp "$kernel/.config" "$off/.config" &&
		"$tree/scripts/config" --file "$off/.config" -d KAPI_SPEC &&
		"${make[@]}" olddefconfig && "${make[@]}" mm/mlock.o
}

# allocated OBJECT [SECTION-REGEX]: bytes of its sections that end up in memory
allocated() {
	local sum=0 size
	while read -r size; do
		sum=$((sum + 16#$size))
	done < <(readelf -SW "$1" | sed 's/^ *\[ *[0-9]*\]//' |
		awk -v want="${2:-.}" '$7 ~ /A/ && $1 ~ want { print $5 }')
	echo $sum
}

# cost OBJECT [SECTION-REGEX]: what it has less than mlock.o has
cost() {
	echo $(($(allocated "$work/all.o" "${2:-.}") - $(allocated "$1" "${2:-.}")))
}

# without_validator: a source, each line where it was
without_validator() {
	sed '1s,^,#undef CONFIG_KAPI_RUNTIME_CHECKS ,'
}

logged "$BUILD/size-off.log" "building mm/mlock.o without CONFIG_KAPI_SPEC" build_off ||
	die "mm/mlock.o does not build without CONFIG_KAPI_SPEC"
without_validator <"$tree/mm/mlock.c" >"$work/without.c"
"$HARNESS/compile-mlock.sh" "$tree" "$kernel" "$work/without.c" "$work/all.o"
shared=$(cost "$off/mm/mlock.o")
mapfile -t specs < <(sed -n 's/^DEFINE_KERNEL_API_SPEC(\(.*\))$/\1/p' "$tree/mm/mlock.c")
for spec in "${specs[@]}"; do
	sed "/^DEFINE_KERNEL_API_SPEC($spec)/,/^KAPI_END_SPEC;/d" "$tree/mm/mlock.c" |
		without_validator >"$work/without.c"
	"$HARNESS/compile-mlock.sh" "$tree" "$kernel" "$work/without.c" "$work/without.o"
	own=$(cost "$work/without.o")
	echo "$spec $((own + INDEX_ENTRY)) $(cost "$work/without.o" '^[.]rodata[.]str')"
	shared=$((shared - own))
done
echo "all ${#specs[@]} $(($(cost "$off/mm/mlock.o") + ${#specs[@]} * INDEX_ENTRY)) $shared $(cost "$off/mm/mlock.o" '^[.]rodata[.]str') $(($(allocated "$kernel/mm/mlock.o") - $(allocated "$work/all.o")))"
