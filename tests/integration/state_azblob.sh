# The kit of backends, asked of Azurite, and what it has to be asked for: docs/permissions.md names a right for each.
. "$TEST_ROOT/tests/cli/support/service.sh"
# shellcheck source-path=SCRIPTDIR source=support/azblob.sh
. "$TEST_ROOT/tests/integration/support/azblob.sh"
# shellcheck source-path=SCRIPTDIR source=support/storm.sh
. "$TEST_ROOT/tests/integration/support/storm.sh"

start_azurite
export BACKEND_KIND=azblob AZBLOB_ENDPOINT=$blob_endpoint AZBLOB_CONTAINER=ops-state TRUNKFORM_CA_FILE=$PWD/blob-ca.pem AZBLOB_TOKEN
AZBLOB_TOKEN=$(blob_token)
expect_exit 0 backend-contract
expect_text out 'All tests passed'

# Blobs are read, written and deleted, and listed; nothing is asked of the container or of the account.
requests() {
  grep -oE '"(GET|HEAD|PUT|POST|DELETE|PATCH) [^ "]*' azurite.log | tail -n +2 | tr -d '"' |
    sed -E 's| /devstoreaccount1/ops-state/[^?]*| BLOB|; s| /devstoreaccount1/ops-state\?| CONTAINER?|; s/&(prefix|maxresults|marker)=[^&]*//g' | sort -u
}
requests >asked
diff asked - <<'TEXT' || die 'other operations than those that docs/permissions.md has a right for'
DELETE BLOB
GET BLOB
GET CONTAINER?restype=container&comp=list
HEAD BLOB
PUT BLOB
PUT BLOB?comp=appendblock
PUT BLOB?comp=lease
PUT BLOB?comp=metadata
TEXT

# Sixteen processes that want the lock at once: one has it, and every commit is on top of the one before.
storm 16 "${STORM_LENGTH-2}"

# A token that is for somebody else, and none that can be read.
for wrong in not-a-token "$(blob_token | cut -d. -f1).$(printf '{"aud":"https://vault.azure.net","iss":"https://sts.windows.net/x/","nbf":0,"exp":9999999999}' | base64 -w0 | tr -d =).x"; do
  AZBLOB_TOKEN=$wrong expect_exit 1 backend-contract 'kit: a commit alone*'
  expect_text out 'AuthenticationFailed'
done
stop_azurite
