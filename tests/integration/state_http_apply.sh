# The whole program with its state behind Terraform's HTTP protocol: init tries the lock, applies from two folders see each
# other, a run that was killed is taken up when its lock was broken, one whose lock was taken stops, and neither a stranger's
# server nor a state of Terraform's own gets anything. Then the same place by GitLab's rules.
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=support/state_server.sh
. "$TEST_ROOT/tests/integration/support/state_server.sh"
# shellcheck source-path=SCRIPTDIR source=support/remote_state.sh
. "$TEST_ROOT/tests/integration/support/remote_state.sh"
two_trunks
start_state_server
export TRUNKFORM_CA_FILE=$PWD/state-ca.pem
document=/state/ops-default

# addresses NAME: the arguments for a state there
addresses() {
  printf '"address": "%s/state/%s-{workspace}", "lock_address": "%s/state/%s-{workspace}%s", "lock_method": "%s", "unlock_method": "%s"' \
    "$state_url" "$1" "$state_url" "$1" "$lock_path" "$lock_method" "$unlock_method"
}
plant_lock() { server_knobs "{\"lock\":{\"$document\":$1}}"; }
intents() { by_test documents | jq -r ".[\"$document\"] // empty | fromjson | .events[]" | grep -c '"kind":"intent"' || true; }
lock_id() { by_test locks | jq -r ".[\"$document\"].ID // empty"; }
after_death() {
  (cd elsewhere && expect_exit 5 trunkform apply -auto-approve && expect_text err "trunkform force-unlock $(cd .. && lock_id)")
  expect_exit 0 trunkform force-unlock -force "$(lock_id)"
}

# A server that the configuration names is asked for nothing before the operator says so; one of the environment is his.
with_backend http "$(addresses ops)"
TRUNKFORM_TRUST_LOOPBACK='' expect_exit 1 trunkform init
expect_text err 'is not trusted with http credentials'
expect_text err 'on main.trunk.json line'
with_backend http ''
TRUNKFORM_TRUST_LOOPBACK='' TF_HTTP_ADDRESS=$state_url/state/mine TF_HTTP_LOCK_ADDRESS=$state_url/state/mine expect_exit 0 trunkform init
expect_text out 'there is only the workspace default'
TF_HTTP_ADDRESS=$state_url/state/mine TF_HTTP_LOCK_ADDRESS=$state_url/state/mine expect_exit 1 trunkform workspace new lab
every_error_helps err
rm -rf .trunkform*

# What cannot be is told at the block, and nobody is asked.
for wrong in '' "\"address\": \"$state_url/state/ops\"" "\"address\": \"$state_url/state/ops\", \"lock_address\": \"$state_url/{workspace}\"" \
  "\"address\": \"ops\", \"lock_address\": \"ops\"" "$(addresses ops), \"update_method\": \"put it\""; do
  with_backend http "$wrong"
  expect_exit 1 trunkform init
  expect_text err 'on main.trunk.json line'
  every_error_helps err
done
with_backend http "$(addresses ops)"
TF_HTTP_PASSWORD='' expect_exit 1 trunkform init
every_error_helps err
TF_HTTP_PASSWORD=wrong expect_exit 1 trunkform init
expect_text err 'answered 401'
every_error_helps err
TF_HTTP_USERNAME=reader expect_exit 1 trunkform init
expect_text err 'docs/permissions.md'
TF_HTTP_USERNAME=reader expect_exit 2 trunkform plan -detailed-exitcode

# A lock that lets everybody in is none.
server_knobs '{"passes_locks":true}'
expect_exit 1 trunkform init
expect_text err 'a second run got the lock while the first one had it'
every_error_helps err
server_knobs '{"passes_locks":false}'
[ -z "$(lock_id)" ] || die 'a lock was left behind'

# Terraform's own state is nobody's to write over.
server_knobs "{\"put\":{\"$document\":\"{\\\"version\\\":4,\\\"terraform_version\\\":\\\"1.11.4\\\",\\\"serial\\\":3,\\\"lineage\\\":\\\"x\\\"}\"}}"
expect_exit 1 trunkform apply -auto-approve
expect_text err 'Terraform has its own state there'
by_test documents | jq -e ".[\"$document\"] | fromjson | .version == 4" >/dev/null || die "Terraform's state was written over"
server_knobs "{\"put\":{\"$document\":\"\"}}"

expect_exit 0 trunkform init
expect_text out "backend http in HTTP ${state_url#https://}/state/ops-default"
expect_text out 'a run that lost its lock may still write'
expect_exit 0 trunkform init

# A server in trouble is asked again.
server_knobs '{"fail":1,"throttle":1}'
one_state_for_two_folders
by_test documents | jq -e ".[\"$document\"] | fromjson | .format == 1 and .serial > 3 and (.lineage | length) == 36" >/dev/null ||
  die 'serial and lineage are not in clear'
# Plans do not take the lock, not even to look who has it.
by_test requests | jq -r 'map(select(.method == "LOCK")) | length' >locked
no_changes
by_test requests | jq -r 'map(select(.method == "LOCK")) | length' | diff locked - || die 'a plan asked for the lock'
a_lock_of_another
a_killed_run_is_taken_up
a_lock_taken_over

# Something that does not ask for the lock writes: told, and not written over.
by_test documents | jq -j ".[\"$document\"]" >saved
sed -i 's/"serial":\([0-9]*\)/"serial":9\1/' saved
server_knobs "$(jq -n --arg name "$document" --rawfile text saved '{put: {($name): $text}}')"
no_changes
sed 's|epoch_opened|epoch_opemed|' saved >torn
server_knobs "$(jq -n --arg name "$document" --rawfile text torn '{put: {($name): $text}}')"
expect_exit 1 trunkform plan
every_error_helps err
expect_text err 'docs/formats/http.md'
expect_exit 1 trunkform apply -auto-approve
by_test documents | jq -j ".[\"$document\"]" | diff -q - torn >/dev/null || die 'a damaged document was written over'
[ -z "$(lock_id)" ] || die 'a lock was left behind'
server_knobs "$(jq -n --arg name "$document" --rawfile text saved '{put: {($name): $text}}')"

workspaces_of_their_own
into_files_and_back "\"http\": { $(addresses second) }"
stop_state_server

# By GitLab's rules: its serials, its lock.
start_state_server --gitlab
binding="$(binding east East '"adopt": true'),$(binding west West '"adopt": true')"
configure "$binding" "\"trunkform\": { \"backend\": { \"http\": { $(addresses gitlab) } } }"
TRUNKFORM_CA_FILE='' expect_exit 1 trunkform init -reconfigure
every_error_helps err
export TRUNKFORM_CA_FILE=$PWD/state-ca.pem
expect_exit 0 trunkform init -reconfigure
expect_exit 0 trunkform apply -auto-approve
no_changes
document=/state/gitlab-default
plant_lock '{"ID":"l-9","Operation":"apply","Info":"","Who":"ann","Version":"1.11.4","Created":"2026-11-24T17:00:00.000Z","Path":""}'
expect_exit 5 trunkform apply -auto-approve
expect_text err 'ann holds it since 2026-11-24T17:00:00Z'
expect_exit 0 trunkform force-unlock -force l-9
expect_exit 0 trunkform workspace new lab
expect_exit 0 trunkform workspace select default
expect_exit 0 trunkform workspace delete lab

# No key and no password is at the server, nor in what lies here.
by_test documents >at-the-server
refuse_text at-the-server 'PRIVATE KEY'
refuse_text at-the-server "$(cat password)"
! grep -rqF "$(cat password)" --include='*' .trunkform* main.trunk.json 2>/dev/null || die 'the password was written down'
stop_state_server
stop_service
