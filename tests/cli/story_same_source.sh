# Earlier versions that are kept from now on, and another spelling of a path, are no new source: nothing is rebound, and what
# ends earlier than the live certificate stays behind its gate.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf long -1 89
leaf short -1 40
trunk "Carrier A 01" long
start_service
settle_on long "$(binding a "Carrier A 01" '"adopt": true')"
sed -i 's/"min_age": "0s"/&, "when": "available"/' main.trunk.json
cp main.trunk.json before.json

mkdir kept
sed -i 's|"private_key": "new.key"|&, "versions": "kept"|' main.trunk.json
no_changes
offer short
expect_exit 1 trunkform plan
expect_text err 'ends before the live one'
sed 's|"new.chain"|"./new.chain"|; s|"new.key"|"kept/../new.key"|' before.json >main.trunk.json
expect_exit 1 trunkform plan
expect_text err 'ends before the live one'
offer long
no_changes

# Another file is another source, and may end earlier.
cp short.chain other.chain
cp short.key other.key
sed 's#"new\.\(chain\|key\)"#"other.\1"#g' before.json >main.trunk.json
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'changed'
stop_service
