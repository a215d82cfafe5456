# shellcheck shell=bash
# etcd, one member or three, with its own users. Read by a test with: . "$TEST_ROOT/tests/integration/support/etcd.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

etcd_pids=() etcd_urls=() etcd_flags=()
# start_etcd MEMBERS [FLAG …]: $etcd_endpoints, over TLS, or without where $etcd_scheme is http; the authority is etcd-ca.pem, a client's certificate
# client.{pem,key}. Members 0 …: $etcd_pids
start_etcd() {
  local members=$1 i cluster=() peers=()
  shift
  command -v etcdctl >/dev/null || die 'etcd is not here: ./bootstrap.sh --integration installs it'
  etcd_flags=("$@") etcd_pids=() etcd_urls=()
  [ -e etcd-ca.pem ] || etcd_certificates
  for ((i = 0; i < members; ++i)); do
    etcd_urls+=("${etcd_scheme-https}://127.0.0.1:$(free_port)")
    peers+=("http://127.0.0.1:$(free_port)")
    cluster+=("m$i=${peers[$i]}")
  done
  etcd_peers=("${peers[@]}")
  etcd_cluster=$(IFS=,; echo "${cluster[*]}")
  etcd_endpoints=$(IFS=,; echo "${etcd_urls[*]}")
  export ETCDCTL_API=3
  for ((i = 0; i < members; ++i)); do run_member "$i"; done
  wait_for 60 by_operator endpoint health
}
run_member() { # run_member NUMBER: also again, after it was killed
  etcd --name "m$1" --data-dir "etcd.$1" --listen-client-urls "${etcd_urls[$1]}" --advertise-client-urls "${etcd_urls[$1]}" \
    --listen-peer-urls "${etcd_peers[$1]}" --initial-advertise-peer-urls "${etcd_peers[$1]}" --initial-cluster "$etcd_cluster" \
    --cert-file etcd.pem --key-file etcd.key --unsafe-no-fsync "${etcd_flags[@]}" >>"etcd.$1.log" 2>&1 &
  etcd_pids[$1]=$!
}
stop_etcd() {
  kill -KILL "${etcd_pids[@]}" 2>/dev/null || true
  wait "${etcd_pids[@]}" 2>/dev/null || true
  rm -rf etcd.[0-9]
}
etcd_certificates() {
  local name
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout etcd-ca.key -out etcd-ca.pem -subj '/CN=etcd authority' -days 2 2>/dev/null
  for name in etcd client; do
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -out $name.csr -subj "/CN=trunkform" 2>/dev/null
    openssl x509 -req -in $name.csr -CA etcd-ca.pem -CAkey etcd-ca.key -CAcreateserial -days 2 -out $name.pem \
      -extfile <(echo 'subjectAltName=IP:127.0.0.1') 2>/dev/null
    chmod 600 $name.key
  done
}

# by_operator COMMAND …: etcdctl as root, who may do everything, also before there are users; whatever a test has in its environment
by_operator() {
  env -u ETCDCTL_PASSWORD ETCDCTL_USER="${etcd_root-}" ETCDCTL_CACERT=etcd-ca.pem ETCDCTL_CERT=client.pem ETCDCTL_KEY=client.key ETCDCTL_ENDPOINTS="$etcd_endpoints" etcdctl "$@" 2>>etcdctl.err
}
# etcd_users: root, and `trunkform` with the role of docs/permissions.md; its password is in $etcd_password
etcd_users() {
  local line
  etcd_password=$(openssl rand -hex 12)
  by_operator user add "root:$etcd_password" >/dev/null
  by_operator user grant-role root root >/dev/null
  by_operator user add "trunkform:$etcd_password" >/dev/null
  awk '/^## / { here = index($0, "`etcd`") } here && /^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } here && inside' \
    "$TEST_ROOT/docs/permissions.md" >etcd-role.sh
  grep -q 'grant-permission' etcd-role.sh || die 'docs/permissions.md has no role for etcd'
  while read -r line; do
    # shellcheck disable=SC2086 # a line is a command
    by_operator ${line#etcdctl } >/dev/null || die "etcd refused: $line"
  done <etcd-role.sh
  by_operator auth enable >/dev/null
  etcd_root=root:$etcd_password
}
