# The kit of backends, asked of PostgreSQL by a role that may do no more than docs/permissions.md says: directly, and
# through pgbouncer in transaction mode.
# shellcheck source-path=SCRIPTDIR source=support/postgres.sh
. "$TEST_ROOT/tests/integration/support/postgres.sh"
# shellcheck source-path=SCRIPTDIR source=support/storm.sh
. "$TEST_ROOT/tests/integration/support/storm.sh"
start_postgres
start_pgbouncer

# The grants beneath the backend's heading, as they stand there.
awk '/^## / { here = index($0, "`postgres`") } here && /^```sql$/ { inside = 1; next } /^```$/ { inside = 0 } here && inside' \
  "$TEST_ROOT/docs/permissions.md" >grants.sql
grep -qF 'GRANT USAGE ON SCHEMA' grants.sql || die 'docs/permissions.md has no grants for postgres'
export BACKEND_KIND=postgres PG_HOST=127.0.0.1 PG_DATABASE=postgres PG_USER=trunkform PG_OWNER=postgres PG_GRANTS=$PWD/grants.sql

for port in "$pg_port" "$bouncer_port"; do
  PG_PORT=$port expect_exit 0 backend-contract
  expect_text out 'All tests passed'
done

# Sixteen processes that want the lock at once: one has it, and every commit is on top of the one before.
PG_PORT=$pg_port storm 16 "${STORM_LENGTH-20}"
PG_PORT=$bouncer_port storm 16 "${STORM_LENGTH-20}"

# Nothing of it is needless: without any one line the kit fails.
grep -n '^GRANT' grants.sql | cut -d: -f1 | while read -r line; do
  sed "${line}d" grants.sql >less.sql
  ! PG_PORT=$pg_port PG_GRANTS=$PWD/less.sql backend-contract >less.out 2>&1 || die "it works without: $(sed -n "${line}p" grants.sql)"
done
