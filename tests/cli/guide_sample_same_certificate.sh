# The guide's sample in section 5 pushes the certificate that it has just found to be expiring. Where the source still
# offers the same, trunkform binds nothing and says what is awaited.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf due -70 20
leaf critical -86 4
trunk "Carrier A 01" due
trunk "Carrier A 02" critical
start_service
settle_on due "$(binding a "Carrier A 01")"
expect_exit 0 trunkform plan
expect_text out "awaiting_source"
expect_exit 0 trunkform apply -auto-approve
sent 0

# Critical: no longer a remark but an error, so that the scheduled run fails and somebody looks.
offer critical
configure "$(binding b "Carrier A 02")"
expect_exit 1 trunkform plan
expect_text err "genesys_trunk_certificate.b"
sent 0
stop_service
