# Somebody renames a trunk on the service. It is the same trunk: found by its id, told as drift, until the configuration follows.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -70 20
leaf next -1 89
trunk 'East 1'
trunk 'West 1'
start_service
offer ours
configure "$(binding east 'East 1'), $(binding west 'West 1')"
apply_all
knobs '{"edits":[{"do":"rename","trunk":"East 1","name":"East New"}]}'
plan_shows 0 trunk_renamed
apply_all
# The apply has read the new name, and the configuration still says the old one.
expect_exit 0 trunkform plan -detailed-exitcode
expect_text out 'trunk "East 1" is now named "East New"'
expect_exit 2 trunkform drift
expect_text out 'East New'
offer next
apply_all
live_is 'East New' next
expect_exit 0 trunkform plan -detailed-exitcode
expect_text out 'trunk "East 1" is now named "East New"'

configure "$(binding east 'East New'), $(binding west 'West 1')"
apply_all
no_changes
refuse_text out 'is now named'
expect_exit 0 trunkform drift
stop_service
