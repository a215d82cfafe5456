# The guide, section 5: the call may succeed and the certificate still be wrong for the carrier. The trunk's status is read
# after the change; where it got worse, the earlier certificate comes back.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
trunk "Carrier A 02" old
start_service
mkdir -p archive/1
cp old.chain archive/1/new.chain
cp old.key archive/1/new.key
settle_on old "$(binding a "Carrier A 01"), $(binding b "Carrier A 02")"
# Named only now: the state still knows the source without it.
sed -i 's|"private_key": "new.key"|&, "versions": "archive/*/"|' main.trunk.json
offer next

# The trunk's status gets worse with its next PATCH, and well again with the one after.
worse() { # TRUNK-NUMBER
  local status faults=()
  for status in inactive active; do
    faults+=("{\"operation\":\"patch\",\"trunk\":\"$(trunk_id "$1")\",\"when\":\"after\",\"skip\":${#faults[@]},\"times\":1,\"effect\":\"edits_only\",
      \"edits\":[{\"do\":\"status\",\"trunk\":\"$(trunk_id "$1")\",\"status\":\"$status\"}]}")
  done
  knobs "{\"clear_faults\":true,\"faults\":[${faults[0]},${faults[1]}]}"
}
worse 1
expect_exit 6 trunkform apply -auto-approve
expect_text out "status went from active to inactive"
expect_text out "rolled back to the certificate before, and quarantined"
expect_text out "1 not started"
expect_text err "genesys_trunk_certificate.a"
bound "Carrier A 01" old
bound "Carrier A 02" old
sent 2

# The same chain is not tried again on that trunk until somebody says so.
expect_exit 1 trunkform plan
expect_text err "quarantine"
expect_text err "-retry"

stop_service
