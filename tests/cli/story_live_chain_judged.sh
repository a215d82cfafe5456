# What is on the trunk is judged by its whole path, also when the source offers something else: a source that can cure it
# must not hide what is wrong.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
issue ca/oldroot "Old Root" authority -400 5 self
issue ca/oldint "Old Issuing" authority -300 400 ca/oldroot
issue ca/second "Second Root" authority -400 3000 self
issue ca/secondint "Second Issuing" authority -300 1500 ca/second
issue ca/stranger "Stranger CA" authority -300 1500 ca/root
cp root.pem first.pem
cat first.pem ca/oldroot.pem >both.pem

issue ending sip.example.com leaf -30 60 ca/oldint DNS:sip.example.com
cat ending.pem ca/oldint.pem >ending.chain
leaf whole -30 60
cat whole.pem ca/stranger.pem >gap.chain
cp whole.key gap.key
leaf next -1 89
issue other sip.example.com leaf -1 89 ca/secondint DNS:sip.example.com
cat other.pem ca/secondint.pem >other.chain
trunk "East 1" ending
cp both.pem root.pem
start_service
configure "$(binding east 'East 1')"
take_over() { # as if we had always had what is there
  expect_exit 0 trunkform import genesys_trunk_certificate.east 00000000-0000-4000-8000-000000000001
}

# Its leaf has sixty days, its root five: due and critical, whatever the source has.
offer ending
take_over
expect_exit 1 trunkform plan -detailed-exitcode
expect_text err 'live is about to end'
offer next
plan_shows 2 live_chain_root_ends_first

# The right leaf behind a stranger: every carrier refuses that.
by_hand 'East 1' gap
expect_exit 0 trunkform forget genesys_trunk_certificate.east
take_over
offer whole
plan_shows 2 live_chain_gap
apply_all
live_is 'East 1' whole
no_changes

# The carrier trusts another root from now on.
cp ca/second.pem root.pem
expect_exit 0 trunkform plan -detailed-exitcode
expect_text out 'breaks the rule chain_incomplete'
offer other
plan_shows 2 live_chain_untrusted
stop_service
