# The memory of an apply that has an authority at hand sign and AWS Secrets Manager keep: the key that is made and the
# access key are in locked memory and nowhere else, while the PATCH is on its way and where the process ends.
. "$TEST_ROOT/tests/integration/support/aws.sh"
. "$TEST_ROOT/tests/cli/support/memory.sh"
make_authority
leaf old -70 20
trunk East old
start_aws
new_user writer "$(documented 'AWS Secrets Manager, `store.aws_secretsmanager`')"
cp writer.key access_key
# What is made lies in the service when the PATCH goes out: there the search has it from.
cat >fetch_made <<SH
AWS_ACCESS_KEY_ID=\$(cat administrator.key-id) AWS_SECRET_ACCESS_KEY=\$(cat administrator.key) AWS_ENDPOINT_URL= "$_python/python" -c "
import boto3, json
client = boto3.client('secretsmanager', region_name='eu-central-1', endpoint_url='$aws_url')
secret = json.loads(client.get_secret_value(SecretId='sip/east', VersionStage='AWSCURRENT')['SecretString'])
open('made.key', 'w').write(secret['private_key'])
open('made.pem', 'w').write(secret['certificate'])"
SH
start_service -on-bind "${hook/sh in_flight/sh fetch_made; sh in_flight}"
printf %s "$GENESYSCLOUD_OAUTHCLIENT_SECRET" >client_secret
cat >known <<'KNOWN'
-key authority=ca/intermediate.key
-key made=made.key
-text access_key=access_key
-text client_secret=client_secret
KNOWN

mkdir run
cp -r root.pem ca run/
issued_in_memory aws_secretsmanager '"secret_id": "sip/east"' >run/main.trunk.json
export AWS_ENDPOINT_URL=$aws_url AWS_REGION=eu-central-1
expect_exit 0 trunkform -chdir=run trust add secret file ca/intermediate.key
expect_exit 0 trunkform -chdir=run trust add write aws_secretsmanager "arn:aws:secretsmanager:eu-central-1:$account:secret:sip/east"
started env AWS_ACCESS_KEY_ID="$(cat writer.key-id)" AWS_SECRET_ACCESS_KEY="$(cat access_key)" trunkform apply -auto-approve -json
only_locked access_key client_secret made
stop_service
stop_aws
