# A run that was killed between its PATCH and its outcome, then `state mv`: the intent is finished under the new address.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -70 20
leaf newer -1 89
trunk "East 1" ours
# shellcheck disable=SC2016 # the hook's shell expands it
start_service -on-bind 'if [ -f killed_at_bind ]; then kill -KILL "$(cat killed_at_bind)"; fi'
offer ours
configure "$(binding one 'East 1')"
apply_all
offer newer
sh -c 'echo $$ >killed_at_bind; exec trunkform apply -auto-approve' >out 2>err || true
rm killed_at_bind
live_is 'East 1' newer
# What the run had bound itself is nobody else's change.
plan_shows 2 interrupted_plan
refuse_text out 'changed outside of trunkform'
expect_exit 2 trunkform drift
expect_text out 'an interrupted apply bound it; `trunkform apply` finishes it'
expect_exit 4 trunkform verify
expect_text out 'an interrupted apply bound it; `trunkform apply` finishes it'
expect_exit 0 trunkform state mv genesys_trunk_certificate.one genesys_trunk_certificate.uno
configure "$(binding uno 'East 1')"
apply_all
refuse_text out 'genesys_trunk_certificate.one'
expect_text err 'genesys_trunk_certificate.uno: an interrupted run had bound it'
expect_exit 0 trunkform state list
[ "$(cat out)" = genesys_trunk_certificate.uno ] || die "the state has: $(cat out)"
no_changes
patches_are 1
stop_service
