# What a trunk had before is bound again by hand, and what failed people is not tried again until somebody insists.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf before -70 20
leaf after -1 89
trunk 'East 1'
start_service
mkdir -p archive/1
cp before.chain archive/1/new.chain
cp before.key archive/1/new.key
offer before
configure "$(binding east 'East 1')"
sed -i 's|"private_key": "new.key"|&, "versions": "archive/*/"|' main.trunk.json
apply_all
expect_exit 1 trunkform rollback -auto-approve genesys_trunk_certificate.east
shows rollback_command_nothing_before
offer after
apply_all
live_is 'East 1' after

# Nobody is there to say yes: what is said is about a rollback, not about plans.
status=0
trunkform rollback genesys_trunk_certificate.east >out 2>err </dev/null || status=$?
[ "$status" = 1 ] || die "exit $status without anybody to approve"
expect_text err 'approve without looking: -auto-approve'
refuse_text err 'plan -out'
live_is 'East 1' after

expect_exit 0 trunkform rollback -auto-approve -reason 'one-way audio' genesys_trunk_certificate.east
shows rollback_command
live_is 'East 1' before
patches_are 3

# The next scheduled run leaves it; the plan says why and what insists.
expect_exit 1 trunkform apply -auto-approve
live_is 'East 1' before
patches_are 3
plan_shows 1 rollback_command_plan
expect_exit 0 trunkform history
expect_text out 'one-way audio'

apply_all -retry
live_is 'East 1' after
no_changes
expect_exit 1 trunkform rollback -auto-approve genesys_trunk_certificate.west
expect_text err 'is not in the configuration'

# An earlier pair that somebody removed, key first or whole, is no way back: said as such, and not as a plan that is too old.
rm archive/1/new.key
expect_exit 1 trunkform rollback -auto-approve genesys_trunk_certificate.east
shows rollback_command_gone
rm -r archive
expect_exit 1 trunkform rollback -auto-approve genesys_trunk_certificate.east
shows rollback_command_gone
stop_service
