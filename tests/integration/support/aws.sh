# shellcheck shell=bash
# AWS by moto, which checks signatures and policies. Read by a test with: . "$TEST_ROOT/tests/integration/support/aws.sh"
# shellcheck source-path=SCRIPTDIR source=../../cli/support/service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

_python=$TEST_ROOT/build/servers/python/bin
# shellcheck disable=SC2034 # for whoever reads this file
account=123456789012 # moto's own

# as_json FILE: its text as a JSON string
as_json() { jq -Rs . "$1"; }

# start_aws: $aws_url. The first three calls are believed: an administrator is made with them; from then on each
# signature and each policy counts.
start_aws() {
  local port
  [ -x "$_python/moto_server" ] || die "moto is not here: ./bootstrap.sh --integration installs it"
  port=$(free_port)
  aws_url=http://127.0.0.1:$port
  INITIAL_NO_AUTH_ACTION_COUNT=3 "$_python/moto_server" -H 127.0.0.1 -p "$port" >aws.log 2>&1 &
  aws_pid=$!
  wait_for 60 curl -fsS -o /dev/null "$aws_url/moto-api/"
  new_user administrator '{"Effect":"Allow","Action":"*","Resource":"*"}' nobody
  cp administrator.key-id administrator.id
}
stop_aws() {
  kill "$aws_pid"
  wait "$aws_pid" || true
}

# by_boto USER CODE: Python with `client(NAME)` of boto3, signed by the keys of USER; what it prints is in ./boto-answer
by_boto() {
  AWS_ACCESS_KEY_ID=$(cat "$1.key-id" 2>/dev/null || echo AKIDNOBODY) AWS_SECRET_ACCESS_KEY=$(cat "$1.key" 2>/dev/null || echo nobody) \
    AWS_SESSION_TOKEN='' AWS_EC2_METADATA_DISABLED=true AWS_ENDPOINT_URL='' \
    "$_python/python" - "$aws_url" >boto-answer <<PYTHON || die "boto3 as $1: $2"
import json, sys, boto3
def client(name, region="eu-central-1"):
    return boto3.client(name, region_name=region, endpoint_url=sys.argv[1])
def text(path):
    with open(path) as file:
        return file.read()
$2
PYTHON
}
as_administrator() { by_boto administrator "$1"; }

# new_user NAME STATEMENT [WHO]: a user who may do no more than the statement; NAME.key-id, NAME.key. Made by WHO.
new_user() {
  by_boto "${3-administrator}" "
iam = client('iam', 'us-east-1')
iam.create_user(UserName='$1')
iam.put_user_policy(UserName='$1', PolicyName='p', PolicyDocument=json.dumps(
    {'Version': '2012-10-17', 'Statement': json.loads('''[$2]''')}))
print(json.dumps(iam.create_access_key(UserName='$1')['AccessKey'], default=str))"
  jq -rj .AccessKeyId boto-answer >"$1.key-id"
  jq -rj .SecretAccessKey boto-answer >"$1.new"
  mv "$1.new" "$1.key"
}
# documented SECTION: the statement of docs/permissions.md under this heading. moto does not look at resources.
documented() {
  awk -v heading="$1" '/^## / { here = index($0, heading) } here && /^```json$/ { inside = 1; next } /^```$/ { inside = 0 } inside' \
    "$TEST_ROOT/docs/permissions.md" | jq -ce '.Statement[0] | .Resource = "*"'
}
# run_as USER: whose keys trunkform finds in its environment
run_as() {
  AWS_ACCESS_KEY_ID=$(cat "$1.key-id")
  AWS_SECRET_ACCESS_KEY=$(cat "$1.key")
  export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
}

# with_aws_source TYPE JSON: one trunk whose certificate comes from AWS
with_aws_source() {
  configure "$(binding east East '"adopt": true')"
  sed -i -e "s|\"pem_files\": { \"new\": { [^}]* } }|\"$1\": { \"new\": { $2 } }|" -e "s|certificate.pem_files.new|certificate.$1.new|" main.trunk.json
}
# provider_aws JSON: the block's members
provider_aws() { sed -i "s|\"genesys\": { |\"aws\": { $1 }, &|" main.trunk.json; }
# unusable TEXT: what is offered cannot be used, and the plan says why; the trunk has a good certificate and keeps it
unusable() {
  expect_exit 0 trunkform plan
  expect_text out "$1"
}
# usable: the source offers what is live
usable() {
  # shellcheck disable=SC2119 # without flags
  no_changes
  refuse_text out 'offers nothing'
}
