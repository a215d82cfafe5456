# A plan is saved, reviewed, and applied by another process; the same file does not do anything twice.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
for number in 1 2 3; do trunk "East $number"; done
start_service
offer ours
configure "$(binding one 'East 1'), $(binding two 'East 2'), $(binding three 'East 3')"
plan_shows 2 saved_plan -out=rotate.trunkplan
expect_exit 0 env TRUNKFORM_IN_AUTOMATION=1 trunkform plan -out=rotate.trunkplan
expect_text out 'Saved the plan to: rotate.trunkplan'
refuse_text out 'trunkform apply'
expect_exit 0 trunkform show rotate.trunkplan
refuse_text out 'Saved the plan'
expect_text out 'trunkform apply "rotate.trunkplan"'
[ "$(stat -c %a rotate.trunkplan)" = 600 ] || die 'a saved plan is for its owner alone'
! grep -q 'PRIVATE KEY' rotate.trunkplan || die 'a key is in the plan'

( cd / && exec trunkform -chdir="$OLDPWD" apply rotate.trunkplan ) >out 2>err || die "apply: $(cat err)"
shows saved_plan_apply
for number in 1 2 3; do live_is "East $number" ours; done
no_changes
patches_are 3
expect_exit 0 trunkform apply rotate.trunkplan
expect_text out '0 added, 0 changed'
expect_text out '3 had the planned certificate already'
patches_are 3
expect_exit 0 trunkform apply -json rotate.trunkplan
expect_text out '"type":"change_summary"'
expect_text out '"issue_failed":0,"already":3'
for flag in -target=genesys_trunk_certificate.one -exclude=genesys_trunk_certificate.one \
  -replace=genesys_trunk_certificate.one -ignore-window -probe; do
  expect_exit 64 trunkform apply "$flag" rotate.trunkplan
  expect_text err 'does not go with a plan file'
done

# A plan knows the variables that it was made with.
leaf varied 0 91
offer varied
configure "$(binding one '${var.first}'), $(binding two 'East 2'), $(binding three 'East 3')" '"variable": { "first": { "type": "string" } }'
sed -i 's/"min_age": "0s"/&, "when": "available"/g' main.trunk.json
expect_exit 2 trunkform plan -detailed-exitcode -var 'first=East 1' -out=varied.trunkplan
requests() { service_state >/dev/null; curl -fsS "$base_url/_sim/requests?after=0" | grep -o '"operation"' | wc -l; }
before=$(requests)
expect_exit 1 trunkform apply -var 'first=East 2' varied.trunkplan
shows saved_plan_variable
expect_exit 1 env TRUNKFORM_VAR_first='East 2' trunkform apply varied.trunkplan
[ "$(requests)" = "$before" ] || die 'the service was asked before the plan was found to be another'
expect_exit 0 trunkform apply -var 'first=East 1' varied.trunkplan
expect_exit 0 trunkform apply varied.trunkplan
for number in 1 2 3; do live_is "East $number" varied; done
patches_are 6
configure "$(binding one 'East 1'), $(binding two 'East 2'), $(binding three 'East 3')"

# What was not reviewed is not carried out: bytes that changed, another file, another binding.
sed 's/"East 1"/"East 9"/' rotate.trunkplan >changed.trunkplan
expect_exit 1 trunkform apply changed.trunkplan
shows saved_plan_changed
expect_exit 1 trunkform apply absent.trunkplan
leaf newer 0 120
by_hand 'East 2' newer
offer newer
expect_exit 2 trunkform plan -detailed-exitcode -out=second.trunkplan
configure "$(binding one 'East 1'), $(binding two 'East 2' '"adopt": true'), $(binding three 'East 3')"
expect_exit 1 trunkform apply second.trunkplan
shows saved_plan_configuration
stop_service
