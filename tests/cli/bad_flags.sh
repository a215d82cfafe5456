# A value that a flag cannot have ends the command before it begins, with the value and an example; what a flag names is
# not overwritten, nor taken for something that is not there.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01" '"adopt": true')"
refused() { # NAME COMMAND ...
  local name=$1
  shift
  expect_exit 64 "$@"
  said "flags/$name"
}
refused parallelism_zero trunkform plan -parallelism=0
refused parallelism_word trunkform apply -parallelism ten
refused parallelism_huge trunkform drift -parallelism=100000
refused limit trunkform history -limit=few
refused lock_timeout trunkform apply -lock-timeout=5
refused lock_timeout_forget trunkform forget -lock-timeout=soon genesys_trunk_certificate.a
refused wait trunkform apply -wait=-2h
refused deadline trunkform apply -deadline=tomorrow
refused target trunkform plan -target=genesys_trunk_certificate
refused replace trunkform apply '-replace=genesys_trunk_certificate.a[East]'
refused variable trunkform plan -var secret-word
refuse_text err secret-word
refused from_environment env TRUNKFORM_CLI_ARGS_plan=-parallelism=0 trunkform plan
expect_exit 64 trunkform apply -json -parallelism=0
"$TEST_ROOT/tests/cli/support/check_schema" ui out >&2 || die "a usage error under -json is no line of the stream"

# Values that only the command itself can judge are no different: judged before it begins, and the code is 64.
refused interval trunkform verify -interval=0s
refused kind trunkform notify test -kind=overdeu
refused allow_wildcard trunkform certificate check old.chain -allow-wildcard=true
refused passphrase_file trunkform certificate check old.chain -passphrase-file=x
refused deadline_passed trunkform apply -deadline=2020-01-01T00:00:00Z
refused no_lock trunkform apply -lock=false
refused target_of_plan_file trunkform apply -target=genesys_trunk_certificate.a some.trunkplan
refused raw trunkform output -raw
refused workspace trunkform workspace new 'a b'
refused empty_value trunkform plan -out=
for line in 'forecast -renewal=never' 'forecast -ics -html' 'forecast -apply-every=0s' 'completion csh' \
  'plan -destroy -refresh-only' 'certificate check old.chain -at=now'; do
  # shellcheck disable=SC2086 # words
  expect_exit 64 trunkform $line
  expect_text err 'Error: usage: '
done

# What is not possible is not written into the trust file either: the next command would not be able to read it.
refused trust_kind trunkform trust add host h:1 webhok
refused trust_variable trunkform trust add secret env 'a b'
trusts() { expect_exit 64 trunkform trust add "$@"; }
trusts secret env ''
trusts secret env 1A
trusts secret file ''
trusts host h:99999 webhook
trusts host 'a b:1' webhook
trusts write frob /x
trusts frob x
trusts program bin/true
trusts program /bin/true -env='A B'
[ ! -e "$HOME/.config/trunkform/trust.json" ] || die 'something was trusted'
sent 0

# -out: a plan over a plan, and nothing else.
kept() { # FILE NAME
  cp "$1" before
  expect_exit 1 trunkform plan -out="$1"
  said "flags/$2"
  cmp "$1" before >&2 || die "$1 was overwritten"
}
kept trunkform.state.json out_state
kept main.trunk.json out_configuration
# It would be read as configuration by the next command, and be none.
expect_exit 64 trunkform plan -out=review.trunk.json
said flags/out_named_as_configuration
[ ! -e review.trunk.json ] || die 'a plan was saved as configuration'
mkdir named
expect_exit 0 trunkform plan -out=named/review.trunkplan
mv named/review.trunkplan named/review.trunk.json
expect_exit 1 trunkform -chdir=named validate
said flags/plan_as_configuration
mkdir folder
expect_exit 1 trunkform plan -out=folder
said flags/out_folder
expect_exit 1 trunkform plan -out=/dev/null
[ -c /dev/null ] || die '/dev/null is a file now'
: >fresh.trunkplan
expect_exit 0 trunkform plan -out=fresh.trunkplan
expect_exit 0 trunkform plan -out=fresh.trunkplan
expect_exit 0 trunkform apply fresh.trunkplan

# history of an address that nobody ever had.
expect_exit 0 trunkform history genesys_trunk_certificate.a
expect_exit 1 trunkform history genesys_trunk_certificate.ab
said flags/history_unknown
stop_service
