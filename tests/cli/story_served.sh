# A certificate is in use only once the port serves it: fresh handshakes and an OPTIONS over each say so; a port that
# goes on serving another certificate fails the run, and the trunk goes back to what it had.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf first -70 20
leaf second -1 89
leaf third 0 90
trunk "East 1" first
trunk "East 2" first
start_service -sip
verified() {
  binding "$1" "$2" "\"verify\": { \"tls\": { \"address\": \"127.0.0.1:$(sip_port "$2")\", \"server_name\": \"sip.example.com\",
    \"within\": \"3s\" }, \"sip_options\": true }"
}
mkdir -p archive/1 archive/2
cp first.chain archive/1/new.chain && cp first.key archive/1/new.key
write() {
  configure "$(verified one 'East 1'), $(verified two 'East 2')"
  sed -i 's|"private_key": "new.key" }|"private_key": "new.key", "versions": "archive/*/" }|' main.trunk.json
}
write
offer first
apply_all
offer second
plan_shows 2 served
expect_exit 0 trunkform apply -auto-approve
shows served_apply
live_is 'East 1' second
live_is 'East 2' second
no_changes -probe

# What the port serves is not what the service shows: seen by who looks, and never "up to date".
knobs '{"sip":[{"trunk":"East 2","serve":"wrong"}]}'
no_changes
expect_exit 0 trunkform plan -probe
expect_text out 'the port serves'
shows served_other

# Asked, and nobody answers: never silence about it.
knobs '{"sip":[{"trunk":"East 2","serve":"refuse"}]}'
expect_exit 0 trunkform plan -probe
expect_text out 'warning   its port was asked, and nobody could see what it serves'
refuse_text out 'Every trunk has the certificate'
knobs '{"sip":[{"trunk":"East 2","serve":"wrong"}]}'

# Bound, but the port goes on with a stranger's: back to what was there, and not tried again before the chain changes.
cp second.chain archive/2/new.chain && cp second.key archive/2/new.key
offer third
expect_exit 6 trunkform apply -auto-approve -replace=genesys_trunk_certificate.two
shows served_rolled_back
live_is 'East 2' second
knobs '{"sip":[{"trunk":"East 2","serve":"bound"}]}'
plan_shows 1 served_quarantined -replace=genesys_trunk_certificate.two
apply_all -retry -replace=genesys_trunk_certificate.two
live_is 'East 2' third
no_changes
stop_service
