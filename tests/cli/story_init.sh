# init: what keeps a folder from being ready is said as it is, and Ready means that apply could begin.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf ours -1 89
trunk "East 1"
start_service
offer ours
told() { # CODE NAME [COMMAND ...]
  local wanted=$1 name=$2
  shift 2
  expect_exit "$wanted" "${@:-trunkform}" init
  sed -i -e "s#$PWD#<folder>#g" -e "s#$HOME#<home>#g" -e 's/\.trunkform\.init\.[0-9a-f-]*/.trunkform.init.<id>/' -e 's/^trunkform  .*/trunkform      <version>/' out err
  shows "init_$name"
}
mkdir empty
(cd empty && told 1 empty_folder)
configure "$(binding one 'East 1')"
told 0 ready
[ ! -e .trunkform.lock ] && [ ! -e trunkform.state.events ] || die 'init left files'
configure "$(binding one 'East 1' '"adopt": "${var.adopt}"')" '"variable": { "adopt": { "type": "bool" } }'
told 0 values_missing
expect_exit 0 trunkform init -var adopt=true
expect_text out 'Ready.'
configure "$(binding one 'East 1' '"adopt": "yes"')" '"variable": { "adopt": { "type": "bool", "default": true } }'
told 1 mistake

configure "$(binding one 'East 1')"
apply_all
told 0 applied
give_to_nobody
if [ "$(id -u)" = 0 ]; then
  chown 0:0 . trunkform.state.json
  chmod 555 .
  touch out err && chmod 666 out err
  told 1 not_writable as_nobody trunkform
  [ -z "$(find . -name '.trunkform.init*')" ] || die 'init left a file'
fi
chmod 755 .
stop_service
