# A certificate is issued, kept in a store, bound, renewed before it is due, and gone back from. Nothing is written or
# signed before the operator allows it.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf before -70 20
trunk 'East 1' before
start_service
write_configuration() { # [MORE of the issued block]
  cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "issuer": { "local_ca": { "lab": { "certificate": "ca/intermediate.pem", "private_key": { "file": "ca/intermediate.key" } } } },
  "store": { "files": { "sip": { "path": "sip", "keep": 3 } } },
  "certificate": { "issued": { "sip": { "issuer": "\${issuer.local_ca.lab}", "store": "\${store.files.sip}",
                                        "names": ["sip.example.com"]${1:+, $1} } } },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "metrics": { "textfile": { "path": "run.prom" } },
  "rollout": { "at_once": { "canary": 0, "stagger": "0s", "soak": "0s" } },
  "resource": { "genesys_trunk_certificate": {
    "east": { "trunk": { "name": "East 1" }, "certificate": "\${certificate.issued.sip}", "identity": ["sip.example.com"],
              "carrier": "a", "rollout": "at_once", "adopt": true, "rotate": { "min_age": "0s" } } } }
}
JSON
}
write_configuration

# Keys are written, and authorities' keys read, where the operator says so.
plan_shows 1 issued_untrusted
[ ! -e sip ] || die 'a store was written to that nobody allowed'
expect_exit 0 trunkform trust add write files sip
expect_exit 0 trunkform trust add secret file ca/intermediate.key

plan_shows 2 issued_plan -out=one.trunkplan
[ ! -e sip ] || die 'planning wrote to the store'
expect_exit 0 trunkform apply one.trunkplan
shows issued_apply
openssl verify -CAfile root.pem -untrusted ca/intermediate.pem sip/live/chain.pem >/dev/null || die 'openssl refuses what was issued'
[ "$(stat -c %a sip/live/key.pem)" = 600 ] || die 'the key may be read by others'
[ ! -e sip/pending.pem ] || die 'a staged key was left'
cp sip/live/chain.pem first.pem
live_is 'East 1' first
patches_are 1
no_changes

expect_exit 0 trunkform doctor
masked out >shown
expect_golden stories/issued_doctor.txt shown

# The same file again finds everything done: nothing is issued twice.
expect_exit 0 trunkform apply one.trunkplan
[ "$(ls sip/versions)" = 000001 ] || die 'issued twice'
patches_are 1

# Renewed because somebody says so, and bound when the binding is due or forced.
sleep 1 # the next one ends later, and certificates count seconds
expect_exit 0 trunkform apply -auto-approve -replace=certificate.issued.sip -replace=genesys_trunk_certificate.east
shows issued_replaced
cp sip/live/chain.pem second.pem
expect_exit 0 trunkform show
masked out >shown
expect_golden stories/issued_show.txt shown
keeps() { "$TEST_ROOT/tests/cli/support/check_schema" "$1" out >&2 || die "$1 is not what schemas/published says"; }
expect_exit 0 trunkform show -json
keeps state
live_is 'East 1' second
expect_exit 0 trunkform history
masked out >shown
expect_golden stories/issued_history.txt shown
expect_exit 0 trunkform history -json
keeps history

# The commands about the state know it by its address.
expect_exit 0 trunkform state list
expect_text out certificate.issued.sip
expect_exit 0 trunkform state list certificate.issued.sip
[ "$(cat out)" = certificate.issued.sip ] || die 'listed more than was asked for'
expect_exit 1 trunkform state list certificate.issued.spi
expect_text err 'did you mean certificate.issued.sip?'
expect_exit 0 trunkform state show certificate.issued.sip
expect_text out 'certificate.issued.sip'
expect_exit 1 trunkform state show certificate.issued.spi
expect_exit 0 trunkform history certificate.issued.sip
[ "$(grep -c 'it is in its store' out)" = 2 ] || die 'two certificates were issued'
refuse_text out genesys_trunk_certificate
expect_exit 1 trunkform history certificate.issued.spi
expect_text err 'did you mean certificate.issued.sip?'

# Who keeps no list is told before anything is looked up, shown or asked.
expect_exit 64 trunkform issuer revoke -auto-approve -reason=lost certificate.issued.sip
expect_exit 1 trunkform issuer revoke -auto-approve certificate.issued.spi
expect_text err 'did you mean certificate.issued.sip?'
expect_exit 1 trunkform issuer revoke -reason=key_compromise certificate.issued.sip
expect_text err 'issuer.local_ca keeps no list of revoked certificates'
refuse_text err 'this certificate is bound'
refuse_text out serial

# The one before is in the store, and can be gone back to.
expect_exit 0 trunkform rollback -auto-approve genesys_trunk_certificate.east
live_is 'East 1' first

# Another name: another certificate, whatever is due.
sed -i 's/"names": \["sip.example.com"\]/"names": ["sip.example.com", "sip:example.com"]/; s/"identity": \["sip.example.com"\]/"identity": ["example.com"]/' main.trunk.json
plan_shows 2 issued_other_names
expect_exit 0 trunkform plan -json
keeps plan

# A key that another run staged is not touched, and its run is not overtaken.
printf 'request: 00000000-0000-4000-8000-000000000009\nsince: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >sip/pending.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null >>sip/pending.pem
cp sip/pending.pem staged
expect_exit 1 trunkform apply -auto-approve
shows issued_other_run
expect_exit 1 trunkform apply -auto-approve -json
keeps ui
cmp -s staged sip/pending.pem || die 'the key of another run was touched'
# Whose it is shows, and it can be removed before a day is over.
expect_exit 1 trunkform issuer unstage certificate.issued.sip
expect_text err -auto-approve
cmp -s staged sip/pending.pem || die 'a key was removed that nobody said yes to'
expect_exit 0 trunkform issuer unstage -auto-approve certificate.issued.sip
masked out | sed 's/, .* ago$/, <while> ago/' >shown
expect_golden stories/issued_unstage.txt shown
[ ! -e sip/pending.pem ] || die 'the key is still staged'
expect_exit 0 trunkform issuer unstage -auto-approve certificate.issued.sip
expect_text err 'No key is staged in'
expect_exit 0 trunkform history -limit=3
expect_text out 'was removed by hand'
expect_exit 1 trunkform issuer unstage -auto-approve certificate.issued.spi
expect_text err 'did you mean certificate.issued.sip?'
cp staged sip/pending.pem
# One that nobody came back for in two days is replaced.
sed -i "s/^since: .*/since: $(date -u -d '2 days ago' +%Y-%m-%dT%H:%M:%SZ)/" sip/pending.pem
apply_all
openssl x509 -in sip/live/chain.pem -noout -ext subjectAltName | grep -q URI:sip:example.com || die 'the other name was not asked for'

# The file for Prometheus knows what is issued; what cannot be issued is an event, and its request stays open.
metric() { grep -qF "trunkform_$1 ${2-}" run.prom || die "no $1 ${2-} in $(cat run.prom)"; }
ends=$(date -d "$(openssl x509 -in sip/live/chain.pem -noout -enddate | cut -d= -f2)" +%s)
metric 'issued_expiry_timestamp_seconds{address="certificate.issued.sip"}' "$ends"
metric 'issued_last_success_timestamp_seconds{address="certificate.issued.sip"}'
metric 'issues_total{result="issued"}' 3
mv ca/intermediate.pem away.pem
expect_exit 1 trunkform doctor
masked out >shown
expect_golden stories/issued_doctor_no_authority.txt shown
expect_exit 1 trunkform apply -auto-approve -replace=certificate.issued.sip
expect_exit 0 trunkform history -json certificate.issued.sip
keeps history
[ "$(tail -n 1 out | jq -r .kind)" = issue_failed ] || die "the failure is no event: $(tail -n 1 out)"
metric 'issued_last_failure_timestamp_seconds{address="certificate.issued.sip"}'
metric 'issued_open_since_timestamp_seconds{address="certificate.issued.sip"}'
metric 'issued_renewal_timestamp_seconds{address="certificate.issued.sip"}'
expect_exit 1 trunkform issuer unstage -auto-approve certificate.issued.sip
masked err >shown
expect_golden stories/issued_unstage_own.txt shown
[ -e sip/pending.pem ] || die "this state's own key was removed"

# Another name in the configuration, and out of the state: the store keeps what it has.
expect_exit 0 trunkform state pull
cp out pulled.json
expect_text out '"issues"'
expect_exit 0 trunkform state mv certificate.issued.sip certificate.issued.named
[ "$(cat out)" = $'certificate.issued.sip → certificate.issued.named\nMoved 1.' ] || die "state mv: $(cat out)"
expect_exit 0 trunkform state list certificate.issued.named
expect_exit 0 trunkform history certificate.issued.named
expect_text out 'was removed by hand'
expect_exit 1 trunkform state mv certificate.issued.sip certificate.issued.other
expect_text err 'certificate.issued.sip is not in the state'
expect_exit 1 trunkform state mv certificate.issued.named genesys_trunk_certificate.x
expect_exit 1 trunkform state mv certificate.issued.named 'certificate.issued.x["a"]'
expect_text err 'such a block has no instances'
expect_exit 0 trunkform state mv certificate.issued.named certificate.issued.sip
expect_exit 0 trunkform state rm -dry-run certificate.issued.sip
expect_exit 1 trunkform state rm certificate.issued.spi
expect_exit 0 trunkform state rm certificate.issued.sip
masked out >shown
expect_golden stories/issued_state_rm.txt shown
expect_exit 1 trunkform state show certificate.issued.sip
[ -e sip/pending.pem ] || die 'the store was written to'
expect_exit 0 trunkform issuer unstage -auto-approve certificate.issued.sip
masked out | sed -E 's/, .* ago$/, <while> ago/; s/(request +)[0-9a-f-]{36}/\1<uuid>/' >shown
expect_golden stories/issued_unstage_forgotten.txt shown
mv away.pem ca/intermediate.pem
no_changes
expect_exit 0 trunkform state push -force pulled.json
apply_all

# Without the block the state forgets it; what is in the store stays.
expect_exit 0 trunkform state pull
expect_text out '"issues"'
cat >main.trunk.json <<JSON
{ "provider": { "genesys": { "base_url": "$base_url" } } }
JSON
apply_all
expect_exit 0 trunkform state pull
refuse_text out '"issues"'
[ -e sip/live/chain.pem ] || die 'the store was emptied'
stop_service
