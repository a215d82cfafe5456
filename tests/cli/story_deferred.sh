# Outside its window nothing is sent: the plan says when, apply defers without failing, -ignore-window goes on.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf due -70 20
leaf newer -1 89
leaf last -87 2
trunk "East 1" due
trunk "East 2" last
start_service
offer due
window=$(date -u -d '2 days' +%a | tr '[:upper:]' '[:lower:]')
rotate='"rotate": { "min_age": "0s", "window": [ { "days": ["'$window'"], "start": "02:00", "for": "4h", "timezone": "UTC" } ] }'
windowed() { binding "$1" "$2" | sed "s/\"rotate\": { \"min_age\": \"0s\" }/$rotate/"; }
configure "$(windowed east 'East 1')"
apply_all
offer newer
plan_shows 4 deferred
expect_exit 0 trunkform apply -auto-approve
shows deferred_apply
live_is 'East 1' due
patches_are 0
expect_exit 4 trunkform plan -detailed-exitcode -out=wednesday.trunkplan
expect_exit 0 trunkform apply wednesday.trunkplan
patches_are 0

# The other one ends before its second next window has passed: one missed window must not mean an outage.
offer last
configure "$(windowed east 'East 1'), $(windowed urgent 'East 2')"
expect_exit 0 trunkform import genesys_trunk_certificate.urgent 00000000-0000-4000-8000-000000000002
offer newer
plan_shows 2 deferred_urgent
apply_all
live_is 'East 1' due
live_is 'East 2' newer
apply_all -ignore-window '-reason=ticket 4711'
live_is 'East 1' newer
no_changes
patches_are 2

# A rollout that outlasts what is left of its window leaves trunks behind: the plan says so.
leaf latest -1 89
offer latest
here=$(date -u +%H:%M)
rotate='"rotate": { "min_age": "0s", "window": [ { "start": "'$here'", "for": "1h", "timezone": "UTC" } ] }'
configure "$(windowed east 'East 1'), $(windowed urgent 'East 2')"
sed -i 's/"soak": "0s"/"soak": "2h", "wave_size": 1/' main.trunk.json
replaced="-replace=genesys_trunk_certificate.east -replace=genesys_trunk_certificate.urgent"
# shellcheck disable=SC2086 # words
expect_exit 2 trunkform plan -detailed-exitcode $replaced
expect_text err 'the rollout of carrier a does not fit into its window: 1 of 2 trunks is likely deferred until'
every_error_helps err
sed -i 's/"wave_size": 1/"wave_size": 10/' main.trunk.json
# shellcheck disable=SC2086 # words
expect_exit 2 trunkform plan -detailed-exitcode $replaced
refuse_text err 'does not fit'
stop_service
