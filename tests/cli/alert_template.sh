# A body of one's own: a file beneath the folder, in the language of templates, and nothing from elsewhere.
. "$TEST_ROOT/tests/cli/support/alerts.sh"
make_authority
leaf old -70 20
trunk East old
start_service
start_webhook own
offer old
cat >alert.tmpl <<'TEXT'
{"who": ${jsonencode(alert.actor)}, "what": ${jsonencode("${alert.kind}: ${alert.summary}")}, "over": ${alert.resolved}}
TEXT
own() { configure "$(binding east East '"adopt": true')" "\"notify\": { \"webhook\": { \"own\": { \"url\": \"$own_url\", \"template\": \"$1\" } } }"; }
own alert.tmpl
expect_exit 0 trunkform notify test -kind=drifted
got_exactly own "drifted: this is a test: nothing happened / false" '.body | fromjson | .what + " / " + (.over | tostring)'
expect_exit 0 trunkform notify test -kind=drifted -resolved
expect_exit 64 trunkform notify test -kind=drfted
expect_text err "did you mean -kind=drifted?"
expect_exit 1 trunkform notify test notify.webhook.owm
expect_text err "did you mean notify.webhook.own?"

echo "\${alert.summry} \${file(\"/etc/passwd\")}" >wrong.tmpl
own wrong.tmpl
expect_exit 1 trunkform notify test
expect_text err "the alert's template cannot be rendered"
refuse_text err root:
# Long before anything is to be told.
expect_exit 1 trunkform validate
expect_text err "the alert's template cannot be rendered"
expect_text err "notify.webhook.own"
expect_exit 1 trunkform validate -json
"$TEST_ROOT/tests/cli/support/check_schema" validate out >&2 || die 'the document is not as published'
jq -e '.valid == false' <out >/dev/null || die "valid: $(cat out)"
echo '{"what": ${jsonencode(alert.summary)}}' >right.tmpl
own right.tmpl
expect_exit 0 trunkform validate
own wrong.tmpl
ln -s /etc/passwd link.tmpl
own link.tmpl
expect_exit 1 trunkform notify test
expect_text err "leads out of"
own ../x.tmpl
expect_exit 1 trunkform notify test
expect_text err "leads out of"
own missing.tmpl
expect_exit 0 trunkform apply -auto-approve
expect_text err "no alerts are sent by notify.webhook.own"
stop_service
