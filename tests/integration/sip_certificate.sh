# The edge takes the new certificate: fresh handshakes, OPTIONS and a call say so. A connection that was held all the while
# keeps the old one, and nobody outside can see that: what is bound is not yet in use everywhere.
. "$TEST_ROOT/tests/integration/support/sip.sh"
# Whom the call is for: Baresip, behind Kamailio.
edge_story "$(looks_at "127.0.0.1:$edge_port" '"sip_options": true, "call": { "to": "echo" }')"

# An old connection, opened before the change.
mkfifo to_held
openssl s_client -connect "127.0.0.1:$edge_port" -servername sip.example.com -quiet -showcerts <to_held >held 2>held.err &
exec 9>to_held
wait_for 10 grep -q 'verify' held.err
options_on_held() {
  printf 'OPTIONS sips:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK%s\r\nMax-Forwards: 70\r\nFrom: <sips:held@127.0.0.1>;tag=a\r\nTo: <sips:127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n' "$1" "$1" >&9
  wait_for 10 grep -q "Call-ID: $1" held
}
options_on_held before

expect_exit 0 trunkform apply -auto-approve
said_of_port certificate_apply
live_is East new
[ "$(served_at 127.0.0.1 "$edge_port")" = "$(fingerprint new)" ] || die "the edge does not serve the new certificate"
grep -q 'Call established: sips:trunkform@127.0.0.1' baresip.log || die "Baresip answered no call"
grep -q 'session closed' baresip.log || die "Baresip was not hung up"

# The old connection goes on, with the certificate that it began with.
options_on_held after
grep -c '^SIP/2.0 200' held >answers
[ "$(cat answers)" = 2 ] || die "the held connection was cut"
exec 9>&-

expect_exit 0 trunkform verify
said_of_port certificate_verify
no_changes -probe
stop_edge
stop_phone
stop_service
