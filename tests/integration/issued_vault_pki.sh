# A certificate that a real PKI engine signs: issued, bound, renewed, gone back from; and a run that was interrupted after
# the signature finds what was signed.
. "$TEST_ROOT/tests/integration/support/vault.sh"
. "$TEST_ROOT/tests/integration/support/issued_by.sh"
make_authority
leaf before -70 20
trunk 'East 1' before
start_vault
make_pki
cat ca/root.pem >>root.pem
start_service
policy issues 'path "pki/sign/sip" { capabilities = ["update"] }'
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
expect_text out 'the engine signs as'
expect_text out 'whether the token may have it signed was not told'
policy asks 'path "pki/sign/sip" { capabilities = ["update"] }
path "sys/capabilities-self" { capabilities = ["update"] }'
token_of asks asking-token
VAULT_TOKEN=$(cat asking-token) expect_exit 0 trunkform doctor
expect_text out 'the token may have it signed: pki/sign/sip'
expect_text out 'the token may not read pki/roles/sip, and need not'
policy asks 'path "sys/capabilities-self" { capabilities = ["update"] }'
VAULT_TOKEN=$(cat asking-token) expect_exit 1 trunkform doctor
expect_text out 'the token may not update pki/sign/sip'
VAULT_TOKEN=$(cat asking-token) expect_exit 0 trunkform plan
expect_text out 'the token may not update pki/sign/sip, which an apply needs: its policy lacks: path "pki/sign/sip"'
VAULT_TOKEN=$(cat root-token) expect_exit 0 trunkform doctor
expect_text out 'the role is there: pki/roles/sip'
VAULT_TOKEN=nonsense expect_exit 1 trunkform apply -auto-approve
expect_text err 'permission denied'
expect_text err 'path "pki/sign/sip" { capabilities = ["update"] }'
refuse_text err nonsense
patches_are 0
rm -rf sip trunkform.state*

# What the configuration names wrongly is told by doctor and plan, in the service's own words, and no key is made for it.
# told_of ARGUMENTS TEXT ...
told_of() {
  write_configuration "\"vault_pki\": { \"a\": { $1 } }"
  VAULT_TOKEN=$(cat root-token) expect_exit 1 trunkform doctor
  for text in "${@:2}"; do expect_text out "$text"; done
  VAULT_TOKEN=$(cat root-token) expect_exit 1 trunkform plan
  expect_text err "${2//that has an issuer /}"
  VAULT_TOKEN=$(cat root-token) expect_exit 1 trunkform apply -auto-approve
  [ ! -e sip ] || die 'a key was made'
}
told_of '"role": "sip", "mount": "nowhere"' 'no PKI engine that has an issuer answers at the mount "nowhere"' 'no handler for route'
told_of '"role": "sip", "mount": "secret"' 'no PKI engine that has an issuer answers at the mount "secret"' 'GET /v1/secret/cert/ca answered 404'
vault_as_root POST sys/mounts/fresh '{"type":"pki"}'
vault_as_root POST fresh/roles/sip '{"allow_any_name":true,"key_type":"any"}'
told_of '"role": "sip", "mount": "fresh"' 'the engine at "fresh" has no issuer: nobody is there to sign' 'vault write fresh/intermediate/generate/internal'
told_of '"role": "other"' 'the engine at "pki" has no role "other"' 'vault list pki/roles'
told_of '"role": "sip", "issuer_ref": "nope"' 'the engine at "pki" has no issuer "nope"' 'unable to find PKI issuer' 'vault list pki/issuers'
write_configuration '"vault_pki": { "a": { "role": "sip" } }'

issued_and_bound

# What is bound is not revoked by mistake; the error says what else the store has.
expect_exit 0 trunkform apply -auto-approve -retry -replace=genesys_trunk_certificate.east
live_is 'East 1' second
expect_exit 1 trunkform issuer revoke -auto-approve certificate.issued.sip
expect_text err 'this certificate is bound on 1 trunk'
expect_text err 'peers that look at revocation refuse their calls from then on: trunk "East 1"'
expect_text err 'hint: -version='
expect_text err 'or insist: -force'
expect_exit 0 trunkform rollback -auto-approve genesys_trunk_certificate.east

# What is bound no more is revoked by who may.
expect_exit 1 trunkform issuer revoke -auto-approve -reason=superseded certificate.issued.sip
expect_text err 'path "pki/revoke" { capabilities = ["update"] }'
policy revokes 'path "pki/revoke" { capabilities = ["update"] }'
token_of revokes revoking-token
VAULT_TOKEN=$(cat revoking-token) expect_exit 0 trunkform issuer revoke -auto-approve -reason=superseded certificate.issued.sip
vault_as_root GET "pki/cert/$(openssl x509 -in second.pem -noout -serial | sed 's/.*=//; s/../&:/g; s/:$//' | tr 'A-F' 'a-f')"
[ "$(jq .data.revocation_time vault-answer)" -gt 0 ] || die 'it is not revoked'

# A signature whose answer is lost, where the policy does not let us look: nobody knows, and the key is kept. The next run
# is let look: it takes what was signed, for the key that waited, and asks for no other.
signed() { vault_as_root GET 'pki/certs?list=true' && jq '.data.keys | length' vault-answer; }
proxy_port=$(free_port)
"$TEST_ROOT/tests/integration/support/lossy_proxy" "$proxy_port" "${vault_url##*:}" /v1/pki/sign/sip &
wait_for 30 curl -fsS -o /dev/null "http://127.0.0.1:$proxy_port/v1/sys/health"
export VAULT_ADDR=http://127.0.0.1:$proxy_port
before=$(signed)
touch lose
expect_exit 1 trunkform apply -auto-approve -replace=certificate.issued.sip
expect_text err 'whether the role "sip" signed is not known'
[ -e sip/pending.pem ] || die 'the key was not kept'
[ "$(signed)" = $((before + 1)) ] || die 'nothing was signed, or twice'
policy issues 'path "pki/sign/sip" { capabilities = ["update"] }
path "pki/certs/detailed" { capabilities = ["list"] }'
# Also where it cannot be asked for another.
expect_exit 0 trunkform apply -auto-approve -target=certificate.issued.sip
[ "$(signed)" = $((before + 1)) ] || die 'a second certificate was signed'
[ ! -e sip/pending.pem ] || die 'a staged key was left'
[ "$(openssl x509 -in sip/live/chain.pem -noout -pubkey)" = "$(openssl pkey -in sip/live/key.pem -pubout)" ] ||
  die 'key and certificate do not belong together'
openssl verify -CAfile root.pem -untrusted sip/live/chain.pem sip/live/chain.pem >/dev/null
[ "$(fingerprint second)" != "$(openssl x509 -in sip/live/chain.pem -outform DER | sha256sum | cut -c1-12)" ] ||
  die 'nothing was renewed'
rm lose
export VAULT_ADDR=$vault_url

# A role that does not sign the name any more: nothing is stored, and the trunk keeps what it has.
cp main.trunk.json good.json
sed -i 's/"names": \["sip.example.com"/"names": ["sip.example.org"/' main.trunk.json
expect_exit 1 trunkform apply -auto-approve
expect_text err 'the role "sip" does not sign these names'
live_is 'East 1' first
cp good.json main.trunk.json

stop_vault
stop_service
