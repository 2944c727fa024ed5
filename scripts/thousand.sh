# Starts the simulator and progress_exporter with 1 000 targets, for memory and
# profile. To be sourced; what is given goes to progress_exporter. Its address is
# in $address.
# shellcheck shell=bash
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start progress_sim --base-port=0 --scenario=stall --speed=1000
await "the simulator" grep -q '^playing' "$work/progress_sim"
{
  echo "defaults:"
  echo "  api: logpresso"
  echo "  url: $(sed -nE 's/^siem-parser-pack +(http[^ ]+) .*/\1/p' "$work/progress_sim")"
  echo "  http_client_config: {authorization: {credentials: example-api-key}}"
  echo "  options: {token: 00000000-0000-4000-8000-000000000001}"
  echo "targets:"
  for i in $(seq 1000); do echo "- {name: target-$i}"; done
} >"$work/targets.yml"
start progress_exporter --config.file="$work/targets.yml" --web.listen-address=127.0.0.1:0 "$@"
listening() { address=$(sed -nE 's/.*msg="Listening on".* address=([^ ]+).*/\1/p' "$work/progress_exporter") && [[ $address ]]; }
await "progress_exporter" listening

# scrape N: reads all targets N times; the last answer is in $work/metrics.
scrape() { for _ in $(seq "$1"); do get "$address" /metrics >"$work/metrics"; done; }
