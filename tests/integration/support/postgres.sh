# shellcheck shell=bash
# A real PostgreSQL 15, and pgbouncer before it. Read by a test with: . "$TEST_ROOT/tests/integration/support/postgres.sh"
# shellcheck source-path=SCRIPTDIR source=../../cli/support/service.sh
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$TEST_ROOT/tests/integration/support/programs.sh"

# PostgreSQL does not run as root: what it needs is given to the user that Debian's package makes.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; else "$@"; fi
}

# start_postgres: $pg_port; the superuser `postgres`, and the role `trunkform` that owns nothing
start_postgres() {
  local bin=/usr/lib/postgresql/15/bin
  [ -x $bin/postgres ] || die 'postgresql-15 is not here: ./bootstrap.sh --integration installs it'
  pg_port=$(free_port)
  mkdir -p pg
  if [ "$(id -u)" = 0 ]; then
    chown postgres pg
    chmod o+x . .. ../..
  fi
  as_postgres $bin/initdb -D "$PWD/pg/data" -U postgres -A trust >pg.init 2>&1 || { cat pg.init >&2; die 'initdb failed'; }
  as_postgres $bin/postgres -D "$PWD/pg/data" -p "$pg_port" -k "$PWD/pg" -c listen_addresses=127.0.0.1 -c fsync=off -c log_connections=on \
    >pg.log 2>&1 &
  wait_for 30 psql_as_owner 'SELECT 1'
  psql_as_owner 'CREATE ROLE trunkform LOGIN'
}
# psql_as_owner SQL
psql_as_owner() { psql -h 127.0.0.1 -p "$pg_port" -U postgres -d postgres -v ON_ERROR_STOP=1 -qAtc "$1"; }

# start_pgbouncer: $bouncer_port, in transaction mode
start_pgbouncer() {
  bouncer_port=$(free_port)
  mkdir -p bouncer
  printf '"postgres" ""\n"trunkform" ""\n' >bouncer/users
  cat >bouncer/ini <<INI
[databases]
postgres = host=127.0.0.1 port=$pg_port dbname=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $bouncer_port
unix_socket_dir =
auth_type = trust
auth_file = $PWD/bouncer/users
pool_mode = transaction
default_pool_size = 4
INI
  if [ "$(id -u)" = 0 ]; then chown -R postgres bouncer; fi
  as_postgres pgbouncer bouncer/ini >pgbouncer.log 2>&1 &
  wait_for 30 psql -h 127.0.0.1 -p "$bouncer_port" -U postgres -d postgres -qAtc 'SELECT 1'
}
