// Issuers as locators: what an adapter is given of its block.
#include <catch2/catch.hpp>

#include "planner/language/configuration/configuration.hpp"
#include "tests/unit/planner/language/configuration/memory_host.hpp"

using namespace trunkform;
using namespace trunkform::language;

TEST_CASE("an ACME issuer is given all that its block says, that of nested blocks by their names") {
  test::MemoryHost host;
  const std::vector<SourceFile> files{{"main.trunk.json", R"J({
    "issuer": {"acme": {"ca": {
      "directory": "https://ca.example/dir", "account_key": {"file": "/run/secrets/account"}, "contact": ["mailto:a@example.com", "mailto:b@example.com"],
      "preferred_chain": "Some Root", "agree_terms": true,
      "external_account": {"key_id": "kid-1", "hmac_key": {"env": "ACME_CODE"}},
      "http_01": {"webroot": "/var/www/html"},
      "dns_01": {"hook": ["/opt/dns/hook", "--zone"], "wait": "1m"}
    }}},
    "store": {"files": {"a": {"path": "/var/lib/certificates/a"}}},
    "certificate": {"issued": {"a": {"issuer": "${issuer.acme.ca}", "store": "${store.files.a}", "names": ["sip.example.com"]}}}
  })J"}};
  const auto loaded = load_configuration(files, {}, host, {});
  for (const auto& diagnostic : loaded.diagnostics) UNSCOPED_INFO(to_line(diagnostic.error));
  REQUIRE(loaded.configuration);
  REQUIRE(loaded.configuration->issued.size() == 1);
  CHECK(loaded.configuration->issued[0].issuer ==
        Locator{"acme",
                {{"account_key", "file:/run/secrets/account"},
                 {"agree_terms", "true"},
                 {"contact", R"(["mailto:a@example.com","mailto:b@example.com"])"},
                 {"directory", "https://ca.example/dir"},
                 {"dns_01.hook", R"(["/opt/dns/hook","--zone"])"},
                 {"dns_01.wait", "1m"},
                 {"external_account.hmac_key", "env:ACME_CODE"},
                 {"external_account.key_id", "kid-1"},
                 {"http_01.webroot", "/var/www/html"},
                 {"preferred_chain", "Some Root"}}});
}
