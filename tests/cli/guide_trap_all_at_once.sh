# The guide, section 6: all trunks at once can overwhelm a carrier. Trunks of one carrier go one after another, `stagger`
# from the end of one to the start of the next; the default is three minutes.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
for number in 1 2 3; do trunk "Carrier A 0$number" old; done
start_service
settle_on old "$(binding a "Carrier A 01"), $(binding b "Carrier A 02"), $(binding c "Carrier A 03")"
offer next

sed -i 's/"canary": 0, "stagger": "0s", "soak": "0s"//' main.trunk.json
expect_exit 0 trunkform plan
expect_text out "2 trunks, 3m between trunks, then soak 10m"

sed -i 's/"at_once": { /&"canary": 0, "stagger": "2s", "soak": "0s"/' main.trunk.json
expect_exit 0 trunkform apply -auto-approve
sent 3
last=0
for time in $(patch_times); do
  [ $((time - last)) -ge 2000 ] || die "two PATCHes within $((time - last)) ms"
  last=$time
done
[ "$last" -gt 0 ] || die "no PATCH had a time"
stop_service
