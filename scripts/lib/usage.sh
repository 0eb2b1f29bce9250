# Sourced by the scripts: the comment at the top of a script is its usage.
usage() { sed -n '2,${/^#/!q;s/^# \{0,1\}//p;}' "scripts/${0##*/}"; }

# usage: takes "WORD WORD" "$@"      Ends the script with its usage when it is asked for help (0), or given anything but at most one
#                                    of the words (2): before it installs or builds anything.
takes() {
  local words=$1
  shift
  case ${1:-} in
    -h | --help) usage; exit 0 ;;
  esac
  if [ $# -le 1 ] && [[ " $words " == *" ${1:-} "* || $# -eq 0 ]]; then return; fi
  { echo "${0##*/}: $*: not what it takes${words:+, which is one of: $words}"; echo; usage; } >&2
  exit 2
}
