# The guide, Edge Case 4: two instances at once. One lock for a state, held by the whole run; the second says who holds it,
# or waits. And what others do to the trunk itself is seen before the PATCH.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
leaf foreign -1 70
trunk "Carrier A 01" old
trunk "Carrier A 02" old
start_service
settle_on old "$(binding a "Carrier A 01"), $(binding b "Carrier A 02")"
offer next
sed -i 's/"stagger": "0s"/"stagger": "4s"/' main.trunk.json

trunkform apply -auto-approve >first.out 2>first.err &
first=$!
first_sent() { [ "$(count_operation patch)" -ge 1 ]; }
wait_for 20 first_sent
expect_exit 5 trunkform apply -auto-approve
expect_text err "is locked"
expect_text err "pid $first"
expect_text err "-lock-timeout"
expect_exit 0 trunkform apply -auto-approve -lock-timeout=60s
wait "$first"
sent 2
bound "Carrier A 01" next
bound "Carrier A 02" next
curl -fsS "$base_url/_sim/summary" >summary
expect_text summary '"needless_patches":0'

# Somebody else changed a trunk between plan and apply: that trunk is left alone, the other one is done.
leaf newer -1 200
offer newer
sed -i 's/"min_age": "0s"/&, "when": "available"/g; s/"stagger": "4s"/"stagger": "0s"/' main.trunk.json
expect_exit 0 trunkform plan -out=reviewed.trunkplan
by_hand "Carrier A 01" foreign
expect_exit 1 trunkform apply reviewed.trunkplan
expect_text err "stale_live"
bound "Carrier A 01" foreign
bound "Carrier A 02" newer
sent 3
stop_service
