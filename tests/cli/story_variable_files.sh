# Values come from files: init, the first command of a pipeline, reads them as plan does. And the last trunk of a map can go.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk 'East 1'
trunk 'East 2'
start_service
offer ours
configure '"all": { "for_each": "${var.trunks}", "trunk": { "name": "${each.key}" }, "certificate": "${certificate.pem_files.new}", "identity": ["${each.value}"], "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s" } }' \
  '"variable": { "trunks": { "type": "map(string)" } }'
values() { printf '{ "trunks": { %s } }\n' "$1" >trunks.auto.trunkvars.json; }
values '"East 1": "sip.example.com", "East 2": "sip.example.com"'
expect_exit 0 trunkform init
expect_exit 0 trunkform init -json
expect_exit 0 trunkform validate
apply_all
live_is 'East 2' ours
mv trunks.auto.trunkvars.json some.json
expect_exit 0 trunkform init -var-file=some.json
no_changes -var-file=some.json
mv some.json trunks.auto.trunkvars.json

values '"East 1": "sip.example.com"'
apply_all
expect_text out 'Resources: 0 added, 0 changed'
expect_exit 0 trunkform state list
refuse_text out 'East 2'
values ''
expect_exit 0 trunkform init
expect_exit 0 trunkform validate
expect_exit 2 trunkform plan -detailed-exitcode
apply_all
expect_exit 0 trunkform state list
refuse_text out East
live_is 'East 1' ours
expect_exit 0 trunkform drift

# What is wrong in a body without instances is told all the same.
sed -i 's/"certificate": "${certificate.pem_files.new}"/"certificate": "${certificate.pem_files.old}"/' main.trunk.json
expect_exit 1 trunkform plan
expect_text err 'certificate.pem_files.old'
stop_service
