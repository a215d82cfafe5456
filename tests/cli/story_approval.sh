# Without a terminal nothing is approved; on one, only the word yes is a yes.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk "East 1"
start_service
offer ours
configure "$(binding east 'East 1')"
echo yes >answer
for input in /dev/null answer; do
  expect_exit 1 sh -c 'trunkform apply <"$1"' sh "$input"
  expect_text err 'standard input is not a terminal'
done
masked err >shown
expect_golden stories/approval_no_terminal.txt shown
patches_are 0

# at_terminal ANSWER COMMAND: the exit code of COMMAND, run on a terminal on which ANSWER is typed; ./out has what it showed
at_terminal() {
  local answer=$1
  shift
  { sleep 0.3; printf '%s\n' "$answer"; sleep 0.3; } | script -qec "$*" typescript >out 2>&1
}
for answer in no y Yes '' 'yes please'; do
  if at_terminal "$answer" trunkform apply; then die "\"$answer\" was taken for a yes"; fi
  expect_text out "Only 'yes' will be accepted"
done
expect_text out 'Apply cancelled; nothing was changed.'
patches_are 0
at_terminal yes trunkform apply || die "a yes was no yes: $(cat out)"
live_is 'East 1' ours
no_changes
patches_are 1

# A signal at the question ends the program: nothing was begun, and the lock is free for the next.
leaf newer -1 89
offer newer
rm -f ended
{
  wait_for 30 grep -q 'Enter a value' question
  printf '\003'
  wait_for 10 test -s ended
} | script -qec 'trap : INT; trunkform apply -replace=genesys_trunk_certificate.east; echo $? >ended' typescript >question 2>&1
[ "$(cat ended)" = 130 ] || die "a signal at the question: exit $(cat ended)"
patches_are 1
offer ours

if at_terminal no trunkform destroy; then die 'destroy went on after a no'; fi
expect_text out 'Do you really want to forget'
expect_exit 0 trunkform state list
expect_text out 'genesys_trunk_certificate.east'
stop_service
