# The pair of a store and its public secret, where somebody wrote, deleted or asked for one of the two alone: a plan says
# what it cannot see, and an apply brings them together and loses nothing.
. "$TEST_ROOT/tests/integration/support/vault.sh"
make_authority
leaf before -70 20
leaf hand -1 89
trunk 'East 1' before
start_vault
VAULT_TOKEN=$(cat root-token)
export VAULT_ADDR=$vault_url VAULT_TOKEN
start_service

# configure_store [MORE]: a store with what MORE gives it besides its path
configure_store() {
  # shellcheck disable=SC2154 # start_service sets base_url
  cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "issuer": { "local_ca": { "lab": { "certificate": "ca/intermediate.pem", "private_key": { "file": "ca/intermediate.key" } } } },
  "store": { "vault_kv": { "sip": { "path": "sip/east"${1:+, $1} } } },
  "certificate": { "issued": { "sip": { "issuer": "\${issuer.local_ca.lab}", "store": "\${store.vault_kv.sip}",
                                        "names": ["sip.example.com"] } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "east": { "trunk": { "name": "East 1" }, "certificate": "\${certificate.issued.sip}", "identity": ["sip.example.com"],
              "carrier": "a", "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s" } } } }
}
JSON
}
public='"public_path": "sip-public/east"'
version_of() { vault_as_root GET "secret/data/$1" && jq -r .data.metadata.version vault-answer; }
chain_of() { vault_as_root GET "secret/data/$1" && jq -rj .data.data.certificate vault-answer; }
pair_of() { vault_as_root POST secret/data/sip/east "{\"data\":{\"certificate\":$(as_json "$1.chain"),\"private_key\":$(as_json "$1.key")}}"; }
expect_exit 0 trunkform trust add secret file ca/intermediate.key
expect_exit 0 trunkform trust add write vault_kv "$vault_url/secret/sip/east"
configure_store "$public"

# Somebody wrote both, and later a pair alone. What is shown is due: then the other one is found, and none is issued.
pair_of before
vault_as_root POST secret/data/sip-public/east "{\"data\":{\"certificate\":$(as_json before.chain),\"version\":\"1\"}}"
pair_of hand
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'the store has version 2, and public_path shows version 1'
apply_all
expect_text out 'in the store already'
live_is 'East 1' hand
[ "$(version_of sip/east)" = 2 ] || die 'another was issued'
[ "$(chain_of sip-public/east)" = "$(cat hand.chain)" ] || die 'what was written by hand is not shown'
no_changes

# Taken away: shown again, and nothing is issued.
vault_as_root DELETE secret/metadata/sip-public/east
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'the store has version 2, and public_path shows nothing'
apply_all
[ "$(chain_of sip-public/east)" = "$(cat hand.chain)" ] || die 'it is not shown again'
no_changes

# Told to replace it, an apply replaces what is there, and not what is shown of it. Nothing is shown to others for a time.
pair_of hand
apply_all -replace=certificate.issued.sip -replace=genesys_trunk_certificate.east
[ "$(version_of sip/east)" = 4 ] || die 'it was not replaced once'
chain_of sip-public/east >fourth.pem
live_is 'East 1' fourth
no_changes
configure_store
apply_all -replace=certificate.issued.sip -replace=genesys_trunk_certificate.east
chain_of sip/east >fifth.pem
live_is 'East 1' fifth
[ "$(chain_of sip-public/east)" = "$(cat fourth.pem)" ] || die 'public_path was written without being asked for'

# Asked for again: what is there is no less there for not being shown yet.
configure_store "$public"
vault_as_root DELETE secret/metadata/sip-public/east
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'the store has version 5, and public_path shows nothing'
refuse_text out 'gone'
apply_all
[ "$(version_of sip/east)" = 5 ] || die 'another was issued'
[ "$(chain_of sip-public/east)" = "$(cat fifth.pem)" ] || die 'it is not shown'
no_changes

# The pair deleted: the public secret shows what nobody can fetch any more.
vault_as_root DELETE secret/data/sip/east
expect_exit 0 trunkform doctor
expect_text out 'has nothing yet'
refuse_text out 'what the store has ends'
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'it is gone there, with its key'
apply_all
chain_of sip-public/east >sixth.pem
[ "$(version_of sip/east)" = 6 ] || die 'it was not issued once'
! cmp -s fifth.pem sixth.pem || die 'nothing was issued'
expect_exit 0 trunkform plan

# Somebody who may write the public secret, and nothing else, puts another certificate there under the number of the pair: it
# neither hides that the pair is due nor has another one signed for it.
forge() { vault_as_root POST secret/data/sip-public/east "{\"data\":{\"certificate\":$(as_json "$1.chain"),\"version\":\"6\"}}"; }
leaf forged_late -1 300
leaf forged_early -80 5
for forged in forged_late forged_early; do
  forge "$forged"
  expect_exit 1 trunkform doctor
  expect_text out 'public_path shows another certificate than version 6 of the pair has'
  expect_exit 0 trunkform plan
  expect_text out 'certificate.issued.sip stays as it is'
  expect_text out 'public_path shows another certificate (serial'
done
# Of what no state knows, the run asks the pair itself before anything is signed.
leaf longer -1 200
pair_of longer
vault_as_root POST secret/data/sip-public/east "{\"data\":{\"certificate\":$(as_json forged_early.chain),\"version\":\"7\"}}"
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'certificate.issued.sip will be renewed'
apply_all
expect_text out 'in the store already'
cat out err >told
expect_text told 'public_path showed another certificate than the store has'
[ "$(version_of sip/east)" = 7 ] || die 'another was signed for a certificate that somebody showed'
[ "$(chain_of sip-public/east)" = "$(cat longer.chain)" ] || die 'what the store has is not shown again'
no_changes

# The pair alone is newer, and nothing is due: what is shown is what bindings are given, and the plan says so.
pair_of hand
expect_exit 0 trunkform plan -detailed-exitcode
expect_text out 'the store has version 8, and public_path shows version 7'
# Nor does it take a right to the pair to see that, nor is the pair asked for: it may be refused.
vault_as_root PUT sys/policies/acl/plans "{\"policy\":$(jq -Rs . <<'HCL'
path "secret/data/sip-public/east" { capabilities = ["read"] }
path "secret/metadata/sip/east" { capabilities = ["read"] }
HCL
)}"
vault_as_root POST auth/token/create '{"policies":["plans"]}'
VAULT_TOKEN=$(jq -r .auth.client_token vault-answer) expect_exit 0 trunkform plan -detailed-exitcode
expect_text out 'the store has version 8, and public_path shows version 7'

# A run that may write the pair and not what is shown of it ends between the two. The next one finds its own certificate,
# and takes nobody else for whoever put it there.
apply_all -replace=certificate.issued.sip
[ "$(version_of sip/east)" = 9 ] || die 'it was not replaced once'
vault_as_root PUT sys/policies/acl/half "{\"policy\":$(jq -Rs . <<'HCL'
path "secret/data/sip/east" { capabilities = ["create", "update", "read"] }
path "secret/data/sip/east/pending" { capabilities = ["create", "update", "read"] }
path "secret/destroy/sip/east/pending" { capabilities = ["update"] }
path "secret/metadata/sip/east" { capabilities = ["read"] }
path "secret/data/sip-public/east" { capabilities = ["read"] }
HCL
)}"
vault_as_root POST auth/token/create '{"policies":["half"]}'
VAULT_TOKEN=$(jq -r .auth.client_token vault-answer) expect_exit 1 trunkform apply -auto-approve -replace=certificate.issued.sip
[ "$(version_of sip/east)" = 10 ] || die 'it did not come as far as the pair'
apply_all
cat out err >told
refuse_text told 'somebody else'
refuse_text told 'another certificate was put into the store'
[ "$(version_of sip/east)" = 10 ] || die 'another was issued'
[ "$(chain_of sip-public/east)" = "$(chain_of sip/east)" ] || die 'it is not shown'
trunkform state pull | jq -e '.issues[] | select(.address == "certificate.issued.sip") | .last.version == "10" and (has("open") | not)' >/dev/null ||
  die 'it is not recorded as ours'

# Both gone.
vault_as_root DELETE secret/metadata/sip/east
vault_as_root DELETE secret/metadata/sip-public/east
apply_all
[ "$(version_of sip/east)" = 1 ] || die 'it was not issued once'
[ "$(chain_of sip-public/east)" = "$(chain_of sip/east)" ] || die 'they differ'
expect_exit 0 trunkform plan
stop_service
stop_vault
