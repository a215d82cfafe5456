# shellcheck shell=bash
# A real Kubernetes API server over an etcd of its own, with RBAC. Read by a test with: . "$TEST_ROOT/tests/integration/support/kubernetes.sh"
# shellcheck source-path=SCRIPTDIR source=../../cli/support/service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

# start_cluster: $cluster_url, its roots in cluster/ca.crt; the operator's token, which only as_operator uses, in cluster/operator
start_cluster() {
  local port etcd_port peer_port program
  program=$(go_program kube-apiserver)
  command -v etcd >/dev/null || die "etcd is not here: ./bootstrap.sh --integration installs it"
  mkdir -p cluster
  port=$(free_port) etcd_port=$(free_port) peer_port=$(free_port)
  etcd --data-dir cluster/etcd --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls "http://127.0.0.1:$peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" \
    --initial-cluster "default=http://127.0.0.1:$peer_port" >cluster/etcd.log 2>&1 &
  etcd_pid=$!
  openssl genrsa -out cluster/accounts.key 2048 2>/dev/null
  openssl rsa -in cluster/accounts.key -pubout -out cluster/accounts.pub 2>/dev/null
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout cluster/api.key -out cluster/ca.crt -subj '/CN=kube-apiserver' -days 2 \
    -addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
  head -c 24 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' >cluster/operator
  printf '%s,operator,1,"system:masters"\n' "$(cat cluster/operator)" >cluster/tokens
  "$program" --etcd-servers="http://127.0.0.1:$etcd_port" --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$port" \
    --tls-cert-file=cluster/ca.crt --tls-private-key-file=cluster/api.key --cert-dir=cluster --token-auth-file=cluster/tokens \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file=cluster/accounts.pub \
    --service-account-signing-key-file=cluster/accounts.key --service-cluster-ip-range=10.0.0.0/24 --authorization-mode=RBAC \
    --endpoint-reconciler-type=none >cluster/api.log 2>&1 &
  cluster_pid=$!
  cluster_url=https://127.0.0.1:$port
  wait_for 90 curl -fsS --cacert cluster/ca.crt -o /dev/null -H "Authorization: Bearer $(cat cluster/operator)" "$cluster_url/readyz"
}
stop_cluster() {
  kill "$cluster_pid" "$etcd_pid"
  wait "$cluster_pid" "$etcd_pid" || true
}

# as_operator METHOD PATH [BODY [TYPE]]: a call by the cluster's operator; its answer is in ./cluster-answer
as_operator() {
  curl -sS --cacert cluster/ca.crt -X "$1" -H "Authorization: Bearer $(cat cluster/operator)" ${3+-H "Content-Type: ${4-application/json}" --data-binary "$3"} \
    -o cluster-answer -w '%{http_code}' "$cluster_url/$2" >cluster-status
  case $(cat cluster-status) in 2*) ;; *) cat cluster-answer >&2; die "the cluster answered $(cat cluster-status) to $1 $2" ;; esac
}
# applied PATH YAML: as kubectl apply does it on the server
applied() { as_operator PATCH "$1?fieldManager=test&force=true" "$2" application/apply-patch+yaml; }
namespace() { applied "api/v1/namespaces/$1" "{ apiVersion: v1, kind: Namespace, metadata: { name: $1 } }"; }
# account NAMESPACE NAME: a service account. token_of_account NAMESPACE NAME: one of its tokens, of an hour, on standard output
account() { applied "api/v1/namespaces/$1/serviceaccounts/$2" "{ apiVersion: v1, kind: ServiceAccount, metadata: { name: $2 } }"; }
token_of_account() {
  as_operator POST "api/v1/namespaces/$1/serviceaccounts/$2/token" '{"spec":{"expirationSeconds":3600}}'
  jq -rj .status.token cluster-answer
}
# role NAMESPACE NAME RULES ACCOUNT: a Role, and its binding to a service account of the namespace
role() {
  applied "apis/rbac.authorization.k8s.io/v1/namespaces/$1/roles/$2" "$(printf 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: %s }\n%s' "$2" "$3")"
  applied "apis/rbac.authorization.k8s.io/v1/namespaces/$1/rolebindings/$2" "{ apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: $2 },
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: $2 }, subjects: [{ kind: ServiceAccount, name: $4, namespace: $1 }] }"
}
# tls_secret NAMESPACE NAME PAIR: of type kubernetes.io/tls, as cert-manager writes it
tls_secret() {
  applied "api/v1/namespaces/$1/secrets/$2" "$(printf 'apiVersion: v1\nkind: Secret\nmetadata: { name: %s }\ntype: kubernetes.io/tls\ndata:\n  tls.crt: %s\n  tls.key: %s\n' \
    "$2" "$(base64 -w0 "$3.chain")" "$(base64 -w0 "$3.key")")"
}
# in_pod NAMESPACE ACCOUNT: what the kubelet would give to a pod of that account, in ./account and the environment
in_pod() {
  mkdir -p account
  cp cluster/ca.crt account/ca.crt
  token_of_account "$1" "$2" >account/token
  export KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT=${cluster_url##*:} TRUNKFORM_KUBERNETES_ACCOUNT=$PWD/account
}
