# Who did what, when, and why; what was said once is still said after the binding is gone.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf first -70 20
leaf second -1 89
trunk "East 1" first
trunk "East 2"
start_service
offer first
configure "$(binding one 'East 1'), $(binding two 'East 2')"
apply_all
offer second
apply_all '-reason=ticket 4711'
expect_exit 0 trunkform state mv genesys_trunk_certificate.two genesys_trunk_certificate.second
expect_exit 0 trunkform forget genesys_trunk_certificate.one
expect_exit 0 trunkform history
sed -E -e 's/^(<time>|[^ ]+) [^ ]+ (plan [0-9a-f]{8}|-) /\1 <actor> <plan> /' out >told && mv told out
shows history
expect_text out 'ticket 4711'
expect_exit 0 trunkform history genesys_trunk_certificate.second
expect_text out genesys_trunk_certificate.two
refuse_text out genesys_trunk_certificate.one
expect_exit 0 trunkform history -limit=1
[ "$(wc -l <out)" = 1 ] || die 'history -limit=1 has more lines than one'
expect_text out 'forgotten'
expect_exit 0 trunkform state pull
cp out pulled.json
expect_exit 0 trunkform state push pulled.json
expect_exit 0 trunkform history -limit=1
expect_text out "state replaced by serial $(jq .serial trunkform.state.json): state push"
# Who reads only the beginning closes the pipe: that is no error, and nothing is said.
# shellcheck disable=SC2016 # the inner shell expands it
bash -c 'trunkform history 2>err | true; echo "${PIPESTATUS[0]}" >code'
[ ! -s err ] || die "a closed pipe: $(cat err)"
expect_exit 0 trunkform history -json
"$TEST_ROOT/tests/cli/support/check_schema" history out >&2 || die 'the events are not as published'
while read -r line; do jq -e .kind <<<"$line" >/dev/null || die "no event: $line"; done <out
! grep -q 'PRIVATE KEY' out || die 'a key is in the history'
stop_service
