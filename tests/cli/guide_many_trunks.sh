# The guide, section 6: each trunk may have another certificate and another end. All are listed, page by page, and judged
# one by one; a plan makes no call per trunk.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf due -70 20
leaf fresh -10 80
leaf new -1 89
for number in $(seq 1 240); do trunk "Trunk $number"; done
trunk "Due" due
trunk "Fresh" fresh
start_service
cat >main.trunk.json <<JSON
{ "provider": { "genesys": { "base_url": "$base_url" } },
  "certificate": { "pem_files": { "due": { "chain": "due.offered.chain", "private_key": "due.offered.key" },
                                  "fresh": { "chain": "fresh.offered.chain", "private_key": "fresh.offered.key" } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "due": { "trunk": { "name": "Due" }, "certificate": "\${certificate.pem_files.due}", "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s" } },
    "fresh": { "trunk": { "name": "Fresh" }, "certificate": "\${certificate.pem_files.fresh}", "identity": ["sip.example.com"], "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s" } } } } }
JSON
for label in due fresh; do
  cp "$label.chain" "$label.offered.chain"
  cp "$label.key" "$label.offered.key"
done
expect_exit 0 trunkform apply -auto-approve
for label in due fresh; do
  cp new.chain "$label.offered.chain"
  cp new.key "$label.offered.key"
done
before=$(curl -fsS "$base_url/_sim/requests?after=0" | sed -nE 's/.*"last": ?([0-9]+).*/\1/p')
expect_exit 2 trunkform plan -detailed-exitcode
after=$(curl -fsS "$base_url/_sim/requests?after=0" | sed -nE 's/.*"last": ?([0-9]+).*/\1/p')
[ $((after - before)) = 5 ] || die "a plan over 242 trunks made $((after - before)) requests instead of 2 + 3"
expect_text out "Plan: 0 to add, 1 to change, 0 to destroy."
expect_exit 0 trunkform apply -auto-approve
bound Due new
bound Fresh fresh
sent 1
stop_service
