# A pull request weakens how trunkform speaks, tells somebody else, or writes elsewhere: no block has an argument for a proxy,
# an authority's roots or an endpoint; alerts, heartbeats and metrics go where the operator said.
. "$TEST_ROOT/tests/cli/support/stranger.sh"
make_authority
leaf old -70 20
leaf new -1 89
trunk East old
start_service
start_stranger
configure "$(binding east East '"adopt": true')"
expect_exit 0 trunkform plan
cp main.trunk.json good.json

# --- arguments that do not exist, in every block that leads to a connection
blocks=('"provider": { "genesys": { "base_url": "'"$base_url"'", % } }' '"provider": { "vault": { % } }' '"provider": { "azure": { % } }' '"provider": { "aws": { % } }'
  '"certificate": { "vault_kv": { "x": { "path": "a", % } } }' '"certificate": { "kubernetes_secret": { "x": { "namespace": "a", "secret": "b", % } } }'
  '"certificate": { "acm": { "x": { "domain_name": "a.example.com", % } } }' '"certificate": { "aws_secretsmanager": { "x": { "secret_id": "a", % } } }'
  '"certificate": { "azure_keyvault_secret": { "x": { "vault": "sip", "name": "b", % } } }'
  '"issuer": { "acme": { "x": { "directory": "https://acme.example.com", "account_key": { "env": "A" }, % } } }'
  '"issuer": { "step_ca": { "x": { "url": "https://ca.example.com", "provisioner": "p", "key": { "env": "A" }, % } } }' '"issuer": { "vault_pki": { "x": { "role": "r", % } } }'
  '"store": { "vault_kv": { "x": { "path": "a", % } } }' '"store": { "aws_secretsmanager": { "x": { "secret_id": "a", % } } }'
  '"notify": { "webhook": { "x": { "url": "https://hooks.example.com/", % } } }' '"notify": { "email": { "x": { "from": "a@example.com", "to": ["b@example.com"], "smtp": { "host": "mail.example.com", % } } } }')
words='proxy http_proxy ca_file cacert endpoint insecure skip_verify server authority authority_host kubeconfig credential_process fingerprint'
for word in $words; do printf ', "%s": "http://%s"' "$word" "$stranger"; done | cut -c3- >all
for block in "${blocks[@]}"; do
  printf '{ %s }\n' "${block/'%'/$(cat all)}" >main.trunk.json
  expect_exit 1 trunkform validate
  gets_nothing "$block"
  for word in $words; do expect_text err "there is no argument \"$word\""; done
done
cp good.json main.trunk.json
with() { printf '{ %s }\n' "$1" >more.trunk.json; } # BLOCKS: beside those that are there

# --- who is told
tells() { # BLOCK
  with "\"notify\": { $1 }"
}
not_told() { # WHAT COMMAND
  expect_exit 1 trunkform notify test
  gets_nothing "$1"
  expect_text err "$2"
  every_error_helps err
  bash -euc "$2" >out
  trunkform notify test >out 2>err || true
  refuse_text err "$2"
  refuse_text err CANARY
  : >stranger/heard
}
export HMAC_KEY=CANARY MAIL_PASSWORD=CANARY
tells "\"webhook\": { \"x\": { \"url\": \"http://$stranger/hook\" } }"
not_told "a stranger's webhook" "trunkform trust add host $stranger webhook"
tells "\"email\": { \"x\": { \"from\": \"a@example.com\", \"to\": [\"b@example.com\"], \"smtp\": { \"host\": \"${stranger%:*}\", \"port\": ${stranger#*:} } } }"
not_told "a stranger's mail server" "trunkform trust add host $stranger smtp"
tells '"webhook": { "x": { "url": { "env": "HMAC_KEY" } } }'
not_told 'an address that is another secret' 'trunkform trust add secret env HMAC_KEY'
tells '"command": { "x": { "command": ["/bin/sh", "-c", "touch told"] } }'
expect_exit 1 trunkform notify test
expect_text err 'runs whatever its arguments say'
[ ! -e told ] || die 'it ran'

# --- metrics: a heartbeat, and a file
with "\"metrics\": { \"ping\": { \"url\": \"http://$stranger/\" } }"
trunkform drift >out 2>err || true
gets_nothing 'a heartbeat to a stranger'
expect_text err "trunkform trust add host $stranger ping"
for path in "$HOME/x.prom" ../x.prom; do
  with "\"metrics\": { \"textfile\": { \"path\": \"$path\" } }"
  trunkform drift >out 2>err || true
  expect_text err 'trunkform trust add write textfile'
done
ln -s "$HOME" out_of_it
with '"metrics": { "textfile": { "path": "out_of_it/x.prom" } }'
trunkform drift >out 2>err || true
expect_text err "trunkform trust add write textfile $HOME/x.prom"
[ -z "$(find "$HOME" .. -maxdepth 1 -name 'x.prom')" ] || die 'metrics were written elsewhere'

rm more.trunk.json

# --- what is printed is pasted: names of a configuration are one word of a command, whatever they say
printed() { # WHAT TEXT: the hints hold it as one word
  expect_exit 1 trunkform plan
  cat out err >told
  # shellcheck disable=SC2016 # the text of a configuration
  expect_text told "$2"
}
sed 's|"base_url": "[^"]*"|"base_url": "https://a;touch${IFS}pasted"|' good.json | sed 's/\${IFS}/$${IFS}/' >main.trunk.json
printed 'a host' "trunkform trust add host 'a;touch\${ifs}pasted:443' genesys"
sed "s|\"genesys\": { |&\"client_secret\": { \"file\": \"/a b'; touch pasted; '\" }, |" good.json >main.trunk.json
printed 'a file' "trunkform trust add secret file '/a b'\\''; touch pasted; '\\'''"
cp good.json main.trunk.json
