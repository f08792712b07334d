# shellcheck shell=bash
# Sourced by the checks of tools/kapi.

# readme COMMAND: what README.md shows behind it
readme() {
	awk -v command="\$ $1" '/^\$ |^```/ { on = 0 } on; $0 == command { on = 1 }' "$ROOT/README.md"
}

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
