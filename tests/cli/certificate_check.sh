# certificate check and show, offline: a good chain, a blocked one, wrong flags, and a key that stays where it is.
. "$TEST_ROOT/examples/quickstart/authority.sh"
make_authority
leaf a -1 89
leaf b -1 89

expect_exit 0 trunkform certificate check a.chain -key a.key -trust-store root.pem -name sip.example.com
expect_text out 'pass   key_mismatch'
expect_text out 'RFC 5922 §7.2'
refuse_text out 'not checked'
expect_exit 0 trunkform certificate check -json a.chain -trust-store root.pem
expect_text out '"not_checked":["name_mismatch","key_mismatch"]'
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
expect_exit 1 trunkform certificate check a.chain -trust-store root.pem -max-depth 0
expect_exit 1 trunkform certificate check nowhere.pem
expect_text err 'nowhere.pem'

for wrong in -at=yesterday -min-age=old -max-depth=x -max-depth=-1 -identity-rules=rfc1 -nonsense; do
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
