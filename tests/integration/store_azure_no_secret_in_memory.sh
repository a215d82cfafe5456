# The memory of an apply that has an authority at hand sign and an Azure key vault keep: the key that is made, the client's
# secret and the token that it gets are in locked memory and nowhere else, while the PATCH is on its way and where the
# process ends.
. "$TEST_ROOT/tests/integration/support/azure.sh"
. "$TEST_ROOT/tests/cli/support/memory.sh"
make_authority
leaf old -70 20
leaf new -1 89
trunk East old
start_key_vault new
cp secret vault_secret
# What is made lies in the vault when the PATCH goes out: there the search has it from.
cat >fetch_made <<SH
ask() { curl -sS --cacert ca.pem --resolve '*:${vault_url##*:}:127.0.0.1' "\$@"; }
ask -d "grant_type=client_credentials&client_id=$(cat client)&client_secret=$(cat secret)&scope=https%3A%2F%2Fvault.localhost%3A${vault_url##*:}%2F.default" \
  "$authority_url/$(cat tenant)/oauth2/v2.0/token" | jq -r .access_token >fetch-token
ask -H "Authorization: Bearer \$(cat fetch-token)" "$vault_url/secrets/carrier-a?api-version=7.4" | jq -r .value >made.both
openssl pkey -in made.both -out made.key
openssl x509 -in made.both -out made.pem
SH
start_service -on-bind "${hook/sh in_flight/sh fetch_made; sh in_flight}"
printf %s "$GENESYSCLOUD_OAUTHCLIENT_SECRET" >client_secret
cat >known <<'KNOWN'
-key authority=ca/intermediate.key
-key made=made.key
-text vault_secret=vault_secret
-text client_secret=client_secret
KNOWN

mkdir run
cp -r root.pem ca run/
issued_in_memory azure_keyvault_secret "\"vault\": \"$vault_url\", \"name\": \"carrier-a\"" >run/main.trunk.json
export AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_AUTHORITY_HOST=$authority_url TRUNKFORM_CA_FILE=$PWD/ca.pem
AZURE_TENANT_ID=$(cat tenant) AZURE_CLIENT_ID=$(cat client)
expect_exit 0 trunkform -chdir=run trust add secret file ca/intermediate.key
expect_exit 0 trunkform -chdir=run trust add host "${vault_url#https://}" azure
expect_exit 0 trunkform -chdir=run trust add host "${authority_url#https://}" azure
expect_exit 0 trunkform -chdir=run trust add write azure_keyvault_secret "$vault_url/secrets/carrier-a"
started env AZURE_CLIENT_SECRET="$(cat secret)" trunkform apply -auto-approve -json
only_locked client_secret made vault_secret
stop_service
stop_key_vault
