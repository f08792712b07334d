#!/bin/bash
# What would be mailed makes the tree that was built, checkpatch has nothing to say
# about it, and get_maintainer.pl knows to whom each patch goes.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"

# Types that a series like this cannot avoid, each with its reason:
ignored=(
	# every new file gets its MAINTAINERS entry, in the first patch
	FILE_PATH_CHANGES
	# the vocabulary's macros are pieces of an initialiser, no expressions
	COMPLEX_MACRO
	# and their arguments are constants, so that using one twice is harmless
	MACRO_ARG_REUSE
	# what is done with each parameter of a list is given all of it
	MACRO_ARG_UNUSED
	# the texts of a spec are paragraphs
	SPLIT_STRING
	# messages are not split, so that they can be found
	LONG_LINE_STRING
	# libelf has such names
	CAMELCASE
	# IS_ENABLED() of an option that a macro is given
	IS_ENABLED_CONFIG
	# the bounds of a section, declared where they are used as elsewhere
	AVOID_EXTERNS
	# macros that define tests, as those of kselftest_harness.h itself
	MACRO_WITH_FLOW_CONTROL
	MULTISTATEMENT_MACRO_USE_DO_WHILE
)
ignore=$(IFS=, && echo "${ignored[*]}")

if series=$("$HARNESS/series.sh" "$KAPI_TREE"); then
	echo "ok series.git-am"
else
	echo "not ok series.git-am - the series does not make the staged tree"
	exit 1
fi

# MAINTAINERS itself has none.
touches_more_than_maintainers() {
	grep '^+++ b/' "$1" | grep -qvx '+++ b/MAINTAINERS'
}

# It leaves a cache file where it runs, and its helpers need the system's
# Python, whose packages setup.sh installed.
PATH=/usr/bin:$PATH
cd "$KAPI_TREE"
for patch in "$series"/*.patch; do
	name=checkpatch.$(basename "$patch" .patch)
	case $name in *.0000-*) continue ;; esac
	if "$KAPI_TREE/scripts/checkpatch.pl" --root="$KAPI_TREE" --strict --no-summary \
		--show-types --ignore "$ignore" "$patch"; then
		echo "ok $name"
	else
		echo "not ok $name - see above"
	fi
	name=maintainers.$(basename "$patch" .patch)
	addressees=$("$KAPI_TREE/scripts/get_maintainer.pl" --no-git --no-git-fallback "$patch")
	if grep -q ' list' <<<"$addressees" && { grep -q '(maintainer' <<<"$addressees" ||
		! touches_more_than_maintainers "$patch"; }; then
		echo "ok $name"
	else
		echo "not ok $name - get_maintainer.pl names no maintainer or no list: $addressees"
	fi
done
