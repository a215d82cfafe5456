# The whole program with its state in PostgreSQL: init makes the tables, applies from two folders see each other, a run
# that was killed is taken up by another, and a stranger's server gets nothing.
# shellcheck source-path=SCRIPTDIR source=support/postgres.sh
. "$TEST_ROOT/tests/integration/support/postgres.sh"
# shellcheck source-path=SCRIPTDIR source=support/remote_state.sh
. "$TEST_ROOT/tests/integration/support/remote_state.sh"
two_trunks
start_postgres
export PGUSER=postgres PGSSLMODE=disable PGDATABASE=postgres

plant_lock() {
  psql_as_owner "UPDATE trunkform.states SET lock_id = '$(jq -r .ID <<<"$1")', lock_ends = now() + interval '1 hour', lock_info = '$1'"
}
intents() { psql_as_owner "SELECT count(*) FROM trunkform.events WHERE line LIKE '%\"kind\":\"intent\"%'"; }
after_death() { psql_as_owner "UPDATE trunkform.states SET lock_ends = now()"; }

# A server that the configuration names is asked for nothing before the operator says so.
with_backend postgres "\"host\": \"127.0.0.1\", \"port\": \"$pg_port\""
before=$(grep -c 'connection received' pg.log)
TRUNKFORM_TRUST_LOOPBACK='' expect_exit 1 trunkform init
expect_text err "127.0.0.1:$pg_port is not trusted with postgres credentials"
expect_text err "trunkform trust add host 127.0.0.1:$pg_port postgres"
[ "$(grep -c 'connection received' pg.log)" = "$before" ] || die 'a server that nobody trusts was spoken to'

# Without tables there is no state, and who is paged is told what to do.
expect_exit 1 trunkform plan
expect_text err 'the tables of the state are not there'
expect_text err 'trunkform init'
expect_exit 0 trunkform init
expect_text out "backend postgres in PostgreSQL 127.0.0.1"
expect_text out 'the lock of a dead machine runs out by itself'
expect_exit 0 trunkform init

export PGHOST=127.0.0.1 PGPORT=$pg_port
with_backend postgres ''
expect_exit 1 trunkform plan
expect_text err 'the state of this folder is in another backend'
expect_exit 0 trunkform init -migrate-state
one_state_for_two_folders
a_lock_of_another
a_killed_run_is_taken_up
a_lock_taken_over
workspaces_of_their_own
rows() { psql_as_owner 'SELECT count(*) || md5(string_agg(record, chr(10) ORDER BY workspace, address)) FROM trunkform.resources'; }
before=$(rows)
into_files_and_back '"postgres": { "schema_name": "second" }'
[ "$(rows)" = "$before" ] || die 'what was copied has changed'
with_backend postgres ''
expect_exit 1 trunkform init -migrate-state
expect_text err 'there is another state already where this one is to go'

# What a later version made is not touched.
expect_exit 0 trunkform init -reconfigure
psql_as_owner 'UPDATE trunkform.format SET version = 2'
expect_exit 1 trunkform plan
expect_text err 'they are of format 2, and this trunkform knows format 1'
expect_exit 1 trunkform apply -auto-approve
expect_exit 1 trunkform init
psql_as_owner 'UPDATE trunkform.format SET version = 1'
expect_exit 0 trunkform plan

# No key is in the database.
pg_dump -h 127.0.0.1 -p "$pg_port" -U postgres postgres >dump.sql
refuse_text dump.sql 'PRIVATE KEY'
stop_service
