# The guide, section 5, "or by placing a test call": what the trunk's SIP TLS port presents is the proof. The API may say
# yes while the wire shows another certificate.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
leaf stranger -1 89
trunk "Carrier A 01" old
start_service -sip
port=$(sip_port "Carrier A 01")
mkdir -p archive/1
cp old.chain archive/1/new.chain
cp old.key archive/1/new.key
settle_on old "$(binding a "Carrier A 01" "\"verify\": { \"tls\": { \"address\": \"127.0.0.1:$port\", \"server_name\": \"sip.example.com\", \"within\": \"2s\" }, \"sip_options\": true }")"
sed -i 's|"private_key": "new.key"|&, "versions": "archive/*/"|' main.trunk.json
offer next

knobs "{\"sip\":[{\"trunk\":\"Carrier A 01\",\"serve\":\"wrong\",\"certificate\":\"$(json_text stranger.chain)\",\"private_key\":\"$(json_text stranger.key)\"}]}"
expect_exit 6 trunkform apply -auto-approve
expect_text out "accepted: pass"
expect_text out "serves $(fingerprint stranger) instead of $(fingerprint next)"
expect_text err "the check on the wire failed"
expect_text out "rolled back to the certificate before, and quarantined"
bound "Carrier A 01" old

# The right leaf without its intermediate is what carriers call an incomplete chain: no success either.
knobs "{\"sip\":[{\"trunk\":\"Carrier A 01\",\"serve\":\"wrong\",\"certificate\":\"$(json_text next.pem)\",\"private_key\":\"$(json_text new.key)\"}]}"
expect_exit 6 trunkform apply -auto-approve -retry
expect_text out "the right leaf in another chain"
bound "Carrier A 01" old

# Without a way back it is said that the new certificate stays.
mv archive elsewhere
expect_exit 1 trunkform apply -auto-approve -retry
expect_text err "it could not be rolled back; the new certificate is still bound"
bound "Carrier A 01" next
by_hand "Carrier A 01" old
mv elsewhere archive

# A port that nobody can reach proves nothing: stopped and said, but not rolled back.
knobs '{"sip":[{"trunk":"Carrier A 01","serve":"refuse"}]}'
expect_exit 6 trunkform apply -auto-approve -retry -replace=genesys_trunk_certificate.a
expect_text out "inconclusive"
bound "Carrier A 01" next
knobs '{"sip":[{"trunk":"Carrier A 01","serve":"bound"}]}'
expect_exit 0 trunkform plan -probe -detailed-exitcode
stop_service
