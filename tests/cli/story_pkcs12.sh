# A PKCS #12 as a Windows authority exports it (the older ciphers): bound, renewed by a newer file, and gone back from to the
# file that is kept.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf before -70 20
leaf first -30 60
leaf second -1 89
trunk 'East 1' before
start_service
export PASSPHRASE='correct horse'
# exported NAME FILE: certificate and key of NAME as such a file
exported() {
  mkdir -p "$(dirname "$2")"
  openssl pkcs12 -export -legacy -in "$1.chain" -inkey "$1.key" -passout env:PASSPHRASE -out "$2"
}
exported first sip.pfx
openssl pkcs12 -legacy -info -noout -in sip.pfx -passin env:PASSPHRASE 2>info
expect_text info 'pbeWithSHA1And40BitRC2-CBC'
configure "$(binding east 'East 1' '"adopt": true')"
sed -i -e 's|"pem_files": { "new": { [^}]* } }|"pkcs12": { "new": { "file": "sip.pfx", "versions": "archive/*/", "passphrase": { "env": "PASSPHRASE" } } }|' \
  -e 's|certificate.pem_files.new|certificate.pkcs12.new|' -e 's|"min_age": "0s"|"min_age": "0s", "when": "available"|' main.trunk.json
expect_exit 1 trunkform apply -auto-approve
expect_text err 'trunkform trust add secret env PASSPHRASE'
expect_exit 0 trunkform trust add secret env PASSPHRASE
apply_all
live_is 'East 1' first
patches_are 1
no_changes

# The next file takes its place, and the one before is kept beside it.
exported first archive/1/sip.pfx
exported second sip.pfx
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out "$(fingerprint second)"
refuse_text out 'no way back'
apply_all
live_is 'East 1' second
patches_are 2
no_changes

expect_exit 0 trunkform rollback -auto-approve -reason 'one-way audio' genesys_trunk_certificate.east
live_is 'East 1' first
patches_are 3

# Without the file that was kept there is no way back.
apply_all -retry
live_is 'East 1' second
rm -r archive
expect_exit 1 trunkform rollback -auto-approve genesys_trunk_certificate.east
expect_text err 'no_way_back'
live_is 'East 1' second
! grep -rlF -- "$PASSPHRASE" . >&2 || die 'the passphrase was written down'
stop_service
