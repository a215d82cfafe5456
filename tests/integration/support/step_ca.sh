# shellcheck shell=bash
# A real step-ca. Read by a test with: . "$TEST_ROOT/tests/integration/support/step_ca.sh"
# shellcheck source-path=SCRIPTDIR source=../../cli/support/service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

base64url() { base64 -w 0 | tr '+/' '-_' | tr -d '='; }
# coordinate PUBLIC-KEY FIRST LAST: octets of a P-256 point, encoded for a JWK
coordinate() { openssl pkey -pubin -in "$1" -outform DER | tail -c 64 | tail -c "+$2" | head -c 32 | base64url; }
# jwk_of KEY [KID]: the public key of KEY.key as a JWK, and in ./kid its id (RFC 7638, unless it is given)
jwk_of() {
  openssl pkey -in "$1.key" -pubout -out "$1.pub"
  local members
  members=$(printf '{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}' "$(coordinate "$1.pub" 1)" "$(coordinate "$1.pub" 33)")
  printf '%s' "${2-$(printf '%s' "$members" | openssl dgst -sha256 -binary | base64url)}" >kid
  printf '%s' "$members" | jq -c --arg kid "$(cat kid)" '. + {kid: $kid, use: "sig", alg: "ES256"}'
}

# start_step_ca PROVISIONERS [POLICY]: $step_ca_url, its root in root.pem; the provisioners are members of a JSON array
start_step_ca() {
  local program port
  program=$(go_program step-ca)
  port=$(free_port)
  step_ca_url=https://127.0.0.1:$port
  mkdir -p step-ca-db
  cat >ca.json <<JSON
{ "root": "$PWD/root.pem", "crt": "$PWD/ca/intermediate.pem", "key": "$PWD/ca/intermediate.key", "address": "127.0.0.1:$port",
  "dnsNames": ["127.0.0.1"], "logger": { "format": "text" }, "db": { "type": "badgerv2", "dataSource": "$PWD/step-ca-db" }, "crl": { "enabled": true, "generateOnRevoke": true },
  "authority": { "claims": { "maxTLSCertDuration": "720h" }, "policy": ${2-null}, "provisioners": [ $1 ] } }
JSON
  STEPPATH=$PWD/step-ca-home "$program" ca.json >step-ca.log 2>&1 &
  step_ca_pid=$!
  (wait_for 30 curl -fsS --cacert root.pem -o /dev/null "$step_ca_url/health") || { cat step-ca.log >&2; die "step-ca did not start"; }
}
stop_step_ca() {
  kill "$step_ca_pid"
  wait "$step_ca_pid" || true
}
