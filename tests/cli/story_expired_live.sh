# The live certificate has expired: an error as long as the source has nothing better, and no waiting once it has.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ended -93 -3
leaf renewed 0 90
trunk "East 1" ended
start_service
offer ended
# min_age would hold back a certificate that is a minute old, and a window would hold it until the weekend.
configure '"east": { "trunk": { "name": "East 1" }, "certificate": "${certificate.pem_files.new}",
  "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "12h" } }'
expect_exit 0 trunkform import genesys_trunk_certificate.east 00000000-0000-4000-8000-000000000001
plan_shows 1 expired_live
patches_are 0

offer renewed
plan_shows 2 expired_live_renewed
apply_all
live_is 'East 1' renewed
no_changes
stop_service
