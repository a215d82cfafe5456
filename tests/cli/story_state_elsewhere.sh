# backend.local.path places the state, and every command finds it there: also those that need nothing else of the
# configuration, and also where the rest of the configuration is broken.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk "East 1"
start_service
offer ours
backend='"trunkform": { "backend": { "local": { "path": "kept/here" } } }, "output": { "word": { "value": "kept" } }'
configure "$(binding one 'East 1')" "$backend"
apply_all
[ -s kept/here/trunkform.state.json ] || die 'the state is not where the configuration places it'
[ ! -e trunkform.state.json ] || die 'there is a second state beside the configuration'

sees_the_state() {
  expect_exit 0 trunkform state list
  [ "$(cat out)" = genesys_trunk_certificate.one ] || die "state list: $(cat out err)"
  expect_exit 0 trunkform state show genesys_trunk_certificate.one
  expect_exit 0 trunkform state pull
  expect_text out genesys_trunk_certificate.one
  expect_exit 0 trunkform output
  expect_text out kept
  expect_exit 0 trunkform history
  expect_text out genesys_trunk_certificate.one
  expect_exit 0 trunkform workspace list
  expect_exit 1 trunkform force-unlock 00000000-0000-4000-8000-000000000001
}
sees_the_state
no_changes

# A mistake elsewhere does not hide the state; one in the backend block, or in the file's syntax, is told with its place.
configure "$(binding one 'East 1' '"no_such": 1')" "$backend"
sees_the_state
configure "$(binding one 'East 1')" "${backend/kept\/here/..\/outside}"
expect_exit 1 trunkform state list
shows state_elsewhere_outside
mkdir "$TMPDIR/elsewhere"
ln -s "$TMPDIR/elsewhere" link
for path in link link/here kept/../link; do
  configure "$(binding one 'East 1')" "${backend/kept\/here/$path}"
  expect_exit 1 trunkform apply -auto-approve
  expect_text err "may not be kept in $path"
done
sed -i "s#$TMPDIR#<temporary>#" err
shows state_elsewhere_link
[ -z "$(ls "$TMPDIR/elsewhere")" ] || die 'a link led the state out of the folder'
configure "$(binding one 'East 1')" "${backend/kept\/here/..state}"
expect_exit 0 trunkform state list
configure "$(binding one 'East 1')" "${backend/\"path\"/\"pfad\"}"
expect_exit 1 trunkform history
expect_text err pfad
echo '{' >>main.trunk.json
expect_exit 1 trunkform output
expect_text err 'on main.trunk.json line 10'

# A workspace is chosen, and seen by expressions, where the state is.
configure "$(binding one 'East 1')" "$backend"
expect_exit 0 trunkform workspace new west
[ -s kept/here/.trunkform.workspace ] || die 'the choice is not beside the state'
expect_exit 0 bash -c 'echo trunkform.workspace | trunkform console'
expect_text out west
stop_service
