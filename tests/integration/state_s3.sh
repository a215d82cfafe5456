# The kit of backends, asked of versitygw by a user who may do no more than docs/permissions.md says: in a bucket
# without versions, and in one with them, where nobody may create again what was once deleted.
# shellcheck source-path=SCRIPTDIR source=support/s3.sh
. "$TEST_ROOT/tests/integration/support/s3.sh"
# shellcheck source-path=SCRIPTDIR source=support/storm.sh
. "$TEST_ROOT/tests/integration/support/storm.sh"
export BACKEND_KIND=s3 S3_HOST=127.0.0.1 S3_BUCKET=ops-state

# The statements beneath the backend's heading; the kit has prefixes of its own.
statements=$(awk '/^## / { here = index($0, "Amazon S3, the state in `s3`") } here && /^```json$/ { inside = 1; next } /^```$/ { inside = 0 } here && inside' \
  "$TEST_ROOT/docs/permissions.md" | sed 's|ops-state/trunkform/\*|ops-state/*|' | jq -ce .Statement)

start_s3
export S3_PORT=$s3_port
new_s3_user writer "$statements"
run_as_s3_user writer
expect_exit 0 backend-contract
expect_text out 'All tests passed'

# Sixteen processes that want the lock at once: one has it, and every commit is on top of the one before.
storm 16 "${STORM_LENGTH-4}"

# Nothing of it is needless: without any one action the kit fails.
for action in $(jq -r '.[].Action | [.] | flatten[] | ltrimstr("s3:")' <<<"$statements"); do
  new_s3_user "without-$action" "$(jq -c --arg action "s3:$action" 'map(.Action |= ([.] | flatten - [$action])) | map(select(.Action != []))' <<<"$statements")"
  run_as_s3_user "without-$action"
  ! backend-contract >less.out 2>&1 || die "it works without $action"
  grep -qF AccessDenied less.out || die "it failed without $action, and not for that"
done
stop_s3
rm -rf s3

# With versions there is a delete marker where an object was: this server lets nobody create it again.
start_s3 --versioning-dir "$PWD/s3/versions"
by_owner "s3.put_bucket_versioning(Bucket='ops-state', VersioningConfiguration={'Status': 'Enabled'})
s3.put_object(Bucket='ops-state', Key='k', Body=b'1')
s3.delete_object(Bucket='ops-state', Key='k')
try:
    s3.put_object(Bucket='ops-state', Key='k', Body=b'2', IfNoneMatch='*')
    print('made again')
except s3.exceptions.ClientError as error:
    print(error.response['Error']['Code'])"
expect_text boto-answer PreconditionFailed
export S3_PORT=$s3_port
new_s3_user writer "$statements"
run_as_s3_user writer
expect_exit 0 backend-contract
expect_text out 'All tests passed'
stop_s3
