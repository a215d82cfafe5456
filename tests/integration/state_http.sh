# The kit of backends, asked of a server of Terraform's HTTP state protocol that Terraform has just been content with: the
# plain one, and one that keeps to GitLab's rules.
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=support/state_server.sh
. "$TEST_ROOT/tests/integration/support/state_server.sh"
# shellcheck source-path=SCRIPTDIR source=support/storm.sh
. "$TEST_ROOT/tests/integration/support/storm.sh"
export BACKEND_KIND=http

# asked: methods and addresses of everything that was asked for since the proof
asked() {
  by_test requests | jq -r '.[] | .method + " " + .path' | grep /kit_ | sed -E 's|/state/kit_[^/?]*|STATE|; s|ID=.*|ID|' | sort -u
}
ask_the_kit() {
  export HTTP_STATE_URL=$state_url/state HTTP_LOCK_PATH=$lock_path HTTP_LOCK_METHOD=$lock_method HTTP_UNLOCK_METHOD=$unlock_method
  export TRUNKFORM_CA_FILE=$PWD/state-ca.pem
  expect_exit 0 backend-contract "$@"
  expect_text out 'All tests passed'
}

start_state_server
ask_the_kit
asked | diff - <(printf '%s /STATE%s\n' DELETE '?ID' GET '' LOCK '' POST '?ID' UNLOCK '' | sed 's|/STATE|STATE|') >&2 ||
  die 'other requests than docs/permissions.md says'
# Sixteen processes that want the lock at once: one has it, and every commit is on top of the one before.
storm 16 "${STORM_LENGTH-2}"

# A server that cannot delete.
server_knobs '{"no_delete":true}'
ask_the_kit 'kit: a workspace*'
server_knobs '{"no_delete":false}'

# Who may only read is told so.
TF_HTTP_USERNAME=reader expect_exit 1 backend-contract 'kit: what was committed*'
expect_text out 'LOCK of the lock was answered 403'
TF_HTTP_PASSWORD=wrong expect_exit 1 backend-contract 'kit: what was committed*'
expect_text out 'answered 401'
stop_state_server

# GitLab names its own user as the holder, so that all rows but `kit: one at a time` are asked, which looks for ours.
start_state_server --gitlab
ask_the_kit 'kit: w*,kit: a*,kit: e*,kit: t*,kit: m*'
asked | diff - <(printf '%s\n' 'DELETE STATE/lock' 'DELETE STATE?ID' 'GET STATE' 'POST STATE/lock' 'POST STATE?ID') >&2 ||
  die 'other requests than docs/permissions.md says'
storm 8 "${STORM_LENGTH-2}"
stop_state_server
