#!/usr/bin/env bash
# Measures what a plan costs, and prints one JSON object: time, peak memory and API calls of validate, first plan, apply,
# plan without changes and show -json, for growing numbers of bindings, beside *the limit* (bench_limit: the same pages,
# hashes and state, and nothing else) and Terraform, where one is installed. Last, how much of the service's own request
# rate an apply uses, on a virtual clock (bench_rate).
#
#   tests/bench/run.sh [--sizes "100 1000 10000"] [--repeat N] [--no-terraform] [--no-distinct] [--judge]
#
# --judge compares the numbers with the bars, prints a verdict for each on standard error, and ends with the line
# "N passed, N failed". Nothing but the loopback network is used; all files are in a folder that is removed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$root/build/${TRUNKFORM_BENCH_PRESET-release}
sizes='100 1000 10000' repeat=3 terraform=1 kinds='shared distinct' judge=''
while [ $# -gt 0 ]; do
  case $1 in
    --sizes) sizes=${2:?}; shift 2 ;;
    --repeat) repeat=${2:?}; shift 2 ;;
    --no-terraform) terraform=''; shift ;;
    --no-distinct) kinds=shared; shift ;;
    --judge) judge=1; shift ;;
    *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
  esac
done
for program in bin/trunkform bin/genesys-sim tests/bench_limit tests/bench_measure tests/bench_certificates tests/bench_rate; do
  [ -x "$build/$program" ] || { echo "bench: $build/$program is missing; run ./bootstrap.sh" >&2; exit 1; }
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/trunkform-bench.XXXXXX")
simulator=''
stop_simulator() {
  [ -z "$simulator" ] || { kill "$simulator" && wait "$simulator"; } 2>/dev/null || true
  simulator=''
}
trap 'stop_simulator; rm -rf -- "$folder"' EXIT
trap 'exit 130' INT TERM
say() { printf 'bench: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

# The caller's account and settings must not reach what is measured.
while IFS= read -r name; do unset "$name"; done < <(compgen -e | grep -E '^(TRUNKFORM|TF|GENESYSCLOUD)_' || true)
export HOME=$folder/home TRUNKFORM_TRUST_LOOPBACK=1 NO_COLOR=1 CHECKPOINT_DISABLE=1 TZ=UTC LC_ALL=C.UTF-8
mkdir "$HOME"

start_simulator() { # start_simulator TRUNKS DISTINCT
  rm -f "$folder/ready.json"
  # -trust-store: a chain is complete if it leads to our root.
  "$build/bin/genesys-sim" -listen 127.0.0.1:0 -ready-file "$folder/ready.json" -trunks "$1" -distinct "$2" \
    -listing-cache -seed 7 -trust-store "$folder/roots.pem" -knobs '{"requests_per_minute":0}' \
    >"$folder/simulator.log" 2>&1 &
  simulator=$!
  local waited
  for ((waited = 0; waited < 1200; waited++)); do
    [ ! -s "$folder/ready.json" ] || break
    kill -0 "$simulator" 2>/dev/null || die "the simulator did not start: $(cat "$folder/simulator.log")"
    sleep 0.1
  done
  base_url=$(jq -r .base_url "$folder/ready.json")
  GENESYSCLOUD_OAUTHCLIENT_ID=$(jq -r .client_id "$folder/ready.json")
  GENESYSCLOUD_OAUTHCLIENT_SECRET=$(jq -r .client_secret "$folder/ready.json")
  export GENESYSCLOUD_OAUTHCLIENT_ID GENESYSCLOUD_OAUTHCLIENT_SECRET
}
calls() { curl -sS --noproxy '*' "$base_url/_sim/summary" | jq .requests; }

# configure TRUNKS DISTINCT: one resource for each certificate, with for_each over its trunks.
configure() {
  curl -sS --noproxy '*' "$base_url/_sim/state" >"$folder/state-of-service.json"
  mkdir -p "$folder/work"
  cp "$folder/roots.pem" "$folder/work/"
  jq -n --slurpfile service "$folder/state-of-service.json" --arg base "$base_url" --arg folder "$folder" \
    --argjson distinct "$2" '
    [$service[0].trunks[].id] as $ids
    | [range($distinct)] as $certificates
    | { trunkform: {required_version: ">= 0.1"},
        provider: {genesys: {base_url: $base, requests_per_minute: 6000000, concurrency: 6}},
        carrier: {bench: {trust_store: "${file(\"roots.pem\")}", max_parallel: 6}},
        rollout: {fast: {canary: 1, wave_size: 100000, stagger: "0s", soak: "0s"}},
        certificate: {pem_files: ($certificates | map({key: "c\(.)", value:
          {chain: "\($folder)/chain-\(.).pem", private_key: "\($folder)/key-\(.).pem"}}) | from_entries)},
        resource: {genesys_trunk_certificate: ($certificates | map(. as $c | {key: "c\($c)", value: {
          for_each: ([range($c; $ids | length; $distinct)] | map({key: "t\(.)", value: $ids[.]}) | from_entries),
          trunk: {id: "${each.value}"}, certificate: "${certificate.pem_files.c\($c)}",
          identity: ["sip.example.com"], carrier: "bench", rollout: "fast", adopt: true,
          rotate: {shorter: "allow", min_age: "0s"}}}) | from_entries)} }' >"$folder/work/main.trunk.json"
}

# measure EXPECTED_EXIT COMMAND [ARG ...]: one JSON object, with calls where the simulator runs. Stops on another exit.
measure() {
  local expected=$1 before=0 after=0 result
  shift
  [ -z "$simulator" ] || before=$(calls)
  result=$("$build/tests/bench_measure" "$folder/output" "$@")
  [ -z "$simulator" ] || after=$(calls)
  [ "$(jq .exit <<<"$result")" = "$expected" ] || {
    tail -n 30 "$folder/output" >&2
    die "exit $(jq .exit <<<"$result") instead of $expected: $*"
  }
  jq -c --argjson calls $((after - before)) 'del(.exit) + {calls: $calls}' <<<"$result"
}
# best N …: the fastest of N runs; other processes only ever make a run slower.
best() {
  local n=$1 i
  shift
  for ((i = 0; i < n; i++)); do measure "$@" || exit 1; done | jq -cs 'min_by(.seconds)'
}
trunkform() { printf '%s\n' "$build/bin/trunkform" "-chdir=$folder/work" "$@"; }

# begin TRUNKS DISTINCT: a service and a folder in which nothing was done yet
begin() {
  local command
  rm -rf "$folder/work"
  start_simulator "$1" "$2"
  configure "$1" "$2"
  mapfile -t command < <(trunkform init -input=false)
  measure 0 "${command[@]}" >/dev/null
}

case_of() { # case_of KIND N: measures one cell of the table
  local kind=$1 n=$2 distinct=1 command validate first apply unchanged show limit
  [ "$kind" = shared ] || distinct=$((n < 1000 ? n : 1000))
  say "$n bindings, $distinct certificates"
  begin "$n" "$distinct"
  mapfile -t command < <(trunkform validate)
  validate=$(best "$repeat" 0 "${command[@]}")
  mapfile -t command < <(trunkform plan -input=false -detailed-exitcode)
  first=$(best "$repeat" 2 "${command[@]}")
  mapfile -t command < <(trunkform apply -input=false -auto-approve)
  apply=$(measure 0 "${command[@]}")
  # What is compared with ten times as much should be neither luck nor a busy moment. The largest takes half a minute
  # and is measured once; the plan that follows is about the last of them.
  if [ "$n" -lt "$largest" ]; then
    echo "$apply" >"$folder/applies"
    for ((i = 1; i < repeat; i++)); do
      stop_simulator
      begin "$n" "$distinct"
      mapfile -t command < <(trunkform apply -input=false -auto-approve)
      measure 0 "${command[@]}" >>"$folder/applies"
    done
    apply=$(jq -cs 'sort_by(.seconds)[length / 2 | floor]' "$folder/applies")
  fi
  mapfile -t command < <(trunkform plan -input=false -detailed-exitcode)
  unchanged=$(best "$repeat" 0 "${command[@]}")
  mapfile -t command < <(trunkform show -json)
  show=$(best "$repeat" 0 "${command[@]}")
  limit=$(for ((i = 0; i < repeat; i++)); do
    "$build/tests/bench_limit" "$base_url" "$folder/work/trunkform.state.json"
  done | jq -cs 'min_by(.seconds)')
  [ "$(jq .trunks <<<"$limit")" = "$n" ] || die "the limit saw other trunks than the $n that are there: $limit"
  jq -cn --arg kind "$kind" --argjson n "$n" --argjson distinct "$distinct" --argjson validate "$validate" \
    --argjson first "$first" --argjson apply "$apply" --argjson unchanged "$unchanged" --argjson show "$show" \
    --argjson limit "$limit" --argjson state "$(stat -c %s "$folder/work/trunkform.state.json")" \
    --argjson summary "$(curl -sS --noproxy '*' "$base_url/_sim/summary")" '
    {certificates: $kind, bindings: $n, distinct: $distinct, state_bytes: $state, validate: $validate, first_plan: $first,
     apply: $apply, unchanged_plan: $unchanged, show_json: $show, limit: $limit, violations: $summary.violations}'
  stop_simulator
}

# Terraform with as many built-in resources that carry the same PEMs; its state is written, not applied: an apply of
# 10,000 takes it hours.
terraform_of() {
  local n=$1 i plan
  local distinct=$((n < 1000 ? n : 1000))
  say "$n terraform_data resources"
  rm -rf "$folder/terraform"
  mkdir "$folder/terraform"
  for ((i = 0; i < distinct; i++)); do jq -Rs . "$folder/chain-$i.pem"; done | jq -cs . >"$folder/pems.json"
  jq -n --argjson n "$n" --slurpfile pems "$folder/pems.json" '$pems[0] as $p
    | {resource: {terraform_data: ([range($n)] | map({key: "t\(.)", value: {input: $p[. % ($p | length)]}})
      | from_entries)}}' >"$folder/terraform/main.tf.json"
  jq -n --argjson n "$n" --slurpfile pems "$folder/pems.json" '$pems[0] as $p
    | {version: 4, terraform_version: "1.0.0", serial: 1, lineage: "5c1e5f7e-0000-4000-8000-000000000001", outputs: {},
       resources: [range($n) | . as $i | {value: $p[$i % ($p | length)], type: "string"} as $v
         | {mode: "managed", type: "terraform_data", name: "t\($i)",
            provider: "provider[\"terraform.io/builtin/terraform\"]",
            instances: [{schema_version: 0, sensitive_attributes: [],
              attributes: {id: "id-\($i)", input: $v, output: $v, triggers_replace: null}}]}]}' \
    >"$folder/terraform/terraform.tfstate"
  measure 0 terraform -chdir="$folder/terraform" init -input=false -no-color >/dev/null
  plan=$(measure 0 terraform -chdir="$folder/terraform" plan -input=false -no-color -detailed-exitcode)
  jq -cn --argjson n "$n" --argjson plan "$plan" '{bindings: $n, unchanged_plan: ($plan | del(.calls))}'
}

largest=1
for n in $sizes; do [ "$n" -le "$largest" ] || largest=$n; done
"$build/tests/bench_certificates" "$folder" $((largest < 1000 ? largest : 1000))

version=$(best 20 0 "$build/bin/trunkform" version)
for kind in $kinds; do for n in $sizes; do case_of "$kind" "$n"; done; done >"$folder/cases"
say "$largest bindings at the service's own rate, on a virtual clock"
rate=$("$build/tests/bench_rate" "$largest")
: >"$folder/terraform-cases"
terraform_version=''
if [ -n "$terraform" ] && command -v terraform >/dev/null; then
  terraform_version=$(terraform version -json 2>/dev/null | jq -r .terraform_version)
  for n in $sizes; do terraform_of "$n"; done >"$folder/terraform-cases"
fi
jq -n --argjson version "$version" --argjson rate "$rate" --slurpfile cases "$folder/cases" --slurpfile terraform "$folder/terraform-cases" \
  --arg terraform_version "$terraform_version" --arg cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
  --argjson cores "$(nproc)" --argjson chain_bytes "$(stat -c %s "$folder/chain-0.pem")" '
  {machine: {cpu: $cpu, cores: $cores}, chain_bytes: $chain_bytes, version: ($version | del(.calls)), cases: $cases, rate: $rate,
   terraform: (if $terraform_version == "" then null else {version: $terraform_version, cases: $terraform} end)}' \
  >"$folder/result.json"
cat "$folder/result.json"
[ -n "$judge" ] || exit 0

# The bars. A bar whose numbers were not measured is left out; it does not pass.
jq -r '
  def bar(name; measured; limit): {name: name, measured: measured, limit: limit, good: (measured <= limit)};
  def round3: . * 1000 | round / 1000;
  . as $all
  | [ (.cases[] | "\(.certificates), \(.bindings) bindings: " as $what
       | (2 + (.bindings / 100 | ceil)) as $calls
       | {name: ($what + "API calls of a first plan"), measured: .first_plan.calls, limit: $calls, good: (.first_plan.calls == $calls)},
         {name: ($what + "API calls of a plan without changes"), measured: .unchanged_plan.calls, limit: $calls,
          good: (.unchanged_plan.calls == $calls)},
         bar($what + "requests that the service calls a violation"; .violations; 0)),
      (.cases[] | select(.bindings == 10000) | "\(.certificates), 10000 bindings: " as $what
       | bar($what + "plan without changes, in limits"; .unchanged_plan.seconds / .limit.seconds | round3; 3),
         bar($what + "plan without changes, MiB"; .unchanged_plan.peak_mib; 200),
         {name: ($what + "API calls of an apply"), measured: .apply.calls, limit: (3 * .bindings + .unchanged_plan.calls),
          good: (.apply.calls == 3 * .bindings + .unchanged_plan.calls)},
         bar($what + "apply, MiB"; .apply.peak_mib; 200)),
      (.cases[] as $small | .cases[] | select(.certificates == $small.certificates and $small.bindings >= 1000
        and .bindings == 10 * $small.bindings) | "\(.certificates), \(.bindings) bindings, times a tenth of them: " as $what
       | bar($what + "validate"; .validate.seconds / $small.validate.seconds | round3; 11),
         bar($what + "first plan"; .first_plan.seconds / $small.first_plan.seconds | round3; 11),
         bar($what + "plan without changes"; .unchanged_plan.seconds / $small.unchanged_plan.seconds | round3; 11),
         bar($what + "apply"; .apply.seconds / $small.apply.seconds | round3; 11)),
      (.terraform.cases[]? | select(.bindings == 10000) as $tf | $all.cases[] | select(.bindings == 10000)
       | bar("\(.certificates), 10000 bindings: fortieth parts of Terraform'"'"'s time"; 40 * .unchanged_plan.seconds / $tf.unchanged_plan.seconds | round3; 1)),
      (.rate | "\(.trunks) bindings at the service'"'"'s rate: " as $what
       | {name: ($what + "share of it that is used"), measured: .used, limit: 0.7, good: (.used >= 0.7)},
         bar($what + "429s"; .rate_limited; 0)),
      bar("version, seconds"; .version.seconds; 0.025) ]
  | .[] | "\(if .good then "ok    " else "FAILED" end)  \(.name): \(.measured) (bar: \(.limit))"' \
  "$folder/result.json" | tee "$folder/verdicts" >&2
good=$(grep -c '^ok ' "$folder/verdicts" || true) bad=$(grep -c '^FAILED ' "$folder/verdicts" || true)
echo "$good passed, $bad failed"
[ "$bad" = 0 ] && [ "$good" -gt 0 ]
