#!/usr/bin/env bash
# A checker that cannot fail proves nothing: copies two libraries, plants one violation of each kind, wants both found.
set -euo pipefail
root=$1
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir -p "$copy/libs" "$copy/tests"
cp -r "$root/libs/base" "$root/libs/crypto" "$copy/libs/"
cp -r "$root/tests/layering" "$copy/tests/"
node "$copy/tests/layering/check.mjs" "$copy" >/dev/null
echo '#include "crossline/crypto/sha256.hpp"' >>"$copy/libs/base/src/text.cpp"
echo '#include <fstream>' >>"$copy/libs/base/src/bytes.cpp"
if found=$(node "$copy/tests/layering/check.mjs" "$copy" 2>&1); then
  echo "two planted violations were not found" >&2
  exit 1
fi
grep -q 'base must not include crypto' <<<"$found" && grep -q 'the pure layer base must not include <fstream>' <<<"$found"
