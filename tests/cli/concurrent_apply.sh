# Two applies at once: the second is told who is at work, or waits for it.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
for number in 1 2 3; do trunk "East $number"; done
start_service
offer ours
configure "$(binding one 'East 1'), $(binding two 'East 2'), $(binding three 'East 3')"
sed -i 's/"stagger": "0s"/"stagger": "5s"/' main.trunk.json

trunkform apply -auto-approve '-reason=quarterly rotation' >first.out 2>first.err &
first=$!
wait_for 30 grep -q 'PATCH accepted' first.out

# The holder, by name, machine and process; since when, for what and why; and what to do about it.
expect_exit 5 trunkform apply -auto-approve
for words in "$(id -un)@" "(pid $first)" 'since 20' 'for `apply`' 'quarterly rotation' '-lock-timeout'; do expect_text err "$words"; done
refuse_text out 'PATCH'
# Whoever only wants to know it asks, and takes nothing.
expect_exit 0 trunkform lock show
expect_text out "(pid $first)"
expect_text out 'quarterly rotation'
expect_exit 0 trunkform lock show -json
"$TEST_ROOT/tests/cli/support/check_schema" lock out >&2 || die 'not what schemas/published says'
grep -qF "(pid $first)" out || die 'the holder is not told'
# A change of the state is no different; a plan reads, and needs no lock.
expect_exit 5 trunkform forget genesys_trunk_certificate.one
expect_exit 0 trunkform plan
kill -0 "$first" || die 'the first apply was over too early to show anything'

# Too short a wait says how long it was; a long one is rewarded.
expect_exit 5 trunkform apply -auto-approve -lock-timeout=1s
expect_text err 'waited 1 s'
expect_exit 0 trunkform apply -auto-approve -lock-timeout=30s
expect_text err 'Waiting for the lock: '
expect_text err "(pid $first)"
expect_text err 'at the latest'
status=0
wait "$first" || status=$?
[ "$status" = 0 ] || { cat first.out first.err >&2; die "the first apply ended with $status"; }
patches_are 3
expect_exit 0 trunkform lock show
expect_text out 'Nobody holds the lock.'
expect_exit 0 trunkform lock show -json
expect_text out '"lock":null'
"$TEST_ROOT/tests/cli/support/check_schema" lock out >&2 || die 'not what schemas/published says'
[ ! -e .trunkform.lock.info ] || die 'a note about the lock was left behind'
no_changes
stop_service
