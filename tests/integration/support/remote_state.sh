# shellcheck shell=bash
# The story of a state that several machines share, whatever it lives in. A test reads this, starts its server, and says
# three things of it: plant_lock NOTE (somebody else has the lock), intents (how many are recorded), and after_death (the
# lock of a run that was killed comes free).

# two_trunks: certificates old, new, newer and newest; trunks East and West with old; the simulator runs
two_trunks() {
  make_authority
  leaf old -85 3
  leaf new -80 8
  leaf newer -1 120
  leaf newest -1 150
  trunk East old
  trunk West old
  start_service
}

# with_backend TYPE MEMBERS: a binding for both trunks, and the state there
with_backend() {
  configure "$(binding east East '"adopt": true'),$(binding west West '"adopt": true')" \
    "\"trunkform\": { \"backend\": { \"$1\": { $2 } } }"
}

# both_have NAME: both trunks, and there is nothing left to do
both_have() {
  local name
  for name in East West; do live_is $name "$1"; done
  no_changes
}

# one_state_for_two_folders: from nothing to two PATCHed trunks; another folder sees the same state
one_state_for_two_folders() {
  expect_exit 0 trunkform plan
  expect_exit 0 trunkform apply -auto-approve
  mkdir elsewhere
  cp main.trunk.json root.pem new.chain new.key elsewhere
  (cd elsewhere && no_changes)
  expect_exit 0 trunkform state list
  expect_text out 'genesys_trunk_certificate.west'
  [ ! -e trunkform.state.json ] || die 'a state was written beside the configuration, too'
  expect_exit 0 trunkform doctor
  expect_text out 'its clock and ours agree within a minute'
  expect_exit 0 trunkform lock show
  expect_text out 'Nobody holds the lock.'
}

# a_lock_of_another: is told with who has it; where that run is dead it is broken by its id
a_lock_of_another() {
  plant_lock '{"ID":"l-1","Operation":"apply","Info":"","Who":"ops@elsewhere (pid 9)","Version":"0.1.0","Created":"2026-11-24T16:00:00Z","Path":"x"}'
  offer newer
  expect_exit 5 trunkform apply -auto-approve
  expect_text err 'ops@elsewhere (pid 9) holds it since 2026-11-24T16:00:00Z'
  expect_text err 'trunkform force-unlock l-1'
  expect_exit 0 trunkform lock show -json
  jq -e '.lock.ID == "l-1" and .lock.Who == "ops@elsewhere (pid 9)"' out >/dev/null || die 'the holder is told otherwise'
  expect_exit 1 trunkform force-unlock -force l-2
  expect_exit 0 trunkform force-unlock -force l-1
}

# a_killed_run_is_taken_up: it leaves an intent; another process, elsewhere, goes on with it
a_killed_run_is_taken_up() {
  local before killed
  before=$(intents)
  knobs '{"faults":[{"effect":"slow","operation":"patch","when":"after","first_byte":"20s"}]}'
  trunkform apply -auto-approve >killed.out 2>&1 &
  killed=$!
  wait_for 60 more_intents_than "$before"
  kill -KILL $killed
  wait $killed || true
  knobs '{"clear_faults":true}'
  cp new.chain new.key elsewhere
  after_death
  (cd elsewhere && expect_exit 0 trunkform apply -auto-approve)
  both_have newer
  expect_exit 0 trunkform history
  expect_text out 'genesys_trunk_certificate.east'
}
more_intents_than() { [ "$(intents)" -gt "$1" ]; }

# a_lock_taken_over: a run whose lock another takes stops before its next PATCH, and says who has it now
a_lock_taken_over() {
  local before losing status=0
  offer newest
  before=$(patches)
  knobs '{"faults":[{"effect":"slow","operation":"patch","when":"after","first_byte":"4s"}]}'
  trunkform apply -auto-approve -replace genesys_trunk_certificate.east -replace genesys_trunk_certificate.west >out 2>err &
  losing=$!
  wait_for 60 more_patches_than "$before"
  plant_lock '{"ID":"l-2","Operation":"apply","Info":"","Who":"ops@third (pid 7)","Version":"0.1.0","Created":"2026-11-24T17:00:00Z","Path":"x"}'
  wait $losing || status=$?
  [ $status = 6 ] || die "exit $status instead of 6 of a run that lost its lock"
  expect_text err 'this run no longer holds the lock of'
  expect_text err 'ops@third (pid 7) holds it since 2026-11-24T17:00:00Z'
  expect_text out '1 not started'
  [ "$(grep -c '^Error' err)" = 1 ] || die 'what was lost is told more than once'
  patches_are $((before + 1))
  knobs '{"clear_faults":true}'
  expect_exit 0 trunkform force-unlock -force l-2
  expect_exit 0 trunkform apply -auto-approve -replace genesys_trunk_certificate.west
  both_have newest
}
more_patches_than() { [ "$(patches)" -gt "$1" ]; }

# into_files_and_back BLOCK: the state moves with its history; what was copied stays as it was. BLOCK: an empty place
into_files_and_back() {
  local binding
  binding="$(binding east East '"adopt": true'),$(binding west West '"adopt": true')"
  trunkform state pull >before.json
  configure "$binding"
  expect_exit 1 trunkform plan
  expect_text err 'the state of this folder is in another backend'
  expect_exit 0 trunkform init -migrate-state
  expect_text out 'workspace default: 2 trunks'
  expect_text out 'read back and compared'
  no_changes
  expect_exit 0 trunkform history
  expect_text out 'genesys_trunk_certificate.east'
  configure "$binding" "\"trunkform\": { \"backend\": { $1 } }"
  expect_exit 0 trunkform init -migrate-state
  no_changes
  expect_exit 0 trunkform history
  expect_text out 'genesys_trunk_certificate.east'
}

# encrypted_beside THERE HERE: the state here is encrypted on its way to a place beside it, which only its key opens; the
# one here is as it was
encrypted_beside() {
  local binding key
  binding="$(binding east East '"adopt": true'),$(binding west West '"adopt": true')"
  key='"state_encryption": { "key": { "env": "STATE_KEY" } }'
  expect_exit 0 trunkform trust add secret env STATE_KEY
  export STATE_KEY=canary-of-the-state-key-1
  configure "$binding" "\"trunkform\": { $key, \"backend\": { $1 } }"
  expect_exit 1 trunkform plan
  expect_exit 0 trunkform init -migrate-state
  expect_text out 'read back and compared'
  no_changes
  expect_exit 0 trunkform state rekey -new-data-key
  expect_exit 0 trunkform state rekey
  no_changes
  expect_exit 0 trunkform history
  expect_text out 'genesys_trunk_certificate.east'
  configure "$binding" "\"trunkform\": { \"backend\": { $1 } }"
  expect_exit 1 trunkform plan
  expect_text err 'the state is encrypted, and the configuration has no key for it'
  configure "$binding" "\"trunkform\": { \"backend\": { $2 } }"
  expect_exit 0 trunkform init -reconfigure
  no_changes
}

# begins_encrypted THERE: a new state is encrypted from its first event on, and adopts what is live
begins_encrypted() {
  expect_exit 0 trunkform trust add secret env STATE_KEY
  export STATE_KEY=canary-of-the-state-key-1
  configure "$(binding east East '"adopt": true'),$(binding west West '"adopt": true')" \
    "\"trunkform\": { \"state_encryption\": { \"key\": { \"env\": \"STATE_KEY\" } }, \"backend\": { $1 } }"
  expect_exit 0 trunkform init -reconfigure
  expect_exit 0 trunkform apply -auto-approve
  no_changes
  expect_exit 0 trunkform state rekey -new-data-key
  no_changes
  expect_exit 0 trunkform history
  expect_text out 'genesys_trunk_certificate.east'
}

# workspaces_of_their_own: a trunk that one binds is refused to the other; one that is deleted and made again is new
workspaces_of_their_own() {
  expect_exit 0 trunkform workspace new lab
  expect_exit 0 trunkform workspace list
  expect_text out 'lab'
  expect_exit 1 trunkform plan
  expect_text err 'It is bound by genesys_trunk_certificate.east in workspace "default"'
  expect_exit 0 trunkform workspace select default
  expect_exit 0 trunkform workspace delete lab
  expect_exit 0 trunkform workspace new lab
  expect_exit 0 trunkform state list
  expect_exit 0 trunkform workspace select default
  expect_exit 0 trunkform workspace delete lab
  no_changes
}
