# The whole program with its state in PostgreSQL: init makes the tables, applies from two folders see each other, a run
# that was killed is taken up by another, and a stranger's server gets nothing.
# shellcheck source-path=SCRIPTDIR source=support/postgres.sh
. "$TEST_ROOT/tests/integration/support/postgres.sh"
make_authority
leaf old -85 3
leaf new -80 8
leaf newer -1 120
leaf newest -1 150
trunk East old
trunk West old
start_service
start_postgres
export PGUSER=postgres PGSSLMODE=disable PGDATABASE=postgres

# with_backend MEMBERS: two trunks, and the state in the database
with_backend() {
  configure "$(binding east East '"adopt": true'),$(binding west West '"adopt": true')" \
    "\"trunkform\": { \"backend\": { \"postgres\": { $1 } } }"
}

# A server that the configuration names is asked for nothing before the operator says so.
with_backend "\"host\": \"127.0.0.1\", \"port\": \"$pg_port\""
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

# From nothing to two PATCHed trunks; from another folder, the same state.
export PGHOST=127.0.0.1 PGPORT=$pg_port
with_backend ''
expect_exit 1 trunkform plan
expect_text err 'the state of this folder is in another backend'
expect_exit 0 trunkform init -migrate-state
expect_exit 0 trunkform plan
expect_exit 0 trunkform apply -auto-approve
mkdir elsewhere
cp main.trunk.json root.pem new.chain new.key elsewhere
(cd elsewhere && expect_exit 0 trunkform plan -detailed-exitcode && expect_text out 'No changes')
expect_exit 0 trunkform state list
expect_text out 'genesys_trunk_certificate.west'
[ ! -e trunkform.state.json ] || die 'a state was written beside the configuration, too'

# A lock that somebody has is told with who it is; one whose run is dead is broken by its id.
sql="UPDATE trunkform.states SET lock_id = 'l-1', lock_ends = now() + interval '1 hour', lock_info =
 '{\"ID\":\"l-1\",\"Operation\":\"apply\",\"Info\":\"\",\"Who\":\"ops@elsewhere (pid 9)\",\"Version\":\"0.1.0\",\"Created\":\"2026-11-24T16:00:00Z\",\"Path\":\"x\"}'"
psql_as_owner "$sql"
cp newer.chain new.chain
cp newer.key new.key
expect_exit 5 trunkform apply -auto-approve
expect_text err 'ops@elsewhere (pid 9) holds it since 2026-11-24T16:00:00Z'
expect_text err 'trunkform force-unlock l-1'
expect_exit 0 trunkform force-unlock -force l-1

# A run that is killed in the middle leaves an intent; another process, elsewhere, goes on with it when the lock has run out.
knobs '{"faults":[{"effect":"slow","operation":"patch","when":"after","first_byte":"20s"}]}'
trunkform apply -auto-approve >killed.out 2>&1 &
killed=$!
wait_for 60 sh -c "[ \"\$(psql -h 127.0.0.1 -p $pg_port -U postgres -qAtc \"SELECT count(*) FROM trunkform.events WHERE line LIKE '%\\\"kind\\\":\\\"intent\\\"%'\")\" -ge 3 ]"
kill -KILL $killed
wait $killed || true
knobs '{"clear_faults":true}'
cp new.chain new.key elsewhere
psql_as_owner "UPDATE trunkform.states SET lock_ends = now()"
(cd elsewhere && expect_exit 0 trunkform apply -auto-approve)
for name in East West; do [ "$(live_leaf $name)" = "$(fingerprint newer)" ] || die "$name has another certificate"; done
expect_exit 0 trunkform plan -detailed-exitcode
expect_text out 'No changes'
expect_exit 0 trunkform history
expect_text out 'genesys_trunk_certificate.east'

# A run whose lock another takes over stops before its next PATCH, and says who has it now.
cp newest.chain new.chain
cp newest.key new.key
before=$(patches)
knobs '{"faults":[{"effect":"slow","operation":"patch","when":"after","first_byte":"3s"}]}'
trunkform apply -auto-approve -replace genesys_trunk_certificate.east -replace genesys_trunk_certificate.west >out 2>err &
losing=$!
wait_for 60 sh -c "[ \$(curl -fsS '$base_url/_sim/requests?after=0' | grep -o '\"operation\": *\"patch\"' | wc -l) -gt $before ]"
psql_as_owner "${sql//l-1/l-2}"
status=0
wait $losing || status=$?
[ $status = 6 ] || die "exit $status instead of 6 of a run that lost its lock"
expect_text err 'this run no longer holds the lock of PostgreSQL 127.0.0.1'
expect_text err 'ops@elsewhere (pid 9) holds it since 2026-11-24T16:00:00Z'
expect_text out '1 not started'
[ "$(grep -c '^Error' err)" = 1 ] || die 'what was lost is told more than once'
[ "$(patches)" = $((before + 1)) ] || die 'a trunk was changed without the lock'
knobs '{"clear_faults":true}'
expect_exit 0 trunkform force-unlock -force l-2
expect_exit 0 trunkform apply -auto-approve -replace genesys_trunk_certificate.west
for name in East West; do [ "$(live_leaf $name)" = "$(fingerprint newest)" ] || die "$name has another certificate"; done

# Workspaces are states of their own in it, and a trunk that one binds is refused to the other.
expect_exit 0 trunkform workspace new lab
expect_exit 0 trunkform workspace list
expect_text out 'lab'
expect_exit 1 trunkform plan
expect_text err 'It is bound by genesys_trunk_certificate.east in workspace "default"'
expect_exit 0 trunkform workspace select default
expect_exit 0 trunkform workspace delete lab

# Back into files, with the history: the rows in the database stay as they are.
rows() { psql_as_owner 'SELECT count(*) || md5(string_agg(record, chr(10) ORDER BY workspace, address)) FROM trunkform.resources'; }
before=$(rows)
events=$(psql_as_owner "SELECT count(*) FROM trunkform.events WHERE line NOT LIKE '%\"kind\":\"epoch_opened\"%'")
configure "$(binding east East '"adopt": true'),$(binding west West '"adopt": true')" '"trunkform": {}'
expect_exit 1 trunkform plan
expect_text err 'the state of this folder is in another backend'
expect_exit 0 trunkform init -migrate-state
expect_text out "copied with $events events, read back and compared"
[ "$(rows)" = "$before" ] || die 'what was copied has changed'
expect_exit 0 trunkform plan -detailed-exitcode
with_backend ''
expect_exit 1 trunkform init -migrate-state
expect_text err 'there is another state already where this one is to go'
rm -rf trunkform.state.json* .trunkform.*

# And from files into an empty schema.
trunkform init -reconfigure >/dev/null
expect_exit 0 trunkform history
configure "$(binding east East '"adopt": true'),$(binding west West '"adopt": true')"
expect_exit 0 trunkform init -migrate-state
with_backend '"schema_name": "second"'
expect_exit 0 trunkform init -migrate-state
expect_text out 'schema second, workspace default'
expect_exit 0 trunkform plan -detailed-exitcode
expect_text out 'No changes'

# No key is in the database.
pg_dump -h 127.0.0.1 -p "$pg_port" -U postgres postgres >dump.sql
refuse_text dump.sql 'PRIVATE KEY'
stop_service
