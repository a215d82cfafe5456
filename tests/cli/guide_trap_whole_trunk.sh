# The guide, section 4: who sends the whole trunk overwrites what others changed since it was read. The body of a PATCH is
# `tls` with exactly two strings; the simulator counts anything else as a violation.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01" '"verify": { "status": false }')"
offer next

# Between the last look at the trunk and the PATCH, somebody renames it and takes it out of service.
knobs "{\"faults\":[{\"operation\":\"patch\",\"times\":1,\"effect\":\"edits_only\",\"edits\":[
  {\"do\":\"rename\",\"trunk\":\"$(trunk_id 1)\",\"name\":\"Renamed meanwhile\"},
  {\"do\":\"status\",\"trunk\":\"$(trunk_id 1)\",\"status\":\"maintenance\"}]}]}"
expect_exit 0 trunkform apply -auto-approve
sent 1
bound "Renamed meanwhile" next
service_state >state
expect_text state '"status":"maintenance"'
stop_service

# That a violation would be seen: the same trunk sent whole.
start_service
raw_patch "$(trunk_id 1)" "{\"id\":\"$(trunk_id 1)\",\"name\":\"Carrier A 01\",\"tls\":{\"certificate\":\"$(json_text new.chain)\",\"privateKey\":\"$(json_text new.key)\"}}"
kill "$service_pid"
status=0
wait "$service_pid" || status=$?
[ "$status" = 3 ] || die "the simulator ended with $status: it takes whole trunks"
