# A store of an Azure key vault, asked the contract of all stores. The vault is a fake of ours, which Microsoft's own
# clients have to be content with first.
. "$TEST_ROOT/tests/integration/support/azure.sh"
# shellcheck source-path=SCRIPTDIR source=support/issued.sh
. "$TEST_ROOT/tests/integration/support/issued.sh"
make_authority
leaf new -1 89
start_key_vault new

AZURE_TENANT_ID=$(cat tenant) AZURE_CLIENT_ID=$(cat client) AZURE_CLIENT_SECRET=$(cat secret)
export AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_AUTHORITY_HOST=$authority_url
export TRUNKFORM_CA_FILE=$PWD/ca.pem VAULT_URL=$vault_url STORE_KIND=azure_keyvault_secret
expect_exit 0 store-contract
expect_text out 'All tests passed'

# What was asked of it: no purge, no deletion, nothing but secrets.
vault_requests | grep ' sip /' | cut -d' ' -f1 | sort -u >methods
printf '%s\n' GET PATCH PUT >expected-methods
diff expected-methods methods >&2 || die "a store asks for more than docs/permissions.md says"

# The whole program.
stored() {
  as_operator GET secrets/carrier-a '{}'
  jq -r .value vault-answer | sed -n '/BEGIN CERTIFICATE/,$p' >"$1.pem"
}
export TRUNKFORM_TRUST_LOOPBACK=1
expect_exit 0 trunkform trust add host "${vault_url#https://}" azure
expect_exit 0 trunkform trust add host "${authority_url#https://}" azure
issued_into azure_keyvault_secret "\"vault\": \"$vault_url\", \"name\": \"carrier-a\"" "$vault_url/secrets/carrier-a"
stop_service
stop_key_vault
