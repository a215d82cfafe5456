# The memory of an apply that has an ACME server sign and a vault keep: the account's key, the code that the account is
# made with, the vault's token and the key that is made are in locked memory and nowhere else, while the PATCH is on its
# way and where the process ends.
. "$TEST_ROOT/tests/integration/support/vault.sh"
# shellcheck source-path=SCRIPTDIR source=support/acme.sh
. "$TEST_ROOT/tests/integration/support/acme.sh"
. "$TEST_ROOT/tests/cli/support/memory.sh"
make_authority
leaf old -70 20
trunk East old
start_vault
start_dns
code=$(openssl rand -base64 33 | tr '+/' '-_')
start_acme "{\"externalAccountBindingRequired\": true, \"externalAccountMACKeys\": {\"kid-1\": \"$code\"}}"
printf %s "$code" >code
account_key account.pem
acme_root 0 acme-root.pem
cat acme-root.pem >>root.pem
# What is made lies in the vault when the PATCH goes out: there the search has it from.
cat >fetch_made <<SH
curl -fsS -H "X-Vault-Token: \$(cat root-token)" "$vault_url/v1/secret/data/sip/east" >made.json
jq -r .data.data.private_key made.json >made.key
jq -r .data.data.certificate made.json >made.pem
SH
start_service -on-bind "${hook/sh in_flight/sh fetch_made; sh in_flight}"
printf %s "$GENESYSCLOUD_OAUTHCLIENT_SECRET" >client_secret
policy issues 'path "secret/data/sip/east"            { capabilities = ["create", "update", "read"] }
path "secret/metadata/sip/east"        { capabilities = ["read"] }
path "secret/data/sip/east/pending"    { capabilities = ["create", "update", "read"] }
path "secret/destroy/sip/east/pending" { capabilities = ["update"] }'
token_of issues vault_token
cat >known <<'KNOWN'
-key account=account.pem
-key made=made.key
-text code=code
-text vault_token=vault_token
-text client_secret=client_secret
KNOWN

mkdir run
cp root.pem run/
issued_configuration "\"acme\": { \"pebble\": {
    \"directory\": \"$acme_url\", \"account_key\": { \"file\": \"../account.pem\" }, \"agree_terms\": true,
    \"external_account\": { \"key_id\": \"kid-1\", \"hmac_key\": { \"env\": \"ACME_CODE\" } },
    \"http_01\": { \"listen\": \"127.0.0.1:$http_port\" } } }" \
  '"vault_kv": { "east": { "path": "sip/east" } }' \
  '"issuer": "pebble", "store": "east", "names": ["sip.example.com"], "profile": "default"' >run/main.trunk.json
export VAULT_ADDR=$vault_url
expect_exit 0 trunkform -chdir=run trust add secret file ../account.pem
expect_exit 0 trunkform -chdir=run trust add secret env ACME_CODE
expect_exit 0 trunkform -chdir=run trust add write vault_kv "$vault_url/secret/sip/east"

started env ACME_CODE="$code" VAULT_TOKEN="$(cat vault_token)" trunkform apply -auto-approve -json
wait_for 120 test -s found.flight.1
cut -d' ' -f1,2 found.flight.1 | sort -u >found
cp found.flight.1 found.shapes
only_found 'during the PATCH' 'locked account' 'locked client_secret' 'locked code' 'locked made' 'locked vault_token'
ended_with 0
live_is East made
cat run/trunkform.state* run/.trunkform* out err acme.log >written
xargs -a known find-secrets written >found
[ ! -s found ] || die "written: $(cat found)"
stop_service
