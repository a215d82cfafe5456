# A store of AWS Secrets Manager, asked the contract of all stores, by a user who may do no more than docs/permissions.md
# says. moto checks every signature and every policy; it puts a label on a second version without a word, so that what
# AWS promises of two who stage a key at once is shown by the fake of the unit tests alone.
. "$TEST_ROOT/tests/integration/support/aws.sh"
# shellcheck source-path=SCRIPTDIR source=support/issued.sh
. "$TEST_ROOT/tests/integration/support/issued.sh"
start_aws
export AWS_ENDPOINT_URL=$aws_url AWS_REGION=eu-central-1 STORE_KIND=aws_secretsmanager

statement=$(documented 'AWS Secrets Manager, `store.aws_secretsmanager`')
new_user writer "$statement"
run_as writer
expect_exit 0 store-contract
expect_text out 'All tests passed'

# Nothing of it is needless: without any one action the contract fails.
for action in $(jq -r '.Action[]' <<<"$statement"); do
  new_user "without-${action#*:}" "$(jq -c --arg action "$action" '.Action -= [$action]' <<<"$statement")"
  run_as "without-${action#*:}"
  ! store-contract >less.out 2>&1 || die "it works without $action"
  # Catch breaks lines where it likes.
  tr -d ' \n' <less.out | grep -qF "isnotauthorizedtoperform:$action" || die "it failed without $action, and not for that"
done

# At the end no secret has a label of ours but TRUNKFORM_PENDING, where a key is still staged.
as_administrator "
secrets = client('secretsmanager')
labels = [label for page in secrets.get_paginator('list_secrets').paginate() for secret in page['SecretList']
          for version in secrets.describe_secret(SecretId=secret['ARN'])['VersionIdsToStages'].values() for label in version]
print(json.dumps(sorted(set(labels))))"
jq -r '.[]' boto-answer >labels
expect_text labels AWSCURRENT
expect_text labels AWSPREVIOUS

# The whole program, by the same user. moto's version without a label asked for is not the current one once labels were moved.
stored() {
  as_administrator "print(json.loads(client('secretsmanager').get_secret_value(SecretId='sip/east', VersionStage='AWSCURRENT')['SecretString'])['certificate'], end='')"
  cp boto-answer "$1.pem"
}
run_as writer
export TRUNKFORM_TRUST_LOOPBACK=1
issued_into aws_secretsmanager '"secret_id": "sip/east"' "arn:aws:secretsmanager:eu-central-1:$account:secret:sip/east"
stop_service
stop_aws
