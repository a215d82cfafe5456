# The memory of an apply that issues: the key that is made, and the authority's, are in locked memory that is wiped and
# nowhere else, while the PATCH is on its way and where the process ends.
. "$TEST_ROOT/tests/cli/support/service.sh"
. "$TEST_ROOT/tests/cli/support/memory.sh"
make_authority
leaf old -70 20
trunk East old
start_service -on-bind "$hook"
printf %s "$GENESYSCLOUD_OAUTHCLIENT_SECRET" >client_secret
mkdir run
cat >known <<'KNOWN'
-key authority=ca/intermediate.key
-key made=run/sip/live/key.pem
-text client_secret=client_secret
KNOWN
issued_configuration '"local_ca": { "lab": { "certificate": "../ca/intermediate.pem", "private_key": { "file": "../ca/intermediate.key" } } }' \
  '"files": { "sip": { "path": "sip" } }' '"issuer": "lab", "store": "sip", "names": ["sip.example.com"], "key": "rsa_2048"' >run/main.trunk.json
cp root.pem run/
expect_exit 0 trunkform -chdir=run trust add write files sip
expect_exit 0 trunkform -chdir=run trust add secret file ../ca/intermediate.key

started trunkform apply -auto-approve -json
wait_for 60 test -s found.flight.1
cut -d' ' -f1,2 found.flight.1 | sort -u >found
cp found.flight.1 found.shapes
only_found 'during the PATCH' 'locked client_secret' 'locked made'
ended_with 0
cp run/sip/live/chain.pem made.pem
live_is East made

# Neither is in anything that was written beside the store, nor in what was said.
cat run/trunkform.state* run/.trunkform* out err >written
xargs -a known find-secrets written >found
[ ! -s found ] || die "written: $(cat found)"
stop_service
