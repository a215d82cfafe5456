# As many certificates as ACM's quotas of a second are asked for six times over: it throttles, names no time, and the plan
# takes as long as that rate says. moto has no quotas; the fake is that of source_acm.sh, which boto3 was content with.
. "$TEST_ROOT/tests/integration/support/aws.sh"
make_authority
leaf old -60 30
leaf new -1 89
count=60
for i in $(seq "$count"); do trunk "T $i" old; done
start_service
start_aws
export AWS_ENDPOINT_URL=$aws_url AWS_REGION=eu-central-1
new_user reader "$(documented 'AWS Certificate Manager')"
run_as reader
us=arn:aws:acm:eu-central-1:$account:certificate
jq -n --argjson n "$count" --arg us "$us" --arg key_id "$(cat reader.key-id)" --arg key "$(cat reader.key)" '{
  key_id: $key_id, key: $key, rate: 10,
  certificates: [range(1; $n + 1) | {key: "\($us)/c\(.)", value: {name: "new", status: "ISSUED", type: "AMAZON_ISSUED",
    export: "ENABLED"}}] | from_entries}' >fake.json
fake_port=$(free_port)
"$_python/python" "$TEST_ROOT/tests/support/acm_fake.py" "$fake_port" fake.json 2>fake.log &
fake_pid=$!
answers() { curl -sS -o /dev/null "http://127.0.0.1:$fake_port/"; }
wait_for 30 answers
export AWS_ENDPOINT_URL_ACM=http://127.0.0.1:$fake_port
jq -n --argjson n "$count" --arg us "$us" --arg base "$base_url" '{
  provider: {genesys: {base_url: $base}},
  certificate: {acm: ([range(1; $n + 1) | {key: "c\(.)", value: {certificate_arn: "\($us)/c\(.)"}}] | from_entries)},
  carrier: {a: {trust_store: "${file(\"root.pem\")}"}},
  rollout: {at_once: {canary: 0, stagger: "0s", soak: "0s"}},
  resource: {genesys_trunk_certificate: ([range(1; $n + 1) | {key: "r\(.)", value: {trunk: {name: "T \(.)"},
    certificate: "${certificate.acm.c\(.)}", identity: ["sip.example.com"], carrier: "a", rollout: "at_once",
    adopt: true, rotate: {min_age: "0s", when: "available"}}}] | from_entries)}}' >main.trunk.json
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out "$count to change"
grep -q '" 400' fake.log || die 'the fake throttled nobody'
kill "$fake_pid"
stop_aws
stop_service
