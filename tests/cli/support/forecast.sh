# shellcheck shell=bash
# A world for forecasts: three sources, of which one is late. Read by a test after service.sh.
# shellcheck disable=SC2154 # service.sh sets base_url

# forecast_world: a trunk of each kind, applied once, so that nothing is due but what waits for its source
forecast_world() {
  make_authority
  leaf east -59 31
  leaf stuck -80 10
  leaf yearly -250 115
  trunk "Carrier A East" east
  trunk "Carrier A West" east
  trunk "Carrier B" stuck
  trunk "Carrier <b>C</b>; \\\"quoted\\\", &" yearly
  trunk "Old fax line" stuck
  start_service
  cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "certificate": { "pem_files": {
    "a": { "chain": "east.chain", "private_key": "east.key" },
    "b": { "chain": "stuck.chain", "private_key": "stuck.key" },
    "c": { "chain": "yearly.chain", "private_key": "yearly.key" } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "a": { "for_each": "\${toset([\"East\", \"West\"])}", "trunk": { "name": "Carrier A \${each.key}" }, "adopt": true,
      "certificate": "\${certificate.pem_files.a}", "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once" },
    "b": { "trunk": { "name": "Carrier B" }, "adopt": true,
      "certificate": "\${certificate.pem_files.b}", "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once" },
    "c": { "trunk": { "name": "Carrier <b>C</b>; \"quoted\", &" }, "adopt": true,
      "certificate": "\${certificate.pem_files.c}", "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once" } } }
}
JSON
  expect_exit 0 trunkform apply -auto-approve
}

# foretells CODE NAME [FLAG ...]: the forecast's exit code, and what it says. Its dates are masked alike: which of them are equal
# depends on today's weekday, for the table's rows begin on Mondays.
foretells() {
  local code=$1 name=$2
  shift 2
  expect_exit "$code" trunkform forecast "$@"
  sed -E -i 's/(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([0-9-]{10}) [0-9]{2}:[0-9]{2} UTC/<weekday> \2 <clock> UTC/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}([^T]|$)/<date>\1/g' out
  shows "$name"
}
