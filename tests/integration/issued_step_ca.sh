# A certificate that a real step-ca signs: issued, bound, renewed, gone back from.
. "$TEST_ROOT/tests/integration/support/step_ca.sh"
. "$TEST_ROOT/tests/integration/support/issued_by.sh"
make_authority
leaf before -70 20
sed 's/^extendedKeyUsage = serverAuth$/&,clientAuth/' ca/openssl.cnf >ca/both && mv ca/both ca/openssl.cnf
leaf operator -1 30 operator.example.com
trunk 'East 1' before
start_service
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out provisioner.key 2>/dev/null
jwk=$(jwk_of provisioner)
template=$(jq -n '{subject: {commonName: "sip.example.com"}, sans: [{type: "dns", value: "sip.example.com"}],
  keyUsage: ["digitalSignature"], extKeyUsage: ["serverAuth"]} | tojson')
start_step_ca "{ \"type\": \"JWK\", \"name\": \"trunkform\", \"key\": $jwk },
  { \"type\": \"JWK\", \"name\": \"fixed\", \"key\": $jwk, \"options\": { \"x509\": { \"template\": $template } } },
  { \"type\": \"X5C\", \"name\": \"x5c\", \"roots\": \"$(base64 -w 0 root.pem)\" }"
export TRUNKFORM_STEP_CA_FILE=$PWD/root.pem
write_configuration "\"step_ca\": { \"a\": { \"url\": \"$step_ca_url\", \"provisioner\": \"trunkform\", \"key\": { \"file\": \"provisioner.key\" } } }"
expect_exit 0 trunkform trust add host "${base_url#http://}" genesys
unset TRUNKFORM_TRUST_LOOPBACK

# Whom the key is shown to, and that it may be read, is for the operator to say.
expect_exit 0 trunkform trust add write files sip
expect_exit 1 trunkform plan
expect_text err "trunkform trust add host ${step_ca_url#https://} step_ca"
expect_exit 0 trunkform trust add host "${step_ca_url#https://}" step_ca
expect_exit 1 trunkform plan
expect_text err 'trunkform trust add secret file'
expect_exit 0 trunkform trust add secret file provisioner.key

expect_exit 0 trunkform doctor
expect_text out 'our key is that of the JWK provisioner "trunkform"'
sed -i 's/"provisioner": "trunkform"/"provisioner": "nobody"/' main.trunk.json
expect_exit 1 trunkform doctor
expect_text out 'step-ca has no provisioner "nobody"'
sed -i 's/"provisioner": "nobody"/"provisioner": "trunkform"/' main.trunk.json

issued_and_bound

# What is bound no more is revoked.
expect_exit 0 trunkform issuer revoke -auto-approve -reason=superseded certificate.issued.sip
curl -fsS --cacert root.pem "$step_ca_url/1.0/crl" | openssl crl -inform DER -noout -text >crl
expect_text crl "$(openssl x509 -in second.pem -noout -serial | sed 's/.*=//')"
refuse_text crl "$(openssl x509 -in first.pem -noout -serial | sed 's/.*=//')"

# A provisioner whose template has names of its own leaves out one that was asked for: three applies have one signed,
# the next ask again only a day later, and what was signed is in the history.
signed_ones() { grep -c 'path=/1.0/sign .*status=201' step-ca.log; }
before=$(signed_ones)
sed -i 's/"provisioner": "trunkform"/"provisioner": "fixed"/' main.trunk.json
expect_exit 1 trunkform apply -auto-approve
expect_text err 'the issuer signed other names than those that were asked for'
for _ in again 'once more'; do
  expect_exit 1 trunkform apply -auto-approve
  expect_text err 'the issuer signed something else'
done
[ "$(signed_ones)" = $((before + 1)) ] || die "it was asked $(($(signed_ones) - before)) times"
[ ! -e sip/pending.pem ] || die 'a staged key was left'
expect_exit 0 trunkform show
expect_text out 'the issuer signed something else'
expect_exit 0 trunkform history -json
expect_text out 'BEGIN CERTIFICATE'
live_is 'East 1' first

# Whoever has a certificate of an authority that step-ca believes shows it with each request (X5C).
write_configuration "\"step_ca\": { \"a\": { \"url\": \"$step_ca_url\", \"provisioner\": \"x5c\", \"key\": { \"file\": \"operator.key\" }, \"certificate\": \"operator.chain\" } }"
expect_exit 1 trunkform plan
expect_text err "trunkform trust add secret file $PWD/operator.key"
expect_exit 0 trunkform trust add secret file operator.key
apply_all -replace=certificate.issued.sip -replace=genesys_trunk_certificate.east
[ "$(signed_ones)" = $((before + 2)) ] || die "it was asked $(($(signed_ones) - before)) times"
cp sip/live/chain.pem third.pem
openssl verify -CAfile root.pem -untrusted third.pem third.pem >/dev/null || die 'it does not lead to the root'
live_is 'East 1' third
no_changes

# The authority goes away: said, and the trunk keeps what it has.
stop_step_ca
expect_exit 1 trunkform apply -auto-approve -replace=certificate.issued.sip
expect_text err "$step_ca_url"
live_is 'East 1' third
stop_service
