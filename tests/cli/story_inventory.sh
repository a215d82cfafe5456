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
# What is managed is what the state has, to inventory and to drift: a binding that is not applied yet is not, one without
# its block still is.
configure "$(binding one 'East 1'), $(binding late "Nobody's")"
expect_exit 0 trunkform inventory
shows inventory_between
expect_text out '5 trunks, 2 managed, 3 not.'
expect_exit 0 trunkform inventory -json
[ "$(jq -c '[.trunks[] | [.name, .managed]] | sort' out)" = '[["East 1",true],["East 2",true],["Forgotten",false],["Lies",false],["Nobody'"'"'s",false]]' ] ||
  die "inventory -json: $(cat out)"
trunkform drift -json >out || true
[ "$(jq -c '[.summary.managed, .summary.unmanaged, .summary.not_applied]' out)" = '[2,3,1]' ] || die "drift -json: $(cat out)"
stop_service
