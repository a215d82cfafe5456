# A state that was made without the right to read the organisation is pinned by its client; once the same client has the
# right, the organisation is adopted. Another client's is not.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf new -1 89
leaf later -1 95
trunk "Carrier A 01" old
start_service
configure "$(binding a "Carrier A 01" '"adopt": true')"
knobs '{"organisation":{"status":403}}'
apply_all

knobs '{"organisation":{"status":200}}'
expect_exit 0 trunkform plan -detailed-exitcode
said account/organisation_shown
for command in inventory verify drift; do
  expect_exit 0 trunkform "$command"
  refuse_text err Error
done
offer later
sed -i 's/"min_age": "0s"/&, "when": "available"/' main.trunk.json
expect_exit 0 trunkform plan -out=shown.plan
expect_exit 0 trunkform apply shown.plan
bound "Carrier A 01" later
expect_exit 0 trunkform state pull
expect_text out '"by_api":true'
no_changes
refuse_text err 'Warning: the organisation'
stop_service
