# What a run depends on, looked at before somebody has to: all is well, and one thing after another is not.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf old -78 12
leaf new -1 89
leaf gone -100 -10
trunk East old
trunk West old
start_service
configure "$(binding east East '"adopt": true'), $(binding west West '"adopt": true')"
expect_exit 0 trunkform doctor
shows doctor_before
apply_all
expect_exit 0 trunkform doctor
expect_text out 'with 2 trunks'

# One source fails, and all else is looked at all the same.
mv new.key away.key
mv new.chain away.chain
expect_exit 1 trunkform doctor
shows doctor_no_source
mv away.chain new.chain
expect_exit 1 trunkform doctor
expect_text out 'new.key'
mv away.key new.key
cp new.chain kept.chain
cp gone.chain new.chain
expect_exit 1 trunkform doctor
expect_text out 'what it offers has ended'
cp kept.chain new.chain

# A pair whose halves are not of one another, and a key that nobody can read.
cp new.key kept.key
cp old.key new.key
expect_exit 1 trunkform doctor
shows doctor_other_key
refuse_text out 'the key is that of the certificate'
openssl pkcs8 -topk8 -v2 aes-256-cbc -passout pass:word -in kept.key -out new.key
expect_exit 1 trunkform doctor
expect_text out 'the private key is encrypted'
# Its passphrase is one of an apply's needs: where only plans are made, nobody can tell.
sed 's|"private_key": "new.key"|"private_key": "new.key", "passphrase": { "env": "TRUNKFORM_TEST_WORD" }|' main.trunk.json >with.json
cp main.trunk.json without.json
cp with.json main.trunk.json
expect_exit 0 trunkform trust add secret env TRUNKFORM_TEST_WORD
expect_exit 0 trunkform doctor
expect_text out 'the key is that of the certificate was not looked at: the environment variable TRUNKFORM_TEST_WORD is not set'
TRUNKFORM_TEST_WORD=word expect_exit 0 trunkform doctor
expect_text out 'the key is that of the certificate'
refuse_text out 'not looked at'
TRUNKFORM_TEST_WORD=other expect_exit 1 trunkform doctor
cp without.json main.trunk.json
cp kept.key new.key

# A client whose secret is wrong, one that may not see the organisation, and a service that is not there.
GENESYSCLOUD_OAUTHCLIENT_SECRET=wrong expect_exit 1 trunkform doctor
shows doctor_denied
refuse_text out wrong
knobs '{"organisation":{"status":403}}'
expect_exit 0 trunkform doctor
expect_text out 'the organisation cannot be read'
expect_exit 0 trunkform doctor -json
"$TEST_ROOT/tests/cli/support/check_schema" doctor out >&2 || die "doctor -json is not what schemas/published says"
[ "$(jq -c '[.checkups[] | [.subject, ([.checks[].condition] | unique)]]' out)" = \
  '[["state",["good"]],["provider.genesys",["good","unknown","warning"]],["certificate.pem_files.new",["good"]]]' ] || die "doctor -json: $(cat out)"
stop_service
sed -i 's|"base_url": "[^"]*"|"base_url": "http://127.0.0.1:1", "retry_budget": "0s"|' main.trunk.json
expect_exit 1 trunkform doctor
shows doctor_unreachable
expect_exit 1 trunkform doctor -json
"$TEST_ROOT/tests/cli/support/check_schema" doctor out >&2 || die "doctor -json is not what schemas/published says"

# A configuration that cannot be evaluated is an error like everywhere.
echo '{' >broken.trunk.json
expect_exit 1 trunkform doctor
expect_text err 'broken.trunk.json'
