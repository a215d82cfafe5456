# The guide, section 1: rotating at the very moment of expiry races with the carrier. Rotate well before, typically 30
# days, and in a maintenance window.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority

# LABEL FROM TO: a trunk whose certificate began FROM days ago and has TO days left
labels=()
certificates=() bindings=() separator=
for case in year_early:-334:31 year_due:-336:29 quarter_due:-61:29 short_early:-29:16 short_due:-31:14; do
  IFS=: read -r label from to <<<"$case"
  leaf "$label" "$from" "$to"
  trunk "Trunk $label" "$label"
  labels+=("$label")
  cp "$label.chain" "$label.offered.chain"
  cp "$label.key" "$label.offered.key"
  certificates+=("$separator\"$label\": { \"chain\": \"$label.offered.chain\", \"private_key\": \"$label.offered.key\" }")
  bindings+=("$separator\"$label\": { \"trunk\": { \"name\": \"Trunk $label\" }, \"certificate\": \"\${certificate.pem_files.$label}\", \"identity\": [\"sip.example.com\"], \"carrier\": \"a\", \"rollout\": \"at_once\", \"rotate\": { \"min_age\": \"0s\" WINDOW } }")
  separator=,
done
start_service
write_configuration() {
  cat >main.trunk.json <<JSON
{ "provider": { "genesys": { "base_url": "$base_url" } },
  "certificate": { "pem_files": { ${certificates[*]} } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": { ${bindings[*]//WINDOW/${1-}} } } }
JSON
}
write_configuration
expect_exit 0 trunkform apply -auto-approve
expect_text out "5 adopted"
sent 0

# Renewed: one and the same new certificate for all of them.
leaf new -1 364
for label in "${labels[@]}"; do
  cp new.chain "$label.offered.chain"
  cp new.key "$label.offered.key"
done

# A window that opens in two days: nothing is lost by waiting for it with 29 days left, so nothing happens now.
day=$(date -u -d '+2 days' +%a)
write_configuration ", \"window\": { \"days\": [\"${day,,}\"], \"start\": \"02:00\", \"for\": \"2h\", \"timezone\": \"UTC\" }"
expect_exit 4 trunkform plan -detailed-exitcode
expect_text out "not before $(date -u -d '+2 days' +%Y-%m-%d)T02:00:00Z"
expect_exit 0 trunkform apply -auto-approve
expect_text out "3 deferred"
sent 0

# Without a window: exactly the ones that are due, long before they end.
write_configuration
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out "Plan: 0 to add, 3 to change, 0 to destroy."
expect_text out "genesys_trunk_certificate.year_early stays as it is"
expect_text out "newer version available, rotates on $(date -u -d '+1 day' +%Y-%m-%d)"
expect_exit 0 trunkform apply -auto-approve
bound "Trunk year_early" year_early
bound "Trunk short_early" short_early
for label in year_due quarter_due short_due; do bound "Trunk $label" new; done
sent 3
stop_service
