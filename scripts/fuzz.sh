#!/usr/bin/env bash
# usage: fuzz.sh
# Runs every fuzz target for FUZZ_SECONDS (default 60) from its seeds and what earlier runs left in build/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/usage.sh
takes "" "$@"
scripts/install.sh test
scripts/step "configure (fuzz)" cmake --preset fuzz
scripts/step --stream "build (fuzz)" cmake --build build/fuzz --target fuzzers
for target in build/fuzz/bin/fuzz_*; do
  corpus="build/fuzz/corpus/$(basename "$target")"
  mkdir -p "$corpus"
  echo "==> $(basename "$target")"
  FUZZ_SEEDS="$corpus" "$target" -max_total_time="${FUZZ_SECONDS:-60}" -print_final_stats=1 -rss_limit_mb=2048 "$corpus" 2>&1 | tail -n 12
done
