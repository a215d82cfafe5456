# The guide, section 4: a failed call leaves the expiring certificate where it is. It must be seen: exit code, message,
# history, and the next plan, which still wants the change.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
trunk "Carrier A 02" old
start_service
settle_on old "$(binding a "Carrier A 01"), $(binding b "Carrier A 02")"
offer next
patient_for 1s

refused() { # STATUS EFFECT HINT
  knobs "{\"clear_faults\":true,\"faults\":[{\"operation\":\"patch\",\"effect\":\"$2\"${1:+,\"status\":$1}}]}"
  expect_exit 1 trunkform apply -auto-approve
  expect_text err "Error: PATCH /api/v2/telephony/providers/edge/trunks/$(trunk_id 1) answered"
  expect_text err "$3"
  expect_text err "correlation id"
  expect_text err "genesys_trunk_certificate.a"
  expect_text out "Apply incomplete!"
  expect_text out "Stopped: genesys_trunk_certificate.a failed"
  expect_text out "1 not started"
  every_error_helps err
  bound "Carrier A 01" old
  bound "Carrier A 02" old
  expect_exit 0 trunkform history
  expect_text out "genesys_trunk_certificate.a"
  expect_text out "answered $1"
  expect_exit 2 trunkform plan -detailed-exitcode
  expect_text out "2 to change"
}
refused 403 error "Telephony > Trunk > Edit"
refused 400 error "trunkform plan"
refused 503 error "when the service works"

# Once the service works again, the same command does the rest.
knobs '{"clear_faults":true}'
expect_exit 0 trunkform apply -auto-approve
bound "Carrier A 01" next
bound "Carrier A 02" next
stop_service
