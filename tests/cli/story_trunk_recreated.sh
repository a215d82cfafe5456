# A trunk is deleted, then somebody makes one with its name: it may be another carrier's, so a person has to say.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk "East 1"
trunk "East 2"
start_service
offer ours
configure "$(binding one 'East 1'), $(binding two 'East 2')"
apply_all
no_changes

knobs '{"edits":[{"do":"delete","trunk":"East 1"}]}'
plan_shows 1 trunk_deleted

knobs '{"edits":[{"do":"create","name":"East 1","trunk":"East 1"}]}'
plan_shows 1 trunk_recreated
expect_exit 1 trunkform apply -auto-approve
[ -z "$(live_leaf 'East 1')" ] || die 'a certificate was sent to a trunk that only has the name'
patches_are 2

# It is the right one: what the hint says is enough.
expect_text err 'trunkform forget'
expect_exit 0 trunkform forget genesys_trunk_certificate.one
plan_shows 2 trunk_recreated_accepted
apply_all
live_is 'East 1' ours
no_changes

# Deleted for good: the binding is taken away, and nothing is left over.
knobs '{"edits":[{"do":"delete","trunk":"East 2"}]}'
configure "$(binding one 'East 1')"
plan_shows 2 trunk_deleted_forgotten
apply_all
no_changes
expect_exit 0 trunkform state list
refuse_text out 'genesys_trunk_certificate.two'
stop_service
