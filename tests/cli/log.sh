# TRUNKFORM_LOG says what a run does, to whoever looks for a cause: requests, events; never a secret, never another's text raw.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
trunk "East 1"
start_service
offer ours
configure "$(binding one 'East 1')"
expect_exit 0 trunkform plan
[ ! -s err ] || die 'without TRUNKFORM_LOG something is logged'

TRUNKFORM_LOG=debug expect_exit 0 trunkform plan
expect_text err 'debug request method=POST'
expect_text err '/oauth/token status=200'
refuse_text err 'pageSize'
refuse_text out '/oauth/token'

# To a file that only its owner reads, one JSON object a line; what is on stderr stays what people read.
TRUNKFORM_LOG=trace TRUNKFORM_LOG_FORMAT=json TRUNKFORM_LOG_PATH=run.log expect_exit 0 trunkform apply -auto-approve
[ "$(stat -c %a run.log)" = 600 ] || die "the log is $(stat -c %a run.log)"
jq -es 'map(select(."@message" == "intent" and .address == "genesys_trunk_certificate.one")) | length == 1' run.log >/dev/null || die 'no intent in the log'
jq -es 'map(select(."@message" == "request" and .method == "PATCH" and .status == "200")) | length == 1' run.log >/dev/null || die 'no PATCH in the log'
jq -es 'all(has("@timestamp") and has("@level") and has("@module"))' run.log >/dev/null || die 'a line without its time, level or module'
refuse_text err 'request'
for secret in "$GENESYSCLOUD_OAUTHCLIENT_SECRET" 'PRIVATE KEY' Bearer Basic; do refuse_text run.log "$secret"; done

# A wrong word does not hold a rotation up.
TRUNKFORM_LOG=loud expect_exit 0 trunkform plan
expect_text err 'TRUNKFORM_LOG=loud is no level'
TRUNKFORM_LOG=info TRUNKFORM_LOG_PATH=no/such/folder/log expect_exit 0 trunkform plan
expect_text err 'cannot be opened'
TRUNKFORM_LOG=info TRUNKFORM_LOG_FORMAT=xml expect_exit 0 trunkform plan
expect_text err 'TRUNKFORM_LOG_FORMAT=xml is no format'
stop_service
