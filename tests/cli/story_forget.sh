# forget says what it leaves behind on the service, and forgets as well where that cannot be asked; an address that names
# nothing is never silence; what a killed run began is in what shows the state.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -70 20
leaf newer -1 89
leaf theirs -2 60
for name in 'East 1' 'East 2' 'East 3' 'East 4'; do trunk "$name" ours; done
trunk "West"
# shellcheck disable=SC2016 # the hook's shell expands it
start_service -on-bind 'if [ -f killed_at_bind ]; then kill -KILL "$(cat killed_at_bind)"; fi'
offer ours
east="\"east\": { \"for_each\": \"\${toset([\\\"1\\\", \\\"2\\\", \\\"3\\\", \\\"4\\\"])}\", $(binding x 'East ${each.key}' '"adopt": true' | sed -E '1d;s/^ *"x": \{ //')"
configure "$east"
apply_all

# Close to a name, with or without its instances, or without its type.
expect_exit 1 trunkform state list 'genesys_trunk_certificate.eats' 'genesys_trunk_certificate.east["1"]'
shows state_list_absent
expect_exit 1 trunkform forget 'genesys_trunk_certificate.east["5"]'
expect_text err "did you mean 'genesys_trunk_certificate.east[\""
for command in verify 'state show' 'state mv genesys_trunk_certificate.x' 'import' 'plan -target'; do
  case $command in import) more=$(printf '00000000-0000-4000-8000-%012d' 1) ;; *) more= ;; esac
  # shellcheck disable=SC2086 # words
  case $command in
    'state mv'*) expect_exit 1 trunkform state mv genesys_trunk_certificate.eats genesys_trunk_certificate.x ;;
    *) expect_exit 1 trunkform $command genesys_trunk_certificate.eats $more ;;
  esac
  expect_text err "did you mean 'genesys_trunk_certificate.east'?"
done
expect_exit 64 trunkform state list 'east["1"]'
expect_text err "did you mean 'genesys_trunk_certificate.east[\"1\"]'?"
expect_exit 64 trunkform plan -target=east
expect_text err "did you mean -target='genesys_trunk_certificate.east'?"

# One as it was bound, one that somebody changed, one that is gone, one without a certificate.
by_hand 'East 2' theirs
knobs '{"edits":[{"do":"delete","trunk":"East 3"},{"do":"unbind","trunk":"East 4"}]}'
expect_exit 0 trunkform forget -dry-run genesys_trunk_certificate.east
shows forget_looks
# The service refuses the credentials, then shows another organisation's: it is forgotten all the same.
expect_exit 0 env GENESYSCLOUD_OAUTHCLIENT_SECRET=withdrawn trunkform forget -dry-run 'genesys_trunk_certificate.east["1"]'
shows forget_denied
knobs '{"organisation": {"id": "00000000-0000-4000-8000-00000000000a", "name": "Another", "status": 200}}'
expect_exit 0 trunkform forget 'genesys_trunk_certificate.east["3"]'
expect_text out 'the credentials are of organisation "Another"'
refuse_text out 'is gone'
knobs '{"organisation": {"id": "'"$(jq -r .organisation.id trunkform.state.json)"'", "name": "Simulated Organisation", "status": 200}}'
mv main.trunk.json away
expect_exit 0 trunkform forget 'genesys_trunk_certificate.east["4"]'
expect_text out 'the service was not asked: there is no configuration here'
mv away main.trunk.json

# Killed at its first bind: there is no record yet, and the state shows what was begun.
configure "$(binding west West)"
expect_exit 0 trunkform forget genesys_trunk_certificate.east
sh -c 'echo $$ >killed_at_bind; exec trunkform apply -auto-approve' >out 2>err || true
expect_exit 0 trunkform show
shows show_unfinished_first
expect_exit 0 trunkform state show genesys_trunk_certificate.west
expect_text out 'unfinished binding'
rm killed_at_bind
apply_all
# And at a later one: below its record.
offer newer
sh -c 'echo $$ >killed_at_bind; exec trunkform apply -auto-approve' >out 2>err || true
rm killed_at_bind
for command in show 'state show genesys_trunk_certificate.west'; do
  # shellcheck disable=SC2086 # words
  expect_exit 0 trunkform $command
  expect_text out "unfinished binding $(fingerprint newer)"
  expect_text out 'looks there first'
done
apply_all
expect_exit 0 trunkform show
refuse_text out unfinished
stop_service
