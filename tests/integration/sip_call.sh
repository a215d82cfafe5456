# The test call, answer by answer: who takes it, who refuses, who wants a login, who only lets it ring.
. "$TEST_ROOT/tests/integration/support/sip.sh"
edge_story "$(looks_at "127.0.0.1:$edge_port")"
# call_to WHOM CODE [MORE]: verify with a call to WHOM ends with CODE; golden call_WHOM
call_to() {
  edge_binding "$(looks_at "127.0.0.1:$edge_port" "\"call\": { \"to\": \"$1\"${3:+, $3} }")"
  cp archive/1/new.chain archive/1/new.key .
  expect_exit "$2" trunkform verify
}
call_to echo 0
said_of_port call_echo
call_to "sip:echo@127.0.0.1" 0
expect_text out 'a call to sip:echo@127.0.0.1 was answered 200'
call_to busy 0
said_of_port call_busy
call_to nobody 2
said_of_port call_nobody
call_to nobody 0 '"accept": [404]'
call_to login 4
said_of_port call_login
calls=$(grep -c 'session closed' baresip.log)

# It rings until it is cancelled; with 180 accepted, no longer than that takes.
call_to ring 4 '"timeout": "2s"'
said_of_port call_ring
began=$SECONDS
call_to ring 0 '"timeout": "30s", "accept": [180, 200]'
[ $((SECONDS - began)) -lt 15 ] || die "a call whose ringing is enough rang on"
expect_text out 'rang (180) for'
[ "$(grep -c 'session closed' baresip.log)" = $((calls + 2)) ] || die "Baresip was left ringing"

# Nobody behind the edge: 408 or 503 comes from the edge itself, or nothing within the time.
stop_phone
call_to echo 2 '"timeout": "30s"'
expect_text out 'which is none of those accepted (200, 486, 603)'
stop_edge
stop_service
