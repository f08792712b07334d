#!/bin/bash
# What the specs in mm/mlock.c add to mm/mlock.o, each and all together, and that
# with CONFIG_KAPI_SPEC=n they add nothing.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

LIMIT=4096		# bytes of a spec, all included
LIMIT_NO_TEXT=2048	# without the strings
INDEX_ENTRY=24		# struct kapi_entry, made at boot

off=$BUILD/size-off
work=$BUILD/size
mkdir -p "$off" "$work"

build_off() {
	cp "$KAPI_UML/.config" "$off/.config"
	"$KAPI_TREE/scripts/config" --file "$off/.config" -d KAPI_SPEC
	make -C "$KAPI_TREE" ARCH=um O="$off" olddefconfig
	make -C "$KAPI_TREE" ARCH=um O="$off" -j"$JOBS" mm/mlock.o
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

# compile SOURCE OBJECT KERNEL: as kbuild compiled mm/mlock.o there. All under one
# name, as warnings have it in them.
compile() {
	local command
	command=$(sed -n 's/^savedcmd_[^ ]* := //p' "$3/mm/.mlock.o.cmd")
	command=${command%% ; *}
	command=${command/-o mm\/mlock.o/-o $2}
	command=${command/" $KAPI_TREE/mm/mlock.c"/" $work/mlock.c"}
	cp "$1" "$work/mlock.c"
	(cd "$3" && eval "$command -I$KAPI_TREE/mm") || return
	objcopy --strip-debug "$2"
}

# same_lines OUTPUT: the base's mlock.c, with an empty line for each that is
# new: line numbers go into the object where something can warn. The series gives
# a lock another name, for lockdep; that is not the spec's doing.
same_lines() {
	git -C "$KAPI_TREE" show refs/kapi/base:mm/mlock.c |
		sed 's/INIT_LOCAL_LOCK(lock)/INIT_LOCAL_LOCK(mlock_fbatch.lock)/' >"$work/base.c"
	diff --old-line-format='' --new-line-format='
' --unchanged-line-format='%L' "$work/base.c" "$KAPI_TREE/mm/mlock.c" >"$1" || true
}

verdict() {
	if [ "$2" -le "$3" ]; then
		echo "ok $1"
	else
		echo "not ok $1 - $2 bytes, the limit is $3"
	fi
}

logged "$BUILD/size-off.log" "building mm/mlock.o without CONFIG_KAPI_SPEC" build_off || exit

# without SPEC: mlock.c but for one spec
without() {
	sed "/^DEFINE_KERNEL_API_SPEC($1)/,/^KAPI_END_SPEC;/d" "$KAPI_TREE/mm/mlock.c"
}

# cost OBJECT [SECTION-REGEX]: what it has less than mlock.o has
cost() {
	echo $(($(allocated "$KAPI_UML/mm/mlock.o" "${2:-.}") - $(allocated "$1" "${2:-.}")))
}

specs=$(sed -n 's/^DEFINE_KERNEL_API_SPEC(\(.*\))$/\1/p' "$KAPI_TREE/mm/mlock.c")
count=$(wc -w <<<"$specs")
shared=$(cost "$off/mm/mlock.o")
for spec in $specs; do
	without "$spec" >"$work/without.c"
	compile "$work/without.c" "$work/without.o" "$KAPI_UML"
	own=$(($(cost "$work/without.o") + INDEX_ENTRY))
	text=$(cost "$work/without.o" '^[.]rodata[.]str')
	shared=$((shared - own + INDEX_ENTRY))
	echo "figure: the spec of ${spec#sys_}: $own bytes of its own, of which text $text"
	echo "$own $((own - text))"
done >"$work/costs"
grep '^figure' "$work/costs"
all=$(($(cost "$off/mm/mlock.o") + count * INDEX_ENTRY))
echo "figure: $count specs: $all bytes, of which $shared are shared; $((all / count)) for each"

# median COLUMN
median() {
	grep '^[0-9]' "$work/costs" | cut -d ' ' -f "$1" | sort -n | sed -n "$(((count + 1) / 2))p"
}
verdict size.spec "$(median 1)" $LIMIT
verdict size.spec-with-its-share $((all / count)) $LIMIT
verdict size.spec-without-text "$(median 2)" $LIMIT_NO_TEXT

same_lines "$work/padded.c"
compile "$work/padded.c" "$work/base.o" "$off"
compile "$KAPI_TREE/mm/mlock.c" "$work/off.o" "$off"
if cmp "$work/base.o" "$work/off.o"; then
	echo "ok size.off-is-identical"
else
	echo "not ok size.off-is-identical - mm/mlock.o differs from the unpatched kernel's"
fi

# The comparison sees a difference: one more instruction is one.
sed 's/^SYSCALL_DEFINE0(munlockall)$/& { barrier(); return sys_munlock(0, 1); } int other(void); int other(void)/' \
	"$work/padded.c" >"$work/other.c"
compile "$work/other.c" "$work/other.o" "$off"
if cmp -s "$work/base.o" "$work/other.o"; then
	echo "not ok size.comparison-works - it takes other code for the same"
else
	echo "ok size.comparison-works"
fi
