# A program is run only as the operator trusted it: this file, these arguments, this environment.
. "$TEST_ROOT/tests/cli/support/alerts.sh"
make_authority
leaf old -70 20
trunk East old
start_service
offer old
export PAGER_TOKEN=for-the-pager
cat >"$HOME/page" <<'SH'
#!/bin/bash
{ echo "arguments: $*"; env | sort; cat; } >"$1"
[ ! -e "$1.fail" ] || { echo "no such pager" >&2; exit 1; }
SH
chmod 700 "$HOME/page"
page() { configure "$(binding east East '"adopt": true')" "\"notify\": { \"command\": { \"page\": { \"command\": [$1], \"on\": [\"failed\", \"drifted\"] } } }"; }
page "\"$HOME/page\", \"$PWD/paged\", \"a b\""
expect_exit 1 trunkform notify test
expect_text err "trunkform trust add program $HOME/page -arg=$PWD/paged '-arg=a b'"
[ ! -e paged ] || die "it ran"
expect_exit 0 trunkform trust add program "$HOME/page" -env=PAGER_TOKEN -arg="$PWD/paged" '-arg=*'
expect_exit 0 trunkform notify test
expect_text paged "arguments: $PWD/paged a b"
expect_text paged "PAGER_TOKEN=for-the-pager"
expect_text paged '"kind":"failed"'
refuse_text paged GENESYSCLOUD
refuse_text paged TRUNKFORM
tail -n 1 paged >json
"$TEST_ROOT/tests/cli/support/check_schema" alert json || die "the alert is not schemas/published/alert.schema.json"

rm paged
for other in "\"$PWD/elsewhere\", \"x\"" "\"$PWD/paged\"" "\"$PWD/paged\", \"x\", \"y\""; do
  page "\"$HOME/page\", $other"
  expect_exit 1 trunkform notify test
  expect_text err "may not be run with these arguments"
done
page "\"/bin/bash\", \"-c\", \"touch paged\""
expect_exit 1 trunkform notify test
expect_text err "runs whatever its arguments say"
expect_exit 1 trunkform trust add program /bin/bash -arg=-c '-arg=*'
page "\"$HOME/page\", \"$PWD/paged\", \"y\""
echo "# changed" >>"$HOME/page"
expect_exit 1 trunkform notify test
expect_text err "is not the one that was trusted"
expect_exit 0 trunkform trust remove "$HOME/page"
expect_exit 0 trunkform trust add program "$HOME/page" -arg="$PWD/paged" -arg=y
chmod g+w "$HOME/page"
expect_exit 1 trunkform notify test
expect_text err "others may write the program"
chmod 700 "$HOME/page"
[ ! -e paged ] || die "it ran"

# In a run: told by drift, and a program that fails is a warning.
apply_all
leaf other -1 40
by_hand East other
touch paged.fail
expect_exit 2 trunkform drift
expect_text paged '"kind":"drifted"'
expect_text err "$HOME/page ended with exit code 1"
expect_text err "no such pager"
stop_service
