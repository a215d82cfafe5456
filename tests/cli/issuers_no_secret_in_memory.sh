# The memory of an apply that has step-ca and Vault's PKI engine sign: the provisioner's key, Vault's token and the keys that are
# made are in locked memory that is wiped and nowhere else, while a PATCH is on its way, where the process ends, and where a
# careless server's refusal repeats what it was sent. (The authority at hand: issued_no_secret_in_memory; ACME: in tests/integration.)
. "$TEST_ROOT/tests/cli/support/outside.sh"
. "$TEST_ROOT/tests/cli/support/memory.sh"
make_authority
leaf old -70 20
trunk East old
trunk West old
start_service -on-bind "$hook"
mkdir run servers
"$TEST_ROOT/tests/support/signing_server" servers ca/intermediate.pem ca/intermediate.key >servers/log 2>&1 &
wait_for 30 test -s servers/port
authority=http://127.0.0.1:$(cat servers/port)
printf %s "$GENESYSCLOUD_OAUTHCLIENT_SECRET" >client_secret
printf 'hvs.canary-%s' "$RANDOM$RANDOM$RANDOM$RANDOM" >vault_token
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out provisioner.key 2>/dev/null
cat >known <<'KNOWN'
-key provisioner=provisioner.key
-text vault_token=vault_token
-text client_secret=client_secret
KNOWN
issued() { printf '"%s": { "issuer": "%s", "store": "%s", "names": ["sip.example.com"] }' "$1" "$2" "$1"; }
bind() {
  # shellcheck disable=SC2016 # trunkform expands it
  printf '"%s": { "trunk": { "name": "%s" }, "certificate": "${certificate.issued.%s}", "identity": ["sip.example.com"],
    "carrier": "a", "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s" } }' "$1" "$2" "$1"
}
cp root.pem run
cat >run/main.trunk.json <<JSON
{ "provider": { "genesys": { "base_url": "$base_url", "retry_budget": "1s" }, "vault": { "address": "$authority" } },
  "issuer": { "step_ca": { "step": { "url": "$authority", "provisioner": "sip", "key": { "file": "../provisioner.key" } } },
              "vault_pki": { "pki": { "role": "sip" } } },
  "store": { "files": { "east": { "path": "east" }, "west": { "path": "west" } } },
  "certificate": { "issued": { $(issued east issuer.step_ca.step), $(issued west issuer.vault_pki.pki) } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": { $(bind east East), $(bind west West) } } }
JSON
expect_exit 0 trunkform -chdir=run trust add secret file ../provisioner.key
for store in east west; do expect_exit 0 trunkform -chdir=run trust add write files "$store"; done

# --- refused, with all of it in the answer
touch servers/refuse
started env VAULT_TOKEN="$(cat vault_token)" trunkform apply -auto-approve
ended_with 1
cat out err >said
expect_text said 'answered 403'
xargs -a known find-secrets said >leaks
[ ! -s leaks ] || { cat leaks said >&2; die 'an error has a secret'; }
rm servers/refuse

# --- signed; what is made lies in the stores
for store in east west; do echo "-key $store=run/$store/live/key.pem" >>known; done
started env VAULT_TOKEN="$(cat vault_token)" trunkform apply -auto-approve -json -parallelism=1
waiting=(east west)
for number in 1 2; do
  wait_for 60 test -s "found.flight.$number"
  cut -d' ' -f1,2 "found.flight.$number" | sort -u >found
  cp "found.flight.$number" found.shapes
  only_found "during PATCH $number" "${waiting[@]/#/locked }" 'locked client_secret' 'locked vault_token'
  waiting=("${waiting[@]:1}")
done
ended_with 0
[ ! -s complaints ] || die "$(cat complaints)"
for name in East West; do
  cp "run/${name,,}/live/chain.pem" made.pem
  live_is "$name" made
done

# --- and nothing of it is in what was said or written beside the stores
find run "$HOME" "$TMPDIR" -type f ! -name root.pem ! -name key.pem >searched
echo out >>searched
echo err >>searched
xargs -a searched xargs -a known find-secrets >leaks
[ ! -s leaks ] || { cat leaks >&2; die 'a secret was written'; }
stop_service
