# A plan file is what somebody reviewed: one changed byte, another service or another state, and it is not carried out.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"
offer next
expect_exit 0 trunkform plan -out=good.trunkplan
refused() { # NAME: of what bad.trunkplan is
  expect_exit 1 trunkform apply bad.trunkplan
  said "plan/$1"
  sent 0
}
# One byte that leaves it valid JSON: the trunk that it is for.
sed 's/000000000001/000000000002/' good.trunkplan >bad.trunkplan
refused one_byte
head -c 500 good.trunkplan >bad.trunkplan
refused cut_off
: >bad.trunkplan
refused empty
printf '{}\n' >bad.trunkplan
refused another_document
cp main.trunk.json bad.trunkplan
refused a_configuration
rm bad.trunkplan
refused missing
cp trunkform.state.json bad.trunkplan
refused a_state
# A newer format, sealed as it should be: what comes before the digest is what it covers.
sed -E '1s/"format": ?1/"format":99/; $d' good.trunkplan | head -c -2 >body
{ cat body; printf ',\n"sha256":"%s"}\n' "$(sha256sum body | cut -c1-64)"; } >bad.trunkplan
refused newer_format
expect_text err "has format 99"

# Another service, with the same configuration otherwise.
first_service=$service_pid first_url=$base_url
first_id=$GENESYSCLOUD_OAUTHCLIENT_ID first_secret=$GENESYSCLOUD_OAUTHCLIENT_SECRET
start_service
sed -i "s|$first_url|$base_url|" main.trunk.json
cp good.trunkplan bad.trunkplan
refused another_service
stop_service
service_pid=$first_service base_url=$first_url
GENESYSCLOUD_OAUTHCLIENT_ID=$first_id GENESYSCLOUD_OAUTHCLIENT_SECRET=$first_secret
sed -i -E "s|\"base_url\": \"[^\"]*\"|\"base_url\": \"$base_url\"|" main.trunk.json

# Another organisation, another state, another configuration, another certificate in the source.
knobs '{"organisation":{"id":"11111111-2222-4333-8444-555555555555","name":"Somebody else"}}'
refused another_organisation
knobs '{"organisation":{"id":"00000000-0000-4000-8000-0000000000ff","name":"x"}}'
stop_service
rm -rf trunkform.state.*
start_service
settle_on old "$(binding a "Carrier A 01")"
offer next
expect_exit 0 trunkform plan -out=good.trunkplan
cp good.trunkplan bad.trunkplan
sed -i 's/"identity": \["sip.example.com"\]/"identity": ["sip.example.com", "sip2.example.com"]/' main.trunk.json
refused configuration_changed
sed -i 's/, "sip2.example.com"//' main.trunk.json
leaf later -1 120
offer later
refused source_changed
offer next
mv trunkform.state.json away
refused state_gone
mv away trunkform.state.json

# Untouched it is carried out, once; a second time there is nothing left of it to do.
expect_exit 0 trunkform apply good.trunkplan
sent 1
expect_exit 0 trunkform apply good.trunkplan
sent 1
bound "Carrier A 01" next
stop_service
