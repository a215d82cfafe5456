# The lineage of a real Certbot, which has its certificates from a real ACME server: from nothing to a bound trunk, a
# renewal by Certbot itself, and back to the pair in its archive.
# shellcheck source-path=SCRIPTDIR source=support/acme.sh
. "$TEST_ROOT/tests/integration/support/acme.sh"
# shellcheck source=/dev/null
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf before -70 20
trunk 'East 1' before
start_dns
# Certbot gives up where we do not.
nonces_refused=0
start_acme
acme_root 0 acme-root.pem
cat acme-root.pem >>root.pem
start_service

# certbot ARGUMENT ...: Certbot with folders of its own; it answers the challenge itself
certbot() {
  REQUESTS_CA_BUNDLE=$PWD/acme.crt "$TEST_ROOT/build/servers/python/bin/certbot" "$@" --non-interactive --config-dir "$PWD/le" \
    --work-dir "$PWD/le-work" --logs-dir "$PWD/le-logs" --server "$acme_url" >certbot.log 2>&1 || { cat certbot.log >&2; die "certbot $1 failed"; }
}
obtain() {
  certbot certonly --standalone --http-01-address 127.0.0.1 --http-01-port "$http_port" --agree-tos --register-unsafely-without-email \
    --required-profile default --cert-name sip.example.com -d sip.example.com "$@"
}

cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "certificate": { "certbot": { "sip": { "live": "le/live/sip.example.com" } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "east": { "trunk": { "name": "East 1" }, "certificate": "\${certificate.certbot.sip}", "identity": ["sip.example.com"],
              "carrier": "a", "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s", "when": "available" } } } }
}
JSON

# Nothing was obtained yet.
expect_exit 1 trunkform plan
expect_text err 'le/live/sip.example.com'

obtain
cp le/live/sip.example.com/cert.pem first.pem
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'certbot(live=le/live/sip.example.com)  (sealed)'
apply_all
live_is 'East 1' first
patches_are 1
no_changes

# A renewal, as Certbot's timer does it: new files, and the links one after another.
certbot renew --force-renewal --no-random-sleep-on-renew
cp le/live/sip.example.com/cert.pem second.pem
[ "$(fingerprint first)" != "$(fingerprint second)" ] || die 'nothing was renewed'
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out "$(fingerprint second)"
apply_all
live_is 'East 1' second
patches_are 2
no_changes

# Half a renewal: one link is at the new pair, and the others are not.
certbot renew --force-renewal --no-random-sleep-on-renew
ln -sfn ../../archive/sip.example.com/privkey2.pem le/live/sip.example.com/privkey.pem
expect_exit 0 trunkform plan
refuse_text out 'will be updated'
expect_text out 'privkey'
patches_are 2
ln -sfn ../../archive/sip.example.com/privkey3.pem le/live/sip.example.com/privkey.pem

# Back to the pair before, which Certbot's archive has.
expect_exit 0 trunkform rollback -auto-approve genesys_trunk_certificate.east
live_is 'East 1' first
patches_are 3
stop_acme
stop_service
