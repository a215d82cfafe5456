# Credentials that do not work, and permissions that are missing.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf new -1 89
trunk "Carrier A 01" old
start_service
configure "$(binding a "Carrier A 01" '"adopt": true')"
patient_for 1s

# Without region and base_url the environment names the region: which one, and in whose words.
cp main.trunk.json good.json
sed -i -E 's|"base_url": "[^"]*"|"concurrency": 6|' main.trunk.json
expect_exit 1 trunkform plan
said account/no_region
expect_exit 1 env GENESYSCLOUD_REGION=eu-central-1 trunkform plan
said account/region_of_amazon
sed -i -E '/"provider"/d' main.trunk.json
expect_exit 1 trunkform plan
said account/no_provider
cp good.json main.trunk.json

faulty() { knobs "{\"clear_faults\":true,\"faults\":[$1]}"; }
expect_exit 1 env -u GENESYSCLOUD_OAUTHCLIENT_SECRET trunkform plan
said account/no_secret
expect_exit 1 env GENESYSCLOUD_OAUTHCLIENT_SECRET= trunkform plan
expect_text err 'GENESYSCLOUD_OAUTHCLIENT_SECRET is empty'
expect_exit 1 env GENESYSCLOUD_OAUTHCLIENT_ID= trunkform plan
expect_text err 'GENESYSCLOUD_OAUTHCLIENT_ID is empty'
expect_exit 1 env -u GENESYSCLOUD_OAUTHCLIENT_ID trunkform plan
said account/no_client_id
expect_exit 1 env GENESYSCLOUD_OAUTHCLIENT_SECRET=wrong-secret-word trunkform plan
said account/wrong_secret
refuse_text err wrong-secret-word
expect_exit 1 env -u GENESYSCLOUD_OAUTHCLIENT_SECRET GENESYSCLOUD_ACCESS_TOKEN=stale-token-word trunkform plan
said account/stale_token
refuse_text err stale-token-word
faulty '{"operation":"token","effect":"html"}'
expect_exit 1 trunkform plan
said account/token_html
faulty '{"operation":"token","effect":"wrong_json"}'
expect_exit 1 trunkform plan
said account/token_wrong_json
faulty '{"operation":"token","effect":"oauth_rate_limit"}'
expect_exit 1 trunkform plan
said account/token_rate_limit
faulty '{"operation":"token","effect":"error","status":503}'
expect_exit 1 trunkform plan
said account/token_503
faulty '{"operation":"list","effect":"unauthorized"}'
expect_exit 1 trunkform plan
said account/list_401
faulty '{"operation":"list","effect":"error","status":403}'
expect_exit 1 trunkform plan
said account/list_403

# Who may not see the organisation is warned, and goes on.
knobs '{"clear_faults":true,"organisation":{"status":403}}'
expect_exit 0 trunkform plan
expect_text err "Warning: the organisation cannot be read"
said account/organisation_403
knobs '{"organisation":{"status":200}}'
faulty '{"operation":"patch","effect":"error","status":403}'
expect_exit 1 trunkform apply -auto-approve
said account/patch_403
sent 1

# Once the state knows its organisation, another one is refused, and so is one that cannot be compared.
knobs '{"clear_faults":true,"organisation":{"status":403}}'
expect_exit 1 trunkform plan
said account/organisation_403_later
knobs '{"organisation":{"status":200}}'
expect_exit 0 trunkform apply -auto-approve
knobs '{"organisation":{"id":"11111111-2222-4333-8444-555555555555","name":"Somebody else"}}'
leaf next -1 120
offer next
sed -i 's/"min_age": "0s"/&, "when": "available"/' main.trunk.json
expect_exit 1 trunkform plan
said account/another_organisation
expect_exit 1 trunkform apply -auto-approve
sent 2
stop_service
