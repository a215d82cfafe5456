# -deadline ends a run before every trunk had its turn: no time was told for the others, and none is spoken of.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf old -70 20
leaf newer -1 89
for number in 1 2 3; do trunk "East $number" old; done
start_service
offer newer
adopted() { binding "$1" "$2" '"adopt": true'; }
configure "$(adopted one 'East 1'), $(adopted two 'East 2'), $(adopted three 'East 3')"
sed -i 's/"stagger": "0s"/"stagger": "4s"/' main.trunk.json
expect_exit 0 trunkform apply -auto-approve -deadline=1s
expect_text out 'this run ended before their turn'
refuse_text out 'times above'
patches_are 1
sed -i 's/"stagger": "4s"/"stagger": "0s"/' main.trunk.json
sleep 4 # the stagger of that run still counts
apply_all
patches_are 3
stop_service
