# plan -refresh-only judges as drift does: what changed outside is 2 under -detailed-exitcode, also where the block is
# gone; what cannot be judged is 1; nothing is planned, outputs neither.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf before -10 80
leaf after -1 89
leaf stranger -2 70
for name in East West North; do trunk "$name" before; done
start_service
offer before
east=$(binding east East '"adopt": true')
configure "$east, $(binding west West '"adopt": true')" '"output": { "x": { "value": "y" } }'
plan_shows 0 refresh_only_nothing -refresh-only
apply_all

offer after
plan_shows 0 refresh_only_newer -refresh-only
by_hand West stranger
plan_shows 2 refresh_only_drift -refresh-only
expect_exit 0 trunkform plan -refresh-only
expect_exit 2 trunkform drift
configure "$east"
plan_shows 2 refresh_only_removed -refresh-only
configure "$east, $(binding north North)"
plan_shows 1 refresh_only_error -refresh-only
expect_exit 64 trunkform plan -refresh-only -destroy
expect_text err 'does not go with -destroy'

# Nobody sees the certificates: that is an error, not "no changes".
configure "$east"
knobs '{"show_certificate": false}'
plan_shows 1 refresh_only_unseen -refresh-only
expect_exit 1 trunkform drift
stop_service
