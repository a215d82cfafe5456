# A service that gives chains back with the authority first: live is judged by its leaf all the same, so what is due is due,
# a renewal is not taken for older than an authority, and the order is told once, not at each plan.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf old -75 15
leaf next -1 89
trunk "East 1" old
start_service
knobs '{"give_back":"reversed"}'
offer old
configure "$(binding east 'East 1')"
expect_exit 0 trunkform import genesys_trunk_certificate.east 00000000-0000-4000-8000-000000000001

# As it was found: nobody knows whether the port sends it so, and ours is in order. What is offered ends with live.
plan_shows 2 given_back_reversed_found
refuse_text out 'ends before'
offer next
plan_shows 2 given_back_reversed_renewal
refuse_text out '2031'
apply_all
expect_text out 'gives the chain back in another shape'
live_is 'East 1' next
patches_are 1

# That is the service's own way from now on: no broken rule, no drift, no repair.
no_changes
refuse_text out leaf_not_first
expect_exit 0 trunkform drift
expect_exit 0 trunkform verify
expect_exit 0 trunkform forecast
knobs '{"give_back":"as_sent"}'
no_changes
patches_are 1
stop_service
