# Each workspace has a state of its own.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk "East 1"
trunk "West 1"
start_service
offer ours
cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "certificate": { "pem_files": { "new": { "chain": "new.chain", "private_key": "new.key" } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "only": { "trunk": { "name": "\${trunkform.workspace == \"west\" ? \"West 1\" : \"East 1\"}" }, "certificate": "\${certificate.pem_files.new}",
      "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s" } } } }
}
JSON
expect_exit 0 trunkform workspace list
[ "$(cat out)" = '* default' ] || die "workspace list: $(cat out)"
apply_all
live_is 'East 1' ours
expect_exit 0 trunkform workspace new west
shows workspace_new
expect_exit 0 trunkform workspace show
[ "$(cat out)" = west ] || die "workspace show: $(cat out)"
expect_exit 0 trunkform state list
[ ! -s out ] || die 'a new workspace has a state already'
apply_all
live_is 'West 1' ours
no_changes
expect_exit 1 trunkform workspace new west
shows workspace_twice
expect_exit 1 trunkform workspace delete west
shows workspace_selected
expect_exit 0 trunkform workspace select default
no_changes
expect_exit 1 trunkform workspace delete west
shows workspace_not_empty
expect_exit 0 env TRUNKFORM_WORKSPACE=west trunkform state list
expect_text out genesys_trunk_certificate.only

# A typing error begins no empty state beside the real one.
for command in plan 'apply -auto-approve' 'state list' 'workspace show'; do
  # shellcheck disable=SC2086 # words
  expect_exit 1 env TRUNKFORM_WORKSPACE=wset trunkform $command
  expect_text err 'did you mean west?'
done
shows workspace_typing_error
[ ! -e trunkform.state.d/wset ] || die 'a typing error made a workspace'
for command in plan 'state list' 'workspace list'; do
  # shellcheck disable=SC2086 # words
  expect_exit 64 env TRUNKFORM_WORKSPACE=../x trunkform $command
done
shows workspace_no_name
expect_exit 0 env TRUNKFORM_WORKSPACE=north trunkform workspace new north
expect_exit 0 env TRUNKFORM_WORKSPACE=north trunkform state list
expect_exit 0 trunkform workspace select default
expect_exit 0 trunkform workspace delete north

# A selected workspace that is gone is no empty one, and what chooses another one still works.
expect_exit 0 trunkform workspace new gone
rm -r trunkform.state.d/gone
for command in plan 'apply -auto-approve' 'state list' 'workspace show'; do
  # shellcheck disable=SC2086 # words
  expect_exit 1 trunkform $command
done
shows workspace_gone
[ ! -e trunkform.state.d/gone ] || die 'the workspace that was gone is there again'
expect_exit 0 trunkform workspace list
shows workspace_gone_list
expect_exit 0 env TRUNKFORM_WORKSPACE=wset trunkform workspace list
expect_exit 0 trunkform workspace select default

# A trunk has one owner, whichever workspace it is in.
expect_exit 0 trunkform workspace new rival
plan_shows 1 workspace_rival
expect_exit 1 trunkform apply -auto-approve
expect_exit 1 trunkform import genesys_trunk_certificate.only 00000000-0000-4000-8000-000000000001
shows workspace_rival_import
expect_exit 1 trunkform plan
eval "$(sed -nE 's/^  hint: forget it there first: (.*)/\1/p' err) -dry-run" >forgets
expect_text forgets genesys_trunk_certificate.only
expect_exit 0 trunkform workspace select default
expect_exit 0 trunkform workspace delete rival
expect_exit 1 trunkform workspace select nort
expect_exit 64 trunkform workspace new ../outside
expect_exit 0 trunkform workspace delete -force west
expect_exit 0 trunkform workspace list
[ "$(cat out)" = '* default' ] || die "workspace list: $(cat out)"
no_changes
patches_are 2
stop_service
