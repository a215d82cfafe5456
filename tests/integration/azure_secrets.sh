# A canary for Azure key vaults: keys, tokens and what proves who we are stand nowhere but in locked memory, while a PATCH
# is on its way and afterwards: not in the process, the log, the state or in what a run says.
. "$TEST_ROOT/tests/integration/support/azure.sh"
[ "$(id -u)" = 0 ] || die "only root may read the memory of a process that forbids it: run this test as root"
make_authority
leaf old -60 30
leaf pem -1 89
leaf pkcs12 -1 100
leaf certified -1 120
trunk "East" old
# While the service holds back the answer to a PATCH.
cat >in_flight <<'SH'
pid=$(cat pid)
kill -STOP "$pid"
xargs -a known find-secrets -pid "$pid" >found.new 2>complaints
kill -CONT "$pid"
mv found.new found.in_flight
SH
start_service -on-bind "cd $PWD && if [ -s pid ]; then sh in_flight; fi"
start_key_vault pem
export TRUNKFORM_TRUST_LOOPBACK=1 TRUNKFORM_CA_FILE=$PWD/ca.pem AZURE_AUTHORITY_HOST=$authority_url TRUNKFORM_LOG=trace
AZURE_TENANT_ID=$(cat tenant) AZURE_CLIENT_ID=$(cat client)
export AZURE_TENANT_ID AZURE_CLIENT_ID
expect_exit 0 trunkform trust add host "${vault_url#https://}" azure
expect_exit 0 trunkform trust add host "${authority_url#https://}" azure

cat pem.key pem.chain >pem.both
put_secret pem pem.both
openssl pkcs12 -export -in pkcs12.chain -inkey pkcs12.key -passout pass: | base64 -w0 >pkcs12.text
put_secret pkcs12 pkcs12.text application/x-pkcs12
cat certified.key certified.chain >certified.both
import_certificate certified certified.both
for name in pem pkcs12 certified client; do echo "-key $name=$name.key"; done >known
for name in secret federated-token identity-header; do echo "-text $name=$name"; done >>known

said=0
# run_apply TYPE NAME VARIABLE=VALUE ...: binds it, with what proves who we are in the environment; what was found in the
# process during the PATCH is in ./found, without how it was written
run_apply() {
  local type=$1 name=$2
  shift 2
  mkdir -p run
  configure "$(binding east East '"adopt": true')"
  sed -i -e "s|\"pem_files\": { \"new\": { [^}]* } }|\"$type\": { \"new\": { \"vault\": \"$vault_url\", \"name\": \"$name\" } }|" \
    -e "s|certificate.pem_files.new|certificate.$type.new|" -e 's|"min_age": "0s"|"min_age": "0s", "when": "available"|' main.trunk.json
  mv main.trunk.json run/
  cp root.pem run/
  rm -f found.in_flight pid
  said=$((said + 1))
  # shellcheck disable=SC2016 # its pid must be known before it begins
  (cd run && env "$@" sh -c 'echo $$ >../pid; exec trunkform apply -auto-approve -json') >"said.$said.out" 2>"said.$said.err" ||
    { cat "said.$said.err" >&2; die "the apply of $name failed"; }
  [ ! -s complaints ] || die "the memory could not be searched: $(cat complaints)"
  cut -d' ' -f1,2 found.in_flight | sort -u >found
  live_is East "$name"
}
# found_are PLACE-AND-NAME ...: that, and no more
found_are() {
  printf '%s\n' "$@" | sort >wanted
  diff -u wanted found >&2 || { cat found.in_flight >&2; die "see above"; }
}
# That a secret would be found: planted in each shape that a leak could have.
for name in secret federated-token identity-header; do
  base64 -w0 "$name" >planted
  xargs -a known find-secrets planted | grep -qx "planted $name base64" || die "not found when planted: $name"
done
run_apply azure_keyvault_secret pem AZURE_CLIENT_SECRET="$(cat secret)"
found_are 'locked pem' 'locked secret'
run_apply azure_keyvault_secret pkcs12 AZURE_CLIENT_CERTIFICATE_PATH="$PWD/client.pem"
found_are 'locked pkcs12'
run_apply azure_keyvault_certificate certified IDENTITY_ENDPOINT="$identity_url" IDENTITY_HEADER="$(cat identity-header)"
found_are 'locked certified' 'locked identity-header'
rm pid

# What fails, fails without telling.
fails() { # VARIABLE=VALUE ...
  said=$((said + 1))
  (cd run && env "$@" trunkform plan) >"said.$said.out" 2>"said.$said.err" || true
  grep -q 'AADSTS\|answered 503\|cannot be used' "said.$said.out" "said.$said.err" || die "that should have been refused: $*"
}
fails AZURE_CLIENT_SECRET="$(cat federated-token)"
fails AZURE_FEDERATED_TOKEN_FILE="$PWD/secret"
fails AZURE_CLIENT_CERTIFICATE_PATH="$PWD/certified.both"
vault_knobs '{"fail":100}'
fails AZURE_CLIENT_SECRET="$(cat secret)"
vault_knobs '{"fail":0}'

# Nothing in what was said or written, of those or of any token that was given.
as_localhost "$vault_url/_fake/tokens" | jq -r '.[]' >all-tokens
[ "$(wc -l <all-tokens)" -gt 5 ] || die "too few tokens to look for"
number=0
while read -r token; do
  number=$((number + 1))
  printf %s "$token" >"token.$number"
  echo "-text token.$number=token.$number"
done <all-tokens >>known
find run -type f ! -name root.pem >searched
ls said.* >>searched
[ "$(wc -l <searched)" -gt 10 ] || die "the state was not where it was looked for"
grep -q 'azure\|vault.localhost' said.1.err || die "the log was not where it was looked for"
xargs -a searched xargs -a known find-secrets >leaks
[ ! -s leaks ] || { cat leaks >&2; die "a secret was written"; }
stop_key_vault
stop_service
