# The guide, section 3: the service cannot decrypt a private key and answers `Invalid key format`.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"
offer next
openssl pkcs8 -topk8 -v2 aes-256-cbc -in new.key -passout pass:correct-horse -out encrypted.key
mv encrypted.key new.key
expect_text new.key "BEGIN ENCRYPTED PRIVATE KEY"

# What the trap does: the service refuses it.
raw_patch "$(trunk_id 1)" "{\"tls\":{\"certificate\":\"$(json_text new.chain)\",\"privateKey\":\"$(json_text new.key)\"}}"
expect_text answer "Invalid key format"
sent 1

# trunkform does not ask the service: it looks before the first PATCH.
expect_exit 1 trunkform apply -auto-approve
expect_text err "the private key is encrypted"
expect_text err "give its passphrase on the certificate block"
sent 1
bound "Carrier A 01" old

# A wrong passphrase is told apart from none.
sed -i 's/"private_key": "new.key"/&, "passphrase": { "env": "KEY_PASSPHRASE" }/' main.trunk.json
# Whoever reviews the plan is told where nobody has allowed the secret yet; it is not read.
expect_exit 0 trunkform plan
expect_text out "the private key is not to be had here, and apply needs it where it runs"
expect_text out "KEY_PASSPHRASE"
expect_text out "trunkform trust add secret env KEY_PASSPHRASE"
expect_exit 0 trunkform trust add secret env KEY_PASSPHRASE
expect_exit 0 trunkform plan
refuse_text out "the private key is not to be had here"
expect_exit 1 env KEY_PASSPHRASE=wrong-horse trunkform apply -auto-approve
expect_text err "the passphrase does not open the private key"
expect_text err "environment variable KEY_PASSPHRASE"
refuse_text err "wrong-horse"
sent 1

# With the right one the key arrives unencrypted, which the service insists on.
expect_exit 0 env KEY_PASSPHRASE=correct-horse trunkform apply -auto-approve
bound "Carrier A 01" next
sent 2
stop_service
