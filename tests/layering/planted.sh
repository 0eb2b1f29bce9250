#!/usr/bin/env bash
# A checker that cannot fail proves nothing: copies two libraries, plants one violation of each kind, wants all found.
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
echo '#include "crossline/nowhere/none.hpp"' >>"$copy/libs/base/src/bytes.cpp"
echo 'const auto planted = std::chrono::steady_clock::now();' >>"$copy/libs/base/src/text.cpp"
echo 'const char* const planted = std::getenv("HOME");' >>"$copy/libs/crypto/src/sha256.cpp"
echo 'nobody libs/nobody base crypt' >>"$copy/tests/layering/layers.txt"
if found=$(node "$copy/tests/layering/check.mjs" "$copy" 2>&1); then
  echo "none of the planted violations was found" >&2
  exit 1
fi
for wanted in 'base must not include crypto' 'the pure layer base must not include <fstream>' 'crossline/nowhere/none.hpp lies in no layer' \
  'the pure layer base must not call steady_clock::now' 'the pure layer crypto must not call getenv' 'nobody may include crypt, which is no layer'; do
  grep -q "$wanted" <<<"$found" || { echo "planted and not found: $wanted" >&2; exit 1; }
done
