# A certificate of AWS Certificate Manager. moto has the account, the policies and certificates that do not verify: the
# rules refuse one. For the good path a fake stands in, after boto3 was content with it in this very run.
. "$TEST_ROOT/tests/integration/support/aws.sh"
make_authority
leaf old -60 30
leaf new -1 89
leaf newer -1 120
trunk "East" old
start_service
export MOTO_ACM_VALIDATION_WAIT=6
start_aws
export AWS_ENDPOINT_URL=$aws_url AWS_REGION=eu-central-1
new_user reader "$(documented 'AWS Certificate Manager')"
new_user planner "$(documented 'AWS Certificate Manager' | jq -c '.Action -= ["acm:ExportCertificate"]')"
run_as reader
with_source() { with_aws_source acm "$1"; }
# refused TEXT: the trunk needs a certificate, and the plan says why this one is none
refused() {
  expect_exit 1 trunkform plan
  expect_text err "$1"
}

# --- moto: policies, states, and a chain that no carrier would take
as_administrator "
acm = client('acm')
print(json.dumps({
    'exportable': acm.request_certificate(DomainName='sip.example.com', ValidationMethod='DNS', Options={'Export': 'ENABLED'})['CertificateArn'],
    'closed': acm.request_certificate(DomainName='closed.example.com', ValidationMethod='DNS')['CertificateArn'],
    'imported': acm.import_certificate(Certificate=text('new.pem'), CertificateChain=text('ca/intermediate.pem'), PrivateKey=text('new.key'))['CertificateArn']}))"
cp boto-answer arns
arn_of() { jq -r ".$1" arns; }
with_source "\"certificate_arn\": \"$(arn_of exportable)\""
refused 'PENDING_VALIDATION'
expect_text err 'its domain is not validated yet'
sleep 7
expect_exit 1 trunkform apply -auto-approve
expect_text err 'chain_bad_signature: '
live_is East old
# Whoever plans judges the public part without the right to export.
run_as planner
refused 'chain_bad_signature: '
run_as reader
with_source "\"certificate_arn\": \"$(arn_of imported)\""
refused 'take it from where it was imported from'
expect_exit 1 trunkform apply -auto-approve
expect_text err 'what was imported cannot be exported'
with_source '"certificate_arn": "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"'
refused 'ResourceNotFoundException'
with_source '"certificate_arn": "arn:aws:acm:eu-central-1:999999999999:certificate/00000000-0000-4000-8000-000000000000"'
refused 'trunkform trust add scope aws_account 999999999999'
with_source '"domain_name": "sip.example.com"'
refused 'is not authorized to perform: acm:ListCertificates'

# --- the fake, proven by boto3: each operation and each refusal that is used below
fake_port=$(free_port)
us=arn:aws:acm:eu-central-1:$account:certificate
# certificates NAME STATUS TYPE EXPORT [KEY]: what the fake has under /east, beside others; KEY is whose key it exports
certificates() {
  jq -n --arg arn "$us/east" --arg us "$us" --arg name "$1" --arg status "$2" --arg type "$3" --arg export "$4" --arg pair "${5-$1}" \
    --arg key_id "$(cat reader.key-id)" --arg key "$(cat reader.key)" '{key_id: $key_id, key: $key, certificates: ({
      ($arn): {name: $name, pair: $pair, status: $status, type: $type, export: $export}} + ([range(5)] | map({key: "\($us)/other-\(.)",
      value: {name: "old", status: "ISSUED", type: "AMAZON_ISSUED", export: "ENABLED", domain: "other.example.com"}}) | from_entries))}' >fake.new
  mv fake.new fake.json
}
certificates new ISSUED AMAZON_ISSUED ENABLED
"$_python/python" "$TEST_ROOT/tests/support/acm_fake.py" "$fake_port" fake.json 2>fake.log &
fake_pid=$! fake_url=http://127.0.0.1:$fake_port
answers() { curl -sS -o /dev/null "$fake_url/"; }
wait_for 30 answers
by_boto reader "
import subprocess
acm = boto3.client('acm', region_name='eu-central-1', endpoint_url='$fake_url')
arn = '$us/east'
assert acm.describe_certificate(CertificateArn=arn)['Certificate']['Options']['Export'] == 'ENABLED'
assert acm.describe_certificate(CertificateArn=arn)['Certificate']['IssuedAt'].year == 2026
assert acm.get_certificate(CertificateArn=arn)['Certificate'] == text('new.pem')
assert acm.list_certificates()['CertificateSummaryList'] == []
pages = acm.get_paginator('list_certificates').paginate(Includes={'keyTypes': ['EC_prime256v1']}, CertificateStatuses=['ISSUED'])
assert sum(len(page['CertificateSummaryList']) for page in pages) == 6
exported = acm.export_certificate(CertificateArn=arn, Passphrase=b'pass phrase')
key = subprocess.run(['openssl', 'pkey', '-passin', 'pass:pass phrase'], input=exported['PrivateKey'], text=True, capture_output=True, check=True)
assert key.stdout == text('new.key') and exported['CertificateChain'] == text('ca/intermediate.pem')
for call, arguments, error in [
        (acm.export_certificate, {'CertificateArn': arn, 'Passphrase': b'with#sign'}, 'ValidationException'),
        (acm.get_certificate, {'CertificateArn': arn + 'x'}, 'ResourceNotFoundException')]:
    try:
        call(**arguments)
        raise SystemExit('not refused: ' + error)
    except acm.exceptions.ClientError as refused:
        assert refused.response['Error']['Code'] == error, refused"
export AWS_ENDPOINT_URL_ACM=$fake_url # moto tells who we are

# --- the good path
with_source '"domain_name": "sip.example.com"'
expect_exit 0 trunkform validate
# Nobody but an apply sees the key: one of another certificate is not sent.
certificates new ISSUED AMAZON_ISSUED ENABLED newer
expect_exit 2 trunkform plan -detailed-exitcode
expect_exit 1 trunkform apply -auto-approve
expect_text err 'rule key_mismatch'
patches_are 0
certificates new ISSUED AMAZON_ISSUED ENABLED
expect_exit 0 trunkform plan
expect_text out 'acm(domain_name=sip.example.com)  (sealed)'
apply_all
live_is East new
usable

# A renewal is seen; ACM has no way back to what it replaced, and says so.
certificates newer ISSUED AMAZON_ISSUED ENABLED
sed -i 's|"min_age": "0s"|"min_age": "0s", "when": "available"|' main.trunk.json
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'no way back'
apply_all
live_is East newer
usable
expect_exit 1 trunkform rollback -auto-approve -reason='one-way audio' genesys_trunk_certificate.east
expect_text err 'no_way_back'
expect_text err 'ACM keeps one certificate under an ARN, the newest'
live_is East newer

# Plans without the right to export; a wrong signature; an export that was never allowed.
with_source '"domain_name": "sip.example.com"'
AWS_SECRET_ACCESS_KEY=canary unusable 'InvalidSignatureException'
refuse_text out canary
certificates new ISSUED AMAZON_ISSUED DISABLED
expect_exit 1 trunkform plan -replace=genesys_trunk_certificate.east
expect_text err 'request another one: aws acm request-certificate --domain-name sip.example.com'
certificates new REVOKED AMAZON_ISSUED ENABLED
with_source "\"certificate_arn\": \"$us/east\""
unusable 'it was revoked'
kill "$fake_pid"
stop_aws
stop_service
