# shellcheck shell=bash
# An Azure key vault: a fake that Microsoft's own clients have just been content with. Read by a test with:
# . "$TEST_ROOT/tests/integration/support/azure.sh"
# shellcheck source-path=SCRIPTDIR source=../../cli/support/service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

# start_key_vault NAME: $vault_url, $authority_url and $identity_url; who may read is in tenant, client, secret,
# client.pem, federated-token and identity-header. NAME.chain and NAME.key are what the proof writes there.
start_key_vault() {
  local name=$1 port
  python3 -c 'import uuid; print(uuid.uuid4())' >tenant
  python3 -c 'import uuid; print(uuid.uuid4())' >client
  for word in secret federated-token identity-header; do printf 'canary-%s-%s' "$word" "$(head -c 24 /dev/urandom | base64 | tr -dc 'A-Za-z0-9')" >"$word"; done
  openssl req -x509 -newkey rsa:2048 -nodes -keyout client.key -out client.crt -subj '/CN=trunkform' -days 2 2>/dev/null
  cat client.crt client.key >client.pem
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout vault.key -out ca.pem -subj '/CN=key vault' -days 2 \
    -addext 'subjectAltName=DNS:*.vault.localhost,DNS:login.localhost,DNS:*.elsewhere.localhost' 2>/dev/null
  openssl pkcs12 -export -in "$name.chain" -inkey "$name.key" -passout pass: -out new.p12
  [ "$name" = new ] || cp "$name.chain" new.chain
  [ "$name" = new ] || cp "$name.key" new.key
  "$TEST_ROOT/tests/support/key_vault" --certificate ca.pem --key vault.key --ready vault-ready.json --tenant "$(cat tenant)" \
    --client "$(cat client)" --secret "$(cat secret)" --client-certificate client.crt --federated-token federated-token \
    --identity-header "$(cat identity-header)" >key_vault.log 2>&1 &
  vault_pid=$!
  wait_for 30 test -s vault-ready.json
  port=$(jq -r .port vault-ready.json)
  vault_url=https://sip.vault.localhost:$port
  authority_url=https://login.localhost:$port
  # shellcheck disable=SC2034 # for who reads this file
  identity_url=http://127.0.0.1:$(jq -r .identity_port vault-ready.json)/msi/token
  expect_exit 0 "$TEST_ROOT/build/servers/python/bin/python" "$TEST_ROOT/tests/integration/support/prove_key_vault" "$port" \
    "$(jq -r .identity_port vault-ready.json)" "$PWD"
  expect_text out "Microsoft's clients are content"
}
stop_key_vault() {
  kill "$vault_pid"
  wait "$vault_pid" || true
}

# vault_knobs JSON; vault_requests: one a line since the start
as_localhost() { curl -sS --cacert ca.pem --resolve "*:${vault_url##*:}:127.0.0.1" "$@"; }
vault_knobs() { as_localhost -o knobs-answer -X POST --data-binary "$1" "$vault_url/_fake/knobs"; }
vault_requests() { as_localhost "$vault_url/_fake/requests" | jq -r '.[]'; }

# as_operator METHOD PATH JSON: a call by whoever fills the vault; its answer is in ./vault-answer
as_operator() {
  as_localhost -o operator-token -d "grant_type=client_credentials&client_id=$(cat client)&client_secret=$(cat secret)&scope=https%3A%2F%2Fvault.localhost%3A${vault_url##*:}%2F.default" \
    "$authority_url/$(cat tenant)/oauth2/v2.0/token"
  as_localhost -X "$1" -H "Authorization: Bearer $(jq -r .access_token operator-token)" --data-binary "$3" -o vault-answer -w '%{http_code}' \
    "$vault_url/$2?api-version=7.4" >vault-status
  case $(cat vault-status) in 2*) ;; *) cat vault-answer >&2; die "the vault answered $(cat vault-status) to $1 $2" ;; esac
}
# put_secret NAME FILE [TYPE] [ATTRIBUTES]: FILE's text as a new version
put_secret() {
  as_operator PUT "secrets/$1" "$(jq -n --rawfile value "$2" --arg type "${3-application/x-pem-file}" --argjson attributes "${4-{\}}" \
    '{value: $value, attributes: $attributes} + if $type == "" then {} else {contentType: $type} end')"
}
# import_certificate NAME FILE [TYPE] [KEY_PROPERTIES]
import_certificate() {
  as_operator POST "certificates/$1/import" "$(jq -n --rawfile value "$2" --arg type "${3-application/x-pem-file}" --argjson key "${4-{\}}" \
    '{value: $value, policy: {secret_props: {contentType: $type}, key_props: $key}}')"
}
version_in_answer() { jq -r .id vault-answer | sed 's|.*/||'; }
