# The memory of a running apply: keys, passphrase, client secret and access token are in locked memory that is wiped
# (SecretBuffers) and nowhere else, while a PATCH is on its way, after each, and where the process ends.
# What no process can wipe is in docs/security.md, "What is out of reach"; none of it is within what is searched here.
. "$TEST_ROOT/tests/cli/support/outside.sh"
. "$TEST_ROOT/tests/cli/support/memory.sh"

# --- the world: four forms of key, HTTPS as in production, one trunk for each
make_authority
leaf old -70 20
leaf plain -1 89
leaf sec1 -1 89
rsa_leaf() { # as `leaf`, with RSA: a key of many numbers
  openssl genrsa -out "$1.key" 2048 2>/dev/null
  openssl req -new -key "$1.key" -out request -subj /CN=sip.example.com -addext subjectAltName=DNS:sip.example.com
  openssl ca -batch -notext -config ca/openssl.cnf -extensions leaf -startdate "$(_day -1)" -enddate "$(_day 89)" \
    -cert ca/intermediate.pem -keyfile ca/intermediate.key -in request -out "$1.pem" 2>ca/log
  cat "$1.pem" ca/intermediate.pem >"$1.chain"
}
rsa_leaf locked
rsa_leaf both
issue server localhost leaf -1 89 ca/intermediate DNS:localhost,IP:127.0.0.1
cat server.pem ca/intermediate.pem >server.chain
export CURL_CA_BUNDLE=$PWD/root.pem TRUNKFORM_CA_FILE=$PWD/root.pem
for number in 1 2 3 4; do trunk "Carrier A 0$number" old; done

# A twin with the same seed gives the same first token, which the service itself tells nobody else.
start_service -seed 7 -tls-cert server.chain -tls-key server.key
grant() { curl -fsS -u "$GENESYSCLOUD_OAUTHCLIENT_ID:$GENESYSCLOUD_OAUTHCLIENT_SECRET" -d grant_type=client_credentials -H 'Accept: application/json' "$base_url/oauth/token"; }
grant | sed -E 's/.*"access_token": ?"([^"]*)".*/\1/' | tr -d '\n' >token
stop_service
start_service -seed 7 -tls-cert server.chain -tls-key server.key -on-bind "$hook"

passphrase="passphrase \"canary\" $RANDOM$RANDOM$RANDOM"
printf %s "$passphrase" >passphrase
printf %s "$GENESYSCLOUD_OAUTHCLIENT_SECRET" >client_secret
openssl pkcs8 -topk8 -v2 aes-256-cbc -in locked.key -passout file:passphrase -out locked.enc
openssl ec -in sec1.key -out sec1.pem 2>/dev/null
cat both.chain both.key >both.all
for name in locked both plain sec1; do echo "-key $name=$name.key"; done >known
for name in passphrase client_secret token; do echo "-text $name=$name"; done >>known

# --- the test of the test: each secret is found in each shape that something else than find-secrets gave it
shape() { # shape WHAT: what is on standard input is found, as WHAT
  cat >planted
  xargs -a known find-secrets planted >found
  grep -qx "planted $1" found || { cat found >&2; die "not found: $1"; }
}
for name in client_secret token passphrase; do
  shape "$name raw" <"$name"
  for before in '' x xx; do { printf %s "$before"; cat "$name"; } | base64 -w0 | shape "$name base64"; done
  { printf x; cat "$name"; } | base64 -w0 | tr '+/' '-_' | shape "$name base64"
  od -An -v -tx1 <"$name" | tr -d ' \n' | shape "$name hex"
  od -An -v -tx1 <"$name" | tr -d ' \n' | tr a-f A-F | shape "$name hex"
  rev "$name" | shape "$name reversed"
done
jq -Rs . <passphrase | cut -c 14-38 | shape 'passphrase json'
for name in locked both plain sec1; do
  shape "$name base64" <"$name.key"
  jq -Rs . <"$name.key" | sed 's#/#\\/#g' | shape "$name base64"
  openssl pkey -in "$name.key" -outform DER | shape "$name raw"
  openssl pkey -in "$name.key" -outform DER | base64 -w0 | shape "$name base64"
  openssl pkey -in "$name.key" -noout -text | shape "$name hex"
  # shellcheck disable=SC2016 # perl's own variable
  openssl pkey -in "$name.key" -outform DER | perl -0777 -pe '$_ = reverse' | shape "$name reversed"
done
sed -n 12p both.key | cut -c 21-45 | shape 'both base64' # a piece is enough
cat ./*.chain root.pem known | tee planted >/dev/null
expect_exit 0 xargs -a known find-secrets planted
[ ! -s out ] || die "certificates are public: $(cat out)"

# The same for memory: in the environment of a process, in its heap, and not where it is not.
mkfifo holds
CANARY=$(cat token) sleep 60 &
wait_for 10 grep -qx sleep "/proc/$!/comm"
found_in $!
kill $!
only_found 'in an environment' '[stack] client_secret' '[stack] token'
bash -c 'key=$(cat both.key); read -r _ <holds; : "$key"' &
holder=$!
in_its_heap() { found_in "$holder" && grep -qx '\[heap\] both' found; }
wait_for 10 in_its_heap
kill "$holder"
rm holds

# --- whatever library frees a copy, it is wiped
mkfifo holds
# LD_BIND_NOW: the loader puts registers on the stack when it binds a call late, and libstdc++'s streams are bound late.
env -u GENESYSCLOUD_OAUTHCLIENT_SECRET LD_BIND_NOW=1 free-copies token <holds >freed &
copies=$!
exec 3>holds
wait_for 10 grep -qx freed freed
found_in "$copies"
exec 3>&-
wait "$copies"
only_found 'after copies were freed' 'locked token'

# --- the apply
mkdir run
cp root.pem run
certificate() { printf '"%s": { "chain": "../%s", "private_key": "../%s"%s }' "$@"; }
bind() {
  # shellcheck disable=SC2016 # trunkform expands it
  printf '"%s": { "trunk": { "name": "%s" }, "certificate": "${certificate.pem_files.%s}", "identity": ["sip.example.com"],
    "carrier": "a", "rollout": "slowly", "adopt": true, "rotate": { "min_age": "0s", "when": "available" } }' "$1" "$2" "$1"
}
cat >run/main.trunk.json <<JSON
{ "provider": { "genesys": { "base_url": "$base_url", "retry_budget": "1s" } },
  "certificate": { "pem_files": {
    $(certificate both both.all both.all ''), $(certificate locked locked.chain locked.enc ', "passphrase": { "env": "KEY_PASSPHRASE" }'),
    $(certificate plain plain.chain plain.key ''), $(certificate sec1 sec1.chain sec1.pem '') } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "slowly": { "canary": 0, "stagger": "5s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    $(bind both "Carrier A 01"), $(bind locked "Carrier A 02"), $(bind plain "Carrier A 03"), $(bind sec1 "Carrier A 04") } } }
JSON
expect_exit 0 trunkform trust add secret env KEY_PASSPHRASE
export KEY_PASSPHRASE=$passphrase

# The client secret and the passphrase are asked for again when a token ends or a rollback fetches a key.
still=('locked client_secret' 'locked passphrase' 'locked token')
waiting=(both locked plain sec1)
started trunkform apply -auto-approve -json -parallelism=1
for number in 1 2 3 4; do
  keys=("${waiting[@]/#/locked }")
  wait_for 30 test -s "found.flight.$number"
  cut -d' ' -f1,2 "found.flight.$number" | sort -u >found
  cp "found.flight.$number" found.shapes
  only_found "during PATCH $number" "${keys[@]}" "${still[@]}"
  waiting=("${waiting[@]:1}")
  [ "$number" -lt 4 ] || break # after the last, the process ends at once: below
  keys=("${waiting[@]/#/locked }")
  done_are() { [ "$(grep -c apply_complete out)" -ge "$number" ]; }
  wait_for 30 done_are
  sleep 0.2 # into the pause between trunks
  kill -STOP "$(cat pid)"
  found_in "$(cat pid)"
  grep -E '^VmLck' "/proc/$(cat pid)/status" >locked.size
  kill -CONT "$(cat pid)"
  only_found "after PATCH $number" "${keys[@]}" "${still[@]}"
  [ "$(tr -dc 0-9 <locked.size)" -ge 64 ] || die "memory is not locked: $(cat locked.size)"
done
ended_with 0
[ ! -s complaints ] || die "$(cat complaints)"
[ "$(patches)" = 4 ] || die "$(patches) PATCHes instead of 4"
curl -fsS -o out -H "Authorization: Bearer $(cat token)" -H 'Accept: application/json' "$base_url/api/v2/organizations/me" ||
  die "the token that was looked for is not the one that was used"

# --- ends that are no success, and other commands that hold secrets
sed -i 's/"stagger": "5s"/"stagger": "0s"/' run/main.trunk.json
again() { # two trunks have another certificate, past trunkform; they are bound anew
  by_hand 'Carrier A 01' old
  by_hand 'Carrier A 02' old
  started trunkform apply -auto-approve -replace=genesys_trunk_certificate.both -replace=genesys_trunk_certificate.locked
}
knobs '{"clear_faults":true,"faults":[{"operation":"patch","effect":"error","status":403}]}'
again
ended_with 1
knobs '{"clear_faults":true,"faults":[{"operation":"patch","effect":"torn","bytes":40}]}' # carried out, and read back
again
ended_with 0
knobs '{"clear_faults":true}'
KEY_PASSPHRASE=$(cat client_secret) again
ended_with 1
# Variables that a command has no use for stay as the caller gave them: docs/security.md.
unset KEY_PASSPHRASE
started env -u GENESYSCLOUD_OAUTHCLIENT_SECRET GENESYSCLOUD_ACCESS_TOKEN="$(cat token)" trunkform plan
ended_with 0
unset GENESYSCLOUD_OAUTHCLIENT_SECRET
started trunkform certificate check ../both.chain -key ../both.key -trust-store root.pem -name sip.example.com
ended_with 0
stop_service

# --- HTTP/2 is not spoken, even to a server that likes it better: its library keeps the frames that it sent
# line by line, or it would say what it heard when it is gone
stdbuf -oL openssl s_server -accept 127.0.0.1:0 -cert server.pem -cert_chain server.chain -key server.key -alpn h2,http/1.1 -www >handshake 2>&1 &
wait_for 10 grep -q '^ACCEPT' handshake
base_url=https://$(sed -n 's/^ACCEPT //p' handshake)
configure "$(binding a 'Carrier A 01')"
patient_for 1s
set_provider '"timeout": "1s"'
offer plain
GENESYSCLOUD_OAUTHCLIENT_SECRET=x expect_exit 1 trunkform plan
kill $!
grep -qx 'ALPN protocols advertised by the client: http/1.1' handshake || die "$(cat err handshake)"

# --- no core, and nobody but root may look: not even the same user
mkfifo input
(
  cd /
  ulimit -c unlimited
  exec setpriv --reuid=65534 --regid=65534 --clear-groups -- trunkform console
) <input >/dev/null 2>err &
console=$!
exec 3>input
may_read() { setpriv --reuid=65534 --regid=65534 --clear-groups -- head -c 1 "/proc/$1/$2" >/dev/null 2>&1; }
setpriv --reuid=65534 --regid=65534 --clear-groups -- sleep 60 &
wait_for 10 may_read $! environ # so others can be looked at
kill $!
wait_for 10 grep -qE 'Max core file size +0 +0 ' "/proc/$console/limits"
for what in environ maps; do ! may_read "$console" "$what" || die "its own user may read /proc/PID/$what of trunkform"; done
exec 3>&-
wait "$console" || die "console: $(cat err)"
