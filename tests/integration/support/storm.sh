# shellcheck shell=bash
# Many processes that want one lock. Read by a test with: . "$TEST_ROOT/tests/integration/support/storm.sh"

# storm PROCESSES ROUNDS: in the backend that BACKEND_KIND names; PLACE is new
storm() {
  local processes=$1 i failed=0 pids=()
  export STORM_ROUNDS=$2 STORM_MARKER=$PWD/storm.marker BACKEND_PLACE=storm_$$_$RANDOM STORM_TOTAL=$(($1 * $2))
  # The place is made by one, before the others come.
  STORM_ROUNDS=0 backend-contract '[storm]' >storm.out 2>&1 || { cat storm.out >&2; die 'no place for a storm'; }
  for ((i = 0; i < processes; ++i)); do
    STORM_NAME=process-$i backend-contract '[storm]' >"storm.$i.out" 2>&1 &
    pids+=($!)
  done
  for ((i = 0; i < processes; ++i)); do
    wait "${pids[$i]}" || { failed=1; tail -20 "storm.$i.out" >&2; }
  done
  [ $failed = 0 ] || die 'the lock did not keep the others out'
  backend-contract '[after-the-storm]' >storm.out 2>&1 || { cat storm.out >&2; die 'something was lost in the storm'; }
  unset BACKEND_PLACE
}
