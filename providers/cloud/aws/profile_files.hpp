#pragma once
// The shared files `~/.aws/config` and `~/.aws/credentials` ("Shared config and credentials files", AWS SDKs and Tools
// Reference Guide). Immutable values.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/process_environment.hpp"

namespace trunkform::cloud::aws {

/// What stands under one name in one of the files.
struct Section {
  std::map<std::string, std::string> texts;
  std::map<std::string, SecretBuffer> secrets;  ///< `aws_secret_access_key`, `aws_session_token`

  /// Empty where it is not given.
  std::string text(const std::string& name) const;
  const SecretBuffer* secret(const std::string& name) const;
};

/// By what stands in the brackets, `profile sip` of the configuration being `sip`.
using Sections = std::map<std::string, Section>;
/// Of text in the files' form. What is no line of it is passed over, as AWS's own programs do; a nested one too.
Sections sections_of(const SecretBuffer& text);

struct Profiles {
  Sections config;       ///< `profile NAME` and `default`, by NAME; `sso-session NAME` as it stands
  Sections credentials;  ///< by NAME
  Path config_path, credentials_path;
  Path home;  ///< `~/.aws`, where the SSO cache is

  bool has(const std::string& name) const { return config.contains(name) || credentials.contains(name); }
  /// An argument of a profile that is no secret: of the configuration, else of the credentials.
  std::string text(const std::string& profile, const std::string& name) const;

  /// Files that are not there are empty. Errors: those of reading what is there.
  static Result<Profiles> read(FileSystem& files, const ProcessEnvironment& environment);
};

/// The profile that the environment chooses: AWS_PROFILE, else `default`.
std::string profile_of(const ProcessEnvironment& environment);

}  // namespace trunkform::cloud::aws
