# shellcheck shell=bash
# A real edge: Kamailio with TLS on the loopback, which the simulator's hook gives what was bound, and Baresip behind it.
# Read by a test with: . "$TEST_ROOT/tests/integration/support/sip.sh"
# shellcheck source-path=SCRIPTDIR source=../../cli/support/service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"

for program in kamailio kamcmd baresip; do
  command -v "$program" >/dev/null || die "$program is not here: tests/run.sh integration installs it"
done

# free_port [MORE]: a TCP port that nobody has, and MORE free ones right behind it
free_port() {
  python3 - "${1-0}" <<'PY'
import random, socket, sys
for _ in range(200):
    port, held = random.randrange(20000, 60000), []
    try:
        for number in range(port, port + int(sys.argv[1]) + 1):
            for host in ("127.0.0.1", "127.0.0.2"):
                held.append(socket.socket())
                held[-1].bind((host, number))
        print(port)
        break
    except OSError:
        continue
    finally:
        for one in held:
            one.close()
PY
}

# The edge's ports: everybody's; the one that asks for a client certificate; the one that is out of service. The second
# address, 127.0.0.2, has a certificate of its own. Behind it, in clear text: Kamailio towards Baresip, and Baresip.
edge_port=$(free_port 5)
client_port=$((edge_port + 1)) broken_port=$((edge_port + 2)) inner_port=$((edge_port + 3)) phone_port=$((edge_port + 4))

# know NAME …: from now on the edge can be given these pairs. The service's hook never tells a key, as the service never
# shows one: the test made them, and finds them by the leaf's fingerprint.
know() {
  local name leaf
  mkdir -p known
  for name in "$@"; do
    leaf=$(openssl x509 -in "$name.pem" -outform DER | sha256sum | cut -d' ' -f1)
    cp "$name.chain" "known/$leaf.chain"
    cp "$name.pem" "known/$leaf.leaf"
    cp "$name.key" "known/$leaf.key"
  done
}

# edge_does WHAT: with the next bind: new (serves it), old (goes on), bare (serves the leaf without its intermediate)
edge_does() { printf '%s\n' "$1" >edge_does; }

# serve_at_edge CHAIN KEY [edge|second]: the edge's files, and the reload without which nothing happens
serve_at_edge() {
  cp "$1" "${3-edge}.chain"
  cp "$2" "${3-edge}.key"
  [ ! -S run/ctl ] || kamcmd -s unix:run/ctl tls.reload >kamcmd.log
}

write_hook() {
  cat >hook.sh <<'HOOK'
#!/bin/bash
# The service says in SIM_LEAF which leaf was bound.
set -euo pipefail
. ./edge_words
case $(cat edge_does) in
  new) serve_at_edge "known/$SIM_LEAF.chain" "known/$SIM_LEAF.key" ;;
  bare) serve_at_edge "known/$SIM_LEAF.leaf" "known/$SIM_LEAF.key" ;;
  old) ;;
esac
HOOK
  chmod +x hook.sh
  declare -f serve_at_edge >edge_words
}

write_kamailio() {
  mkdir -p run
  cat >tls.cfg <<CFG
[server:default]
method = TLSv1.2+
certificate = $PWD/edge.chain
private_key = $PWD/edge.key
[server:127.0.0.2:$edge_port]
method = TLSv1.2+
certificate = $PWD/second.chain
private_key = $PWD/second.key
[server:127.0.0.1:$client_port]
method = TLSv1.2+
certificate = $PWD/edge.chain
private_key = $PWD/edge.key
verify_certificate = yes
require_certificate = yes
ca_list = $PWD/client_roots.pem
CFG
  # Roots that sign nothing here: with the chain's own, OpenSSL would add the missing intermediate by itself.
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client_roots.key -out client_roots.pem \
    -subj "/CN=Root of clients" -days 10 2>/dev/null
  cat >kamailio.cfg <<CFG
#!KAMAILIO
debug=1
log_stderror=yes
children=2
tcp_children=2
enable_tls=yes
tcp_connection_lifetime=60
listen=tls:127.0.0.1:$edge_port
listen=tls:127.0.0.2:$edge_port
listen=tls:127.0.0.1:$client_port
listen=tls:127.0.0.1:$broken_port
listen=tcp:127.0.0.1:$inner_port
loadmodule "tls.so"
loadmodule "ctl.so"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
modparam("tls", "config", "$PWD/tls.cfg")
modparam("ctl", "binrpc", "unix:$PWD/run/ctl")
modparam("rr", "enable_double_rr", 1)
request_route {
  if (\$Rp == $broken_port) { sl_send_reply("503", "Out of Service"); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK") && t_check_trans()) { t_relay(); }
    exit;
  }
  if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
  if (is_method("OPTIONS")) { sl_send_reply("200", "Here"); exit; }
  if (!is_method("INVITE")) { sl_send_reply("405", "Method Not Allowed"); exit; }
  switch (\$rU) {
    case "busy": sl_send_reply("486", "Busy Here"); exit;
    case "nobody": sl_send_reply("404", "Not Found"); exit;
    case "login":
      append_to_reply("Proxy-Authenticate: Digest realm=\\"edge\\", nonce=\\"n0nce\\"\\r\\n");
      sl_send_reply("407", "Proxy Authentication Required");
      exit;
  }
  record_route();
  \$du = "sip:127.0.0.1:$phone_port;transport=tcp";
  t_relay();
}
CFG
}

# Baresip answers `echo` by itself and lets `ring` ring.
write_baresip() {
  mkdir -p baresip
  cat >baresip/config <<CFG
poll_method epoll
sip_listen 127.0.0.1:$phone_port
sip_trans_def tcp
audio_player aubridge,nil
audio_source aubridge,nil
audio_alert aubridge,nil
rtp_ports 10000-20000
module_path /usr/lib/baresip/modules
module g711.so
module aubridge.so
module_app account.so
module_app menu.so
CFG
  cat >baresip/accounts <<CFG
<sip:echo@127.0.0.1;transport=tcp>;regint=0;answermode=auto;audio_codecs=PCMU
<sip:ring@127.0.0.1;transport=tcp>;regint=0;answermode=manual;audio_codecs=PCMU
CFG
  : >baresip/contacts
}

is_open() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# start_edge CHAIN KEY: Kamailio serving that pair everywhere, and Baresip; until both take connections
start_edge() {
  edge_does new
  write_hook
  serve_at_edge "$1" "$2" edge
  serve_at_edge "$1" "$2" second
  write_kamailio
  write_baresip
  kamailio -f kamailio.cfg -P "$PWD/run/pid" -Y "$PWD/run" -m 64 -M 8 -DD -E >kamailio.log 2>&1 &
  edge_pid=$!
  baresip -f "$PWD/baresip" >baresip.log 2>&1 &
  phone_pid=$!
  # Its ports are open long before its children read the files once more: what counts is an answer.
  wait_for 20 kamcmd -s unix:run/ctl core.version
  wait_for 20 serves_at 127.0.0.1 "$edge_port" "$1"
  wait_for 20 serves_at 127.0.0.2 "$edge_port" "$1"
  wait_for 20 is_open 127.0.0.1 "$phone_port"
}

# edge_processes: Kamailio is a family
edge_processes() { echo "$edge_pid"; pgrep -P "$edge_pid" || true; }
# edge_signal SIGNAL: to all of it
edge_signal() { edge_processes | xargs kill "-$1"; }
stop_edge() {
  edge_signal CONT
  kill "$edge_pid" 2>/dev/null || true
  wait "$edge_pid" 2>/dev/null || true
}
stop_phone() {
  kill "$phone_pid" 2>/dev/null || true
  wait "$phone_pid" 2>/dev/null || true
}

# served_at HOST PORT: the leaf that a fresh handshake shows, 12 digits
served_at() {
  openssl s_client -connect "$1:$2" -servername sip.example.com </dev/null 2>/dev/null |
    openssl x509 -outform DER 2>/dev/null | sha256sum | cut -c1-12
}

# serves_at HOST PORT CHAIN: it shows the leaf of that file
serves_at() { [ "$(served_at "$1" "$2")" = "$(openssl x509 -in "$3" -outform DER | sha256sum | cut -c1-12)" ]; }

# looks_at WHERE [MORE]: the block `verify` of a binding
looks_at() {
  printf '"verify": { "tls": { "address": "%s", "server_name": "sip.example.com", "within": "%s" }%s }' "$1" \
    "${within-3s}" "${2:+, $2}"
}

# edge_story VERIFY [MORE]: one trunk has `old`, at the service and at the edge, and the state knows it; `new` is offered, and
# `old` is there to go back to. VERIFY is the block of the binding, MORE further blocks of the configuration.
edge_story() {
  make_authority
  leaf old -70 20
  leaf new -1 89
  know old new
  trunk East old
  start_service -on-bind ./hook.sh
  start_edge old.chain old.key
  mkdir -p archive/1 archive/2
  cp old.chain archive/1/new.chain && cp old.key archive/1/new.key
  cp new.chain archive/2/new.chain && cp new.key archive/2/new.key
  local pair_of_new
  pair_of_new=$(mktemp -d)
  cp new.chain new.key "$pair_of_new"
  cp old.chain new.chain && cp old.key new.key
  edge_binding "$1" "${2-}"
  expect_exit 0 trunkform apply -auto-approve
  cp "$pair_of_new"/new.* .
}

# edge_binding VERIFY [MORE]: the configuration of edge_story, with another block `verify`
edge_binding() {
  configure "$(binding east East "$1")" "${2-}"
  sed -i 's|"private_key": "new.key" }|"private_key": "new.key", "versions": "archive/*/" }|' main.trunk.json
}

# said_of_port NAME: what the last command said is tests/golden/integration/NAME.txt, without what differs from run to run
said_of_port() {
  { masked out; if [ -s err ]; then echo '--- on standard error'; masked err; fi; } |
    sed -E -e 's/127\.0\.0\.2:[0-9]+/127.0.0.2:<port>/g' -e 's/after [0-9]+ m?s( [0-9]+ ms)?/after <duration>/g' \
      -e 's/(edges\.test):[0-9]+/\1:<port>/g' -e 's/for [0-9]+ m?s( [0-9]+ ms)?/for <duration>/g' >said
  expect_golden "integration/$1.txt" said
}
