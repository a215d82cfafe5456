# The memory of an apply that reads both sources of AWS under a role: keys, access key, session token and passphrases are in
# locked memory and nowhere else, while a PATCH is on its way and where the process ends.
. "$TEST_ROOT/tests/integration/support/aws.sh"
. "$TEST_ROOT/tests/cli/support/memory.sh"
make_authority
leaf old -60 30
leaf secret -1 89
leaf exported -1 89
trunk "East" old
trunk "West" old
start_service -on-bind "$hook"
start_aws
export AWS_REGION=eu-central-1

as_administrator "
client('secretsmanager').create_secret(Name='sip', SecretString=json.dumps({'certificate': text('secret.chain'), 'private_key': text('secret.key')}))
iam = client('iam', 'us-east-1')
iam.create_role(RoleName='sip', AssumeRolePolicyDocument=json.dumps(
    {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'AWS': '*'}, 'Action': 'sts:AssumeRole'}]}))
iam.put_role_policy(RoleName='sip', PolicyName='p', PolicyDocument=json.dumps(
    {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}]}))
print(json.dumps(client('sts').assume_role(RoleArn='arn:aws:iam::$account:role/sip', RoleSessionName='memory')['Credentials'], default=str))"
jq -rj .AccessKeyId boto-answer >session.key-id
jq -rj .SecretAccessKey boto-answer >session_key
jq -rj .SessionToken boto-answer >session_token
jq -n --arg arn "arn:aws:acm:eu-central-1:$account:certificate/x" --arg key_id "$(cat session.key-id)" --arg key "$(cat session_key)" \
  '{key_id: $key_id, key: $key, certificates: {($arn): {name: "exported", status: "ISSUED", type: "AMAZON_ISSUED", export: "ENABLED"}}}' >fake.json
fake_port=$(free_port)
"$_python/python" "$TEST_ROOT/tests/support/acm_fake.py" "$fake_port" fake.json 2>fake.log &
answers() { curl -sS -o /dev/null "http://127.0.0.1:$fake_port/"; }
wait_for 30 answers
printf %s "$GENESYSCLOUD_OAUTHCLIENT_SECRET" >client_secret
for name in secret exported; do echo "-key $name=$name.key"; done >known
# The passphrase is made by the run; the fake writes it down when it is shown.
for name in session_key session_token client_secret passphrase; do echo "-text $name=$name"; done >>known

mkdir run
(
  cd run
  cp ../root.pem .
  configure "$(binding east East '"adopt": true'), $(binding west West '"adopt": true')"
  # shellcheck disable=SC2016 # trunkform expands it
  sed -i -e 's|"pem_files": { "new": { [^}]* } }|"aws_secretsmanager": { "new": { "secret_id": "sip" } }, "acm": { "new": { "domain_name": "sip.example.com" } }|' \
    -e '/"east"/s|certificate.pem_files.new|certificate.aws_secretsmanager.new|' -e '/"west"/s|certificate.pem_files.new|certificate.acm.new|' main.trunk.json
)
export AWS_ENDPOINT_URL=$aws_url AWS_ENDPOINT_URL_ACM=http://127.0.0.1:$fake_port
started env AWS_ACCESS_KEY_ID="$(cat session.key-id)" AWS_SECRET_ACCESS_KEY="$(cat session_key)" AWS_SESSION_TOKEN="$(cat session_token)" \
  trunkform apply -auto-approve -json -parallelism=1
still=('locked client_secret' 'locked session_key' 'locked session_token')
waiting=(secret exported)
for number in 1 2; do
  wait_for 60 test -s "found.flight.$number"
  cut -d' ' -f1,2 "found.flight.$number" | sort -u >found
  cp "found.flight.$number" found.shapes
  only_found "during PATCH $number" "${waiting[@]/#/locked }" "${still[@]}"
  waiting=("${waiting[@]:1}")
done
ended_with 0
live_is East secret
live_is West exported
nothing_written
stop_service
