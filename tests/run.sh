#!/usr/bin/env bash
# Builds what is missing and runs the tests, all of them or the parts that are named.
# The last line says what ran: "N passed, N failed". Nothing is skipped silently: what did not run has failed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

usage() {
  cat <<'TEXT'
usage: tests/run.sh [OPTION ...] [PART ...]

parts (without one: all that need no server)
  unit          one program for each room
  cli           the programs, as people call them
  conformance   the expression language against recorded answers
  simulation    the rollout under a seed and a virtual clock
  fault         kills and failing system calls at every step
  integration [LANE]
                against real servers, which the tests start (not run by default): the lane
                `certificates` (sources, stores, issuers), `sip` (what is behind a port) or `state`
                (where a state lives), else all
  bench         time, memory and API calls, judged by their bars (not run by default)
  fuzz          each parser of what others wrote, with input made up by libFuzzer (not run by default; clang)
  mutants       the simulation against drivers that are wrong on purpose (not run by default)

options
  --preset NAME   which build: release (default), dev, asan, tsan, coverage
  --only REGEX    only the tests whose name matches, as in ctest -R
  --jobs N        compile and run N at once (default: one for each core, and one test more, for they wait a lot)
  --seconds N     with `fuzz` alone: for so long each (default 60)
  --seeds N       with `simulation` alone: so many worlds instead of the usual 2000
  --seed N        with `simulation` alone: replay one world, and tell its story
  -h, --help      show this

A test is a Catch case, a case that a test program counts itself, or else a whole program.
TEXT
}

serverless=(unit cli conformance simulation fault)
known=("${serverless[@]}" integration bench mutants fuzz)
lanes=(certificates sip state)
preset=release only='' lane='' worlds=() seconds=60 parts=()
jobs=$(nproc 2>/dev/null || echo 2)
at_once=$((jobs + 1))
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=${2:?--preset needs a name}; shift 2 ;;
    --only) only=${2:?--only needs an expression}; shift 2 ;;
    --jobs) jobs=${2:?--jobs needs a number} at_once=$2; shift 2 ;;
    --seconds) seconds=${2:?--seconds needs a number}; shift 2 ;;
    --seed | --seeds) worlds=("$1" "${2:?$1 needs a number}"); shift 2 ;;
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; exit 64 ;;
    *)
      if [ ${#parts[@]} -gt 0 ] && [ "${parts[-1]}" = integration ] && [ -z "$lane" ] && [[ " ${lanes[*]} " == *" $1 "* ]]; then
        lane=$1
        shift
        continue
      fi
      printf '%s\n' "${known[@]}" | grep -qxF -- "$1" || { echo "tests: there is no part \"$1\"" >&2; usage >&2; exit 64; }
      parts+=("$1"); shift ;;
  esac
done
named=${#parts[@]}
[ "$named" -gt 0 ] || parts=("${serverless[@]}")
if [ "${parts[*]}" = fuzz ]; then
  exec tests/fuzz/run "$seconds" "$jobs"
fi
[[ " ${parts[*]} " != *" fuzz "* ]] || { echo "tests: fuzz is run by itself; it is built by another compiler" >&2; exit 64; }
build=$root/build/$preset

# One part alone needs one target alone: a lane under sanitizers does not build the shipped programs for its unit tests.
targets=(all)
[ "${parts[*]}" != unit ] || targets=(unit_tests)
if [ -f "$build/build.ninja" ]; then
  export CCACHE_BASEDIR=${CCACHE_BASEDIR-$root} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR-1}
  ninja -C "$build" -j "$jobs" "${targets[@]}" >&2 || { echo "tests: the build failed; nothing ran" >&2; exit 1; }
else
  ./bootstrap.sh --preset "$preset" --jobs "$jobs" "${targets[@]/#/--target=}"
fi

if [ ${#worlds[@]} -gt 0 ]; then
  [ "${parts[*]}" = simulation ] || { echo "tests: ${worlds[0]} goes with the part simulation alone" >&2; exit 64; }
  exec "$build/tests/test_simulation" "${worlds[@]}"
fi

passed=0 failed=0
add() { passed=$((passed + $1)) failed=$((failed + $2)); }

run_labels() {
  local labels report="$build/Testing/junit.xml"
  labels="^($(IFS='|'; echo "$*"))\$"
  [ -z "$lane" ] || labels=${labels/integration/integration-$lane}
  rm -f "$report"
  # ctest's own verdict is not lost by "|| true": every failure of it is in the report, and no report is a failure.
  ctest --test-dir "$build" -j "$at_once" -L "$labels" ${only:+-R "$only"} --output-on-failure --no-tests=ignore \
    --output-junit "$report" --test-output-size-passed 65536 --test-output-size-failed 1048576 \
    --test-output-truncation middle || true
  if [ ! -f "$report" ]; then
    echo "tests: ctest left no report for: $*" >&2
    add 0 1
    return
  fi
  # shellcheck disable=SC2046 # two numbers
  add $("$root/tests/support/count_results" "$report")
}

# A program that counts for itself: its last line is "N passed, N failed".
run_counting() {
  local result
  result=$("$@") || true
  printf '%s\n' "$result" | sed '$d'
  if [[ "$(tail -n 1 <<<"$result")" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    add "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
  else
    add 0 1
  fi
}

labels=() counting=()
for part in "${parts[@]}"; do
  case $part in
    bench | mutants) counting+=("$part") ;;
    *) labels+=("$part") ;;
  esac
done
# Without its servers a test of them fails, and says which is missing.
case " ${labels[*]} " in
  *" integration "*) ./bootstrap.sh --packages-only --integration >&2 || echo "tests: not all servers could be installed" >&2 ;;
esac
# A part that was asked for by name and has no test must not pass because another has some.
if [ "$named" -gt 0 ]; then
  for part in "${labels[@]}"; do
    before=$((passed + failed))
    run_labels "$part"
    [ $((passed + failed)) -gt "$before" ] || { echo "tests: part $part has no test${only:+ that matches $only}" >&2; add 0 1; }
  done
else
  run_labels "${labels[@]}"
fi
for part in "${counting[@]}"; do
  case $part in
    bench) run_counting "$root/tests/bench/run.sh" --judge ;;
    mutants) run_counting "$root/tests/simulation/mutants/run" ;;
  esac
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
