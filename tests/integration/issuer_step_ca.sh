# Certificates signed by a real step-ca, for a JWK and an X5C provisioner: what comes, what it refuses, revoking.
. "$TEST_ROOT/tests/integration/support/step_ca.sh"
make_authority
new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null; }
new_key jwk
new_key named
new_key east
# Who the X5C provisioner knows: a client of another authority of ours.
sed -i 's/^extendedKeyUsage = serverAuth$/extendedKeyUsage = serverAuth,clientAuth/' ca/openssl.cnf
leaf operator -1 30 operator.example.com
leaf ended -20 -1 operator.example.com

jwk=$(jwk_of jwk)
named=$(jwk_of named kid-of-ours)
start_step_ca "{ \"type\": \"JWK\", \"name\": \"trunkform\", \"key\": $jwk },
  { \"type\": \"JWK\", \"name\": \"named\", \"key\": $named },
  { \"type\": \"X5C\", \"name\": \"x5c\", \"roots\": \"$(base64 -w 0 root.pem)\" }"

arguments() { printf '{"url": "%s", %s}\n' "$step_ca_url" "$1" >arguments.json; }
ask() { ask-issuer step_ca arguments.json "$2" "$1" "${@:3}"; }
refused() { for text in "$@"; do expect_text err "$text"; done; }
text_of() { openssl x509 -in "$1" -noout -text; }
serial_of() { openssl x509 -in "$1" -noout -serial | sed 's/.*=//'; }
revoked() { curl -fsS --cacert root.pem "$step_ca_url/1.0/crl" | openssl crl -inform DER -noout -text | grep -qF "$(serial_of "$1")"; }

# Its root is not one of the machine's: nothing is sent before somebody says that it is the right one.
arguments '"provisioner": "trunkform", "key": "file:jwk.key"'
expect_exit 1 ask submit east.key sip.example.com
refused 'denied: ' 'TRUNKFORM_STEP_CA_FILE=root.pem'
export TRUNKFORM_STEP_CA_FILE=$PWD/root.pem
ASK_ISSUER_HOST=https://ca.example.com expect_exit 1 ask submit east.key sip.example.com
refused 'untrusted: '

# What was asked for comes, for the key that was made, with the chain that leads to the root.
expect_exit 0 ask submit east.key -lifetime=240h sip.example.com sip:example.com 192.0.2.7
cp out east.pem
openssl verify -CAfile root.pem -untrusted east.pem east.pem >/dev/null
text_of east.pem >text
expect_text text 'DNS:sip.example.com, IP Address:192.0.2.7, URI:sip:example.com'
[ "$(openssl x509 -in east.pem -noout -pubkey)" = "$(openssl pkey -in east.key -pubout)" ] || die 'another key was signed'
openssl x509 -in east.pem -noout -checkend $((239 * 3600)) >/dev/null || die 'the lifetime is not the one asked for'
openssl x509 -in east.pem -noout -checkend $((241 * 3600)) >/dev/null && die 'the lifetime is not the one asked for'

# A SIP domain alone; a key with an id of its own; a certificate in place of a key that the authority knows.
expect_exit 0 ask submit east.key sip:example.com
arguments '"provisioner": "named", "key": "file:named.key", "key_id": "kid-of-ours"'
expect_exit 0 ask submit east.key sip.example.com
arguments '"provisioner": "x5c", "key": "file:operator.key", "certificate": "operator.chain"'
expect_exit 0 ask submit east.key sip.example.com
cp out x5c.pem

# What it refuses, in its own words where it has any.
arguments '"provisioner": "named", "key": "file:named.key"'
expect_exit 1 ask submit east.key sip.example.com
refused 'denied: ' 'answered 401' 'key_id'
arguments '"provisioner": "trunkform", "key": "file:named.key"'
expect_exit 1 ask submit east.key sip.example.com
refused 'denied: ' 'step ca provisioner list'
arguments '"provisioner": "x5c", "key": "file:operator.key", "certificate": "ended.chain"'
expect_exit 1 ask submit east.key sip.example.com
refused 'invalid_input: ' '`key` is not that of the first certificate'
arguments '"provisioner": "x5c", "key": "file:ended.key", "certificate": "ended.chain"'
expect_exit 1 ask submit east.key sip.example.com
refused 'denied: ' 'has ended' 'step ca renew'
arguments '"provisioner": "trunkform", "key": "file:jwk.key"'
expect_exit 1 ask submit east.key -lifetime=2000h sip.example.com
refused 'invalid_input: ' 'does not sign for this long' 'requested duration of'

# Revoking, twice, and by the other provisioner.
expect_exit 0 ask revoke east.pem superseded
revoked east.pem || die 'it is not in the list of revoked certificates'
expect_exit 0 ask revoke east.pem superseded
revoked x5c.pem && die 'another certificate is in the list'
arguments '"provisioner": "x5c", "key": "file:operator.key", "certificate": "operator.chain"'
expect_exit 0 ask revoke x5c.pem key_compromise
revoked x5c.pem || die 'it is not in the list of revoked certificates'
arguments '"provisioner": "trunkform", "key": "file:named.key"'
expect_exit 1 ask revoke east.pem superseded
refused 'denied: '

# Neither the key nor a token is in what was said or kept.
! grep -rqF "$(sed -n 2p jwk.key)" step-ca.log out err || die 'the key was told'
stop_step_ca

# Under a policy. Of URIs it knows only those with a host, and it says no more than that it failed.
start_step_ca "{ \"type\": \"JWK\", \"name\": \"trunkform\", \"key\": $jwk }" \
  '{ "x509": { "allow": { "dns": ["*.example.com"], "uri": ["example.com"] } } }'
arguments '"provisioner": "trunkform", "key": "file:jwk.key"'
expect_exit 0 ask submit east.key sip.example.com
expect_exit 1 ask submit east.key sip.example.org
refused 'invalid_input: ' 'policy does not allow these names' 'sip.example.org'
expect_exit 1 ask submit east.key sip.example.com sip:example.com
refused 'outcome_unknown: ' 'answered 500' 'cannot match SIP URIs'
stop_step_ca
expect_exit 1 ask submit east.key sip.example.com
refused 'unavailable: '
