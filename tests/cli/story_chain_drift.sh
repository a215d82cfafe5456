# Only the chain is another one, the leaf is ours: plan, drift and verify say what differs, not one fingerprint twice.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf whole -1 89
cp whole.pem alone.chain
cp whole.key alone.key
trunk "East 1" whole
start_service
offer whole
configure "$(binding east 'East 1' '"adopt": true')"
apply_all
by_hand 'East 1' alone

expect_exit 2 trunkform drift
shows chain_drift
expect_exit 2 trunkform verify
shows chain_drift_verify
plan_shows 2 chain_drift_plan -out=saved.trunkplan
by_hand 'East 1' whole
cat whole.pem ca/root.pem >odd.chain
cp whole.key odd.key
by_hand 'East 1' odd
expect_exit 1 trunkform apply saved.trunkplan
expect_text err "found $(fingerprint whole) in another chain"
apply_all
expect_text out "binding $(fingerprint whole) with chain"
no_changes
stop_service
