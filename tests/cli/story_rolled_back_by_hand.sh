# Somebody puts back what was there before: they had a reason, so it is not overwritten unless a person insists.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf before -70 20
leaf after -1 89
trunk "East 1" before
start_service
offer before
configure "$(binding east 'East 1')"
apply_all
offer after
apply_all
live_is 'East 1' after
by_hand 'East 1' before

plan_shows 1 rolled_back_by_hand
expect_exit 1 trunkform apply -auto-approve
live_is 'East 1' before
patches_are 1

plan_shows 2 rolled_back_by_hand_insist -replace=genesys_trunk_certificate.east
apply_all -replace=genesys_trunk_certificate.east
live_is 'East 1' after
no_changes
stop_service
