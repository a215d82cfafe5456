# The credentials are those of another organisation, where trunks with the same ids and names could be: nothing is sent.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -70 20
leaf newer -1 89
trunk "East 1"
trunk "East 2"
start_service
offer ours
configure "$(binding one 'East 1'), $(binding two 'East 2')"
apply_all
offer newer
knobs '{"organisation":{"id":"99999999-0000-4000-8000-000000000000","name":"Staging","status":200}}'
plan_shows 1 wrong_organisation
expect_exit 1 trunkform apply -auto-approve
patches_are 2
live_is 'East 1' ours
live_is 'East 2' ours
expect_exit 1 trunkform destroy -auto-approve
expect_exit 0 trunkform state list
expect_text out 'genesys_trunk_certificate.two'
stop_service
