# A certificate that a real PKI engine signs: issued, bound, renewed, gone back from; and a run that was interrupted after
# the signature finds what was signed.
. "$TEST_ROOT/tests/integration/support/vault.sh"
. "$TEST_ROOT/tests/integration/support/issued.sh"
make_authority
leaf before -70 20
trunk 'East 1' before
start_vault
make_pki
cat ca/root.pem >>root.pem
start_service
policy issues 'path "pki/sign/sip" { capabilities = ["update"] }
path "pki/certs/detailed" { capabilities = ["list"] }'
token_of issues token
VAULT_TOKEN=$(cat token)
export VAULT_ADDR=$vault_url VAULT_TOKEN
write_configuration '"vault_pki": { "a": { "role": "sip" } }'
expect_exit 0 trunkform trust add write files sip

# The operator is told before the run what is missing.
VAULT_ADDR='' expect_exit 1 trunkform plan
expect_text err 'set VAULT_ADDR'
expect_exit 0 trunkform doctor
expect_text out 'provider.vault'
VAULT_TOKEN=nonsense expect_exit 1 trunkform apply -auto-approve
expect_text err 'permission denied'
expect_text err 'path "pki/sign/sip" { capabilities = ["update"] }'
refuse_text err nonsense
patches_are 0

expect_exit 0 trunkform apply -auto-approve -target=certificate.issued.sip
rm -rf sip trunkform.state*
issued_and_bound

# A role that does not sign the name any more: nothing is stored, and the trunk keeps what it has.
cp main.trunk.json good.json
sed -i 's/"names": \["sip.example.com"/"names": ["sip.example.org"/' main.trunk.json
expect_exit 1 trunkform apply -auto-approve
expect_text err 'the role "sip" does not sign these names'
live_is 'East 1' first
cp good.json main.trunk.json

stop_vault
stop_service
