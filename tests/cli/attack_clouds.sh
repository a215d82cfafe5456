# A pull request changes where certificates are read, and as whom: another Vault, vault, tenant, region, account, profile or
# role. No credential goes there, no program that brings one is run, and nobody is asked.
. "$TEST_ROOT/tests/cli/support/stranger.sh"
make_authority
leaf old -70 20
trunk East old
start_service
start_stranger
start_own
source() { # TYPE MEMBERS [PROVIDER]
  configure "$(binding east East '"adopt": true')"
  sed -i -e "s|\"pem_files\": { \"new\": { [^}]* } }|\"$1\": { \"new\": { $2 } }|" -e "s|certificate.pem_files.new|certificate.$1.new|" \
    -e "s|\"genesys\": { |${3:+$3, }&|" main.trunk.json
}
told_in_vain() { # WHAT TEXT: refused for good: there is no command that would allow it
  local command
  for command in plan 'apply -auto-approve'; do
    # shellcheck disable=SC2086 # words
    expect_exit 1 trunkform $command
    cat out err >told
    expect_text told "$2"
    gets_nothing "$1"
  done
}

# --- Vault: the token of the environment, and what a login would send
export VAULT_TOKEN=hvs.CANARY VAULT_ADDR=http://$own ROLE_SECRET=CANARY
own_is_silent=1
expect_exit 0 trunkform trust add secret env ROLE_SECRET
source vault_kv '"path": "sip/east"' "\"vault\": { \"address\": \"https://$stranger\" }"
refused "a stranger's Vault" "trunkform trust add host $stranger vault"
source vault_kv '"path": "sip/east"' "\"vault\": { \"address\": \"http://$stranger\" }"
refused "a stranger's Vault on this machine" "trunkform trust add host $stranger vault"
source vault_kv '"path": "sip/east"' '"vault": { "address": "http://vault.example.com" }'
told_in_vain 'a Vault over plain http' 'credentials do not go over plain http to vault.example.com'
source vault_kv '"path": "sip/east"' "\"vault\": { \"address\": \"https://$stranger\", \"auth\": { \"approle\": { \"role_id\": \"r\", \"secret_id\": { \"env\": \"ROLE_SECRET\" } } } }"
refused 'a login at a stranger' "trunkform trust add host $stranger vault"
source vault_kv '"path": "sip/east"' '"vault": { "auth": { "jwt": { "role": "sip", "jwt": { "file": "/var/run/secrets/kubernetes.io/serviceaccount/token" } } } }'
refused 'a token of the machine' 'trunkform trust add secret file /var/run/secrets/kubernetes.io/serviceaccount/token'

# A line allows one kind: that a machine may be asked as Azure's allows nobody to ask it as a Vault.
cp "$trust" trust.of-vault
expect_exit 0 trunkform trust add host "$own" azure
source vault_kv '"path": "sip/east"' "\"vault\": { \"address\": \"http://$own\" }"
refused 'a Vault by the line of another kind' "trunkform trust add host $own vault"
mv trust.of-vault "$trust"
unset own_is_silent

# --- AWS: keys of the environment, profiles, a program that brings credentials
mkdir "$HOME/.aws"
cat >"$HOME/bring" <<SH
#!/bin/sh
touch "$HOME/brought"
echo '{"Version": 1, "AccessKeyId": "AKIDCANARY", "SecretAccessKey": "CANARY"}'
SH
chmod 700 "$HOME/bring"
cat >"$HOME/.aws/config" <<CONFIG
[default]
region = eu-central-1
[profile finance]
region = eu-central-1
aws_access_key_id = AKIDCANARY
aws_secret_access_key = CANARY
[profile brings]
credential_process = $HOME/bring --for "sip calls"
CONFIG
# Who this run is may be asked of AWS itself, and nothing else.
export AWS_ACCESS_KEY_ID=AKIDCANARY AWS_SECRET_ACCESS_KEY=CANARY AWS_ENDPOINT_URL=http://$own
secret='"secret_id": "sip/east"'
aws() { source aws_secretsmanager "${2-$secret}" "\"aws\": { $1 }"; }
aws '"region": "eu-west-1"'
refused 'another region' 'trunkform trust add scope aws_region eu-west-1'
aws '"profile": "finance"'
refused 'another profile' 'trunkform trust add scope aws_profile finance'
aws '"assume_role": { "role_arn": "arn:aws:iam::123456789012:role/finance" }'
refused 'another role' 'trunkform trust add scope aws_role arn:aws:iam::123456789012:role/finance'
for region in "eu-central-1.$stranger/" "$stranger" eu-central-1.example.com 'eu-central-1#' EU-CENTRAL-1; do
  aws "\"region\": \"$region\""
  told_in_vain "the region $region" 'is not the name of an AWS region'
done
source aws_secretsmanager '"secret_id": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:sip/east"'
refused 'the region of an ARN' 'trunkform trust add scope aws_region eu-west-1'
source acm '"certificate_arn": "arn:aws:acm:eu-west-1:123456789012:certificate/1"'
refused 'the region of a certificate' 'trunkform trust add scope aws_region eu-west-1'
source acm '"certificate_arn": "arn:aws:acm:example.com/:123456789012:certificate/1"'
told_in_vain 'an ARN without a region' 'is not the name of an AWS region'
source aws_secretsmanager '"secret_id": "arn:aws:secretsmanager:eu-central-1:999999999999:secret:sip/east"'
refused "somebody else's account" 'trunkform trust add scope aws_account 999999999999'
source acm '"certificate_arn": "arn:aws:acm:eu-central-1:999999999999:certificate/1"'
refused "somebody else's certificate" 'trunkform trust add scope aws_account 999999999999'
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
export AWS_PROFILE=brings AWS_REGION=eu-central-1
source aws_secretsmanager "$secret"
expect_exit 1 trunkform plan
[ ! -e "$HOME/brought" ] || die 'a program was run that nobody allowed'
refused 'a program that brings credentials' "trunkform trust add program $HOME/bring -arg=--for '-arg=sip calls'"

# --- Azure: another vault, another tenant, an address instead of a name
unset AWS_PROFILE AWS_REGION
expect_exit 0 trunkform trust add host "$own" azure
export AZURE_AUTHORITY_HOST=http://$own AZURE_TENANT_ID=own-tenant AZURE_CLIENT_ID=own AZURE_CLIENT_SECRET=CANARY
source azure_keyvault_secret '"vault": "finance", "name": "east"'
refused 'another vault' 'trunkform trust add host finance.vault.azure.net:443 azure'
source azure_keyvault_certificate "\"vault\": \"https://sip.vault.localhost:${stranger#*:}\", \"name\": \"east\""
refused "a stranger's vault" "trunkform trust add host sip.vault.localhost:${stranger#*:} azure"
for vault in sip.vault.azure.net.example.com/x 'sip/../finance' 'sip.vault.azure.net#' "user@$stranger"; do
  source azure_keyvault_secret "\"vault\": \"$vault\", \"name\": \"east\""
  told_in_vain "the vault $vault" 'vault'
done
expect_exit 0 trunkform trust add host sip.vault.azure.net:443 azure
source azure_keyvault_secret '"vault": "sip", "name": "east"' '"azure": { "tenant_id": "finance" }'
told_in_vain 'another tenant' 'export AZURE_TENANT_ID=finance'
source azure_keyvault_secret '"vault": "sip", "name": "east"' '"azure": { "auth": { "client_secret": { "client_secret": { "env": "OTHER_SECRET" } } } }'
refused 'a secret that is not for configurations' 'trunkform trust add secret env OTHER_SECRET'
