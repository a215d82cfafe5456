# What only the operator decides: where credentials go, which secrets are read, and where that is written down.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf new -1 89
trunk "Carrier A 01" old
start_service
configure "$(binding a "Carrier A 01" '"adopt": true')"
asked_before=$(count_operation token)
refused() { # NAME [NAME=VALUE ...]
  local name=$1
  shift
  expect_exit 1 env -u TRUNKFORM_TRUST_LOOPBACK "$@" trunkform plan
  said "trust/$name"
}
refused loopback
cp main.trunk.json good.json
sed -i -E 's|"base_url": "[^"]*"|"base_url": "https://api.mypurecloud.com.example.net"|' main.trunk.json
refused host
sed -i -E 's|"base_url": "[^"]*"|"base_url": "http://api.mypurecloud.com"|' main.trunk.json
refused plain_http
sed -i -E 's|"base_url": "[^"]*"|"base_url": "https://user:word@api.mypurecloud.com"|' main.trunk.json
refused user_in_address
refuse_text err "user:word"
cp good.json main.trunk.json
expect_exit 0 trunkform trust add host "${base_url#http://}" genesys
trust=$HOME/.config/trunkform/trust.json
[ -f "$trust" ] || die "there is no $trust"
expect_exit 0 env -u TRUNKFORM_TRUST_LOOPBACK trunkform plan
[ "$(count_operation token)" = $((asked_before + 1)) ] || die "a token was asked for where nothing is trusted"

set_provider '"client_id": "somebody", "client_secret": { "env": "AWS_SECRET_ACCESS_KEY" }'
refused secret_env AWS_SECRET_ACCESS_KEY=stolen-word
refuse_text err stolen-word
cp good.json main.trunk.json
set_provider '"client_id": "somebody", "client_secret": { "file": "/etc/shadow" }'
refused secret_file
cp good.json main.trunk.json

mkdir inside
cp "$trust" inside/trust.json
refused inside_work_folder TRUNKFORM_TRUST_FILE="$PWD/inside/trust.json"
ln -s "$PWD/inside/trust.json" "$HOME/link.json"
refused link_into_work_folder TRUNKFORM_TRUST_FILE="$HOME/link.json"
chmod g+w "$trust"
refused group_writable
chmod 600 "$trust"
chmod o+w "$(dirname "$trust")"
refused folder_writable
chmod 700 "$(dirname "$trust")"
printf '{ "hosts": [' >"$trust"
refused cut_off
printf '{ "host": [] }' >"$trust"
refused unknown_list
printf '{ "hosts": [ { "host": "127.0.0.1" } ] }' >"$trust"
refused incomplete_line
printf '{\n  "hosts": [\n    { "host": "127.0.0.1", "port": 70000, "credentials": ["genesys"] } ] }' >"$trust"
refused port_out_of_range
printf '{\n  "hosts": [\n    oops ] }' >"$trust"
refused no_json

# The commands that edit the file judge it as the others do, whatever is in it.
edits() { # [CODE] NAME COMMAND ...
  local code=1
  [ "$1" != 64 ] || { code=64; shift; }
  local name=$1
  shift
  cp "$trust" before
  expect_exit "$code" trunkform "$@"
  said "trust/$name"
  cmp "$trust" before >&2 || die "trunkform $* wrote a file that it cannot read"
}
printf '{ "hosts": [ { "host": 5 } ] }' >"$trust"
edits remove_malformed_host trust remove 127.0.0.1:443
printf '{ "hosts": [ { "host": "a.example", "port": "x", "credentials": [] } ] }' >"$trust"
edits add_to_malformed_port trust add secret env WORD
printf '{ "secrets": [ { "env": 5 } ] }' >"$trust"
edits remove_malformed_secret trust remove WORD
printf '{ "hosts": [ 5 ] }' >"$trust"
edits list_malformed trust list
printf '{ "hosts": [ { "host": "127.0.0.1"' >"$trust"
edits remove_cut_off trust remove 127.0.0.1:443
printf '{ "programs": [ { "path": "/opt/dns/hook" } ] }' >"$trust"
edits remove_malformed_program trust remove WORD
printf '{ "write": [ { "kind": "textfile" } ] }' >"$trust"
edits add_to_malformed_write trust add secret env WORD
printf '{ "programs": [ { "path": "/opt/dns/hook", "sha256": "%064d" } ] }' 0 >"$trust"
edits remove_absent trust remove WORD
edits 64 add_unknown_kind trust add host vault.example.com:8200 vualt
# A line that no run can ever match would allow nothing, and nobody would know before the night.
edits 64 add_no_vault_place trust add write vault_kv vault://secret/sip
edits 64 add_no_arn trust add write aws_secretsmanager sip/east
edits 64 add_no_key_vault trust add write azure_keyvault_secret https://sip.vault.azure.net/keys/east
edits 64 add_below_a_file trust add write files good.json/sip
edits 64 add_root trust add write files /
edits 64 add_star_within trust add write files 'sip-*/east'
edits 64 add_no_prom trust add write textfile metrics.txt
rm "$trust"
mkdir real
ln -s real linked
expect_exit 0 trunkform trust add write files linked/sip
expect_exit 0 trunkform trust list
expect_text out "write files $(realpath real)/sip"
rm "$trust"

# A configuration is often one folder of a repository: what a pull request may change is all of it.
mkdir -p repository/.git repository/config repository/sip
cp main.trunk.json root.pem new.chain new.key repository/sip
cp before repository/config/trust.json
expect_exit 1 env TRUNKFORM_TRUST_FILE="$PWD/repository/config/trust.json" trunkform -chdir=repository/sip plan
said trust/inside_git_work_tree
expect_exit 1 env TRUNKFORM_TRUST_FILE="$PWD/repository/config/other.json" trunkform -chdir=repository/sip trust add secret env WORD
said trust/add_inside_git_work_tree
[ ! -e repository/config/other.json ] || die 'trust add made a file in the work tree'
expect_exit 1 env TRUNKFORM_TRUST_FILE="$PWD/other.json" trunkform trust add secret env WORD
[ ! -e other.json ] || die 'trust add made a file in the work folder'
expect_exit 0 trunkform -chdir=repository/sip trust add secret env WORD
if [ "$(id -u)" = 0 ]; then
  printf '{}' >"$trust"
  chown 65534 "$trust"
  refused of_somebody_else
fi
stop_service
