# The real program, killed by strace, or failed, at the system calls that make things durable or public: the next run
# finishes.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf old -30 60
leaf new -1 89
for number in 1 2 3; do trunk "East $number" old; done
start_service
bindings="$(binding one 'East 1' '"adopt": true'), $(binding two 'East 2' '"adopt": true'), $(binding three 'East 3' '"adopt": true')"

committed() { curl -fsS "$base_url/_sim/summary" | tr -d '\n' | grep -oE "\"$1\": *[0-9]+" | grep -oE '[0-9]+$'; }

# broken_in HOW STATUS CALLS WHEN [FILE]: an apply of three trunks meets HOW (strace's words for a signal or an error) as
# soon as a thread enters these system calls for the WHEN-th time (strace counts for each; one worker does all steps
# here), of those about FILE alone where one is named, and before the call is made; it ends with STATUS. Then an apply
# runs to its end
broken_in() {
  local how=$1 expected=$2 calls=$3 when=$4 status=0 number before
  local about=()
  rm -rf round && mkdir round && cp root.pem round/ && cd round
  # By the whole name: the file is not there yet.
  [ -z "${5-}" ] || about=(-P "$PWD/$5")
  cp ../new.chain ../new.key .
  configure "$bindings"
  for number in 1 2 3; do (cd .. && by_hand "East $number" old); done
  before=$(committed patches_committed)
  strace -f -qq -o ../strace.log "${about[@]}" -e "trace=$calls" -e "inject=$calls:$how:when=$when" \
    trunkform apply -auto-approve -parallelism=1 >out 2>err || status=$?
  [ "$status" = "$expected" ] || { cat out err >&2; die "$calls, call $when, $how: ended with $status, not $expected"; }
  expect_exit 0 trunkform apply -auto-approve
  for number in 1 2 3; do live_is "East $number" ../new; done
  [ "$(committed patches_committed)" = $((before + 3)) ] || die "$calls, call $when: a trunk was patched twice"
  [ "$(committed needless_patches)" = 0 ] || die "$calls, call $when: a PATCH sent what was bound already"
  no_changes
  cd ..
}

killed_in() { broken_in signal=SIGKILL 137 "$@"; }

# The log's durable appends: the run's first, then the worker's, intent and outcome of each trunk.
for when in 2 3 4; do killed_in fdatasync "$when"; done
# Its lines themselves: the epoch, the run's first, an intent.
for when in 1 2 3; do killed_in write "$when" trunkform.state.events; done
# What replaces files whole is made durable under a passing name, and then in its folder.
for when in 2 3 5; do killed_in fsync "$when"; done
# And renamed: the note about the lock, then the state document.
for when in 1 2; do killed_in rename,renameat,renameat2 "$when"; done
# What cannot be made durable is said, ends the run, and is no success: the run's first event, an intent, an outcome.
for when in 2 3 4; do broken_in error=EIO 1 fdatasync "$when"; done
# Requests on their way: a PATCH, the read after it, the next trunk's PATCH.
for when in 2 3 5; do killed_in sendto,sendmsg "$when"; done
stop_service
