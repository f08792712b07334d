#!/bin/bash
# The KUnit tests by the kernel's own tool, as a kernel developer would run
# them in a patched tree.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

tree=$("$HARNESS/stage.sh")
cd "$tree"
exec tools/testing/kunit/kunit.py run --kunitconfig=kernel/api \
	--build_dir="$BUILD/kunit-$(name_of "$tree")" --jobs="$JOBS"
