# destroy forgets: the trunks keep their certificates; prevent_destroy refuses, also once its block is gone.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk "East 1"
trunk "East 2"
start_service
offer ours
protected='"lifecycle": { "prevent_destroy": true }'
configure "$(binding one 'East 1'), $(binding kept 'East 2' "$protected")"
apply_all
plan_shows 1 destroy_protected -destroy
expect_exit 1 trunkform destroy -auto-approve -exclude=genesys_trunk_certificate.one
expect_exit 0 trunkform state list
expect_text out genesys_trunk_certificate.kept

# A block that is removed protects still, because the state remembers.
configure "$(binding one 'East 1')"
plan_shows 1 destroy_removed_protected
configure "$(binding one 'East 1'), $(binding kept 'East 2')"
expect_exit 0 trunkform plan -detailed-exitcode
expect_text out 'prevent_destroy is still in the state: the next apply takes it out'
apply_all
no_changes
refuse_text out 'prevent_destroy'

configure "$(binding one 'East 1')"
plan_shows 2 destroy_removed
apply_all
no_changes
plan_shows 2 destroy -destroy
expect_exit 0 trunkform destroy -auto-approve
shows destroy_apply
expect_exit 0 trunkform state list
[ ! -s out ] || die 'something is left in the state'
live_is 'East 1' ours
live_is 'East 2' ours
patches_are 2
plan_shows 0 destroy_nothing -destroy
expect_exit 0 trunkform destroy -auto-approve
expect_text out 'there is nothing to forget'
refuse_text out 'Every trunk has'

# What was forgotten is adopted again without a PATCH.
apply_all
patches_are 2
no_changes
stop_service
