# The kit of backends, asked of a real etcd by a user that may do no more than docs/permissions.md says; connections are
# cut between a write and its answer.
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=support/etcd.sh
. "$TEST_ROOT/tests/integration/support/etcd.sh"
# shellcheck source-path=SCRIPTDIR source=support/storm.sh
. "$TEST_ROOT/tests/integration/support/storm.sh"

etcd_scheme=http start_etcd 1
etcd_users
export BACKEND_KIND=etcd ETCD_PORT=${etcd_endpoints##*:} ETCDCTL_USER=trunkform ETCDCTL_PASSWORD=$etcd_password
expect_exit 0 backend-contract
expect_text out 'All tests passed'

# Sixteen processes that want the lock at once: one has it, and every commit is on top of the one before.
storm 16 "${STORM_LENGTH-4}"

# Who may read alone cannot write, and who is nobody is told so.
by_operator role revoke-permission trunkform trunkform/ --prefix=true >/dev/null
by_operator role grant-permission trunkform read --prefix=true trunkform/ >/dev/null
expect_exit 1 backend-contract 'kit: a commit alone*'
expect_text out 'this user may not do that in etcd'
ETCDCTL_PASSWORD=wrong expect_exit 1 backend-contract 'kit: a commit alone*'
expect_text out 'etcd does not know this user by this password'
stop_etcd
