#!/bin/bash
# tools/kapi: of an image it shows, byte for byte, what the kernel shows in debugfs; of
# every kind of clause it tells when it changed, and nothing else; what it cannot read it
# refuses.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

work=$BUILD/tool-check
rm -rf "$work"
mkdir -p "$work/gnu"
kapi=$("$HARNESS/tool.sh")
cd "$work"

# result NAME COMMAND...
result() {
	local name=$1
	shift
	if "$@"; then
		echo "ok tool.$name"
	else
		echo "not ok tool.$name - see above"
	fi
}

# same COMMAND FILE: what it prints
same() {
	cmp <($1) "$2"
}

# status NUMBER TEXT COMMAND...: how it ends, and what it says
status() {
	local status=0 said
	said=$("${@:3}" 2>&1) || status=$?
	[ "$status" = "$1" ] && grep -q -- "$2" <<<"$said" && return
	printf '%s\nstatus %s instead of %s\n' "$said" "$status" "$1"
	return 1
}

# === What debugfs shows =====================================================

# boot NAME KERNEL INITRAMFS: writes what it shows into files: list, specs.json, NAME...
boot() {
	# shellcheck disable=SC2016 # for the shell of the kernel that boots
	"$HARNESS/boot.sh" -l "$BUILD/tool-$1.boot.log" -k kunit.enable=0 "$2" "$3" '
		insmod kapi_test_specs.ko && cd /sys/kernel/debug/kapi || exit
		echo 1 >validate && cat list >/dev/null || exit
		for file in list specs.json coverage specs/*; do
			printf "\f%s\n" "$file"
			cat "$file"
		done' >"$1.all"
	mkdir -p "$1/specs"
	awk -v RS='\f' -v ORS='' -v dir="$1/" '{
		file = $0
		sub(/\n.*/, "", file)
		if (file != "") print substr($0, length(file) + 2) >(dir file)
	}' "$1.all"
}

# Specs that the module has and the kernel not are shown, too, but for this.
show() {
	"$kapi" show -s "$2/vmlinux" -s "$2/modules/tests/kapi_test_specs.ko" "${@:3}" 2>"$1.err" ||
		[ $? = 2 ]
}

texts_agree() {
	local file
	[ "$(find "$1/specs" -type f | wc -l)" -gt 20 ] || return
	for file in "$1"/specs/*; do
		show "$1" "$2" "$(basename "$file")" | cmp - "$file" || return
	done
}

json_agrees() {
	local names
	mapfile -t names < <(ls "$1/specs")
	show "$1" "$2" -f json "${names[@]}" | cmp - "$1/specs.json"
}

# How many clauses can be checked, only the kernel knows.
list_agrees() {
	show "$1" "$2" >/dev/null
	"$kapi" list -s "$2/vmlinux" -s "$2/modules/tests/kapi_test_specs.ko" 2>/dev/null |
		grep -v -e '^#' -e _no_such -e getppid -e kapi_mod_none >"$1.list"
	grep -v '^#' "$1/list" | cut -d' ' -f1-3 | cmp - "$1.list"
}

# The module's bad specs are rejected for the same reasons.
rejects_agree() {
	grep -q 'kapi_mod_leak rejected: locks\[lock\]: acquired but never released; add KAPI_LOCK_RELEASED' "$1.err" &&
		[ "$(wc -l <"$1.err")" = 4 ]
}

compare_with() {
	[ -n "$2" ] || return 0
	boot "$1" "$2" "$3"
	result "text.$1" texts_agree "$1" "$2"
	result "json.$1" json_agrees "$1" "$2"
	result "list.$1" list_agrees "$1" "$2"
	result "rejects.$1" rejects_agree "$1"
}

compare_with uml "$KAPI_UML" "$KAPI_INITRAMFS"
compare_with x86 "${KAPI_X86:-}" "${KAPI_X86_INITRAMFS:-}"
compare_with arm64 "${KAPI_ARM64:-}" "${KAPI_ARM64_INITRAMFS:-}"

# A specs.json that was saved is as good, but for what was no UTF-8.
saved_agrees() {
	local file
	for file in uml/specs/*; do
		case $file in *_strings) continue ;; esac
		"$kapi" show -s uml/specs.json "$(basename "$file")" | cmp - "$file" || return
	done
}
result saved-json saved_agrees
result saved-json.same status 0 '' "$kapi" diff -p uml/specs.json -b uml

# === Other architectures ====================================================

# compile COMPILER [FLAG]...: a file with specs, from standard input, as a module's
compile() {
	local include=$KAPI_TREE/tools/include
	"$@" -std=gnu11 -D_GNU_SOURCE -ffreestanding -w -DMODULE -DCONFIG_KAPI_SPEC \
		-I"$KAPI_TREE/tools/kapi/include" -I"$include" -I"$include/uapi" -I"$work" \
		-idirafter /usr/include/x86_64-linux-gnu -include "$HARNESS/tool/target.h" -x c -c -
}

# The host's headers ask for this where int is as long as a pointer.
: >gnu/stubs-32.h
compile gcc -o contract.o <"$HARNESS/tool/contract.c"
"$kapi" show -s contract.o >contract.txt
targets=(i386 arm armeb mips mipsel powerpc riscv32 m68k x86_64 aarch64)
# For these they are taken for another 64-bit architecture's.
others=(s390x loongarch64 powerpc64 powerpc64le riscv64 sparc64 aarch64_be mips64)
for target in "${targets[@]}" "${others[@]/%/ -D__x86_64__}"; do
	read -r target flag <<<"$target"
	compile "clang-$CLANG" --target="$target-linux-gnu" ${flag:+"$flag"} -o "$target.o" \
		<"$HARNESS/tool/contract.c"
	result "target.$target" same "$kapi show -s $target.o" contract.txt
done
"$kapi" show -f json -s contract.o >contract.json
result target.json same "$kapi show -s contract.json" contract.txt
ld -e 0 -o contract.exe contract.o 2>/dev/null
result target.linked same "$kapi show -s contract.exe" contract.txt
ld -pie -e 0 -z notext -o contract.pie contract.o 2>/dev/null
result target.pie same "$kapi show -s contract.pie" contract.txt
xz -k contract.o
result target.compressed same "$kapi show -s contract.o.xz" contract.txt

# === Changes ================================================================

# change EDIT CHANGES: these changes, separated by "|", are all that there are
change() {
	local said
	sed "$1" "$HARNESS/tool/contract.c" >changed.c
	compile gcc -o changed.o <changed.c || return
	said=$("$kapi" diff -p contract.o -b changed.o || [ $? = 1 ]) || return
	said=$(grep -v '^  [-+] ' <<<"$said" | paste -sd'|')
	[ "$said" = "$2" ] || { echo "$1: said $said, not $2"; return 1; }
}

changes=0
while IFS=$'\t' read -r edit said; do
	changes=$((changes + 1))
	result "change.$changes" change "$edit" "$said"
done < <(grep -v '^#' "$HARNESS/tool/changes.txt")
result change.none status 0 '' "$kapi" diff -p contract.o -b contract.exe
result change.status status 1 'second: stricter: other_errors' "$kapi" diff -p contract.o -b changed.o second
result change.text-ignored status 0 '' "$kapi" diff -t -p contract.o -b <(
	"$kapi" show -f json -s contract.o | sed 's/Do something/Do a thing/')
result change.json python3 -c "import json, sys; sys.exit(not json.load(sys.stdin)['changes'])" < <(
	"$kapi" diff -f json -p contract.o -b changed.o || true)

# === Coverage ===============================================================

coverage() {
	printf '# spec clause held violated undecided misused text\n' &&
		printf 'f %s %s  text%s\n' "$@"
}

coverage returns '3 0 0 -' '' 'errors[EIO]' '0 - 0 -' '' locks '0 0 2 -' '' context '- - - -' ' (needs CONFIG_LOCKDEP)' >some
coverage returns '1 0 0 -' '' 'errors[EIO]' '1 - 0 -' '' locks '1 0 0 -' '' context '- - - -' ' (needs CONFIG_LOCKDEP)' >all
coverage returns '3 1 0 -' '' >violated
coverage returns '3 0 0 2' '' >misused
printf 'f returns\nf context\n' >needs-context
echo 'f errors[EIO]' >needs-error
result cover.missing status 1 'not ok 2 f.errors\[EIO\] # missing' "$kapi" cover some
result cover.all status 0 'held 3, violated 0' "$kapi" cover all
result cover.sum status 0 'held 3, violated 0' "$kapi" cover all some
result cover.violated status 1 'not ok 1 f.returns # violated 1 times' "$kapi" cover violated
result cover.misused status 1 'not ok 1 f.returns # misused 2 times' "$kapi" cover misused
result cover.real status 1 '^ok [0-9]* sys_read.returns$' "$kapi" cover uml/coverage
result cover.required status 1 '1..1' "$kapi" cover --require needs-error some
result cover.not-here status 2 'ok 2 f.context # SKIP needs CONFIG_LOCKDEP' "$kapi" cover --require needs-context some
result cover.no-such-clause status 2 'needs-error: line 1: no run had' "$kapi" cover --require needs-error violated
result cover.no-coverage status 2 'contract.txt: not what debugfs has' "$kapi" cover contract.txt

# === What cannot be read ====================================================

gcc -Wall -Werror -O2 -o damage "$HARNESS/tool/damage.c"
mkdir asan
make -s -C "$KAPI_TREE/tools/kapi" -j"$JOBS" OUTPUT="$work/asan/" \
	CFLAGS='-O1 -fsanitize=address,undefined -fno-sanitize-recover=all'
export ASAN_OPTIONS=detect_leaks=0
for file in contract.o contract.pie s390x.o m68k.o contract.json; do
	result "hostile.$file" ./damage "$work/$file" 100 1 asan/kapi show -s
done

# update SECTION COMMAND...: writes hostile.o with the section as the command makes it
update() {
	objcopy --dump-section "$1=section" contract.o hostile.o &&
		"${@:2}" <section >section.new &&
		objcopy --update-section "$1=section.new" contract.o hostile.o
}

update .rodata tr '\0' x
result refuses.endless-text status 2 'hostile.o: the text at 0x[0-9a-f]* has no end' "$kapi" list -s hostile.o
update .kapi_specs head -c 600
result refuses.part-of-a-spec status 2 'hostile.o: .kapi_specs has 600 bytes, which is no multiple' "$kapi" list -s hostile.o

# wrong CLAUSE [DECLARATION]: writes hostile.o with it, which no macro makes
wrong() {
	sed "s/KAPI_CHECKED_IN_ORDER/$1,/; s/^DEFINE_KERNEL_API_SPEC(first)/${2:-}\n&/" \
		"$HARNESS/tool/contract.c" | compile gcc -o hostile.o
}

slot='.clause[__COUNTER__ % KAPI_MAX_CLAUSES] = \&(const'
wrong '.locks[0] = { .name = "x", .kind = KAPI_PARAMS }'
result refuses.no-lock status 2 'hostile.o: at 0x[0-9a-f]* is no lock' "$kapi" list -s hostile.o
wrong "$slot struct kapi_clause) { .name = \"x\", .kind = 77 }"
result refuses.no-kind status 2 'hostile.o: at 0x[0-9a-f]* is a clause of kind 77' "$kapi" list -s hostile.o
wrong "$slot union any) { .byte = { [offsetof(struct kapi_error_spec, kind)] = KAPI_ERRORS, [offsetof(struct kapi_error_spec, closed)] = 7 } }" \
	'union any { struct kapi_error_spec error; u8 byte[sizeof(struct kapi_error_spec)]; };'
result refuses.no-truth status 2 'hostile.o: kapi_error_spec.closed .* is 7, neither true nor false' "$kapi" list -s hostile.o
wrong '.clause[__COUNTER__ % KAPI_MAX_CLAUSES] = (void *)0x12345678'
result refuses.nowhere status 2 'hostile.o: nothing lies at 0x123456' "$kapi" list -s hostile.o
wrong '.clause[__COUNTER__ % KAPI_MAX_CLAUSES] = half' \
	'static const char half[40] __section(".half");'
result refuses.half-a-clause status 2 'hostile.o: .* goes beyond its section' "$kapi" list -s hostile.o
printf '{"version": %.0s' {1..100000} >hostile.json
result refuses.deep-json status 2 'hostile.json: line 1: lists and objects are nested too deep' "$kapi" list -s hostile.json

# The type of the note is what follows the two lengths before its name.
note=$(grep -abo 'kapi.\{4\}' contract.o | head -n 1 | cut -d: -f1)
cp contract.o newer.o
printf '\011' | dd of=newer.o bs=1 seek=$((note - 4)) conv=notrunc status=none
result refuses.version status 2 'newer.o: its specs have layout 9' "$kapi" list -s newer.o
sed 's/"version": [0-9]*/"version": 99/' contract.json >newer.json
result refuses.json-version status 2 'newer.json: it is of version 99' "$kapi" list -s newer.json
head -c 3000 contract.o >cut.o
result refuses.cut status 2 'cut.o: ' "$kapi" list -s cut.o
objcopy -R .kapi_specs -R .rela.kapi_specs contract.o without.o
result refuses.none status 2 'without.o: it has no specs' "$kapi" list -s without.o
result refuses.other status 2 'damage.c: neither an ELF image nor JSON' "$kapi" list -s "$HARNESS/tool/damage.c"
result refuses.missing status 2 'nowhere: No such file' "$kapi" list -s nowhere
result refuses.name status 2 'sys_none: there is no spec' "$kapi" show -s contract.o sys_none
