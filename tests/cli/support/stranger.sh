# shellcheck shell=bash
# Changes that a stranger's pull request could make, planned and applied before anybody has read them. Read by a test with:
# . "$TEST_ROOT/tests/cli/support/stranger.sh"
# shellcheck source-path=SCRIPTDIR source=outside.sh
. "$TEST_ROOT/tests/cli/support/outside.sh"

# start_stranger: a server of theirs, $stranger (host and port). Names beyond this machine lead to it as well, as the
# proxy of the environment. The trust file has a line for the simulator, and loopback counts for nothing.
start_stranger() {
  mkdir -p stranger
  : >stranger/heard
  "$TEST_ROOT/tests/cli/support/stranger" stranger >stranger/log 2>&1 &
  wait_for 30 test -s stranger/port
  stranger=127.0.0.1:$(cat stranger/port)
  export https_proxy=http://$stranger
  unset TRUNKFORM_TRUST_LOOPBACK
  expect_exit 0 trunkform trust add host "${base_url#http://}" genesys
  trust=$HOME/.config/trunkform/trust.json
}

# start_own: the operator's own server, in which nothing is: $own (host and port), and what it was asked in own/heard
start_own() {
  mkdir -p own
  : >own/heard
  "$TEST_ROOT/tests/cli/support/stranger" own empty >own/log 2>&1 &
  wait_for 30 test -s own/port
  # shellcheck disable=SC2034 # for whoever reads this file
  own=127.0.0.1:$(cat own/port)
}

# issuing ISSUER STORE [PROVIDER]: main.trunk.json with one trunk whose certificate the issuer `one` signs for the store `here`
issuing() {
  issued_configuration "$1" "$2" '"issuer": "one", "store": "here", "names": ["sip.example.com"]' "${3-}" >main.trunk.json
}

# gets_nothing WHAT: the last command told no secret, the stranger heard nothing, and the operator's own server was asked for
# nothing but to look: no key, no change, nobody else's role; with own_is_silent it was not asked at all. Secrets of these tests say CANARY.
gets_nothing() {
  [ ! -e own/heard ] || ! grep -aiE '^(PUT|PATCH|DELETE) |^x-amz-target: .*\.(Create|Put|Update|Delete)|Action=Assume|PRIVATE KEY' own/heard >&2 ||
    die "$1: more was asked than to look"
  [ -z "${own_is_silent-}" ] || [ ! -s own/heard ] || { cat own/heard >&2; die "$1: our own server was asked"; }
  [ ! -s stranger/heard ] || { cat stranger/heard >&2; die "$1: somebody was asked"; }
  refuse_text out CANARY
  refuse_text err CANARY
}

# refused WHAT COMMAND: main.trunk.json as it is now gets nothing of anybody, whatever is done with it, and COMMAND is what
# the operator is told to run. Once it was run it is not asked for again; afterwards nothing is trusted that was not before.
refused() {
  local what=$1 needed=$2 command folder before
  before=$(count_operation patch)
  for command in plan 'apply -auto-approve' doctor; do
    # shellcheck disable=SC2086 # words
    expect_exit 1 trunkform $command
    cat out err >told
    expect_text told "$needed"
    gets_nothing "$what, by $command"
    every_error_helps err
  done
  sent "$before"
  cp "$trust" trust.before
  bash -euc "$needed" >out 2>err || { cat err >&2; die "$what: what is printed does not work: $needed"; }
  trunkform plan >out 2>err || true
  refuse_text out "$needed"
  refuse_text err "$needed"
  cp trust.before "$trust"
  for folder in stranger own; do [ ! -e $folder/heard ] || : >$folder/heard; done
}
