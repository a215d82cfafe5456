# The memory of an apply that logs in by certificate: the key of that certificate is nowhere while the PATCH is on its way,
# long after the login, nor where the process ends; the vault's token and the trunk's key are in locked memory alone.
. "$TEST_ROOT/tests/integration/support/vault.sh"
. "$TEST_ROOT/tests/cli/support/memory.sh"
make_authority
leaf old -60 30
leaf new -1 89
trunk "East" old
start_service -on-bind "$hook"
printf %s "$GENESYSCLOUD_OAUTHCLIENT_SECRET" >client_secret
start_vault tls
policy reads-sip 'path "secret/data/sip/*" { capabilities = ["read"] }
path "secret/metadata/sip/*" { capabilities = ["read"] }'
logs_in_machines reads-sip
machine machine-a machines
openssl genrsa -traditional -out machine-r.key 2048 2>/dev/null
openssl req -new -key machine-r.key -out machine-r.csr -subj /CN=machine-r
openssl x509 -req -in machine-r.csr -CA machines.pem -CAkey machines.key -CAcreateserial -days 30 -out machine-r.pem \
  -extfile machine-a.extensions 2>/dev/null
put_pair sip/east new
cat >known <<'KNOWN'
-key machine-a=machine-a.key
-key machine-r=machine-r.key
-key new=new.key
-text client_secret=client_secret
KNOWN
# That it would be found: as it is in the file.
find-secrets -key machine-r=machine-r.key machine-r.key | grep -q machine-r || die "the key would not be found"

mkdir run
cp root.pem run/
export VAULT_ADDR=$vault_url TRUNKFORM_CA_FILE=$vault_roots
for name in machine-a machine-r; do
  [ "$name" = machine-a ] || by_hand East old
  configure "$(binding east East '"adopt": true')"
  sed -i -e 's|"pem_files": { "new": { [^}]* } }|"vault_kv": { "new": { "path": "sip/east" } }|' -e 's|certificate.pem_files.new|certificate.vault_kv.new|' \
    -e "s|\"genesys\": { |\"vault\": { \"auth\": { \"cert\": { \"certificate\": { \"file\": \"../$name.pem\" }, \"private_key\": { \"file\": \"../$name.key\" } } } }, &|" main.trunk.json
  mv main.trunk.json run/
  for file in "../$name.pem" "../$name.key"; do expect_exit 0 trunkform -chdir=run trust add secret file "$file"; done
  started env TRUNKFORM_LOG=trace trunkform apply -auto-approve -json
  wait_for 120 test -s found.flight.1
  cut -d' ' -f1,2 found.flight.1 | sort -u >found
  cp found.flight.1 found.shapes
  only_found 'during the PATCH' 'locked client_secret' 'locked new'
  ended_with 0
  live_is East new
  cat run/trunkform.state* run/.trunkform* out err >written
  xargs -a known find-secrets written >found
  [ ! -s found ] || die "written: $(cat found)"
done
stop_vault
stop_service
