# Somebody binds a newer certificate by hand: it is not taken back, and once the source has it, it is ours.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -5 85
leaf pushed -1 364
trunk "East 1"
start_service
offer ours
configure "$(binding east 'East 1')"
apply_all
no_changes
by_hand 'East 1' pushed

plan_shows 1 pushed_by_hand
expect_exit 1 trunkform apply -auto-approve
live_is 'East 1' pushed

offer pushed
plan_shows 2 pushed_by_hand_adopt
apply_all
no_changes
patches_are 1 # the first apply's alone

# Another, which ends earlier than ours, is drift that is mended.
by_hand 'East 1' ours2 2>/dev/null || { leaf ours2 -5 60 && by_hand 'East 1' ours2; }
plan_shows 2 pushed_by_hand_mended
apply_all
live_is 'East 1' pushed
no_changes
stop_service
