#pragma once
// A PKI engine of Vault's by what it says on the wire, and the issuer that speaks to it.
#include "providers/issuers/vault_pki/issuer.hpp"
#include "tests/unit/providers/issuers/bench.hpp"

namespace trunkform::issuers {

using platform::http_response;

inline cloud::vault::Options vault_options() {
  cloud::vault::Options options;
  options.address = "https://vault.example.com:8200";
  options.login.secret = [] { return SecretBuffer::copy_of("canary-token"); };
  return options;
}

struct VaultBench {
  Authority authority;
  platform::SimulatedClock clock{authority.now};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  cloud::vault::Client client{vault_options(), http, clock, random};
  VaultPki issuer{[this] { return Result<cloud::vault::Client*>(&client); }, {"pki/east", "sip", ""}};

  std::optional<std::string> engine = authority.family.intermediate.pem;  ///< none: `serve` answers for it

  using Answer = std::function<platform::HttpAnswer(const std::string& path, const std::string& body)>;
  /// All but the login and what shows that it is an engine, by path: `pki/east/sign/sip`.
  void serve(Answer answer) {
    http.handle([this, answer = std::move(answer)](const platform::SentRequest& sent) -> platform::HttpAnswer {
      const auto path = sent.url.substr(std::string("https://vault.example.com:8200/v1/").size());
      if (engine && path.ends_with("/ca/pem")) return http_response(200, *engine);
      if (path == "auth/token/lookup-self") return http_response(200, R"({"data":{"ttl":0,"renewable":false}})");
      return answer(path, sent.body);
    });
  }
  /// The answer to a signing request.
  std::string issued(const std::string& leaf_pem) const;
  /// What the paths were, without the looks at the token and at the engine.
  std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (const auto& sent : http.sent())
      if (!sent.url.ends_with("lookup-self") && !(engine && sent.url.ends_with("/ca/pem")))
        paths.push_back(sent.url.substr(sent.url.find("/v1/") + 4));
    return paths;
  }
};

std::string vault_errors(const std::string& words);
inline platform::HttpAnswer lost_answer() {
  return tl::unexpected(HttpFailure{Error(ErrorCode::unavailable, "cut"), Reached::maybe});
}

}  // namespace trunkform::issuers
