# shellcheck shell=bash
# One story for every store on the network: from an empty place to a bound trunk, a renewal, and the way back. Read by a
# test that has started the server of a store; it stops the service.

# issued_into TYPE STORE PLACE: STORE are the block's arguments in JSON, PLACE is what the operator has to trust. The
# test defines `stored NAME`: the chain that the place has now, into NAME.pem, by somebody else's hand.
issued_into() {
  make_authority
  leaf before -70 20
  trunk 'East 1' before
  start_service
  # shellcheck disable=SC2154 # start_service sets base_url
  cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "issuer": { "local_ca": { "lab": { "certificate": "ca/intermediate.pem", "private_key": { "file": "ca/intermediate.key" } } } },
  "store": { "$1": { "sip": { $2 } } },
  "certificate": { "issued": { "sip": { "issuer": "\${issuer.local_ca.lab}", "store": "\${store.$1.sip}",
                                        "names": ["sip.example.com"] } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "east": { "trunk": { "name": "East 1" }, "certificate": "\${certificate.issued.sip}", "identity": ["sip.example.com"],
              "carrier": "a", "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s" } } } }
}
JSON
  expect_exit 0 trunkform trust add secret file ca/intermediate.key

  # Nothing is written where nobody allowed it, and the line that allows it is printed.
  expect_exit 1 trunkform plan
  expect_text err "trunkform trust add write $1 $3"
  expect_exit 0 trunkform trust add write "$1" "$3"

  # A plan issues nothing; the same file applied again finds everything done.
  expect_exit 2 trunkform plan -detailed-exitcode -out=one.trunkplan
  expect_text out '(known after apply)'
  expect_exit 0 trunkform apply one.trunkplan
  stored first
  openssl verify -CAfile root.pem -untrusted first.pem first.pem >/dev/null || die 'openssl refuses what was issued'
  live_is 'East 1' first
  patches_are 1
  no_changes
  expect_exit 0 trunkform apply one.trunkplan
  patches_are 1

  # Renewed, and back to the version before.
  expect_exit 2 trunkform plan -detailed-exitcode -replace=certificate.issued.sip -replace=genesys_trunk_certificate.east -out=two.trunkplan
  expect_text out '# certificate.issued.sip will be renewed'
  expect_exit 0 trunkform apply two.trunkplan
  stored second
  ! cmp -s first.pem second.pem || die 'nothing was renewed'
  live_is 'East 1' second
  patches_are 2
  no_changes
  expect_exit 0 trunkform rollback -auto-approve genesys_trunk_certificate.east
  live_is 'East 1' first
}
