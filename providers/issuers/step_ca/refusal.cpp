#include "providers/issuers/step_ca/refusal.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"

namespace trunkform::issuers::step_ca {
namespace {

using cloud::Refusal;

bool says(const std::string& words, std::string_view text) { return words.find(text) != std::string::npos; }

/// 403: understood, and not what the provisioner may have.
Refusal forbidden(const std::string& said, const std::string& words) {
  if (says(words, "requested duration") || says(words, "requested certificate not"))
    return {Error(ErrorCode::invalid_input, "the provisioner does not sign for this long", said)
                .hint("set `lifetime` to what it signs, or change its claims: step ca provisioner update NAME "
                      "--x509-max-dur=2160h")};
  if (says(words, "not allowed") || says(words, "not in the whitelist"))
    return {Error(ErrorCode::invalid_input, "the authority's policy does not allow these names", said)
                .hint("take them out of `names`, or change the policy: step ca policy")};
  return {Error(ErrorCode::rejected, "the authority did not do it", said).hint("its log has the reason, at this time")};
}

}  // namespace

std::optional<Refusal> refusal_of(const std::string& call, const HttpResponse& answer) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  const auto words = cloud::SecretJson(answer.secret_body).text({"message"}).value_or("");
  const auto said =
      fmt::format("{} answered {}{}", call, answer.status, words.empty() ? "" : ": " + cloud::quoted(words, 300));
  switch (answer.status) {
    case 401:
      return Refusal{
          Error(ErrorCode::denied, "step-ca does not take the provisioner's token", said)
              .hint("check `provisioner`, `key`, `key_id` and, of an X5C provisioner, `certificate`: step ca "
                    "provisioner list")
              .hint("compare the clocks: a token is good for five minutes; the authority's log has the "
                    "reason")};
    case 403:
      return forbidden(said, words);
    case 404:
      return Refusal{Error(ErrorCode::invalid_input, "there is no step-ca at this address", said)
                         .hint("check `url`, which has no path: https://ca.example.com:9000")};
    case 429:
      return Refusal{Error(ErrorCode::throttled, said), true};
    case 501:
      return Refusal{Error(ErrorCode::unsupported, "this step-ca cannot do it", said)
                         .hint("to revoke it needs a database: `db` in its ca.json")};
    default:
      break;
  }
  if (answer.status >= 500) return Refusal{Error(ErrorCode::unavailable, said), true, true};
  return Refusal{Error(ErrorCode::rejected, "the authority did not do it", said)};
}

}  // namespace trunkform::issuers::step_ca
