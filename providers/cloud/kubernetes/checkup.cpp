#include "providers/cloud/kubernetes/checkup.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/cloud/token_claims.hpp"

namespace trunkform::cloud::kubernetes {
namespace {

void examine_token(Checkup& checkup, Client& client) {
  const auto token = client.token();
  if (!token) return checkup.bad(token.error());
  const auto end = TokenClaims(trimmed(token->view())).end();
  if (!end) return checkup.unknown("the account's token does not say when it ends");
  const auto left = *end - client.now();
  if (left > Duration(0))
    return checkup.good(
        fmt::format("the account's token lasts for {}, and its file is read anew for each request", to_words(left)));
  checkup.bad(
      Error(ErrorCode::denied, fmt::format("the account's token ended on {}", to_rfc3339(*end)))
          .hint("see who replaces its file: in a pod the kubelet does, where the token's volume is a projected one"));
}

/// False: there is nothing more to be asked.
bool examine_who(Checkup& checkup, const Context& context, Client& client) {
  const auto answer = client.review(context, "apis/authentication.k8s.io/v1/selfsubjectreviews",
                                    R"({"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"})");
  if (answer) {
    const auto name = SecretJson(answer->secret_body).text({"status", "userInfo", "username"});
    checkup.good(fmt::format("signed in as {}", name ? cloud::quoted(*name) : "nobody in particular"));
    return true;
  }
  if (answer.error().code != ErrorCode::not_found) return checkup.bad(answer.error()), false;
  checkup.unknown("who we are cannot be asked: the cluster is older than Kubernetes 1.28");
  return true;
}

void examine_secret(Checkup& checkup, const Context& context, Client& client, const SecretPlace& place) {
  const auto shown = cloud::quoted(fmt::format("{}/{}", place.name_space, place.secret));
  const auto answer = client.review(
      context, "apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      fmt::format(R"({{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{{)"
                  R"("resourceAttributes":{{"verb":"get","resource":"secrets","namespace":"{}","name":"{}"}}}}}})",
                  json_escaped(place.name_space), json_escaped(place.secret)));
  if (!answer) return checkup.bad(answer.error());
  SecretJson json(answer->secret_body);
  if (json.flag({"status", "allowed"}).value_or(false))
    return checkup.good(fmt::format("the secret {} may be read", shown));
  const auto reason = json.text({"status", "reason"}).value_or("");
  checkup.bad(Error(ErrorCode::denied, fmt::format("the secret {} may not be read", shown),
                    reason.empty() ? "no Role allows it" : "the cluster says " + cloud::quoted(reason))
                  .hint(k_missing_role));
}

}  // namespace

Checkup examine(const Context& context, Client& client, const std::vector<SecretPlace>& secrets) {
  Checkup checkup;
  checkup.place = client.server();
  examine_token(checkup, client);
  if (!examine_who(checkup, context, client)) return checkup;
  for (const auto& place : secrets) examine_secret(checkup, context, client, place);
  return checkup;
}

}  // namespace trunkform::cloud::kubernetes
