# A certificate in AWS Secrets Manager: from an empty account to a PATCHed trunk, a renewal, the way back, and what goes
# wrong, by a user who may do no more than docs/permissions.md says. moto checks every signature and every policy.
. "$TEST_ROOT/tests/integration/support/aws.sh"
make_authority
leaf old -60 30
leaf new -1 89
leaf newer -1 120
leaf other -1 100
leaf last -1 130
trunk "East" old
start_service
start_aws
export AWS_ENDPOINT_URL=$aws_url AWS_REGION=eu-central-1

new_user reader "$(documented 'AWS Secrets Manager, `aws_secretsmanager`')"
run_as reader

# put NAME PAIR [MORE]: certificate and key of PAIR as a new version of the secret NAME
put() {
  as_administrator "
secrets = client('secretsmanager')
value = json.dumps({'certificate': text('$2.chain'), 'private_key': text('$2.key'), 'note': 'x'})
try:
    secrets.put_secret_value(SecretId='$1', SecretString=value ${3-})
except secrets.exceptions.ResourceNotFoundException:
    secrets.create_secret(Name='$1', SecretString=value)"
}
with_source() { with_aws_source aws_secretsmanager "$1"; }
with_source '"secret_id": "sip/east"'

# Nothing is there yet: one error, with AWS's words and what to do.
expect_exit 1 trunkform plan
expect_text err 'ResourceNotFoundException'
expect_text err 'aws secretsmanager describe-secret --secret-id sip/east'

put sip/east new
expect_exit 0 trunkform validate
expect_exit 0 trunkform plan
expect_text out 'aws_secretsmanager(secret_id=sip/east)  (opaque)'
apply_all
live_is East new
no_changes

# A new version is seen by the next plan.
put sip/east newer
sed -i 's|"min_age": "0s"|"min_age": "0s", "when": "available"|' main.trunk.json
expect_exit 2 trunkform plan -detailed-exitcode
apply_all
live_is East newer
no_changes

# The way back is AWSPREVIOUS, read anew.
expect_exit 0 trunkform rollback -auto-approve -reason='one-way audio' genesys_trunk_certificate.east
live_is East new

# Another stage is offered where it is asked for, a pinned version for ever; both at once make no sense.
put sip/east other ", VersionStages=['BLUE']"
with_source '"secret_id": "sip/east", "version_stage": "BLUE"'
apply_all -replace=genesys_trunk_certificate.east
live_is East other
as_administrator "print(json.dumps(client('secretsmanager').describe_secret(SecretId='sip/east')['VersionIdsToStages']))"
first=$(jq -r 'to_entries[] | select(.value | index("AWSPREVIOUS")) | .key' boto-answer)
with_source "\"secret_id\": \"sip/east\", \"version\": \"$first\""
apply_all
live_is East new
no_changes
with_source '"secret_id": "sip/east", "version_stage": "GREEN"'
unusable 'has the stage "GREEN"'
with_source "\"secret_id\": \"sip/east\", \"version\": \"$first\", \"version_stage\": \"BLUE\""
unusable 'version and version_stage exclude each other'

with_source '"secret_id": "sip/east"'
# The operator looks before the rollout: whom AWS takes us for, and what it says to a key that is none.
expect_exit 0 trunkform doctor
expect_text out 'credentials come from the environment'
expect_text out 'signed in as "arn:aws:iam::'
expect_text out 'the clocks agree within a minute'
AWS_SECRET_ACCESS_KEY=canary-nonsense expect_exit 1 trunkform doctor
expect_text out 'SignatureDoesNotMatch'
refuse_text out canary-nonsense

# Other forms: fields of other names, PEM with both, the same as bytes; and what cannot be used.
as_administrator "
secrets = client('secretsmanager')
secrets.create_secret(Name='sip/fields', SecretString=json.dumps(
    {'crt': text('other.pem'), 'ca': text('ca/intermediate.pem'), 'pk': text('other.key')}))
secrets.create_secret(Name='sip/pem', SecretString=text('last.chain') + text('last.key'))
secrets.create_secret(Name='sip/bytes', SecretBinary=(text('new.key') + text('new.chain')).encode())
secrets.create_secret(Name='sip/wrong', SecretString=json.dumps({'certificate': text('last.chain'), 'private_key': text('other.key')}))
secrets.create_secret(Name='sip/password', SecretString='canary-password')
secrets.create_secret(Name='sip/gone', SecretString=text('last.chain') + text('last.key'))
secrets.delete_secret(SecretId='sip/gone')
print(secrets.describe_secret(SecretId='sip/pem')['ARN'], end='')"
arn=$(cat boto-answer)
with_source '"secret_id": "sip/fields", "certificate_field": "crt", "chain_field": "ca", "key_field": "pk"'
apply_all -replace=genesys_trunk_certificate.east
live_is East other
with_source "\"secret_id\": \"$arn\""
apply_all -replace=genesys_trunk_certificate.east
live_is East last
# PKCS #12, which is a file of bytes; its password is a secret of the operator's.
openssl pkcs12 -export -in other.chain -inkey other.key -passout pass:canary-of-the-file -out other.p12
as_administrator "client('secretsmanager').create_secret(Name='sip/pkcs12', SecretBinary=open('other.p12', 'rb').read())"
with_source '"secret_id": "sip/pkcs12"'
unusable 'password'
export P12_PASSWORD=canary-of-the-file
with_source '"secret_id": "sip/pkcs12", "passphrase": { "env": "P12_PASSWORD" }'
unusable 'trunkform trust add secret env P12_PASSWORD'
expect_exit 0 trunkform trust add secret env P12_PASSWORD
apply_all -replace=genesys_trunk_certificate.east
live_is East other
refuse_text out canary
with_source '"secret_id": "sip/bytes"'
apply_all -replace=genesys_trunk_certificate.east
live_is East new
no_changes
with_source '"secret_id": "sip/fields"'
unusable 'it has "ca", "crt", "pk"'
with_source '"secret_id": "sip/password"'
unusable 'is neither JSON nor PEM'
refuse_text out canary
with_source '"secret_id": "sip/gone"'
unusable 'is deleted, or about to be'
expect_text out 'aws secretsmanager restore-secret --secret-id sip/gone'
with_source '"secret_id": "sip/wrong"'
expect_exit 1 trunkform apply -auto-approve -replace=genesys_trunk_certificate.east
expect_text err 'rule key_mismatch'
live_is East new
expect_exit 0 trunkform untaint genesys_trunk_certificate.east

# Signatures and policies count: a wrong key, one of nobody, a user without rights. AWS's words, and no secret of ours.
with_source '"secret_id": "sip/bytes"'
AWS_SECRET_ACCESS_KEY=canary-wrong unusable 'SignatureDoesNotMatch'
refuse_text out canary
AWS_ACCESS_KEY_ID=AKIDNOBODY unusable 'InvalidClientTokenId'
new_user stranger '{"Effect":"Allow","Action":"iam:GetUser","Resource":"*"}'
run_as stranger
unusable 'is not authorized to perform: secretsmanager:GetSecretValue'
expect_text out 'docs/permissions.md'
run_as reader
AWS_EC2_METADATA_DISABLED=true AWS_ACCESS_KEY_ID='' unusable 'no credentials for AWS'

# Keys in a profile, and a role: of the operator's files as they are, of the configuration only where it is trusted.
documented 'AWS Secrets Manager, `aws_secretsmanager`' >statement
as_administrator "
iam = client('iam', 'us-east-1')
role = iam.create_role(RoleName='sip', AssumeRolePolicyDocument=json.dumps(
    {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'AWS': '*'}, 'Action': 'sts:AssumeRole'}]}))['Role']
iam.put_role_policy(RoleName='sip', PolicyName='p', PolicyDocument=json.dumps(
    {'Version': '2012-10-17', 'Statement': [json.loads(text('statement'))]}))
print(role['Arn'], end='')"
role=$(cat boto-answer)
new_user assumer '{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}'
mkdir -p "$HOME/.aws"
cat >"$HOME/.aws/config" <<INI
[profile assumer]
region = eu-central-1
[profile sip]
region = eu-central-1
role_arn = $role
source_profile = assumer
INI
printf '[assumer]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$(cat assumer.key-id)" "$(cat assumer.key)" >"$HOME/.aws/credentials"
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION
AWS_PROFILE=sip usable
AWS_PROFILE=assumer unusable 'is not authorized to perform: secretsmanager:GetSecretValue'
provider_aws '"profile": "sip"'
unusable 'trunkform trust add scope aws_profile sip'
expect_exit 0 trunkform trust add scope aws_profile sip
usable
with_source '"secret_id": "sip/bytes"'
provider_aws "\"assume_role\": { \"role_arn\": \"$role\", \"session_name\": \"trunks\" }"
AWS_PROFILE=assumer unusable "trunkform trust add scope aws_role $role"
expect_exit 0 trunkform trust add scope aws_role "$role"
AWS_PROFILE=assumer usable

# A program that prints credentials is run as the trust file says, and not before.
cat >"$HOME/keys" <<'SH'
#!/bin/sh
[ "$1" = "for sip" ] || exit 9
echo "asked" >&2
printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}' "$(cat "$2")" "$(cat "$3")"
SH
chmod 755 "$HOME/keys"
printf '[profile keys]\nregion = eu-central-1\ncredential_process = %s "for sip" %s %s\n' "$HOME/keys" "$PWD/reader.key-id" "$PWD/reader.key" >>"$HOME/.aws/config"
with_source '"secret_id": "sip/bytes"'
export AWS_PROFILE=keys
unusable 'trunkform trust add program'
expect_exit 0 trunkform trust add program "$HOME/keys" "-arg=for sip" "-arg=$PWD/reader.key-id" "-arg=$PWD/reader.key"
usable
echo 'exit 1' >>"$HOME/keys"
unusable 'is not the one that was trusted'
unset AWS_PROFILE

# A container is who its agent says.
serve_json() {
  "$_python/python" - "$1" "$2" >agent.log 2>&1 <<'PYTHON' &
import http.server, sys
class Agent(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.headers.get("Authorization") == "canary-of-the-agent"
        self.send_response(200 if known else 403)
        self.end_headers()
        self.wfile.write(open(sys.argv[2], "rb").read() if known else b"{}")
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Agent).serve_forever()
PYTHON
  agent_pid=$!
}
jq -n --arg id "$(cat reader.key-id)" --arg key "$(cat reader.key)" '{AccessKeyId: $id, SecretAccessKey: $key, Expiration: "2099-01-01T00:00:00Z"}' >agent.json
agent_port=$(free_port)
serve_json "$agent_port" agent.json
agent_answers() { curl -sS -o /dev/null "http://127.0.0.1:$agent_port/"; }
wait_for 30 agent_answers
export AWS_REGION=eu-central-1 AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:$agent_port/v1/credentials
AWS_CONTAINER_AUTHORIZATION_TOKEN=canary-of-the-agent usable
AWS_CONTAINER_AUTHORIZATION_TOKEN=canary-wrong unusable 'answered 403'
refuse_text out canary
kill "$agent_pid"
unset AWS_REGION AWS_CONTAINER_CREDENTIALS_FULL_URI

# A pod's token is its proof: unsigned, so a moto that believes everybody answers for this one.
open_port=$(free_port)
"$_python/moto_server" -H 127.0.0.1 -p "$open_port" >open.log 2>&1 &
open_pid=$! open_url=http://127.0.0.1:$open_port
wait_for 60 curl -fsS -o /dev/null "$open_url/moto-api/"
by_boto reader "
secrets = boto3.client('secretsmanager', region_name='eu-central-1', endpoint_url='$open_url')
secrets.create_secret(Name='sip/bytes', SecretBinary=(text('new.key') + text('new.chain')).encode())"
printf 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJwb2QifQ.\n' >pod-token
export AWS_ENDPOINT_URL=$open_url AWS_REGION=eu-central-1 AWS_WEB_IDENTITY_TOKEN_FILE=$PWD/pod-token AWS_ROLE_ARN=arn:aws:iam::$account:role/pod
usable
AWS_ROLE_ARN='' unusable 'AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not'
echo 'a b' >pod-token
unusable 'the web identity token is not a JSON Web Token'

# A machine is who its metadata service says (IMDSv2: a session token first).
unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN
export AWS_EC2_METADATA_SERVICE_ENDPOINT=$open_url
usable
expect_text open.log '"PUT /latest/api/token HTTP/1.1" 200'
expect_text open.log '"GET /latest/meta-data/iam/security-credentials/'
AWS_EC2_METADATA_DISABLED=true unusable 'no credentials for AWS'
unset AWS_EC2_METADATA_SERVICE_ENDPOINT
kill "$open_pid"
export AWS_ENDPOINT_URL=$aws_url
unset AWS_REGION

# A change that asks elsewhere gets no credential: another region, another account. Nothing is sent before.
export AWS_PROFILE=sip
requests() { grep -c ' HTTP/1.1" ' aws.log || true; }
before=$(requests)
with_source '"secret_id": "sip/bytes"'
provider_aws '"region": "us-west-2"'
unusable 'trunkform trust add scope aws_region us-west-2'
with_source "\"secret_id\": \"${arn/eu-central-1/us-west-2}\""
unusable 'trunkform trust add scope aws_region us-west-2'
with_source '"secret_id": "sip/bytes"'
provider_aws '"region": "evil.example.com/#"'
unusable 'is not the name of an AWS region'
[ "$(requests)" = "$before" ] || die "something was asked of AWS"
with_source "\"secret_id\": \"${arn/$account/999999999999}\""
unusable 'trunkform trust add scope aws_account 999999999999'

# AWS goes away: said, and nothing is changed.
stop_aws
with_source '"secret_id": "sip/bytes"'
unusable 'certificate.aws_secretsmanager.new'
live_is East new
stop_service
