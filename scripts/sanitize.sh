#!/usr/bin/env bash
# usage: sanitize.sh asan | tsan      (builds the preset and runs the C++ tests under it; tsan: those with threads)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/usage.sh
takes "asan tsan" "$@"
[ $# = 1 ] || { usage >&2; exit 2; }
export PATH="$PWD/build/node/bin:$PATH"
preset=$1
scripts/install.sh test
scripts/console.sh
scripts/step "configure ($preset)" cmake --preset "$preset"
target=all
select=(-LE browser)
if [ "$preset" = tsan ]; then
  target=threaded_tests
  select=(-L threaded)
fi
scripts/step --stream "build ($preset)" cmake --build "build/$preset" --target "$target"
# Some ten times slower: fewer seeds, so that the simulation ends in its time beside other tests too.
export CROSSLINE_SIM_SEEDS=${CROSSLINE_SIM_SEEDS:-200}
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1
ctest --test-dir "build/$preset" --output-on-failure --timeout 1800 -j "$(nproc)" "${select[@]}"
