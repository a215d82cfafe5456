#pragma once
// The issuers that this program has, by the type of their locator: one line each in registry.cpp. Thread-safe.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "providers/cloud/vault/client.hpp"
#include "schemas/model/locator.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/http_client.hpp"
#include "schemas/ports/issuer.hpp"
#include "schemas/ports/process_environment.hpp"
#include "schemas/ports/program_runner.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::issuers::acme {
class Listeners;
}

namespace trunkform::issuers {

/// What the operator allows (docs/security.md), asked before each use. Each error is `untrusted`, with the command that
/// would allow it.
struct Permissions {
  /// The secret that `env:NAME` or `file:PATH` names.
  std::function<Result<SecretBuffer>(const std::string& reference)> secret;
  /// Whether it may be read; reads nothing.
  std::function<Result<>(const std::string& reference)> readable;
  /// Whether a credential of `kind` (`acme`, `step_ca`) may go to `url`.
  std::function<Result<>(const std::string& url, const std::string& kind)> host;
  /// The program that a hook names, with its digest and environment, where it may run with exactly these arguments and
  /// is what it was when that was said. `line`: the same with `*` for what is another word each time, for the command
  /// that would allow it.
  std::function<Result<ProgramRequest>(const std::vector<std::string>& command, const std::vector<std::string>& line)>
      program;
  /// Whether what is of `kind` may be written beneath `path`, which is absolute.
  std::function<Result<>(const std::string& kind, const Path& path)> write;
};

/// What an issuer is made of. Borrowed things outlive every issuer.
struct Surroundings {
  FileSystem& files;
  HttpClient& http;
  Clock& clock;
  Random& random;
  ProcessEnvironment& environment;
  ProgramRunner* programs = nullptr;  ///< null: this program runs none
  Path base;                          ///< relative paths of arguments are relative to this
  Permissions may;
  /// Opened when the first asks. Errors: no such provider block, nothing trusted, no credentials.
  std::function<Result<cloud::vault::Client*>()> vault{};
  /// Shared by all issuers of a run, which work side by side; null: this one has its own.
  std::shared_ptr<acme::Listeners> listeners{};
};

/// Errors: invalid_input (unknown type, missing or unknown argument). Asks nobody.
Result<std::unique_ptr<Issuer>> make_issuer(const Locator& locator, const Surroundings& surroundings);

}  // namespace trunkform::issuers
