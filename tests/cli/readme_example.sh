# README's example is what the program says: made here, held against the page. TRUNKFORM_UPDATE_GOLDEN=1 writes it anew.
. "$TEST_ROOT/tests/cli/support/service.sh"

make_authority
leaf old -78 12
leaf new -1 89
trunk "Carrier A East" old
trunk "Carrier A West" old
start_service

cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "base_url": "$base_url" } },
  "certificate": {
    "pem_files": { "carrier_a": { "chain": "new.chain", "private_key": "new.key" } }
  },
  "carrier": { "a": { "trust_store": "\${file(\"root.pem\")}" } },
  "resource": {
    "genesys_trunk_certificate": {
      "carrier_a": {
        "for_each": "\${toset([\"Carrier A East\", \"Carrier A West\"])}",
        "trunk": { "name": "\${each.key}" },
        "certificate": "\${certificate.pem_files.carrier_a}",
        "identity": ["sip.example.com"],
        "carrier": "a",
        "adopt": true
      }
    }
  }
}
JSON
expect_exit 0 trunkform plan -out=rotate.trunkplan
{
  printf 'Two trunks of one carrier; a PEM file that something else renews:\n\n```json\n'
  sed -e 's#"base_url": "[^"]*"#"region": "mypurecloud.com"#' main.trunk.json
  # shellcheck disable=SC2016 # Markdown
  printf '```\n\nThe account is in the environment, as for Genesys'"'"'s own tools: `GENESYSCLOUD_OAUTHCLIENT_ID` and `GENESYSCLOUD_OAUTHCLIENT_SECRET`.\n'
  printf '\n```\n$ trunkform plan -out=rotate.trunkplan\n'
  cat out
  printf '```\n'
} >made

readme=$TEST_ROOT/README.md
if [ -n "${TRUNKFORM_UPDATE_GOLDEN-}" ]; then
  awk -v made=made '
    /<!-- example:/ { print; while ((getline line < made) > 0) print line; skipping = 1 }
    /<!-- \/example -->/ { skipping = 0 }
    !skipping && !/<!-- example:/ { print }' "$readme" >readme.new
  cp readme.new "$readme"
fi
sed -n '/<!-- example:/,/<!-- \/example -->/p' "$readme" | sed '1d;$d' >written
masked made >made.masked
masked written >written.masked
diff -u --label README.md --label "the program" written.masked made.masked >&2 ||
  die "README's example is not what the program says; TRUNKFORM_UPDATE_GOLDEN=1 tests/run.sh --only cli.readme_example cli"
stop_service
