# What lapses is named first and decides the exit code; what nobody renews is told in any case.
. "$TEST_ROOT/tests/cli/support/service.sh"
. "$TEST_ROOT/tests/cli/support/forecast.sh"
forecast_world

# One source is late and due: it is not assumed to renew any more, whatever the assumption.
foretells 2 forecast_lapse -until=120d
expect_exit 2 trunkform forecast -until=120d -renewal=at=0.99
# Without it nothing lapses, as long as sources renew; and all of it does, if they do not.
foretells 0 forecast_good -until=120d -exclude=genesys_trunk_certificate.b
foretells 2 forecast_as_offered -until=120d -exclude=genesys_trunk_certificate.b -renewal=as-offered
expect_exit 0 trunkform forecast -until=9d
expect_exit 2 trunkform forecast -until=11d '-target=genesys_trunk_certificate.b'
expect_exit 0 trunkform forecast -until="$(date -u -d '9 days' +%F)"

# The source renews: there is nothing to fear, and the rotation is today's.
leaf fresh 0 90
cp fresh.chain stuck.chain
cp fresh.key stuck.key
expect_exit 0 trunkform forecast -until=120d
expect_text out 'Nothing lapses'

# Apply that runs too seldom lets the end go by.
expect_exit 2 trunkform forecast -until=120d -apply-every=40d
expect_text out 'run_too_late: apply did not run between the day it was due and its end'

# Wrong values say what is right, and are exit code 64.
for flag in -until=yesterday -until=0d -until=99999d -until=2020-01-01 -renewal=never -renewal=at=1 -apply-every=0s; do
  expect_exit 64 trunkform forecast "$flag"
  expect_text err 'does not understand'
done
expect_exit 64 trunkform forecast -json -ics
expect_exit 1 trunkform forecast -target=genesys_trunk_certificate.z

# A trunk that is gone is no "nothing lapses".
knobs '{"edits":[{"do":"delete","trunk":"Carrier B"}]}'
expect_exit 1 trunkform forecast -until=20d -target=genesys_trunk_certificate.b
expect_text out 'NOT PROVEN: 1 trunk'
expect_text err 'trunk "Carrier B" is gone'

# It wrote nothing, and took no lock.
patches_are 0
[ ! -s .trunkform.lock.info ] || die "a lock was left"
stop_service
