# One signal finishes the trunk in hand; two stop now. The state is safe either way, and the next run goes on.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
for number in 1 2 3; do trunk "East $number"; done
start_service
offer ours
configure "$(binding one 'East 1'), $(binding three 'East 3'), $(binding two 'East 2')"

# ends_with CODE: the apply that runs
ends_with() {
  local status=0
  wait "$running" || status=$?
  [ "$status" = "$1" ] || { cat run.out run.err >&2; die "the apply ended with $status instead of $1"; }
  [ ! -e .trunkform.lock.info ] || die 'the lock is not free'
}

# The answer to the PATCH takes its time: the signal comes while it is under way.
knobs '{"faults":[{"effect":"slow","operation":"patch","when":"after","first_byte":"2s"}]}'
trunkform apply -auto-approve >run.out 2>run.err &
running=$!
wait_for 30 grep -q 'binding' run.out
kill -INT "$running"
ends_with 130
expect_text run.err 'A second signal stops at once'
expect_text run.out 'PATCH accepted'
patches_are 1
expect_exit 0 trunkform state list
[ "$(wc -l <out)" = 1 ] || die "the state has not exactly the trunk in hand: $(cat out)"

# Twice: the answer that would take a minute is not waited for; its trunk is read by the next run and not sent again.
knobs '{"clear_faults":true,"faults":[{"effect":"slow","operation":"patch","when":"after","first_byte":"60s"}]}'
rm run.out  # its lines are not those of the run that is to be interrupted
trunkform apply -auto-approve >run.out 2>run.err &
running=$!
wait_for 30 grep -q 'binding' run.out
sleep 0.5
begun=$SECONDS
kill -INT "$running"
sleep 0.5
kill -INT "$running"
ends_with 130
[ $((SECONDS - begun)) -lt 20 ] || die 'the second signal was not heeded at once'
expect_text run.err 'told to stop at once while the PATCH was under way'
refuse_text run.err 'firewall'
patches_are 2
knobs '{"clear_faults":true}'
expect_exit 0 trunkform apply -auto-approve
expect_text err 'an interrupted run had bound it'
patches_are 3
for number in 1 2 3; do live_is "East $number" ours; done
no_changes
stop_service
