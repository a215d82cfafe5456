# The memory of an apply that reads its keys from PKCS #12, a lineage of Certbot's and a cluster's secret: keys, passphrase and
# the cluster's token are in locked memory that is wiped and nowhere else, while a PATCH is on its way, where the process
# ends, and where an answer is refused.
. "$TEST_ROOT/tests/cli/support/outside.sh"
. "$TEST_ROOT/tests/cli/support/memory.sh"
. "$TEST_ROOT/tests/cli/support/cluster.sh"
make_authority
leaf old -70 20
for name in file lineage cluster; do leaf "$name" -1 89; done
for name in East North West; do trunk "$name" old; done
start_service -on-bind "$hook"
printf %s "$GENESYSCLOUD_OAUTHCLIENT_SECRET" >client_secret

# --- PKCS #12 with a passphrase, and a lineage as Certbot lays it out
passphrase="passphrase canary $RANDOM$RANDOM$RANDOM"
printf %s "$passphrase" >passphrase
openssl pkcs12 -export -in file.chain -inkey file.key -passout "pass:$passphrase" -out file.pfx
mkdir -p letsencrypt/archive/sip letsencrypt/live/sip run
cp lineage.pem letsencrypt/archive/sip/cert1.pem
cp ca/intermediate.pem letsencrypt/archive/sip/chain1.pem
cp lineage.chain letsencrypt/archive/sip/fullchain1.pem
cp lineage.key letsencrypt/archive/sip/privkey1.pem
for part in cert chain fullchain privkey; do ln -s "../../archive/sip/${part}1.pem" "letsencrypt/live/sip/$part.pem"; done

# --- a cluster
token=canary-token-$RANDOM$RANDOM$RANDOM$RANDOM
printf %s "$token" >cluster_token
start_cluster "$token"
printf '{"kind":"Secret","metadata":{"name":"west","namespace":"sip","resourceVersion":"1"},"data":{"tls.crt":"%s","tls.key":"%s"}}' \
  "$(base64 -w0 cluster.chain)" "$(base64 -w0 cluster.key)" >cluster/secrets/sip/west.json

for name in file lineage cluster; do echo "-key $name=$name.key"; done >known
for name in passphrase cluster_token client_secret; do echo "-text $name=$name"; done >>known
# That each would be found.
for name in passphrase cluster_token client_secret; do
  base64 -w0 "$name" >planted
  xargs -a known find-secrets planted | grep -qx "planted $name base64" || die "not found when planted: $name"
done

bind() {
  # shellcheck disable=SC2016 # trunkform expands it
  printf '"%s": { "trunk": { "name": "%s" }, "certificate": "${certificate.%s}", "identity": ["sip.example.com"],
    "carrier": "a", "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s", "when": "available" } }' "$1" "$2" "$3"
}
cp root.pem run
cat >run/main.trunk.json <<JSON
{ "provider": { "genesys": { "base_url": "$base_url", "retry_budget": "1s" } },
  "certificate": {
    "pkcs12": { "file": { "file": "../file.pfx", "passphrase": { "env": "FILE_PASSPHRASE" } } },
    "certbot": { "lineage": { "live": "$PWD/letsencrypt/live/sip" } },
    "kubernetes_secret": { "cluster": { "namespace": "sip", "secret": "west" } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    $(bind east East pkcs12.file), $(bind north North certbot.lineage), $(bind west West kubernetes_secret.cluster) } } }
JSON
expect_exit 0 trunkform trust add secret env FILE_PASSPHRASE
export FILE_PASSPHRASE=$passphrase

started trunkform apply -auto-approve -json -parallelism=1
waiting=(file lineage cluster)
for number in 1 2 3; do
  wait_for 60 test -s "found.flight.$number"
  cut -d' ' -f1,2 "found.flight.$number" | sort -u >found
  cp "found.flight.$number" found.shapes
  only_found "during PATCH $number" "${waiting[@]/#/locked }" 'locked client_secret' 'locked passphrase'
  waiting=("${waiting[@]:1}")
done
ended_with 0
[ ! -s complaints ] || die "$(cat complaints)"
live_is East file
live_is North lineage
live_is West cluster
cat out err >said.1

# --- what fails, fails without telling: a token that is not taken, a passphrase that does not open it
printf 'nobody sip\n' >cluster/tokens
started trunkform plan
ended_with 0
cat out err >said.2
expect_text said.2 'is not valid any more'
FILE_PASSPHRASE=$(cat client_secret) started trunkform apply -auto-approve -replace=genesys_trunk_certificate.east
ended_with 1
cat out err >said.3

# --- and nothing of it is in what was said or written
find run "$HOME" "$TMPDIR" -type f ! -name root.pem >searched
ls said.* >>searched
grep -q trunkform.state.json searched || die 'the state was not where it was looked for'
xargs -a searched xargs -a known find-secrets >leaks
[ ! -s leaks ] || { cat leaks >&2; die 'a secret was written'; }
stop_service
