# shellcheck shell=bash
# Functions for blueprints:  source "$AIKORE_BLUEPRINT_LIB/aikore.sh"
#
# They tell the server how an install goes on, by lines in $AIKORE_PROGRESS_FILE:
#     phase TAB step TAB steps TAB text [TAB nn%]          phase: install | launch
# Without that variable they only print, so that a blueprint can be run by hand. They work with and without `set -eu`.

_ak_step=0
_ak_steps=0
_ak_last_progress=''

# One line of plain text: control characters (tabs, newlines, escape sequences' ESC) become spaces.
_ak_clean() {
  local text="$*"
  text=${text//[[:cntrl:]]/ }
  printf '%s' "${text:0:1000}"
}

# _ak_report PHASE STEP STEPS TEXT [PART%]. Progress is a courtesy: a full disk must not fail the install here.
_ak_report() {
  local line
  [[ -n "${AIKORE_PROGRESS_FILE:-}" ]] || return 0
  printf -v line '%s\t%s\t%s\t%s%s' "$1" "$2" "$3" "$(_ak_clean "$4")" "${5:+$'\t'$5}"
  { printf '%s\n' "$line" >>"$AIKORE_PROGRESS_FILE"; } 2>/dev/null || true
}

# _ak_say COLOUR TEXT: a line that stands out in the log. The log is no terminal, and is shown in colour all the same.
_ak_say() {
  if [[ -n "${NO_COLOR:-}" ]]; then
    printf '%s\n' "$2"
  else
    printf '\033[%sm%s\033[0m\n' "$1" "$2"
  fi
}

_ak_is_number() { [[ "${1:-}" =~ ^[0-9]{1,9}$ ]]; }

# ak_install_steps N: how many ak_step calls will follow. Not known? Leave it out.
ak_install_steps() {
  _ak_is_number "${1:-}" || ak_die "ak_install_steps needs a number of steps, not \"${1:-}\"."
  _ak_steps=$((10#$1))
  _ak_step=0
}

# ak_step TEXT: the next step of the install begins.
ak_step() {
  local text label
  text=$(_ak_clean "$*")
  _ak_step=$((_ak_step + 1))
  if ((_ak_steps > 0 && _ak_step > _ak_steps)); then _ak_steps=$_ak_step; fi
  if ((_ak_steps > 0)); then label="[$_ak_step/$_ak_steps]"; else label="[$_ak_step]"; fi
  _ak_say '1;36' "==> $label $text"
  _ak_report install "$_ak_step" "$_ak_steps" "$text"
}

# ak_progress K N TEXT: K of N parts of the current step are done. Prints nothing, so it may be called often.
ak_progress() {
  local done=${1:-} all=${2:-} step=$_ak_step steps=$_ak_steps part
  _ak_is_number "$done" && _ak_is_number "$all" || return 0
  done=$((10#$done)) all=$((10#$all))
  shift 2
  # Without ak_install_steps the install is one step.
  ((steps > 0)) || step=1 steps=1
  ((step > 0)) || step=1
  part=$((all > 0 ? done * 100 / all : 0))
  ((part <= 100)) || part=100
  [[ "$_ak_last_progress" != "$step $part $*" ]] || return 0
  _ak_last_progress="$step $part $*"
  _ak_report install "$step" "$steps" "$*" "$part%"
}

# ak_launch TEXT: everything is in place, the app is started now.
ak_launch() {
  local text
  text=$(_ak_clean "$*")
  _ak_say '1;32' "==> $text"
  _ak_report launch 0 0 "$text"
}

# ak_die SENTENCE: ends the blueprint with exit code 1. The sentence is what a person sees as the reason.
ak_die() {
  _ak_say '1;31' "error: $(_ak_clean "$*")" >&2
  exit 1
}

# ak_require COMMAND HINT: the command must be there; HINT is a sentence on how to get it.
ak_require() {
  command -v "$1" >/dev/null 2>&1 || ak_die "The command \"$1\" is missing. ${2:-Install it and start again.}"
}

# ak_done_once NAME [--input TEXT]... [--file PATH]... [--creates PATH]... [--] COMMAND [ARGUMENT]...
#
# Runs the command (a function is fine) once per instance: success leaves the mark .aikore/done/NAME in the instance
# folder, and the next start skips it. The mark holds a hash of the command line, the --input texts (such as a
# version) and the content of the --file paths (such as requirements.txt): when one of them changes, or
# a --creates path is gone, it runs again. A failure leaves no mark. Instances that share a folder wait for each other.
ak_done_once() {
  local name=${1:-} folder="${INSTANCE_CONF_DIR:-$PWD}/.aikore/done" inputs='' hash status whole=yes
  [[ "$name" =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$ ]] || ak_die "ak_done_once needs a name of letters, digits, dots and dashes, not \"$name\"."
  shift
  while [[ "${1:-}" == --* ]]; do
    [[ "$1" == -- ]] || (($# >= 2)) || ak_die "ak_done_once $name: $1 needs a value, and a command after it."
    case "$1" in
      --input) inputs+="input ${2@Q}"$'\n' ;;
      --file) inputs+="file ${2@Q} $(sha256sum 2>/dev/null <"$2" || printf 'absent')"$'\n' ;;
      --creates) [[ -e "$2" ]] || whole=no ;;
      --) shift && break ;;
      *) ak_die "ak_done_once does not know the option \"$1\"." ;;
    esac
    shift 2
  done
  (($# > 0)) || ak_die "ak_done_once $name needs a command to run."
  hash=$(printf '%s%s' "$inputs" "${*@Q}" | sha256sum | cut -d' ' -f1)
  mkdir -p "$folder" || ak_die "The folder $folder cannot be made. Check its owner, and the space on the disk."
  exec 199>"$folder/$name.lock"
  if command -v flock >/dev/null 2>&1; then flock 199; fi
  if [[ "$whole" == yes && "$(cat "$folder/$name" 2>/dev/null)" == "$hash" ]]; then
    exec 199>&-
    _ak_say '2' "    $name is in place already"
    return 0
  fi
  rm -f "$folder/$name"
  # Not in an `if` or `||`: that would turn `set -e` off inside the command. Without the lock's descriptor: something
  # that the command leaves in the background must not hold the lock.
  "$@" 199>&-
  status=$?
  if ((status == 0)); then
    printf '%s\n' "$hash" >"$folder/$name.new" && mv -f "$folder/$name.new" "$folder/$name"
    status=$?
  fi
  exec 199>&-
  return "$status"
}
