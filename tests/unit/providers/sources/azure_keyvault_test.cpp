// What both sources of Key Vault make of a vault's answers, and of its faults.
#include <map>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/codec/base64.hpp"
#include "tests/support/pkcs12_factory.hpp"
#include "tests/unit/providers/sources/folder.hpp"

using namespace trunkform;
using namespace trunkform::sources;
using platform::http_response;
using platform::SentRequest;
using samples::Folder;
using samples::k_now;
using samples::must;
using samples::renewal;

namespace {

const std::string k_vault = "https://sip.vault.azure.net";
const Context k_call;

std::string as_json(const std::string& text) {
  std::string escaped;
  for (const char character : text) escaped += character == '\n' ? "\\n" : std::string(1, character);
  return "\"" + escaped + "\"";
}

/// A vault of answers, by path.
struct Vault {
  platform::SimulatedClock clock{k_now};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  std::map<std::string, std::pair<int, std::string>> answers;  ///< path after the vault's address, without api-version
  cloud::azure::Client client;
  platform::PosixFileSystem files;
  Folder folder;
  Services services;

  static cloud::azure::Options options() {
    cloud::azure::Options options;
    const auto secret = [] { return Result<SecretBuffer>(SecretBuffer::copy_of("canary-secret")); };
    options.identity = {"https://login.microsoftonline.com",
                        {{"us", cloud::azure::ClientSecret{{"t", "c"}, secret}, {}}}};
    return options;
  }
  Vault() : client(options(), http, clock, random) {
    http.handle([this](const SentRequest& request) -> platform::HttpAnswer {
      if (request.url.starts_with("https://login."))
        return http_response(200, R"({"access_token":"canary-token","expires_in":3600})");
      const auto path = request.url.substr(k_vault.size(), request.url.find('?') - k_vault.size());
      const auto found = answers.find(path);
      if (found != answers.end()) return http_response(found->second.first, found->second.second);
      return http_response(404, R"({"error":{"code":"SecretNotFound","message":"not found in this key vault"}})");
    });
    services.azure = [this](const cloud::azure::VaultPlace&) { return Result<cloud::azure::Client*>(&client); };
  }
  std::unique_ptr<CertificateSource> source(const std::string& type,
                                            std::map<std::string, std::string> arguments = {}) {
    arguments.insert({{"vault", "sip"}, {"name", "east"}});
    return must(make_source({type, arguments}, {files, folder.path(), nullptr, &services}));
  }
  std::unique_ptr<CertificateSource> secret() { return source("azure_keyvault_secret"); }
  std::unique_ptr<CertificateSource> certificate() { return source("azure_keyvault_certificate"); }

  void put_secret(const std::string& path, const std::string& version, const std::string& value,
                  const std::string& type, const std::string& attributes = R"("enabled":true)") {
    answers.insert_or_assign(
        "/secrets/east" + path,
        std::pair<int, std::string>(200, R"({"value":)" + as_json(value) + R"(,"contentType":)" + as_json(type) +
                                             R"(,"id":")" + k_vault + "/secrets/east/" + version +
                                             R"(","attributes":{"created":1780000000,)" + attributes + "}}"));
  }
  void put_certificate(const std::string& path, const std::string& version, const testing::Issued& leaf,
                       const std::string& sid, const std::string& attributes = R"("enabled":true)",
                       const std::string& exportable = "true") {
    answers.insert_or_assign(
        "/certificates/east" + path,
        std::pair<int, std::string>(200, R"({"id":")" + k_vault + "/certificates/east/" + version + R"(","sid":")" +
                                             sid + R"(","cer":")" + encode_base64(leaf.der) +
                                             R"(","attributes":{"created":1780000000,)" + attributes +
                                             R"(},"policy":{"key_props":{"exportable":)" + exportable + "}}}"));
  }
  std::size_t asked_for(std::string_view part) const {
    std::size_t count = 0;
    for (const auto& request : http.sent()) count += request.url.find(part) != std::string::npos ? 1 : 0;
    return count;
  }
};

const std::string k_pem = "application/x-pem-file";
const std::string k_pkcs12 = "application/x-pkcs12";

std::string pem_of(const samples::Renewal& one) { return one.leaf.key.text() + one.chain_pem; }

template <class T>
Error must_fail(Result<T> result) {
  REQUIRE_FALSE(result);
  const auto line = to_line(result.error());
  INFO(line);
  CHECK(line.find("canary") == std::string::npos);
  CHECK(line.find("PRIVATE KEY") == std::string::npos);
  CHECK_FALSE(result.error().summary.empty());
  return std::move(result.error());
}

bool starts_with_leaf(const std::string& pem, const testing::Issued& leaf) {
  return must(x509::parse_certificates(pem)).front().der == leaf.der;
}

}  // namespace

TEST_CASE("a secret of a vault gives its chain to a plan and its key to an apply, in both forms") {
  Vault vault;
  const auto one = renewal(0);
  const bool old = GENERATE(false, true);
  if (old)
    vault.put_secret(
        "", "v1",
        encode_base64(testing::make_pkcs12(one.leaf, &one.leaf.key,
                                           {.password = "", .cipher = testing::Pkcs12Cipher::rc2_40, .others = {}})),
        k_pkcs12);
  else
    vault.put_secret("", "v1", pem_of(one), k_pem);
  vault.answers.insert_or_assign("/secrets/east/v1", vault.answers.at("/secrets/east"));
  auto source = vault.secret();
  CHECK(source->capability() == Capability::opaque);
  const auto described = must(source->describe(k_call, {}, {}));
  CHECK(described.version.value == "v1");
  CHECK(described.since == parse_rfc3339("2026-05-28T20:26:40Z"));
  CHECK(starts_with_leaf(described.certificates_pem, one.leaf));
  CHECK(described.certificates_pem.find("PRIVATE") == std::string::npos);
  const auto fetched = must(source->fetch(k_call, {"v1"}));
  CHECK(x509::matches(x509::inspect_key(fetched.private_key),
                      *must(x509::parse_certificates(fetched.certificates_pem)).front().facts));
}

TEST_CASE("a secret whose newest version is known is not read again") {
  Vault vault;
  vault.answers.insert_or_assign("/secrets/east/versions", std::pair<int, std::string>(200, R"({"value":[
    {"id":"https://sip.vault.azure.net/secrets/east/v1","attributes":{"enabled":true,"created":1}},
    {"id":"https://sip.vault.azure.net/secrets/east/v2","attributes":{"enabled":true,"created":2}}]})"));
  const auto one = renewal(0);
  vault.put_secret("", "v2", pem_of(one), k_pem);
  vault.put_secret("/v1", "v1", pem_of(one), k_pem);
  auto source = vault.secret();
  const auto same = must(source->describe(k_call, {}, VersionId{"v2"}));
  CHECK(same.unchanged);
  CHECK(same.version.value == "v2");
  CHECK(vault.asked_for("/secrets/east?") == 0);
  CHECK_FALSE(must(source->describe(k_call, {}, VersionId{"v1"})).unchanged);
  CHECK(must(source->describe(k_call, VersionId{"v1"}, {})).version.value == "v1");
}

TEST_CASE("versions of one second have no order, so the secret is read") {
  Vault vault;
  vault.answers.insert_or_assign("/secrets/east/versions", std::pair<int, std::string>(200, R"({"value":[
    {"id":"https://sip.vault.azure.net/secrets/east/v1","attributes":{"enabled":true,"created":2}},
    {"id":"https://sip.vault.azure.net/secrets/east/v2","attributes":{"enabled":true,"created":2}}]})"));
  vault.put_secret("", "v2", pem_of(renewal(0)), k_pem);
  const auto described = must(vault.secret()->describe(k_call, {}, VersionId{"v1"}));
  CHECK_FALSE(described.unchanged);
  CHECK(described.version.value == "v2");
}

TEST_CASE("the way back leads to what may be used now") {
  Vault vault;
  vault.answers.insert_or_assign("/secrets/east/versions", std::pair<int, std::string>(200, R"({"value":[
    {"id":"https://sip.vault.azure.net/secrets/east/off","attributes":{"enabled":false,"created":4}},
    {"id":"https://sip.vault.azure.net/secrets/east/ended","attributes":{"enabled":true,"created":3,"exp":1600000000}},
    {"id":"https://sip.vault.azure.net/secrets/east/early","attributes":{"enabled":true,"created":2,"nbf":4000000000}},
    {"id":"https://sip.vault.azure.net/secrets/east/good","attributes":{"enabled":true,"created":1,"nbf":1600000000,"exp":4000000000}}]})"));
  const auto versions = must(vault.secret()->versions(k_call));
  REQUIRE(versions.size() == 4);
  CHECK(versions[0].id.value == "off");
  for (std::size_t i = 0; i < 3; ++i) CHECK(versions[i].status == VersionStatus::disabled);
  CHECK(versions[3].status == VersionStatus::usable);
  CHECK(versions[3].created == Instant(std::chrono::seconds(1)));
}

TEST_CASE("a secret that is not to be used now is not offered") {
  Vault vault;
  const auto [attributes, words] = GENERATE(table<std::string, std::string>({
      {R"("enabled":false)", "is disabled"},
      {R"("enabled":true,"exp":1600000000)", "ended on 2020-09-13T12:26:40Z"},
      {R"("enabled":true,"nbf":4000000000)", "is not to be used before 2096-10-02T07:06:40Z"},
  }));
  vault.put_secret("", "v1", pem_of(renewal(0)), k_pem, attributes);
  vault.put_secret("/v1", "v1", pem_of(renewal(0)), k_pem, attributes);
  auto source = vault.secret();
  CHECK(must_fail(source->describe(k_call, {}, {})).summary == "the secret \"east in sip.vault.azure.net\" " + words);
  CHECK(must_fail(source->fetch(k_call, {"v1"})).code == ErrorCode::not_found);
}

TEST_CASE("a value that is not what its content type says is refused, and one without is looked at") {
  Vault vault;
  const auto one = renewal(0);
  const auto pkcs12 = encode_base64(testing::make_pkcs12(one.leaf, &one.leaf.key, {}));
  const auto look = [&](const std::string& value, const std::string& type) {
    vault.put_secret("", "v1", value, type);
    return vault.secret()->describe(k_call, {}, {});
  };
  for (const auto* type : {"", "text/plain"}) {
    CHECK(look(pem_of(one), type));
    CHECK(look(pkcs12, type));
  }
  const auto k_secret = std::string("the secret \"east in sip.vault.azure.net\" ");
  CHECK(must_fail(look(pkcs12, k_pem)).summary == k_secret + "is no PEM, which its content type says it is");
  CHECK(must_fail(look(pem_of(one), k_pkcs12)).summary ==
        k_secret + "is no PKCS #12, which its content type says it is");
  CHECK(must_fail(look("canary", "")).summary == k_secret + "holds no certificate");
  CHECK(must_fail(look(one.leaf.key.text(), k_pem)).code == ErrorCode::invalid_input);
  // No key beside the chain: a plan may look, an apply cannot send it.
  vault.put_secret("/v1", "v1", encode_base64(testing::make_pkcs12(one.leaf, nullptr, {})), k_pkcs12);
  CHECK(must_fail(vault.secret()->fetch(k_call, {"v1"})).summary == k_secret + "has no private key");
}

TEST_CASE("an answer for another version, or without one, is none") {
  Vault vault;
  vault.put_secret("/v1", "v2", pem_of(renewal(0)), k_pem);
  CHECK(must_fail(vault.secret()->fetch(k_call, {"v1"})).code == ErrorCode::protocol);
  vault.answers.insert_or_assign(
      "/secrets/east",
      std::pair<int, std::string>(200, R"({"value":"x","id":"https://sip.vault.azure.net/secrets/east"})"));
  CHECK(must_fail(vault.secret()->describe(k_call, {}, {})).code == ErrorCode::protocol);
}

TEST_CASE("a certificate's leaf is its public part, its chain and key the secret's beside it") {
  Vault vault;
  const auto one = renewal(0);
  vault.put_certificate("", "v1", one.leaf, k_vault + "/secrets/east/s1");
  vault.put_certificate("/v1", "v1", one.leaf, k_vault + "/secrets/east/s1");
  vault.put_secret("/s1", "s1", pem_of(one), k_pem);
  auto source = vault.certificate();
  CHECK(source->capability() == Capability::opaque);
  const auto described = must(source->describe(k_call, {}, {}));
  CHECK(described.version.value == "v1");
  CHECK(must(x509::parse_certificates(described.certificates_pem)).size() == 2);
  CHECK_FALSE(described.no_key);
  const auto fetched = must(source->fetch(k_call, {"v1"}));
  CHECK(fetched.certificates_pem == described.certificates_pem);
  CHECK(x509::inspect_key(fetched.private_key).form == KeyFacts::Form::pkcs8);
}

TEST_CASE("with the chain in a file a plan asks for no secret, and an apply sends what was planned") {
  Vault vault;
  const auto one = renewal(0);
  vault.folder.write("above.pem", one.chain_pem.substr(one.leaf.pem.size()));
  vault.put_certificate("", "v1", one.leaf, k_vault + "/secrets/east/s1");
  vault.put_certificate("/v1", "v1", one.leaf, k_vault + "/secrets/east/s1");
  auto source = vault.source("azure_keyvault_certificate", {{"chain", "above.pem"}});
  CHECK(source->capability() == Capability::partial);
  const auto described = must(source->describe(k_call, {}, {}));
  CHECK(must(x509::parse_certificates(described.certificates_pem)).size() == 2);
  CHECK(vault.asked_for("/secrets/") == 0);
  vault.put_secret("/s1", "s1", one.leaf.key.text() + one.leaf.pem, k_pem);
  CHECK(must(source->fetch(k_call, {"v1"})).certificates_pem == described.certificates_pem);
}

TEST_CASE("a secret of another certificate, or elsewhere, is not taken for the certificate's") {
  Vault vault;
  const auto one = renewal(0);
  vault.put_secret("/s1", "s1", pem_of(renewal(1)), k_pem);
  const auto look = [&](const std::string& sid) {
    vault.put_certificate("", "v1", one.leaf, sid);
    return vault.certificate()->describe(k_call, {}, {});
  };
  CHECK(must_fail(look(k_vault + "/secrets/east/s1")).code == ErrorCode::conflict);
  for (const auto* elsewhere : {"https://evil.example/secrets/east/s1", "https://sip.vault.azure.net/secrets/other/s1",
                                "https://sip.vault.azure.net/secrets/east", ""}) {
    CHECK(must_fail(look(elsewhere)).code == ErrorCode::protocol);
  }
  CHECK(vault.asked_for("evil") == 0);
  CHECK(vault.asked_for("other") == 0);
}

TEST_CASE("a key that may not leave the vault is told by a plan, and asked for by nobody") {
  Vault vault;
  const auto one = renewal(0);
  vault.put_certificate("", "v1", one.leaf, k_vault + "/secrets/east/s1", R"("enabled":true)", "false");
  vault.put_certificate("/v1", "v1", one.leaf, k_vault + "/secrets/east/s1", R"("enabled":true)", "false");
  vault.put_secret("/s1", "s1", one.chain_pem, k_pem);
  auto source = vault.certificate();
  const auto described = must(source->describe(k_call, {}, {}));
  REQUIRE(described.no_key);
  CHECK(described.no_key->summary ==
        "the private key of the certificate \"east in sip.vault.azure.net\" may not leave the vault");
  const auto before = vault.asked_for("/secrets/");
  CHECK(must_fail(source->fetch(k_call, {"v1"})).code == ErrorCode::invalid_input);
  CHECK(vault.asked_for("/secrets/") == before);
}

TEST_CASE("a certificate that is disabled, or no certificate, is not offered") {
  Vault vault;
  const auto one = renewal(0);
  vault.put_certificate("", "v1", one.leaf, k_vault + "/secrets/east/s1", R"("enabled":false)");
  CHECK(must_fail(vault.certificate()->describe(k_call, {}, {})).summary ==
        "the certificate \"east in sip.vault.azure.net\" is disabled");
  auto damaged = one.leaf;
  damaged.der = "canary";
  vault.put_certificate("", "v1", damaged, k_vault + "/secrets/east/s1");
  CHECK(must_fail(vault.certificate()->describe(k_call, {}, {})).code == ErrorCode::protocol);
}

TEST_CASE("what a vault refuses, either source tells in its words") {
  Vault vault;
  const auto [status, body, code, words] = GENERATE(table<int, std::string, ErrorCode, std::string>({
      {403,
       R"({"error":{"code":"Forbidden","message":"Operation get is not allowed on a disabled secret.","innererror":{"code":"SecretDisabled"}}})",
       ErrorCode::not_found, "SecretDisabled"},
      {403,
       R"({"error":{"code":"Forbidden","message":"Caller is not authorized.","innererror":{"code":"ForbiddenByRbac"}}})",
       ErrorCode::denied, "ForbiddenByRbac"},
      {404, R"({"error":{"code":"SecretNotFound","message":"was not found"}})", ErrorCode::not_found, "SecretNotFound"},
      {429, R"({"error":{"code":"Throttled","message":"too many"}})", ErrorCode::throttled, "Throttled"},
      {503, "<html>", ErrorCode::unavailable, "answered 503"},
      {200, "<html>", ErrorCode::protocol, "version"},
  }));
  for (const auto* type : {"azure_keyvault_secret", "azure_keyvault_certificate"}) {
    const auto* kind = std::string(type) == "azure_keyvault_secret" ? "/secrets/east" : "/certificates/east";
    for (const auto* path : {"", "/v1", "/versions"})
      vault.answers.insert_or_assign(std::string(kind) + path, std::pair(status, body));
    auto source = vault.source(type);
    for (const auto& error : {must_fail(source->describe(k_call, {}, {})), must_fail(source->fetch(k_call, {"v1"})),
                              must_fail(source->versions(k_call))}) {
      INFO(to_line(error));
      CHECK(error.code == code);
      CHECK(to_line(error).find(words) != std::string::npos);
    }
  }
}
