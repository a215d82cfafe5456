# A state that is encrypted: what lies in the folder says nothing, every command works as before, and neither a missing
# key nor another one nor something in the clear gets past.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
leaf next -1 89
trunk "East 1"
start_service
offer ours
encrypted() { # encrypted [MORE]: the configuration with a key in the environment
  configure "$(binding one 'East 1')" '"trunkform": { "state_encryption": { "key": { "env": "STATE_KEY" }'"${1:+, $1}"' } }'
}
encrypted

# The operator says which secrets are read, and the key must be one that nobody guesses.
expect_exit 1 trunkform plan
shows encrypted_untrusted
expect_exit 0 trunkform trust add secret env STATE_KEY
expect_exit 1 trunkform plan
shows encrypted_unset
export STATE_KEY=short
expect_exit 1 trunkform plan
shows encrypted_short
refuse_text err short_is_not_told
export STATE_KEY=canary-of-the-state-key-1

# Nothing that is kept says what it is of.
expect_exit 0 trunkform plan -out=review.trunkplan
expect_exit 0 trunkform apply -auto-approve review.trunkplan
no_changes
says_nothing() {
  for file in trunkform.state.* trunkform.owners.json review.trunkplan; do
    for word in 'East 1' genesys_trunk_certificate sip.example.com 00000000-0000-4000-8000-000000000001 "$STATE_KEY" epoch_opened; do
      ! grep -qF "$word" "$file" || die "$word stands in $file"
    done
  done
}
says_nothing
grep -q '"lineage":"[0-9a-f-]*"' trunkform.state.json || die 'the lineage is not in the clear'
grep -q '^"serial":1' trunkform.state.json || die 'the serial is not in the clear'

# `state pull` prints it in the clear, `state push` encrypts it.
expect_exit 0 trunkform state list
[ "$(cat out)" = genesys_trunk_certificate.one ] || die "state list: $(cat out)"
expect_exit 0 trunkform state pull
expect_text out '"trunk_name":"East 1"'
cp out pulled.json
expect_exit 0 trunkform state push pulled.json
no_changes
says_nothing
expect_exit 0 trunkform history
expect_text out genesys_trunk_certificate.one
expect_exit 0 trunkform show review.trunkplan

# Without the key, with another one.
STATE_KEY=canary-of-another-key-2 expect_exit 1 trunkform plan
shows encrypted_other_key
STATE_KEY=canary-of-another-key-2 expect_exit 1 trunkform apply -auto-approve
configure "$(binding one 'East 1')"
expect_exit 1 trunkform plan
shows encrypted_without_key
expect_exit 1 trunkform apply -auto-approve
expect_exit 1 trunkform history
expect_exit 1 trunkform show review.trunkplan
shows encrypted_plan_without_key

# Somebody puts the same document in its place, in the clear: nothing of it is believed, and nothing is written.
encrypted
cp -r . ../kept
cp pulled.json trunkform.state.json
expect_exit 1 trunkform plan
shows encrypted_in_the_clear
expect_exit 1 trunkform apply -auto-approve
cmp pulled.json trunkform.state.json || die 'something was written over what was refused'
cp ../kept/trunkform.state.json .
# An earlier event of its own, taken out; a bit of the document.
sed -i 2d trunkform.state.events
expect_exit 1 trunkform history
cp ../kept/trunkform.state.events .
sed -E -i 's/("sealed":"[^"]{60})./\1-/' trunkform.state.json
expect_exit 1 trunkform plan
expect_text err 'cannot be decrypted'
cp ../kept/trunkform.state.json .
no_changes
stop_service
