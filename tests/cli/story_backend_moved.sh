# Where the state is kept changes: nothing begins an empty state by accident, the state can be taken along with its
# history, and what -backend-config said is remembered.
# shellcheck source-path=SCRIPTDIR source=support/service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf old -85 3
leaf new -1 89
trunk East old
start_service

# with_backend MEMBERS: the trunk, and where its state is
with_backend() { configure "$(binding east East '"adopt": true')" "\"trunkform\": { \"backend\": { $1 } }"; }

configure "$(binding east East '"adopt": true')"
expect_exit 0 trunkform apply -auto-approve
expect_exit 0 trunkform workspace new lab
expect_exit 0 trunkform workspace select default

# Another place in the configuration: every command says so, and nothing is made there.
with_backend '"local": { "path": "states" }'
for command in plan 'apply -auto-approve' 'state list' drift init; do
  # shellcheck disable=SC2086
  expect_exit 1 trunkform $command
  expect_text err 'the state of this folder is in another backend'
  expect_text err 'trunkform init -migrate-state'
done
[ ! -e states ] || die 'a state was begun elsewhere'

# Taken along: the records, the history; the old one is as it was.
cp trunkform.state.json before.json
expect_exit 0 trunkform init -migrate-state
expect_text out 'workspace default: 1 trunk, serial'
expect_text out 'read back and compared'
expect_text out 'the state in local is as it was'
cmp before.json trunkform.state.json || die 'the state that was copied has changed'
expect_exit 0 trunkform plan -detailed-exitcode
expect_text out 'No changes'
expect_exit 0 trunkform history
expect_text out 'genesys_trunk_certificate.east'
expect_exit 0 trunkform workspace list
expect_text out 'lab'

# Done again there is nothing to move, and that is said nowhere.
expect_exit 0 trunkform init
refuse_text out 'as it was'
expect_exit 0 trunkform workspace select lab

# Back, where an older copy of the same state lies: nothing is written over it unasked.
configure "$(binding east East '"adopt": true')"
expect_exit 1 trunkform plan
expect_text err 'it is in local (path=states)'
expect_exit 1 trunkform init -migrate-state
expect_text err 'there is another state already where this one is to go'
cmp before.json trunkform.state.json || die 'an older copy was written over'
expect_exit 0 trunkform init -reconfigure
expect_text out 'was not copied'
expect_exit 0 trunkform plan

# What is given on the command line counts until something else is, and a typing error is no backend.
with_backend '"local": {}'
expect_exit 64 trunkform init -reconfigure -backend-config=pth=states
expect_text err 'did you mean path?'
# Which workspace is selected stands where the state is.
expect_exit 0 trunkform init -reconfigure -backend-config=path=states
expect_text out 'backend local in states, workspace lab'
expect_exit 0 trunkform workspace select default
expect_exit 0 trunkform state list
expect_exit 0 trunkform init
expect_text out 'backend local in states'
printf '{ "path": "third" }\n' >backend.json
expect_exit 0 trunkform init -migrate-state -backend-config=backend.json
expect_text out 'backend local in third'
expect_exit 0 trunkform init -json
expect_text out '"migrated":[]'
printf '{ "path": 3 }\n' >backend.json
expect_exit 1 trunkform init -backend-config=backend.json
expect_text err 'one JSON object of texts'
printf '{' >.trunkform.backend.json
expect_exit 1 trunkform plan
expect_text err 'write it anew with trunkform init -reconfigure'
stop_service
