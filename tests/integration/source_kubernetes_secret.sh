# A certificate in a secret of a real Kubernetes API server, with RBAC and a service account that may do no more than
# docs/permissions.md says: first bind, a new version, what the Role does not cover; and a real vault that takes the
# account's token because this API server says whose it is.
. "$TEST_ROOT/tests/integration/support/kubernetes.sh"
# shellcheck source-path=SCRIPTDIR source=support/vault.sh
. "$TEST_ROOT/tests/integration/support/vault.sh"
make_authority
leaf old -60 30
leaf new -1 89
leaf newer -1 120
leaf other -1 100
leaf kept -1 110
trunk "East" old
start_service
start_cluster
namespace sip
account sip trunkform
documented=$(awk '/^## / { here = index($0, "`kubernetes_secret`") } here && /^```yaml$/ { inside = 1; next } /^```$/ { inside = 0 } here && inside' "$TEST_ROOT/docs/permissions.md")
[ "$(wc -l <<<"$documented")" = 2 ] || die "docs/permissions.md has another Role than this test knows"
role sip trunkform "${documented/carrier-a-tls/east}" trunkform
in_pod sip trunkform

with_source() {
  configure "$(binding east East '"adopt": true')"
  sed -i -e "s|\"pem_files\": { \"new\": { [^}]* } }|\"$1\": { \"new\": { $2 } }|" -e "s|certificate.pem_files.new|certificate.$1.new|" \
    -e 's|"min_age": "0s"|"min_age": "0s", "when": "available"|' main.trunk.json
}
unusable() {
  expect_exit 0 trunkform plan
  expect_text out "$1"
}
with_source kubernetes_secret '"namespace": "sip", "secret": "east"'
expect_exit 1 trunkform plan
expect_text err 'secrets \"east\" not found'
tls_secret sip east new
expect_exit 0 trunkform plan
expect_text out '(opaque)'
apply_all
live_is East new
no_changes

# Another certificate, as by cert-manager, with another token, as by the kubelet.
tls_secret sip east newer
token_of_account sip trunkform >account/token
expect_exit 2 trunkform plan -detailed-exitcode
apply_all
live_is East newer
no_changes
expect_exit 1 trunkform rollback -auto-approve genesys_trunk_certificate.east
expect_text err 'no_way_back'
expect_text err 'a cluster keeps what was written last, and nothing before it'
live_is East newer

# Who we are, and that it suffices.
expect_exit 0 trunkform doctor
expect_text out 'signed in as "system:serviceaccount:sip:trunkform"'
expect_text out "the account's token lasts for "
expect_text out 'the secret "sip/east" may be read'

# What the Role does not cover: another secret, another namespace.
tls_secret sip west other
namespace finance
tls_secret finance east other
for place in '"namespace": "sip", "secret": "west"' '"namespace": "finance", "secret": "east"'; do
  with_source kubernetes_secret "$place"
  unusable 'User \"system:serviceaccount:sip:trunkform\" cannot get resource \"secrets\"'
  expect_text out 'let a Role give the service account `get` on this secret'
done
expect_exit 1 trunkform doctor
expect_text out 'the secret "finance/east" may not be read'
expect_text out 'docs/permissions.md'
live_is East newer

# A token that is none, and one whose account is gone.
with_source kubernetes_secret '"namespace": "sip", "secret": "east"'
cp account/token kept-token
printf 'canary-token\n' >account/token
unusable 'is not valid any more'
expect_exit 1 trunkform doctor
expect_text out 'answered 401'
refuse_text out canary-token
account sip leaver
token_of_account sip leaver >account/token
as_operator DELETE api/v1/namespaces/sip/serviceaccounts/leaver
expect_exit 1 trunkform doctor
expect_text out 'answered 401'
cp kept-token account/token

# A vault that asks this API server whose token it is shown (TokenReview): the account of a namespace that it names, and no other.
start_vault
policy reads-sip 'path "secret/data/sip/*" { capabilities = ["read"] }
path "secret/metadata/sip/*" { capabilities = ["read"] }'
put_pair sip/east kept
account sip reviewer
applied apis/rbac.authorization.k8s.io/v1/clusterrolebindings/reviewer "{ apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: { name: reviewer },
  roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:auth-delegator' }, subjects: [{ kind: ServiceAccount, name: reviewer, namespace: sip }] }"
vault_as_root POST sys/auth/kubernetes '{"type":"kubernetes"}'
vault_as_root POST auth/kubernetes/config "{\"kubernetes_host\":\"$cluster_url\",\"kubernetes_ca_cert\":$(as_json cluster/ca.crt),\"token_reviewer_jwt\":\"$(token_of_account sip reviewer)\"}"
vault_as_root POST auth/kubernetes/role/trunkform '{"bound_service_account_names":["trunkform"],"bound_service_account_namespaces":["sip"],"token_policies":["reads-sip"],"audience":"https://kubernetes.default.svc"}'
export VAULT_ADDR=$vault_url
with_source vault_kv '"path": "sip/east"'
sed -i 's|"genesys": { |"vault": { "auth": { "kubernetes": { "role": "trunkform", "jwt": { "file": "account/token" } } } }, &|' main.trunk.json
expect_exit 0 trunkform trust add secret file account/token
apply_all
live_is East kept
expect_exit 0 trunkform doctor
expect_text out 'signed in as "kubernetes-sip-trunkform"'
account finance trunkform
token_of_account finance trunkform >account/token
expect_exit 1 trunkform doctor
expect_text out 'POST /v1/auth/kubernetes/login answered 403'
stop_vault
stop_cluster
stop_service
