# certificate check and show, offline: a good chain, a blocked one, wrong flags, and a key that stays where it is.
. "$TEST_ROOT/examples/quickstart/authority.sh"
make_authority
leaf a -1 89
leaf b -1 89
crl() { # FILE [NAME ...]: what the issuing authority has revoked
  local file=$1 name
  shift
  for name; do openssl ca -config ca/openssl.cnf -cert ca/intermediate.pem -keyfile ca/intermediate.key -revoke "$name.pem" 2>ca/log; done
  openssl ca -config ca/openssl.cnf -cert ca/intermediate.pem -keyfile ca/intermediate.key -gencrl -crldays 7 -out "$file" 2>ca/log || die "$(cat ca/log)"
}

crl none.crl
expect_exit 0 trunkform certificate check a.chain -key a.key -trust-store root.pem -name sip.example.com -crl none.crl
expect_text out 'pass   key_mismatch'
expect_text out 'RFC 5922 §7.2'
refuse_text out 'not checked'
expect_exit 0 trunkform certificate check -json a.chain -trust-store root.pem
expect_text out '"not_checked":["name_mismatch","key_mismatch","revoked"]'
expect_exit 0 trunkform certificate check a.chain -trust-store root.pem
expect_text out '-      name_mismatch  not checked: no -name'
expect_exit 1 trunkform certificate check a.chain
expect_text out '-trust-store=FILE'
expect_exit 1 trunkform certificate check a.chain -key b.key -trust-store root.pem
expect_text out 'block  key_mismatch'
expect_exit 1 trunkform certificate check a.chain -trust-store root.pem -name other.example.com
expect_text out 'block  name_mismatch'
expect_exit 1 trunkform certificate check a.chain -trust-store root.pem -at 2099-01-01T00:00:00Z
expect_text out 'block  certificate_expired'
expect_exit 1 trunkform certificate check a.pem -trust-store root.pem
expect_text out 'block  chain_incomplete'
# What could not be looked at is not called good.
for rule in root_not_trusted issuer_expired path_refused; do
  refuse_text out "pass   $rule"
  expect_text out "-      $rule  cannot be judged before chain_incomplete is mended"
done
expect_text out '-      revoked  not checked: no -crl'
expect_exit 1 trunkform certificate check a.chain -trust-store root.pem -max-depth 0
crl revoked.crl b
expect_exit 1 trunkform certificate check b.chain -trust-store root.pem -crl revoked.crl
expect_text out 'block  revoked'
expect_exit 0 trunkform certificate check a.chain -trust-store root.pem -crl none.crl -at "$(date -u -d '+30 days' +%Y-%m-%dT%H:%M:%SZ)"
expect_text out '-      revoked  cannot be judged: no list of -crl covers the leaf at that time'

# The arguments of a carrier block, as flags.
check() { trunkform certificate check a.chain -key a.key -trust-store root.pem "$@"; }
expect_exit 1 check -root=include
expect_text out 'block  root_missing'
expect_exit 1 check -mutual-tls
expect_text out 'block  not_for_clients'
expect_exit 1 check -key-type=rsa -key-type=ecdsa_p384
expect_text out 'the carrier allows rsa, ecdsa_p384'
expect_exit 0 check -key-type=rsa -key-type=ecdsa_p256
expect_exit 1 check -issuer='Another CA'
expect_text out 'block  issuer_not_allowed'
expect_exit 0 check -issuer='Quickstart Issuing CA'
leaf star -1 89 '*.example.com'
expect_exit 0 trunkform certificate check star.chain -trust-store root.pem -name sip.example.com -identity-rules=rfc6125
expect_text out 'warn   wildcard_name'
expect_exit 1 trunkform certificate check star.chain -trust-store root.pem -name sip.example.com -identity-rules=rfc6125 -allow-wildcard=false
expect_text out 'block  name_mismatch'
grep -q '^block  name_mismatch.*RFC 6125' out || grep -A3 '^block  name_mismatch' out | grep -q 'RFC 6125 §6.4' || die "the clause: $(cat out)"

# An encrypted key: its passphrase comes from a file, as a configuration's does, and appears nowhere.
openssl pkcs8 -topk8 -in a.key -passout pass:correct-horse -out locked.key
printf 'correct-horse\n' >word
printf 'wrong-horse\n' >wrong-word
: >no-word
expect_exit 1 check -key=locked.key
expect_text out 'here: -passphrase-file=FILE'
expect_text out '-      key_mismatch  cannot be judged before key_encrypted is mended'
expect_exit 0 check -key=locked.key -passphrase-file=word
expect_text out 'pass   key_encrypted'
expect_text out 'pass   key_mismatch'
expect_exit 1 check -key=locked.key -passphrase-file=wrong-word
expect_text out 'the passphrase does not open the private key'
refuse_text out wrong-horse
expect_exit 1 check -key=locked.key -passphrase-file=no-word
expect_text err 'no-word holds no passphrase'

expect_exit 1 trunkform certificate check nowhere.pem
expect_text err 'nowhere.pem'

for wrong in -at=yesterday -min-age=old -max-depth=x -max-depth=-1 -identity-rules=rfc1 -nonsense -key-type=ecdsa -min-rsa=12 -root=yes -allow-wildcard=maybe -allow-wildcard=true -passphrase-file=word; do
  expect_exit 64 trunkform certificate check a.chain "$wrong"
done
expect_exit 64 trunkform certificate check

# One file with the key, the root and the chain upside down: in order again, and the key stays in.
cat a.key root.pem ca/intermediate.pem a.pem >all.pem
expect_exit 0 trunkform certificate show -pem all.pem
cmp out a.chain || die "show -pem is not what is sent"
trunkform certificate show -pem - <all.pem >piped
cmp piped a.chain || die "show -pem - is not what is sent"
for words in "show all.pem" "show -json all.pem" "check all.pem -trust-store root.pem" "check -json all.pem -trust-store root.pem"; do
  # shellcheck disable=SC2086
  trunkform certificate $words >>said 2>&1 || die "certificate $words"
done
refuse_text said PRIVATE
refuse_text said "$(sed -n 2p a.key)"
