# Two applies at once that issue into one place of a real vault: one certificate is signed and kept, whoever was first, and the
# other takes it with its next run. With a state each, then under one state.
. "$TEST_ROOT/tests/integration/support/vault.sh"
make_authority
leaf before -70 20
for name in East West North; do trunk "$name" before; done
start_service
start_vault
export VAULT_ADDR=$vault_url TRUNKFORM_TRUST_LOOPBACK=1
VAULT_TOKEN=$(cat root-token)
export VAULT_TOKEN

# issuing FOLDER TRUNK ROUND: a configuration with a state of its own, which issues into the path of the round
issuing() {
  mkdir -p "$1"
  cp root.pem "$1/"
  cat >"$1/main.trunk.json" <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "issuer": { "local_ca": { "lab": { "certificate": "$PWD/ca/intermediate.pem", "private_key": { "file": "$PWD/ca/intermediate.key" } } } },
  "store": { "vault_kv": { "sip": { "path": "sip/$3" } } },
  "certificate": { "issued": { "sip": { "issuer": "lab", "store": "sip", "names": ["sip.example.com"] } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "one": { "trunk": { "name": "$2" }, "certificate": "\${certificate.issued.sip}", "identity": ["sip.example.com"], "carrier": "a",
             "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s" } } } }
}
JSON
  expect_exit 0 trunkform trust add write vault_kv "$vault_url/secret/sip/$3"
}
# at_once FOLDER FOLDER: both run; $first and $second are their exit codes
at_once() {
  local one two
  first=0 second=0
  trunkform -chdir="$1" apply -auto-approve >one.out 2>one.err &
  one=$!
  trunkform -chdir="$2" apply -auto-approve >two.out 2>two.err &
  two=$!
  wait "$one" || first=$?
  wait "$two" || second=$?
  [ "$first" = 0 ] || [ "$second" = 0 ] || { cat one.err two.err >&2; die 'neither had its way'; }
}
# kept ROUND: one certificate was written, with its own key, and no key is staged. It is in ./ROUND.pem.
kept() {
  vault_as_root GET "secret/data/sip/$1"
  [ "$(jq .data.metadata.version vault-answer)" = 1 ] || die "$1: $(jq .data.metadata.version vault-answer) versions were written"
  jq -r .data.data.certificate vault-answer >"$1.pem"
  [ "$(openssl x509 -in "$1.pem" -noout -pubkey)" = "$(jq -r .data.data.private_key vault-answer | openssl pkey -pubout)" ] ||
    die "$1: the key is another certificate's"
}
expect_exit 0 trunkform trust add secret file "$PWD/ca/intermediate.key"

for round in r1 r2 r3; do
  issuing "$round/east" East "$round"
  issuing "$round/west" West "$round"
  at_once "$round/east" "$round/west"
  for loser in one two; do
    if grep -q '^Error' $loser.err; then expect_text $loser.err 'another run '; fi
  done
  kept "$round"
  for folder in east west; do
    expect_exit 0 trunkform -chdir="$round/$folder" apply -auto-approve
    expect_exit 0 trunkform -chdir="$round/$folder" plan -detailed-exitcode
  done
  kept "$round"
  live_is East "$round"
  live_is West "$round"
done

# Under one state the second is told who is at work (exit 5), or finds everything done.
issuing one North one
at_once one one
for code in $first $second; do [ "$code" = 0 ] || [ "$code" = 5 ] || { cat one.err two.err >&2; die "exit $code"; }; done
kept one
live_is North one
expect_exit 0 trunkform -chdir=one plan -detailed-exitcode
stop_vault
stop_service
