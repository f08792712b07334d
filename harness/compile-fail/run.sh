#!/bin/bash
# run.sh COMPILER OBJECTS [FLAG]...: compiles each case of cases.txt, with the
# headers of the kernel build in OBJECTS (FLAGs go first) and CONFIG_KAPI_SPEC
# on and off, and says whether it got its message. CASES=REGEX picks some.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"
# Messages in ASCII, quotes included.
export LC_ALL=C

[ $# -ge 2 ] || die "usage: $(basename "$0") COMPILER OBJECTS [FLAG]..."
cc=$1
objects=$2
shift 2
case $cc in
*clang*) kind=clang ;;
*) kind=gcc ;;
esac
cd "$objects" || die "there is no kernel build in $objects" "harness/build.sh makes one"
# How the first object of every kernel build was made.
model=scripts/mod/.empty.o.cmd
[ -f $model ] || die "the kernel build in $objects has not begun" "harness/build.sh makes one"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo '#define CONFIG_KAPI_SPEC 1' >"$work/on.h"
echo '#undef CONFIG_KAPI_SPEC' >"$work/off.h"

# kernel_flags COMMAND...: of its words, those that say where the headers are,
# what language it is and what to warn about. Compilers disagree about the
# others, and no message depends on them.
kernel_flags() {
	while [ $# -gt 0 ]; do
		case $1 in
		-Wp,*) ;;
		-include) printf '%s\n' "$1" "$2" ;;
		-nostdinc | -[IDUWO]?* | -std=* | -m32 | -m64 | -fms-extensions | \
			-fshort-wchar | -funsigned-char | -fno-builtin) printf '%s\n' "$1" ;;
		esac
		shift
	done
}

command=$(sed -n 's/^savedcmd_[^ ]* := //p' $model)
eval "mapfile -t flags < <(kernel_flags ${command%%;*})"
flags=("$@" "${flags[@]}")
if [ $kind = clang ]; then
	# Kernel headers are not clean for Clang without these.
	flags+=(-fno-caret-diagnostics -Wno-unknown-warning-option -Wno-gnu
		-Wno-microsoft-anon-tag -Wno-enum-enum-conversion -Wno-null-pointer-arithmetic)
else
	flags+=(-fno-diagnostics-show-caret)
fi
# What W=1 adds or leaves on: only what is right must be free of warnings.
w1=(-DKBUILD_EXTRA_WARN1 -Wmissing-format-attribute -Wunused-const-variable
	-Wunused-but-set-variable -Wpacked-not-aligned -Woverride-init)

# Writes of each case NNN.c and NNN.case: its name, message, flags, and the line
# of the mistake. Case 000 is the base. To the compiler all stands in cases.txt.
split_cases() {
	KIND=$kind PICK=${CASES:-.} WORK=$work awk '
	function bad(why) {
		print "kapi: error: cases.txt, " name ": " why >"/dev/stderr"
		failed = 1
		exit 1
	}
	function at(line, text) {
		return "#line " line " \"harness/compile-fail/cases.txt\"\n" text
	}
	function set_base(	cut) {
		cut = index(body, "\n...\n")
		before = at(first, substr(body, 1, cut))
		after = at(dots + 1, substr(body, cut + 5))
		body = ""
	}
	function end_case(	file, text) {
		if (name == "base")
			set_base()
		else if (name == "" || name !~ ENVIRON["PICK"])
			return
		else if (("gcc" in key) == (name ~ /\(accepted\)$/))
			bad("either its head has a line \"gcc:\" or its name ends in \"(accepted)\"")
		text = at(first, body)
		if (body !~ /DEFINE_KERNEL_API_SPEC/)
			text = before text after
		file = sprintf("%s/%03d", ENVIRON["WORK"], count++)
		print "#include <linux/kernel_api_spec.h>\n" text >(file ".c")
		close(file ".c")
		if (!(ENVIRON["KIND"] in key))
			key[ENVIRON["KIND"]] = key["gcc"]
		print name "\n" key[ENVIRON["KIND"]] "\n" key["flags"] "\n" mistake >(file ".case")
		close(file ".case")
	}
	/^# / { $0 = "" }
	/^== / {
		end_case()
		name = substr($0, 4)
		split("", key)
		body = mistake = ""
		head = 1
		next
	}
	head && /^(gcc|clang|flags): / {
		key[substr($1, 1, length($1) - 1)] = substr($0, length($1) + 2)
		next
	}
	head && $0 != "" { bad("this is no line of a head: " $0) }
	head {
		head = 0
		first = NR + 1
		next
	}
	$0 == "..." { dots = NR }
	!mistake && NF || /\/\/ HERE$/ { mistake = NR }
	{ body = body $0 "\n" }
	END { if (!failed) end_case() }' "$HARNESS/compile-fail/cases.txt"
}

# errors_with TEXT: the errors that say so, each with the notes that follow it
errors_with() {
	TEXT=$1 awk '
	/: (warning|error|fatal error): / { take = /error: / && index($0, ENVIRON["TEXT"]) }
	take'
}

# refused SOURCE TEXT LINE FLAG...: fails, and says why, unless it is refused
# with an error that has the TEXT and points at the LINE.
refused() {
	local source=$1 text=$2 line=$3 output errors
	shift 3
	if output=$("$cc" "${flags[@]}" "$@" -fsyntax-only "$source" 2>&1); then
		echo "it compiles"
	else
		errors=$(errors_with "$text" <<<"$output")
		if [ -z "$errors" ]; then
			echo "no error says: $text"
		elif ! grep -qF "cases.txt:$line:" <<<"$errors"; then
			echo "the error does not point at line $line of cases.txt"
		else
			return 0
		fi
	fi
	echo "$output"
	return 1
}

# accepted SOURCE FLAG...: fails, and says why, unless it compiles in silence
accepted() {
	local output
	if ! output=$("$cc" "${flags[@]}" "${w1[@]}" "${@:2}" -S -o /dev/null "$1" 2>&1); then
		echo "it does not compile"
	elif [ -n "$output" ]; then
		echo "there are warnings"
	else
		return 0
	fi
	echo "$output"
	return 1
}

# run_case CASE: prints its result; if that is bad, with what the compiler said
run_case() {
	local name text options line setting why
	{
		read -r name
		read -r text
		read -ra options
		read -r line
	} <"$1.case"
	for setting in on off; do
		if [ -n "$text" ]; then
			why=$(refused "$1.c" "$text" "$line" -include "$work/$setting.h" "${options[@]}")
		else
			why=$(accepted "$1.c" -include "$work/$setting.h" "${options[@]}")
		fi && continue
		echo "not ok compile-fail $kind: $name - $(head -n 1 <<<"$why") (CONFIG_KAPI_SPEC $setting)"
		grep -E ': (warning|error|fatal error): ' <<<"$why" | sed 's/^/    /' || true
		return
	done
	echo "ok compile-fail $kind: $name"
}

split_cases || exit
# If the base does not compile, the others tell nothing.
run_case "$work/000" | tee "$work/results"
grep -q '^ok ' "$work/results" || exit 1
rm "$work/000.case"
all=("$work"/*.case)
[ -e "${all[0]}" ] || die "no case is named like CASES=$CASES"
for file in "${all[@]}"; do
	[ "$(jobs -pr | wc -l)" -lt "$JOBS" ] || wait -n
	run_case "${file%.case}" >"${file%.case}.result" &
done
wait
cat "$work"/*.result | tee "$work/results"
[ "$(grep -Ec '^(ok|not ok) ' "$work/results")" = ${#all[@]} ] ||
	die "not every case came to a result"
! grep -q '^not ok ' "$work/results"
