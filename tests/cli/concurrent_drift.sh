# drift, plan and verify while another process applies: what that run has in hand is neither interrupted nor drift, and
# nobody is alerted of it. After a kill the same state is an interrupted run.
. "$TEST_ROOT/tests/cli/support/alerts.sh"
make_authority
leaf old -80 10
leaf newer -1 89
trunk "East 1" old
trunk "East 2" old
# shellcheck disable=SC2016 # the hook's shell expands it
start_service -on-bind 'if [ -f hold ]; then touch reached; while [ -f hold ]; do sleep 0.05; done; fi'
start_webhook ops
offer old
notify="\"notify\": { \"webhook\": { \"ops\": { \"url\": \"$ops_url\" } } }"
configure "$(binding one 'East 1' '"adopt": true'), $(binding two 'East 2' '"adopt": true')" "$notify"
apply_all
got_exactly ops 'awaiting_source awaiting_source'
forget ops

offer newer
touch hold
trunkform apply -auto-approve '-reason=quarterly rotation' >first.out 2>first.err &
first=$!
wait_for 30 test -e reached

expect_exit 0 trunkform drift
for words in 'another run is at work' "(pid $first) runs \`apply\` since" 'quarterly rotation'; do expect_text err "$words"; done
refuse_text out interrupted
refuse_text err interrupted
expect_text out '1 being changed now, and not judged'
expect_text out '0 drifted'
expect_exit 0 trunkform drift -json
expect_text out '"verdict":"changing"'
expect_exit 0 trunkform plan
refuse_text out interrupted
expect_text err "(pid $first)"
expect_exit 4 trunkform verify
expect_text out 'a run is binding it'
expect_text out "(pid $first)"
refuse_text out interrupted
got_exactly ops ''

# Killed where it stands, it is interrupted, and nobody runs.
kill -KILL $first
wait $first 2>wait.err || true
rm hold
expect_exit 2 trunkform drift
refuse_text err 'at work'
expect_text out 'an interrupted apply bound it; `trunkform apply` finishes it'
apply_all
no_changes
stop_service
