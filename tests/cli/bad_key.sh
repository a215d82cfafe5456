# A private key that cannot be used: found before the first PATCH, and never quoted.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"
offer next

refused() { # NAME: of what new.key is now
  expect_exit 1 trunkform apply -auto-approve
  said "key/$1"
  expect_text err "genesys_trunk_certificate.a"
  [ ! -s new.key ] || refuse_text err "$(sed -n 2p new.key | cut -c1-30)"
}
openssl pkcs8 -topk8 -v2 aes-256-cbc -in next.key -passout pass:secret-word -out new.key
refused encrypted
openssl ec -aes-256-cbc -in next.key -passout pass:secret-word -out new.key 2>/dev/null
refused encrypted_traditional
cp old.key new.key
refused of_another_certificate
printf -- '-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n' >new.key
refused not_a_key
head -c 100 next.key >new.key
refused cut_off
cat next.key old.key >new.key
refused two_keys
cp next.pem new.key
refused certificate_instead_of_key
: >new.key
refused empty
rm new.key
refused missing
expect_exit 2 trunkform plan -detailed-exitcode -concise
expect_text out 'warning   the private key is not to be had here'
refuse_text out 'no way back'
cp next.key new.key

# As an ordinary user, who may not read it.
give_to_nobody
[ "$(id -u)" != 0 ] || chown 0:0 new.key
chmod 600 new.key
[ "$(id -u)" = 0 ] || chmod 000 new.key
expect_exit 1 as_nobody trunkform apply -auto-approve
said key/unreadable
sent 0
stop_service
