# A store of Vault's key/value engine, asked the contract of all stores by a token that may do no more than
# docs/permissions.md says; then with a second secret for readers who have no right to the key.
. "$TEST_ROOT/tests/integration/support/vault.sh"
# shellcheck source-path=SCRIPTDIR source=support/issued.sh
. "$TEST_ROOT/tests/integration/support/issued.sh"
start_vault
export VAULT_ADDR=$vault_url STORE_KIND=vault_kv

# of_any_path: with the place of the documented policy widened to the test's
of_any_path() { sed -e 's|sip/east/pending|sip/+/pending|' -e 's|sip/east"|sip/+"|' -e 's|sip-public/east"|sip-public/+"|'; }
documented_policies store.vault_kv 1 4 | of_any_path >policy.hcl
policy stores "$(cat policy.hcl)"
token_of stores token
VAULT_TOKEN=$(cat token)
export VAULT_TOKEN
expect_exit 0 store-contract
expect_text out 'All tests passed'

# With the public secret, which takes one line more.
documented_policies store.vault_kv 2 1 | of_any_path >public.hcl
policy public-stores "$(cat policy.hcl public.hcl)"
token_of public-stores token
VAULT_TOKEN=$(cat token) STORE_PUBLIC=1 expect_exit 0 store-contract

# Nothing of it is needless: without any one line the contract fails.
while read -r line; do
  grep -vxF "$line" policy.hcl >less.hcl
  policy less "$(cat less.hcl)"
  token_of less less-token
  ! VAULT_TOKEN=$(cat less-token) store-contract >less.out 2>&1 || die "it works without $line"
  # Catch breaks lines where it likes.
  tr -d ' \n' <less.out | grep -qF permissiondenied || die "it failed without $line, and not for that"
done <policy.hcl

# No key is left where it was staged.
vault_as_root LIST secret/metadata/sip
jq -r '.data.keys[]' vault-answer | grep -v '/$' >places
[ -s places ] || die "nothing was written"

policy asks "$(cat policy.hcl public.hcl)
path \"sys/capabilities-self\" { capabilities = [\"update\"] }"
token_of asks asking-token

# The whole program, by a token with the lines of the store alone.
stored() {
  vault_as_root GET secret/data/sip/east
  jq -rj .data.data.certificate vault-answer >"$1.pem"
}
VAULT_TOKEN=$(cat token)
export TRUNKFORM_TRUST_LOOPBACK=1
issued_into vault_kv '"path": "sip/east", "public_path": "sip-public/east"' "$vault_url/secret/sip/east"
expect_exit 0 trunkform doctor
expect_text out 'whether the token may write there was not told'
VAULT_TOKEN=$(cat asking-token) expect_exit 0 trunkform doctor
expect_text out 'the token may write there: secret/data/sip/east'
vault_as_root GET secret/data/sip-public/east
jq -rj .data.data.certificate vault-answer | cmp - second.pem || die 'the public secret is not of the newest pair'
refuse_text vault-answer 'PRIVATE KEY'
vault_as_root GET secret/metadata/sip/east/pending
jq -e 'all(.data.versions[]; .destroyed)' vault-answer >/dev/null || die 'a staged key was left'

# Who plans needs no right to the key, and who applies does.
policy planners 'path "secret/data/sip-public/east" { capabilities = ["read"] }
path "secret/metadata/sip/east" { capabilities = ["read"] }'
token_of planners planner-token
sed -i -e 's|"issuer": {.*||' -e 's|"store": {.*||' -e 's|"names": \["sip.example.com"\] } } },||' \
  -e 's|"certificate": { "issued".*|"certificate": { "vault_kv": { "sip": { "path": "sip/east", "public_path": "sip-public/east" } } },|' \
  -e 's|certificate.issued.sip|certificate.vault_kv.sip|' main.trunk.json
VAULT_TOKEN=$(cat planner-token) expect_exit 2 trunkform plan -detailed-exitcode -retry -replace=genesys_trunk_certificate.east -out=two.trunkplan
expect_text out '(sealed)'
refuse_text out 'permission denied'
VAULT_TOKEN=$(cat planner-token) expect_exit 1 trunkform apply two.trunkplan
expect_text err 'permission denied'
live_is 'East 1' first
expect_exit 0 trunkform apply two.trunkplan
live_is 'East 1' second
stop_service
stop_vault
