# drift and verify: what each finding is called, and the exit code that a monitor acts upon.
. "$TEST_ROOT/tests/cli/support/service.sh"

make_authority
leaf old -78 12
leaf new -1 89
for name in East West; do trunk "$name" old; done
trunk Alone old
start_service -sip
tls() { printf '"adopt": true, "verify": { "tls": { "address": "127.0.0.1:%s", "server_name": "sip.example.com" } }' "$1"; }
configure "$(binding east East "$(tls "$(sip_port East)")"), $(binding west West '"adopt": true')"

expect_exit 0 trunkform drift
expect_text out '2 configured, and not applied yet'
expect_exit 1 trunkform verify
expect_text err 'there is nothing to verify'
expect_text err 'hint: see whether this is the right place'
expect_exit 1 trunkform verify -json
expect_text out '"summary":"there is nothing to verify"'

expect_exit 0 trunkform apply -auto-approve
seen=$(patches)
expect_exit 0 trunkform drift -probe
expect_text out 'Found 3 trunks, 66 % covered'
expect_text out 'No drift.'
expect_text out 'Alone'
expect_exit 0 trunkform verify
expect_text out '2 pass, 0 fail'
expect_exit 64 trunkform drift -nonsense
expect_exit 1 trunkform verify genesys_trunk_certificate.esat
expect_text err "did you mean 'genesys_trunk_certificate.east'?"

# What calls see is about to end, and the API shows another one: the date is that of what is served.
leaf ending -80 5
json_text() { awk '{printf "%s\\n", $0}' "$1"; }
knobs "{\"sip\":[{\"trunk\":\"East\",\"serve\":\"wrong\",\"certificate\":\"$(json_text ending.chain)\",\"private_key\":\"$(json_text ending.key)\"}]}"
expect_exit 2 trunkform drift -probe
expect_text out 'critical: what the port serves ends'
expect_text out '(4 days left)'
knobs '{"sip":[{"trunk":"East","serve":"bound"}]}'
expect_exit 0 trunkform drift -probe

# The port of a trunk that cannot be reached from here: nothing is wrong, and nothing is proved.
reachable=$(cat main.trunk.json)
sed -i "s/127.0.0.1:$(sip_port East)/127.0.0.1:1/" main.trunk.json
expect_exit 4 trunkform verify
expect_text out '1 pass, 0 fail, 1 inconclusive'
expect_exit 0 trunkform verify genesys_trunk_certificate.west
printf '%s\n' "$reachable" >main.trunk.json

# Somebody binds another certificate.
by_hand East old
expect_exit 2 trunkform drift
expect_text out 'genesys_trunk_certificate.east has drifted'
expect_text out 'Note: Objects have changed outside of trunkform'
expect_exit 2 trunkform verify
expect_text out "the API shows $(fingerprint old) instead of $(fingerprint new)"
expect_text out '1 pass, 1 fail'
expect_exit 0 trunkform verify genesys_trunk_certificate.west

# A trunk's status, and a trunk that is gone.
knobs '{"edits":[{"do":"status","trunk":"West","status":"inactive"}]}'
expect_exit 2 trunkform verify genesys_trunk_certificate.west
expect_text out 'status is "inactive"'
knobs '{"edits":[{"do":"delete","trunk":"West"}]}'
expect_exit 2 trunkform drift
expect_text out 'genesys_trunk_certificate.west is missing'
expect_text out '1 missing'
expect_exit 2 trunkform verify genesys_trunk_certificate.west
expect_text out 'the trunk is gone'

# Neither wrote, neither took the lock.
[ "$(patches)" = "$seen" ] || die "drift or verify sent a PATCH"
[ ! -e .trunkform.lock.info ] || [ ! -s .trunkform.lock.info ] || die "a lock was left"

# A service that does not answer is an error, not "no drift".
stop_service
sed -i 's/"base_url": "[^"]*"/"base_url": "http:\/\/127.0.0.1:1", "retry_budget": "0s"/' main.trunk.json
expect_exit 1 trunkform drift
