# Every -json document keeps its published schema, and says nothing that the schema does not name.
. "$TEST_ROOT/tests/cli/support/service.sh"

keeps() { "$TEST_ROOT/tests/cli/support/check_schema" "$@" >&2 || die "$* is not what schemas/published says"; }
# json SCHEMA CODE COMMAND...: its output is one document of that schema
json() {
  local schema=$1 code=$2
  shift 2
  expect_exit "$code" "$@"
  keeps "$schema" out
}

make_authority
leaf old -78 12
leaf new -1 89
leaf other -10 60
for name in East West North; do trunk "$name" old; done
trunk Bare
trunk Foreign other
start_service -sip
port=$(sip_port East)

json version 0 trunkform version -json
mkdir broken empty
echo '{"carrier": {"a": {"rot": "omit"}}, "nonsense": {}}' >broken/main.trunk.json
json validate 1 trunkform -chdir=broken validate -json
json validate 1 trunkform -chdir=empty validate -json
json init 1 trunkform -chdir=empty init -json
json ui 1 trunkform -chdir=broken plan -json
json state 0 trunkform -chdir=empty show -json

configure "$(binding east East "\"adopt\": true, \"verify\": { \"tls\": { \"address\": \"127.0.0.1:$port\", \"server_name\": \"sip.example.com\" } }"),
  $(binding west West '"adopt": true, "lifecycle": { "prevent_destroy": true }'),
  $(binding bare Bare),
  $(binding gone "No such trunk")" '"output": { "o": { "value": [1, "a"] }, "s": { "value": "${sensitive(1)}", "sensitive": true } }'
json validate 0 trunkform validate -json
json init 0 trunkform init -json
json plan 1 trunkform plan -json -out=first.trunkplan
json plan 0 trunkform show -json first.trunkplan
json inventory 0 trunkform inventory -json
json ui 1 trunkform apply -json -auto-approve
keeps ui out
json state 0 trunkform show -json
json drift 0 trunkform drift -json -probe
json verify 0 trunkform verify -json
json forecast 1 trunkform forecast -json
json forecast 1 trunkform forecast -json -renewal=as-offered -probe

by_hand West old
json drift 2 trunkform drift -json
expect_text out '"verdict":"drifted"'
json verify 2 trunkform verify -json genesys_trunk_certificate.west
json ui 1 trunkform verify -json genesys_trunk_certificate.wset
json plan 1 trunkform plan -json
json inventory 0 trunkform inventory -json

# What the stream says of an address is what the plan said, and every run that began ends in its summary.
summary_is() { tail -1 out | jq -e ".type == \"change_summary\" and ($1)" >/dev/null || die "the last line is not so: $1 $(tail -1 out)"; }
json ui 1 env -u GENESYSCLOUD_OAUTHCLIENT_SECRET trunkform apply -json -auto-approve
summary_is '.changes.operation == "apply" and .changes.change == 0'
expect_text out 'Apply incomplete!'
cp main.trunk.json good.json
sed -i 's/"No such trunk"/"Foreign"/' main.trunk.json
json ui 1 trunkform apply -json -auto-approve
summary_is '.changes.excluded == 1'
cp good.json main.trunk.json
sed -i 's/"prevent_destroy": true/"prevent_destroy": false/' main.trunk.json
expect_exit 1 trunkform apply -auto-approve
json ui 0 trunkform destroy -json -auto-approve
summary_is '.changes.operation == "destroy" and .changes.forget > 0'
jq -es 'all(.[]; .hook == null or .hook.action == "forget")' <out >/dev/null || die "destroy tells other actions: $(cat out)"
json ui 1 trunkform apply -json -auto-approve
jq -es 'any(.[]; .hook.action == "adopt")' <out >/dev/null || die "no action is \"adopt\": $(cat out)"

json history 0 trunkform history -json
json history 0 trunkform history -json -all
json output 0 trunkform output -json
jq -e '.o.value == [1, "a"] and .s.value == null and .s.sensitive' <out >/dev/null || die "the outputs: $(cat out)"

json certificate_show 0 trunkform certificate show -json new.chain
json certificate_check 0 trunkform certificate check -json -trust-store root.pem -key new.key -name sip.example.com new.chain
json certificate_check 1 trunkform certificate check -json -trust-store root.pem -key old.key -name other.example.com new.pem
json ui 64 trunkform certificate check -json -at yesterday new.chain
echo nothing >no.pem
json certificate_check 1 trunkform certificate check -json no.pem
stop_service
