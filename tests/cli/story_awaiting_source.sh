# Due, and the source still has the same certificate: a warning at first, an error once it is critical, and no PATCH.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf due -78 12
leaf critical -85 5
leaf renewed -1 89
trunk "East 1" due
trunk "East 2" critical
start_service
cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "certificate": { "pem_files": {
    "one": { "chain": "one.chain", "private_key": "one.key" }, "two": { "chain": "two.chain", "private_key": "two.key" } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "due": { "trunk": { "name": "East 1" }, "certificate": "\${certificate.pem_files.one}", "identity": ["sip.example.com"],
      "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s" } },
    "critical": { "trunk": { "name": "East 2" }, "certificate": "\${certificate.pem_files.two}", "identity": ["sip.example.com"],
      "carrier": "a", "rollout": "at_once", "rotate": { "min_age": "0s" } } } }
}
JSON
for kind in chain key; do cp "due.$kind" "one.$kind" && cp "critical.$kind" "two.$kind"; done
plan_shows 2 awaiting_source_adopted -target=genesys_trunk_certificate.due
expect_exit 0 trunkform import genesys_trunk_certificate.due 00000000-0000-4000-8000-000000000001
expect_exit 0 trunkform import genesys_trunk_certificate.critical 00000000-0000-4000-8000-000000000002
plan_shows 0 awaiting_source_due -target=genesys_trunk_certificate.due
plan_shows 1 awaiting_source
expect_exit 1 trunkform apply -auto-approve
patches_are 0

# The source renews one of them: that one goes on, the other still fails the run.
for kind in chain key; do cp "renewed.$kind" "two.$kind"; done
plan_shows 2 awaiting_source_renewed
apply_all
live_is 'East 1' due
live_is 'East 2' renewed
no_changes
patches_are 1
stop_service
