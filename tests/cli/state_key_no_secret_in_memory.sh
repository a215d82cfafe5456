# The memory of an apply beside an encrypted state: passphrase, what scrypt made of it, and the data key are in locked
# memory that is wiped and nowhere else; none of them is written. The keys that are looked for are found by openssl and
# the page of the format alone.
. "$TEST_ROOT/tests/cli/support/service.sh"
. "$TEST_ROOT/tests/cli/support/memory.sh"
. "$TEST_ROOT/tests/cli/support/sealed.sh"
make_authority
leaf old -70 20
leaf ours -1 89
leaf next -1 89
trunk "East" old
start_service -on-bind "$hook"
export STATE_KEY="canary of the state $RANDOM$RANDOM$RANDOM"
printf %s "$STATE_KEY" >passphrase
expect_exit 0 trunkform trust add secret env STATE_KEY
offer ours
configure "$(binding east East '"adopt": true')" '"trunkform": { "state_encryption": { "key": { "env": "STATE_KEY" } } }'
mkdir run
cp root.pem main.trunk.json new.chain new.key run
(cd run && trunkform apply -auto-approve >/dev/null)

# What the page says is what is there.
open_keys "$STATE_KEY" run/trunkform.state.json
[ "$(wc -c <data_key)" = 32 ] || die "the data key has $(wc -c <data_key) bytes"
sealed_in() { grep -oE '"sealed":"[^"]*"' | head -1 | cut -d'"' -f4; }
sealed_in <run/trunkform.state.json | open_box data_key >head.json
expect_text head.json '"organisation":{"id":'
sed -n 2p run/trunkform.state.events | sealed_in | open_box data_key >event.json
expect_text event.json '"sequence":2,"previous":"'
[ "$(head -c -0 event.json | sha256sum | cut -c1-64)" = "$(sed -n 3p run/trunkform.state.events | sealed_in | open_box data_key | sed -E 's/.*"previous":"([0-9a-f]*)".*/\1/')" ] ||
  die 'the chain of hashes is not over the lines in the clear'

printf '%s\n' '-text passphrase=passphrase' '-text data_key=data_key' '-text stretched=stretched' >known
cp next.chain run/new.chain
cp next.key run/new.key
started trunkform apply -auto-approve -json -replace=genesys_trunk_certificate.east
wait_for 60 test -s found.flight.1
cut -d' ' -f1,2 found.flight.1 | sort -u >found
cp found.flight.1 found.shapes
only_found 'during the PATCH' 'locked data_key' 'locked passphrase' 'locked stretched'
ended_with 0
live_is East next
started trunkform state pull
ended_with 0
cat run/trunkform.* run/.trunkform* out err >written
xargs -a known find-secrets written >found
[ ! -s found ] || die "written: $(cat found)"
stop_service
