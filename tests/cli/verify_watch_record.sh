# verify -watch and -record: a host that reaches the ports says what it sees, and the runs after it know.
. "$TEST_ROOT/tests/cli/support/service.sh"

make_authority
leaf old -78 12
leaf next -1 89
for name in East West North; do trunk "$name" old; done
start_service -sip
port_of() { sip_port "$1"; }
tls() { printf '"verify": { "tls": { "address": "127.0.0.1:%s", "server_name": "sip.example.com", "within": "1s" } }' "$1"; }
write() {
  configure "$(binding east East "$(tls "$1")"), $(binding west West "$(tls "$2")"), $(binding north North "$(tls "$3")")"
  sed -i 's|"canary": 0|"canary": 1|' main.trunk.json
}
# This runner may reach no port; another host may.
runner() { write 1 1 1; }
other_host() { write "$(port_of East)" "$(port_of West)" "$(port_of North)"; }
offer old
other_host
expect_exit 0 trunkform apply -auto-approve
offer next
runner
plan_shows 2 record_plan_before

# The canary is bound and nobody here can see it: the run stops.
expect_exit 6 trunkform apply -auto-approve
expect_text out 'could not be verified'
[ "$(patches)" = 1 ] || die "more than the canary was bound"
plan_shows 2 record_plan_inconclusive

# Without -record nothing is written, and the lock is not needed.
other_host
before=$(wc -l <trunkform.state.events)
expect_exit 0 trunkform verify genesys_trunk_certificate.east
[ "$(wc -l <trunkform.state.events)" = "$before" ] || die "verify wrote without -record"
expect_exit 0 trunkform verify -record genesys_trunk_certificate.east
shows record_verify
expect_exit 0 trunkform history -limit=1
shows record_history
expect_exit 0 trunkform state show genesys_trunk_certificate.east
expect_text out '(verify -record)'

# The chain is proven on that carrier: the next run has no canary.
runner
plan_shows 2 record_plan_after
refuse_text out 'canary'

# A look that fails is a warning for the next plan.
other_host
knobs '{"sip":[{"trunk":"East","serve":"wrong"}]}'
expect_exit 2 trunkform verify -record genesys_trunk_certificate.east
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'the last verification failed'
knobs '{"sip":[{"trunk":"East","serve":"bound"}]}'

# What was bound after the look is not what was looked at.
events_of_probes() { grep -c '"kind":"probed"' trunkform.state.events || true; }

# Who ends it is not told of trunks in hand: there are none.
knobs '{"sip":[{"trunk":"East","serve":"wrong"}]}'
trunkform verify -watch -interval=1s genesys_trunk_certificate.east >watched 2>watched.err &
watch=$!
wait_for 20 grep -q 'fail  ' watched
kill -TERM "$watch"
status=0
wait "$watch" || status=$?
[ "$status" = 130 ] || { cat watched watched.err >&2; die "the watch ended with $status"; }
expect_text watched.err 'Stopping.'
refuse_text watched.err 'trunk in hand'

# -watch goes on until everything passes, tells what changes, and records each new verdict once.
knobs '{"sip":[{"trunk":"East","serve":"wrong"},{"trunk":"West","serve":"silent"}]}'
probes=$(events_of_probes)
trunkform verify -watch -record -interval=1s genesys_trunk_certificate.east >watched 2>watched.err &
watch=$!
wait_for 20 grep -q 'Recorded 1 verdict' watched.err
sleep 2.5
knobs '{"sip":[{"trunk":"East","serve":"bound"}]}'
status=0
wait "$watch" || status=$?
[ "$status" = 0 ] || { cat watched watched.err >&2; die "the watch ended with $status"; }
expect_text watched 'fail           genesys_trunk_certificate.east'
expect_text watched 'pass           genesys_trunk_certificate.east'
[ "$(grep -c '^fail ' watched)" = 1 ] || die "what did not change was told again"
[ "$(events_of_probes)" = $((probes + 2)) ] || die "not each new verdict was recorded once"

# Interrupted, it says so and what it saw last.
knobs '{"sip":[{"trunk":"East","serve":"wrong"}]}'
rm watched  # its lines are not those of the watch that is to be interrupted
trunkform verify -watch -interval=1s genesys_trunk_certificate.east >watched 2>watched.err &
watch=$!
wait_for 20 grep -q '^fail ' watched
kill -INT "$watch"
status=0
wait "$watch" || status=$?
[ "$status" = 130 ] || die "an interrupted watch ended with $status"
expect_text watched '0 pass, 1 fail'
knobs '{"sip":[{"trunk":"East","serve":"bound"}]}'

# -json is one document, at the end.
expect_exit 0 trunkform verify -watch -json genesys_trunk_certificate.east
"$TEST_ROOT/tests/cli/support/check_schema" verify out
expect_exit 64 trunkform verify -watch -interval=soon
expect_text err '-interval=soon is not a duration'

# Under the lock: while another holds it, a look is not recorded, and that is an error, or for -watch a matter of time.
knobs '{"sip":[{"trunk":"West","serve":"bound"}]}'
expect_exit 0 trunkform apply -auto-approve
stop_service
