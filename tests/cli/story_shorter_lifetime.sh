# A one-year certificate is changed for a 90-day one, which ends earlier than what it replaces.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf year -65 300
leaf quarter -1 89
trunk "East 1" year
trunk "East 2" year
trunk "East 3" year
start_service
offer year
others='"certificate": { "pem_files": { "new": { "chain": "new.chain", "private_key": "new.key" },
  "short": { "chain": "quarter.chain", "private_key": "quarter.key" } } }'
write() { # LOCATOR-OF-THE-FIRST ROTATE-OF-THE-THIRD
  cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  $others,
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "new_locator": { "trunk": { "name": "East 1" }, "certificate": "\${certificate.pem_files.$1}",
      "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s" } },
    "same_path": { "trunk": { "name": "East 2" }, "certificate": "\${certificate.pem_files.new}",
      "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s" } },
    "allowed": { "trunk": { "name": "East 3" }, "certificate": "\${certificate.pem_files.new}",
      "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s"$2 } }
  } }
}
JSON
}
write new ''
apply_all
no_changes

# A new locator is a decision that somebody took in the configuration; the same path is not.
offer quarter
write short ', "shorter": "allow", "when": "available"'
plan_shows 2 shorter_lifetime
apply_all
live_is 'East 1' quarter
live_is 'East 2' year
live_is 'East 3' quarter
patches_are 2
expect_exit 0 trunkform plan -detailed-exitcode
expect_text out 'No changes.'
shows shorter_lifetime_after

# A person may insist.
plan_shows 2 shorter_lifetime_forced -replace=genesys_trunk_certificate.same_path
apply_all -replace=genesys_trunk_certificate.same_path
live_is 'East 2' quarter
no_changes
stop_service
