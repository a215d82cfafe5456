# A store of an Azure key vault, asked the contract of all stores. The vault is a fake of ours, which Microsoft's own
# clients have to be content with first.
. "$TEST_ROOT/tests/integration/support/azure.sh"
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
stop_key_vault
