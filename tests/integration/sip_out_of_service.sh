# The right certificate in front of a SIP server that answers 503: that is no trunk that carries calls.
. "$TEST_ROOT/tests/integration/support/sip.sh"
edge_story "$(looks_at "127.0.0.1:$edge_port")"
edge_binding "$(looks_at "127.0.0.1:$broken_port" '"sip_options": true')"
expect_exit 6 trunkform apply -auto-approve
said_of_port out_of_service_apply
live_is East old

edge_binding "$(looks_at "127.0.0.1:$broken_port" '"call": { "to": "echo" }')"
expect_exit 2 trunkform verify
said_of_port out_of_service_call
stop_edge
stop_phone
stop_service
