# shellcheck shell=bash
# A real ACME server: Pebble, with a DNS server of its own that answers what a test tells it. Read by a test with:
# . "$TEST_ROOT/tests/integration/support/acme.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

# start_dns: every name leads to this machine; records are set at $dns_admin
start_dns() {
  dns_port=$(free_port)
  dns_admin=http://127.0.0.1:$(free_port)
  "$(go_program pebble-challtestsrv)" -dnsserver "127.0.0.1:$dns_port" -doh "" -http01 "" -https01 "" -tlsalpn01 "" \
    -management "${dns_admin#http://}" -defaultIPv4 127.0.0.1 -defaultIPv6 "" >dns.log 2>&1 &
  wait_for 30 curl -sS -o /dev/null "$dns_admin/"
}

# start_acme [JSON]: Pebble at $acme_url, with JSON as further members of its configuration; once more it is at the same
# address, as a server that starts anew. It refuses half of all
# nonces ($nonces_refused percent), forgets what was proven, picks other moments each time, and is as strict as it can be.
start_acme() {
  [ -f acme.crt ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout acme.key -out acme.crt -days 2 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
  acme_port=${acme_port-$(free_port)}
  http_port=${http_port-$(free_port)}
  acme_admin=${acme_admin-https://127.0.0.1:$(free_port)}
  acme_url=https://127.0.0.1:$acme_port/dir
  jq -n --argjson more "${1-{\}}" --arg listen "127.0.0.1:$acme_port" --arg admin "${acme_admin#https://}" --argjson http "$http_port" \
    '{pebble: ({listenAddress: $listen, managementListenAddress: $admin, certificate: "acme.crt", privateKey: "acme.key",
       httpPort: $http, tlsPort: 1, ocspResponderURL: "", externalAccountBindingRequired: false, keyAlgorithm: "ecdsa",
       retryAfter: {authz: 1, order: 1}, domainBlocklist: ["blocked.example"],
       profiles: {default: {description: "90 days", validityPeriod: 7776000},
                  shortlived: {description: "6 days", validityPeriod: 518400}}} + $more)}' >acme.json
  PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT="${nonces_refused-50}" PEBBLE_AUTHZREUSE=0 PEBBLE_ALTERNATE_ROOTS=2 PEBBLE_CHAIN_LENGTH=2 \
    "$(go_program pebble)" -strict -config acme.json -dnsserver "127.0.0.1:$dns_port" >acme.log 2>&1 &
  acme_pid=$!
  wait_for 30 curl -fsS --cacert acme.crt -o /dev/null "$acme_url"
  export TRUNKFORM_ACME_CA_FILE=$PWD/acme.crt
}
stop_acme() {
  kill "$acme_pid"
  wait "$acme_pid" || true
}

# acme_root N FILE: the N-th root of the server, from 0
acme_root() { curl -fsS --cacert acme.crt -o "$2" "$acme_admin/roots/$1"; }
# account_key FILE: a new key for an account
account_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
# text_record NAME VALUE, no_text_record NAME: at the DNS server
text_record() { curl -fsS -o /dev/null -X POST --data-binary "{\"host\":\"$1.\",\"value\":\"$2\"}" "$dns_admin/set-txt"; }
no_text_record() { curl -fsS -o /dev/null -X POST --data-binary "{\"host\":\"$1.\"}" "$dns_admin/clear-txt"; }
# issuer FILE [MEMBERS]: a block issuer.acme for issue-certificate, with MEMBERS as further arguments
issuer() {
  jq -n --arg url "$acme_url" --arg key "file:$PWD/account.pem" --argjson more "${2-{\}}" \
    '{type: "acme", arguments: ({directory: $url, account_key: $key, agree_terms: "true"} + $more)}' >"$1"
}

# start_zone: BIND as primary of example.com at 127.0.0.1:$zone_port, which lets the key trunkform.example.com (in
# ./zone.key) change the record of sip.example.com alone
start_zone() {
  zone_port=$(free_port)
  tsig-keygen -a hmac-sha256 trunkform.example.com >key.conf
  sed -n 's/.*secret "\(.*\)".*/\1/p' key.conf >zone.key
  # shellcheck disable=SC2016 # a directive of zone files
  printf '%s\n' '$TTL 60' '@ SOA ns postmaster 1 60 60 60 60' '@ NS ns' 'ns A 127.0.0.1' 'sip A 127.0.0.1' >example.com.zone
  {
    cat key.conf
    printf 'options { directory "%s"; listen-on port %s { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none;\n' "$PWD" "$zone_port"
    printf '  session-keyfile none; recursion no; dnssec-validation no; notify no; };\ncontrols { };\n'
    printf 'zone "example.com" { type primary; file "example.com.zone"; update-policy { grant trunkform.example.com. '
    printf 'name _acme-challenge.sip.example.com. TXT; }; };\n'
  } >named.conf
  named -g -n 1 -c "$PWD/named.conf" >zone.log 2>&1 &
  wait_for 30 grep -q 'running' zone.log
}
