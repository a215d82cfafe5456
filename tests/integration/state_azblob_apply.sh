# The whole program with its state in Azure Blob Storage, its tokens from Microsoft Entra's fake: init tries whether the
# server keeps its promises, applies from two folders see each other, a run that was killed is taken up by another when
# its lease has ended, and a stranger's account gets nothing.
# shellcheck source-path=SCRIPTDIR source=support/azure.sh
. "$TEST_ROOT/tests/integration/support/azure.sh"
# shellcheck source-path=SCRIPTDIR source=support/azblob.sh
. "$TEST_ROOT/tests/integration/support/azblob.sh"
# shellcheck source-path=SCRIPTDIR source=support/remote_state.sh
. "$TEST_ROOT/tests/integration/support/remote_state.sh"
two_trunks
start_key_vault new
start_azurite
cat ca.pem blob-ca.pem >cas.pem
export TRUNKFORM_CA_FILE=$PWD/cas.pem AZURE_AUTHORITY_HOST=$authority_url AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET
AZURE_TENANT_ID=$(cat tenant) AZURE_CLIENT_ID=$(cat client) AZURE_CLIENT_SECRET=$(cat secret)
expect_exit 0 trunkform trust add host "${authority_url#https://}" azure
state=/trunkform/workspaces/default/state

header() { tr -d '\r' <blob-headers | sed -n "s/^$1: //Ip"; }
lease_of() { printf %s "$1" | sha256sum | sed -E 's/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/\1-\2-\3-\4-\5/'; }
break_lease() { by_operator PUT "$state?comp=lease" -H 'x-ms-lease-action: break' -H 'x-ms-lease-break-period: 0' -d ''; }
# Somebody else's program: it leases the blob under the id of its lock, and says in the metadata who it is.
plant_lock() {
  local lease
  lease=$(lease_of "$(jq -r .ID <<<"$1")")
  by_operator HEAD "$state"
  [ "$(header x-ms-lease-state)" != leased ] || break_lease
  by_operator PUT "$state?comp=lease" -H 'x-ms-lease-action: acquire' -H "x-ms-proposed-lease-id: $lease" -H 'x-ms-lease-duration: -1' -d ''
  by_operator HEAD "$state"
  by_operator PUT "$state?comp=metadata" -H "x-ms-lease-id: $lease" -H 'x-ms-meta-trunkform_format: 1' \
    -H "x-ms-meta-trunkform_generation: $(header x-ms-meta-trunkform_generation)" -H "x-ms-meta-trunkform_holder: $1" -d ''
}
blobs() {
  by_operator GET '?restype=container&comp=list'
  grep -o '<Name>[^<]*' blob-answer | cut -c7- || true
}
intents() {
  local name
  for name in $(blobs | grep '/workspaces/default/.*/events/'); do
    by_operator GET "/$name"
    cat blob-answer
  done | grep -o '"kind":"intent"' | wc -l
}
after_death() {
  (cd elsewhere && expect_exit 5 trunkform apply -auto-approve && expect_text err 'a run that died loses it by itself')
  break_lease
}

# A server that the configuration names is asked for nothing before the operator says so.
with_backend azblob "\"container\": \"ops-state\", \"endpoint\": \"$blob_endpoint\""
TRUNKFORM_TRUST_LOOPBACK='' expect_exit 1 trunkform init
expect_text err 'is not trusted with azure credentials'
expect_text err 'on main.trunk.json line'
with_backend azblob '"container": "ops-state", "storage_account": "opsstate"'
expect_exit 1 trunkform init
expect_text err 'trunkform trust add host opsstate.blob.core.windows.net:443 azure'

# What cannot be is told at the block, and nobody is asked.
for wrong in '"container": "Ops"' '"container": "ops-state", "storage_account": "ops"' '"container": "ops-state", "prefix": "/sip/"'; do
  with_backend azblob "$wrong, \"endpoint\": \"$blob_endpoint\""
  expect_exit 1 trunkform init
  expect_text err 'on main.trunk.json line'
  every_error_helps err
done

# A container that is not there, and a secret that is wrong.
with_backend azblob "\"container\": \"no-such-container\", \"endpoint\": \"$blob_endpoint\""
expect_exit 1 trunkform init
expect_text err 'ContainerNotFound'
every_error_helps err
with_backend azblob "\"container\": \"ops-state\", \"endpoint\": \"$blob_endpoint\""
AZURE_CLIENT_SECRET=wrong expect_exit 1 trunkform plan
expect_text err 'AADSTS7000215'

expect_exit 0 trunkform init
expect_text out "backend azblob in Azure Blob ${blob_endpoint#https://}/ops-state/trunkform"
expect_text out 'the lock of a dead machine runs out by itself'
expect_exit 0 trunkform init
[ -z "$(blobs)" ] || die 'init left something behind'

one_state_for_two_folders
a_lock_of_another
a_killed_run_is_taken_up
a_lock_taken_over

# One append blob a run, and a run that lost its lock cannot go on with its own.
blobs | grep '/workspaces/default/.*/events/' >logs
by_operator GET "/$(tail -n 1 logs)"
grep -q '^- closed by ' blob-answer || die 'the first run of all could append to its events still'

workspaces_of_their_own
into_files_and_back "\"azblob\": { \"container\": \"ops-state\", \"prefix\": \"second\", \"endpoint\": \"$blob_endpoint\" }"
in_container() { printf '"azblob": { "container": "ops-state", "prefix": "%s", "endpoint": "%s" }' "$1" "$blob_endpoint"; }
begins_encrypted "$(in_container sealed)"
blobs | grep -q sealed/ || die 'there are no blobs of the encrypted state'
for name in $(blobs | grep sealed/); do
  by_operator GET "/$name"
  for word in genesys_trunk_certificate epoch_opened "$STATE_KEY"; do refuse_text blob-answer "$word"; done
done

# No key is in the container.
for name in $(blobs); do
  by_operator GET "/$name"
  refuse_text blob-answer 'PRIVATE KEY'
done
refuse_text azurite.log 'PRIVATE KEY'
stop_azurite
stop_key_vault
stop_service
