# Four trunks that trunkform has never seen: one has the certificate already, one has none, one has another that may be
# replaced, and one has another that nobody allowed to replace.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf fresh -1 89
leaf byhand -60 30
offer fresh
trunk "East 1" fresh
trunk "East 2"
trunk "East 3" byhand
trunk "East 4" byhand
start_service
configure "$(binding has_it 'East 1'), $(binding has_none 'East 2'), $(binding has_another 'East 3' '"adopt": true'),
$(binding not_ours 'East 4')"

expect_exit 0 trunkform validate
plan_shows 1 first_adoption
patches_are 0

# What is refused does not stop the others, but the run says so.
expect_exit 1 trunkform apply -auto-approve
shows first_adoption_apply
live_is 'East 1' fresh
live_is 'East 2' fresh
live_is 'East 3' fresh
live_is 'East 4' byhand
patches_are 2 # the adopted one was not sent again

# Somebody decides that this one may be replaced too.
configure "$(binding has_it 'East 1'), $(binding has_none 'East 2'), $(binding has_another 'East 3' '"adopt": true'),
$(binding not_ours 'East 4' '"adopt": true')"
plan_shows 2 first_adoption_allowed
apply_all
live_is 'East 4' fresh
no_changes
patches_are 3
stop_service
