# The guide, Edge Case 3: 429 Too Many Requests. Retry-After is honoured, in seconds and as a date, and never undercut.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
trunk "Carrier A 02" old
start_service
settle_on old "$(binding a "Carrier A 01"), $(binding b "Carrier A 02")"
offer next
knobs '{"faults":[{"operation":"list","times":1,"effect":"too_many_requests","retry_after":"2s","hint":"seconds"},
  {"operation":"patch","times":1,"effect":"too_many_requests","retry_after":"2s","hint":"date"},
  {"operation":"patch","skip":1,"times":1,"effect":"too_many_requests","retry_after":"1s","hint":"none"}]}'
before=$(date +%s%3N)
expect_exit 0 trunkform apply -auto-approve
expect_text err 'Waiting for another try in 2 s'
took=$(($(date +%s%3N) - before))
[ "$took" -ge 3000 ] || die "the apply took $took ms: it cannot have waited"
bound "Carrier A 01" next
bound "Carrier A 02" next
curl -fsS "$base_url/_sim/summary" >summary
expect_text summary '"early":0'
expect_text summary '"429":3'
expect_text summary '"needless_patches":0'

# A service that takes its time: a person who waits is told for what, and until when.
knobs '{"clear_faults":true,"faults":[{"operation":"list","times":1,"effect":"slow","first_byte":"4s"}]}'
expect_exit 0 trunkform plan
expect_text err 'Waiting for an answer from '
expect_text err '(GET); until 20'
expect_exit 0 trunkform plan
refuse_text err 'Waiting'

# A service that only ever says 429 ends in an error that says how long it was tried.
offer old
leaf newer -1 120
offer newer
knobs '{"clear_faults":true,"faults":[{"operation":"list","effect":"too_many_requests","retry_after":"30s"}]}'
patient_for 3s
expect_exit 1 trunkform plan
expect_text err "answered 429"
every_error_helps err
stop_service
