# An intermediate that two authorities signed, and one file with both: each carrier is sent the chain that its trust store
# takes, from one source and in one run; `certificate check` and `show` say the same offline.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
issue ca/second "Second Root" authority -400 3000 self
# The same name and key, signed by the other root; it ends later, so that it is preferred where nothing else tells.
openssl x509 -x509toreq -in ca/intermediate.pem -signkey ca/intermediate.key -out ca/cross.csr 2>/dev/null
openssl ca -batch -notext -config ca/openssl.cnf -extensions authority -startdate "$(_day -300)" -enddate "$(_day 1600)" \
  -cert ca/second.pem -keyfile ca/second.key -in ca/cross.csr -out ca/cross.pem 2>ca/log || die "$(cat ca/log)"
leaf a -1 89
cat a.pem ca/cross.pem ca/intermediate.pem >both.chain
cat a.pem ca/cross.pem >cross.chain
cp ca/root.pem first.pem
cp ca/second.pem second.pem

# Offline: what would be sent is judged, not what could be.
for store in first second; do
  expect_exit 0 trunkform certificate check both.chain -key a.key -trust-store $store.pem -name sip.example.com
  expect_text out 'pass   root_not_trusted'
  expect_text out 'warn   surplus_certificates'
done
expect_exit 0 trunkform certificate show -pem both.chain -trust-store first.pem
cmp out a.chain || die "show -pem -trust-store=first.pem is not what that carrier is sent"
expect_exit 0 trunkform certificate show -pem both.chain -trust-store second.pem
cmp out cross.chain || die "show -pem -trust-store=second.pem is not what that carrier is sent"
expect_exit 0 trunkform certificate show both.chain
expect_text err '2 chains lead up from the leaf'

# Together: two carriers, one source, one run.
cat first.pem second.pem >root.pem
trunk "East 1"
trunk "West 1"
start_service
cp both.chain new.chain
cp a.key new.key
configure "$(binding east 'East 1'),$(binding west 'West 1' | sed 's/"carrier": "a"/"carrier": "b"/')"
sed -i 's|^  "carrier": .*|  "carrier": { "a": { "trust_store": "${file(\\"first.pem\\")}" }, "b": { "trust_store": "${file(\\"second.pem\\")}" } },|' main.trunk.json
apply_all
no_changes
chain_on() { service_state | tr -d '\n' | grep -oE "\"name\": *\"$1\"[^}]*" | grep -oE '"chain[a-z_0-9]*": *"[0-9a-f]+"' | grep -oE '[0-9a-f]{64}'; }
chain_print() { trunkform certificate show -json "$1" | grep -oE '"chain_sha256": *"[0-9a-f]+"' | grep -oE '[0-9a-f]{64}'; }
[ "$(chain_on 'East 1')" = "$(chain_print a.chain)" ] || die "East 1 is not sent the chain below the first root: $(service_state)"
[ "$(chain_on 'West 1')" = "$(chain_print cross.chain)" ] || die "West 1 is not sent the chain below the second root"
patches_are 2

stop_service
