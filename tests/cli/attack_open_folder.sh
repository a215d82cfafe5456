# Another user of this machine may write where keys are kept, or read one: plan, apply and doctor say the same, no key is
# put where everybody could replace it, and the command that is told mends it.
. "$TEST_ROOT/tests/cli/support/stranger.sh"
make_authority
leaf before -70 20
trunk East before
start_service
issuing '"local_ca": { "one": { "certificate": "ca/intermediate.pem", "private_key": { "file": "ca/intermediate.key" } } }' \
  '"files": { "here": { "path": "shared/sip" } }'
expect_exit 0 trunkform trust add secret file ca/intermediate.key
expect_exit 0 trunkform trust add write files shared/sip
chmod 755 .. . ca
chmod 600 ca/intermediate.key

# mends COMMAND: the last command told this one, and it is run
mends() {
  cat out err >told
  expect_text told "$1"
  eval "$1"
}
# no_key_into FOLDER: for everybody may write to it
no_key_into() {
  local command
  for command in plan 'apply -auto-approve' doctor; do
    # shellcheck disable=SC2086 # words
    expect_exit 1 trunkform $command
    cat out err >told
    expect_text told "everybody on this machine may write to the folder '$PWD/$1', where a private key is kept"
    [ -z "$(find shared -type f)" ] || die "$command wrote to a place that everybody may write to: $(find shared)"
  done
  mends "chmod go-w $PWD/$1"
}
# Before the store's folder is made, the one above it decides; then each that is there.
mkdir shared
chmod 777 shared
no_key_into shared
mkdir shared/sip
chmod 777 shared/sip
no_key_into shared/sip
mkdir shared/sip/versions
chmod 777 shared/sip/versions
no_key_into shared/sip/versions
rm -r shared/sip

# A folder like /tmp: what is ours there stays ours, and what nobody has made yet is the first one's.
chmod 1777 shared
expect_exit 1 trunkform plan
expect_text err "everybody on this machine may make '$PWD/shared/sip', where a private key is kept"
mkdir -m 700 shared/sip
expect_exit 0 trunkform plan
refuse_text err 'Warning'
refuse_text out 'Warning'
apply_all
chmod -R u=rwX,go=rX shared # folders that we make are closed, and what a restore makes need not be

# warned TEXT COMMAND: plan, apply and doctor tell it alike, stop for it nowhere, and the command mends it
warned() {
  local command
  for command in plan 'apply -auto-approve' doctor; do
    # shellcheck disable=SC2086 # words
    expect_exit 0 trunkform $command
    cat out err >told
    [ "$(grep -cF -- "$1" told)" = 1 ] || die "$command says $(grep -cF -- "$1" told) times: $1 $(cat told)"
  done
  mends "$2"
  expect_exit 0 trunkform plan
  refuse_text err 'may read the key'
  expect_exit 0 trunkform doctor
  refuse_text out 'may read the key'
}
key=$PWD/$(echo shared/sip/versions/*/key.pem)
for mode in 644 664 666; do
  chmod $mode "$key"
  warned "everybody on this machine may read the key '$key'" "chmod 600 $key"
  [ "$(stat -c %a "$key")" = 600 ] || die "the command left $(stat -c %a "$key")"
done
chmod 644 ca/intermediate.key
warned "everybody on this machine may read the key '$PWD/ca/intermediate.key'" "chmod 600 $PWD/ca/intermediate.key"

# The same of a source, whose key somebody else put there.
leaf own -1 89
offer own
chmod 644 new.key
configure "$(binding east East '"adopt": true')"
apply_all
warned "everybody on this machine may read the key '$PWD/new.key'" "chmod 600 $PWD/new.key"
# Nobody reaches what lies in a folder that is closed.
chmod 644 new.key
chmod 700 .
expect_exit 0 trunkform plan
refuse_text err 'may read the key'
stop_service
