#!/usr/bin/env bash
# usage: console.sh
# Builds the console into console/dist, when its sources are newer than the last build.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/usage.sh
takes "" "$@"
export PATH="$PWD/build/node/bin:$PATH"
cd console
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.installed ]; then
  (cd .. && scripts/step "install the console's packages" npm ci --prefix console --no-audit --no-fund)
  touch node_modules/.installed
fi
if [ ! -f dist/index.html ] || [ -n "$(find . -path ./node_modules -prune -o -path ./dist -prune -o -type f -newer dist/index.html -print -quit)" ] \
   || [ ../central-server/api/openapi.yaml -nt dist/index.html ] || [ ../checkpoint-agent/app/station-api.yaml -nt dist/index.html ]; then
  (cd .. && scripts/step "build the console" npm run --prefix console build)
fi
