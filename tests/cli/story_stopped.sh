# A run that ends early says what goes on with the rest, and by which exit code it ended: a trunk that stays wrong is 1, one
# that was rolled back is 6. The history has the time of each step, not of the line that recorded them all.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -10 80
leaf newer -1 89
for number in 1 2 3; do trunk "East $number" ours; done
start_service -sip
offer ours
tls() { printf '"adopt": true, "verify": { "tls": { "address": "127.0.0.1:%s", "server_name": "sip.example.com", "within": "5s" } }' "$(sip_port "$1")"; }
configure "$(binding one 'East 1' "$(tls 'East 1')"), $(binding two 'East 2' '"adopt": true'), $(binding three 'East 3' '"adopt": true')"
apply_all
offer newer

# Interrupted after the first of three that nothing but -replace called for: that is remembered.
sed -i 's/"stagger": "0s"/"stagger": "1h"/' main.trunk.json
replaces=()
for name in one two three; do replaces+=("-replace=genesys_trunk_certificate.$name"); done
trunkform apply -auto-approve "${replaces[@]}" >out 2>err &
run=$!
wait_for 30 grep -q 'genesys_trunk_certificate.one: done\|verified' out
kill -INT $run
status=0
wait $run || status=$?
[ "$status" = 130 ] || { cat out err >&2; die "interrupted with $status"; }
expect_text out '`trunkform apply` goes on from here'
sed -i 's/"stagger": "1h"/"stagger": "0s"/' main.trunk.json
patches_are 1
apply_all
patches_are 3
no_changes
live_is 'East 3' newer

# The port never serves what was bound: with "stop" the trunk stays wrong, with "rollback" it goes back.
leaf third 0 100
offer third
knobs '{"sip": [{"trunk": "East 1", "serve": "wrong"}]}'
sed -i 's/"soak": "0s"/"soak": "0s", "on_failure": "stop"/' main.trunk.json
expect_exit 1 trunkform apply -auto-approve "${replaces[@]}"
expect_text out 'Stopped:'
live_is 'East 1' third
# A second and more lies between the PATCH and the verdict.
expect_exit 0 trunkform history -json genesys_trunk_certificate.one
times() { jq -r "select(.kind == \"$1\") | .time" out | tail -n 1; }
patched=$(date -d "$(times patched)" +%s%3N)
ended=$(date -d "$(times outcome)" +%s%3N)
[ $((ended - patched)) -ge 1000 ] || die "patched at $patched, ended at $ended"
stop_service
