# -target, -exclude and -replace choose addresses; a typing error in one is an error.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
for number in 1 2 3 4; do trunk "East $number"; done
start_service
offer ours
configure '"east": { "for_each": "${toset([\"East 1\", \"East 2\", \"East 3\"])}", "trunk": { "name": "${each.key}" },
  "certificate": "${certificate.pem_files.new}", "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once",
  "rotate": { "min_age": "0s" } }, '"$(binding other 'East 4')"
# Before anything was applied the configuration alone says which addresses there are.
for flag in -target -exclude -replace; do
  expect_exit 1 trunkform plan "$flag=genesys_trunk_certificate.carrier_x"
done
shows selection_unknown_at_first
plan_shows 2 selection_target '-target=genesys_trunk_certificate.east["East 2"]'
plan_shows 2 selection_concise -concise '-target=genesys_trunk_certificate.east["East 2"]'
apply_all '-target=genesys_trunk_certificate.east["East 2"]'
live_is 'East 2' ours
patches_are 1

apply_all -target=genesys_trunk_certificate.east '-exclude=genesys_trunk_certificate.east["East 3"]'
live_is 'East 1' ours
[ -z "$(live_leaf 'East 3')$(live_leaf 'East 4')" ] || die 'what was excluded was written to'
patches_are 2

apply_all
no_changes
refuse_text out 'were not looked at'
no_changes -target=genesys_trunk_certificate.other
expect_text out 'the others were not looked at'
# The certificate that is live is not sent again, not even on demand; another one is.
plan_shows 0 selection_replace_same -replace=genesys_trunk_certificate.other
leaf sibling -1 88
offer sibling
no_changes
plan_shows 2 selection_replace -replace=genesys_trunk_certificate.other
apply_all -replace=genesys_trunk_certificate.other
live_is 'East 4' sibling
live_is 'East 1' ours
patches_are 5

for flag in -target -exclude -replace; do
  expect_exit 1 trunkform plan "$flag=genesys_trunk_certificate.othr"
done
shows selection_unknown

# An address without an instance is all of them to what only looks; a rollback goes trunk by trunk, and says which.
expect_exit 0 trunkform history genesys_trunk_certificate.east
for number in 1 2 3; do expect_text out "east[\"East $number\"]"; done
refuse_text out 'genesys_trunk_certificate.other'
expect_exit 0 trunkform state show genesys_trunk_certificate.east
for number in 1 2 3; do expect_text out "east[\"East $number\"]"; done
refuse_text out 'genesys_trunk_certificate.other'
expect_exit 1 trunkform state show genesys_trunk_certificate.othr
expect_text err "did you mean 'genesys_trunk_certificate.other'?"
expect_exit 1 trunkform rollback -auto-approve genesys_trunk_certificate.east
shows selection_rollback_of_all
stop_service
