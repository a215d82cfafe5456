#pragma once
// Where credentials come from: one link after the other, in the order of AWS's SDKs ("Standardized credential
// providers", AWS SDKs and Tools Reference Guide). docs/configuration.md, provider.aws.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "providers/cloud/aws/credentials.hpp"
#include "providers/cloud/caller.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/process_environment.hpp"

namespace trunkform::cloud::aws {

/// What the links look at and ask. All borrowed; used from one thread at a time.
struct Surroundings {
  ProcessEnvironment& environment;
  FileSystem& files;
  HttpClient& http;
  Clock& clock;
  Random& random;
  /// Where `sts` and `portal.sso` are: as Options::endpoint.
  std::function<Result<std::string>(const std::string& service, const std::string& region)> endpoint;
  /// Runs a `credential_process` line and gives what it prints. Error: untrusted.
  std::function<Result<SecretBuffer>(const Context& context, const std::string& command)> run{};
};

struct Role {
  std::string arn;
  std::string session_name = "trunkform";
  std::string external_id{};  ///< empty: none
};

struct Wanted {
  std::string region;
  std::string profile{};       ///< by name; the environment's keys do not count then. Empty: AWS_PROFILE, `default`
  std::optional<Role> role{};  ///< assumed with what the chain gives
};

/// A link that gave nothing, and why.
struct Looked {
  std::string link;
  std::string why;
};
/// What a link gives: nothing with the reason, or credentials. A link that is set up but does not work is an error,
/// and ends the chain: going on would use somebody else's credentials.
struct Found {
  std::optional<Credentials> credentials{};
  std::string why{};
};

/// Errors: denied with all that was looked at, where no link has any; and those of a link that is set up.
Result<Credentials> find_credentials(const Context& context, const Surroundings& around, const Wanted& wanted);

}  // namespace trunkform::cloud::aws
