# A state that was in the clear is encrypted on purpose; its key is changed; it goes back only on purpose, too.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
leaf next -1 89
trunk "East 1"
start_service
offer ours
configure "$(binding one 'East 1')"
apply_all
expect_exit 0 trunkform workspace new west
expect_exit 0 trunkform workspace select default
for name in STATE_KEY NEW_KEY; do expect_exit 0 trunkform trust add secret env "$name"; done
export STATE_KEY=canary-of-the-state-key-1 NEW_KEY=canary-of-the-next-key-2
with_key() { configure "$(binding one 'East 1')" '"trunkform": { "state_encryption": { '"$1"' } }'; }
first='"key": { "env": "STATE_KEY" }'
with_key "$first"

# The block alone changes nothing that is there, and lets nothing pass.
cp trunkform.state.json before.json
expect_exit 1 trunkform plan
expect_text err 'trunkform init -migrate-state'
expect_exit 1 trunkform apply -auto-approve
expect_exit 1 trunkform state rekey
cmp before.json trunkform.state.json || die 'something was written'
expect_exit 0 trunkform init -migrate-state
expect_text out 'workspace default: encrypted; what was written before stays in the clear in its event log'
refuse_text out 'Nothing was written'
no_changes
for file in trunkform.state.json trunkform.state.backup trunkform.owners.json; do
  for word in 'East 1' genesys_trunk_certificate 00000000-0000-4000-8000-000000000001; do
    ! grep -qF "$word" "$file" || die "$word stands in $file"
  done
done
expect_exit 0 trunkform init -migrate-state
refuse_text out ': encrypted'
# What was recorded in the clear is still the history, as long as nobody touches it.
expect_exit 0 trunkform history
expect_text out genesys_trunk_certificate.one
cp trunkform.state.events events
sed -i 's/East 1/East 2/' trunkform.state.events
expect_exit 1 trunkform history
cp events trunkform.state.events

# Another key: not before it was told what the key was, and then the earlier one opens nothing.
offer next
with_key '"key": { "env": "NEW_KEY" }'
expect_exit 1 trunkform plan
expect_text err 'trunkform.state_encryption.previous'
with_key '"key": { "env": "NEW_KEY" }, "previous": [{ "env": "STATE_KEY" }]'
expect_exit 0 trunkform plan
expect_exit 0 trunkform state rekey
shows state_rekey
with_key '"key": { "env": "NEW_KEY" }'
apply_all -replace=genesys_trunk_certificate.one
live_is 'East 1' next
expect_exit 0 trunkform history
grep -o '"key":"[0-9a-f]*"' trunkform.state.json >key.before
expect_exit 0 trunkform state rekey -new-data-key
grep -o '"key":"[0-9a-f]*"' trunkform.state.json >key.after
! cmp -s key.before key.after || die 'the data key is the same'
no_changes
expect_exit 0 trunkform history
with_key "$first"
expect_exit 1 trunkform plan
expect_text err 'encrypted with another key'

# Back: what `state pull` gives, in another place.
with_key '"key": { "env": "NEW_KEY" }'
expect_exit 0 trunkform state pull
cp out pulled.json
configure "$(binding one 'East 1')" '"trunkform": { "backend": { "local": { "path": "clear" } } }'
expect_exit 1 trunkform init -migrate-state
expect_exit 0 trunkform init -reconfigure
expect_exit 0 trunkform state push pulled.json
no_changes
expect_text clear/trunkform.state.json 'East 1'

# And encrypted on the way to another place: all of it there, and nothing of it where it was.
cp clear/trunkform.state.json before.json
configure "$(binding one 'East 1')" '"trunkform": { "state_encryption": { "key": { "env": "NEW_KEY" } }, "backend": { "local": { "path": "sealed" } } }'
expect_exit 0 trunkform init -migrate-state
expect_text out 'read back and compared'
refuse_text out ': encrypted'
no_changes
cmp before.json clear/trunkform.state.json || die 'the state that was copied is another'
refuse_text clear/trunkform.state.events '"sealed"'
for file in sealed/trunkform.*; do refuse_text "$file" genesys_trunk_certificate; done
expect_exit 0 trunkform history
stop_service

# Said wrongly: told with the place, and nothing is in the clear by mistake.
says() {
  with_key "$1"
  expect_exit 1 trunkform validate
  expect_text err "$2"
  expect_exit 1 trunkform state list
}
says '' 'state_encryption has no key'
says '"key": {}' 'the key of state_encryption is nowhere'
says '"key": { "env": "STATE_KEY", "file": "x" }' 'the key of state_encryption is twice'
says '"key": { "aws_kms": { "key_id": "x" } }' aws_kms
