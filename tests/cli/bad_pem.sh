# A chain file that is no chain: each kind is told apart, the trunk is named, and nothing is sent.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
leaf second -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"

refused() { # NAME: of what new.chain is now
  expect_exit 1 trunkform plan
  said "pem/$1"
  expect_text err "genesys_trunk_certificate.a"
}
offer next
: >new.chain
refused empty
printf 'this is no certificate\n' >new.chain
refused garbage
head -c 600 /dev/urandom >new.chain
refused binary
openssl x509 -in next.pem -outform DER -out new.chain
refused der
openssl crl2pkcs7 -nocrl -certfile next.chain -outform DER -out new.chain
refused pkcs7_der
openssl crl2pkcs7 -nocrl -certfile next.chain -out bundle.p7b
cp bundle.p7b new.chain
refused pkcs7
cat next.pem bundle.p7b >new.chain
refused pkcs7_beside
cp next.key new.chain
refused key_instead_of_certificate
head -c 300 next.pem >new.chain
refused cut_off
{ head -n 3 next.pem; echo 'AAAA!!!!'; sed 1,4d next.pem; } >new.chain
refused not_base64
{ head -n 4 next.pem; tail -n 2 next.pem; } >new.chain
refused lines_missing
cat next.pem second.pem ca/intermediate.pem >new.chain
refused two_leaves
rm new.chain
refused missing
mkdir new.chain
refused folder
rmdir new.chain
ln -s new.chain new.chain
refused link_to_itself
rm new.chain
mkfifo new.chain
refused fifo
rm new.chain
head -c 2000000 /dev/zero >new.chain
refused too_large
sent 0

# The same file, offline.
cp next.key new.chain
expect_exit 1 trunkform certificate check new.chain -trust-store root.pem
cp out err
said pem/check_offline

# OpenSSL's trusted form is a certificate all the same; who is trusted is another question.
{ cat next.pem; openssl x509 -in ca/intermediate.pem -addtrust serverAuth -trustout; } >new.chain
expect_text new.chain 'BEGIN TRUSTED CERTIFICATE'
trunkform certificate check new.chain -trust-store root.pem >out
openssl x509 -in root.pem -addreject serverAuth -trustout -out distrusted.pem
expect_exit 1 trunkform certificate check next.chain -trust-store distrusted.pem
said pem/distrusted
stop_service
