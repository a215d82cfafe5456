#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/aws/links.hpp"
#include "providers/cloud/aws/sts.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cloud::aws {
namespace {

Error wrong(const std::string& profile, const std::string& what) {
  return Error(ErrorCode::denied, fmt::format("the AWS profile {} cannot be used", cloud::quoted(profile)), what)
      .hint(fmt::format("look at it: aws configure list --profile {}", shell_word(profile)));
}

std::optional<Credentials> keys_in(const Sections& sections, const std::string& profile, const Path& path) {
  const auto section = sections.find(profile);
  if (section == sections.end()) return std::nullopt;
  const auto* secret = section->second.secret("aws_secret_access_key");
  auto id = section->second.text("aws_access_key_id");
  if (id.empty() || secret == nullptr) return std::nullopt;
  Credentials credentials;
  credentials.access_key_id = std::move(id);
  credentials.secret_access_key = secret->duplicate();
  if (const auto* token = section->second.secret("aws_session_token")) credentials.session_token = token->duplicate();
  credentials.origin = fmt::format("the profile {} in {}", profile, path.string());
  return credentials;
}

/// One resolution; remembers which profiles it went through, as each may name another.
class Resolution {
 public:
  Resolution(const Context& context, const Surroundings& around, const Profiles& profiles, const std::string& region)
      : m_context(context), m_around(around), m_profiles(profiles), m_region(region) {}

  Result<Found> resolve(const std::string& profile) {
    const bool is_again = std::find(m_seen.begin(), m_seen.end(), profile) != m_seen.end();
    m_seen.push_back(profile);
    const auto said = [&](const char* name) { return m_profiles.text(profile, name); };
    // A profile may be the source of its own role: then its keys are meant.
    if (!is_again && !said("role_arn").empty()) return found(TRY(role_of(profile)));
    if (is_again && !has_keys(profile))
      return wrong(profile, fmt::format("its source profiles go in a circle: {}", fmt::join(m_seen, ", ")));
    if (!is_again && (!said("sso_session").empty() || !said("sso_start_url").empty()))
      return of_sso(m_context, m_around, m_profiles, profile);
    if (auto keys = keys_in(m_profiles.credentials, profile, m_profiles.credentials_path))
      return found(std::move(*keys));
    if (const auto command = said("credential_process"); !command.empty())
      return of_process(m_context, m_around, command);
    if (auto keys = keys_in(m_profiles.config, profile, m_profiles.config_path)) return found(std::move(*keys));
    return nothing(fmt::format("the profile {} says nothing about credentials", cloud::quoted(profile)));
  }

 private:
  const Context& m_context;
  const Surroundings& m_around;
  const Profiles& m_profiles;
  const std::string& m_region;
  std::vector<std::string> m_seen;

  bool has_keys(const std::string& profile) const {
    return keys_in(m_profiles.credentials, profile, {}) || keys_in(m_profiles.config, profile, {});
  }

  Result<Credentials> role_of(const std::string& profile) {
    const auto said = [&](const char* name) { return m_profiles.text(profile, name); };
    Role role{said("role_arn")};
    if (auto name = said("role_session_name"); !name.empty()) role.session_name = std::move(name);
    role.external_id = said("external_id");
    if (!said("mfa_serial").empty())
      return wrong(profile, "its role asks for a code of a device, and nobody is there to type one");
    if (const auto file = said("web_identity_token_file"); !file.empty()) {
      const auto token = TRY(m_around.files.read_secret(file));
      return assume_role_with_web_identity(m_context, m_around, m_region, role, token);
    }
    const auto base = TRY(base_of(profile));
    return assume_role(m_context, m_around, m_region, base, role);
  }

  /// Whose credentials ask for the role.
  Result<Credentials> base_of(const std::string& profile) {
    const auto source = m_profiles.text(profile, "source_profile");
    const auto place = m_profiles.text(profile, "credential_source");
    if (source.empty() == place.empty())
      return wrong(profile, "a profile with role_arn needs one of source_profile and credential_source");
    Found base;
    if (!source.empty()) {
      if (!m_profiles.has(source)) return wrong(profile, fmt::format("there is no profile {}", cloud::quoted(source)));
      base = TRY(resolve(source));
    } else if (place == "Environment") {
      base = TRY(of_environment(m_around));
    } else if (place == "EcsContainer") {
      base = TRY(of_container(m_context, m_around));
    } else if (place == "Ec2InstanceMetadata") {
      base = TRY(of_instance(m_context, m_around));
    } else {
      return wrong(profile, fmt::format("credential_source is {}, and can be Environment, EcsContainer or "
                                        "Ec2InstanceMetadata",
                                        cloud::quoted(place)));
    }
    if (!base.credentials) return wrong(profile, base.why);
    return std::move(*base.credentials);
  }
};

}  // namespace

Result<Found> of_profile(const Context& context, const Surroundings& around, const Profiles& profiles,
                         const std::string& profile, bool is_named, const std::string& region) {
  if (!profiles.has(profile)) {
    if (is_named)
      return Error(ErrorCode::denied, fmt::format("there is no AWS profile {}", cloud::quoted(profile)),
                   fmt::format("neither {} nor {} has it", profiles.config_path.string(),
                               profiles.credentials_path.string()))
          .hint("see which there are: aws configure list-profiles");
    return nothing(fmt::format("neither {} nor {} has a profile {}", profiles.config_path.string(),
                               profiles.credentials_path.string(), cloud::quoted(profile)));
  }
  return Resolution(context, around, profiles, region).resolve(profile);
}

}  // namespace trunkform::cloud::aws
