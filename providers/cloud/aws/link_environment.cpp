#include <fmt/format.h>

#include "providers/cloud/aws/links.hpp"
#include "providers/cloud/aws/sts.hpp"

namespace trunkform::cloud::aws {

Result<Found> of_environment(const Surroundings& around) {
  auto id = around.environment.variable("AWS_ACCESS_KEY_ID");
  if (!id || id->empty()) return nothing(id ? "AWS_ACCESS_KEY_ID is empty" : "AWS_ACCESS_KEY_ID is not set");
  auto secret = around.environment.take_secret("AWS_SECRET_ACCESS_KEY");
  if (!secret || secret->empty())
    return Error(ErrorCode::denied, "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not")
        .hint("set both, or none of them");
  Credentials credentials;
  credentials.access_key_id = std::move(*id);
  credentials.secret_access_key = std::move(*secret);
  credentials.origin = "the environment";
  if (auto token = around.environment.take_secret("AWS_SESSION_TOKEN"); token && !token->empty())
    credentials.session_token = std::move(*token);
  return found(std::move(credentials));
}

Result<Found> of_web_identity(const Context& context, const Surroundings& around, const std::string& region) {
  const auto file = around.environment.variable("AWS_WEB_IDENTITY_TOKEN_FILE").value_or("");
  if (file.empty()) return nothing("AWS_WEB_IDENTITY_TOKEN_FILE is not set");
  Role role{around.environment.variable("AWS_ROLE_ARN").value_or("")};
  if (role.arn.empty())
    return Error(ErrorCode::denied, "AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not")
        .hint("set both, or none of them");
  if (auto name = around.environment.variable("AWS_ROLE_SESSION_NAME"); name && !name->empty())
    role.session_name = std::move(*name);
  // Others rotate the file: it is read anew each time.
  const auto token = TRY(around.files.read_secret(file));
  return found(TRY(assume_role_with_web_identity(context, around, region, role, token)));
}

}  // namespace trunkform::cloud::aws
