# plan -refresh-only judges as drift does: what changed outside is 2 under -detailed-exitcode, also where the block is
# gone; what cannot be judged is 1, and what stops the next write is not; nothing is planned, outputs neither. Applied, it
# says what the state learnt.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf before -10 80
leaf after -1 89
leaf stranger -2 70
for name in East West North; do trunk "$name" before; done
start_service
offer before
east=$(binding east East '"adopt": true')
configure "$east, $(binding west West '"adopt": true')" '"output": { "x": { "value": "y" } }'
plan_shows 0 refresh_only_nothing -refresh-only
apply_all

offer after
plan_shows 0 refresh_only_newer -refresh-only
by_hand West stranger
plan_shows 2 refresh_only_drift -refresh-only
expect_exit 0 trunkform plan -refresh-only
expect_exit 2 trunkform drift
configure "$east"
plan_shows 2 refresh_only_removed -refresh-only
configure "$east, $(binding north North)"
plan_shows 2 refresh_only_next_write -refresh-only
expect_exit 2 trunkform drift
expect_exit 64 trunkform plan -refresh-only -destroy
expect_text err 'does not go with -destroy'

# The earlier certificate of ours was bound again outside: the next write is stopped, and it is drift.
apply_all -target=genesys_trunk_certificate.east -replace=genesys_trunk_certificate.east
by_hand East before
expect_exit 1 trunkform plan -target=genesys_trunk_certificate.east
expect_text err "somebody rolled this trunk back"
configure "$east"
expect_exit 2 trunkform plan -refresh-only -detailed-exitcode -out=drifted.trunkplan
expect_exit 0 trunkform apply drifted.trunkplan
shows refresh_only_applied
knobs '{"edits":[{"do":"rename","trunk":"East","name":"East New"}]}'
east=$(binding east 'East New' '"adopt": true')
configure "$east"
expect_exit 2 trunkform plan -refresh-only -detailed-exitcode -out=renamed.trunkplan
expect_exit 0 trunkform apply renamed.trunkplan
shows refresh_only_applied_renamed
expect_exit 0 trunkform apply -json renamed.trunkplan
"$TEST_ROOT/tests/cli/support/check_schema" ui out >&2 || die 'the stream is not as published'
expect_exit 0 trunkform state show genesys_trunk_certificate.east
expect_text out 'East New'

# Nobody sees the certificates: that is an error, not "no changes".
configure "$east"
knobs '{"show_certificate": false}'
plan_shows 1 refresh_only_unseen -refresh-only
expect_exit 1 trunkform drift
stop_service
