# Between the review and the apply somebody changes one trunk, and the source changes too: what was not reviewed stops.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf first -70 20
leaf second -1 89
leaf third 0 90
for number in 1 2 3; do trunk "East $number" first; done
start_service
offer first
configure "$(binding one 'East 1'), $(binding two 'East 2'), $(binding three 'East 3')"
apply_all
offer second
expect_exit 2 trunkform plan -detailed-exitcode -out=rotate.trunkplan
by_hand 'East 2' third
expect_exit 1 trunkform apply rotate.trunkplan
shows stale_live
live_is 'East 1' second
live_is 'East 2' third
live_is 'East 3' second
patches_are 2

# Applied again, the same file has the same to say, and does nothing twice.
expect_exit 1 trunkform apply rotate.trunkplan
patches_are 2

# The offer changed since the review: nothing unreviewed is bound.
knobs '{"edits":[{"do":"unbind","trunk":"East 1"}]}'
offer third
expect_exit 2 trunkform plan -detailed-exitcode -out=next.trunkplan -target=genesys_trunk_certificate.one
offer second
expect_exit 1 trunkform apply next.trunkplan
shows stale_offer
patches_are 2
stop_service
