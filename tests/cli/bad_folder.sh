# Places that cannot be written: found before the first PATCH where it can be known, and said with the place.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf new -1 89
trunk "Carrier A 01" old
trunk "Carrier A 02" old
start_service
configure "$(binding a "Carrier A 01" '"adopt": true'), $(binding b "Carrier A 02" '"adopt": true')"

# An ordinary user in a folder that belongs to somebody else.
give_to_nobody
if [ "$(id -u)" = 0 ]; then chown 0:0 .; fi
chmod 555 .
touch "$TMPDIR/out"
in_folder() { # CODE NAME COMMAND ...: stdout and stderr cannot be in the folder
  local wanted=$1 name=$2 got=0
  shift 2
  "$@" >"$TMPDIR/out" 2>"$TMPDIR/err" || got=$?
  chmod 755 .
  cp "$TMPDIR/err" err
  [ "$got" = "$wanted" ] || { cat err "$TMPDIR/out" >&2; die "exit $got instead of $wanted: $*"; }
  said "folder/$name"
  chmod 555 .
}
in_folder 1 not_writable as_nobody trunkform apply -auto-approve
in_folder 1 plan_not_writable as_nobody trunkform plan -out=saved.trunkplan
chmod 755 .
sent 0
for file in trunkform.state.json trunkform.state.events saved.trunkplan; do [ ! -e "$file" ] || die "$file was made"; done

# State that an ordinary user may not read.
expect_exit 0 trunkform apply -auto-approve
sent 2
[ "$(id -u)" != 0 ] || chown 0:0 trunkform.state.json
chmod 000 trunkform.state.json
expect_exit 1 as_nobody trunkform plan
said folder/state_not_readable
chmod 600 trunkform.state.json

# A file of the configuration that cannot be read is an error of every command: the rest alone is another configuration.
mkdir unreadable.trunk.json
for command in plan 'apply -auto-approve' drift validate 'state list'; do
  # shellcheck disable=SC2086 # words
  expect_exit 1 trunkform $command
  expect_text err 'unreadable.trunk.json: Is a directory'
done
rmdir unreadable.trunk.json

# No configuration, and a folder that is not there.
mkdir empty
expect_exit 1 trunkform -chdir=empty plan
said folder/no_configuration
expect_exit 1 trunkform -chdir=nowhere plan
said folder/no_folder
stop_service
