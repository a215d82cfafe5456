# The kit of backends, asked of moto as a second server that speaks S3. Without signatures: moto reckons those of lists
# wrongly where a prefix has a slash, and refuses boto3's own; state_s3 has them checked.
# shellcheck source-path=SCRIPTDIR source=support/aws.sh
. "$TEST_ROOT/tests/integration/support/aws.sh"
port=$(free_port)
aws_url=http://127.0.0.1:$port
[ -x "$_python/moto_server" ] || die 'moto is not here: ./bootstrap.sh --integration installs it'
"$_python/moto_server" -H 127.0.0.1 -p "$port" >aws.log 2>&1 &
wait_for 60 curl -fsS -o /dev/null "$aws_url/moto-api/"
as_administrator "client('s3').create_bucket(Bucket='ops-state', CreateBucketConfiguration={'LocationConstraint': 'eu-central-1'})"
export BACKEND_KIND=s3 S3_HOST=127.0.0.1 S3_PORT=$port S3_BUCKET=ops-state AWS_ACCESS_KEY_ID=nobody AWS_SECRET_ACCESS_KEY=nobody
expect_exit 0 backend-contract
expect_text out 'All tests passed'
