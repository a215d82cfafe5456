# shellcheck shell=bash
# A cluster that a run is in, by a script that answers what docs say. Read by a test with: . "$TEST_ROOT/tests/cli/support/cluster.sh"

# start_cluster TOKEN [OLDER ...]: its API server takes these, all of the namespace sip; the account folder has TOKEN. Secrets are
# cluster/secrets/NAMESPACE/NAME.json.
start_cluster() {
  mkdir -p cluster/secrets/sip account
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout api.key -out account/ca.crt -subj '/CN=kube-apiserver' -days 2 \
    -addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
  printf '%s sip\n' "$@" >cluster/tokens
  printf '%s\n' "$1" >account/token
  "$TEST_ROOT/tests/support/kubernetes_api" account/ca.crt api.key cluster >api.log 2>&1 &
  wait_for 30 test -s cluster/port
  KUBERNETES_SERVICE_PORT=$(cat cluster/port)
  export KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT TRUNKFORM_KUBERNETES_ACCOUNT=$PWD/account
}
