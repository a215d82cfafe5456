# shellcheck shell=bash
# A trunk whose certificate is issued: what is the same whoever signs. Read after the authority's own support.

# write_configuration ISSUER [PROVIDERS]: issuer.ISSUER, such as "vault_pki": { "a": { … } }, one by the name of `a`
write_configuration() {
  local type=${1%%:*}
  # shellcheck disable=SC2154 # start_service sets it
  cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" }${2:+, $2} },
  "issuer": { $1 },
  "store": { "files": { "sip": { "path": "sip", "keep": 3 } } },
  "certificate": { "issued": { "sip": { "issuer": "\${issuer.${type//\"/}.a}", "store": "\${store.files.sip}",
                                        "names": ["sip.example.com", "sip:sip.example.com"], "lifetime": "25d" } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "east": { "trunk": { "name": "East 1" }, "certificate": "\${certificate.issued.sip}", "identity": ["sip.example.com"],
              "carrier": "a", "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s" } } } }
}
JSON
}

# issued_and_bound: from a trunk with the certificate of somebody else to one of ours, a renewal, the way back
issued_and_bound() {
  expect_exit 2 trunkform plan -detailed-exitcode
  expect_text out 'certificate.issued.sip'
  [ ! -e sip ] || die 'planning wrote to the store'
  apply_all
  [ ! -e sip/pending.pem ] || die 'a staged key was left'
  openssl verify -CAfile root.pem -untrusted sip/live/chain.pem sip/live/chain.pem >/dev/null
  [ "$(openssl x509 -in sip/live/chain.pem -noout -pubkey)" = "$(openssl pkey -in sip/live/key.pem -pubout)" ] ||
    die 'key and certificate do not belong together'
  cp sip/live/chain.pem first.pem
  live_is 'East 1' first
  patches_are 1
  no_changes

  expect_exit 2 trunkform plan -detailed-exitcode -replace=certificate.issued.sip -replace=genesys_trunk_certificate.east -out=two.trunkplan
  expect_text out '# certificate.issued.sip will be renewed'
  cmp -s sip/live/chain.pem first.pem || die 'planning renewed'
  expect_exit 0 trunkform apply two.trunkplan
  cp sip/live/chain.pem second.pem
  [ "$(fingerprint first)" != "$(fingerprint second)" ] || die 'nothing was renewed'
  live_is 'East 1' second
  no_changes

  expect_exit 0 trunkform rollback -auto-approve genesys_trunk_certificate.east
  live_is 'East 1' first
}
