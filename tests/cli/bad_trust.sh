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
if [ "$(id -u)" = 0 ]; then
  printf '{}' >"$trust"
  chown 65534 "$trust"
  refused of_somebody_else
fi
stop_service
