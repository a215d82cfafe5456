# The whole program with its state in etcd: init tries whether the server keeps its promises, applies from two folders see
# each other, a run that was killed is taken up by another, one whose lease ended stops, an etcd that is full says what to
# do, and a cluster that loses its leader in the middle of an apply loses nothing.
# shellcheck source-path=SCRIPTDIR source=../cli/support/service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=support/etcd.sh
. "$TEST_ROOT/tests/integration/support/etcd.sh"
# shellcheck source-path=SCRIPTDIR source=support/remote_state.sh
. "$TEST_ROOT/tests/integration/support/remote_state.sh"
two_trunks
leaf fourth -1 170
leaf fifth -1 180
start_etcd 3 --client-cert-auth --trusted-ca-file etcd-ca.pem
etcd_users
export ETCDCTL_CACERT=$PWD/etcd-ca.pem ETCDCTL_CERT=$PWD/client.pem ETCDCTL_KEY=$PWD/client.key
space=trunkform/workspaces/default

# jq would round the number.
lease_of_lock() { printf '%x' "$(by_operator get $space/lock -w json | grep -oE '"lease":[0-9]+' | cut -d: -f2)"; }
end_lease() { by_operator lease revoke "$(lease_of_lock)" >/dev/null; }
# Somebody else's program: it takes the lock's key with a lease of its own.
plant_lock() {
  local lease
  lease=$(by_operator lease grant 3600 | cut -d' ' -f2)
  by_operator del $space/lock >/dev/null
  by_operator put --lease="$lease" $space/lock "$1" >/dev/null
}
intents() { by_operator get --prefix $space/events/ | grep -c '"kind":"intent"' || true; }
after_death() {
  (cd elsewhere && expect_exit 5 trunkform apply -auto-approve && expect_text err 'a run that died loses it by itself')
  end_lease
}

# A member that the configuration names is asked for nothing before the operator says so.
with_backend etcd "\"endpoints\": \"$etcd_endpoints\""
TRUNKFORM_TRUST_LOOPBACK='' expect_exit 1 trunkform init
expect_text err 'is not trusted with etcd credentials'
expect_text err "trunkform trust add host ${etcd_urls[0]#https://} etcd"
expect_text err 'on main.trunk.json line'

# What cannot be is told at the block, and nobody is asked.
for wrong in '"endpoints": "http://etcd.example.com:2379"' '"endpoints": "https://127.0.0.1/x"' '"prefix": "/sip/"' '"endpoints": ","'; do
  with_backend etcd "$wrong"
  ETCDCTL_ENDPOINTS=$etcd_endpoints TRUNKFORM_TRUST_LOOPBACK=1 expect_exit 1 trunkform init
  expect_text err 'on main.trunk.json line'
  every_error_helps err
done

# An authority that nobody named, nobody who asks, and nobody who answers.
with_backend etcd "\"endpoints\": \"$etcd_endpoints\""
ETCDCTL_CACERT=$PWD/root.pem expect_exit 1 trunkform plan
expect_text err 'there is no trusted connection to etcd'
every_error_helps err
ETCDCTL_CERT='' expect_exit 1 trunkform plan
expect_text err 'a client certificate needs its key'
ETCDCTL_USER=trunkform expect_exit 1 trunkform plan
expect_text err 'there is no password for the user of backend.etcd'
ETCDCTL_USER=trunkform ETCDCTL_PASSWORD=wrong expect_exit 1 trunkform plan
expect_text err 'etcd does not know this user by this password'
every_error_helps err
refuse_text err "$etcd_password"

expect_exit 0 trunkform init
expect_text out 'backend etcd in etcd 127.0.0.1:'
expect_text out 'the lock of a dead machine runs out by itself'
expect_exit 0 trunkform init
[ -z "$(by_operator get --prefix '' --keys-only)" ] || die 'init left something behind'

one_state_for_two_folders
a_lock_of_another
a_killed_run_is_taken_up
a_lock_taken_over
workspaces_of_their_own
into_files_and_back "\"etcd\": { \"prefix\": \"trunkform/second\", \"endpoints\": \"$etcd_endpoints\" }"
in_keys() { printf '"etcd": { "prefix": "trunkform/%s", "endpoints": "%s" }' "$1" "$etcd_endpoints"; }
encrypted_beside "$(in_keys sealed)" "$(in_keys second)"
by_operator get --prefix trunkform/sealed >sealed.keys
for word in genesys_trunk_certificate epoch_opened "$STATE_KEY"; do refuse_text sealed.keys "$word"; done

# begin_apply NAME: of NAME, to both trunks, waiting in the middle of the first; $run
begin_apply() {
  local before
  offer "$1"
  before=$(patches)
  knobs '{"faults":[{"effect":"slow","operation":"patch","when":"after","first_byte":"3s"}]}'
  trunkform apply -auto-approve -replace genesys_trunk_certificate.east -replace genesys_trunk_certificate.west >run.out 2>run.err &
  run=$!
  wait_for 60 more_patches_than "$before"
}

# A run that stood still while its lease ended writes nothing more, and says so.
with_backend etcd "\"endpoints\": \"$etcd_endpoints\""
expect_exit 0 trunkform init -reconfigure
begin_apply fourth
before=$(patches) status=0
kill -STOP $run
end_lease
kill -CONT $run
wait $run || status=$?
[ $status = 6 ] || { cat run.err >&2; die "exit $status instead of 6 of a run whose lease ended"; }
expect_text run.err 'this run no longer holds the lock of'
expect_text run.err 'it is free now'
patches_are "$before"

# The leader is killed in the middle of an apply: another member goes on with it.
expect_exit 0 trunkform plan
begin_apply fifth
leader=$(by_operator endpoint status -w json | jq 'map(.Status.leader == .Status.header.member_id) | index(true)')
kill -KILL "${etcd_pids[$leader]}"
status=0
wait $run || status=$?
[ $status = 0 ] || { cat run.err >&2; die "exit $status of an apply whose cluster lost its leader"; }
knobs '{"clear_faults":true}'
no_changes
expect_exit 0 trunkform doctor
expect_text out 'its clock and ours agree within a minute'

# Without most of its members it says what is wrong, and changes nothing.
kill -KILL "${etcd_pids[$(((leader + 1) % 3))]}"
expect_exit 1 trunkform plan
expect_text err 'etcd'
every_error_helps err
run_member "$leader"
run_member $(((leader + 1) % 3))
wait_for 60 by_operator endpoint health
no_changes

# No key is in etcd.
by_operator get --prefix '' >all
refuse_text all 'PRIVATE KEY'
stop_etcd

# An etcd that is full.
etcd_root='' start_etcd 1 --client-cert-auth --trusted-ca-file etcd-ca.pem --quota-backend-bytes 100000
with_backend etcd "\"endpoints\": \"$etcd_endpoints\""
etcd_root=''
expect_exit 0 trunkform init -reconfigure
for i in 1 2 3; do head -c 60000 /dev/urandom | base64 -w0 | by_operator put "filling/$i" >/dev/null || true; done
expect_exit 1 trunkform apply -auto-approve
expect_text err 'etcd has no room left'
expect_text err 'etcdctl alarm disarm'
every_error_helps err
stop_etcd
stop_service
