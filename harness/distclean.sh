#!/bin/bash
# Removes the downloads, but nothing else in that directory.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

rm -rf "$CACHE"/linux-*.git "$CACHE"/part-* "$CACHE"/no-* "$CACHE/lock"
rmdir "$CACHE" "$BUILD" 2>/dev/null || true
