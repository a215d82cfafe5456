#include <fmt/format.h>

#include "providers/cloud/aws/links.hpp"
#include "providers/cloud/aws/places.hpp"
#include "providers/cloud/aws/service_error.hpp"
#include "providers/cloud/aws/signature.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cloud::aws {
namespace {

struct Settings {
  std::string cache_key;  ///< what its file is named after
  std::string region, account, role;
};

Error log_in(const std::string& profile, std::string why) {
  return Error(ErrorCode::denied,
               fmt::format("the AWS profile {} has no session of IAM Identity Center", cloud::quoted(profile)),
               std::move(why))
      .hint(fmt::format("log in: aws sso login --profile {}", shell_word(profile)));
}

Result<Settings> settings_of(const Profiles& profiles, const std::string& profile) {
  const auto said = [&](const char* name) { return profiles.text(profile, name); };
  Settings settings{said("sso_start_url"), said("sso_region"), said("sso_account_id"), said("sso_role_name")};
  if (const auto session = said("sso_session"); !session.empty()) {
    settings.cache_key = session;
    settings.region = profiles.text("sso-session " + session, "sso_region");
  }
  if (!is_region(settings.region) || settings.account.empty() || settings.role.empty())
    return Error(ErrorCode::denied, fmt::format("the AWS profile {} is not whole", cloud::quoted(profile)),
                 "it needs sso_region (of its sso_session), sso_account_id and sso_role_name")
        .hint(fmt::format("set it up anew: aws configure sso --profile {}", shell_word(profile)));
  return settings;
}

}  // namespace

Result<Found> of_sso(const Context& context, const Surroundings& around, const Profiles& profiles,
                     const std::string& profile) {
  const auto settings = TRY(settings_of(profiles, profile));
  const auto path = profiles.home / "sso" / "cache" / (sha1_hex(settings.cache_key) + ".json");
  if (!TRY(around.files.exists(path))) return log_in(profile, fmt::format("there is no {}", path.string()));
  SecretJson cache(TRY(around.files.read_secret(path)));
  const auto token = cache.secret({"accessToken"});
  const auto expires = parse_rfc3339(cache.text({"expiresAt"}).value_or(""));
  if (!token || !expires) return log_in(profile, fmt::format("{} was not understood", path.string()));
  if (*expires <= around.clock.now()) return log_in(profile, fmt::format("it ended on {}", to_rfc3339(*expires)));

  HttpRequest request;
  request.url = fmt::format("{}/federation/credentials?{}", TRY(around.endpoint("portal.sso", settings.region)),
                            canonical_query({{"account_id", settings.account}, {"role_name", settings.role}}));
  request.secret_headers = {{"x-amz-sso_bearer_token", &*token}};
  request.secret_answer = true;
  request.body_limit = 64U << 10;
  Caller caller({}, around.http, around.clock, around.random);
  auto answer = caller.call(
      context, [&]() -> Result<HttpRequest> { return request; },
      [](const HttpResponse& seen) { return refusal_of("sso GetRoleCredentials", seen); });
  if (!answer) {
    auto error = std::move(answer.error());
    if (error.code == ErrorCode::denied || error.code == ErrorCode::rejected)
      return log_in(profile, {}).because(std::move(error));
    return error;
  }
  SecretJson json(answer->secret_body);
  auto id = json.text({"roleCredentials", "accessKeyId"});
  auto secret = json.secret({"roleCredentials", "secretAccessKey"});
  auto session = json.secret({"roleCredentials", "sessionToken"});
  const auto ends = json.number({"roleCredentials", "expiration"});
  if (!id || !secret || !session || !ends)
    return Error(ErrorCode::protocol, "sso GetRoleCredentials answered without credentials that can be used");
  Credentials credentials;
  credentials.access_key_id = std::move(*id);
  credentials.secret_access_key = std::move(*secret);
  credentials.session_token = std::move(*session);
  credentials.expires = Instant(Duration(*ends));
  credentials.origin = fmt::format("the session of the profile {}", profile);
  return found(std::move(credentials));
}

}  // namespace trunkform::cloud::aws
