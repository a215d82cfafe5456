# A pull request changes where an issued certificate's key is kept: another mount, path or namespace, another secret,
# account or region, another vault. Nothing is written there, and the trusted place is not written to either.
. "$TEST_ROOT/tests/cli/support/stranger.sh"
make_authority
leaf old -70 20
trunk East old
start_service
start_stranger
start_own
expect_exit 0 trunkform trust add secret file ca/intermediate.key
local_ca='"local_ca": { "one": { "certificate": "ca/intermediate.pem", "private_key": { "file": "ca/intermediate.key" } } }'

# --- Vault
export VAULT_TOKEN=hvs.CANARY VAULT_ADDR=http://$own
vault() { issuing "$local_ca" '"vault_kv": { "here": { '"$1"' } }' "${2-}"; }
vault '"path": "sip/east"'
refused 'no place at all' "trunkform trust add write vault_kv http://$own/secret/sip/east"
expect_exit 0 trunkform trust add write vault_kv "http://$own/secret/sip/*"
vault '"path": "sip/east"'
expect_exit 0 trunkform plan
vault '"path": "finance/east"'
refused 'another path' "trunkform trust add write vault_kv http://$own/secret/finance/east"
vault '"path": "sip/deeper/east"'
refused 'a path beneath' "trunkform trust add write vault_kv http://$own/secret/sip/deeper/east"
vault '"path": "sip/east", "mount": "kv"'
refused 'another mount' "trunkform trust add write vault_kv http://$own/kv/sip/east"
vault '"path": "sip/east"' '"vault": { "namespace": "tenant" }'
refused 'another namespace' "trunkform trust add write vault_kv http://$own/namespace:tenant/secret/sip/east"
for path in sip/../finance/east sip//east sip/.; do
  vault "\"path\": \"$path\""
  expect_exit 1 trunkform plan
  cat out err >told
  expect_text told "path is not a path of Vault's"
  gets_nothing "$path"
done
# The environment's namespace is a part of the place, and no freer than the block's.
vault '"path": "sip/east"'
export VAULT_NAMESPACE=/tenant/
refused 'the namespace of the environment' "trunkform trust add write vault_kv http://$own/namespace:tenant/secret/sip/east"
for VAULT_NAMESPACE in tenant/../finance tenant//sip .; do
  expect_exit 1 trunkform plan
  cat out err >told
  expect_text told "VAULT_NAMESPACE is not a path of Vault's"
  gets_nothing "the namespace $VAULT_NAMESPACE"
done
unset VAULT_NAMESPACE
# A slash at either end means nothing: it is the trusted place.
vault '"path": "/sip/east/", "mount": "secret/"'
expect_exit 0 trunkform plan

# --- AWS Secrets Manager
export AWS_ACCESS_KEY_ID=AKIDCANARY AWS_SECRET_ACCESS_KEY=CANARY AWS_REGION=eu-central-1 AWS_ENDPOINT_URL=http://$own
aws() { issuing "$local_ca" '"aws_secretsmanager": { "here": { "secret_id": "'"$1"'" } }' "${2-}"; }
place=arn:aws:secretsmanager:eu-central-1:123456789012:secret
aws sip/east
refused 'no place at all' "trunkform trust add write aws_secretsmanager $place:sip/east"
expect_exit 0 trunkform trust add write aws_secretsmanager "$place:sip/east"
aws sip/east
expect_exit 0 trunkform plan
aws finance/east
refused 'another secret' "trunkform trust add write aws_secretsmanager $place:finance/east"
aws "${place/123456789012/999999999999}:sip/east"
refused "somebody else's account" 'trunkform trust add scope aws_account 999999999999'
aws "${place/eu-central-1/us-east-1}:sip/east"
refused 'the region of an ARN' 'trunkform trust add scope aws_region us-east-1'
aws sip/east '"aws": { "region": "us-east-1" }'
refused 'another region' 'trunkform trust add scope aws_region us-east-1'
aws sip/east '"aws": { "profile": "finance" }'
refused 'another profile' 'trunkform trust add scope aws_profile finance'
aws sip/east '"aws": { "assume_role": { "role_arn": "arn:aws:iam::123456789012:role/finance" } }'
refused 'another role' 'trunkform trust add scope aws_role arn:aws:iam::123456789012:role/finance'

# --- Azure Key Vault
expect_exit 0 trunkform trust add host "$own" azure
export AZURE_AUTHORITY_HOST=http://$own AZURE_TENANT_ID=own-tenant AZURE_CLIENT_ID=own AZURE_CLIENT_SECRET=CANARY
issuing "$local_ca" '"azure_keyvault_secret": { "here": { "vault": "finance", "name": "east" } }'
refused 'another vault' 'trunkform trust add host finance.vault.azure.net:443 azure'
