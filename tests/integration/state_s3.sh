# The kit of backends, asked of versitygw by a user who may do no more than docs/permissions.md says: in a bucket
# without versions, and in one with them, where nobody may create again what was once deleted.
# shellcheck source-path=SCRIPTDIR source=support/s3.sh
. "$TEST_ROOT/tests/integration/support/s3.sh"

mkdir -p plain versioned
export BACKEND_KIND=s3 S3_HOST=127.0.0.1 S3_BUCKET=ops-state
export AWS_ACCESS_KEY_ID=root AWS_SECRET_ACCESS_KEY=root-secret-key

start_s3
S3_PORT=$s3_port expect_exit 0 backend-contract
expect_text out 'All tests passed'
stop_s3
rm -rf s3

start_s3 --versioning-dir "$PWD/s3/versions"
by_owner "s3.put_bucket_versioning(Bucket='ops-state', VersioningConfiguration={'Status': 'Enabled'})"
S3_PORT=$s3_port expect_exit 0 backend-contract
expect_text out 'All tests passed'
stop_s3
