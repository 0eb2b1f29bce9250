#!/usr/bin/env bash
# usage: test.sh
# Installs what is missing, builds and runs every test; ends with the runners' own closing lines and the tests that were skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/usage.sh
takes "" "$@"
export PATH="$PWD/build/node/bin:$PATH"
preset=release
[ "${CI:-}" = true ] && preset=ci  # the same folder, warnings are errors
build=build/release

scripts/install.sh test
scripts/step "check the formatting" scripts/format.sh check
scripts/console.sh
scripts/step "configure ($preset)" cmake --preset "$preset" -DCROSSLINE_TESTS=ON
scripts/step --stream "build everything" cmake --build "$build"
# What changed last in the core, within two minutes; `make tidy` reads all that changed, `scripts/tidy.sh full` everything.
TIDY_MAX=8 scripts/tidy.sh core
scripts/step "test the console's modules" npm run --prefix console test -- --reporter=verbose
tail -n 8 build/log/test_the_console_s_modules.log
echo "==> run the tests"
# Real programs and browsers share the cores with everything else; what fails is shown, and run once more before it counts.
ctest --test-dir "$build" --output-on-failure --timeout 900 --repeat until-pass:2 -j "$(nproc)" || status=$?
node scripts/skipped.mjs "$build/Testing/Temporary/LastTest.log" build/log/test_the_console_s_modules.log || true  # no log: nothing ran
exit "${status:-0}"
