# The calendar is RFC 5545's and the same event keeps its UID; the page stands alone; names of trunks break neither.
. "$TEST_ROOT/tests/cli/support/service.sh"
. "$TEST_ROOT/tests/cli/support/forecast.sh"
forecast_world
calendar() {
  expect_exit 2 trunkform forecast -until=120d -ics
  "$TEST_ROOT/tests/cli/support/check_calendar" out >"$1" || die "not a calendar"
}
calendar first
expect_text first 'NO VALID CERTIFICATE: Carrier B'
expect_text first 'rotate Carrier A East'
# shellcheck disable=SC2016 # as it is
expect_text first 'rotate Carrier <b>C</b>; "quoted", &'
expect_text first 'unless renewed: 2 trunks without a valid certificate'
sleep 2
calendar second
cmp first second >&2 || die "UIDs changed between two runs"
cut -d' ' -f2- first >out
expect_golden stories/forecast_events.txt

expect_exit 2 trunkform forecast -until=120d -html
"$TEST_ROOT/tests/cli/support/check_page" out >&2 || die "not a page that stands alone"
expect_text out 'Carrier &lt;b&gt;C&lt;/b&gt;; &quot;quoted&quot;, &amp;'
refuse_text out '<b>C</b>'
expect_text out '<title id="timeline-title">'

expect_exit 2 trunkform forecast -until=120d -json
"$TEST_ROOT/tests/cli/support/check_schema" forecast out >&2 || die "not what schemas/published says"
jq -e '.lapses and (.scenarios | length == 2) and (.scenarios[0].lapses[0].cause == "source_not_renewed")' out >/dev/null || die "the first scenario does not have the lapse"
jq -e '[.scenarios[0].rotations[].margin_seconds] | min > 2400000' out >/dev/null || die "a rotation is closer to the end than the assumption allows"
stop_service
