# A port that refuses and a port that is mute prove nothing: nothing is rolled back, the run stops, and says so.
. "$TEST_ROOT/tests/integration/support/sip.sh"
edge_story "$(looks_at "127.0.0.1:$edge_port" '"sip_options": true')"
expect_exit 0 trunkform verify

edge_signal STOP
expect_exit 4 trunkform verify
said_of_port mute_verify
edge_signal CONT
stop_edge
expect_exit 4 trunkform verify
said_of_port refusing_verify

# The apply itself: bound, not verified, stopped after the wave; and not when nobody minds.
edge_does old
expect_exit 6 trunkform apply -auto-approve
said_of_port refusing_apply
live_is East new
expect_exit 0 trunkform plan
expect_text out 'not verified, inconclusive'
cp archive/1/new.chain archive/1/new.key .
edge_binding "$(looks_at "127.0.0.1:$edge_port")"
sed -i 's|"soak": "0s"|"soak": "0s", "unreachable": "accept"|; s|"min_age": "0s"|"min_age": "0s", "shorter": "allow"|' main.trunk.json
expect_exit 0 trunkform apply -auto-approve -replace=genesys_trunk_certificate.east
live_is East old
stop_phone
stop_service
