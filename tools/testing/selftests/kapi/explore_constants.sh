#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# usage: COMPILER [OPTION]... as arguments. Prints a C file: a table of the integer constants of
# the kernel's user headers, system call numbers among them. Conditions of specs name them.
set -eu

headers='asm/unistd linux/capability linux/eventfd linux/eventpoll linux/fcntl linux/fs
linux/futex linux/memfd linux/mman linux/poll linux/prctl linux/resource linux/sched
linux/socket linux/stat linux/time linux/timerfd'

include() {
	for header in $headers; do
		printf '#if __has_include(<%s.h>)\n#include <%s.h>\n#endif\n' "$header" "$header"
	done
}

include
echo '#include "explore.h"'
echo 'const struct constant constants[] = {'
include | "$@" -dM -E - | awk '
	$2 ~ /^(__NR_[a-z0-9_]+|[A-Z][A-Z0-9_]+)$/ && NF > 2 {
		name = $2
		sub(/^#define [^ ]+ /, "")
		value[name] = $0
	}
	# Only numbers, operators, and names of other such constants.
	function is_constant(name, depth,    text, word) {
		text = value[name]
		gsub(/0[xX][0-9a-fA-F]+[ULul]*|[0-9]+[ULul]*/, "", text)
		while (match(text, /[A-Za-z_][A-Za-z0-9_]*/)) {
			word = substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
			if (depth > 5 || !(word in value) || !is_constant(word, depth + 1))
				return 0
		}
		return 1
	}
	END {
		for (name in value)
			if (value[name] ~ /^[-+|&~<()A-Za-z0-9_ ]*$/ && is_constant(name, 0))
				printf "\t{ \"%s\", (unsigned long)(%s) },\n", name, name
	}' | sort
echo '	{ 0 }'
echo '};'
