#include "providers/cloud/aws/chain.hpp"

#include <fmt/format.h>

#include "providers/cloud/aws/links.hpp"
#include "providers/cloud/aws/sts.hpp"

namespace trunkform::cloud::aws {
namespace {

Error none(const std::vector<Looked>& looked) {
  std::string detail;
  for (const auto& [link, why] : looked) detail += fmt::format("{}{}: {}", detail.empty() ? "" : "; ", link, why);
  return Error(ErrorCode::denied, "no credentials for AWS", std::move(detail))
      .hint(
          "give this run a role, set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: "
          "docs/configuration.md, provider.aws");
}

/// What the chain gives, before a role of the configuration.
Result<Credentials> find_own(const Context& context, const Surroundings& around, const Wanted& wanted) {
  std::vector<Looked> looked;
  const auto take = [&](const char* link, Result<Found> result) -> Result<std::optional<Credentials>> {
    auto found = TRY(std::move(result));
    if (!found.credentials) looked.push_back({link, std::move(found.why)});
    return std::move(found.credentials);
  };
  const bool is_named = !wanted.profile.empty() || !around.environment.variable("AWS_PROFILE").value_or("").empty();
  const auto profile = wanted.profile.empty() ? profile_of(around.environment) : wanted.profile;
  if (wanted.profile.empty())
    if (auto own = TRY(take("environment", of_environment(around)))) return std::move(*own);
  // Who set a profile by name meant it; else a token that this pod was given says more than a file that lies about.
  if (!is_named)
    if (auto own = TRY(take("web identity", of_web_identity(context, around, wanted.region)))) return std::move(*own);
  const auto profiles = TRY(Profiles::read(around.files, around.environment));
  if (auto own = TRY(take("profile", of_profile(context, around, profiles, profile, is_named, wanted.region))))
    return std::move(*own);
  if (!wanted.profile.empty()) return none(looked);
  if (is_named)
    if (auto own = TRY(take("web identity", of_web_identity(context, around, wanted.region)))) return std::move(*own);
  if (auto own = TRY(take("container", of_container(context, around)))) return std::move(*own);
  if (auto own = TRY(take("instance", of_instance(context, around)))) return std::move(*own);
  return none(looked);
}

}  // namespace

Result<Credentials> find_credentials(const Context& context, const Surroundings& around, const Wanted& wanted) {
  auto own = TRY(find_own(context, around, wanted));
  if (!wanted.role) return own;
  return assume_role(context, around, wanted.region, own, *wanted.role);
}

}  // namespace trunkform::cloud::aws
