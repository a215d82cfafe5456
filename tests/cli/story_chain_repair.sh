# The trunk has the right leaf without its intermediate: the chain is repaired, though nothing is due.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf whole -1 89
cp whole.pem alone.chain
cp whole.key alone.key
trunk "East 1" alone
start_service
offer whole
configure "$(binding east 'East 1')"
expect_exit 0 trunkform import genesys_trunk_certificate.east 00000000-0000-4000-8000-000000000001
plan_shows 2 chain_repair
apply_all
live_is 'East 1' whole
no_changes
patches_are 1

# A file in any order is put in order; the chain is the same then, and nothing is sent.
cat ca/intermediate.pem whole.pem >new.chain
no_changes
stop_service
