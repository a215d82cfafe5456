# A pull request changes who signs, who proves, or where what is issued is kept: no request, no key and no program goes
# there before the operator has said so, and the refusal prints what they would say.
. "$TEST_ROOT/tests/cli/support/stranger.sh"
make_authority
leaf old -70 20
trunk East old
start_service
start_stranger
mkdir "$HOME/private" "$HOME/store"
for name in lab other account step vault; do openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$HOME/private/$name.key" 2>/dev/null; done
cp ca/intermediate.key "$HOME/private/lab.key"
printf 'hvs.CANARY' >"$HOME/private/token"
export VAULT_TOKEN=hvs.CANARY VAULT_ADDR=https://vault.example.com:8200 EAB_KEY=Q0FOQVJZ OTHER_SECRET=CANARY
private="$HOME/private"
local_ca='"local_ca": { "one": { "certificate": "ca/intermediate.pem", "private_key": { "file": "'$private/lab.key'" } } }'
files='"files": { "here": { "path": "'$HOME/store'" } }'
and_more() { printf '%s, %s } }' "${1%' } }'}" "$2"; } # ISSUER MEMBERS
# What the operator has said: this authority, these keys and places.
expect_exit 0 trunkform trust add write files "$HOME/store"
for name in lab account step; do expect_exit 0 trunkform trust add secret file "$private/$name.key"; done
expect_exit 0 trunkform trust add secret env EAB_KEY
issuing "$local_ca" "$files"
expect_exit 0 trunkform plan

# --- who signs
issuing "${local_ca/lab.key/other.key}" "$files"
refused "another authority's key" "trunkform trust add secret file $private/other.key"
issuing "${local_ca/\{ \"file\": \"$private\/lab.key\" \}/{ \"env\": \"OTHER_SECRET\" \}}" "$files"
refused 'a variable that is not for configurations' 'trunkform trust add secret env OTHER_SECRET'
step='"step_ca": { "one": { "url": "https://'$stranger'", "provisioner": "sip", "key": { "file": "'$private/step.key'" } } }'
issuing "$step" "$files"
refused "a stranger's step-ca" "trunkform trust add host $stranger step_ca"
acme='"acme": { "one": { "directory": "https://'$stranger'/directory", "account_key": { "file": "'$private/account.key'" } } }'
issuing "$acme" "$files"
refused "a stranger's ACME server" "trunkform trust add host $stranger acme"
issuing '"vault_pki": { "one": { "role": "sip" } }' "$files" '"vault": { "address": "https://'$stranger'" }'
refused "a stranger's Vault" "trunkform trust add host $stranger vault"

# --- as whom, and with which key: the authority is the operator's, and is asked nothing
expect_exit 0 trunkform trust add host acme.example.com:443 acme
expect_exit 0 trunkform trust add host step.example.com:443 step_ca
acme=${acme/$stranger/acme.example.com}
step=${step/$stranger/step.example.com}
issuing "${step/step.key/other.key}" "$files"
refused "another provisioner's key" "trunkform trust add secret file $private/other.key"
issuing "${acme/account.key/other.key}" "$files"
refused "another account's key" "trunkform trust add secret file $private/other.key"
issuing "$(and_more "$acme" '"external_account": { "key_id": "1", "hmac_key": { "env": "OTHER_SECRET" } }')" "$files"
refused 'what an account is made with' 'trunkform trust add secret env OTHER_SECRET'

# --- who proves: a folder of another web server, another zone's server and key
issuing "$(and_more "$acme" '"http_01": { "webroot": "'"$HOME/web"'" }')" "$files"
refused 'a folder that is written to' "trunkform trust add write acme_webroot $HOME/web"
[ ! -e "$HOME/web" ] || die 'the folder was made'
dns() { and_more "$acme" '"dns_01": { "rfc2136": { "server": "'"$1"'", "key_name": "sip", "key": { "env": "'"$2"'" } } }'; }
issuing "$(dns "$stranger" EAB_KEY)" "$files"
refused "a stranger's name server" "trunkform trust add host $stranger acme"
issuing "$(dns "${stranger%:*}" EAB_KEY)" "$files"
refused 'a name server at its own port' "trunkform trust add host 127.0.0.1:53 acme"
expect_exit 0 trunkform trust add host ns1.example.com:53 acme
issuing "$(dns ns1.example.com:53 OTHER_SECRET)" "$files"
refused "another zone's key" 'trunkform trust add secret env OTHER_SECRET'

# --- where keys are kept
issuing "$local_ca" "${files/\/store/\/elsewhere}"
refused 'another folder' "trunkform trust add write files $HOME/elsewhere"
[ ! -e "$HOME/elsewhere" ] || die 'the folder was made'
mkdir "$HOME/elsewhere"
ln -s "$HOME/elsewhere" elsewhere
issuing "$local_ca" '"files": { "here": { "path": "elsewhere" } }'
refused 'another folder, behind a link' "trunkform trust add write files $HOME/elsewhere"
[ -z "$(ls -A "$HOME/elsewhere")" ] || die 'something was written behind the link'
