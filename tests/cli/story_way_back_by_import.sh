# What is live was bound by hand, and the source still has it: the plan says how it becomes the way back, and it does.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf byhand -60 30
leaf newer -1 89
mkdir -p archive/byhand
cp byhand.chain archive/byhand/new.chain
cp byhand.key archive/byhand/new.key
trunk "East 1" byhand
trunk "East 2" byhand
start_service
offer newer
configure "$(binding one 'East 1' '"adopt": true'), $(binding two 'East 2' '"adopt": true')"
plan_shows 2 way_back_without_versions
refuse_text out 'trunkform import'
sed -i 's|"private_key": "new.key"|&, "versions": "archive/*/"|' main.trunk.json
plan_shows 2 way_back_by_import
eval "$(sed -nE "s/.*record it first.*: (trunkform import 'genesys_trunk_certificate.one' .*)/\1/p" out)" >import.out
expect_text import.out 'Imported genesys_trunk_certificate.one'
plan_shows 2 way_back_imported -replace=genesys_trunk_certificate.one
apply_all -replace=genesys_trunk_certificate.one
live_is 'East 1' newer
expect_exit 0 trunkform rollback -auto-approve genesys_trunk_certificate.one
live_is 'East 1' byhand

# An import of what no source has is none, and the plan does not say that it were.
leaf stranger -5 40
by_hand 'East 2' stranger
expect_exit 0 trunkform forget genesys_trunk_certificate.two
expect_exit 0 trunkform import genesys_trunk_certificate.two 00000000-0000-4000-8000-000000000002
expect_exit 2 trunkform plan -detailed-exitcode -replace=genesys_trunk_certificate.two -target=genesys_trunk_certificate.two
expect_text out 'no way back'
refuse_text out 'record it first'
# Nothing is written, so nothing needs a way back.
expect_exit 0 trunkform plan -refresh-only
refuse_text out 'no way back'
stop_service
