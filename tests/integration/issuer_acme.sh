# An independent ACME server (Pebble, strict, refusing half of all nonces) and issuer.acme: orders by both challenges,
# chains, profiles, renewal information, what replaces what, revocation, the account's key, accounts of others.
. "$TEST_ROOT/tests/integration/support/acme.sh"
start_dns
start_acme
account_key account.pem
acme_root 0 root0.pem
acme_root 1 root1.pem
acme_root 2 root2.pem

# leads_to ROOT OUT: what was issued is of the key that was made, and leads to that root
leads_to() {
  openssl verify -CAfile "$1" -untrusted "$2.pem" "$2.pem" >verified 2>&1 || { cat verified >&2; die "$2 does not lead to $1"; }
  [ "$(openssl x509 -in "$2.pem" -noout -pubkey)" = "$(openssl pkey -in "$2.key" -pubout)" ] || die "$2 has another key"
}
names_of() { openssl x509 -in "$1.pem" -noout -ext subjectAltName | tail -n 1 | tr -d ' '; }
days_of() { echo $((($(date -d "$(openssl x509 -in "$1.pem" -noout -enddate | cut -d= -f2)" +%s) - $(date +%s) + 43200) / 86400)); }

# http-01 by our own listener: one order, two names, and nobody listens afterwards.
# plain_serial OUT: it has a serial number that needs no zero octet in DER. Of others Pebble 2.10 does not find the order.
plain_serial() { [[ $(openssl x509 -in "$1.pem" -noout -serial) == serial=[0-7]* ]]; }
issuer http "{\"http_01.listen\": \"127.0.0.1:$http_port\", \"contact\": [\"mailto:pki@example.com\"]}"
expect_exit 0 issue-certificate http issue first profile=default sip.example.com edge.example.com
leads_to root0.pem first
[ "$(names_of first)" = 'DNS:sip.example.com,DNS:edge.example.com' ] || die "other names: $(names_of first)"
[ "$(days_of first)" = 90 ] || die "not 90 days"
! curl -s -o /dev/null "http://127.0.0.1:$http_port/" || die "somebody still listens"

# http-01 by a web server's folder, where the files are taken away again.
mkdir web
python3 -m http.server -b 127.0.0.1 -d web "$http_port" >web.log 2>&1 &
web_pid=$!
wait_for 10 curl -fsS -o /dev/null "http://127.0.0.1:$http_port/"
issuer webroot "{\"http_01.webroot\": \"$PWD/web\"}"
expect_exit 0 issue-certificate webroot issue second profile=shortlived sip.example.com
leads_to root0.pem second
[ "$(days_of second)" = 6 ] || die "not 6 days"
[ -z "$(find web -type f)" ] || die "files stayed behind"

# Names are new where it matters that they are proven: of a hundred Pebble takes one for proven that was before.
# What the server says where the proof is not found; the listener's port is taken by somebody else now.
expect_exit 1 issue-certificate http issue taken profile=default taken.example.com
expect_text err 'cannot listen at 127.0.0.1'
expect_text err 'ss -ltnp'
kill "$web_pid"
wait "$web_pid" || true
issuer web-gone "{\"http_01.webroot\": \"$PWD/web\"}"
expect_exit 1 issue-certificate web-gone issue unproven profile=default unproven.example.com
expect_text err 'rejected: the authority did not find the proof for "unproven.example.com"'
expect_text err 'http-01: '
expect_text err 'connection'

# dns-01 by a hook: a name, and all beneath it, under one record.
cat >hook <<HOOK
#!/bin/sh
echo "\$@" >>$PWD/hook.log
case \$1 in
  present) curl -fsS -X POST --data-binary "{\"host\":\"\$2.\",\"value\":\"\$3\"}" $dns_admin/set-txt ;;
  cleanup) curl -fsS -X POST --data-binary "{\"host\":\"\$2.\"}" $dns_admin/clear-txt ;;
esac
HOOK
chmod +x hook
issuer dns "{\"dns_01.hook\": [\"$PWD/hook\"], \"dns_01.wait\": \"1s\"}"
expect_exit 0 issue-certificate dns issue third profile=default edge.example.org '*.edge.example.org'
leads_to root0.pem third
[ "$(names_of third)" = 'DNS:edge.example.org,DNS:*.edge.example.org' ] || die "other names: $(names_of third)"
[ "$(grep -c '^present _acme-challenge.edge.example.org ' hook.log)" = 2 ] || die "not presented"
[ "$(grep -c '^cleanup _acme-challenge.edge.example.org ' hook.log)" = 2 ] || die "not taken away"
printf '#!/bin/sh\necho the zone is locked\nexit 3\n' >hook
expect_exit 1 issue-certificate dns issue locked profile=default locked.example.com
expect_text err 'ended with status 3'
expect_text err 'the zone is locked'
expect_exit 1 issue-certificate http issue wild profile=default '*.example.com'
expect_text err 'cannot be proven in the way that is configured'

# Step by step, as after interruptions: each call can be made again.
expect_exit 0 issue-certificate http submit steps profile=default sip.example.com
ref=$(cat out)
expect_exit 0 issue-certificate http poll "$ref" steps profile=default sip.example.com
[ -z "$(cat out)" ] || die "still pending: $(cat out)"
leads_to root0.pem steps
cp steps.pem before.pem
expect_exit 0 issue-certificate http poll "$ref" steps profile=default sip.example.com
cmp -s steps.pem before.pem || die "another certificate"
expect_exit 1 issue-certificate http poll "${ref%/*}/none" steps sip.example.com
expect_text err 'not_found: '

# Another chain of the same certificate.
other_root=$(openssl x509 -in root2.pem -noout -subject -nameopt RFC2253 | sed 's/.*CN=//')
issuer other "{\"http_01.listen\": \"127.0.0.1:$http_port\", \"preferred_chain\": \"$other_root\"}"
expect_exit 0 issue-certificate other issue fourth profile=default sip.example.com
leads_to root2.pem fourth
issuer none "{\"http_01.listen\": \"127.0.0.1:$http_port\", \"preferred_chain\": \"Nobody's Root\"}"
expect_exit 1 issue-certificate none issue fifth profile=default sip.example.com
expect_text err 'no chain of the certificate leads to "Nobody'
expect_text err "$other_root"

# What it does not sign, in its own words.
expect_exit 1 issue-certificate http issue no profile=tomorrow sip.example.com
expect_text err 'has no profile "tomorrow"'
expect_text err '"default"'
expect_exit 1 issue-certificate http issue no profile=default sip.blocked.example
expect_text err 'invalid_input: the authority takes no such order'
expect_text err 'rejectedIdentifier'
expect_exit 1 issue-certificate http issue no profile=default sip:example.com
expect_text err 'no ACME authority signs for'

# When to renew, and that it was: the certificate is named as what the next replaces, and once only.
expect_exit 0 issue-certificate http window first.pem
[ "$(wc -w <out)" = 2 ] || die "no window: $(cat out)"
jq -n --rawfile pem first.pem '{certificate: $pem, ariResponse: "{\"suggestedWindow\":{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-02T00:00:00Z\"},\"explanationURL\":\"https://ca.example/why\"}"}' |
  curl -fsS --cacert acme.crt -o /dev/null -X POST --data-binary @- "$acme_admin/set-renewal-info/"
expect_exit 0 issue-certificate http window first.pem
expect_text out '2026-01-01T00:00:00Z 2026-01-02T00:00:00Z https://ca.example/why'
expect_exit 0 issue-certificate http issue plain profile=default sip.example.com edge.example.com
until plain_serial plain; do expect_exit 0 issue-certificate http issue plain profile=default sip.example.com edge.example.com; done
expect_exit 0 issue-certificate http issue renewed profile=default replaces=plain.pem sip.example.com edge.example.com
leads_to root0.pem renewed
[ "$(grep -c 'is a replacement of' acme.log)" = 1 ] || die "the server heard nothing of what is replaced"
expect_exit 0 issue-certificate http issue again profile=default replaces=plain.pem sip.example.com edge.example.com
leads_to root0.pem again
[ "$(grep -c 'is a replacement of' acme.log)" = 1 ] || die "it replaced the same once more"

# Revoked, and revoked once more.
expect_exit 0 issue-certificate http revoke first.pem
serial=$(openssl x509 -in first.pem -noout -serial | cut -d= -f2)
curl -fsS --cacert acme.crt "$acme_admin/cert-status-by-serial/$serial" >status
expect_text status '"Status": "Revoked"'
expect_text status '"Reason": 4'
expect_exit 0 issue-certificate http revoke first.pem

# The account's key: another one, after which the first is nobody's; then the end of the account.
account_key next.pem
expect_exit 0 issue-certificate http rollover next.pem
account_key stranger.pem
mv account.pem old.pem
cp next.pem account.pem
expect_exit 0 issue-certificate http issue rolled profile=default sip.example.com
expect_exit 0 issue-certificate http deactivate
expect_exit 1 issue-certificate http issue late profile=default sip.example.com
expect_text err 'denied: '

# Terms are somebody's to agree to.
account_key account.pem
issuer terms "{\"agree_terms\": \"false\", \"http_01.listen\": \"127.0.0.1:$http_port\"}"
expect_exit 1 issue-certificate terms issue no profile=default sip.example.com
expect_text err 'terms that nobody has agreed to'
expect_text err '"agree_terms": true'

# The server starts anew, with another root and no memory: the order is gone, the next one works. Now it makes accounts
# only for those that it knows.
expect_exit 0 issue-certificate http submit gone profile=default sip.example.com
ref=$(cat out)
stop_acme
code=$(head -c 32 /dev/urandom | base64 | tr -d '=\n' | tr '+/' '-_')
start_acme "{\"externalAccountBindingRequired\": true, \"externalAccountMACKeys\": {\"kid-1\": \"$code\"}}"
issuer bare "{\"http_01.listen\": \"127.0.0.1:$http_port\"}"
expect_exit 1 issue-certificate bare issue no profile=default sip.example.com
expect_text err 'external_account'
printf '%s\n' "$code" >code
issuer bound "{\"http_01.listen\": \"127.0.0.1:$http_port\", \"external_account.key_id\": \"kid-1\", \"external_account.hmac_key\": \"file:$PWD/code\"}"
expect_exit 0 issue-certificate bound issue sixth profile=default sip.example.com
acme_root 0 root-now.pem
leads_to root-now.pem sixth
! openssl verify -CAfile root0.pem -untrusted sixth.pem sixth.pem >verified 2>&1 || die "the root is the old one"
expect_exit 1 issue-certificate bound poll "$ref" gone sip.example.com
expect_text err 'not_found: '
printf '%s\n' 'AAAA' >code
account_key account.pem
expect_exit 1 issue-certificate bound issue no profile=default sip.example.com
expect_text err 'makes no account for this key'

# Nothing of an account is where others read.
for file in account.pem next.pem old.pem; do
  secret=$(grep -v -e '-----' "$file" | tr -d '\n' | cut -c60-100)
  ! grep -rlF -- "$secret" acme.log out err hook.log >&2 || die "a key was told"
done

# It goes away: said, with the address.
stop_acme
expect_exit 1 issue-certificate bound issue no profile=default sip.example.com
expect_text err 'unavailable: '
