// What the key/value engine's refusals mean; reading from a real one: tests/integration/source_vault_kv.sh.
#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "providers/sources/vault_kv/source.hpp"

using namespace trunkform;
using namespace trunkform::sources;
using platform::http_response;

namespace {

/// Holds nothing.
struct EmptyVault {
  platform::SimulatedClock clock{*parse_rfc3339("2026-11-27T12:00:00Z")};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  cloud::vault::Client client{options(), http, clock, random};

  static cloud::vault::Options options() {
    cloud::vault::Options options;
    options.address = "https://vault.example.com:8200";
    options.login.secret = [] { return SecretBuffer::copy_of("canary-token"); };
    return options;
  }
  EmptyVault() {
    http.handle([](const platform::SentRequest&) { return http_response(404, R"({"errors":[]})"); });
  }
  Error error_of(VaultKvPlace place, const std::optional<VersionId>& pin = {}) {
    VaultKvSource source(client, std::move(place));
    auto described = source.describe({}, pin, {});
    REQUIRE_FALSE(described);
    return std::move(described.error());
  }
};

}  // namespace

TEST_CASE("vault_kv: what is not there is told with what was asked for") {
  EmptyVault vault;
  const auto newest = vault.error_of({.path = "sip/east"});
  CHECK(newest.summary == R"(there is no secret "secret/sip/east")");
  CHECK(newest.hints == std::vector<std::string>{"check path; what is there: vault kv list -mount=secret sip",
                                                 R"(where the mount has version 1 of the engine, set "engine": "1")"});
  for (const auto* path : {"secret/data/sip/east", "secret/sip/east", "data/sip/east"})
    CHECK(vault.error_of({.path = path}).hints.front().ends_with(R"("path": "sip/east")"));
  const auto configured = vault.error_of({.path = "sip/east", .version = "9"});
  CHECK(configured.summary == R"(there is no secret "secret/sip/east" version 9)");
  CHECK(configured.hints ==
        std::vector<std::string>{"see which versions there are: vault kv metadata get -mount=secret sip/east; without "
                                 "`version` it is the newest"});
  const auto pinned = vault.error_of({.mount = "team's", .path = "sip/east"}, VersionId{"7"});
  CHECK(pinned.hints ==
        std::vector<std::string>{R"(see which versions there are: vault kv metadata get -mount='team'\''s' sip/east)"});
  const auto plain = vault.error_of({.path = "sip/east", .engine = KvEngine::v1, .version = "9"});
  CHECK(plain.hints == std::vector<std::string>{"check path; what is there: vault kv list -mount=secret sip",
                                                "where the mount has version 2 of the engine, leave engine out"});
}

TEST_CASE("vault_kv: a mount that is to blame is told by what the service says of it") {
  EmptyVault vault;
  std::string words = "[]", mount;
  vault.http.handle([&](const platform::SentRequest& sent) {
    if (sent.url.find("/sys/internal/ui/mounts/team/kv") != std::string::npos && !mount.empty())
      return http_response(200, R"({"data":)" + mount + "}");
    return http_response(404, words.starts_with("[") ? R"({"errors":)" + words + "}" : words);
  });
  const auto told = [&](KvEngine engine) {
    auto error = vault.error_of({.mount = "team/kv", .path = "sip/east", .engine = engine});
    if (error.code == ErrorCode::unsupported) CHECK(error.hints.size() == 1);
    return error.summary;
  };
  const auto kv = [](const char* version) {
    return R"({"type":"kv","options":{"version":")" + std::string(version) + R"("}})";
  };
  const std::string none = R"(there is no secret "team/kv/sip/east")";
  CHECK(told(KvEngine::v2) == none);
  mount = kv("2");
  CHECK(told(KvEngine::v2) == none);
  CHECK(told(KvEngine::v1) == R"(the mount "team/kv" has version 2 of the key/value engine)");
  mount = kv("1");
  CHECK(told(KvEngine::v1) == none);
  CHECK(told(KvEngine::v2) == R"(the mount "team/kv" has version 1 of the key/value engine)");
  mount = R"({"type":"ssh"})";
  CHECK(told(KvEngine::v2) == R"(the mount "team/kv" is no key/value engine, but "ssh")");
  mount.clear();
  words = R"(["unsupported path"])";
  CHECK(told(KvEngine::v1) == R"(the mount "team/kv" is no key/value engine)");
  words = R"(["no handler for route"])";
  CHECK(told(KvEngine::v2) == R"(nothing is mounted at "team/kv")");
  words = R"({"warnings":["Invalid path for a versioned K/V secrets engine."]})";
  CHECK(told(KvEngine::v1) == R"(the mount "team/kv" has version 2 of the key/value engine)");
}
