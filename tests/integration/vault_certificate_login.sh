# A run that logs in to a real vault by a client certificate: who is taken, who is refused in which words, that the
# renewal shows it too, and that nobody is shown it whom the operator did not name.
. "$TEST_ROOT/tests/integration/support/vault.sh"
make_authority
leaf old -60 30
leaf new -1 89
leaf newer -1 120
leaf newest -1 150
trunk "East" old
start_service
start_vault tls
export VAULT_ADDR=$vault_url TRUNKFORM_CA_FILE=$vault_roots
policy reads-sip 'path "secret/data/sip/*" { capabilities = ["read"] }
path "secret/metadata/sip/*" { capabilities = ["read"] }'
logs_in_machines reads-sip
machine machine-a machines
put_pair sip/east new

# with_login NAME [ROLE] [MORE]: one trunk, with NAME.pem and NAME.key to log in by
with_login() {
  configure "$(binding east East '"adopt": true')"
  sed -i -e 's|"pem_files": { "new": { [^}]* } }|"vault_kv": { "new": { "path": "sip/east" } }|' -e 's|certificate.pem_files.new|certificate.vault_kv.new|' \
    -e 's|"min_age": "0s"|"min_age": "0s", "when": "available"|' \
    -e "s|\"genesys\": { |\"vault\": { ${3-}\"auth\": { \"cert\": { ${2:+\"role\": \"$2\", }\"certificate\": { \"file\": \"$1.pem\" }, \"private_key\": { \"file\": \"$1.key\" } } } }, &|" main.trunk.json
}
allow_files() { for file in "$1.pem" "$1.key"; do expect_exit 0 trunkform trust add secret file "$file"; done; }
# unusable TEXT: what is offered cannot be used, and the plan says why
unusable() {
  expect_exit 0 trunkform plan
  expect_text out "$1"
}

# The files are the operator's to give, as every secret.
with_login machine-a trunkform
expect_exit 1 trunkform plan
expect_text err "trunkform trust add secret file $PWD/machine-a.pem"
allow_files machine-a
expect_exit 0 trunkform validate
apply_all
live_is East new
no_changes

# A role that is named must take it; without one, whichever does.
with_login machine-a
no_changes
with_login machine-a telephony
put_pair sip/east newer
unusable 'invalid certificate or no client certificate supplied'
with_login machine-a
apply_all
live_is East newer

# Who we are, until when, and what is wrong.
expect_exit 0 trunkform doctor
expect_text out 'signed in as "cert-trunkform", with the policies "default", "reads-sip"'
expect_text out 'the client certificate is "CN=machine-a" of "CN=machines", until '
machine leaving machines clientAuth 3
allow_files leaving
with_login leaving
expect_exit 0 trunkform doctor
expect_text out 'the client certificate ends in '

# Another authority's, one for servers alone, and a key of another one.
machine_authority strangers
machine stranger strangers
allow_files stranger
with_login stranger
expect_exit 1 trunkform doctor
expect_text out 'POST /v1/auth/cert/login answered 400: "invalid certificate or no client certificate supplied"'
expect_text out 'it was shown the certificate "CN=stranger" of "CN=strangers", until '
expect_text out 'vault list auth/cert/certs'
machine server machines serverAuth
allow_files server
with_login server
expect_exit 1 trunkform doctor
expect_text out 'incompatible key usage'
with_login machine-a
cp machine-a.key kept.key
cp stranger.key machine-a.key
expect_exit 1 trunkform doctor
expect_text out 'the key belongs to none of its certificates'
cp kept.key machine-a.key

# A change of the configuration cannot have it shown to somebody else: whoever listens there hears nothing.
python3 -c 'import socket
listener = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(listener.getsockname()[1]))
listener.accept()
open("heard", "w").write("somebody came")' &
listener=$!
wait_for 10 test -s port
with_login machine-a trunkform "\"address\": \"https://127.0.0.1:$(cat port)\", "
expect_exit 0 trunkform trust add host "${base_url#http://}" genesys
put_pair sip/east newest
TRUNKFORM_TRUST_LOOPBACK=0 unusable "trunkform trust add host 127.0.0.1:$(cat port) vault"
[ ! -e heard ] || die "somebody was told who nobody trusts"
kill "$listener"
wait "$listener" || true
with_login machine-a trunkform "\"address\": \"$vault_url\", "
expect_exit 0 trunkform trust add host "${vault_url#https://}" vault
TRUNKFORM_TRUST_LOOPBACK=0 apply_all
live_is East newest

# A renewal is refused to whoever does not show the certificate again (OpenBao: "no client certificate found"); then a run
# would log in a second time, and there would be a second token.
vault_as_root POST auth/cert/certs/trunkform "{\"certificate\":$(as_json machines.pem),\"display_name\":\"stays\",\"token_ttl\":\"1h\"}"
expect_exit 0 renew-login "$vault_url" "$vault_roots" machine-a.pem machine-a.key cert
vault_as_root LIST auth/token/accessors
tokens=0 renewed=0
for accessor in $(jq -r '.data.keys[]' vault-answer); do
  vault_as_root POST auth/token/lookup-accessor "{\"accessor\":\"$accessor\"}"
  [ "$(jq -r .data.display_name vault-answer)" = cert-stays ] || continue
  tokens=$((tokens + 1))
  [ "$(jq -r .data.last_renewal_time vault-answer)" = null ] || renewed=$((renewed + 1))
done
[ "$tokens $renewed" = '1 1' ] || die "$tokens logins, of which $renewed renewed"
stop_vault
stop_service
