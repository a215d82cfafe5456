# A canary: the private key, its passphrase, the client secret and the access tokens are nowhere but where they belong.
# Searched, raw and in base64, hex and JSON's escapes: standard output and error, the log, the state, plans, events,
# temporary files, and what other processes may see of a running apply.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
leaf later -1 120
leaf last -1 150
for number in 1 2 3; do trunk "Carrier A 0$number" old; done
printf '%s\n' "static-token-canary-$RANDOM$RANDOM" >token
start_service -token-file token -seed 7
home=$PWD
mkdir run said-by

# --- the secrets, and every shape of them that is looked for
needles=$home/needles
hex_of() { od -An -v -tx1 | tr -d ' \n'; }
add_needles() { # a secret on standard input, as bytes
  local bytes hex text offset
  hex=$(hex_of)
  bytes=$(sed 's/../\\x&/g' <<<"$hex")
  printf '%s\n%s\n%s\n' "$hex" "${hex^^}" "$(sed 's/../&:/g; s/:$//' <<<"$hex")" >>"$needles"
  # In base64 a secret looks different at each of the three places where it may begin within a group.
  for offset in 0 1 2; do
    # shellcheck disable=SC2059 # the bytes are the format
    text=$({ printf '%.*s' "$offset" xx; printf "$bytes"; } | base64 -w0)
    text=${text:4}
    text=${text%????}
    printf '%s\n%s\n' "$text" "$(tr '+/' '-_' <<<"$text")" >>"$needles"
  done
}
add_text() { printf '%s\n' "$1" >>"$needles"; printf '%s' "$1" | add_needles; }
passphrase=passphrase-canary-$RANDOM$RANDOM
: >"$needles"
add_text "$GENESYSCLOUD_OAUTHCLIENT_SECRET"
add_text "$(cat token)"
add_text "$passphrase"
printf '%s:%s' "$GENESYSCLOUD_OAUTHCLIENT_ID" "$GENESYSCLOUD_OAUTHCLIENT_SECRET" | base64 -w0 | cut -c1-40 >>"$needles"
for key in old next later last; do
  # The lines of the PEM body, and the private number itself: 32 bytes at a fixed place of this form.
  sed -n '2,3p' "$key.key" >>"$needles"
  openssl asn1parse -in "$key.key" | sed -nE 's/.*\[HEX DUMP\]:306B0201010420([0-9A-F]{64}).*/\1/p' >scalar
  [ "$(wc -c <scalar)" = 65 ] || die "the private number was not found: $(cat scalar)"
  # shellcheck disable=SC2059 # the bytes are the format
  printf "$(sed 's/../\\x&/g' scalar)" | add_needles
done
# Tokens that the service gives are looked for at the end, by trying what looks like one.
[ "$(grep -c . "$needles")" -gt 60 ] || die "too few shapes"
! grep -nE '^.{0,15}$' "$needles" || die "a shape is so short that it could be found by chance"

# leaks FILE: whether it holds any of them, as text or as bytes
leaks() {
  LC_ALL=C grep -aqF -f "$needles" "$1" && return 0
  hex_of <"$1" >hexed
  LC_ALL=C grep -aqF -f "$needles" hexed
}
search() { # FOLDER
  find "$1" -type f ! -name '*.key' -print0 >found
  while IFS= read -r -d '' file; do
    ! leaks "$file" || { LC_ALL=C grep -aoF -f "$needles" "$file" | head -n 3 >&2; die "$file holds a secret"; }
  done <found
}

# That each shape would be found: planted, one at a time, and as bytes.
while IFS= read -r needle; do
  printf 'before %s after\n' "$needle" >planted
  leaks planted || die "not found when planted: $needle"
done <"$needles"
# shellcheck disable=SC2059 # the bytes are the format
{ printf 'xyz'; printf "$(sed 's/../\\x&/g' scalar)"; printf 'xyz'; } >planted
leaks planted || die "the private number is not found as bytes"
rm planted

# tokens_in FILE: what in it the service takes as an access token, as text or in base64 or hex. Tokens are the service's
# secret, so whatever might be one is tried.
tokens_in() {
  local candidate status
  # shellcheck disable=SC2016 # perl's own variables
  LC_ALL=C grep -aoE '[A-Za-z0-9+/_-]{60,}' "$1" | sort -u |
    perl -MMIME::Base64 -nle 'print; (my $text = $_) =~ tr{_-}{/+}; print decode_base64(substr $text, $_) for 0 .. 3;
      print pack "H*", $_ if /^[0-9a-f]+$/i' | LC_ALL=C grep -aoE '[A-Za-z0-9_-]{60,}' | sort -u >candidates || true
  while IFS= read -r candidate; do
    status=$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $candidate" -H 'Accept: application/json' \
      "$base_url/api/v2/organizations/me")
    [ "$status" != 200 ] || printf '%s\n' "$candidate"
  done <candidates
}
# That a token would be found, in each shape that is tried.
curl -fsS -u "$GENESYSCLOUD_OAUTHCLIENT_ID:$GENESYSCLOUD_OAUTHCLIENT_SECRET" -H 'Accept: application/json' \
  -d grant_type=client_credentials "$base_url/oauth/token" >granted
issued=$(jq -r .access_token granted)
find_planted() { # SHAPE; the file is on standard input
  { cat other.chain; cat; } >planted
  [ "$(tokens_in planted)" = "$issued" ] || die "a token that was planted as $1 is not found"
}
cp next.chain other.chain
[ -z "$(tokens_in other.chain)" ] || die "a certificate is taken for a token"
find_planted 'an answer' <granted
find_planted 'a header' <<<"Authorization: Bearer $issued"
find_planted 'an escaped header' <<<"{\"header\":\"authorization: Bearer $issued\\n\"}"
for before in '' x xx; do printf '%s%s' "$before" "Bearer $issued" | base64 -w0 | find_planted base64; done
printf %s "$issued" | hex_of | find_planted hex
rm granted planted other.chain

# --- runs
commands=0
quietly() { # CODE COMMAND ...: what it says is kept, and searched at the end
  local wanted=$1 got=0
  shift
  commands=$((commands + 1))
  (cd run && TRUNKFORM_LOG=trace "$@") >"said-by/$commands.out" 2>"said-by/$commands.err" || got=$?
  [ "$got" = "$wanted" ] || { cat "said-by/$commands."* >&2; die "exit $got instead of $wanted: $*"; }
}
offer_encrypted() { # NAME
  cp "$1.chain" run/new.chain
  openssl pkcs8 -topk8 -v2 aes-256-cbc -in "$1.key" -passout "pass:$passphrase" -out run/new.key
}
configure "$(binding a "Carrier A 01"), $(binding b "Carrier A 02"), $(binding c "Carrier A 03")"
sed -i 's/"private_key": "new.key"/&, "passphrase": { "env": "KEY_PASSPHRASE" }/; s/"min_age": "0s"/&, "when": "available"/g' main.trunk.json
patient_for 1s
mv main.trunk.json root.pem run/
cp ca/root.pem root.pem
expect_exit 0 trunkform trust add secret env KEY_PASSPHRASE
export KEY_PASSPHRASE=$passphrase
offer_encrypted old
quietly 0 trunkform validate
quietly 0 trunkform apply -auto-approve
offer_encrypted next
quietly 0 trunkform plan
quietly 0 trunkform plan -json
quietly 0 trunkform plan -out=saved.trunkplan
quietly 0 trunkform apply saved.trunkplan
offer_encrypted later

# While it runs: its environment, its arguments and its children's are what other processes may see.
sed -i 's/"stagger": "0s"/"stagger": "3s"/' run/main.trunk.json
already=$(count_operation patch)
(cd run && TRUNKFORM_LOG=trace exec trunkform apply -auto-approve -json) >said-by/running.out 2>said-by/running.err &
running=$!
fourth_sent() { [ "$(count_operation patch)" -gt "$already" ]; }
wait_for 20 fourth_sent
looked=0
for process in "$running" $(cat "/proc/$running/task/"*/children 2>/dev/null); do
  for what in cmdline environ; do
    # An ordinary user cannot read the environment of a process that is not dumpable, which is as good.
    if cat "/proc/$process/$what" >"said-by/$process.$what" 2>/dev/null; then looked=$((looked + 1)); fi
  done
done
[ "$looked" -ge 1 ] || die "nothing of the running process could be looked at"
expect_text "said-by/$running.cmdline" trunkform
search run
search "$TMPDIR"
wait "$running"
sed -i 's/"stagger": "3s"/"stagger": "0s"/' run/main.trunk.json

# What fails, fails without telling: refused PATCHes, a lying service, a wrong passphrase, wrong credentials.
offer_encrypted last
for fault in '"effect":"error","status":403' '"effect":"html"' '"effect":"redirect","location":"https://login.example.net/"'; do
  knobs "{\"clear_faults\":true,\"faults\":[{\"operation\":\"patch\",$fault}]}"
  quietly 1 trunkform apply -auto-approve
  quietly 1 trunkform apply -auto-approve -json
done
knobs '{"clear_faults":true,"faults":[{"operation":"patch","effect":"torn","bytes":40}]}'
quietly 0 trunkform apply -auto-approve
knobs '{"clear_faults":true,"faults":[{"operation":"token","effect":"cut_json"}]}'
quietly 1 trunkform plan
knobs '{"clear_faults":true}'
offer_encrypted old
sed -i 's/"when": "available"/&, "shorter": "allow"/' run/main.trunk.json
quietly 1 env KEY_PASSPHRASE="$GENESYSCLOUD_OAUTHCLIENT_SECRET" trunkform apply -auto-approve -replace=genesys_trunk_certificate.a
quietly 0 env -u GENESYSCLOUD_OAUTHCLIENT_SECRET GENESYSCLOUD_ACCESS_TOKEN="$(cat token)" trunkform plan
quietly 1 env -u GENESYSCLOUD_OAUTHCLIENT_SECRET GENESYSCLOUD_ACCESS_TOKEN="$passphrase" trunkform plan
quietly 0 trunkform history
quietly 0 trunkform state pull
quietly 0 trunkform state list
quietly 0 trunkform inventory

# --- tokens of the service: any string in what was written that the service takes as one
cat run/* said-by/* >written 2>/dev/null || true # folders
found=$(tokens_in written)
[ -z "$found" ] || die "an access token was written: ${found:0:8}…"

search run
search said-by
search "$TMPDIR"
search "$HOME"
[ "$(find run -name 'trunkform.state.*' | grep -c .)" -ge 3 ] || die "the state was not where it was looked for"
stop_service
