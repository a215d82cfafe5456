# A sips domain leads to its edges by NAPTR and SRV, asked of a real server: all of them must serve the certificate.
. "$TEST_ROOT/tests/integration/support/sip.sh"
command -v dnsmasq >/dev/null || die "dnsmasq is not here: tests/run.sh integration installs it"
edge_story "$(looks_at "127.0.0.1:$edge_port")"
dns_port=$(free_port)
# A port of its own for the domain that has addresses alone: 5061 of an address that no other test has.
alone=127.$((RANDOM % 200 + 20)).$((RANDOM % 250 + 1)).$((RANDOM % 250 + 1))
cat >dnsmasq.conf <<CONF
port=$dns_port
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
no-daemon
local=/test/
auth-ttl=1
naptr-record=naptr.test,20,10,S,SIP+D2T,,_sip._tcp.naptr.test
naptr-record=naptr.test,10,20,S,SIPS+D2T,,_sips._tcp.edges.test
srv-host=_sips._tcp.edges.test,one.edges.test,$edge_port,10,60
srv-host=_sips._tcp.edges.test,two.edges.test,$edge_port,20,60
host-record=one.edges.test,127.0.0.1
host-record=two.edges.test,127.0.0.2
srv-host=_sips._tcp.srv.test,one.edges.test,$edge_port
srv-host=_sips._tcp.half.test,one.edges.test,$edge_port
srv-host=_sips._tcp.half.test,gone.edges.test,$edge_port
srv-host=_sips._tcp.closed.test,,1
host-record=plain.test,$alone
host-record=sip.example.com,127.0.0.1
CONF
dnsmasq -C dnsmasq.conf --pid-file="$PWD/dnsmasq.pid" >dnsmasq.log 2>&1 &
dns_pid=$!
wait_for 10 is_open 127.0.0.1 "$dns_port"
export TRUNKFORM_DNS_SERVER=127.0.0.1:$dns_port
# at DOMAIN CODE: verify looks at sips:DOMAIN and ends with CODE
at() {
  edge_binding "$(looks_at "sips:$1" '"sip_options": true')"
  cp archive/1/new.chain archive/1/new.key .
  expect_exit "$2" trunkform verify
}
at naptr.test 0
said_of_port domain_naptr
at srv.test 0
at half.test 4
said_of_port domain_half
at closed.test 4
said_of_port domain_closed
at nothing.test 4
said_of_port domain_nothing

# One of two edges has another certificate.
serve_at_edge new.chain new.key second
leaf other -1 50
serve_at_edge other.chain other.key second
at naptr.test 2
said_of_port domain_other

# Neither NAPTR nor SRV: the addresses, and port 5061.
at plain.test 4
openssl s_server -accept "$alone:5061" -cert old.pem -key old.key -cert_chain ca/intermediate.pem -quiet >s_server.log 2>&1 &
wait_for 10 is_open "$alone" 5061
edge_binding "$(looks_at "sips:plain.test")"
expect_exit 0 trunkform verify
expect_text out "$alone:5061 serves"

# A name that is no domain of SIP is asked of the same server; one that does not answer proves nothing.
edge_binding "$(looks_at "sip.example.com:$edge_port")"
expect_exit 0 trunkform verify
kill "$dns_pid"
wait "$dns_pid" || true
at naptr.test 4
said_of_port domain_dead
TRUNKFORM_DNS_SERVER=nonsense expect_exit 4 trunkform verify
expect_text out 'TRUNKFORM_DNS_SERVER is no address of a server'
stop_edge
stop_phone
stop_service
