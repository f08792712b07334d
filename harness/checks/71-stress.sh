#!/bin/bash
# No false alarm under load: a short `make stress`.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

status=0
FLAVOURS=uml CALLS=30000 "$HARNESS/stress.sh" || status=1
FLAVOURS=x86 CALLS=4000 "$HARNESS/stress.sh" || status=1
exit $status
