# shellcheck shell=bash
# Azure Blob Storage by Azurite, which checks conditions, leases, and whom a token is for. Read by a test with:
# . "$TEST_ROOT/tests/integration/support/azblob.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

# start_azurite: $blob_endpoint, a server with the container `ops-state`; its authority is in blob-ca.pem, what it was
# asked for in azurite.log
start_azurite() {
  local port
  port=$(free_port)
  blob_endpoint=https://127.0.0.1:$port/devstoreaccount1
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout blob.key -out blob-ca.pem -subj '/CN=azurite' -days 2 \
    -addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
  node_program azurite-blob --blobHost 127.0.0.1 --blobPort "$port" --inMemoryPersistence --skipApiVersionCheck --disableTelemetry \
    --oauth basic --cert blob-ca.pem --key blob.key >azurite.log 2>&1 &
  azurite_pid=$!
  wait_for 60 grep -q 'successfully listens' azurite.log
  by_operator PUT '?restype=container'
}
stop_azurite() {
  kill "$azurite_pid"
  wait "$azurite_pid" || true
}

# blob_token: one that Azurite takes for an hour; it does not look at signatures
blob_token() {
  python3 - <<'PYTHON'
import base64, json, time
part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
now = int(time.time())
claims = {"aud": "https://storage.azure.com", "iss": "https://sts.windows.net/00000000-0000-4000-8000-000000000001/",
          "iat": now - 60, "nbf": now - 60, "exp": now + 3600}
print(".".join([part({"typ": "JWT", "alg": "RS256"}), part(claims), "signature"]))
PYTHON
}

# by_operator METHOD PATH [CURL-ARGUMENT…]: a request by whoever owns the account, for what is beneath the container; the
# answer is in ./blob-answer, its headers in ./blob-headers
by_operator() {
  local method=$1 path=$2 how=(-X "$1")
  shift 2
  [ "$method" != HEAD ] || how=(-I)
  curl -sS --cacert blob-ca.pem "${how[@]}" -H "Authorization: Bearer $(blob_token)" -H 'x-ms-version: 2023-11-03' -H 'Content-Type: text/plain' \
    -H "$([ "$method" = PUT ] && [ $# = 0 ] && echo 'Content-Length: 0')" -o blob-answer -D blob-headers "$@" "$blob_endpoint/ops-state$path"
  grep -qE '^HTTP/1.1 2' blob-headers || { cat blob-headers blob-answer >&2; die "Azurite refused $method $path"; }
}
