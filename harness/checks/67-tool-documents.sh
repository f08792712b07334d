#!/bin/bash
# tools/kapi: a man page, reStructuredText and HTML are valid, and say in the same order
# what the text says, whatever the strings of a spec contain.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"
# shellcheck source=../tool/result.sh
. "$HARNESS/tool/result.sh"

work=$BUILD/tool-documents
rm -rf "$work"
mkdir -p "$work"
kapi=$("$HARNESS/tool.sh")
cd "$work"

# The module's bad specs are left out, which is said elsewhere.
show() {
	"$kapi" show -s "$KAPI_UML/vmlinux" -s "$KAPI_UML/modules/tests/kapi_test_specs.ko" \
		-f "$1" 2>errors || [ $? = 2 ]
}

# As HTML, which makes them comparable.
man_to_html() {
	mandoc -T html
}

rst_to_html() {
	rst2html --report=info --halt=info
}

html_to_html() {
	cat
}

# says_all FORMAT NAME: what the text says
says_all() {
	python3 "$HARNESS/tool/words.py" "$2.txt" < <("$1_to_html" <"$2.$1")
}

# The pages have no date, as specs have none.
man_is_valid() {
	local warnings
	warnings=$(mandoc -T lint -W warning "$1" | grep -v 'missing date')
	[ -z "$warnings" ] || { echo "$warnings"; return 1; }
}

rst_is_valid() {
	rst_to_html <"$1" >/dev/null
}

html_is_valid() {
	tidy -q -e "$1"
}

manual_is_valid() {
	mandoc -T lint -W style "$KAPI_TREE/tools/kapi/kapi.1"
}
result man.kapi manual_is_valid

show text >all.txt
for format in man rst html; do
	show $format >all.$format
	result $format.valid ${format}_is_valid all.$format
	result $format.words says_all $format all
done

# What a browser, a roff or Sphinx would obey has no effect.
# shellcheck disable=SC2016 # it is to be sed's
hostile='\\n.so x\\n'"'"'br <script>alert(1)<\/script> \&amp; `a`_ |b| *c* d_ \\\\fB'
"$kapi" show -f json -s "$KAPI_UML/vmlinux" sys_munlockall |
	sed "s/\(\"[a-z_]*desc[a-z]*\": \"[^\"]*\|\"text\": \"[^\"]*\)/&$hostile/
		s/\"name\": \"ptl/&\\\\n\\\\t1. -x/" >hostile.json
for format in text man rst html; do
	"$kapi" show -f $format -s hostile.json >hostile.${format/text/txt}
done
for format in man rst html; do
	result $format.hostile says_all $format hostile
	result $format.hostile-valid ${format}_is_valid hostile.$format
done
