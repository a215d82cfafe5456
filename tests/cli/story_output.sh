# Outputs are what the last apply said; a sensitive one is never kept.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk "East 1"
start_service
offer ours
write() {
  configure "$(binding east 'East 1')" "\"variable\": { \"pin\": { \"type\": \"string\", \"sensitive\": true, \"default\": \"very-secret-4711\" } },
  \"output\": { \"names\": { \"value\": [\"sip.example.com\", \"two\\nlines\"] }, \"count\": { \"value\": $1 },
    \"pin\": { \"value\": \"\${var.pin}\", \"sensitive\": true } }"
}
write 1
expect_exit 0 trunkform output
expect_text err 'There are no outputs'
plan_shows 2 output_plan
apply_all
no_changes
expect_exit 0 trunkform output
shows output
expect_exit 0 trunkform output -json
jq -e '.names.value[1] == "two\nlines" and .count.value == 1 and .pin.sensitive and .pin.value == null' out >/dev/null ||
  die "output -json: $(cat out)"
expect_exit 0 trunkform output -raw count
[ "$(cat out)" = 1 ] || die "output -raw: $(cat out)"
expect_exit 1 trunkform output pin
shows output_sensitive
expect_exit 1 trunkform output nmaes
shows output_unknown

# An output alone is a change worth applying.
write 2
expect_exit 2 trunkform plan -detailed-exitcode
shows output_changed
apply_all
no_changes
patches_are 1
expect_exit 0 trunkform output count
[ "$(cat out)" = 2 ] || die "output count: $(cat out)"
! grep -rq very-secret-4711 trunkform.state* || die 'a sensitive value is in the state'
stop_service
