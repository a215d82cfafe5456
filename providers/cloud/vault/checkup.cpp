#include "providers/cloud/vault/checkup.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"

namespace trunkform::cloud::vault {
namespace {

/// Below this a run may outlast a token that cannot be renewed.
constexpr Duration k_short_life = std::chrono::hours(1);

std::string names_of(SecretJson& json) {
  std::string names;
  for (const auto& policy : json.texts({"data", "policies"})) names += (names.empty() ? "" : ", ") + quoted(policy, 64);
  return names;
}

void examine_token(Checkup& checkup, SecretJson& json) {
  const auto who = json.text({"data", "display_name"});
  const auto policies = names_of(json);
  checkup.good(fmt::format("signed in as {}, with the {}", who ? quoted(*who, 64) : "nobody in particular",
                           policies.empty() ? "policies of nobody" : "policies " + policies));
  const auto seconds = json.number({"data", "ttl"}).value_or(0);
  if (seconds == 0) return checkup.good("the token does not end");
  const Duration left = std::chrono::seconds(seconds);
  if (json.flag({"data", "renewable"}).value_or(false))
    return checkup.good(fmt::format("the token lasts for {}, and is renewed in time", to_words(left)));
  if (left >= k_short_life) return checkup.good(fmt::format("the token lasts for {}", to_words(left)));
  checkup.warn(Error(ErrorCode::denied, fmt::format("the token ends in {}, and cannot be renewed", to_words(left)),
                     "a rollout that goes on for longer stops when it needs the next secret")
                   .hint("give a token that lasts longer or can be renewed, or let provider.vault log in: auth"));
}

}  // namespace

Checkup examine(const Context& context, Client& client) {
  Checkup checkup;
  checkup.subject = "provider.vault";
  checkup.place = client.address();
  if (auto logged_in = client.log_in(context); !logged_in) {
    checkup.bad(std::move(logged_in.error()));
    return checkup;
  }
  auto answer = client.read(context, "auth/token/lookup-self");
  if (!answer && answer.error().code == ErrorCode::denied && client.clock_difference()) {
    // Vault answers a token that is no more and one that may not ask alike.
    checkup.unknown("the token may not look at itself, or is not valid: reading the first secret tells");
    return checkup;
  }
  if (!answer) {
    checkup.bad(std::move(answer.error()));
    return checkup;
  }
  SecretJson json(answer->secret_body);
  examine_token(checkup, json);
  const auto own = client.own_certificate();
  if (!own)
    checkup.bad(own.error());
  else if (*own != nullptr)
    examine_certificate(checkup, **own, client.now());
  return checkup;
}

}  // namespace trunkform::cloud::vault
