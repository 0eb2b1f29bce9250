#!/usr/bin/env bash
# usage: format.sh fix | check      (clang-format 19 over every C++ file of the project)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/usage.sh
takes "fix check" "$@"
[ $# = 1 ] || { usage >&2; exit 2; }
command -v clang-format-19 >/dev/null || scripts/install.sh test
mapfile -t files < <(git ls-files -co --exclude-standard '*.cpp' '*.hpp')
case ${1:-} in
  fix) printf '%s\0' "${files[@]}" | xargs -0 -n 32 -P "$(nproc)" clang-format-19 -i ;;
  check) printf '%s\0' "${files[@]}" | xargs -0 -n 32 -P "$(nproc)" clang-format-19 --dry-run -Werror ;;
esac
