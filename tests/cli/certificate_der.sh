# Certificates, keys, roots and revocation lists in DER, as Windows and authorities hand them out.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"
to_der() { openssl x509 -in "$1" -outform DER; }

# A source of DER: the chain, leaf and intermediate one behind the other, and the key.
{ to_der next.pem; to_der ca/intermediate.pem; } >new.chain
openssl pkey -in next.key -outform DER -out new.key
expect_exit 0 trunkform apply -auto-approve
bound "Carrier A 01" next
expect_exit 0 trunkform plan -detailed-exitcode
stop_service

# The same offline: chain, roots and list.
to_der root.pem >root.der
expect_exit 0 trunkform certificate check new.chain -key new.key -trust-store root.der
expect_exit 0 trunkform certificate show new.chain -trust-store root.der
openssl ca -config ca/openssl.cnf -cert ca/intermediate.pem -keyfile ca/intermediate.key -revoke next.pem 2>complaints
openssl ca -config ca/openssl.cnf -cert ca/intermediate.pem -keyfile ca/intermediate.key -gencrl -crldays 7 2>complaints |
  openssl crl -outform DER -out list.der
expect_exit 1 trunkform certificate check new.chain -trust-store root.der -crl list.der
expect_text out 'block  revoked'

# What is no certificate is told by its file, with the command that mends it.
openssl crl2pkcs7 -nocrl -certfile root.pem -outform DER -out roots.p7b
expect_exit 1 trunkform certificate check new.chain -trust-store roots.p7b
expect_text err 'roots.p7b: the trust store cannot be read'
expect_text err 'openssl pkcs7 -inform DER -in FILE -print_certs -out FILE.pem'
head -c 300 root.der >cut.der
expect_exit 1 trunkform certificate check new.chain -trust-store cut.der
expect_text err 'certificate 1 (DER) is cut off or damaged'

# Rejected for servers in OpenSSL's trusted form: not offered to anybody.
{ cat next.pem; openssl x509 -in ca/intermediate.pem -addreject serverAuth -trustout; } >rejected.chain
expect_exit 1 trunkform certificate check rejected.chain -trust-store root.pem
expect_text out 'certificate 2 (line '
expect_text out 'is not to be used for TLS servers (serverAuth)'
openssl x509 -in next.pem -addreject emailProtection -trustout | cat - ca/intermediate.pem >mail.chain
expect_exit 0 trunkform certificate check mail.chain -trust-store root.pem
