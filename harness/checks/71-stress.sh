#!/bin/bash
# A short run of what `make stress` does at length.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

CALLS=60000 FLAVOURS="uml x86" "$HARNESS/stress.sh" || true
