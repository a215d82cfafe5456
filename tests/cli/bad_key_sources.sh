# The key of another certificate, out of each source that has both at hand: PKCS #12, a lineage of Certbot's, a cluster's
# secret. No trunk gets one, and the line names the rule and the source. With the right key each is bound.
. "$TEST_ROOT/tests/cli/support/outside.sh"
. "$TEST_ROOT/tests/cli/support/cluster.sh"
make_authority
leaf old -70 20
leaf new -1 89
leaf other -1 89
for name in East North West; do trunk "$name" old; done
start_service

mkdir -p le/archive/sip le/live/sip
cp new.pem le/archive/sip/cert1.pem
cp ca/intermediate.pem le/archive/sip/chain1.pem
cp new.chain le/archive/sip/fullchain1.pem
for part in cert chain fullchain privkey; do ln -s "../../archive/sip/${part}1.pem" "le/live/sip/$part.pem"; done
start_cluster canary-token
export PASSPHRASE=word

# keys_of NAME: every source has the certificate `new` and the key NAME. openssl packs both without asking whether they belong
# together where the certificates are those beside the key.
keys_of() {
  openssl pkcs12 -export -nocerts -inkey "$1.key" -certfile new.chain -passout env:PASSPHRASE -out file.pfx 2>/dev/null
  cp "$1.key" le/archive/sip/privkey1.pem
  printf '{"kind":"Secret","metadata":{"name":"west","namespace":"sip","resourceVersion":"%s"},"data":{"tls.crt":"%s","tls.key":"%s"}}' \
    "${#1}" "$(base64 -w0 new.chain)" "$(base64 -w0 "$1.key")" >cluster/secrets/sip/west.json
}
bind() {
  # shellcheck disable=SC2016 # trunkform expands it
  printf '"%s": { "trunk": { "name": "%s" }, "certificate": "${certificate.%s}", "identity": ["sip.example.com"],
    "carrier": "a", "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s" } }' "$1" "$2" "$3"
}
cat >main.trunk.json <<JSON
{ "provider": { "genesys": { "base_url": "$base_url" } },
  "certificate": {
    "pkcs12": { "file": { "file": "file.pfx", "passphrase": { "env": "PASSPHRASE" } } },
    "certbot": { "lineage": { "live": "$PWD/le/live/sip" } },
    "kubernetes_secret": { "cluster": { "namespace": "sip", "secret": "west" } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    $(bind east East pkcs12.file), $(bind north North certbot.lineage), $(bind west West kubernetes_secret.cluster) } } }
JSON
expect_exit 0 trunkform trust add secret env PASSPHRASE

keys_of other
for place in east:pkcs12 north:certbot west:kubernetes_secret; do
  expect_exit 1 trunkform apply -auto-approve "-target=genesys_trunk_certificate.${place%:*}"
  expect_text err "genesys_trunk_certificate.${place%:*}"
  expect_text err 'rule key_mismatch'
  expect_text err "it comes from ${place#*:}("
  every_error_helps err
done
sent 0
keys_of new
apply_all -retry
for name in East North West; do live_is "$name" new; done
stop_service
