# Two jobs with states of their own change trunks of one carrier at the same time, and the carrier sees its pause between
# any two changes. What is judged is when the service had each PATCH, by its own record. Then a run that is killed while it
# has the carrier's place: the next of the same state rests once, one of another state sees who is waited for.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf ours -1 89
bindings=''
for number in 1 2 3 4 5 6 7; do
  trunk "Carrier A 0$number" old
  bindings+="${bindings:+, }$(binding "t$number" "Carrier A 0$number" '"adopt": true')"
done
start_service
offer ours
configure "$bindings"
sed -i 's/"stagger": "0s"/"stagger": "3s"/' main.trunk.json
expect_exit 0 trunkform workspace new evening
expect_exit 0 trunkform workspace select default
only() { for label in "$@"; do printf -- '-target=genesys_trunk_certificate.%s\n' "$label"; done; }
# stagger_kept COUNT: so many PATCHes came, and no two of them within three seconds
stagger_kept() {
  sent "$1"
  local last=0 time
  for time in $(patch_times); do
    [ $((time - last)) -ge 3000 ] || die "two PATCHes within $((time - last)) ms"
    last=$time
  done
}

mapfile -t first < <(only t1 t2)
mapfile -t second < <(only t3 t4)
trunkform apply -auto-approve "${first[@]}" >first.out 2>first.err &
first_pid=$!
wait_for 30 grep -q 'PATCH accepted' first.out
sleep 1
TRUNKFORM_WORKSPACE=evening trunkform apply -auto-approve "${second[@]}" >second.out 2>second.err &
second_pid=$!
kill -0 "$first_pid" || die 'the first run was over too early to show anything'
for pid in "$first_pid" "$second_pid"; do
  status=0
  wait "$pid" || status=$?
  [ "$status" = 0 ] || { cat first.out first.err second.out second.err >&2; die "a run ended with $status"; }
done
stagger_kept 4

# One state, two runs, one after the other.
mapfile -t third < <(only t5)
expect_exit 0 trunkform apply -auto-approve "${third[@]}"
stagger_kept 5

# Killed with a place in its hand: its PATCH came, and its answer did not.
mapfile -t fourth < <(only t6 t7)
knobs '{"faults":[{"operation":"patch","times":1,"effect":"slow","first_byte":"20s"}]}'
trunkform apply -auto-approve "${fourth[@]}" >killed.out 2>killed.err &
killed=$!
sixth_came() { [ "$(count_operation patch)" = 6 ]; }
wait_for 30 sixth_came
kill -9 "$killed"
wait "$killed" 2>/dev/null || true
died=$(date +%s%3N)
knobs '{"clear_faults":true}'
# From another state nobody can tell that it is dead: who is waited for is said, and nothing is sent.
export TRUNKFORM_WORKSPACE=evening
leaf newer -1 120
cp newer.chain evening.chain && cp newer.key evening.key
sed 's/"new\.\(chain\|key\)"/"evening.\1"/g' -i main.trunk.json
expect_exit 0 trunkform plan "${second[@]}"
expect_text out 'a run of workspace "default" is changing a trunk of this carrier, or was stopped while it did'
expect_exit 0 trunkform apply -auto-approve -deadline=4s "${second[@]}"
expect_text out '2 deferred'
sent 6
# The next run of its own state knows it, rests once and goes on; what was bound is not bound again.
unset TRUNKFORM_WORKSPACE
sed 's/"evening\.\(chain\|key\)"/"new.\1"/g' -i main.trunk.json
expect_exit 0 trunkform apply -auto-approve "${fourth[@]}"
stagger_kept 7
[ $(($(date +%s%3N) - died)) -lt 60000 ] || die 'the dead run held its own state up'
bound 'Carrier A 06' ours
bound 'Carrier A 07' ours
stop_service
