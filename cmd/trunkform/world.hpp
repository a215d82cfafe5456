#pragma once
// Everything outside that a command may touch, injected by main: the real thing there, fault and simulated ports in
// tests. Borrowed; outlives every command.
#include <functional>
#include <iosfwd>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "cmd/trunkform/leftovers.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/http_client.hpp"
#include "schemas/ports/mail_transport.hpp"
#include "schemas/ports/probe.hpp"
#include "schemas/ports/process_environment.hpp"
#include "schemas/ports/program_runner.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/trunk_api.hpp"

namespace trunkform::state {
struct Backend;
}

namespace trunkform::cli {

enum class Terminal { no, yes };

struct Streams {
  std::ostream& out;  ///< results
  std::ostream& err;  ///< messages
  std::istream& in;
  Terminal out_is = Terminal::no;
  Terminal err_is = Terminal::no;
  Terminal in_is = Terminal::no;
  int columns = 100;  ///< of the terminal
  /// Taken for each message on `err`, which other threads write to as well; null: there are none.
  std::mutex* err_turn = nullptr;

  /// A whole message on `err`, never in the middle of another's. Thread-safe where `err_turn` is given.
  void tell(std::string_view text) const;
};

/// Decorates a port on its way in; the default returns it as it is. Tests put faults here.
struct Decorators {
  std::function<std::unique_ptr<TrunkApi>(std::unique_ptr<TrunkApi>)> trunk_api;
  std::function<void(state::Backend&)> backend;
};

class Log;

/// Ways out that only alerts and the hooks of issuers take; null: this program has none.
struct Outlets {
  MailTransport* mail = nullptr;
  ProgramRunner* programs = nullptr;
};

struct World {
  FileSystem& files;
  Clock& clock;
  Random& random;
  ProcessEnvironment& environment;
  HttpClient& http;
  TlsProbe& tls;
  SipProbe& sip;
  Streams streams;
  Path folder;              ///< of the configuration: the working directory, or `-chdir`
  std::stop_token stop;     ///< one signal: finish the step in hand
  std::stop_token abandon;  ///< two: stop now
  Decorators decorators{};
  const Log* log = nullptr;        ///< null: nothing is logged
  Leftovers* leftovers = nullptr;  ///< null: what commands are done with is freed as anything else
  Outlets outlets{};
  /// A wait has become long: what is waited for, and until when at the latest. Null: nobody listens. Thread-safe.
  std::function<void(const std::string& what, Instant until)> tell_wait{};

  template <class Thing>
  void leave(Thing thing) const {
    if (leftovers != nullptr) leftovers->take(std::move(thing));
  }
};

}  // namespace trunkform::cli
