# The guide, section 3: without its intermediates a certificate ends in `certificate chain incomplete`.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"

# What the trap does: the service refuses it.
raw_patch "$(trunk_id 1)" "{\"tls\":{\"certificate\":\"$(json_text next.pem)\",\"privateKey\":\"$(json_text next.key)\"}}"
expect_text answer "certificate chain incomplete"

# The leaf alone is refused while planning already.
offer next
cp next.pem new.chain
expect_exit 1 trunkform plan
expect_text err "certificate chain incomplete: the issuer"
expect_text err "append the missing intermediates to the chain"
expect_exit 1 trunkform apply -auto-approve
sent 1
bound "Carrier A 01" old

# All of it, in any order, with a root that nobody needs: the chain that is sent is leaf first, without the root.
cat ca/root.pem ca/intermediate.pem next.pem >new.chain
expect_exit 0 trunkform apply -auto-approve
bound "Carrier A 01" next
expected=$({ openssl x509 -in next.pem -outform DER; openssl x509 -in ca/intermediate.pem -outform DER; } | sha256sum | cut -c1-64)
service_state >state
expect_text state "$expected"
expect_exit 0 trunkform plan -detailed-exitcode
stop_service
