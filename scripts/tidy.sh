#!/usr/bin/env bash
# usage: tidy.sh [changed | core | full]      clang-tidy 19 over the libraries and programs; exit 0: nothing found
#   changed   (default) the sources that differ from TIDY_BASE (default: origin/main when it is not what is checked out, else ten
#             commits ago), a header through the sources that include it directly; with TIDY_MAX=<n> the first n of them (it
#             says how many were left)
#   core      the same of base, merkle, movement and procedure only
#   full      every source; some 20 minutes on 2 cores
# clang 19 reads the flags that g++ was given; it finds std::expected of libstdc++ 12 in C++23 mode.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/usage.sh
takes "changed core full" "$@"
mode=${1:-changed}
build=build/tidy
command -v clang-tidy-19 >/dev/null || scripts/install.sh test
scripts/step "configure (tidy)" cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCROSSLINE_TESTS=OFF -DCROSSLINE_BENCH=OFF
scripts/step --stream "generate what sources include" cmake --build "$build" --target crossline_proto

folders=(libs checkpoint-agent central-server tools)
base() {
  local upstream
  upstream=$(git rev-parse -q --verify "${TIDY_BASE:-origin/main}" || true)
  if [ -n "$upstream" ] && [ "$upstream" != "$(git rev-parse HEAD)" ]; then echo "$upstream"; return; fi
  git rev-parse -q --verify HEAD~10 || git rev-list --max-parents=0 HEAD
}
changed() {
  { git diff --name-only "$(git merge-base HEAD "$(base)")" -- "${folders[@]}"; git ls-files -o --exclude-standard -- "${folders[@]}"; } | sort -u
}
case $mode in
  full) mapfile -t files < <(git ls-files -co --exclude-standard -- "${folders[@]/%//*.cpp}") ;;
  changed | core)
    [ "$mode" = core ] && folders=(libs/base libs/merkle libs/movement libs/procedure)
    mapfile -t files < <(changed | while read -r path; do
      case $path in
        *.cpp) [ -f "$path" ] && echo "$path" ;;
        *.hpp) grep -rlF --include='*.cpp' "$(basename "$path")\"" "${folders[@]}" || true ;;
      esac
    done | sort -u) ;;
esac
# Only what the build compiles: a file that no target names has no flags.
mapfile -t files < <(printf '%s\n' "${files[@]}" | grep -Fxf <(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json" | sed "s|^$PWD/||") || true)
left=0
if [ -n "${TIDY_MAX:-}" ] && [ "${#files[@]}" -gt "$TIDY_MAX" ]; then
  left=$(( ${#files[@]} - TIDY_MAX ))
  files=("${files[@]:0:TIDY_MAX}")
fi
[ ${#files[@]} -gt 0 ] || { echo "tidy: no source has changed"; exit 0; }

echo "==> clang-tidy over ${#files[@]} sources ($mode)"
start=$(date +%s)
# One line for each source; findings below it. xargs ends with an error when one of them found something.
export build
check() {
  if out=$(clang-tidy-19 -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option "$1" 2>/dev/null); then echo "    $1"; else echo "    $1: FINDINGS"; printf '%s\n' "$out"; return 1; fi
}
export -f check
status=0
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'check "$1"' bash || status=1
[ "$left" = 0 ] || echo "tidy: $left more sources have changed; 'make tidy' reads them all"
echo "tidy: ${#files[@]} sources in $(( $(date +%s) - start )) s, $([ $status = 0 ] && echo 'nothing found' || echo 'FINDINGS above')"
exit $status
