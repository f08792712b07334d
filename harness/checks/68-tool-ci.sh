#!/bin/bash
# The recipe for continuous integration in the documentation of the validator, line by
# line as it stands there: it passes a kernel as it should be, and fails for a contract
# that changed and for a clause that no test exercised.
# shellcheck source=../common.sh
. "$(dirname "$0")/../common.sh"
# shellcheck source=../tool/result.sh
. "$HARNESS/tool/result.sh"

work=$BUILD/tool-ci
rm -rf "$work"
mkdir -p "$work/results"
kapi=$("$HARNESS/tool.sh")
cd "$work"

# recipe FIRST-LINE: the literal block that begins so
recipe() {
	awk -v first="# $1" '
		/[^ ]/ && match($0, /^ */) && RLENGTH < indent { exit }
		index($0, first) { indent = index($0, first) - 1 }
		indent { print substr($0, indent + 1) }
	' "$ROOT/Documentation/dev-tools/kernel-api-spec-validator.rst"
}

# shellcheck disable=SC2016 # for the shell of the kernel that boots
"$HARNESS/boot.sh" -l "$BUILD/tool-ci.boot.log" -k kunit.enable=0 -k kapi.validate=1 \
	"$KAPI_UML" "$KAPI_INITRAMFS" "
	TESTS='/tests/mlock_load 10' RESULTS=/tmp
	$(recipe 'In the kernel under test')"'
	for file in specs.json rejected coverage violations; do
		printf "\f%s\n" $file
		cat /tmp/$file
	done' >all
awk -v RS='\f' -v ORS='' 'NR > 1 {
	file = $0
	sub(/\n.*/, "", file)
	print substr($0, length(file) + 2) >("results/" file)
}' all

recipe 'Where the results are' >gate
gate() {
	PATH=$(dirname "$kapi"):$PATH sh gate >said
}

# junit FAILURES: they are counted right, and are that many or, with "some", not none
junit() {
	python3 - "$1" <<-'END'
		import sys, xml.etree.ElementTree as tree
		suite = tree.parse('junit.xml').getroot()
		failures = len(suite.findall('testcase/failure'))
		assert len(suite.findall('testcase')) == int(suite.get('tests')) > 3
		assert failures == int(suite.get('failures'))
		assert failures == 0 if sys.argv[1] == 'none' else failures > 0
	END
}

good() {
	gate && [ ! -s said ] && junit none
}

changed() {
	! gate && grep -q '^sys_munlockall returns: changed: success_value' said && junit none
}

missing() {
	! gate && junit some && grep -q '"errors\[EPERM\]"><failure message="missing' junit.xml
}

cp -r results last
printf '%s\n' 'sys_munlockall '{returns,locks,'locks[mmap_lock]'} 'sys_mlock errors[ENOMEM]' >required
result ci.good good
sed -i 's/"success_value": 0/"success_value": 1/' last/specs.json
result ci.changed changed
cp results/specs.json last
echo 'sys_mlock errors[EPERM]' >>required
result ci.missing missing
