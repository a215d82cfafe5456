# shellcheck shell=bash
# Secrets in the memory of a running process. Read by a test with: . "$TEST_ROOT/tests/cli/support/memory.sh"; what is looked
# for is in ./known, as arguments of find-secrets.
[ "$(id -u)" = 0 ] || die "only root may read the memory of a process that forbids it: run this test as root"

# in_flight: while the service holds back the answer to a PATCH; it numbers its looks itself
cat >in_flight <<'SH'
echo >>started
pid=$(cat pid)
kill -STOP "$pid"
xargs -a known find-secrets -pid "$pid" >looking 2>>complaints
mv looking "found.flight.$(grep -c '' started)"
kill -CONT "$pid"
SH
# shellcheck disable=SC2034 # for whoever reads this file
hook="cd $PWD && if [ -s pid ]; then sh in_flight; fi"
found_in() { # found_in PID: ./found has PLACE and NAME of what is found in a process
  xargs -a known find-secrets -pid "$1" >found.shapes || die "the memory of $1 could not be searched"
  cut -d' ' -f1,2 found.shapes | sort -u >found
}
only_found() { # only_found WHEN PLACE-AND-NAME ...: that, and no more
  local moment=$1
  shift
  { [ $# = 0 ] || printf '%s\n' "$@"; } | sort >wanted
  diff -u --label wanted --label "found $moment" wanted found >&2 || { cat found.shapes >&2; die "$moment: see above"; }
}

# started COMMAND …: in the background, with every line that its log can have; where it ends it stays for a minute (strace holds the call that ends it).
started() {
  rm -f pid started ends found.flight.*
  # shellcheck disable=SC2016 # its pid must be known before it begins
  (cd run && TRUNKFORM_LOG=trace exec strace -qq -o ../ends -e trace=exit_group -e inject=exit_group:delay_enter=60000000 \
    sh -c 'echo $$ >../pid; exec "$@"' sh "$@") >out 2>err &
  strace=$!
  wait_for 10 test -s pid
}
# ended_with CODE: looks once more where the process ends, after destructors and exit handlers
ended_with() {
  local code
  wait_for 60 grep -q exit_group ends
  found_in "$(cat pid)"
  code=$(sed -nE 's/^exit_group\(([0-9]+).*/\1/p' ends)
  kill -KILL "$strace" "$(cat pid)"
  { wait "$strace" || true; } 2>ends # bash tells of the kill
  rm pid
  [ "$code" = "$1" ] || { cat out err >&2; die "exit $code instead of $1"; }
  only_found 'at exit'
}

# issued_in_memory STORE MEMBERS: a configuration whose certificate an authority at hand issues into that store
issued_in_memory() {
  issued_configuration '"local_ca": { "lab": { "certificate": "ca/intermediate.pem", "private_key": { "file": "ca/intermediate.key" } } }' \
    "\"$1\": { \"east\": { $2 } }" '"issuer": "lab", "store": "east", "names": ["sip.example.com"]'
}
# only_locked NAME ...: while the one PATCH is on its way, these and nothing else, in locked memory; nothing at the end,
# and nothing in what was written
only_locked() {
  wait_for 120 test -s found.flight.1
  cut -d' ' -f1,2 found.flight.1 | sort -u >found
  cp found.flight.1 found.shapes
  only_found 'during the PATCH' "${@/#/locked }"
  ended_with 0
  live_is East made
  nothing_written
}
# nothing_written: not in the state, the log or in what was said
nothing_written() {
  expect_text err 'debug request method=PATCH'
  cat run/trunkform.state* run/.trunkform* out err >written
  xargs -a known find-secrets written >found
  [ ! -s found ] || die "written: $(cat found)"
}
