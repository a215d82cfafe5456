# issuer.acme and a real name server (BIND) that takes updates signed by a key, and from that key one record alone. The
# ACME server (Pebble) looks there.
. "$TEST_ROOT/tests/integration/support/acme.sh"
start_zone
dns_port=$zone_port start_acme
account_key account.pem
acme_root 0 root.pem

# updating FILE [MEMBERS]: an issuer with dns_01.rfc2136
updating() {
  issuer "$1" "$(jq -n --argjson more "${2-{\}}" --arg server "127.0.0.1:$zone_port" --arg key "file:$PWD/zone.key" \
    '{"dns_01.rfc2136.server": $server, "dns_01.rfc2136.key_name": "trunkform.example.com", "dns_01.rfc2136.key": $key, "dns_01.wait": "0s"} + $more')"
}
updates() { grep -cE "updating zone 'example.com/IN': $1 an RR at '?_acme-challenge.sip.example.com'? TXT" zone.log; }

# A name and all beneath it: two values of one record, in the zone that the server is asked for.
updating found
expect_exit 0 issue-certificate found issue first profile=default sip.example.com '*.sip.example.com'
openssl verify -CAfile root.pem -untrusted first.pem first.pem >/dev/null || die "it does not lead to the root"
[ "$(updates adding)" = 2 ] || die "$(updates adding) records were added"
[ "$(updates deleting)" = 2 ] || die "$(updates deleting) records were taken away"

# The zone by name, for an account that has proven nothing yet (of a hundred names Pebble takes one for proven that was);
# the key's name in other letters and with its dot.
account_key account.pem
updating named '{"dns_01.rfc2136.zone": "example.com", "dns_01.rfc2136.key_name": "Trunkform.Example.com."}'
expect_exit 0 issue-certificate named issue second profile=default sip.example.com
[ "$(updates deleting)" = 3 ] || die "the record stayed behind"

account_key account.pem

# What the server lets nobody do, says so: another record, another key, another secret, a zone that it has not.
expect_exit 1 issue-certificate found issue other profile=default edge.example.com
expect_text err 'denied: '
expect_text err 'does not change "_acme-challenge.edge.example.com" in the zone "example.com"'
expect_text err 'REFUSED'
updating stranger '{"dns_01.rfc2136.key_name": "stranger.example.com"}'
expect_exit 1 issue-certificate stranger issue other profile=default sip.example.com
expect_text err "the DNS server refuses the key 'stranger.example.com'"
expect_text err 'BADKEY'
head -c 32 /dev/urandom | base64 >other.key
updating wrong "{\"dns_01.rfc2136.key\": \"file:$PWD/other.key\"}"
expect_exit 1 issue-certificate wrong issue other profile=default sip.example.com
expect_text err 'BADSIG'
expect_exit 1 issue-certificate found issue other profile=default sip.example.org
expect_text err 'has no zone of "_acme-challenge.sip.example.org"'
updating elsewhere '{"dns_01.rfc2136.zone": "example.org"}'
expect_exit 1 issue-certificate elsewhere issue other profile=default sip.example.org
expect_text err 'NOTAUTH'

# Nobody there.
updating gone "{\"dns_01.rfc2136.server\": \"127.0.0.1:$(free_port)\"}"
expect_exit 1 issue-certificate gone issue other profile=default sip.example.com
expect_text err 'unavailable: '
! grep -F -- "$(cat zone.key)" err out acme.log zone.log || die "the key was told"
