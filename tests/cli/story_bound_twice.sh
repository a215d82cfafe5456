# Two bindings mean one trunk, one of them by id: neither is carried out, the third is.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk "East 1"
trunk "East 2"
start_service
offer ours
configure "$(binding by_name 'East 1'), $(binding good 'East 2'),
  \"by_id\": { \"trunk\": { \"id\": \"00000000-0000-4000-8000-000000000001\" }, \"certificate\": \"\${certificate.pem_files.new}\",
    \"identity\": [\"sip.example.com\"], \"carrier\": \"a\", \"rollout\": \"at_once\", \"rotate\": { \"min_age\": \"0s\" } }"
plan_shows 1 bound_twice
expect_exit 1 trunkform apply -auto-approve
[ -z "$(live_leaf 'East 1')" ] || die 'a trunk that is bound twice was written to'
live_is 'East 2' ours
patches_are 1

configure "$(binding by_name 'East 1'), $(binding good 'East 2')"
apply_all
live_is 'East 1' ours
no_changes
stop_service
