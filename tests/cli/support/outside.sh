# shellcheck shell=bash
# Words for tests of the guide's traps and of bad input: what trunkform reads and is told from outside.
# Read by a test with: . "$TEST_ROOT/tests/cli/support/outside.sh"
# shellcheck source-path=SCRIPTDIR source=service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"

# offer NAME: from now on the source has this pair
offer() {
  cp "$1.chain" new.chain
  cp "$1.key" new.key
}

# settle_on NAME BINDINGS [MORE]: a configuration whose state already records NAME on every trunk, as after earlier runs
settle_on() {
  offer "$1"
  configure "$2" "${3-}"
  expect_exit 0 trunkform apply -auto-approve
}

# set_provider MEMBERS: more arguments of the provider block
set_provider() { sed -i -E "s|(\"genesys\": \{ )|\1$1, |" main.trunk.json; }
# patient_for DURATION: how long one call may be tried again
patient_for() { set_provider "\"retry_budget\": \"$1\""; }

# sent N: the service has seen N PATCHes
sent() { [ "$(count_operation patch)" = "$1" ] || die "the service saw $(count_operation patch) PATCHes instead of $1"; }
count_operation() { curl -fsS "$base_url/_sim/requests?after=0" | tr '{' '\n' | grep -c "\"operation\": *\"$1\"" || true; }
# bound TRUNK NAME: the service has NAME's leaf on the trunk
bound() { [ "$(live_leaf "$1")" = "$(fingerprint "$2")" ] || die "$1 has $(live_leaf "$1") instead of $2, $(fingerprint "$2")"; }
# patch_times: when each PATCH came, in milliseconds, one a line
patch_times() {
  curl -fsS "$base_url/_sim/requests?after=0" | tr -d '\n' | tr '{' '\n' | grep '"operation": *"patch"' |
    sed -E 's/.*"time": *"([^"]*)".*/\1/' | while read -r time; do date -u -d "$time" +%s%3N; done
}

json_text() { awk '{printf "%s\\n", $0}' "$1"; }
# raw_patch TRUNK-ID BODY: what a program without care would send; ./answer has what the service says to it
raw_patch() {
  local token
  token=$(curl -fsS -u "$GENESYSCLOUD_OAUTHCLIENT_ID:$GENESYSCLOUD_OAUTHCLIENT_SECRET" -H 'Accept: application/json' \
    -d grant_type=client_credentials "$base_url/oauth/token" | sed -E 's/.*"access_token": ?"([^"]*)".*/\1/')
  curl -sS -o answer -X PATCH -H "Authorization: Bearer $token" -H 'Accept: application/json' \
    -H 'Content-Type: application/json' --data-binary "$2" "$base_url/api/v2/telephony/providers/edge/trunks/$1"
}
trunk_id() { printf '00000000-0000-4000-8000-%012d' "$1"; }

# said NAME: what the last command told on stderr is tests/golden/bad/NAME.txt, without what differs from run to run
said() {
  sed -E -e "s#$PWD#<folder>#g" -e "s#$HOME#<home>#g" \
    -e 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/<id>/g' \
    -e 's/tried [0-9]+ times in [0-9]+ m?s\b/tried <number> times in <duration>/g' \
    -e 's/\(pid [0-9]+\)/(pid <pid>)/g' err >unmasked
  masked unmasked >said
  expect_golden "bad/$1.txt" said
  every_error_helps err
}

# as_nobody COMMAND [ARG ...]: as an ordinary user where the test runs as root, who may do everything
as_nobody() {
  if [ "$(id -u)" != 0 ]; then "$@"; return; fi
  setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
}
# give_to_nobody: what an ordinary user needs to work here
give_to_nobody() {
  [ "$(id -u)" = 0 ] || return 0
  chown -R 65534:65534 . "$HOME" "$TMPDIR"
  local folder=$PWD
  while [ "$folder" != / ] && [ "$folder" != /tmp ]; do
    chmod o+x "$folder" 2>/dev/null || true
    folder=$(dirname "$folder")
  done
}
