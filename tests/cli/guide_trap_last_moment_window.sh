# The guide, section 1: a maintenance window must not become the last moment. Where the certificate ends before the end of
# the second next window, the window is ignored, and said so.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -82 8
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"
offer next
day=$(date -u -d '+2 days' +%a)
sed -i "s/\"min_age\": \"0s\"/&, \"window\": { \"days\": [\"${day,,}\"], \"start\": \"02:00\", \"for\": \"2h\", \"timezone\": \"UTC\" }/" main.trunk.json
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out "window"
expect_exit 0 trunkform apply -auto-approve
bound "Carrier A 01" next
sent 1
stop_service
