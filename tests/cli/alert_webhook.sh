# The guide, section 4, "alert the operations team": a chain that the edge serves without its intermediate is rolled
# back, the team is told with a signed request while it happens, and told again when it is mended.
. "$TEST_ROOT/tests/cli/support/alerts.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
trunk "Carrier <!here> 02" old
start_service -sip
start_webhook ops topsecretkey
start_webhook chat
start_webhook pager
port=$(sip_port "Carrier A 01")
mkdir -p archive/1
cp old.chain archive/1/new.chain
cp old.key archive/1/new.key
export HOOK_KEY=topsecretkey ROUTING_KEY=R0UT1NG CHAT_URL="$chat_url?token=CHATPASSWORD"
notify="\"notify\": { \"webhook\": {
  \"ops\": { \"url\": \"$ops_url\", \"secret\": { \"env\": \"HOOK_KEY\" }, \"headers\": { \"X-Team\": \"voice\" } },
  \"chat\": { \"url\": { \"env\": \"CHAT_URL\" }, \"template\": \"slack\", \"on\": [\"rolled_back\"] },
  \"pager\": { \"url\": \"$pager_url\", \"template\": \"pagerduty\", \"secret\": { \"env\": \"ROUTING_KEY\" }, \"on\": [\"failed\", \"rolled_back\"] } } }"
probe="\"verify\": { \"tls\": { \"address\": \"127.0.0.1:$port\", \"server_name\": \"sip.example.com\", \"within\": \"2s\" } }"

# Nothing is read or sent that the operator did not allow; the run goes on, and says how it would be.
offer old
configure "$(binding a "Carrier A 01" "$probe")" "$notify"
sed -i 's|"private_key": "new.key"|&, "versions": "archive/*/"|' main.trunk.json
unread="no alerts are sent by notify.webhook.ops: the environment variable HOOK_KEY may not be read as a secret"
expect_exit 0 trunkform plan
expect_text err "$unread"
expect_exit 0 trunkform plan -json
jq -e '[.diagnostics[] | select(.severity == "warning" and (.summary | startswith("no alerts are sent by")))] | length == 3' out >/dev/null ||
  die "a plan as JSON does not say who may not be told"
expect_exit 1 trunkform doctor
expect_text out "HOOK_KEY may not be read as a secret"
expect_exit 0 trunkform apply -auto-approve
expect_text err "$unread"
for name in HOOK_KEY ROUTING_KEY CHAT_URL; do
  expect_text err "trunkform trust add secret env $name"
  trunkform trust add secret env "$name" >/dev/null
done
expect_exit 0 trunkform plan
refuse_text err "no alerts are sent"
expect_exit 0 trunkform doctor
expect_text out "see what arrives: trunkform notify test 'notify.webhook.ops'"
expect_exit 0 env -u TRUNKFORM_TRUST_LOOPBACK trunkform trust list
env -u TRUNKFORM_TRUST_LOOPBACK trunkform drift >out 2>err || true
expect_exit 0 trunkform notify test notify.webhook.ops
expect_text out "notify.webhook.ops: taken"
got_exactly ops "failed"
forget ops
[ -z "$(got chat)$(got pager)" ] || die "somebody else was told"

offer next
knobs "{\"sip\":[{\"trunk\":\"Carrier A 01\",\"serve\":\"wrong\",\"certificate\":\"$(json_text next.pem)\",\"private_key\":\"$(json_text new.key)\"}]}"
expect_exit 6 trunkform apply -auto-approve
bound "Carrier A 01" old
got_exactly ops "failed rolled_back stopped"
got_exactly ops "true true true" .signed
got_exactly ops "voice voice voice" '.headers["x-team"]'
got ops .body >bodies
"$TEST_ROOT/tests/cli/support/check_schema" alert bodies || die "a body is not schemas/published/alert.schema.json"
expect_text bodies 'the right leaf in another chain'
expect_text bodies 'trunkform apply (-retry insists on this one)'
head=$(got ops '.body | fromjson | select(.kind == "stopped") | .log_head')
[ "$head" = "$(tail -n 1 trunkform.state.events | tr -d '\n' | sha256sum | cut -c1-64)" ] || die "$head is not the log's head"
got_exactly pager "trigger trigger" '.body | fromjson | .event_action'
got_exactly pager "R0UT1NG R0UT1NG" '.body | fromjson | .routing_key'
got_exactly chat "/hook?token=CHATPASSWORD" .path
got chat '.body | fromjson | .text' | grep -qF '[error] rolled' || die "the chat was told: $(got chat .body)"

# The next run does not try it again, and nobody who knows is told again.
forget ops
forget pager
forget chat
expect_exit 1 trunkform apply -auto-approve
expect_text err quarantined
got_exactly ops "quarantined"
got_exactly pager ""

# Another chain is tried; whoever was told of the problem is told of its end, under the same key.
knobs '{"sip":[{"trunk":"Carrier A 01","serve":"bound"}]}'
leaf later -1 95
offer later
forget ops
expect_exit 0 trunkform apply -auto-approve
got_exactly ops "recovered! recovered!"
got_exactly pager "resolve" '.body | fromjson | .event_action'
got_exactly pager "change" '.body | fromjson | .dedup_key | sub(".*/"; "")'
got chat '.body | fromjson | .text' | grep -qF '[resolved] recovered' || die "the chat was not told of the end"

# A foreign trunk's name is only text, wherever it goes.
offer old
forget chat
sed -i 's|"on": \["rolled_back"\]|"on": ["expiring", "drifted"]|' main.trunk.json
configure "$(binding b 'Carrier <!here> 02' '"adopt": true')" "$(sed -nE '/"notify"/,/\} \} \}/p' main.trunk.json | sed '$s/,$//')"
expect_exit 0 trunkform apply -auto-approve
forget chat
by_hand 'Carrier <!here> 02' later
expect_exit 2 trunkform drift
got chat .body >bodies
expect_text bodies '&lt;!here&gt;'
refuse_text bodies '<!here>'

# A receiver that is busy is asked again, one that is broken is a warning and not the run's failure; no path is shown.
by_hand 'Carrier <!here> 02' old
expect_exit 0 trunkform drift
forget ops
forget chat
by_hand 'Carrier <!here> 02' later
printf '503\n' >ops/answers
printf '404\n' >chat/answers
expect_exit 2 trunkform drift
# The first of them was answered 503. The earlier certificate was due, this one is not.
got_exactly ops "drifted drifted recovered!"
expect_text err "an alert could not be sent to notify.webhook.chat"
refuse_text err CHATPASSWORD
refuse_text err HOOK_KEY
expect_exit 2 trunkform drift -json
"$TEST_ROOT/tests/cli/support/check_schema" drift out || die "drift -json"
for file in out err trunkform.alerts.json trunkform.state.events trunkform.state.json; do
  refuse_text "$file" topsecretkey
  refuse_text "$file" R0UT1NG
  refuse_text "$file" CHATPASSWORD
done
stop_service
