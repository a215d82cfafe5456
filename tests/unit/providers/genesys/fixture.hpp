#pragma once
// A guide client over a scripted service, a virtual clock and a seed.
#include <memory>
#include <string>
#include <vector>

#include "providers/genesys/client.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "tests/support/certificate_factory.hpp"

namespace trunkform::genesys {

inline const std::string k_token_answer = R"({"access_token":"canary-token","token_type":"bearer","expires_in":86399})";
/// 2026-11-24T12:00:00Z
inline constexpr Instant k_noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + std::chrono::hours(12)};

/// A JSON string literal of a PEM.
inline std::string pem_literal(const std::string& pem) {
  std::string text = "\"";
  for (const char c : pem) text += c == '\n' ? std::string("\\n") : std::string(1, c);
  return text + "\"";
}

inline std::string trunk_json(const std::string& id, const std::string& pem, const std::string& more = {}) {
  return R"({"id":")" + id + R"(","name":"Trunk )" + id + R"(","version":7,"status":"ACTIVE",)" + more +
         R"("tls":{"certificate":)" + pem_literal(pem) + "}}";
}

struct World {
  platform::SimulatedClock clock{k_noon};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  x509::FactsCache facts;

  static Options options() {
    Options options;
    options.endpoints = endpoints_of_region("mypurecloud.com").value();
    options.client_id = "client";
    options.client_secret = SecretBuffer::copy_of("canary-secret");
    return options;
  }
  std::unique_ptr<TrunkApi> client(Options chosen = options()) {
    return make_guide_client(std::move(chosen), http, clock, random, facts);
  }
  /// Answers the token by itself and everything else by `handler`.
  void serve(platform::ScriptedHttpClient::Handler handler) {
    http.handle([handler = std::move(handler)](const platform::SentRequest& request) -> platform::HttpAnswer {
      if (request.url.ends_with("/oauth/token")) return platform::http_response(200, k_token_answer);
      return handler(request);
    });
  }
  std::size_t sent(const std::string& method) const {
    std::size_t count = 0;
    for (const auto& request : http.sent()) count += request.method == method ? 1 : 0;
    return count;
  }
  KeyPair pair(const std::string& chain_pem) {
    return {facts.chain_of_pem(chain_pem).value(), chain_pem,
            SecretBuffer::copy_of("-----BEGIN PRIVATE KEY-----\ncanary-key\n-----END PRIVATE KEY-----\n")};
  }
};

/// Three unlike certificates: live before, sent, somebody else's.
struct Certificates {
  std::string old_pem, new_pem, foreign_pem;
  static const Certificates& shared() {
    static const Certificates all{testing::make_family(k_noon, "old.example.com").chain_pem(),
                                  testing::make_family(k_noon, "new.example.com").chain_pem(),
                                  testing::make_family(k_noon, "foreign.example.com").chain_pem()};
    return all;
  }
};

}  // namespace trunkform::genesys
