// A secret whose version is known is not read again: the plan sees its certificates on the trunks.
#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "cmd/engine/sources.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "tests/support/certificate_factory.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::engine;
using platform::http_response;

namespace {

const Instant k_now = *parse_rfc3339("2026-06-01T12:00:00Z");
const Context k_any;

std::string quoted(std::string text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\\n") : std::string(1, c);
  return '"' + out + '"';
}

/// A vault with one secret, and what was asked of it.
struct Vault {
  testing::Family family = testing::make_family(k_now);
  platform::SimulatedClock clock{k_now};
  platform::SeededRandom random{1};
  platform::SimulatedFileSystem files;
  platform::ScriptedHttpClient http;
  int version = 3;
  std::string deleted, certificate = family.chain_pem();
  bool shows_metadata = true;
  cloud::vault::Client client{options(), http, clock, random};
  x509::FactsCache facts;
  Sources sources{files, "/conf", {}, clock, facts, {[this] { return &client; }}};

  static cloud::vault::Options options() {
    cloud::vault::Options options;
    options.address = "https://vault.example.com:8200";
    options.login = {cloud::vault::Method::token, "", "", [] { return SecretBuffer::copy_of("canary-token"); }};
    return options;
  }

  Vault() {
    http.handle([this](const platform::SentRequest& request) -> platform::HttpAnswer {
      if (request.url.find("/metadata/") != std::string::npos) {
        if (!shows_metadata) return http_response(403, R"({"errors":["permission denied"]})");
        return http_response(200, fmt::format(R"({{"data":{{"current_version":{},"versions":{{"{}":{{)"
                                              R"("created_time":"2026-05-01T00:00:00Z","deletion_time":"{}",)"
                                              R"("destroyed":false}}}}}}}})",
                                              version, version, deleted));
      }
      if (request.url.find("/data/") == std::string::npos) return http_response(200, R"({"data":{}})");
      return http_response(200, fmt::format(R"({{"data":{{"data":{{"certificate":{},"private_key":"canary-key"}},)"
                                            R"("metadata":{{"version":{},"created_time":"2026-05-01T00:00:00Z"}}}}}})",
                                            quoted(certificate), version));
    });
  }

  std::ptrdiff_t reads(std::string_view kind) const {
    const auto sent = http.sent();
    return std::count_if(sent.begin(), sent.end(),
                         [&](const auto& request) { return request.url.find(kind) != std::string::npos; });
  }
  std::ptrdiff_t secrets_read() const { return reads("/data/sip"); }

  Binding binding(RootHandling root = RootHandling::omit) const {
    Binding binding;
    binding.certificate = "certificate.vault_kv.sip";
    binding.locator = Locator{"vault_kv", {{"path", "sip"}}};
    CarrierPolicy carrier;
    carrier.trust_store = family.root.pem;
    carrier.root = root;
    binding.carrier = carrier;
    return binding;
  }
  /// As a state has it that says version 3 was bound.
  KnownOffers known() {
    return {{Locator{"vault_kv", {{"path", "sip"}}}, {{"3"}, x509::chain_of(*facts.certificates_of_pem(certificate))}}};
  }
  std::shared_ptr<const Offer> plan(const Binding& binding, const KnownOffers& known) {
    const std::vector<Binding> bindings{binding};  // lent
    sources.recognise_all(k_any, sources.describe_all(k_any, bindings, 2, [&] { return known; }), 2);
    return sources.offer_for(k_any, binding);
  }
};

}  // namespace

TEST_CASE("a secret whose known version is the current one is not read, and offers what the trunk shows") {
  Vault vault;
  const auto offer = vault.plan(vault.binding(), vault.known());
  REQUIRE(offer->kind == Offer::Kind::certificate);
  CHECK(offer->chain->identity == vault.known().begin()->second.chain->identity);
  CHECK(offer->version->value == "3");
  CHECK(offer->path.trusted);
  CHECK(vault.secrets_read() == 0);
  CHECK(vault.reads("/metadata/sip") == 1);
}

TEST_CASE("the secret is read, once, where its metadata says anything else") {
  Vault vault;
  auto known = vault.known();
  SECTION("another version") { vault.version = 4; }
  SECTION("deleted, or about to be told so") { vault.deleted = "2026-05-02T00:00:00Z"; }
  SECTION("nothing, because the policy does not allow it") { vault.shows_metadata = false; }
  SECTION("of a version that nobody has seen on a trunk") {
    const auto strangers = testing::make_family(k_now, "other.example.com");
    x509::FactsCache others;
    known.begin()->second.chain = x509::chain_of(*others.certificates_of_pem(strangers.chain_pem()));
  }
  SECTION("nothing is known") { known.clear(); }
  const auto offer = vault.plan(vault.binding(), known);
  CHECK(offer->kind == Offer::Kind::certificate);
  CHECK(offer->version->value == std::to_string(vault.version));
  CHECK(vault.secrets_read() == 1);
}

TEST_CASE("what a trunk was sent is not all that a secret may hold: where more may be needed it is read") {
  Vault vault;
  SECTION("a carrier that wants the root") {
    const auto known = vault.known();
    vault.certificate += vault.family.root.pem;
    const auto offer = vault.plan(vault.binding(RootHandling::include), known);
    CHECK(offer->chain->certificates.size() == 3);
    CHECK(vault.secrets_read() == 1);
  }
  SECTION("a trust store that the chain does not lead to") {
    auto binding = vault.binding();
    CarrierPolicy carrier = *binding.carrier;
    carrier.trust_store = testing::make_family(k_now).root.pem;
    binding.carrier = carrier;
    const auto offer = vault.plan(binding, vault.known());
    CHECK_FALSE(offer->path.trusted);
    CHECK(vault.secrets_read() == 1);
  }
}

TEST_CASE("a secret that two carriers use at the same time is read once") {
  Vault vault;
  auto first = vault.binding(), second = vault.binding();
  CarrierPolicy carrier = *second.carrier;
  carrier.label = "other";
  carrier.trust_store = vault.family.root.pem + vault.family.root.pem;
  second.carrier = carrier;
  vault.sources.describe_all(k_any, {first, second}, 2);
  CHECK(vault.sources.offer_for(k_any, first)->kind == Offer::Kind::certificate);
  CHECK(vault.sources.offer_for(k_any, second)->kind == Offer::Kind::certificate);
  CHECK(vault.secrets_read() == 1);
}
