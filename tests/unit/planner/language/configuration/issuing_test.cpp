// Issuers as locators: what an adapter is given of its block.
#include <array>

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

namespace {

/// Errors of three stores of files with these paths, of which each has a certificate.
std::vector<std::string> faults_of(const std::array<std::string, 3>& paths, test::MemoryHost& host) {
  std::string stores, issued;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto name = std::string(1, static_cast<char>('a' + i));
    stores += (i == 0 ? "" : ", ") + ("\"" + name + R"(": {"path": ")" + paths[i] + "\"}");
    issued += (i == 0 ? "" : ", ") +
              ("\"" + name + R"(": {"issuer": "ca", "store": ")" + name + R"(", "names": ["a.example.com"]})");
  }
  const std::vector<SourceFile> files{
      {"main.trunk.json",
       R"({"issuer": {"local_ca": {"ca": {"certificate": "ca.pem", "private_key": {"file": "ca.key"}}}},
        "store": {"files": {)" +
           stores + R"(}}, "certificate": {"issued": {)" + issued + "}}}"}};
  std::vector<std::string> faults;
  for (const auto& diagnostic : load_configuration(files, {}, host, {}).diagnostics)
    faults.push_back(diagnostic.error.summary);
  return faults;
}

}  // namespace

TEST_CASE("stores of files are compared by where their folders really are, and none lies within another") {
  using Faults = std::vector<std::string>;
  test::MemoryHost host;
  CHECK(faults_of({"sip/a", "sip/b", "sip/ab"}, host).empty());
  CHECK(faults_of({"sip/a", "sip/x/../a/", "sip/b"}, host) ==
        Faults{"certificate.issued.a and certificate.issued.b are kept in one place"});
  CHECK(faults_of({"sip/a", "sip/b", "/here/sip/b"}, host) ==
        Faults{"certificate.issued.b and certificate.issued.c are kept in one place"});
  host.links["link"] = "sip/b";
  CHECK(faults_of({"sip/a", "sip/b", "link"}, host) ==
        Faults{"certificate.issued.b and certificate.issued.c are kept in one place"});
  CHECK(faults_of({"sip", "sip/b/deep", "other"}, host) ==
        Faults{"store.files.b lies within the folder of store.files.a"});
  CHECK(faults_of({"sip/b/versions/1", "other", "link"}, host) ==
        Faults{"store.files.a lies within the folder of store.files.c"});
}
