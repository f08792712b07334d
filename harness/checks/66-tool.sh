#!/bin/bash
# tools/kapi shows for an image, byte for byte, what the kernel shows in debugfs. It
# reports changes of every kind of clause, and nothing else. It refuses what it cannot
# read.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"
# shellcheck source=../tool/result.sh
. "$HARNESS/tool/result.sh"

work=$BUILD/tool-check
rm -rf "$work"
mkdir -p "$work/gnu"
kapi=$("$HARNESS/tool.sh")
cd "$work"

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
		grep -v -e '^#' -e _no_such -e _namesake -e getppid -e kapi_mod_none >"$1.list"
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

# === The kernel's make ======================================================

# As of any other of its tools: installed, it works; what is cleaned is gone.
kernel_make() {
	mkdir -p top
	make -s -C "$KAPI_TREE/tools" O="$work/top" DESTDIR="$work/root" kapi_install &&
		root/usr/bin/kapi show -s contract.o | cmp - contract.txt &&
		[ -f root/usr/share/man/man1/kapi.1 ] &&
		make -s -C "$KAPI_TREE/tools" O="$work/top" kapi_clean && [ -z "$(find top -type f)" ]
}
result make kernel_make

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

# The mutant as a module would have it, with the note on how specs are laid out.
image_of() {
	"$HARNESS/compile-mlock.sh" "$KAPI_TREE" "$KAPI_UML" "$1" "$work/mlock.o" &&
		ld -r -o "$2" mlock.o "$KAPI_UML/kernel/api/core.o"
}

readme_mutant() {
	image_of "$KAPI_TREE/mm/mlock.c" before.o
	"$HARNESS/mutants/mutate.py" apply spec-wrong-error "$KAPI_TREE" mutant >/dev/null
	image_of mutant/mm/mlock.c after.o
	readme 'kapi diff -p before/vmlinux -b after/vmlinux' >readme.txt
	[ -s readme.txt ] && diff readme.txt <("$kapi" diff -p before.o -b after.o)
}
result readme.mutant readme_mutant

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
echo '# f returns' >needs-nothing
result cover.nothing-required status 2 'needs-nothing: it names no spec' "$kapi" cover --require needs-nothing some
coverage context '- - - -' ' (prose)' >nothing-decided
result cover.nothing-decided status 2 'coverage: there is no clause' "$kapi" cover nothing-decided

# junit RESULT...: each as NAME=CHILD:MESSAGE, as a parser of XML reads them
junit() {
	"$kapi" cover -f junit --require needs-all hostile >junit.xml || [ $? = 1 ] || return
	python3 - "$@" <<-'END'
		import sys, xml.etree.ElementTree as tree
		suite = tree.parse('junit.xml').getroot()
		said = [f"{case.get('classname')} {case.get('name')}=" +
			''.join(f"{child.tag}:{child.get('message')}" for child in case) for case in suite]
		counts = [suite.get(key) for key in ('tests', 'failures', 'errors', 'skipped')]
		sys.exit(said != sys.argv[1:] and f'{said}' or counts != ['4', '2', '0', '1'] and f'{counts}')
	END
}

# Of what XML has no place for, the numbers are shown.
coverage returns '3 0 0 -' '' $'<&>"\'\e\xff\xef\xbf\xbe' '3 1 0 -' '' locks '0 0 2 -' '' \
	context '- - - -' ' (needs <"&)' >hostile
printf 'f\nf context\n' >needs-all
result cover.junit junit 'f returns=' 'f <&>"'\''\x1b\xff\xef\xbf\xbe=failure:violated 1 times' \
	'f locks=failure:undecided 2 times, and never held' 'f context=skipped:needs <"&'
result cover.no-coverage status 2 'contract.txt: not what debugfs has' "$kapi" cover contract.txt

# === Drafts =================================================================
cat >learned <<'END'
sys_eventfd2 param unsigned int count
sys_eventfd2 param int flags
sys_eventfd2 missed 0
sys_eventfd2 lock spinning_write 30 20 &newf->file_lock
sys_eventfd2 lock sleeping_read 20 20 a "quoted" \class*/
sys_eventfd2 lock sleeping_write 3 3 rare
sys_eventfd2 error -EMFILE 4 0
sys_eventfd2 error -ERESTARTSYS 5 0
sys_eventfd2 error -EMFILE 3 0
sys_eventfd2 error -1234 1 0
sys_eventfd2 signal 24 2 1
sys_eventfd2 result positive 20 20
other from process 7 7
other from softirq 3 3
other missed 2
other error -ENOMEM 1 0
other result large 6 6
END
cat >other.c <<'END'
/* SYSCALL_DEFINE2(eventfd2, int, a, int, b) { } */
#define MAP	(1 | 2)
static inline struct kapi_call *other(const char *name,
				      int modes, int late, int nested, int both)
	__must_hold(&lock)
{
	if (late == -EIO || !name)
		return ERR_PTR(-EBADF);
	if (!modes || (modes & ~(MAP_A | MAP)) != 0 || name == NULL)
		return -EDOM;
	if (both & ~MAP && name)
		return -EINVAL;
	if (!late)
		return NULL;
	if (late & ~MAP)
		return -EINVAL;
	return -ENOMEM;
}
END

# says FUNCTION LINE...: its draft has these lines, without counts and tabs
says() {
	local draft line
	draft=$("$kapi" draft -l learned -c other.c -c "$KAPI_TREE/fs/eventfd.c" "$1" | tr -s '\t\n' ' ') || return
	for line in "${@:2}"; do
		grep -qF -- "$line" <<<"$draft" && continue
		printf '%s\nhas no: %s\n' "$draft" "$line"
		return 1
	done
}

# It declares the errors that calls returned or that a mask in the source gives, and no other.
only_errors_seen_or_masked() {
	[ "$("$kapi" draft -l learned -c "$KAPI_TREE/fs/eventfd.c" sys_eventfd2 |
		sed -n 's/^\tKAPI_FAILS(\([^,]*\),.*/\1/p' | paste -sd' ')" = '-EMFILE -EINTR -EINVAL' ]
}

# Above its function, in the kernel's own tree, as the kernel's make compiles it; and then
# no mistake is found in it that the kernel would find at boot.
is_pasted() {
	local command
	"$kapi" draft -l learned -c "$KAPI_TREE/fs/eventfd.c" sys_eventfd2 >draft.c || return
	awk '/^SYSCALL_DEFINE2\(eventfd2,/ { while ((getline line <"draft.c") > 0) print line }
		{ print }' "$KAPI_TREE/fs/eventfd.c" >eventfd.c
	command=$(sed -n 's/^savedcmd_[^ ]* := //p' "$KAPI_UML/fs/.eventfd.o.cmd")
	command=${command%% ; *}
	command=${command/-o fs\/eventfd.o/-o $work/eventfd.o}
	command=${command/" $KAPI_TREE/fs/eventfd.c"/" $work/eventfd.c"}
	(cd "$KAPI_UML" && eval "$command -Werror") || return
	ld -r -o pasted.o eventfd.o "$KAPI_UML/kernel/api/core.o" && "$kapi" show -s pasted.o sys_eventfd2
}

result draft.syscall says sys_eventfd2 'DEFINE_KERNEL_API_SPEC(sys_eventfd2)' \
	'KAPI_ARG(unsigned int, count,' 'KAPI_BITS(EFD_FLAGS_SET, -EINVAL))' \
	'KAPI_FAILS(-EMFILE, "find out: when") /* seen in 7 of 33 calls */' \
	'while it waits", .restartable = true)' 'error -1234, without a name' \
	'KAPI_TAKES(file_lock, KAPI_LOCK_SPINLOCK, "&newf->file_lock")' \
	'"a \"quoted\" \\class*/", KAPI_FOR_READ)' 'KAPI_SENDS(SIGXCPU,' \
	'which of these locks' 'KAPI_OTHER_ERRORS('
result draft.function says other 'KAPI_ARG(const char *, name,' 'KAPI_ARG(int, late, "find out: what it means") KAPI' \
	'KAPI_BITS(MAP_A | MAP, -EDOM))' 'KAPI_ARG(int, both, "find out: what it means") KAPI' \
	'KAPI_RETURNS(struct kapi_call *, KAPI_RETURN_ERROR_CHECK' \
	'KAPI_CONTEXT(KAPI_CTX_PROCESS | KAPI_CTX_SOFTIRQ)' 'names them: -EBADF -EINVAL */' \
	'No room was left for 2 errors, locks or signals'

# Its prototype is in BTF, or nowhere.
cat >btf.c <<'END'
struct file;
typedef unsigned int some;
unsigned long other(const char *const name, struct file *file, unsigned long len, some flags, _Bool now)
{
	return name && file && len && flags && now;
}
END
gcc -gbtf -c btf.c
objcopy --dump-section .BTF=btf btf.o 2>/dev/null

has_prototype() {
	[ "$("$kapi" draft -l learned "$@" other | sed -n 's/^\tKAPI_\(ARG\|RETURNS\)(\(.*\), "find.*/\2/p' | paste -sd';')" = \
		'const char *, name;struct file *, file;unsigned long, len;some, flags;bool, now;unsigned long, KAPI_RETURN_ERROR_CHECK' ]
}
result draft.btf has_prototype -s btf
result draft.btf-of-elf has_prototype -s btf.o
result draft.no-btf status 2 'contract.o: it has no BTF' "$kapi" draft -l learned -s contract.o other
result draft.no-prototype status 0 'a KAPI_ARG() for each parameter' "$kapi" draft -l learned other
result draft.no-other-error only_errors_seen_or_masked
result draft.pasted status 0 'KAPI\|sys_eventfd2' is_pasted
result draft.without status 2 'learned: nothing of sys_none; write its name to' "$kapi" draft -l learned sys_none
sed 's/ 4 0$/ 4/' learned >short
result draft.cut status 2 'short: line 7: not what debugfs has' "$kapi" draft -l short sys_eventfd2
result draft.nowhere status 2 'nowhere: No such file' "$kapi" draft -l learned -c nowhere other
# === Completion =============================================================

# completes WORDS COMMAND...: these for the last word
completes() {
	# shellcheck disable=SC2034 # bash's own
	(
		# shellcheck source=/dev/null
		. "$KAPI_TREE/tools/kapi/bash-completion"
		PATH=$(dirname "$kapi"):$PATH COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2))
		_kapi
		[ "${COMPREPLY[*]}" = "$1" ] || { echo "${COMPREPLY[*]}"; return 1; }
	)
}

result completion.command completes 'show' kapi sh
result completion.show completes 'man' kapi show -f m
result completion.cover completes 'ktap junit' kapi cover -f ''
result completion.name completes 'second' kapi show -s contract.o se
result completion.file completes 'contract.txt' kapi diff -p contract.t

# === What cannot be read ====================================================

gcc -Wall -Werror -O2 -o damage "$HARNESS/tool/damage.c"
mkdir asan
make -s -C "$KAPI_TREE/tools/kapi" -j"$JOBS" OUTPUT="$work/asan/" \
	CFLAGS='-O1 -fsanitize=address,undefined -fno-sanitize-recover=all'
export ASAN_OPTIONS=detect_leaks=0
for file in contract.o contract.pie s390x.o m68k.o contract.json; do
	for format in text man rst html; do
		result "hostile.$file.$format" ./damage "$work/$file" 25 1 asan/kapi show -f $format -s
	done
	result "hostile.$file.diff" ./damage "$work/$file" 25 2 asan/kapi diff -p contract.json -b
done
result hostile.btf ./damage "$work/btf" 200 1 asan/kapi draft other -l learned -s
result hostile.btf-of-elf ./damage "$work/btf.o" 200 1 asan/kapi draft other -l learned -s
result hostile.learned ./damage "$work/learned" 100 1 asan/kapi draft other sys_eventfd2 -c other.c -l
result hostile.definition ./damage "$work/other.c" 100 1 asan/kapi draft other -l learned -c
for format in ktap junit; do
	result "hostile.coverage.$format" ./damage "$work/uml/coverage" 100 1 asan/kapi cover -f $format
done
printf 'f returns\nf\n' >needs-it
result hostile.required ./damage "$work/needs-it" 100 1 asan/kapi cover violated -r

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
