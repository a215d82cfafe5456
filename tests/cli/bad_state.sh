# A state that is damaged, of another format, or of another lineage: refused before anything is asked of the service.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"
offer next
mkdir good
cp trunkform.state.json trunkform.state.events good/
refused() { # NAME
  expect_exit 1 trunkform plan
  said "state/$1"
  expect_exit 1 trunkform apply -auto-approve
  every_error_helps err
  sent 0
  cp good/* .
}
head -c 200 good/trunkform.state.json >trunkform.state.json
refused cut_off
: >trunkform.state.json
refused empty
printf 'not a state\n' >trunkform.state.json
refused garbage
printf '[]\n' >trunkform.state.json
refused not_an_object
sed -E 's/"serial": ?[0-9]+/"serial": "many"/' good/trunkform.state.json >trunkform.state.json
refused wrong_type
# Each way out that is named is gone: the document before it, the event log, the copy that somebody kept.
way_out() { # NAME: the command of the first hint of the plan's error, run; the state is whole afterwards
  expect_exit 1 trunkform plan
  said "state/$1"
  bash -c "$(sed -nE 's/^  hint: [^:]*: ((cp|mv) [^;]*);.*/\1/p' err | head -n 1)"
  [ -s trunkform.state.damaged ] || die 'the damaged document was not kept'
  expect_exit 0 trunkform state list
  [ "$(cat out)" = genesys_trunk_certificate.a ] || die "the state has: $(cat out)"
  rm trunkform.state.damaged
  expect_exit 0 trunkform plan
  cp good/* .
}
[ ! -e trunkform.state.backup ] || die 'there is a backup'
head -c 200 good/trunkform.state.json >trunkform.state.json
way_out cut_off
cp good/trunkform.state.json trunkform.state.backup
head -c 200 good/trunkform.state.json >trunkform.state.json
way_out cut_off_backup
rm -f trunkform.state.backup
head -c 200 good/trunkform.state.json >trunkform.state.json
expect_exit 1 trunkform state push good/trunkform.state.json
expect_exit 0 trunkform state push -force good/trunkform.state.json
[ -s trunkform.state.damaged ] || die 'the damaged document was not kept'
expect_exit 0 trunkform state list
cp good/* .
rm -f trunkform.state.backup trunkform.state.damaged trunkform.state.events
cp good/* .

# What is pushed is no state: the file is to blame, and the state that is in use is whole.
head -c 200 good/trunkform.state.json >repaired.json
sed -E 's/"serial": ?[0-9]+/"serial": "many"/' good/trunkform.state.json >mistyped.json
for file in repaired mistyped; do
  expect_exit 1 trunkform state push $file.json
  said "state/push_$file"
done
expect_exit 1 trunkform state push - <repaired.json
expect_text err 'standard input'
expect_exit 1 trunkform state push nowhere.json
said state/push_missing
for file in trunkform.state.json trunkform.state.events; do cmp $file good/$file >&2 || die "$file was changed"; done
rm -f trunkform.state.events
head -c 200 good/trunkform.state.json >trunkform.state.json
expect_exit 1 trunkform plan
said state/cut_off_no_log
mv trunkform.state.json trunkform.state.damaged
expect_exit 0 trunkform import genesys_trunk_certificate.a "$(trunk_id 1)"
rm -f trunkform.state.*
cp good/* .
sed -E 's/"format": ?1/"format": 99/' good/trunkform.state.json >trunkform.state.json
refused newer_format
# One character in the middle of the log, which is a chain of hashes.
sed '2s/root/toor/; 2s/"run/"nur/' good/trunkform.state.events >trunkform.state.events
cmp -s good/trunkform.state.events trunkform.state.events && die "the log was not changed"
refused event_changed
sed 2d good/trunkform.state.events >trunkform.state.events
refused event_missing
{ head -n 1 good/trunkform.state.events; printf 'garbage\n'; sed 1d good/trunkform.state.events; } >trunkform.state.events
refused event_garbage
# Half of a last line is what a crash leaves behind: it was never acknowledged, so it is no damage.
{ cat good/trunkform.state.events; tail -n 1 good/trunkform.state.events | head -c 50; } >trunkform.state.events
expect_exit 0 trunkform apply -auto-approve
bound "Carrier A 01" next
stop_service
