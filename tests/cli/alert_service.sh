# A service that is down at night, a plan that alerts nobody, and a job that no longer runs at all.
. "$TEST_ROOT/tests/cli/support/alerts.sh"
make_authority
leaf old -10 80
trunk East old
start_service
start_webhook ops
start_webhook beat
offer old
more() { echo "\"notify\": { \"webhook\": { \"ops\": { \"url\": \"$ops_url\" } } }, \"metrics\": { \"textfile\": { \"path\": \"$1\" }, \"ping\": { \"url\": \"$beat_url\" } }"; }
configure "$(binding east East '"adopt": true')" "$(more metrics/trunkform.prom)"
patient_for 1s
umask 022
apply_all
prom=metrics/trunkform.prom
[ "$(stat -c %a $prom)" = 644 ] || die "$(stat -c %a $prom)"
value() { sed -nE "s/^$1 ([0-9.]+)\$/\1/p" $prom; }
value 'trunkform_trunk_health\{address="genesys_trunk_certificate.east",trunk="East",health="healthy"\}' | grep -qx 1 || die "$(cat $prom)"
success=$(value 'trunkform_last_success_timestamp_seconds\{command="apply"\}')
[ "$success" -gt $(($(date +%s) - 60)) ] || die "last success: $success"
[ "$(value trunkform_api_requests_total)" -ge 3 ] || die "requests"
got_exactly beat GET .method
forget beat

sleep 1.1
# The service refuses the credentials: told once, no heartbeat, the last success stays.
expect_exit 1 env GENESYSCLOUD_OAUTHCLIENT_SECRET=withdrawn trunkform apply -auto-approve
got_exactly ops service_unreachable
got_exactly beat "" .method
[ "$(value 'trunkform_last_success_timestamp_seconds\{command="apply"\}')" = "$success" ] || die "success moved"
[ "$(value 'trunkform_last_run_exit_code\{command="apply"\}')" = 1 ] || die "exit code"
value 'trunkform_certificate_days_left\{address="genesys_trunk_certificate.east",trunk="East"\}' | grep -q . || die "what was known is gone"
expect_exit 1 env GENESYSCLOUD_OAUTHCLIENT_SECRET=withdrawn trunkform drift
got_exactly ops service_unreachable
forget ops

# plan is a read: it writes the file, and tells nobody.
leaf other -1 40
by_hand East other
expect_exit 0 trunkform plan
got_exactly ops ""
got_exactly beat "" .method
expect_exit 2 trunkform drift
got_exactly ops "drifted recovered!"
got_exactly beat GET .method

# Nothing is written outside of the folder, by no way, unless the operator says so.
ln -s "$HOME" away
for path in "$HOME/x.prom" ../x.prom away/x.prom; do
  configure "$(binding east East '"adopt": true')" "$(more "$path")"
  expect_exit 2 trunkform drift
  expect_text err "metrics were not written"
  expect_text err "trunkform trust add write textfile"
  [ ! -e "$HOME/x.prom" ] && [ ! -e ../x.prom ] || die "$path was written"
done
expect_exit 0 trunkform trust add write textfile "$HOME/x.prom"
configure "$(binding east East '"adopt": true')" "$(more away/x.prom)"
expect_exit 2 trunkform drift
[ -s "$HOME/x.prom" ] || die "the operator's place was not written"

# Beside the configuration, without a folder.
for path in beside.prom ./beside.prom; do
  rm -f beside.prom
  configure "$(binding east East '"adopt": true')" "$(more "$path")"
  expect_exit 2 trunkform drift
  refuse_text err "metrics were not written"
  [ -s beside.prom ] || die "$path was not written"
done

# A heartbeat that cannot be sent is a warning, and says no more than the host.
printf '500\n500\n500\n' >beat/answers
expect_exit 2 trunkform drift
expect_text err "the heartbeat was not sent: 127.0.0.1:$(cat beat/port) answered 500"
stop_service
