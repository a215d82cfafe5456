# The edge serves the right leaf without its intermediate: browsers might mend that, carriers do not.
. "$TEST_ROOT/tests/integration/support/sip.sh"
edge_story "$(looks_at "127.0.0.1:$edge_port")"
edge_does bare
expect_exit 6 trunkform apply -auto-approve
said_of_port bare_leaf_apply
live_is East old

# Going back went the same way: now the old leaf stands there without its chain, and whoever looks is told.
expect_exit 2 trunkform verify
said_of_port bare_leaf_verify
serve_at_edge old.chain old.key
expect_exit 0 trunkform verify

# The service too gives back the leaf alone, and that was recorded: what the port serves is then as expected, and still
# nothing that a carrier could follow.
knobs '{"give_back":"leaf_only"}'
expect_exit 6 trunkform apply -auto-approve -retry
expect_text out 'which the carrier would refuse: certificate chain incomplete'
stop_edge
stop_phone
stop_service
