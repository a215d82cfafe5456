# shellcheck shell=bash
# A world for stories: certificates, the simulator, a configuration. Read by a test with: . "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source=/dev/null
. "$TEST_ROOT/examples/quickstart/authority.sh"

# trunk NAME [CHAIN] [STATUS]: one trunk of the seed, with NAME.chain and NAME.key of `leaf`, or none. Ids follow from the
# order: 00000000-0000-4000-8000-000000000001 …
_trunks=()
trunk() {
  local number
  number=$(printf '%012d' $((${#_trunks[@]} + 1)))
  _trunks+=("{\"id\":\"00000000-0000-4000-8000-$number\",\"name\":\"$1\",\"status\":\"${3-active}\"${2:+,\"certificate\":\"$2.chain\",\"key\":\"$2.key\"}}")
}

# start_service [FLAG ...]: the simulator with the trunks so far; credentials and trust in the environment; $base_url
start_service() {
  printf '[%s]\n' "$(IFS=,; echo "${_trunks[*]}")" >trunks.json
  rm -f ready.json
  genesys-sim -listen 127.0.0.1:0 -seed-file trunks.json -ready-file ready.json -trust-store root.pem "$@" >simulator.log 2>&1 &
  service_pid=$!
  wait_for 30 test -s ready.json
  base_url=$(ready base_url)
  export TRUNKFORM_TRUST_LOOPBACK=1 GENESYSCLOUD_OAUTHCLIENT_ID GENESYSCLOUD_OAUTHCLIENT_SECRET
  GENESYSCLOUD_OAUTHCLIENT_ID=$(ready client_id)
  GENESYSCLOUD_OAUTHCLIENT_SECRET=$(ready client_secret)
}

# ready KEY: one member of ready.json; sip_port NAME: the SIP TLS port of a trunk
ready() { tr -d '\n' <ready.json | sed -E "s/.*\"$1\": ?\"?([^\",}]*).*/\1/"; }
sip_port() { tr -d '\n' <ready.json | grep -oE "\"name\": *\"$1\", *\"port\": *[0-9]+" | grep -oE '[0-9]+$'; }

# issued_configuration ISSUER STORE CERTIFICATE [PROVIDER]: on stdout, one trunk whose certificate is issued; each is the
# members of its block, CERTIFICATE those of certificate.issued.sip
issued_configuration() {
  cat <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" }${4:+, $4} },
  "issuer": { $1 },
  "store": { $2 },
  "certificate": { "issued": { "sip": { $3 } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "east": { "trunk": { "name": "East" }, "certificate": "\${certificate.issued.sip}", "identity": ["sip.example.com"],
              "carrier": "a", "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s" } } } }
}
JSON
}

# knobs JSON: turns the simulator's knobs; service_state: what it holds
knobs() { curl -fsS -o /dev/null -X POST -H 'Content-Type: application/json' --data-binary "$1" "$base_url/_sim/knobs"; }
service_state() { curl -fsS "$base_url/_sim/state"; }
# patches: how many PATCH requests the service has seen
patches() { curl -fsS "$base_url/_sim/requests?after=0" | grep -o '"operation": *"patch"' | wc -l; }

# by_hand NAME CHAIN: somebody binds another certificate, past trunkform
by_hand() {
  knobs "$(printf '{"edits":[{"do":"bind","trunk":"%s","certificate":"%s","private_key":"%s"}]}' "$1" \
    "$(awk '{printf "%s\\n", $0}' "$2.chain")" "$(awk '{printf "%s\\n", $0}' "$2.key")")"
}

# fingerprint NAME: of NAME.pem's leaf, as plans show it (12 digits)
fingerprint() { openssl x509 -in "$1.pem" -outform DER | sha256sum | cut -c1-12; }

# live_leaf TRUNK: what the service has on a trunk now, 12 digits
live_leaf() { service_state | tr -d '\n' | grep -oE "\"name\": *\"$1\"[^}]*" | grep -oE '"leaf[a-z_0-9]*": *"[0-9a-f]+"' | grep -oE '[0-9a-f]{64}' | cut -c1-12; }

# stop_service: fails the test where the simulator counted a violation
stop_service() {
  local status=0
  kill "$service_pid"
  wait "$service_pid" || status=$?
  [ "$status" = 0 ] || { cat simulator.log >&2; die "the simulator ended with $status: violations"; }
}

# configure BINDINGS [MORE]: main.trunk.json with certificate pem_files.new (new.chain, new.key), a carrier that trusts
# root.pem, a rollout without pauses; BINDINGS are the members of genesys_trunk_certificate
configure() {
  cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "certificate": { "pem_files": { "new": { "chain": "new.chain", "private_key": "new.key" } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  ${2:+$2,}
  "resource": { "genesys_trunk_certificate": { $1 } }
}
JSON
}

# binding LABEL TRUNK [MORE]: one binding of `configure`
binding() {
  # shellcheck disable=SC2016 # trunkform expands it
  printf '\n    "%s": { "trunk": { "name": "%s" }, "certificate": "${certificate.pem_files.new}", "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s" }%s }' \
    "$1" "$2" "${3:+, $3}"
}

# masked FILE: without what differs from run to run (who runs it, fingerprints, serials, dates, ports, times). Fingerprints, serials and
# dates are numbered in the order in which they first appear, so that old and new cannot change places unnoticed; a
# fingerprint in full has its short one's number. Ids of trunks stay.
masked() {
  # shellcheck disable=SC2016 # perl's own variables
  perl -pe '
    BEGIN { $actor = shift } s/\b\Q$actor\E\b/<actor>/g;
    sub numbered { my ($kind, $text) = @_; $known{$kind}{$text} //= ++$count{$kind}; return "<$kind$known{$kind}{$text}" }
    s/(?<![0-9a-f]{4}-)\b[0-9a-f]{12}\b/numbered("fp", $&) . ">"/ge;
    s/\b([0-9a-f]{12})[0-9a-f]{52}\b/numbered("fp", $1) . " in full>"/ge;
    s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/<time>/g;
    s/[0-9]{4}-[0-9]{2}-[0-9]{2}/numbered("date", $&) . ">"/ge;
    s/^[0-9]{2}:[0-9]{2}:[0-9]{2} /<clock> /;
    s/127\.0\.0\.1:[0-9]+/127.0.0.1:<port>/g;
    s/\Q$ENV{PWD}\E/<folder>/g;
    s/plan [0-9a-f]{8}\b/plan <digest>/g;
    s/correlation id "[^"]*"/correlation id "<id>"/g;
    s/\(in [0-9]+ [^)]*\)/(in <duration>)/g;
    s/\b[0-9A-Fa-f:]{30,}\b/numbered("serial", $&) . ">"/ge if /^ *serial/ || /[(,] ?serial /;
  ' "$(id -un)@$(hostname)" "$1"
}

# every_error_helps FILE: each error and its causes end in what to do
every_error_helps() {
  awk '/^(Error|Warning):/ { if (open && !helped) { print "no hint: " open; bad = 1 } open = /^Error:/ ? $0 : ""; helped = 0 }
       /^  hint:/ { helped = 1 }
       END { if (open && !helped) { print "no hint: " open; bad = 1 } exit bad }' "$1" >&2 || die "an error does not say what to do"
}

# shows NAME: what the last command said, both streams, is tests/golden/stories/NAME.txt; each error ends in what to do
shows() {
  { cat out; if [ -s err ]; then echo '--- on standard error'; cat err; fi; } >unmasked
  masked unmasked >shown
  expect_golden "stories/$1.txt" shown
  every_error_helps err
}

# plan_shows CODE NAME [FLAG ...]: the plan's exit code under -detailed-exitcode, and what it says
plan_shows() {
  local code=$1 name=$2
  shift 2
  expect_exit "$code" trunkform plan -detailed-exitcode "$@"
  shows "$name"
}

# apply_all [FLAG ...]: without asking, and without anything that is left over. no_changes: the next plan is empty.
apply_all() { expect_exit 0 trunkform apply -auto-approve "$@"; }
no_changes() {
  expect_exit 0 trunkform plan -detailed-exitcode "$@"
  expect_text out 'No changes.'
}

# live_is TRUNK NAME: the service has NAME.pem's leaf on the trunk. patches_are NUMBER: so many were sent since the start.
live_is() { [ "$(live_leaf "$1")" = "$(fingerprint "$2")" ] || die "$1 has $(live_leaf "$1") and not $2, $(fingerprint "$2")"; }
patches_are() { [ "$(patches)" = "$1" ] || die "$(patches) PATCH requests instead of $1"; }

# offer NAME: the source's files are NAME's from now on
offer() { cp "$1.chain" new.chain && cp "$1.key" new.key; }
