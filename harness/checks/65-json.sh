#!/bin/bash
# specs.json and json/NAME are JSON to a parser that is not ours, also with the
# strings of the test module: quotes, control characters, bytes that are no
# UTF-8. Every word comes out as it was written.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

output=$BUILD/json
# shellcheck disable=SC2016 # for the shell of the kernel that boots
"$HARNESS/boot.sh" -l "$BUILD/json.boot.log" -k kunit.enable=0 "$KAPI_UML" "$KAPI_INITRAMFS" '
	insmod kapi_test_specs.ko && cd /sys/kernel/debug/kapi || exit
	cat specs.json
	for spec in json/*; do printf "\f"; cat "$spec"; done' >"$output"

"$HARNESS/json-check.py" "$output"
