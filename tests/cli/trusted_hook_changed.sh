# A hook that shows names to be ours has changed since it was trusted: validate and plan tell, before anything is
# ordered, with the one command that trusts it as it is now.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf before -70 20
trunk East before
start_service
write_text() { printf '%s\n' "$2" >"$1"; }
hook=$HOME/hook
write_text "$hook" '#!/bin/sh'
chmod 755 "$hook"
write_text main.trunk.json '{
  "provider": { "genesys": { "base_url": "'"$base_url"'" } },
  "issuer": { "acme": { "ca": { "directory": "https://acme.example.com/dir", "account_key": { "file": "account.pem" },
                                "agree_terms": true, "dns_01": { "hook": ["'"$hook"'", "two words"] } } } },
  "store": { "files": { "sip": { "path": "sip" } } },
  "certificate": { "issued": { "sip": { "issuer": "${issuer.acme.ca}", "store": "${store.files.sip}",
                                        "names": ["sip.example.com"] } } }
}'

# Who checks a configuration need not be who applies it.
expect_exit 0 trunkform validate
refuse_text err 'trust'

# Plans look at the account's key, at the place of the store, and then at the hook.
openssl ecparam -name prime256v1 -genkey -noout -out account.pem 2>/dev/null
expect_exit 0 trunkform trust add secret file account.pem
expect_exit 0 trunkform trust add write files sip
expect_exit 0 trunkform trust add host acme.example.com:443 acme

# changed_is_told BODY ARGUMENT ...: with a line of these arguments validate warns, plan refuses, and what both print is
# done with one command, in the place of the line of before.
changed_is_told() {
  local body=$1 lines
  shift
  expect_exit 0 trunkform trust add program "$hook" "$@" -env=ZONE_TOKEN
  expect_exit 0 trunkform trust list
  lines=$(grep -c '^program ' out)
  expect_text out " -env=ZONE_TOKEN -- "
  grep '^program ' out | sed 's/ sha256 [^ ]*//' >before
  expect_exit 0 trunkform validate
  refuse_text err 'has changed'
  write_text "$hook" "$body"
  expect_exit 0 trunkform validate
  sed -n 's/.*as it is now, run: //p' err >command
  [ "$(wc -l <command)" -ge 1 ] || die "validate says nothing of $*"
  expect_exit 1 trunkform plan
  expect_text err 'has changed since it was trusted'
  sed -n 's/.*as it is now, run: //p' err | sort -u | diff command - || die 'plan prints another command'
  expect_exit 0 bash ./command
  expect_text out 'Replaced in '
  refuse_text out 'no longer'
  expect_exit 0 trunkform trust list
  [ "$(grep -c '^program ' out)" = "$lines" ] || die 'another line was added'
  grep '^program ' out | sed 's/ sha256 [^ ]*//' | diff before - || die 'the lines have another order'
  expect_exit 0 trunkform validate
  refuse_text err 'has changed'
}
changed_is_told '#!/bin/sh -e' '-arg=two words' '-arg=*' '-arg=*' '-arg=*'
expect_exit 0 trunkform trust remove "$hook"
changed_is_told '#!/bin/sh -u' '-arg=two words' '-arg=*' -arg=_acme-challenge.sip.example.com '-arg=*'
# Behind it a line that fits everything: the one before it still counts.
expect_exit 0 trunkform trust add program "$hook" '-arg=two words' '-arg=*' '-arg=*' '-arg=*'
changed_is_told '#!/bin/sh -f' '-arg=two words' '-arg=*' -arg=_acme-challenge.sip.example.com '-arg=*'
expect_exit 0 trunkform trust remove "$hook"
# Another name's line is none.
expect_exit 0 trunkform trust add program "$hook" '-arg=two words' '-arg=*' -arg=_acme-challenge.other.example.com '-arg=*'
write_text "$hook" '#!/bin/sh'
expect_exit 0 trunkform validate
refuse_text err 'has changed'

# What a line gives a program is told where another takes its place.
expect_exit 0 trunkform trust add program "$hook" -arg=one -env=A -env=B
expect_text out 'Added to '
expect_exit 0 trunkform trust add program "$hook" -arg=one -env=A -env=B
expect_text out 'Was already in '
expect_exit 0 trunkform trust add program "$hook" -arg=one -env=B -env=C
expect_text out 'Replaced in '
expect_text out 'The program is given more than before: -env=C'
expect_text out 'The program is no longer given: -env=A'
stop_service
