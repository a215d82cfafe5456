# Certificates of a real ACME server (Pebble) on a trunk, by each way of showing that a name is ours which the program does
# by itself: updates of a real name server (BIND), the folder of a web server; and by another chain than the first.
. "$TEST_ROOT/tests/cli/support/service.sh"
. "$TEST_ROOT/tests/integration/support/acme.sh"
make_authority
leaf before -70 20
trunk East before
start_zone
dns_port=$zone_port start_acme
account_key account.pem
for number in 0 2; do
  acme_root $number "root$number.pem"
  cat "root$number.pem" >>root.pem
done
start_service

# write_configuration WAY: the issuer's members beside those of every ACME account
write_configuration() {
  issued_configuration "\"acme\": { \"pebble\": { \"directory\": \"$acme_url\", \"account_key\": { \"file\": \"account.pem\" }, \"agree_terms\": true, $1 } }" \
    '"files": { "sip": { "path": "sip" } }' '"issuer": "pebble", "store": "sip", "names": ["sip.example.com"], "profile": "default"' >main.trunk.json
}
# on_the_trunk NAME ROOT: what the store has now is on the trunk, kept as NAME.pem, and leads to that root
on_the_trunk() {
  cp sip/live/chain.pem "$1.pem"
  live_is East "$1"
  openssl verify -CAfile "$2" -untrusted "$1.pem" "$1.pem" >verified 2>&1 || { cat verified >&2; die "$1 does not lead to $2"; }
  no_changes
}
# renewed NAME ROOT: the same for the next one, by an account that has proven nothing yet (of a hundred names Pebble takes
# one for proven that was)
renewed() {
  account_key account.pem
  apply_all -replace=certificate.issued.sip -replace=genesys_trunk_certificate.east
  on_the_trunk "$@"
}
updates() { grep -cE "updating zone 'example.com/IN': $1 an RR at '?_acme-challenge.sip.example.com'? TXT" zone.log; }
expect_exit 0 trunkform trust add write files sip
expect_exit 0 trunkform trust add secret file account.pem

# The name server gets its key where the operator allows it, and keeps no record.
write_configuration "\"dns_01\": { \"wait\": \"0s\", \"rfc2136\": { \"server\": \"127.0.0.1:$zone_port\", \"key_name\": \"trunkform.example.com\", \"key\": { \"file\": \"zone.key\" } } }"
expect_exit 1 trunkform apply -auto-approve
expect_text err "trunkform trust add secret file $PWD/zone.key"
expect_exit 0 trunkform trust add secret file zone.key
apply_all
on_the_trunk first root0.pem
[ "$(updates adding)" = 1 ] || die "$(updates adding) records were added"
[ "$(updates deleting)" = 1 ] || die 'the record stayed behind'

# A web server's folder, out of which the file is taken again.
mkdir web
python3 -m http.server -b 127.0.0.1 -d web "$http_port" >web.log 2>&1 &
wait_for 10 curl -fsS -o /dev/null "http://127.0.0.1:$http_port/"
write_configuration "\"http_01\": { \"webroot\": \"$PWD/web\" }"
expect_exit 0 trunkform trust add write acme_webroot web
renewed second root0.pem
expect_text web.log '"GET /.well-known/acme-challenge/'
[ -z "$(find web -type f)" ] || die 'files stayed behind'

# Another chain, by the name of its root; one that nobody offers binds nothing.
wanted=$(openssl x509 -in root2.pem -noout -subject -nameopt RFC2253 | sed 's/.*CN=//')
write_configuration "\"http_01\": { \"webroot\": \"$PWD/web\" }, \"preferred_chain\": \"$wanted\""
renewed third root2.pem
! openssl verify -CAfile root0.pem -untrusted third.pem third.pem >verified 2>&1 || die 'it is the first chain'
write_configuration "\"http_01\": { \"webroot\": \"$PWD/web\" }, \"preferred_chain\": \"Nobody's Root\""
expect_exit 1 trunkform apply -auto-approve -replace=certificate.issued.sip
expect_text err "no chain of the certificate leads to \"Nobody's Root\""
expect_text err "$wanted"
live_is East third
! grep -rlF --exclude=zone.key --exclude={key,named}.conf -e "$(cat zone.key)" . >&2 || die 'the key of the zone was told'
stop_acme
stop_service
