# The state's commands: nothing of them touches a trunk.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk "East 1"
trunk "East 2"
start_service
offer ours
configure "$(binding one 'East 1'), $(binding two 'East 2')"
for command in 'state list' 'state pull' history; do
  # shellcheck disable=SC2086 # two words
  expect_exit 0 trunkform $command
  [ -s err ] || die "$command says nothing where there is no state"
done
apply_all

expect_exit 0 trunkform state list
shows state_list
expect_exit 0 trunkform state list genesys_trunk_certificate.two
[ "$(cat out)" = genesys_trunk_certificate.two ] || die 'state list ADDR shows something else'
expect_exit 0 trunkform state show genesys_trunk_certificate.one
shows state_show
expect_exit 1 trunkform state show genesys_trunk_certificate.three
shows state_show_absent

# Renamed in the configuration: without mv it would be a new binding of a trunk that is bound already.
configure "$(binding one 'East 1'), $(binding second 'East 2')"
plan_shows 2 state_renamed
expect_exit 0 trunkform state mv -dry-run genesys_trunk_certificate.two genesys_trunk_certificate.second
expect_exit 0 trunkform state mv genesys_trunk_certificate.two genesys_trunk_certificate.second
shows state_mv
no_changes
expect_exit 1 trunkform state mv genesys_trunk_certificate.two genesys_trunk_certificate.third
expect_exit 1 trunkform state mv genesys_trunk_certificate.one genesys_trunk_certificate.second
shows state_mv_taken

# pull, push: the way back is open, the way to an older or a foreign state is not.
expect_exit 0 trunkform state pull
cp out pulled.json
expect_exit 0 trunkform state rm genesys_trunk_certificate.second
shows state_rm
expect_exit 0 trunkform state list
refuse_text out genesys_trunk_certificate.second
expect_exit 1 trunkform state push pulled.json
shows state_push_older
sed 's/"lineage":"[^"]*"/"lineage":"11111111-2222-4333-8444-555555555555"/' pulled.json >foreign.json
expect_exit 1 trunkform state push foreign.json
expect_text err 'this is another state'
head -c 200 pulled.json >torn.json
expect_exit 1 trunkform state push -force torn.json
expect_exit 0 trunkform state push -force pulled.json
no_changes
expect_exit 0 trunkform state pull
cp out again.json
expect_exit 0 trunkform state push - <again.json
no_changes
# Renamed and simply applied: the new address takes the trunk over, the old one is forgotten, nothing is sent.
configure "$(binding one 'East 1'), $(binding again 'East 2')"
apply_all
no_changes
expect_exit 0 trunkform state list
[ "$(cat out)" = $'genesys_trunk_certificate.again\ngenesys_trunk_certificate.one' ] || die "state list: $(cat out)"
patches_are 2

# A document that binds one trunk twice is refused, whoever wrote it.
expect_exit 0 trunkform state pull
jq -c '.resources += [.resources[] | select(.address == "genesys_trunk_certificate.one") | .address = "genesys_trunk_certificate.other"] | .serial += 1' <out >twice.json
expect_exit 1 trunkform state push -force twice.json
shows state_push_twice
no_changes

# Several instances keep their keys, or go one by one: they cannot all become one.
expect_exit 0 trunkform state rm genesys_trunk_certificate.one genesys_trunk_certificate.again
configure "\"each\": { \"for_each\": [\"East 1\", \"East 2\"], $(binding x '${each.key}' | sed -E '1d;s/^ *"x": \{ //')"
sed -i 's/"for_each": \[[^]]*\]/"for_each": "${toset([\\"East 1\\", \\"East 2\\"])}"/' main.trunk.json
apply_all
expect_exit 1 trunkform state mv genesys_trunk_certificate.each 'genesys_trunk_certificate.b["y"]'
shows state_mv_several
expect_exit 0 trunkform state list
[ "$(wc -l <out)" = 2 ] || die "a record is lost: $(cat out)"
expect_exit 0 trunkform state mv genesys_trunk_certificate.each genesys_trunk_certificate.b
expect_exit 0 trunkform state mv 'genesys_trunk_certificate.b["East 1"]' 'genesys_trunk_certificate.c["y"]'
expect_exit 0 trunkform state mv genesys_trunk_certificate.b 'genesys_trunk_certificate.c["z"]'
expect_exit 0 trunkform state list
[ "$(cat out)" = $'genesys_trunk_certificate.c["y"]\ngenesys_trunk_certificate.c["z"]' ] || die "state list: $(cat out)"
stop_service
