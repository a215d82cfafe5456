# From an account's key and nothing else to a bound trunk, with an independent ACME server (Pebble): the order, the renewal
# that the server asks for, the way back, and a run that dies while the server looks.
. "$TEST_ROOT/tests/cli/support/service.sh"
. "$TEST_ROOT/tests/integration/support/acme.sh"
make_authority
leaf before -70 20
trunk East before
start_dns
start_acme
account_key account.pem
acme_root 0 acme-root.pem
cat acme-root.pem >>root.pem
start_service

# write_configuration WAY [NAME]: how names are shown to be ours
write_configuration() {
  local names='["sip.example.com"]'
  [ -z "${2-}" ] || names="[\"sip.example.com\", \"$2\"]"
  cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "issuer": { "acme": { "pebble": { "directory": "$acme_url", "account_key": { "file": "account.pem" },
                                    "contact": ["mailto:pki@example.com"], "agree_terms": true, $1 } } },
  "store": { "files": { "sip": { "path": "sip" } } },
  "certificate": { "issued": { "sip": { "issuer": "\${issuer.acme.pebble}", "store": "\${store.files.sip}",
                                        "names": $names, "profile": "default" } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "east": { "trunk": { "name": "East" }, "certificate": "\${certificate.issued.sip}", "identity": ["sip.example.com"],
              "carrier": "a", "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s" } } } }
}
JSON
}
write_configuration "\"http_01\": { \"listen\": \"127.0.0.1:$http_port\" }"
orders() { grep -c 'orders in the db' acme.log; }

# What the operator has not allowed is not done: neither the key nor the host is used, and the store is not written.
expect_exit 1 trunkform apply -auto-approve
expect_text err 'trunkform trust add'
[ ! -e sip ] || die 'a store was written to that nobody allowed'
expect_exit 0 trunkform trust add write files sip
expect_exit 1 trunkform apply -auto-approve
expect_text err 'trunkform trust add secret file'
expect_exit 0 trunkform trust add secret file account.pem
TRUNKFORM_TRUST_LOOPBACK=0 expect_exit 1 trunkform apply -auto-approve
expect_exit 0 trunkform trust add host "${base_url#http://}" genesys
TRUNKFORM_TRUST_LOOPBACK=0 expect_exit 1 trunkform apply -auto-approve
expect_text err "trunkform trust add host 127.0.0.1:$(echo "$acme_url" | grep -oE '[0-9]+/dir' | cut -d/ -f1) acme"

# A look makes no account and no order.
expect_exit 0 trunkform doctor
expect_text out 'the key has no account there yet: the first order makes one'
expect_exit 0 trunkform doctor
expect_text out 'the key has no account there yet'

# The first certificate; once more where its serial number is one of those whose order Pebble 2.10 does not find.
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'certificate.issued.sip'
apply_all
until [[ $(openssl x509 -in sip/live/chain.pem -noout -serial) == serial=[0-7]* ]]; do
  apply_all -replace=certificate.issued.sip -replace=genesys_trunk_certificate.east
done
cp sip/live/chain.pem first.pem
openssl verify -CAfile acme-root.pem -untrusted first.pem first.pem >/dev/null || die 'it does not lead to the root of the server'
live_is East first
no_changes
expect_exit 0 trunkform doctor
expect_text out 'the key has an account:'

# What the server says of the renewal: not for long, nothing, no JSON, a window that ends before it begins. None of it asks
# for a renewal today; a window that is there now does, and so does one that was missed.
server_says() {
  jq -n --rawfile pem first.pem --arg answer "$1" '{certificate: $pem, ariResponse: $answer}' |
    curl -fsS --cacert acme.crt -o /dev/null -X POST --data-binary @- "$acme_admin/set-renewal-info/"
}
window() { jq -cn --arg from "$1" --arg to "$2" '{suggestedWindow: {start: $from, "end": $to}}'; }
for answer in "$(window 2099-01-01T00:00:00Z 2099-01-02T00:00:00Z)" '{}' 'nonsense' \
  "$(window 2026-01-02T00:00:00Z 2026-01-01T00:00:00Z)"; do
  server_says "$answer"
  no_changes
done
server_says "$(window "$(date -u -d '-1 second' +%FT%TZ)" "$(date -u +%FT%TZ)")"
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out 'note      the issuer asks for a renewal between '
server_says "$(window 2026-01-01T00:00:00Z 2026-01-02T00:00:00Z)"
expect_exit 2 trunkform plan -detailed-exitcode
expect_text out '# certificate.issued.sip will be renewed'
expect_text out 'note      the issuer asks for a renewal between 2026-01-01T00:00:00Z and 2026-01-02T00:00:00Z'
replaced() { grep -c 'is a replacement of' acme.log || true; }
before=$(replaced)
apply_all -replace=genesys_trunk_certificate.east
cp sip/live/chain.pem second.pem
[ "$(fingerprint first)" != "$(fingerprint second)" ] || die 'it was not renewed'
[ "$(replaced)" = $((before + 1)) ] || die 'the server heard nothing of what is replaced'
live_is East second
second_version=$(sed -n '/BEGIN/,/END/{//!p;/END/s/.*//p}' second.pem | awk 'BEGIN { RS = "" } { gsub("\n", ""); print }' |
  while read -r block; do printf '%s' "$block" | base64 -d; done | sha256sum | cut -c1-64)

# The way back is in the store.
expect_exit 0 trunkform rollback -auto-approve genesys_trunk_certificate.east
live_is East first

# A run dies while a hook writes the record; the next goes on with the same order. One name is new: of a hundred
# Pebble takes one for proven that was before.
cat >hook <<HOOK
#!/bin/sh
echo "\$@" >>$PWD/hook.log
[ ! -e $PWD/slow ] || [ "\$1" = cleanup ] || sleep 60
case \$1 in
  present) curl -fsS -X POST --data-binary "{\"host\":\"\$2.\",\"value\":\"\$3\"}" $dns_admin/set-txt ;;
  cleanup) curl -fsS -X POST --data-binary "{\"host\":\"\$2.\"}" $dns_admin/clear-txt ;;
esac
HOOK
chmod 755 hook
write_configuration "\"dns_01\": { \"hook\": [\"$PWD/hook\"], \"wait\": \"1s\" }" late.example.com
expect_exit 1 trunkform apply -auto-approve
expect_text err 'trunkform trust add program'
[ ! -e hook.log ] || die 'a program was run that nobody allowed'
expect_exit 0 trunkform trust add program "$PWD/hook" '-arg=*' '-arg=*' '-arg=*'
touch slow
trunkform apply -auto-approve >killed.out 2>&1 &
killed=$!
wait_for 60 test -s hook.log
kill -KILL "$killed"
{ wait "$killed" || true; } 2>/dev/null
[ -e sip/pending.pem ] || die 'no key is staged'
rm slow
before=$(orders)
apply_all
[ "$(orders)" = "$before" ] || die 'ordered again'
[ ! -e sip/pending.pem ] || die 'the staged key was left'
cp sip/live/chain.pem third.pem
[ "$(fingerprint third)" != "$(fingerprint second)" ] || die 'nothing was issued'
grep -q '^cleanup ' hook.log || die 'the record was left'

# The same, and the account's key is changed before the next run: the order is the other account's, and is given up. The run
# after it orders anew, under a key of its own.
touch slow
: >hook.log
write_configuration "\"dns_01\": { \"hook\": [\"$PWD/hook\"], \"wait\": \"1s\" }" latest.example.com
trunkform apply -auto-approve >killed.out 2>&1 &
killed=$!
wait_for 60 test -s hook.log
kill -KILL "$killed"
{ wait "$killed" || true; } 2>/dev/null
rm slow
cp sip/pending.pem left.pem
mv account.pem former.pem
account_key account.pem
expect_exit 1 trunkform apply -auto-approve
expect_text err "the order is another ACME account's than that of \`account_key\`"
expect_text err 'run trunkform apply again: it makes another key and orders anew'
[ ! -e sip/pending.pem ] || die 'the staged key was left'
before=$(orders)
apply_all
[ "$(orders)" = $((before + 1)) ] || die 'it was not ordered anew, or twice'
[ "$(openssl pkey -in left.pem -pubout)" != "$(openssl pkey -in sip/live/key.pem -pubout)" ] || die 'the key is that of the order that was given up'
no_changes
mv former.pem account.pem

# A file is in the way in the web server's folder: three applies place one order, whose key is kept, and say what to do.
mkdir -p web
touch web/.well-known
expect_exit 0 trunkform trust add write acme_webroot web
write_configuration "\"http_01\": { \"webroot\": \"$PWD/web\" }" web.example.com
before=$(orders)
for _ in first second third; do
  expect_exit 1 trunkform apply -auto-approve
  expect_text err "cannot make the folder $PWD/web/.well-known: Not a directory"
  expect_text err "proofs go to '$PWD/web/.well-known/acme-challenge' (\`webroot\` of http_01)"
  cp sip/pending.pem "staged.pem"
  [ ! -e kept.pem ] || cmp staged.pem kept.pem || die 'another key was staged'
  mv staged.pem kept.pem
done
[ "$(orders)" = $((before + 1)) ] || die 'it was ordered again'
rm web/.well-known
write_configuration "\"http_01\": { \"listen\": \"127.0.0.1:$http_port\" }" web.example.com
apply_all
[ "$(orders)" = $((before + 1)) ] || die 'the order was not gone on with'
[ "$(openssl pkey -in kept.pem -pubout)" = "$(openssl pkey -in sip/live/key.pem -pubout)" ] || die 'the kept key was not used'

# What nobody is bound to any more is revoked, through the same account.
expect_exit 0 trunkform issuer revoke -auto-approve -reason=superseded -version="$second_version" certificate.issued.sip
serial=$(openssl x509 -in second.pem -noout -serial | cut -d= -f2)
curl -fsS --cacert acme.crt "$acme_admin/cert-status-by-serial/$serial" >status
expect_text status '"Status": "Revoked"'

# The account's key is nowhere but in its file.
secret=$(grep -v -e '-----' account.pem | tr -d '\n' | cut -c60-100)
! grep -rlF --exclude=account.pem -- "$secret" . >&2 || die 'the key was told'
stop_service
