# An edge that wants a client certificate shows its own all the same; behind it nothing can be asked, and that is said.
. "$TEST_ROOT/tests/integration/support/sip.sh"
edge_story "$(looks_at "127.0.0.1:$edge_port")"
edge_binding "$(looks_at "127.0.0.1:$client_port")"
expect_exit 0 trunkform apply -auto-approve
live_is East new
expect_exit 0 trunkform verify

edge_binding "$(looks_at "127.0.0.1:$client_port" '"sip_options": true')"
expect_exit 4 trunkform verify
said_of_port client_certificate_options
edge_binding "$(looks_at "127.0.0.1:$client_port" '"call": { "to": "echo" }')"
expect_exit 4 trunkform verify
said_of_port client_certificate_call
stop_edge
stop_phone
stop_service
