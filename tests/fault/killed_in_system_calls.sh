# The real program, killed by strace inside the system calls that make things durable or public: the next run finishes.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf old -30 60
leaf new -1 89
for number in 1 2 3; do trunk "East $number" old; done
start_service
bindings="$(binding one 'East 1' '"adopt": true'), $(binding two 'East 2' '"adopt": true'), $(binding three 'East 3' '"adopt": true')"

committed() { curl -fsS "$base_url/_sim/summary" | tr -d '\n' | grep -oE "\"$1\": *[0-9]+" | grep -oE '[0-9]+$'; }

# killed_in CALLS WHEN: an apply of three trunks dies as soon as a thread enters these system calls for the WHEN-th time
# (strace counts for each; one worker does all steps here); then an apply runs to its end
killed_in() {
  local calls=$1 when=$2 status=0 number before
  rm -rf round && mkdir round && cp root.pem round/ && cd round
  cp ../new.chain ../new.key .
  configure "$bindings"
  for number in 1 2 3; do (cd .. && by_hand "East $number" old); done
  before=$(committed patches_committed)
  strace -f -qq -o ../strace.log -e "trace=$calls" -e "inject=$calls:signal=SIGKILL:when=$when" \
    trunkform apply -auto-approve -parallelism=1 >out 2>err || status=$?
  [ "$status" = 137 ] || { cat out err >&2; die "$calls, call $when: ended with $status, not killed"; }
  expect_exit 0 trunkform apply -auto-approve
  for number in 1 2 3; do live_is "East $number" ../new; done
  [ "$(committed patches_committed)" = $((before + 3)) ] || die "$calls, call $when: a trunk was patched twice"
  [ "$(committed needless_patches)" = 0 ] || die "$calls, call $when: a PATCH sent what was bound already"
  no_changes
  cd ..
}

# The log's durable appends: the run's first, then the worker's, intent and outcome of each trunk.
for when in 2 3 4; do killed_in fdatasync "$when"; done
# What replaces files whole: the note about the lock, then the state document.
for when in 1 2; do killed_in rename,renameat,renameat2 "$when"; done
# Requests on their way: a PATCH, the read after it, the next trunk's PATCH.
for when in 2 3 5; do killed_in sendto,sendmsg "$when"; done
stop_service
