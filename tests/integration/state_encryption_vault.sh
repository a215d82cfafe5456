# A state whose data keys a real vault's transit engine wraps, with a token that may do no more than
# docs/permissions.md says.
. "$TEST_ROOT/tests/integration/support/vault.sh"
make_authority
leaf ours -1 89
trunk "East 1"
start_service
start_vault
export VAULT_ADDR=$vault_url TRUNKFORM_TRUST_LOOPBACK=1
vault_as_root POST sys/mounts/transit '{"type":"transit"}'
vault_as_root POST transit/keys/sip '{}'
vault_as_root POST transit/keys/other '{}'
policy wraps 'path "transit/encrypt/sip" { capabilities = ["update"] }
path "transit/decrypt/sip" { capabilities = ["update"] }'
token_of wraps token
VAULT_TOKEN=$(cat token)
export VAULT_TOKEN
offer ours
with_key() { configure "$(binding one 'East 1')" '"trunkform": { "state_encryption": { '"$1"' } }'; }
transit() { printf '{ "vault_transit": { "name": "%s" } }' "$1"; }
with_key '"key": { "vault_transit": { "name": "missing" } }'
expect_exit 1 trunkform plan -out=first.trunkplan
with_key "\"key\": $(transit sip)"
expect_exit 0 trunkform plan -out=review.trunkplan
expect_exit 0 trunkform apply review.trunkplan
no_changes
live_is 'East 1' ours
expect_text trunkform.state.json 'vault_transit:transit:sip:vault:v1:'
for word in 'East 1' genesys_trunk_certificate "$VAULT_TOKEN"; do
  ! grep -qF "$word" trunkform.state.json trunkform.state.events trunkform.owners.json review.trunkplan || die "$word stands in what is kept"
done

# The vault's own rotation asks nothing of the state; rekey takes the newer version.
vault_as_root POST transit/keys/sip/rotate '{}'
no_changes
expect_exit 0 trunkform state rekey
expect_text trunkform.state.json 'vault_transit:transit:sip:vault:v2:'
refuse_text trunkform.state.json 'vault_transit:transit:sip:vault:v1:'
vault_as_root POST transit/keys/sip/config '{"min_decryption_version":2}'
# Events of the first run have their key under the earlier version too, and are read by that of the document.
expect_exit 0 trunkform history
expect_text out genesys_trunk_certificate.one

# What the vault wrapped for one id it does not open for another; a wrapped key from elsewhere is refused.
cp trunkform.state.json kept.json
sed -i -E 's/(vault:v2:.{20})./\1x/' trunkform.state.json
expect_exit 1 trunkform plan
cp kept.json trunkform.state.json

# From the vault to a passphrase and back to another key of the vault.
expect_exit 0 trunkform trust add secret env STATE_KEY
export STATE_KEY=canary-of-the-state-key-1
with_key "\"key\": { \"env\": \"STATE_KEY\" }, \"previous\": [ $(transit sip) ]"
expect_exit 0 trunkform state rekey
with_key '"key": { "env": "STATE_KEY" }'
VAULT_TOKEN='' no_changes
with_key "\"key\": $(transit other), \"previous\": [ { \"env\": \"STATE_KEY\" } ]"
expect_exit 1 trunkform state rekey # this token may not use that key
expect_text err 'permission denied'
with_key '"key": { "env": "STATE_KEY" }'
no_changes
stop_vault
VAULT_TOKEN='' no_changes
stop_service
