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

/// Errors of stores of this type, of which each has a certificate. `bodies`: their arguments.
std::vector<std::string> faults_of(const std::string& type, const std::vector<std::string>& bodies,
                                   test::MemoryHost& host) {
  std::string stores, issued;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const auto name = std::string(1, static_cast<char>('a' + i));
    stores += (i == 0 ? "" : ", ") + ("\"" + name + "\": {" + bodies[i] + "}");
    issued += (i == 0 ? "" : ", ") +
              ("\"" + name + R"(": {"issuer": "ca", "store": ")" + name + R"(", "names": ["a.example.com"]})");
  }
  const std::vector<SourceFile> files{
      {"main.trunk.json",
       R"({"issuer": {"local_ca": {"ca": {"certificate": "ca.pem", "private_key": {"file": "ca.key"}}}},
        "store": {")" +
           type + "\": {" + stores + R"(}}, "certificate": {"issued": {)" + issued + "}}}"}};
  std::vector<std::string> faults;
  for (const auto& diagnostic : load_configuration(files, {}, host, {}).diagnostics)
    faults.push_back(diagnostic.error.summary);
  return faults;
}

/// The same of stores of files with these paths.
std::vector<std::string> faults_of(const std::vector<std::string>& paths, test::MemoryHost& host) {
  std::vector<std::string> bodies;
  for (const auto& path : paths) bodies.push_back(R"("path": ")" + path + "\"");
  return faults_of("files", bodies, host);
}

}  // namespace

TEST_CASE("one secret of an Azure key vault is one place, whatever its case and however its vault is written") {
  test::MemoryHost host;
  const std::string first = R"("vault": "sip-kv", "name": "east")";
  const auto faults = [&](const std::string& other) {
    return faults_of("azure_keyvault_secret", {first, other}, host);
  };
  for (const auto* same : {R"("vault": "SIP-kv", "name": "east")", R"("vault": "sip-kv", "name": "East")",
                           R"("vault": "https://sip-kv.Vault.azure.net", "name": "east")",
                           R"("vault": "https://sip-kv.vault.azure.net:443/", "name": "east")"}) {
    INFO(same);
    CHECK(faults(same) ==
          std::vector<std::string>{"certificate.issued.a and certificate.issued.b are kept in one place"});
  }
  for (const auto* other : {R"("vault": "sip-kw", "name": "east")", R"("vault": "sip-kv", "name": "west")",
                            R"("vault": "https://sip-kv.vault.azure.cn", "name": "east")"})
    CHECK(faults(other).empty());
}

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
