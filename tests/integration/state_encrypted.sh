# The whole program with an encrypted state in PostgreSQL, and at a server of Terraform's HTTP protocol: what the server
# has says nothing, serial and lineage but at the latter, a state in the clear is encrypted where it is or on its way to
# another place, and its key is changed.
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=support/postgres.sh
. "$TEST_ROOT/tests/integration/support/postgres.sh"
# shellcheck source-path=SCRIPTDIR source=support/state_server.sh
. "$TEST_ROOT/tests/integration/support/state_server.sh"
# shellcheck source-path=SCRIPTDIR source=support/remote_state.sh
. "$TEST_ROOT/tests/integration/support/remote_state.sh"
two_trunks
start_postgres
start_state_server
export PGHOST=127.0.0.1 PGPORT=$pg_port PGUSER=postgres PGSSLMODE=disable PGDATABASE=postgres TRUNKFORM_CA_FILE=$PWD/state-ca.pem
for name in STATE_KEY NEW_KEY; do expect_exit 0 trunkform trust add secret env "$name"; done
export STATE_KEY=canary-of-the-state-key-1 NEW_KEY=canary-of-the-next-key-2
keyed() { # keyed KEY TYPE MEMBERS: as with_backend, encrypted
  with_backend "$2" "$3"
  sed -i "s|\"backend\":|\"state_encryption\": { $1 }, \"backend\":|" main.trunk.json
}
first='"key": { "env": "STATE_KEY" }'
second='"key": { "env": "NEW_KEY" }'
says_nothing() { # says_nothing FILE
  local word
  for word in East genesys_trunk_certificate sip.example.com 00000000-0000-4000-8000-000000000001 epoch_opened "$STATE_KEY" "$NEW_KEY"; do
    refuse_text "$1" "$word"
  done
}
dumped() { pg_dump -h 127.0.0.1 -p "$pg_port" -U postgres postgres -n "$1" >dump.sql; }
in_rows() { psql_as_owner "SELECT count(*) FROM $1.resources"; }

# From the first event on.
keyed "$first" postgres '"schema_name": "sealed"'
expect_exit 0 trunkform init
expect_exit 0 trunkform apply -auto-approve
both_have new
dumped sealed
says_nothing dump.sql
[ "$(in_rows sealed)" = 2 ] || die "$(in_rows sealed) rows instead of one for each trunk"

# A commit of one trunk leaves the other's row.
rows() { psql_as_owner 'SELECT md5(record) FROM sealed.resources ORDER BY 1' >"$1"; }
rows rows.before
offer newer
expect_exit 0 trunkform apply -auto-approve -replace=genesys_trunk_certificate.east -target=genesys_trunk_certificate.east
rows rows.after
[ "$(comm -12 rows.before rows.after | grep -c .)" = 1 ] || die 'the row of a trunk that did not change was written anew'
expect_exit 0 trunkform apply -auto-approve -replace=genesys_trunk_certificate.west
both_have newer
expect_exit 0 trunkform history
expect_text out genesys_trunk_certificate.west
expect_exit 0 trunkform doctor

# A row that somebody puts back is of another moment; without the block nothing goes.
psql_as_owner "CREATE TABLE kept AS SELECT * FROM sealed.resources" >/dev/null
offer newest
expect_exit 0 trunkform apply -auto-approve -replace=genesys_trunk_certificate.east -replace=genesys_trunk_certificate.west
psql_as_owner "CREATE TABLE now AS SELECT * FROM sealed.resources; UPDATE sealed.resources r SET record = k.record FROM kept k WHERE k.address = r.address" >/dev/null
expect_exit 1 trunkform plan
expect_text err 'the state cannot be decrypted'
psql_as_owner "UPDATE sealed.resources r SET record = n.record FROM now n WHERE n.address = r.address" >/dev/null
both_have newest
with_backend postgres '"schema_name": "sealed"'
expect_exit 1 trunkform plan
expect_text err 'the configuration has no key for it'

# Another key and another data key: the earlier one opens nothing, and the history is whole.
keyed "$second, \"previous\": [{ \"env\": \"STATE_KEY\" }]" postgres '"schema_name": "sealed"'
expect_exit 0 trunkform state rekey -new-data-key
keyed "$second" postgres '"schema_name": "sealed"'
both_have newest
expect_exit 0 trunkform history
expect_text out genesys_trunk_certificate.west
keyed "$first" postgres '"schema_name": "sealed"'
expect_exit 1 trunkform plan

# In the clear at the HTTP server, encrypted on its way to the next place there; then in the clear again elsewhere, and
# encrypted where it is.
rm -rf .trunkform*
at_server() { printf '"address": "%s/state/%s", "lock_address": "%s/state/%s%s", "lock_method": "%s", "unlock_method": "%s"' "$state_url" "$1" "$state_url" "$1" "$lock_path" "$lock_method" "$unlock_method"; }
with_backend http "$(at_server clear)"
expect_exit 0 trunkform init
expect_exit 0 trunkform apply -auto-approve
both_have newest
keyed "$first" http "$(at_server sealed)"
expect_exit 1 trunkform plan
expect_exit 0 trunkform init -migrate-state
both_have newest
document() { by_test documents | jq -r ".[\"/state/$1\"]" >"document.$1"; }
document sealed
document clear
says_nothing document.sealed
expect_text document.clear genesys_trunk_certificate
jq -e '.serial > 0 and (.lineage | length) == 36' document.sealed >/dev/null || die 'serial and lineage are not in the clear'
rm -rf .trunkform*
keyed "$first" http "$(at_server clear)"
expect_exit 1 trunkform init
expect_text err 'trunkform init -migrate-state'
expect_exit 0 trunkform init -migrate-state
expect_text out 'workspace default: encrypted'
both_have newest
document clear
jq -r .state document.clear >state.clear
says_nothing state.clear
stop_service
