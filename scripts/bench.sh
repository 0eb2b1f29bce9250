#!/usr/bin/env bash
# usage: bench.sh
# Measures: the parts alone on one core (micro), then the whole as it is run, generator included. Prints tables.
#   BENCH_EVENTS  events of the backlog run (default 400000)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/usage.sh
takes "" "$@"
export PATH="$PWD/build/node/bin:$PATH"
scripts/install.sh bench
scripts/console.sh
scripts/step "configure (release)" cmake --preset release -DCROSSLINE_BENCH=ON
scripts/step --stream "build" cmake --build build/release --target programs bench_micro bench_audit bench_procedure bench_disk bench_proof

echo; echo "== the parts, one core"
build/release/bin/bench_micro --benchmark_min_time=0.2 2>/dev/null | grep -vE '^(-+|Run on|CPU Caches|  L|Load Average|[0-9]{4}-)' || true
echo; echo "== editions: load, check, analyse, compare, one core"
build/release/bin/bench_procedure
echo; echo "== audit of a ledger of 1,000,000 entries, one core"
build/release/bin/bench_audit 250000 500000 1000000
echo; echo "== the proof of one event from a ledger of 10,000,000"
build/release/bin/bench_proof
node bench/whole.mjs --events "${BENCH_EVENTS:-400000}"
