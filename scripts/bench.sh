#!/usr/bin/env bash
# Measures: the parts alone (micro), then a real server under signed load, generator included. Prints one table.
#   BENCH_EVENTS  events of the backlog run (default 400000)
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/build/node/bin:$PATH"
scripts/install.sh test
scripts/step "configure (release)" cmake --preset release -DCROSSLINE_BENCH=ON
scripts/step --stream "build" cmake --build build/release --target programs bench_micro bench_audit
bin=$PWD/build/release/bin
dir=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT

echo; echo "== the parts, one core"
"$bin/bench_micro" --benchmark_min_time=0.2 2>/dev/null | grep -vE '^(-+|Run on|CPU Caches|  L|Load Average|[0-9]{4}-)' || true

echo; echo "== audit of a ledger of 1,000,000 entries, one core"
"$bin/bench_audit" 1000000

echo; echo "== the disk: fdatasync of 4 KiB, the floor of every durable answer"
dd if=/dev/zero of="$dir/disk" bs=4k count=1000 oflag=dsync 2>&1 | tail -n 1
rm -f "$dir/disk"

line() { # name, agents
  "$bin/crossline" setup --dir "$dir/$1" --checkpoint bridge --extra-agents "$2" 2>/dev/null
  "$bin/crossline-server" run --config "$dir/$1/server/server.toml" >"$dir/$1.out" 2>"$dir/$1.log" &
  server=$!
  for _ in $(seq 100); do grep -q '^people' "$dir/$1.out" && return; sleep 0.1; done
  echo "the server did not start; see $dir/$1.log" >&2; exit 1
}
cpu() { awk '{print ($14 + $15) / 100}' "/proc/$server/stat"; }
address() { node -e 'console.log(JSON.parse(require("fs").readFileSync(process.argv[1])).server.agents)' "$dir/$1/line.json"; }
finish() { kill "$server"; wait "$server" 2>/dev/null || true; server=; }

echo; echo "== backlog: 20 agents, 1,000 events a submission, durable, verified, decided, in ledger and status"
line backlog 20
before=$(cpu)
"$bin/crossline" load --pki "$dir/backlog/pki" --server "$(address backlog)" --count 20 --events "${BENCH_EVENTS:-400000}" --batch 1000 --quiet
echo "server: $(echo "$(cpu) $before" | awk '{print $1 - $2}') CPU-seconds"
finish

echo; echo "== live: 64 connections, one signed event a submission, as fast as answers come"
line live 128
before=$(cpu)
"$bin/crossline" load --pki "$dir/live/pki" --server "$(address live)" --count 64 --events 30000 --batch 1 --window 1 --quiet
echo "server: $(echo "$(cpu) $before" | awk '{print $1 - $2}') CPU-seconds"
grep VmRSS "/proc/$server/status" | awk '{print "server resident with 64 agents: " $2 / 1024 " MiB"}'
finish

echo; echo "== live at half the rate asked for: 1,500 events/s"
line half 64
"$bin/crossline" load --pki "$dir/half/pki" --server "$(address half)" --count 64 --events 15000 --batch 1 --rate 1500 --quiet
finish
