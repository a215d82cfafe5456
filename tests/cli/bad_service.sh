# A service that is not there, or that does not tell the truth: refused, with its own words shown as foreign text.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf new -1 89
for number in $(seq 1 101); do trunk "Trunk $number"; done
trunk "Carrier A 01" old
start_service
configure "$(binding a "Carrier A 01" '"adopt": true')"
patient_for 1s

refused() { # NAME FAULT: how the listing goes wrong
  knobs "{\"clear_faults\":true,\"faults\":[$2]}"
  expect_exit 1 trunkform plan
  said "service/$1"
}
refused not_json '{"operation":"list","effect":"not_json"}'
refused wrong_json '{"operation":"list","effect":"wrong_json"}'
refused html '{"operation":"list","effect":"html"}'
refused html_503 '{"operation":"list","effect":"html","status":503}'
refused cut_json '{"operation":"list","effect":"cut_json"}'
refused redirect '{"operation":"list","effect":"redirect","location":"https://login.example.net/?next=%2F"}'
refused repeat_page '{"operation":"list","effect":"repeat_page"}'
refused error_500 '{"operation":"list","effect":"error","status":500}'
refused organisation_wrong_json '{"operation":"organisation","effect":"wrong_json"}'
refused organisation_html '{"operation":"organisation","effect":"html"}'
# Bytes that stop coming: how many curl counts differs from run to run.
for effect in torn reset; do
  knobs "{\"clear_faults\":true,\"faults\":[{\"operation\":\"list\",\"effect\":\"$effect\"$([ "$effect" = reset ] || echo ',"bytes":100')}]}"
  expect_exit 1 trunkform plan
  sed -i -E 's/[0-9]+ (out of [0-9]+ )?bytes/<number> bytes/g' err
  said "service/$effect"
done
knobs '{"clear_faults":true,"clock_skew":"-2h"}'
expect_exit 1 trunkform plan
sed -i -E 's/clock is .* (ahead|behind)/clock is <duration> \1/' err
said service/clock
# A reviewed plan is carried out by the same clock.
knobs '{"clock_skew":"0s"}'
expect_exit 2 trunkform plan -detailed-exitcode -out=before.trunkplan
knobs '{"clock_skew":"20m"}'
expect_exit 1 trunkform apply before.trunkplan
expect_text err "this machine's clock is"
sent 0
knobs '{"clock_skew":"0s"}'

# A PATCH's answer that lies: the trunk is read before anything is said about it.
for effect in html redirect; do
  knobs "{\"clear_faults\":true,\"faults\":[{\"operation\":\"patch\",\"effect\":\"$effect\"}]}"
  expect_exit 1 trunkform apply -auto-approve
  said "service/patch_$effect"
  bound "Carrier A 01" old
  expect_exit 2 trunkform plan -detailed-exitcode
done
# One that was carried out, and whose answer tore: done, and not sent again.
already=$(count_operation patch)
knobs '{"clear_faults":true,"faults":[{"operation":"patch","effect":"torn","bytes":100}]}'
expect_exit 0 trunkform apply -auto-approve
expect_text out "the answer was lost; read back: bound"
bound "Carrier A 01" new
sent $((already + 1))
stop_service

# Nobody is there any more.
expect_exit 1 trunkform plan
sed -i -E 's/port [0-9]+ after/port <port> after/; s/after [0-9]+ ms/after <duration>/' err
said service/connection_refused

# A certificate that leads to no root that is known here.
openssl s_server -accept 127.0.0.1:0 -cert new.pem -key new.key -www >server.log 2>&1 &
tls_server=$!
wait_for 20 grep -q '^ACCEPT 127' server.log
tls_port=$(sed -nE 's/^ACCEPT 127.0.0.1:([0-9]+).*/\1/p' server.log)
expect_exit 0 trunkform trust add host "127.0.0.1:$tls_port" genesys
sed -i -E "s|\"base_url\": \"[^\"]*\"|\"base_url\": \"https://127.0.0.1:$tls_port\"|" main.trunk.json
expect_exit 1 trunkform plan
said service/unknown_authority
expect_text err TRUNKFORM_CA_FILE
kill "$tls_server"

# A name that nobody knows; the host is trusted, so that it is asked for at all.
expect_exit 0 trunkform trust add host nobody.invalid:443 genesys
sed -i -E 's|"base_url": "[^"]*"|"base_url": "https://nobody.invalid"|' main.trunk.json
expect_exit 1 trunkform plan
sed -i -E 's/after [0-9]+ ms/after <duration>/' err
said service/unknown_host
