#pragma once
// Running another program, and only the very one that was meant. Thread-safe.
#include <string>
#include <utility>
#include <vector>

#include "schemas/model/identity.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform {

struct ProgramRequest {
  Path path;                                                     ///< absolute
  Fingerprint digest;                                            ///< of the file's bytes
  std::vector<std::string> arguments;                            ///< without the program's own name
  std::vector<std::pair<std::string, std::string>> environment;  ///< all of it
  std::string input;                                             ///< on standard input
  Duration timeout = std::chrono::seconds(30);
  std::size_t output_limit = 4096;  ///< bytes of both outputs that are kept; the rest is read and dropped
  bool secret_output = false;       ///< what it prints is a secret, of at most 64 KiB: `ProgramEnd::secret_output`
};

struct ProgramEnd {
  int exit_code = 0;  ///< −1: ended by `signal`
  int signal = 0;
  std::string output;            ///< foreign text; of standard error alone where the other is a secret
  SecretBuffer secret_output{};  ///< of standard output
};

class ProgramRunner {
 public:
  virtual ~ProgramRunner() = default;
  /// Opens the file, compares its digest, and executes that very descriptor, in a process group of its own, in `/`,
  /// with no descriptor but the three standard ones, with `environment` and nothing else. A program that outlives the
  /// timeout or a stop is killed with its group. Errors: untrusted (digest; others may write the file), not_found,
  /// denied, timeout, cancelled, io.
  virtual Result<ProgramEnd> run(const Context& context, const ProgramRequest& request) = 0;
};

}  // namespace trunkform
