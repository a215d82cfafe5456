# The guide, Edge Case 1: the call succeeds, calls fail with `certificate chain incomplete`. The chain is verified against
# what the carrier trusts before it is sent, and what the service makes of it is looked at afterwards.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"
offer next

# Another carrier's roots: no chain of ours leads there.
issue ca/other "Other Root" authority -400 3000 self
cp root.pem right-root.pem
cp ca/other.pem root.pem
expect_exit 1 trunkform plan
expect_text err "is neither sent nor in the trust store of carrier 'a'"
expect_text err "add it to the carrier's trust_store"
expect_exit 1 trunkform apply -auto-approve
sent 0
cp right-root.pem root.pem

# The service keeps the leaf only: recorded once, said, and not taken for drift for ever.
knobs '{"give_back":"leaf_only"}'
expect_exit 0 trunkform apply -auto-approve
bound "Carrier A 01" next
expect_exit 0 trunkform plan -detailed-exitcode
stop_service
