# A certificate in an Azure key vault: from an empty vault to a PATCHed trunk, a renewal, the way back, and what goes
# wrong. The vault is a fake of ours, which Microsoft's own clients have to be content with first.
. "$TEST_ROOT/tests/integration/support/azure.sh"
make_authority
leaf old -60 30
leaf new -1 89
leaf newer -1 120
leaf other -1 100
leaf plain -1 105
leaf imported -1 110
leaf renewed -1 130
leaf public -1 140
trunk "East" old
start_service
start_key_vault new

export TRUNKFORM_TRUST_LOOPBACK=1 TRUNKFORM_CA_FILE=$PWD/ca.pem AZURE_AUTHORITY_HOST=$authority_url
AZURE_TENANT_ID=$(cat tenant) AZURE_CLIENT_ID=$(cat client) AZURE_CLIENT_SECRET=$(cat secret)
export AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET

# with_source TYPE JSON: one trunk whose certificate is in the vault
with_source() {
  configure "$(binding east East '"adopt": true')"
  sed -i -e "s|\"pem_files\": { \"new\": { [^}]* } }|\"$1\": { \"new\": { $2 } }|" -e "s|certificate.pem_files.new|certificate.$1.new|" \
    -e 's|"min_age": "0s"|"min_age": "0s", "when": "available"|' main.trunk.json
}
# unusable TEXT: what is offered cannot be used, and the plan says why; the trunk has a good certificate and keeps it
unusable() {
  expect_exit 0 trunkform plan
  expect_text out "$1"
}
# one_text NAME: key and chain in one file, as the vault keeps them
one_text() { cat "$1.key" "$1.chain"; }
for name in new newer other plain imported renewed public; do one_text "$name" >"$name.both"; done
secret_at() { with_source azure_keyvault_secret "\"vault\": \"$vault_url\", \"name\": \"$1\"${2-}"; }
certificate_at() { with_source azure_keyvault_certificate "\"vault\": \"$vault_url\", \"name\": \"$1\"${2-}"; }

# A vault and an authority that a configuration or a variable names get no credential before the operator said so.
secret_at sip
host=${vault_url#https://}
: >requests-before
vault_requests >requests-before
expect_exit 1 trunkform plan
expect_text err "trunkform trust add host $host azure"
expect_exit 0 trunkform trust add host "$host" azure
expect_exit 1 trunkform plan
expect_text err "trunkform trust add host ${authority_url#https://} azure"
vault_requests | diff requests-before - || die "something was sent to whom nobody trusts"
expect_exit 0 trunkform trust add host "${authority_url#https://}" azure

# Nothing is there yet: one error, with the address and what to do.
expect_exit 1 trunkform plan
expect_text err 'was not found in this key vault'
expect_text err 'check `vault` and `name`'

put_secret sip new.both
expect_exit 0 trunkform validate
expect_exit 0 trunkform plan
expect_text out '(opaque)'
apply_all
live_is East new
no_changes
# One login, and the list of versions: the secret whose version the state has is not read again.
vault_requests >requests-before
no_changes
vault_requests | tail -n +"$(($(wc -l <requests-before) + 1))" >requests-of-plan
printf '%s\n' "POST login /$(cat tenant)/oauth2/v2.0/token" 'GET sip /secrets/sip/versions' >requests-expected
diff requests-expected requests-of-plan >&2 || die "a plan asked for more than a token and the versions"

# Who we are, and whether the vault is there: the operator looks before the rollout.
expect_exit 0 trunkform doctor
expect_text out "signed in by the environment's client secret: application \"$(cat client)\", object \"00000000-0000-4000-8000-00000000000a\", tenant \"$(cat tenant)\""
expect_text out 'the token lasts for '
expect_text out 'the vault lets us list the versions of "secrets/sip"'
expect_text out 'the clocks agree within a minute'
AZURE_CLIENT_SECRET=canary-wrong expect_exit 1 trunkform doctor
expect_text out 'AADSTS7000215'
refuse_text out canary-wrong
AZURE_CLIENT_SECRET='' AZURE_CLIENT_CERTIFICATE_PATH=$PWD/client.pem expect_exit 0 trunkform doctor
expect_text out 'the client certificate ends in '

# A new version, in PKCS #12 and its chain the other way round, is seen by the next plan.
openssl pkcs12 -export -in newer.chain -inkey newer.key -passout pass: | base64 -w0 >newer.p12.text
put_secret sip newer.p12.text application/x-pkcs12
expect_exit 2 trunkform plan -detailed-exitcode
apply_all
live_is East newer
no_changes

# The way back is the version before, on another page of the list, read anew from the vault.
expect_exit 0 trunkform rollback -auto-approve -reason='one-way audio' genesys_trunk_certificate.east
live_is East new

# One version, pinned; then one that is disabled, one that has ended, one that has not begun, and one that was deleted.
cat ca/intermediate.pem other.pem other.key >other.shuffled
put_secret pinned other.shuffled
first=$(version_in_answer)
put_secret pinned plain.both
secret_at pinned ", \"version\": \"$first\""
apply_all
live_is East other
as_operator PATCH "secrets/pinned/$first" '{"attributes":{"enabled":false}}'
unusable 'SecretDisabled'
put_secret ended other.both application/x-pem-file '{"exp":1600000000}'
secret_at ended
unusable 'ended on 2020-09-13T12:26:40Z'
put_secret early other.both application/x-pem-file '{"nbf":4000000000}'
secret_at early
unusable 'is not to be used before 2096-10-02T07:06:40Z'
secret_at pinned
as_operator DELETE secrets/pinned '{}'
unusable 'az keyvault secret recover'

# What says that it is something else; what is nothing of the kind; a key of another certificate.
put_secret mislabelled other.both application/x-pkcs12
secret_at mislabelled
unusable 'is no PKCS #12, which its content type says it is'
printf 'canary-hello' >word
put_secret word word text/plain
secret_at word
unusable 'holds no certificate'
refuse_text out canary-hello
{ cat other.key new.chain; } >mismatched
put_secret mismatched mismatched
secret_at mismatched
expect_exit 1 trunkform apply -auto-approve
expect_text err 'rule key_mismatch'
live_is East other
# No content type at all, as from a hand that wrote it: the value says what it is.
put_secret plain plain.both ''
secret_at plain
apply_all
live_is East plain

# A certificate of the vault: its public part, and chain and key from the secret beside it.
import_certificate sip-certificate imported.both
certificate_at sip-certificate
apply_all
live_is East imported
no_changes
openssl pkcs12 -export -in renewed.chain -inkey renewed.key -passout pass: | base64 -w0 >renewed.p12.text
import_certificate sip-certificate renewed.p12.text application/x-pkcs12
expect_exit 2 trunkform plan -detailed-exitcode
apply_all
live_is East renewed
expect_exit 0 trunkform rollback -auto-approve -reason='one-way audio' genesys_trunk_certificate.east
live_is East imported

# With the chain in a file a plan reads no secret.
import_certificate public public.both
cp ca/intermediate.pem above.pem
certificate_at public ', "chain": "above.pem"'
vault_requests >requests-before
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out '(partial)'
! vault_requests | tail -n +"$(($(wc -l <requests-before) + 1))" | grep secrets || die "a plan read the secret"
apply_all
live_is East public
no_changes
# A key that may not leave the vault is told at plan time.
import_certificate locked other.both application/x-pem-file '{"exportable":false}'
certificate_at locked
unusable 'may not leave the vault'

# Too many requests, and a vault that is not well: asked again.
secret_at plain
vault_knobs '{"throttle":1,"retry_after":"1","fail":1}'
apply_all
live_is East plain

# A challenge of somebody else's is not followed, and a list that goes on elsewhere is no way back.
certificate_at sip-certificate
vault_knobs "{\"challenge\":\"Bearer authorization=\\\"https://login.elsewhere.localhost/$(cat tenant)\\\", resource=\\\"https://vault.localhost:${host##*:}\\\"\",\"token_lasts\":-1}"
unusable 'wants us to log in at "login.elsewhere.localhost"'
vault_knobs '{"challenge":"Bearer authorization=\"https://login.localhost/x\", resource=\"https://elsewhere.localhost\""}'
unusable 'asks for a token for "https://elsewhere.localhost"'
! vault_requests | grep elsewhere || die "somebody else was asked"
vault_knobs '{"challenge":"","token_lasts":3600}'

# Who we are: each of the ways, in the environment's order and as the configuration says.
certificate_at public
unset AZURE_CLIENT_SECRET
unusable 'looked at: the environment'"'"'s client secret: AZURE_CLIENT_SECRET is not set'
AZURE_CLIENT_CERTIFICATE_PATH=$PWD/client.pem expect_exit 2 trunkform plan -detailed-exitcode
AZURE_FEDERATED_TOKEN_FILE=$PWD/federated-token expect_exit 2 trunkform plan -detailed-exitcode
IDENTITY_ENDPOINT=$identity_url IDENTITY_HEADER=$(cat identity-header) expect_exit 2 trunkform plan -detailed-exitcode
AZURE_CLIENT_SECRET=canary-wrong unusable 'AADSTS7000215: Invalid client secret provided.'
refuse_text out canary-wrong
SIP_SECRET=$(cat secret)
export SIP_SECRET
with_login() { sed -i "s|\"genesys\": { |\"azure\": { $1 }, &|" main.trunk.json; }
with_login '"auth": { "client_secret": { "client_secret": { "env": "SIP_SECRET" } } }'
unusable 'trunkform trust add secret env SIP_SECRET'
expect_exit 0 trunkform trust add secret env SIP_SECRET
expect_exit 2 trunkform plan -detailed-exitcode
# A tenant that the configuration names is the operator's, or nobody's.
certificate_at public
with_login '"tenant_id": "evil.example", "auth": { "client_secret": { "client_secret": { "env": "SIP_SECRET" } } }'
vault_requests >requests-before
unusable 'export AZURE_TENANT_ID=evil.example'
vault_requests | diff requests-before - || die "something was sent for a tenant that nobody trusts"

stop_key_vault
stop_service
