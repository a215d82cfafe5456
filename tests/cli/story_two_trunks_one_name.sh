# Two trunks have one name: which one is meant cannot be guessed. An id says it.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk "East 1"
trunk "East 1"
start_service
offer ours
configure "$(binding east 'East 1')"
plan_shows 1 two_trunks_one_name
expect_exit 1 trunkform apply -auto-approve
patches_are 0

configure '"east": { "trunk": { "id": "00000000-0000-4000-8000-000000000002" }, "certificate": "${certificate.pem_files.new}",
  "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s" } }'
plan_shows 2 two_trunks_one_name_by_id
apply_all
no_changes
patches_are 1
expect_exit 0 trunkform inventory
shows two_trunks_one_name_inventory

# Once it is pinned, its name says which one is meant.
configure "$(binding east 'East 1')"
no_changes
stop_service
