# import takes a trunk with the certificate that it has; what the configuration wants instead is the next plan's.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf theirs -70 20
leaf ours -1 89
trunk "East 1" theirs
trunk "East 2"
trunk "East 3" theirs
start_service
offer ours
configure "$(binding one 'East 1'), $(binding two 'East 2')"
id=00000000-0000-4000-8000-00000000000
expect_exit 0 trunkform import genesys_trunk_certificate.one "${id}1"
shows import
patches_are 0
expect_exit 1 trunkform import genesys_trunk_certificate.one "${id}1"
shows import_twice
expect_exit 1 trunkform import genesys_trunk_certificate.two "${id}1"
shows import_owned
expect_exit 1 trunkform import genesys_trunk_certificate.two "${id}2"
shows import_bare
expect_exit 1 trunkform import genesys_trunk_certificate.two "${id}9"
shows import_absent
expect_exit 1 trunkform import genesys_trunk_certificate.tow "${id}2"
shows import_unknown

# The source has what is there: nothing else has to be said.
offer theirs
expect_exit 0 trunkform import genesys_trunk_certificate.two "${id}3"
expect_text out 'certificate.pem_files.new offers the same certificate: it stays.'
expect_exit 0 trunkform forget genesys_trunk_certificate.two
offer ours

# Another trunk than the configuration names is imported, but not in silence.
expect_exit 0 trunkform import genesys_trunk_certificate.two "${id}3"
shows import_other_trunk
expect_exit 0 trunkform forget genesys_trunk_certificate.two

# Without import it would be somebody else's; now it is due.
plan_shows 2 import_plan -target=genesys_trunk_certificate.one
apply_all
live_is 'East 1' ours
no_changes
stop_service
