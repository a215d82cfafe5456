# A certificate in a secret of the cluster that a run is in: first bind, a renewal by cert-manager, no way back, and what goes wrong. The API server
# is a script that answers what docs say; the real one is in tests/integration/source_kubernetes_secret.sh.
. "$TEST_ROOT/tests/cli/support/service.sh"
. "$TEST_ROOT/tests/cli/support/cluster.sh"
make_authority
leaf old -60 30
leaf new -1 89
leaf newer -1 120
leaf other -1 100
trunk "East" old
start_service
start_cluster canary-token-1 canary-token-2
mkdir cluster/secrets/finance

# put NAME VERSION PAIR [CERTIFICATE_FIELD KEY_FIELD]: as cert-manager writes it
put() {
  printf '{"kind":"Secret","apiVersion":"v1","metadata":{"name":"%s","namespace":"sip","resourceVersion":"%s","creationTimestamp":"2026-01-01T00:00:00Z"},"type":"kubernetes.io/tls","data":{"%s":"%s","%s":"%s"}}' \
    "$1" "$2" "${4-tls.crt}" "$(base64 -w0 "$3.chain")" "${5-tls.key}" "$(base64 -w0 "$3.key")" >"cluster/secrets/sip/$1.json"
}
with_source() {
  configure "$(binding east East '"adopt": true')"
  sed -i -e "s|\"pem_files\": { \"new\": { [^}]* } }|\"kubernetes_secret\": { \"new\": { $1 } }|" -e 's|certificate.pem_files.new|certificate.kubernetes_secret.new|' \
    -e 's|"min_age": "0s"|"min_age": "0s", "when": "available"|' main.trunk.json
}
unusable() {
  expect_exit 0 trunkform plan
  expect_text out "$1"
}
with_source '"namespace": "sip", "secret": "east"'
expect_exit 1 trunkform plan
expect_text err 'secrets \"east\" not found'
expect_text err 'check `namespace` and `secret`'

put east 41 new
expect_exit 0 trunkform plan
expect_text out '(opaque)'
apply_all
live_is East new
no_changes

# The kubelet gives another token, cert-manager another certificate.
printf 'canary-token-2\n' >account/token
put east 57 newer
expect_exit 2 trunkform plan -detailed-exitcode
apply_all
live_is East newer
no_changes

# A cluster keeps no earlier version, and says so.
expect_exit 1 trunkform rollback -auto-approve -reason='one-way audio' genesys_trunk_certificate.east
expect_text err 'no_way_back'
expect_text err 'a cluster keeps what was written last, and nothing before it'
live_is East newer

put fields 60 other chain pk
with_source '"namespace": "sip", "secret": "fields"'
unusable 'has no field "tls.crt"'
expect_text out 'it has "chain", "pk"'
with_source '"namespace": "sip", "secret": "fields", "certificate_field": "chain", "key_field": "pk"'
apply_all
live_is East other

# Another namespace than the account's, a token that is not taken, no cluster at all.
with_source '"namespace": "finance", "secret": "east"'
unusable 'cannot get resource'
expect_text out 'let a Role give the service account'
with_source '"namespace": "sip", "secret": "east"'
printf 'canary-token-3\n' >account/token
unusable 'is not valid any more'
refuse_text out canary
KUBECONFIG=$PWD/kubeconfig KUBERNETES_SERVICE_HOST='' unusable 'KUBECONFIG is not read in this version'
# Roots of somebody else's cluster: nothing is sent.
printf 'canary-token-2\n' >account/token
wc -l <cluster/requests >asked
cp root.pem account/ca.crt
unusable 'certificate'
[ "$(wc -l <cluster/requests)" = "$(cat asked)" ] || die "a server that nobody trusts was asked"
stop_service
