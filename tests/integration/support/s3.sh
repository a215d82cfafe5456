# shellcheck shell=bash
# S3 by versitygw, which checks signatures, body digests and conditions. Read by a test with:
# . "$TEST_ROOT/tests/integration/support/s3.sh"
# shellcheck source-path=SCRIPTDIR source=../../cli/support/service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

_python=$TEST_ROOT/build/servers/python/bin/python

# start_s3 [ARGUMENT…]: $s3_port, a server in its folder, with the bucket `ops-state`; ARGUMENTs are those of its files
start_s3() {
  local program
  program=$(go_program versitygw)
  [ -x "$_python" ] || die 'boto3 is not here: ./bootstrap.sh --integration installs it'
  s3_port=$(free_port)
  mkdir -p s3/data s3/versions s3/users
  ROOT_ACCESS_KEY=root ROOT_SECRET_KEY=root-secret-key "$program" --port "127.0.0.1:$s3_port" --region eu-central-1 --quiet \
    --iam-dir "$PWD/s3/users" posix "$@" "$PWD/s3/data" >s3.log 2>&1 &
  s3_pid=$!
  wait_for 30 curl -s -o /dev/null "http://127.0.0.1:$s3_port/"
  by_owner "s3.create_bucket(Bucket='ops-state', CreateBucketConfiguration={'LocationConstraint': 'eu-central-1'})"
}
# new_s3_user NAME STATEMENTS: who may do no more in the bucket than these statements of a policy; run_as_s3_user NAME
new_s3_user() {
  "$(go_program versitygw)" admin --allow-insecure --access root --secret root-secret-key --region eu-central-1 \
    --endpoint-url "http://127.0.0.1:$s3_port" create-user --access "$1" --secret "$1-secret-key" --role user >admin.log 2>&1 ||
    { cat admin.log >&2 && die "no user $1"; }
  jq -c --arg name "$1" '{Version: "2012-10-17", Statement: map(. + {Principal: {AWS: [$name]}})}' <<<"$2" >policy.json
  by_owner "s3.put_bucket_policy(Bucket='ops-state', Policy=open('policy.json').read())"
}
run_as_s3_user() { export AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$1-secret-key; }

stop_s3() {
  kill "$s3_pid"
  wait "$s3_pid" || true
}

# by_owner CODE: Python with boto3's client `s3`, by who owns the server; what it prints is in ./boto-answer
by_owner() {
  AWS_ACCESS_KEY_ID=root AWS_SECRET_ACCESS_KEY=root-secret-key AWS_SESSION_TOKEN='' AWS_EC2_METADATA_DISABLED=true AWS_ENDPOINT_URL='' \
    "$_python" - "http://127.0.0.1:$s3_port" >boto-answer 2>boto-errors <<PYTHON || { cat boto-errors >&2 && die "boto3: $1"; }
import json, sys, boto3
from botocore.config import Config
s3 = boto3.client('s3', region_name='eu-central-1', endpoint_url=sys.argv[1], config=Config(s3={'addressing_style': 'path'}))
$1
PYTHON
}
