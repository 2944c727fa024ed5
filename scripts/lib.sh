# What demo and check-metrics share: programs in the background and HTTP without
# curl. To be sourced; works with bash 3.2, which macOS has.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
names=()
pids=()

# cleanup stops what was started and waits for it.
cleanup() {
  local pid
  for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || true; done
  for pid in ${pids[@]+"${pids[@]}"}; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 0' INT TERM

# start NAME ARG…: runs bin/NAME, or a program with its path, in the background; what
# it prints is in $work/NAME.
start() {
  local program=bin/$1 name=${1##*/}
  if [[ $1 == */* ]]; then program=$1; fi
  : >"$work/$name" # await may look before the program has begun
  "$program" "${@:2}" >>"$work/$name" 2>&1 &
  names+=("$name")
  pids+=($!)
}

# alive ends the script if a program has ended, with the last that it said.
alive() {
  local i
  for i in "${!pids[@]}"; do
    if ! kill -0 "${pids[i]}" 2>/dev/null; then
      echo "${names[i]} has ended:" >&2
      tail -n 20 "$work/${names[i]}" >&2
      exit 1
    fi
  done
}

# await WHAT COMMAND…: runs the command until it succeeds, for half a minute.
await() {
  local end=$((SECONDS + 30))
  until "${@:2}"; do
    alive
    if ((SECONDS >= end)); then
      echo "waited 30 s in vain for $1" >&2
      tail -n 20 "$work"/* >&2
      exit 1
    fi
    sleep 0.2
  done
}

# get HOST:PORT PATH: prints the body; fails unless the answer is HTTP 200.
get() (
  exec 3<>"/dev/tcp/${1%:*}/${1##*:}" || exit 1
  printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$2" "$1" >&3
  read -r _ status _ <&3 && [[ $status == 200 ]] || exit 1
  sed '1,/^\r\{0,1\}$/d' <&3
) 2>/dev/null

# ready HOST:PORT: whether the exporter there can be scraped.
ready() { get "$1" /-/ready >/dev/null; }
