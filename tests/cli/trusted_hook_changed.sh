# A hook that shows names to be ours has changed since it was trusted: validate and plan tell, before anything is
# ordered, with the one command that trusts it as it is now.
write_text() { printf '%s\n' "$2" >"$1"; }
hook=$HOME/hook
write_text "$hook" '#!/bin/sh'
chmod 755 "$hook"
write_text main.trunk.json '{
  "provider": { "genesys": { "region": "mypurecloud.de" } },
  "issuer": { "acme": { "ca": { "directory": "https://acme.example.com/dir", "account_key": { "file": "account.pem" },
                                "agree_terms": true, "dns_01": { "hook": ["'"$hook"'", "two words"] } } } },
  "store": { "files": { "sip": { "path": "sip" } } },
  "certificate": { "issued": { "sip": { "issuer": "${issuer.acme.ca}", "store": "${store.files.sip}",
                                        "names": ["sip.example.com"] } } }
}'

# Who checks a configuration need not be who applies it.
expect_exit 0 trunkform validate
refuse_text err 'trust'

expect_exit 0 trunkform trust add program "$hook" '-arg=two words' '-arg=*' '-arg=*' '-arg=*'
expect_exit 0 trunkform validate
refuse_text err 'has changed'

write_text "$hook" '#!/bin/sh -e'
expect_exit 0 trunkform validate
expect_text err 'has changed since it was trusted'
sed -n 's/.*as it is now, run: //p' err >command
[ "$(wc -l <command)" = 1 ] || die 'not one command'
expect_exit 0 bash ./command
# In place of the line of before, which would have stayed the first that fits.
expect_exit 0 trunkform trust list
[ "$(grep -c '^program ' out)" = 1 ] || die 'two lines for one program'
expect_exit 0 trunkform validate
refuse_text err 'has changed'
