# The whole program with its state in a bucket: init tries whether the server keeps to conditions, applies from two
# folders see each other, a run that was killed is taken up by another after force-unlock, and a stranger's server gets
# nothing. The bucket keeps versions.
# shellcheck source-path=SCRIPTDIR source=support/s3.sh
. "$TEST_ROOT/tests/integration/support/s3.sh"
# shellcheck source-path=SCRIPTDIR source=support/remote_state.sh
. "$TEST_ROOT/tests/integration/support/remote_state.sh"
two_trunks
start_s3 --versioning-dir "$PWD/s3/versions"
by_owner "s3.put_bucket_versioning(Bucket='ops-state', VersioningConfiguration={'Status': 'Enabled'})"
export AWS_REGION=eu-central-1 AWS_EC2_METADATA_DISABLED=true AWS_ACCESS_KEY_ID=root AWS_SECRET_ACCESS_KEY=root-secret-key
endpoint=http://127.0.0.1:$s3_port

# lock_object: its lines, as docs/formats/s3.md has them
lock_object() {
  by_owner "print(s3.get_object(Bucket='ops-state', Key='trunkform/workspaces/default/lock')['Body'].read().decode(), end='')"
  cat boto-answer
}
plant_lock() {
  { lock_object | head -n 2 && printf '%s\n' "$1"; } >planted
  by_owner "s3.put_object(Bucket='ops-state', Key='trunkform/workspaces/default/lock', Body=open('planted', 'rb'))"
}
intents() {
  by_owner "
for page in s3.get_paginator('list_objects_v2').paginate(Bucket='ops-state', Prefix='trunkform/workspaces/default/'):
    for object in page.get('Contents', []):
        if '/events/' in object['Key']:
            print(s3.get_object(Bucket='ops-state', Key=object['Key'])['Body'].read().decode())"
  grep -o '"kind":"intent"' boto-answer | wc -l
}
after_death() {
  # S3 lets no lock run out: who it was is told, and a person decides.
  (cd elsewhere && expect_exit 5 trunkform apply -auto-approve && expect_text err 'where that run is dead: trunkform force-unlock')
  id=$(lock_object | jq -Rr 'fromjson? | .ID? // empty')
  expect_exit 0 trunkform force-unlock -force "$id"
}

# A server that the configuration names is asked for nothing before the operator says so.
with_backend s3 "\"bucket\": \"ops-state\", \"endpoint\": \"$endpoint\""
TRUNKFORM_TRUST_LOOPBACK='' expect_exit 1 trunkform init
expect_text err "127.0.0.1:$s3_port is not trusted with aws credentials"
expect_text err "trunkform trust add host 127.0.0.1:$s3_port aws"
expect_text err 'on main.trunk.json line'

# What cannot be is told at the block, and nobody is asked.
for wrong in '"prefix": "/sip/"' '"expected_bucket_owner": "ops"' '"kms_key_id": "alias/sip"' '"region": "EU Central"'; do
  with_backend s3 "\"bucket\": \"ops-state\", \"endpoint\": \"$endpoint\", $wrong"
  expect_exit 1 trunkform init
  expect_text err 'on main.trunk.json line'
  every_error_helps err
done
with_backend s3 "\"bucket\": \"Ops/State\", \"endpoint\": \"$endpoint\""
expect_exit 1 trunkform init
expect_text err 'this is not the name of a bucket'
with_backend s3 "\"bucket\": \"ops-state\", \"region\": \"eu-west-1\""
expect_exit 1 trunkform init
expect_text err 'trunkform trust add scope aws_region eu-west-1'

# A bucket that is not there, and keys that are wrong.
with_backend s3 "\"bucket\": \"no-such-bucket\", \"endpoint\": \"$endpoint\""
expect_exit 1 trunkform init
expect_text err 'NoSuchBucket'
every_error_helps err
with_backend s3 "\"bucket\": \"ops-state\", \"endpoint\": \"$endpoint\""
AWS_SECRET_ACCESS_KEY=wrong expect_exit 1 trunkform plan
expect_text err 'SignatureDoesNotMatch'

expect_exit 0 trunkform init
expect_text out "backend s3 in S3 127.0.0.1:$s3_port/ops-state/trunkform"
expect_text out 'the lock does not run out by time'
expect_exit 0 trunkform init
by_owner "print(json.dumps([object['Key'] for object in s3.list_objects_v2(Bucket='ops-state').get('Contents', [])]))"
expect_text boto-answer '[]'

# The operator's own endpoint needs no line of the trust file.
export AWS_ENDPOINT_URL_S3=$endpoint
with_backend s3 '"bucket": "ops-state"'
expect_exit 0 trunkform init -migrate-state
one_state_for_two_folders
a_lock_of_another
a_killed_run_is_taken_up
a_lock_taken_over
workspaces_of_their_own
# What the bucket keeps of earlier states can be listed, and put back: trunks are not touched by that.
expect_exit 0 trunkform state versions -json
jq -e '.versions | length >= 3 and (map(.serial) | . == (sort | reverse) and . == unique_by(-.))' out >/dev/null ||
  die 'the versions are not each once, the newest first'
before_restore=$(jq -r '.versions[0].serial' out)
earlier=$(jq -r '.versions[-1].id' out) earlier_serial=$(jq -r '.versions[-1].serial' out)
expect_exit 0 trunkform state versions
expect_text out "serial $before_restore, "
expect_exit 1 trunkform state restore "$earlier" </dev/null
expect_text out 'goes back'
expect_exit 1 trunkform state restore -auto-approve no-such-version
every_error_helps err
patched=$(patches)
expect_exit 0 trunkform state restore -auto-approve "$earlier"
expect_text out "Restored: serial $earlier_serial as it was, now serial $((before_restore + 1))"
[ "$(patches)" = "$patched" ] || die 'a trunk was touched'
expect_exit 0 trunkform history
expect_text out "state restore $earlier"
# The state that was replaced is a version too: back to it, and nothing is to be done.
latest=$(trunkform state versions -json | jq -r --argjson serial "$before_restore" '.versions[] | select(.serial == $serial) | .id')
expect_exit 0 trunkform state restore -auto-approve "$latest"
no_changes

into_files_and_back '"s3": { "bucket": "ops-state", "prefix": "second" }'
encrypted_beside '"s3": { "bucket": "ops-state", "prefix": "sealed" }' '"s3": { "bucket": "ops-state", "prefix": "second" }'
for word in genesys_trunk_certificate East epoch_opened "$STATE_KEY"; do
  ! grep -rlF "$word" s3/data/ops-state/sealed || die "$word stands in the encrypted state"
done
grep -rqF genesys_trunk_certificate s3/data/ops-state/second || die 'what is in the clear was not looked for rightly'

# No key is in the bucket, nor in what it keeps of earlier versions.
! grep -rlF 'PRIVATE KEY' s3/data s3/versions || die 'a private key is in the bucket'
stop_s3
stop_service
