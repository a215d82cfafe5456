# Every trunk, what ends first on top, and who looks after it.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
leaf soon -87 3
leaf ended -100 -10
trunk "East 1" ours
trunk "East 2"
trunk "Nobody's" soon
trunk "Forgotten" ended outOfService
_trunks+=('{"id":"no\u001b[31mid","name":"Lies","status":"active"}') # what a service calls an id is foreign text too
start_service
offer ours
configure "$(binding one 'East 1'), $(binding two 'East 2')"
apply_all
expect_exit 0 trunkform inventory
shows inventory
expect_exit 0 trunkform inventory -json
[ "$(jq -r '.trunks[0].name, .trunks[1].address, .trunks[3].address' out)" = $'Forgotten\nnull\ngenesys_trunk_certificate.two' ] ||
  die "inventory -json: $(cat out)"
stop_service
