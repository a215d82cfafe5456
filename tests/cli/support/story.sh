# shellcheck shell=bash
# Words for command-line tests; support/run reads this before the test. A test fails at the first word that does not hold.

die() {
  printf '%s: %s\n' "$TEST_NAME" "$*" >&2
  exit 1
}

# expect_exit CODE COMMAND [ARG ...]: runs it; afterwards ./out and ./err hold what it said.
expect_exit() {
  local wanted=$1 got=0
  shift
  "$@" >out 2>err || got=$?
  [ "$got" = "$wanted" ] && return
  printf -- '--- stdout\n%s\n--- stderr\n%s\n---\n' "$(cat out)" "$(cat err)" >&2
  die "exit $got instead of $wanted: $*"
}

# expect_text FILE TEXT: FILE has TEXT in one of its lines, literally. refuse_text: it has not.
expect_text() { grep -qF -- "$2" "$1" || { cat "$1" >&2; die "$1 does not say: $2"; }; }
refuse_text() { ! grep -nF -- "$2" "$1" >&2 || die "$1 must not say: $2"; }

# expect_golden NAME [FILE]: FILE (default: out) is byte for byte tests/golden/NAME.
# What differs from run to run must be taken out first. TRUNKFORM_UPDATE_GOLDEN=1 writes the golden file instead.
expect_golden() {
  local golden=$TEST_ROOT/tests/golden/$1 file=${2:-out}
  if [ -n "${TRUNKFORM_UPDATE_GOLDEN-}" ]; then
    mkdir -p "$(dirname "$golden")"
    cp "$file" "$golden"
    return
  fi
  [ -f "$golden" ] || die "there is no tests/golden/$1; TRUNKFORM_UPDATE_GOLDEN=1 tests/run.sh cli writes it"
  diff -u --label "golden/$1" --label "$file" "$golden" "$file" >&2 || die "$file is not tests/golden/$1"
}

# wait_for SECONDS COMMAND [ARG ...]: until it succeeds.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || die "waited in vain for: $*"
    sleep 0.05
  done
}
