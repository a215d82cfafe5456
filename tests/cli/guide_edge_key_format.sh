# The guide, Edge Case 2: `Invalid key format`. Whatever unencrypted form a key has, it is sent as PKCS #8; a key that is
# not the certificate's is found before the first PATCH.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"

offer next
cp old.key new.key
expect_exit 1 trunkform apply -auto-approve
expect_text err "is not that of"
expect_text err "take certificate and key from the same issuance"
sent 0

offer next
openssl ec -in new.key -out traditional.key 2>/dev/null
mv traditional.key new.key
expect_text new.key "BEGIN EC PRIVATE KEY"
# What the trap does: the service refuses that form.
raw_patch "$(trunk_id 1)" "{\"tls\":{\"certificate\":\"$(json_text new.chain)\",\"privateKey\":\"$(json_text new.key)\"}}"
expect_text answer "Invalid key format"
expect_exit 0 trunkform apply -auto-approve
bound "Carrier A 01" next
stop_service
