#!/bin/bash
# With CONFIG_KAPI_RUNTIME_CHECKS and the validator off, munlockall and the entry
# of system calls are the same instructions as without the option.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

# objects FLAVOUR: what is compared, and the functions in them
objects() {
	case $1 in
	uml) echo "mm/mlock.o: sys_munlockall apply_mlockall_flags mlock_fixup mlock_pte_range" &&
		echo "arch/um/kernel/skas/syscall.o: handle_syscall" &&
		echo "arch/um/kernel/ptrace.o: syscall_trace_enter syscall_trace_leave" ;;
	x86) echo "mm/mlock.o: __x64_sys_munlockall apply_mlockall_flags mlock_fixup mlock_pte_range" &&
		echo "arch/x86/entry/syscall_64.o: do_syscall_64 x64_sys_call" &&
		echo "kernel/entry/syscall-common.o: trace_syscall_enter trace_syscall_exit" ;;
	esac
}

build_without() {
	local make=(make -C "$KAPI_TREE" ARCH="$(arch_of "$1")" O="$off" -j"$JOBS")
	mkdir -p "$off"
	cp "$1/.config" "$off/.config" &&
		"$KAPI_TREE/scripts/config" --file "$off/.config" -d KAPI_RUNTIME_CHECKS &&
		"${make[@]}" olddefconfig &&
		"${make[@]}" init/init_task.o "${names[@]}"
}

# code OBJECT FUNCTION: its instructions, with names instead of addresses: the
# addresses of data and of other functions may differ
code() {
	local start section size
	read -r start section size < <(objdump -t "$1" |
		awk -v name="$2" '$NF == name { print $1, $(NF - 2), $(NF - 1) }') || return 0
	objdump -dr -j "$section" --no-show-raw-insn --no-addresses \
		--start-address=$((16#$start)) \
		--stop-address=$((16#$start + 16#$size)) "$1" |
		sed -n '/^<.*>:$/,$ {
			s/\.rodata[^ ]*/.rodata/; s/\.text+0x[0-9a-f]*/.text/; s/\.LC[0-9]*/.LC/
			s/^.*R_[A-Z0-9_]*\t//; p; }'
}

compare() {
	local object functions function
	while IFS=': ' read -r object functions; do
		for function in $functions; do
			code "$1/$object" "$function" >"$off/with"
			code "$off/$object" "$function" >"$off/without"
			if ! [ -s "$off/with" ]; then
				echo "not ok off.$2.$function - $object has no such function"
			elif diff "$off/without" "$off/with" >"$off/diff"; then
				echo "ok off.$2.$function"
			else
				head -n 20 "$off/diff"
				echo "not ok off.$2.$function - it has other instructions"
			fi
		done
	done
}

size_of_task() {
	printf '%d' "0x$(nm -S "$1/init/init_task.o" | awk '$4 == "init_task" { print $2 }')"
}

check_flavour() {
	local kernel off=$BUILD/off-$1 names
	kernel=$("$HARNESS/build.sh" "$KAPI_TREE" "$1")
	mapfile -t names < <(objects "$1" | cut -d: -f1)
	logged "$BUILD/off-$1.log" "building $1 without CONFIG_KAPI_RUNTIME_CHECKS" \
		build_without "$kernel" || return
	objects "$1" | compare "$kernel" "$1"
	echo "figure: task_struct on $1: $(size_of_task "$off") bytes, with the validator $(size_of_task "$kernel")"
}

for flavour in uml x86; do
	check_flavour $flavour || echo "not ok off.$flavour - see $BUILD/off-$flavour.log"
done
