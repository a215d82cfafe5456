# Certificates signed by a real PKI engine, under the policies of docs/permissions.md and no others: what a role allows
# and refuses, a certificate whose answer was lost, revoking.
. "$TEST_ROOT/tests/integration/support/vault.sh"
start_vault
export VAULT_ADDR=$vault_url
make_pki
vault_as_root POST pki/roles/unkept '{"allowed_domains":["example.com"],"allow_subdomains":true,"no_store":true,"key_type":"any"}'

signing=$(documented_policies issuer.vault_pki 1 1)
finding=$(documented_policies issuer.vault_pki 2 2)
policy signs-sip "$signing"
policy finds-sip "$signing
$finding"
policy revokes-sip 'path "pki/revoke" { capabilities = ["update"] }'
for name in signs finds revokes; do token_of $name-sip token-$name; done
as() { VAULT_TOKEN=$(cat "token-$1"); export VAULT_TOKEN; }

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null; }
arguments() { printf '%s\n' "$1" >arguments.json; }
# ask VERB KEY [ARG ...]: out is the PEM
ask() { ask-issuer vault_pki arguments.json "$2" "$1" "${@:3}"; }
# refused TEXT ...: what was said has each of them
refused() { for text in "$@"; do expect_text err "$text"; done; }
# leaf_of FILE: its first certificate; text_of FILE
leaf_of() { openssl x509 -in "$1"; }
text_of() { openssl x509 -in "$1" -noout -text; }
kept() { vault_as_root GET 'pki/certs?list=true' && jq '.data.keys | length' vault-answer; }

arguments '{"role": "sip"}'
new_key east
as signs

# What was asked for comes, with a chain that leads to the root, for the key that was made.
expect_exit 0 ask submit east.key -lifetime=240h sip.example.com sip:example.com
cp out east.pem
expect_text err "$vault_url/v1/pki/sign/sip"
openssl verify -CAfile root.pem -untrusted east.pem east.pem >/dev/null
text_of east.pem >text
expect_text text 'DNS:sip.example.com, URI:sip:example.com'
[ "$(openssl x509 -in east.pem -noout -pubkey)" = "$(openssl pkey -in east.key -pubout)" ] || die 'another key was signed'
[ "$(grep -c BEGIN east.pem)" = 3 ] || die 'the chain is not whole'
openssl x509 -in east.pem -noout -checkend $((239 * 3600)) >/dev/null || die 'the lifetime is not the one asked for'
openssl x509 -in east.pem -noout -checkend $((241 * 3600)) >/dev/null && die 'the lifetime is not the one asked for'

# A lifetime beyond the role's is cut, which is no error.
expect_exit 0 ask submit east.key -lifetime=2000h sip.example.com
openssl x509 -in out -noout -checkend $((721 * 3600)) >/dev/null && die 'the role did not cut the lifetime'

# Another issuer of the engine, by its id.
arguments "{\"role\": \"sip\", \"issuer_ref\": \"$issuer_id\"}"
expect_exit 1 ask submit east.key sip.example.com
refused 'denied: ' 'permission denied' "path \"pki/issuer/$issuer_id/sign/sip\" { capabilities = [\"update\"] }"
policy signs-by-id "path \"pki/issuer/$issuer_id/sign/sip\" { capabilities = [\"update\"] }"
token_of signs-by-id token-by-id
as by-id
expect_exit 0 ask submit east.key sip.example.com
VAULT_TOKEN=$(cat root-token)
arguments '{"role": "sip", "issuer_ref": "2019"}'
expect_exit 1 ask submit east.key sip.example.com
refused 'invalid_input: the engine at "pki" has no issuer "2019"' 'check `issuer_ref`'

# What it refuses, in its own words.
as signs
arguments '{"role": "sip"}'
expect_exit 1 ask submit east.key sip.example.org
refused 'invalid_input: the role "sip" does not sign these names' 'sip.example.org not allowed by this role' 'vault read pki/roles/sip'
expect_exit 1 ask submit east.key sip.example.com 192.0.2.7
refused 'invalid_input: the role "sip" does not sign these names' 'not allowed in this role'
expect_exit 1 ask submit east.key sip:example.com
refused 'signs no certificate without a DNS name' 'require_cn=false'
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key 2>/dev/null
expect_exit 1 ask submit rsa.key sip.example.com
refused 'does not sign keys of this type'
arguments '{"role": "other"}'
expect_exit 1 ask submit east.key sip.example.com
refused 'denied: ' 'path "pki/sign/other" { capabilities = ["update"] }'
VAULT_TOKEN=$(cat root-token)
expect_exit 1 ask submit east.key sip.example.com
refused 'there is no role "other"' 'vault list pki/roles' 'vault write pki/roles/other allowed_domains='
arguments '{"role": "a b"}'
expect_exit 1 ask submit east.key sip.example.com
refused 'the engine at "pki" takes no role or issuer of such a name' 'unsupported path' 'vault list pki/roles'
arguments '{"role": "sip", "mount": "pki-east"}'
expect_exit 1 ask submit east.key sip.example.com
refused 'invalid_input: no PKI engine answers at the mount "pki-east"' 'vault secrets list'

# An engine whose issuer is named by the role alone.
vault_as_root POST sys/mounts/named '{"type":"pki"}'
vault_as_root POST named/root/generate/internal '{"common_name":"Named","issuer_name":"named","key_type":"ec"}'
vault_as_root POST named/root/generate/internal '{"common_name":"Other","issuer_name":"other","key_type":"ec"}'
vault_as_root POST named/config/issuers '{"default":"other"}'
vault_as_root DELETE named/issuer/other
vault_as_root POST named/roles/sip '{"allow_any_name":true,"issuer_ref":"named","key_type":"any"}'
VAULT_TOKEN=$(cat root-token)
arguments '{"role": "sip", "mount": "named"}'
expect_exit 0 ask submit east.key -lifetime=240h sip.example.com
arguments '{"role": "sip"}'

VAULT_TOKEN=nonsense
expect_exit 1 ask submit east.key sip.example.com
refused 'denied: '
refuse_text err nonsense

# A role that takes the names that are sent beside the CSR, and not those in it.
arguments '{"role": "deaf"}'
VAULT_TOKEN=$(cat root-token)
vault_as_root POST pki/roles/deaf '{"allow_any_name":true,"enforce_hostnames":false,"use_csr_sans":false,"key_type":"any","allowed_uri_sans":["sip:*"]}'
expect_exit 0 ask submit east.key sip.example.com sip:example.com
text_of out >text
expect_text text 'DNS:sip.example.com, URI:sip:example.com'

# What was signed and never seen is found again by its key, under a policy that lets us look: also with other names
# than were asked for, which is for the engine to judge; not by another key, and not without the right to look.
arguments '{"role": "sip"}'
as finds
new_key west
expect_exit 0 ask submit west.key west.example.com
cp out west.pem
before=$(kept)
expect_exit 0 ask find west.key west.example.com
[ "$(leaf_of out)" = "$(leaf_of west.pem)" ] || die 'another certificate was found'
openssl verify -CAfile root.pem -untrusted out out >/dev/null
expect_exit 0 ask find west.key south.example.com
[ "$(leaf_of out)" = "$(leaf_of west.pem)" ] || die 'what was signed amiss is passed over'
expect_exit 1 ask find rsa.key west.example.com
as signs
expect_exit 1 ask find west.key west.example.com
refused 'not_found: nothing was found'
[ "$(kept)" = "$before" ] || die 'looking signed a certificate'

# The answer of the signature is lost on the way: it is found in the same call; without the right to look it is told
# that nobody knows. Each was signed once.
proxy_port=$(free_port)
"$TEST_ROOT/tests/integration/support/lossy_proxy" "$proxy_port" "${vault_url##*:}" /v1/pki/sign/sip &
proxy_pid=$!
wait_for 30 curl -fsS -o /dev/null "http://127.0.0.1:$proxy_port/v1/sys/health"
export VAULT_ADDR=http://127.0.0.1:$proxy_port
touch lose
new_key lost
before=$(kept)
as finds
expect_exit 0 ask submit lost.key sip.example.com sip:example.com
openssl verify -CAfile root.pem -untrusted out out >/dev/null
[ "$(openssl x509 -in out -noout -pubkey)" = "$(openssl pkey -in lost.key -pubout)" ] || die 'another certificate was found'
as signs
new_key lost
expect_exit 1 ask submit lost.key sip.example.com
refused 'outcome_unknown: whether the role "sip" signed is not known' 'run trunkform apply again'
[ "$(kept)" = $((before + 2)) ] || die 'something was signed twice'
rm lose
expect_exit 0 ask submit lost.key sip.example.com
kill $proxy_pid
export VAULT_ADDR=$vault_url

# Revoking, twice; it is then not found any more. A right of its own.
expect_exit 1 ask revoke west.pem superseded
refused 'denied: ' 'path "pki/revoke" { capabilities = ["update"] }'
as revokes
expect_exit 0 ask revoke west.pem superseded
expect_exit 0 ask revoke west.pem superseded
vault_as_root GET "pki/cert/$(openssl x509 -in west.pem -noout -serial | sed 's/.*=//; s/../&:/g; s/:$//' | tr 'A-F' 'a-f')"
[ "$(jq .data.revocation_time vault-answer)" -gt 0 ] || die 'it is not revoked'
as finds
expect_exit 1 ask find west.key west.example.com

# What the engine did not keep it knows by its signature; what another signed it does not.
VAULT_TOKEN=$(cat root-token)
arguments '{"role": "unkept"}'
expect_exit 0 ask submit east.key un.example.com
cp out unkept.pem
as revokes
expect_exit 0 ask revoke unkept.pem key_compromise
make_authority
leaf foreign -1 30
expect_exit 1 ask revoke foreign.pem superseded
refused 'did not revoke the certificate'

# A mount that is no PKI engine: one that takes whatever is written is not written to, neither by who may nor by root.
vault_as_root POST sys/mounts/plain '{"type":"kv","options":{"version":"1"}}'
vault_as_root POST plain/sign/sip '{"precious":"yes"}'
vault_as_root POST plain/revoke '{"precious":"yes"}'
policy writes 'path "plain/*" { capabilities = ["create", "update"] }'
token_of writes token-writes
arguments '{"role": "sip", "mount": "plain"}'
for VAULT_TOKEN in "$(cat root-token)" "$(cat token-writes)"; do
  expect_exit 1 ask submit east.key sip.example.com
  refused 'invalid_input: no PKI engine answers at the mount "plain"' 'vault secrets list'
  expect_exit 1 ask revoke foreign.pem superseded
  refused 'invalid_input: no PKI engine answers at the mount "plain"'
done
for secret in sign/sip revoke; do
  vault_as_root GET "plain/$secret"
  [ "$(jq -c .data vault-answer)" = '{"precious":"yes"}' ] || die "plain/$secret was written over"
done

# Sealed: said, after a while.
arguments '{"role": "sip"}'
as signs
vault_as_root PUT sys/seal
expect_exit 1 ask submit east.key sip.example.com
refused 'unavailable: ' 'Vault is sealed' 'vault status'
stop_vault
expect_exit 1 ask submit east.key sip.example.com
refused 'unavailable: '
