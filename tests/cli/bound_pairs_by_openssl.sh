# What trunkform bound is shown to a judge that shares no code with it: openssl makes a handshake with the trunk's port
# and verifies chain, name and key strictly. In whatever form the files have them.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf before -70 20
trunk 'East 1' before
start_service -sip
port=$(sip_port 'East 1')

# handshake: openssl's own verdict on what the port serves
handshake() {
  openssl s_client -connect "127.0.0.1:$port" -servername sip.example.com -verify_hostname sip.example.com \
    -CAfile root.pem -x509_strict -verify_return_error -showcerts </dev/null >seen 2>&1
}
# served: how many certificates, and the first of them
served() { grep -c 'BEGIN CERTIFICATE' seen; }
serves() { [ "$(openssl x509 -in seen -outform DER | sha256sum | cut -c1-12)" = "$(fingerprint "$1")" ]; }

by_hand 'East 1' before
handshake || die 'a good pair is refused: this test would find nothing'
cp before.pem bare.chain
cp before.key bare.key
by_hand 'East 1' bare
! handshake || die 'a leaf without its intermediate is accepted: this test would find nothing'
leaf wrong -1 89 other.example.com
by_hand 'East 1' wrong
! handshake || die 'a wrong name is accepted: this test would find nothing'
by_hand 'East 1' before

configure "$(binding east 'East 1' '"adopt": true')"
# binds WHAT: applies the pair new.chain, new.key of the leaf next.pem; what is served is good, and no more than needed
binds() {
  apply_all -replace=genesys_trunk_certificate.east
  handshake || { cat seen >&2; die "$1: openssl refuses what was bound"; }
  serves next || die "$1: another leaf is served"
  [ "$(served)" = 2 ] || die "$1: $(served) certificates are served, not leaf and intermediate"
  no_changes
}
# another: a new leaf in the files
another() {
  leaf next 0 $((89 + ${#made})) && made+=x
  cp next.chain new.chain
  cp next.key new.key
}
made=''

another
binds 'as it is'
another
cat ca/root.pem ca/intermediate.pem next.pem >new.chain
binds 'reversed, with the root'
another
cat ca/intermediate.pem next.pem ca/intermediate.pem >new.chain
binds 'a certificate twice'
another
openssl ec -in next.key -out new.key 2>err
expect_text new.key 'BEGIN EC PRIVATE KEY'
binds 'a SEC 1 key'
another
sed 's/$/\r/' next.chain >new.chain
{ echo 'Bag Attributes'; echo '    friendlyName: next'; cat next.key; } >new.key
binds 'CRLF and text around'

another
openssl genrsa -traditional -out next.key 2048 2>err
openssl req -new -key next.key -subj /CN=sip.example.com -addext subjectAltName=DNS:sip.example.com -out next.csr
openssl ca -batch -notext -config ca/openssl.cnf -extensions leaf -startdate "$(_day -1)" -enddate "$(_day 99)" \
  -cert ca/intermediate.pem -keyfile ca/intermediate.key -in next.csr -out next.pem 2>err
cat next.pem ca/intermediate.pem >new.chain
cp next.key new.key
expect_text new.key 'BEGIN RSA PRIVATE KEY'
binds 'a PKCS #1 key of RSA'
stop_service
