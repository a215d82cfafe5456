# Two runs' worth of interruption: of one trunk nobody can tell what it has. It is left alone and told; the others go on.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -70 20
leaf newer -1 89
trunk "East 1" ours
trunk "East 2" ours
# shellcheck disable=SC2016 # the hook's shell expands it
start_service -sip -on-bind 'if [ -f killed_at_bind ]; then kill -KILL "$(cat killed_at_bind)"; fi'
offer ours
configure "$(binding one 'East 1'), $(binding two 'East 2')"
apply_all
offer newer
sh -c 'echo $$ >killed_at_bind; exec trunkform apply -auto-approve' >out 2>err || true
rm killed_at_bind
live_is 'East 1' newer
live_is 'East 2' ours

# The service hides certificates from now on; the wire shows the second trunk's alone.
knobs '{"show_certificate": false}'
where="\"verify\": { \"status\": false, \"tls\": { \"address\": \"127.0.0.1:$(sip_port 'East 2')\", \"server_name\": \"sip.example.com\", \"consecutive\": 1 } }"
configure "$(binding one 'East 1'), $(binding two 'East 2' "$where")"
expect_exit 1 trunkform apply -auto-approve
shows unseen_after_kill
live_is 'East 2' newer
patches_are 2

# An apply of the other trunk alone is told of it, and not spoilt by it.
expect_exit 0 trunkform apply -auto-approve -target=genesys_trunk_certificate.two
expect_text err 'an interrupted run may have changed this trunk'
patches_are 2

# It shows them again: the intent is closed, nothing is sent a second time.
knobs '{"show_certificate": true}'
apply_all
expect_text err 'an interrupted run had bound it'
no_changes
patches_are 2
stop_service
