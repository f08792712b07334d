#!/bin/bash
# What the specs in mm/mlock.c add to mm/mlock.o, each and all together, and that
# with CONFIG_KAPI_SPEC=n they add nothing.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

LIMIT=4096		# bytes of a spec, all included
LIMIT_NO_TEXT=2048	# without the strings

work=$BUILD/size
off=$work/off-$(basename "$KAPI_UML")

result() {
	if [ "$2" -le "$3" ]; then
		echo "ok $1"
	else
		echo "not ok $1 - $2 bytes, the limit is $3"
	fi
}

median() {
	sort -n | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }'
}

compile() {
	"$HARNESS/compile-mlock.sh" "$KAPI_TREE" "$off" "$1" "$2"
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

costs=$("$HARNESS/spec-size.sh" "$KAPI_TREE" "$KAPI_UML")
specs=$(grep -v '^all ' <<<"$costs")
read -r _ count all shared _ <<<"$(grep '^all ' <<<"$costs")"
while read -r spec own text; do
	echo "figure: the spec of ${spec#sys_}: $own bytes of its own, of which text $text"
done <<<"$specs"
echo "figure: $count specs: $all bytes, of which $shared are shared; $((all / count)) for each"
result size.spec "$(awk '{ print $2 }' <<<"$specs" | median)" $LIMIT
result size.spec-with-its-share $((all / count)) $LIMIT
result size.spec-without-text "$(awk '{ print $2 - $3 }' <<<"$specs" | median)" $LIMIT_NO_TEXT

same_lines "$work/padded.c"
compile "$work/padded.c" "$work/base.o"
compile "$KAPI_TREE/mm/mlock.c" "$work/off.o"
if cmp "$work/base.o" "$work/off.o"; then
	echo "ok size.off-is-identical"
else
	echo "not ok size.off-is-identical - mm/mlock.o differs from the unpatched kernel's"
fi

# The comparison sees a difference: one more instruction is one.
sed 's/^SYSCALL_DEFINE0(munlockall)$/& { barrier(); return sys_munlock(0, 1); } int other(void); int other(void)/' \
	"$work/padded.c" >"$work/other.c"
compile "$work/other.c" "$work/other.o"
if cmp -s "$work/base.o" "$work/other.o"; then
	echo "not ok size.comparison-works - it takes other code for the same"
else
	echo "ok size.comparison-works"
fi
