#!/usr/bin/env bash
# The main job against the included simulator: validate, plan, review, apply, an empty second plan, a change that somebody
# makes by hand, drift, apply, verify. Everything happens in a temporary folder, which is removed at the end.
#   run.sh [--keep]    (--keep leaves the folder)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
keep=
[ "${1-}" != --keep ] || keep=1

bin=${TRUNKFORM_BIN:-$root/build/release/bin}
if [ ! -x "$bin/trunkform" ] || [ ! -x "$bin/genesys-sim" ]; then
  echo "The programs are not built yet: ./bootstrap.sh does that now (some minutes)."
  "$root/bootstrap.sh" --target=trunkform --target=genesys-sim
fi

work=$(mktemp -d)
simulator=
clean_up() {
  local status=$?
  if [ -n "$simulator" ]; then
    kill "$simulator" 2>/dev/null || true
    local sim_status=0
    wait "$simulator" || sim_status=$?
    if [ "$status" = 0 ] && [ "$sim_status" != 0 ]; then
      echo "The simulator counted violations:" >&2
      cat "$work/simulator.log" >&2
      status=1
    fi
  fi
  if [ -n "$keep" ]; then echo "Kept: $work"; else rm -rf "$work"; fi
  exit "$status"
}
trap clean_up EXIT

step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
# as one would type it: quoted for the shell where that is needed
typed() {
  local word
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:=@%+,-]+$ ]]; then printf ' %s' "$word"; else printf " '%s'" "${word//\'/\'\\\'\'}"; fi
  done
}
# shows and runs a command; the third word says which exit code it must have
run() {
  local wanted=$1 got=0
  shift
  printf '$%s\n' "$(typed "$@")"
  "$@" || got=$?
  if [ "$got" != "$wanted" ]; then
    echo "quickstart: exit $got instead of $wanted" >&2
    exit 1
  fi
  [ "$wanted" = 0 ] || echo "(exit $wanted, as it should be)"
}

cp "$here/main.trunk.json" "$work/"
cd "$work"
PATH=$bin:$PATH

step "A certificate authority, and certificates: fresh, due, about to end, wrong"
"$here/make-certificates.sh" certificates

step "The simulator: 12 trunks of 3 carriers, each with a SIP TLS port"
{
  echo '['
  separator=
  for carrier in A B C; do
    lower=${carrier,,}
    for number in 01 02 03 04; do
      printf '%s{"id":"%s0000000-0000-4000-8000-0000000000%s","name":"Carrier %s %s","status":"active","carrier":"%s","certificate":"certificates/old/carrier-%s.chain","key":"certificates/old/carrier-%s.key"}\n' \
        "$separator" "$lower" "$number" "$carrier" "$number" "$carrier" "$lower" "$lower"
      separator=,
    done
  done
  echo ']'
} >trunks.json
genesys-sim -listen 127.0.0.1:0 -seed-file trunks.json -sip -trust-store certificates/root.pem -ready-file ready.json \
  >simulator.log 2>&1 &
simulator=$!
for _ in $(seq 100); do
  [ -s ready.json ] && break
  kill -0 "$simulator" 2>/dev/null || { cat simulator.log >&2; exit 1; }
  sleep 0.1
done

# One member of ready.json; the file is made by the simulator, one level deep.
ready() { tr -d '\n' <ready.json | sed -E "s/.*\"$1\": ?\"?([^\",}]*).*/\1/"; }
sip_ports() {
  tr -d '\n' <ready.json | grep -oE '"name": *"[^"]*", *"port": *[0-9]+' |
    sed -E 's/"name": *("[^"]*"), *"port": *([0-9]+)/\1: \2/' | paste -sd, | sed 's/^/{/; s/$/}/'
}
cat >quickstart.auto.trunkvars.json <<VARS
{ "service": "$(ready base_url)", "sip_ports": $(sip_ports) }
VARS

# What the operator decides, never the configuration: credentials, and which host may get them.
export GENESYSCLOUD_OAUTHCLIENT_ID GENESYSCLOUD_OAUTHCLIENT_SECRET TRUNKFORM_TRUST_LOOPBACK=1
GENESYSCLOUD_OAUTHCLIENT_ID=$(ready client_id)
GENESYSCLOUD_OAUTHCLIENT_SECRET=$(ready client_secret)
echo "listening at $(ready base_url)"

step "Is the configuration right?"
run 0 trunkform validate

step "Would a certificate be good? Offline, with the same rules"
run 0 trunkform certificate check certificates/carrier-a/chain.pem -key certificates/carrier-a/key.pem \
  -trust-store certificates/root.pem -name sip.example.com
run 1 trunkform certificate check certificates/wrong/other-name.chain -trust-store certificates/root.pem -name sip.example.com

step "What would change? (A is due, B is about to end, C has what it should have and is only adopted)"
run 2 trunkform plan -out=first.trunkplan -detailed-exitcode

step "Do exactly that"
run 0 trunkform apply first.trunkplan

step "Is anything left to do?"
run 0 trunkform plan -detailed-exitcode

step "Somebody binds another certificate by hand"
json_text() { awk '{printf "%s\\n", $0}' "$1"; }
printf '{"edits":[{"do":"bind","trunk":"Carrier B 03","certificate":"%s","private_key":"%s"}]}' \
  "$(json_text certificates/old/carrier-b.chain)" "$(json_text certificates/old/carrier-b.key)" >edit.json
curl -fsS -o /dev/null -X POST -H 'Content-Type: application/json' --data-binary @edit.json "$(ready base_url)/_sim/knobs"
rm edit.json
run 2 trunkform drift

step "Put it right: it was rolled back to a certificate of our own history, so somebody must mean it"
run 0 trunkform apply -auto-approve -replace='genesys_trunk_certificate.carrier_b["Carrier B 03"]' -reason="undo the change by hand"

step "Does every port serve what it should?"
run 0 trunkform verify

step "What happened"
run 0 trunkform history -limit=6

step "Done: twelve trunks, all with the certificates that the configuration calls for"
cat <<TEXT

On with files of your own: $bin has the programs. In a new folder, write main.trunk.json as in README.md
with your region, trunk and certificate files; then
    export GENESYSCLOUD_OAUTHCLIENT_ID=… GENESYSCLOUD_OAUTHCLIENT_SECRET=…
    $bin/trunkform init        # is the folder ready?
    $bin/trunkform inventory   # which trunks do the credentials see?
    $bin/trunkform plan        # what would change? Nothing is written.
docs/configuration.md has every block and argument.
TEXT
