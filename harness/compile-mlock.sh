#!/bin/bash
# compile-mlock.sh TREE KERNEL SOURCE OBJECT: compiles SOURCE as kbuild compiled
# mm/mlock.o in the directory KERNEL, and leaves debug information out. Always under one
# name, as warnings have it in them.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

mkdir -p "$BUILD/size"
command=$(sed -n 's/^savedcmd_[^ ]* := //p' "$2/mm/.mlock.o.cmd")
command=${command%% ; *}
command=${command/-o mm\/mlock.o/-o $4}
command=${command/" $1/mm/mlock.c"/" $BUILD/size/mlock.c"}
cp "$3" "$BUILD/size/mlock.c"
cd "$2"
eval "$command -I$1/mm"
objcopy --strip-debug "$4"
