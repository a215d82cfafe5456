# The event log beside the state is removed, or cut, by somebody who tidies up: nothing is lost but the history, and it is said.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -70 20
leaf newer -1 89
trunk "East 1" ours
start_service
offer ours
configure "$(binding one 'East 1')"
apply_all
no_changes
refuse_text err 'event log'
rm trunkform.state.events
plan_shows 0 lost_log
expect_exit 0 trunkform history
refuse_text err 'Nothing has happened yet'
expect_text err 'a part of the event log is missing'
offer newer
expect_exit 0 trunkform plan -out=new.plan
expect_exit 0 trunkform apply new.plan
expect_text err 'a part of the event log is missing'
live_is 'East 1' newer
no_changes
refuse_text err 'event log'
stop_service
