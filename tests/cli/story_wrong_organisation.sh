# The credentials are those of another organisation, where trunks with the same ids and names could be: nothing is sent.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -70 20
leaf newer -1 89
trunk "East 1"
trunk "East 2"
trunk "East 3" ours
# shellcheck disable=SC2016 # the hook's shell expands it
start_service -on-bind 'if [ -f killed_at_bind ]; then kill -KILL "$(cat killed_at_bind)"; fi'
offer ours
configure "$(binding one 'East 1'), $(binding two 'East 2')"
apply_all
offer newer
knobs '{"organisation":{"id":"99999999-0000-4000-8000-000000000000","name":"Staging","status":200}}'
plan_shows 1 wrong_organisation
expect_exit 1 trunkform inventory
shows wrong_organisation_inventory
# Nobody's trunks are gone or changed because somebody looks in another place.
expect_exit 1 trunkform drift
shows wrong_organisation_drift
expect_exit 1 trunkform drift -json
"$TEST_ROOT/tests/cli/support/check_schema" drift out >&2 || die 'the document is not as published'
jq -e '.summary.missing == 0 and .summary.drifted == 0 and .summary.trunks == 0 and (.diagnostics | length) == 1' <out >/dev/null ||
  die "drift judges the trunks of another organisation: $(cat out)"
expect_exit 1 trunkform forecast
expect_text err 'another organisation'
expect_exit 1 trunkform apply -auto-approve
patches_are 2
live_is 'East 1' ours
live_is 'East 2' ours
expect_exit 1 trunkform destroy -auto-approve
expect_exit 0 trunkform state list
expect_text out 'genesys_trunk_certificate.two'

# Nor does the state become the other organisation's: an output changes, a trunk is imported, and the pin stays.
organisation() { sed -n 's/^"organisation":{"id":"\([^"]*\)".*/\1/p' trunkform.state.json; }
pinned=$(organisation)
configure "$(binding one 'East 1'), $(binding two 'East 2'), $(binding three 'East 3')" '"output": { "word": { "value": "new" } }'
expect_exit 1 trunkform apply -auto-approve
expect_text err 'another organisation'
[ "$(organisation)" = "$pinned" ] || die "the state is of $(organisation) now"
expect_exit 1 trunkform import genesys_trunk_certificate.three 00000000-0000-4000-8000-000000000003
expect_text err 'another organisation'
[ "$(organisation)" = "$pinned" ] || die "the state is of $(organisation) now"
patches_are 2

# An interrupted write is not looked for there, where its trunk would seem to be gone.
knobs '{"organisation":{"id":"'"$pinned"'","name":"Simulated Organisation","status":200}}'
sh -c 'echo $$ >killed_at_bind; exec trunkform apply -auto-approve -target=genesys_trunk_certificate.one' >out 2>err || true
rm killed_at_bind
live_is 'East 1' newer
knobs '{"organisation":{"id":"99999999-0000-4000-8000-000000000000","name":"Staging","status":200},"edits":[{"do":"delete","trunk":"East 1"}]}'
expect_exit 1 trunkform apply -auto-approve
expect_text err 'another organisation'
expect_exit 0 trunkform history
refuse_text out 'the trunk is gone'
stop_service
