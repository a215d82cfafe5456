# A certificate in a real vault's key/value engine: from an empty server to a PATCHed trunk, a renewal, the way back,
# and what goes wrong, with a token that may do no more than docs/permissions.md says.
. "$TEST_ROOT/tests/integration/support/vault.sh"
make_authority
leaf old -60 30
leaf new -1 89
leaf newer -1 120
leaf other -1 100
leaf simple -1 110
leaf last -1 115
trunk "East" old
start_service
start_vault
export VAULT_ADDR=$vault_url TRUNKFORM_TRUST_LOOPBACK=1

# Each policy is that of docs/permissions.md, for every secret of the test.
reading=$(documented_policies vault_kv 1 2)
policy reads-sip "${reading//east\"/*\"}"
token_of reads-sip token
VAULT_TOKEN=$(cat token)
export VAULT_TOKEN

# with_source JSON: one trunk whose certificate comes from a secret
with_source() {
  configure "$(binding east East '"adopt": true')"
  sed -i -e "s|\"pem_files\": { \"new\": { [^}]* } }|\"vault_kv\": { \"new\": { $1 } }|" -e 's|certificate.pem_files.new|certificate.vault_kv.new|' main.trunk.json
}
# unusable TEXT: what is offered cannot be used, and the plan says why; the trunk has a good certificate and keeps it
unusable() {
  expect_exit 0 trunkform plan
  expect_text out "$1"
}
with_source '"path": "sip/east"'

# Nothing is there yet: one error, with the address and what to do.
expect_exit 1 trunkform plan
expect_text err 'there is no secret "secret/sip/east"'
expect_text err 'check path; what is there: vault kv list -mount=secret sip'

# What is wrong with the mount is told by the vault's own words, whoever may ask what it is.
# says ARGUMENTS TEXT ...
says() {
  with_source "$1"
  VAULT_TOKEN=$(cat root-token) expect_exit 1 trunkform plan
  for text in "${@:2}"; do expect_text err "$text"; done
}
vault_as_root POST sys/mounts/old '{"type":"kv","options":{"version":"1"}}'
vault_as_root POST sys/mounts/pki '{"type":"pki"}'
says '"path": "sip/east", "mount": "nowhere"' 'nothing is mounted at "nowhere"' 'no handler for route'
says '"path": "sip/east", "mount": "nowhere", "engine": "1"' 'nothing is mounted at "nowhere"'
says '"path": "sip/east", "mount": "pki"' 'the mount "pki" is no key/value engine' 'unsupported path'
says '"path": "sip/east", "mount": "old"' 'the mount "old" has version 1 of the key/value engine' '"engine": "1"'
says '"path": "sip/east", "engine": "1"' 'the mount "secret" has version 2 of the key/value engine' 'leave `engine` out'
vault_as_root POST secret/data/sip/gone '{"data":{"x":"y"}}'
vault_as_root POST secret/destroy/sip/gone '{"versions":[1]}'
says '"path": "sip/gone"' 'was destroyed' 'vault kv put -mount=secret sip/gone certificate=@chain.pem private_key=@key.pem'
vault_as_root POST secret/data/sip-public/odd '{"data":{"certificate":"nonsense","version":"1"}}'
says '"path": "sip/east", "public_path": "sip-public/odd"' 'the public secret "secret/sip-public/odd" shows no certificate' 'vault kv get -mount=secret sip-public/odd'
refuse_text err certificate_field
with_source '"path": "sip/east"'

put_pair sip/east new
expect_exit 0 trunkform validate
expect_exit 0 trunkform plan
expect_text out 'vault_kv(path=sip/east)  (opaque)'
apply_all
live_is East new
no_changes

# What was not changed is recognised by its metadata: the secret is not read, which this token could not do.
policy sees-sip "$(tail -n 1 <<<"${reading//east\"/*\"}")"
token_of sees-sip blind-token
VAULT_TOKEN=$(cat blind-token) no_changes
refuse_text out 'permission denied'

# The operator looks before the rollout: who we are there, and what the vault says where it says no.
expect_exit 0 trunkform doctor
expect_text out 'the token may not look at itself'
VAULT_TOKEN=nonsense expect_exit 1 trunkform doctor
expect_text out 'permission denied'
refuse_text out nonsense
VAULT_TOKEN=$(cat root-token) expect_exit 0 trunkform doctor
expect_text out 'signed in as "token", with the policies "root"'

# A new version is seen by the next plan, and its number is what the state remembers.
put_pair sip/east newer
sed -i 's|"min_age": "0s"|"min_age": "0s", "when": "available"|' main.trunk.json
expect_exit 2 trunkform plan -detailed-exitcode
apply_all
live_is East newer
no_changes

# The way back is the version before, read anew from the vault.
expect_exit 0 trunkform rollback -auto-approve -reason='one-way audio' genesys_trunk_certificate.east
live_is East new

# A version that was deleted is no way back, and an offer that was deleted is an error that says how to undo it.
vault_as_root DELETE secret/data/sip/east
unusable 'was deleted on'
expect_text out 'vault kv undelete -versions=2 secret/sip/east'
vault_as_root POST secret/undelete/sip/east '{"versions":[2]}'
vault_as_root PUT secret/destroy/sip/east '{"versions":[2]}'
unusable 'was destroyed'

# One version, pinned; fields of other names; a key of another certificate; a field that is not there.
with_source '"path": "sip/east", "version": "1"'
apply_all
no_changes
live_is East new
vault_as_root POST secret/data/sip/fields "{\"data\":{\"crt\":$(as_json other.pem),\"ca\":$(as_json ca/intermediate.pem),\"pk\":$(as_json other.key)}}"
with_source '"path": "sip/fields", "certificate_field": "crt", "chain_field": "ca", "key_field": "pk"'
apply_all
live_is East other
with_source '"path": "sip/fields"'
unusable 'has no field "certificate" with text'
expect_text out 'it has "ca", "crt", "pk"'
vault_as_root POST secret/data/sip/wrong "{\"data\":{\"certificate\":$(as_json new.chain),\"private_key\":$(as_json other.key)}}"
with_source '"path": "sip/wrong"'
expect_exit 1 trunkform apply -auto-approve
expect_text err 'rule key_mismatch'
live_is East other

# Version 1 of the engine keeps one secret. The state begins anew: it knows no other way back.
rm trunkform.state*
vault_as_root POST sys/mounts/kv1 '{"type":"kv","options":{"version":"1"}}'
reading=$(documented_policies vault_kv 2 1)
policy reads-kv1 "${reading/sip\/east/sip}"
token_of reads-kv1 token
VAULT_TOKEN=$(cat token)
vault_as_root POST kv1/sip "{\"certificate\":$(as_json simple.chain),\"private_key\":$(as_json simple.key)}"
with_source '"mount": "kv1", "path": "sip", "engine": "1"'
apply_all
live_is East simple
no_changes
# Another one takes its place; the way back is not there, and who keeps one is told.
vault_as_root POST kv1/sip "{\"certificate\":$(as_json last.chain),\"private_key\":$(as_json last.key)}"
sed -i 's|"min_age": "0s"|"min_age": "0s", "when": "available"|' main.trunk.json
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'no way back'
apply_all
live_is East last
expect_exit 1 trunkform rollback -auto-approve genesys_trunk_certificate.east
expect_text err 'no_way_back'
expect_text err "version 1 of Vault's key/value engine keeps what was written last"
refuse_text err 'pem_files'
live_is East last

# A secret that the policy does not cover, and a token that is none: what the vault says, and no secret of ours.
with_source '"path": "sip/east"'
unusable 'answered 403'
expect_text out 'permission denied'
VAULT_TOKEN=nonsense unusable 'answered 403'
refuse_text out nonsense
VAULT_TOKEN='' unusable 'no credentials for Vault'

# Logins: the token of a pipeline, signed by whom the vault knows, out of a trusted file; and one that somebody else signed.
# jwt_of KEY: such a token, in ./ci-token
base64url() { base64 -w0 | tr '+/' '-_' | tr -d =; }
jwt_of() {
  local claims
  claims=$(jq -cn --argjson now "$(date +%s)" '{iss: "https://ci.example.com", sub: "job", aud: "vault", iat: $now, exp: ($now + 300)}')
  claims=$(printf '{"alg":"RS256","typ":"JWT"}' | base64url).$(printf %s "$claims" | base64url)
  printf '%s.%s\n' "$claims" "$(printf %s "$claims" | openssl dgst -sha256 -sign "$1" -binary | base64url)" >ci-token
}
for name in pipeline stranger; do openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$name.key" 2>/dev/null; done
openssl pkey -in pipeline.key -pubout -out pipeline.pub
vault_as_root POST sys/auth/jwt '{"type":"jwt"}'
vault_as_root POST auth/jwt/config "{\"jwt_validation_pubkeys\":[$(as_json pipeline.pub)],\"bound_issuer\":\"https://ci.example.com\"}"
vault_as_root POST auth/jwt/role/trunkform '{"role_type":"jwt","user_claim":"sub","bound_audiences":["vault"],"token_policies":["reads-sip"],"token_ttl":"2m"}'
with_login() { sed -i "s|\"genesys\": { |\"vault\": { \"auth\": { $1 } }, &|" main.trunk.json; }
put_pair sip/east other
with_source '"path": "sip/east"'
with_login '"jwt": { "role": "trunkform", "jwt": { "file": "ci-token" } }'
jwt_of pipeline.key
unusable "trunkform trust add secret file $PWD/ci-token"
expect_exit 0 trunkform trust add secret file ci-token
apply_all
live_is East other
expect_exit 0 trunkform doctor
expect_text out 'signed in as "jwt-job"'
jwt_of stranger.key
unusable 'answered 400'
expect_text out 'check `auth` of provider.vault'
refuse_text out "$(cut -d. -f3 ci-token)"

# AppRole with its secret out of a trusted variable, and one that is refused.
vault_as_root POST sys/auth/approle '{"type":"approle"}'
vault_as_root POST auth/approle/role/trunkform '{"token_policies":["reads-sip"],"token_ttl":"2m","token_no_default_policy":true}'
vault_as_root GET auth/approle/role/trunkform/role-id
role_id=$(jq -rj .data.role_id vault-answer)
vault_as_root POST auth/approle/role/trunkform/secret-id '{}'
SIP_SECRET_ID=$(jq -rj .data.secret_id vault-answer)
export SIP_SECRET_ID
put_pair sip/east simple
with_source '"path": "sip/east"'
with_login "\"approle\": { \"role_id\": \"$role_id\", \"secret_id\": { \"env\": \"SIP_SECRET_ID\" } }"
unusable 'trunkform trust add secret env SIP_SECRET_ID'
expect_exit 0 trunkform trust add secret env SIP_SECRET_ID
apply_all
no_changes
SIP_SECRET_ID=wrong unusable 'check `auth` of provider.vault'
SIP_SECRET_ID=wrong expect_exit 1 trunkform doctor
expect_text out 'auth/approle/login answered'
refuse_text out 'the token may not look at itself'

# An address of the configuration gets no credential without the operator's word.
sed -i "s|\"vault\": { |&\"address\": \"$vault_url\", |" main.trunk.json
expect_exit 0 trunkform trust add host "${base_url#http://}" genesys
TRUNKFORM_TRUST_LOOPBACK=0 unusable "trunkform trust add host ${vault_url#http://} vault"
expect_exit 0 trunkform trust add host "${vault_url#http://}" vault
TRUNKFORM_TRUST_LOOPBACK=0 no_changes

# The vault goes away: said, and nothing is changed.
stop_vault
sed -i "s|\"address\": \"$vault_url\", ||" main.trunk.json
unusable 'certificate.vault_kv.new'
stop_service
