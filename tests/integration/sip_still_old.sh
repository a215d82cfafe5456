# The service has the new certificate and the edge goes on with the old one: seen on the wire, and gone back from.
. "$TEST_ROOT/tests/integration/support/sip.sh"
edge_story "$(looks_at "127.0.0.1:$edge_port" '"sip_options": true')"
edge_does old
expect_exit 6 trunkform apply -auto-approve
said_of_port still_old_apply
live_is East old
expect_exit 0 trunkform verify
expect_exit 1 trunkform plan
expect_text err 'quarantined'

# Reloaded late, within `within`: nothing has failed.
edge_does new
(sleep 1.5 && serve_at_edge new.chain new.key) &
edge_does old
within=15s
edge_binding "$(looks_at "127.0.0.1:$edge_port")"
expect_exit 0 trunkform apply -auto-approve -retry
live_is East new
expect_exit 0 trunkform verify
stop_edge
stop_phone
stop_service
