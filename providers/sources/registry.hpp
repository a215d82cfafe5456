#pragma once
// The sources that this program has, by the type of their locator: one line each in registry.cpp. Thread-safe.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "providers/cloud/aws/client.hpp"
#include "providers/cloud/azure/client.hpp"
#include "providers/cloud/kubernetes/client.hpp"
#include "providers/cloud/vault/client.hpp"
#include "schemas/model/locator.hpp"
#include "schemas/ports/certificate_source.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::sources {

/// The services that sources read from, opened when the first source asks; each is borrowed and outlives every source.
/// Errors: no such provider block, nothing trusted, no credentials.
struct Services {
  std::function<Result<cloud::vault::Client*>()> vault{};
  /// For this vault: whether it may have a token is looked at each time.
  std::function<Result<cloud::azure::Client*>(const cloud::azure::VaultPlace&)> azure{};
  std::function<Result<cloud::kubernetes::Client*>()> kubernetes{};
  std::function<Result<cloud::aws::Client*>()> aws{};
};

/// What a source is made of. Borrowed things outlive every source.
struct Surroundings {
  FileSystem& files;
  Path base;  ///< relative paths of arguments are relative to this: the configuration's folder
  /// The passphrase of a source, read anew at each call (operator's environment or a trusted file); may be null.
  std::function<Result<SecretBuffer>()> passphrase;
  const Services* services = nullptr;  ///< null: none
};

/// Errors: invalid_input (unknown type, missing or unknown argument), naming what is known. Reads nothing.
Result<std::unique_ptr<CertificateSource>> make_source(const Locator& locator, const Surroundings& surroundings);

/// What configurations may say, for suggestions: type and its arguments.
struct SourceType {
  std::string type;
  std::vector<std::string> required;
  std::vector<std::string> optional;
};
std::vector<SourceType> source_types();

}  // namespace trunkform::sources
