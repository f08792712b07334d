#!/bin/bash
# The same files on the other base kernel that they are made for.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

BASES=${BASES:-7.2} "$HARNESS/bases.sh" || true
