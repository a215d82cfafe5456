# A renewed certificate at the same path: nothing happens before the old one is due, then it is bound.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf first -30 60
leaf due -70 20
leaf second -1 89
trunk "East 1" first
trunk "East 2" due
start_service
configure "$(binding early 'East 1')"
offer first
apply_all
shows renewed_file_adopt

# 60 of 90 days are left: the newer one waits.
offer second
plan_shows 0 renewed_file_early
expect_text out 'newer version available, rotates on'
apply_all
patches_are 0

# 20 of 90 are left on the other trunk: the same file is due there.
offer due
configure "$(binding early 'East 1'), $(binding late 'East 2')"
expect_exit 0 trunkform apply -auto-approve -target=genesys_trunk_certificate.late
offer second
plan_shows 2 renewed_file
expect_exit 0 trunkform apply -auto-approve
shows renewed_file_apply
live_is 'East 1' first
live_is 'East 2' second
no_changes
patches_are 1
stop_service
